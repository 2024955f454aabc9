"""Public holidays that travel with the program: China as the State Council announced them, others by their own rules.

``of("CN", 2026)`` gives the days off, ``makeup("CN", 2026)`` the days worked in exchange. A house copies them into a
calendar of its own, where they are changed. Pure.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from engine import errors
from engine.model.text import Text, both

_NEW_YEAR = both(zh="元旦", en="New Year")
_SPRING = both(zh="春节", en="Spring Festival")
_TOMBS = both(zh="清明节", en="Tomb-Sweeping Day")
_LABOUR = both(zh="劳动节", en="Labour Day")
_BOATS = both(zh="端午节", en="Dragon Boat Festival")
_MOON = both(zh="中秋节", en="Mid-Autumn Festival")
_NATION = both(zh="国庆节", en="National Day")
_NATION_AND_MOON = both(zh="国庆节、中秋节", en="National Day and Mid-Autumn Festival")
_MAKEUP = both(zh="调休上班", en="Make-up day")

# (first day off, last day off, what for); sources: 国办发明电〔2024〕12号 for 2025, 国办发明电〔2025〕7号 for 2026.
_CHINA: dict[int, tuple[tuple[str, str, Text], ...]] = {
    2025: (
        ("2025-01-01", "2025-01-01", _NEW_YEAR),
        ("2025-01-28", "2025-02-04", _SPRING),
        ("2025-04-04", "2025-04-06", _TOMBS),
        ("2025-05-01", "2025-05-05", _LABOUR),
        ("2025-05-31", "2025-06-02", _BOATS),
        ("2025-10-01", "2025-10-08", _NATION_AND_MOON),
    ),
    2026: (
        ("2026-01-01", "2026-01-03", _NEW_YEAR),
        ("2026-02-15", "2026-02-23", _SPRING),
        ("2026-04-04", "2026-04-06", _TOMBS),
        ("2026-05-01", "2026-05-05", _LABOUR),
        ("2026-06-19", "2026-06-21", _BOATS),
        ("2026-09-25", "2026-09-27", _MOON),
        ("2026-10-01", "2026-10-07", _NATION),
    ),
    # Of 2027 only what the law itself fixes (全国年节及纪念日放假办法, as of 2025): what is put together around these
    # days, and the make-up days, are announced late in the year before.
    2027: (
        ("2027-01-01", "2027-01-01", _NEW_YEAR),
        ("2027-02-05", "2027-02-08", _SPRING),
        ("2027-04-05", "2027-04-05", _TOMBS),
        ("2027-05-01", "2027-05-02", _LABOUR),
        ("2027-06-09", "2027-06-09", _BOATS),
        ("2027-09-15", "2027-09-15", _MOON),
        ("2027-10-01", "2027-10-03", _NATION),
    ),
}
_CHINA_WORKS: dict[int, tuple[str, ...]] = {
    2025: ("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    2026: ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
}
COUNTRIES: dict[str, Text] = {
    "CN": both(zh="中国", en="China"),
    "DE": both(zh="德国", en="Germany"),
    "FR": both(zh="法国", en="France"),
    "GB": both(zh="英国（英格兰与威尔士）", en="United Kingdom (England and Wales)"),
    "US": both(zh="美国（联邦）", en="United States (federal)"),
}
ANNOUNCED = (2025, 2026)
"""Years of China that are whole."""


def years(country: str) -> tuple[int, ...]:
    """Those that are known. Raises Invalid for a country that is not among COUNTRIES."""
    _known(country)
    return tuple(_CHINA) if country == "CN" else tuple(range(2025, 2031))


def of(country: str, year: int) -> dict[date, Text]:
    """Days off, in order; none for a year that is not known. Raises Invalid for an unknown country."""
    _known(country)
    if year not in years(country):
        return {}
    if country != "CN":
        # The day off for 1 January may lie in the year before.
        found = {**_RULES[country](year), **_RULES[country](year + 1)}
        return {day: found[day] for day in sorted(found) if day.year == year}
    return {
        day: what
        for first, last, what in _CHINA[year]
        for day in _days(date.fromisoformat(first), date.fromisoformat(last))
    }


def makeup(country: str, year: int) -> dict[date, Text]:
    """Days of a weekend that are worked in exchange."""
    _known(country)
    return {date.fromisoformat(day): _MAKEUP for day in (_CHINA_WORKS.get(year, ()) if country == "CN" else ())}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous computus (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The ``number``-th such day of the month (Monday 0); the last one for -1."""
    if number < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _germany(year: int) -> dict[date, Text]:
    """What all the states have."""
    sunday = easter(year)
    return {
        date(year, 1, 1): both(zh="元旦", en="New Year's Day"),
        sunday - timedelta(days=2): both(zh="耶稣受难日", en="Good Friday"),
        sunday + timedelta(days=1): both(zh="复活节星期一", en="Easter Monday"),
        date(year, 5, 1): both(zh="劳动节", en="Labour Day"),
        sunday + timedelta(days=39): both(zh="耶稣升天节", en="Ascension Day"),
        sunday + timedelta(days=50): both(zh="圣灵降临节星期一", en="Whit Monday"),
        date(year, 10, 3): both(zh="德国统一日", en="German Unity Day"),
        date(year, 12, 25): both(zh="圣诞节", en="Christmas Day"),
        date(year, 12, 26): both(zh="圣诞节次日", en="Boxing Day"),
    }


