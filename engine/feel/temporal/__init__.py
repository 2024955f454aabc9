"""Dates, times and durations of DMN: years from -999,999,999 to 999,999,999, nanoseconds, offsets and zone names."""

from engine.feel.temporal.durations import DaysDuration, MonthsDuration
from engine.feel.temporal.moments import Date, DateTime, Time, Zone

__all__ = ["Date", "DateTime", "DaysDuration", "MonthsDuration", "Time", "Zone"]
