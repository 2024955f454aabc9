"""Two promises are compared in nominal seconds, and told as people tell a length of time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.variants import durations

SECONDS = [
    # a duration, its nominal length in seconds
    ("PT0S", 0),
    ("PT1S", 1),
    ("PT90S", 90),
    ("PT1M", 60),
    ("PT1M30S", 90),
    ("PT1H", 3600),
    ("PT4H", 14400),
    ("PT24H", 86400),
    ("P1D", 86400),
    ("P1DT12H", 129600),
    ("P1W", 604800),
    ("P2W", 1209600),
    ("P1M", 2592000),
    ("P1Y", 31536000),
    ("P1Y2M3DT4H5M6S", 31536000 + 2 * 2592000 + 3 * 86400 + 4 * 3600 + 5 * 60 + 6),
    ("", 0),
]


@pytest.mark.parametrize(("duration", "seconds"), SECONDS)
def test_a_duration_has_a_nominal_length(duration: str, seconds: int) -> None:
    assert durations.seconds(duration) == seconds


SHORTER = [
    ("PT59M", "PT1H"),
    ("PT23H59M", "P1D"),
    ("P6D", "P1W"),
    ("P29D", "P1M"),
    ("PT45M", "P45D"),
    ("PT1M", "P1M"),  # minutes behind the T, months before it
    ("P11M", "P1Y"),
    ("P364D", "P1Y"),
]


@pytest.mark.parametrize(("shorter", "longer"), SHORTER)
def test_the_shorter_promise_is_known(shorter: str, longer: str) -> None:
    assert durations.seconds(shorter) < durations.seconds(longer)


EQUAL = [("PT60M", "PT1H"), ("PT24H", "P1D"), ("P7D", "P1W"), ("P30D", "P1M"), ("P365D", "P1Y"), ("PT3600S", "PT1H")]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_one_length_in_two_units_is_one_length(one: str, other: str) -> None:
    assert durations.seconds(one) == durations.seconds(other)


SPOKEN = [
    # a duration, in Chinese, in English
    ("PT1S", "1 秒", "1 second"),
    ("PT2S", "2 秒", "2 seconds"),
    ("PT1M", "1 分钟", "1 minute"),
    ("PT30M", "30 分钟", "30 minutes"),
    ("PT1H", "1 小时", "1 hour"),
    ("PT4H", "4 小时", "4 hours"),
    ("P1D", "1 天", "1 day"),
    ("P5D", "5 天", "5 days"),
    ("P1W", "1 周", "1 week"),
    ("P2W", "2 周", "2 weeks"),
    ("P1M", "1 个月", "1 month"),
    ("P3M", "3 个月", "3 months"),
    ("P1Y", "1 年", "1 year"),
    ("P10Y", "10 年", "10 years"),
    ("PT1H30M", "1 小时 30 分钟", "1 hour 30 minutes"),
    ("P1DT1H", "1 天 1 小时", "1 day 1 hour"),
    ("P1MT1M", "1 个月 1 分钟", "1 month 1 minute"),
    ("PT0S", "0 秒", "0 seconds"),
    # what is no duration is shown as its author wrote it
    ("soon", "soon", "soon"),
    ("", "", ""),
]


@pytest.mark.parametrize(("duration", "zh", "en"), SPOKEN)
def test_a_duration_is_told_in_both_languages(duration: str, zh: str, en: str) -> None:
    assert durations.spoken(duration) == {"zh-CN": zh, "en": en}


numbers = st.integers(min_value=1, max_value=999)


@settings(max_examples=60, deadline=None)
@given(days=numbers, hours=numbers, minutes=numbers)
def test_the_parts_of_a_duration_add_up(days: int, hours: int, minutes: int) -> None:
    whole = durations.seconds(f"P{days}DT{hours}H{minutes}M")
    assert whole == sum(durations.seconds(part) for part in (f"P{days}D", f"PT{hours}H", f"PT{minutes}M"))


@settings(max_examples=60, deadline=None)
@given(number=numbers, unit=st.sampled_from("YMWD"))
def test_more_of_a_unit_is_longer(number: int, unit: str) -> None:
    assert durations.seconds(f"P{number}{unit}") < durations.seconds(f"P{number + 1}{unit}")


@settings(max_examples=60, deadline=None)
@given(number=numbers, unit=st.sampled_from(["D", "W", "M", "Y"]))
def test_the_number_that_is_told_is_the_number_that_was_written(number: int, unit: str) -> None:
    said = durations.spoken(f"P{number}{unit}")
    assert said["zh-CN"].split()[0] == said["en"].split()[0] == str(number)
    assert said["en"].endswith("s") == (number != 1)
