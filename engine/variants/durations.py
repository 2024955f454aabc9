"""ISO 8601 durations of promises: compared and spoken. Not added to moments: that is the calendar's work."""

import re

from engine.model.text import Text, both

_PART = re.compile(r"(\d+)([YMWDHS])")
_DATE = {"Y": 365 * 86400, "M": 30 * 86400, "W": 7 * 86400, "D": 86400}
_TIME = {"H": 3600, "M": 60, "S": 1}
_WORDS = {
    "Y": ("年", "year"),
    "M": ("个月", "month"),
    "W": ("周", "week"),
    "D": ("天", "day"),
    "H": ("小时", "hour"),
    "m": ("分钟", "minute"),
    "S": ("秒", "second"),
}


def seconds(duration: str) -> int:
    """Nominal: a month has 30 days, a day 24 hours. Enough to compare two promises in one calendar."""
    date, _, time = duration.removeprefix("P").partition("T")
    of_date = sum(int(number) * _DATE[unit] for number, unit in _PART.findall(date))
    return of_date + sum(int(number) * _TIME[unit] for number, unit in _PART.findall(time))


def spoken(duration: str) -> Text:
    """``PT4H`` as ``4 小时`` and ``4 hours``."""
    date, _, time = duration.removeprefix("P").partition("T")
    parts = _PART.findall(date) + [(number, unit.replace("M", "m")) for number, unit in _PART.findall(time)]
    zh = " ".join(f"{number} {_WORDS[unit][0]}" for number, unit in parts)
    en = " ".join(f"{number} {_WORDS[unit][1]}{'' if number == '1' else 's'}" for number, unit in parts)
    return both(zh=zh or duration, en=en or duration)