def _france(year: int) -> dict[date, Text]:
    sunday = easter(year)
    return {
        date(year, 1, 1): both(zh="元旦", en="New Year's Day"),
        sunday + timedelta(days=1): both(zh="复活节星期一", en="Easter Monday"),
        date(year, 5, 1): both(zh="劳动节", en="Labour Day"),
        date(year, 5, 8): both(zh="二战胜利日", en="Victory Day"),
        sunday + timedelta(days=39): both(zh="耶稣升天节", en="Ascension Day"),
        sunday + timedelta(days=50): both(zh="圣灵降临节星期一", en="Whit Monday"),
        date(year, 7, 14): both(zh="国庆日", en="Bastille Day"),
        date(year, 8, 15): both(zh="圣母升天节", en="Assumption Day"),
        date(year, 11, 1): both(zh="万圣节", en="All Saints' Day"),
        date(year, 11, 11): both(zh="停战日", en="Armistice Day"),
        date(year, 12, 25): both(zh="圣诞节", en="Christmas Day"),
    }


def _britain(year: int) -> dict[date, Text]:
    """Bank holidays; one that falls on a weekend is had on the next working day."""
    sunday = easter(year)
    found = {
        _substitute(date(year, 1, 1)): both(zh="元旦", en="New Year's Day"),
        sunday - timedelta(days=2): both(zh="耶稣受难日", en="Good Friday"),
        sunday + timedelta(days=1): both(zh="复活节星期一", en="Easter Monday"),
        _weekday(year, 5, 0, 1): both(zh="五月初银行假日", en="Early May bank holiday"),
        _weekday(year, 5, 0, -1): both(zh="春季银行假日", en="Spring bank holiday"),
        _weekday(year, 8, 0, -1): both(zh="夏季银行假日", en="Summer bank holiday"),
    }
    christmas, boxing = {4: (25, 28), 5: (27, 28), 6: (27, 26)}.get(date(year, 12, 25).weekday(), (25, 26))
    return {
        **found,
        date(year, 12, christmas): both(zh="圣诞节", en="Christmas Day"),
        date(year, 12, boxing): both(zh="节礼日", en="Boxing Day"),
    }


def _substitute(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _america(year: int) -> dict[date, Text]:
    """Federal holidays; one on a Saturday is observed on the Friday before, one on a Sunday on the Monday after."""
    fixed = {
        date(year, 1, 1): both(zh="元旦", en="New Year's Day"),
        date(year, 6, 19): both(zh="六月节", en="Juneteenth"),
        date(year, 7, 4): both(zh="独立日", en="Independence Day"),
        date(year, 11, 11): both(zh="退伍军人节", en="Veterans Day"),
        date(year, 12, 25): both(zh="圣诞节", en="Christmas Day"),
    }
    return {
        **{_observed(day): what for day, what in fixed.items()},
        _weekday(year, 1, 0, 3): both(zh="马丁·路德·金纪念日", en="Martin Luther King Jr. Day"),
        _weekday(year, 2, 0, 3): both(zh="总统日", en="Washington's Birthday"),
        _weekday(year, 5, 0, -1): both(zh="阵亡将士纪念日", en="Memorial Day"),
        _weekday(year, 9, 0, 1): both(zh="劳动节", en="Labor Day"),
        _weekday(year, 10, 0, 2): both(zh="哥伦布日", en="Columbus Day"),
        _weekday(year, 11, 3, 4): both(zh="感恩节", en="Thanksgiving Day"),
    }


def _observed(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


_RULES: Mapping[str, Callable[[int], dict[date, Text]]] = {
    "DE": _germany,
    "FR": _france,
    "GB": _britain,
    "US": _america,
}


def _known(country: str) -> None:
    if country not in COUNTRIES:
        raise errors.Invalid(
            "country_unknown",
            zh=f"没有“{country[:20]}”的节假日，已有：{'、'.join(COUNTRIES)}。",
            en=f"There are no holidays of {country[:20]!r}; there are those of {', '.join(COUNTRIES)}.",
        )
