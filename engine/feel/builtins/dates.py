"""Functions on dates and times. Now and today are the moment that the evaluation was given."""

from engine.feel import boundary, comparison, temporal
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.temporal import calendar
from engine.feel.values import Function, Value

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _now(run: Run) -> Value:
    if run.now is None:
        run.warn("no_clock", name="now")
        return None
    return boundary.from_python(run.now)


def _today(run: Run) -> Value:
    if run.now is None:
        run.warn("no_clock", name="today")
        return None
    return temporal.Date(boundary.from_python(run.now).days)


def _is(run: Run, first: Value, second: Value) -> bool:
    """Equal in value and in form: the same kind, and the same zone as it was written."""
    if type(first) is not type(second) and not comparison.same(first, second, run):
        return False
    if isinstance(first, temporal.Date | temporal.Time | temporal.DateTime):
        return bool(first == second)
    return comparison.same(first, second, run)


def _of_day(name: str, read: Value) -> Function:
    return native(name, ("date: date | date and time", lambda run, date: read(date.days)))


FUNCTIONS = (
    native("now", ("", _now)),
    native("today", ("", _today)),
    native("is", ("value1: Any?, value2: Any?", _is)),
    _of_day("day of year", calendar.day_of_year),
    _of_day("day of week", lambda days: DAY_NAMES[calendar.weekday(days) - 1]),
    _of_day("month of year", lambda days: MONTH_NAMES[calendar.civil(days)[1] - 1]),
    _of_day("week of year", calendar.week_of_year),
)
