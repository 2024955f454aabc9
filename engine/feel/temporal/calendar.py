"""The proleptic Gregorian calendar by day numbers, without Python's limit of years 1 to 9999.

Day 0 is 1970-01-01. A year 0 exists, as in ISO 8601, and years before it are negative.
The formulas count days in eras of 400 years (146,097 days) with years that begin in March.
"""

DAYS_PER_ERA = 146_097
DAYS_TO_EPOCH = 719_468
"""Days from 0000-03-01 to 1970-01-01."""

MAX_YEAR = 999_999_999

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    shifted = year - 1 if month <= 2 else year
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - DAYS_TO_EPOCH


def civil(number: int) -> tuple[int, int, int]:
    """The year, month and day of a day number."""
    era, day_of_era = divmod(number + DAYS_TO_EPOCH, DAYS_PER_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    march_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * march_month + 2) // 5 + 1
    month = march_month + 3 if march_month < 10 else march_month - 9
    return era * 400 + year_of_era + (month <= 2), month, day


def weekday(number: int) -> int:
    """1 is Monday, 7 is Sunday."""
    return (number + 3) % 7 + 1


def day_of_year(number: int) -> int:
    return number - day_number(civil(number)[0], 1, 1) + 1


def week_of_year(number: int) -> int:
    """The week of ISO 8601: weeks begin on Monday, the first one holds the year's first Thursday."""
    thursday = number - weekday(number) + 4
    return (day_of_year(thursday) - 1) // 7 + 1


def add_months(number: int, months: int) -> int:
    """The same day of another month, or that month's last day when it is shorter."""
    year, month, day = civil(number)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return day_number(year, month + 1, min(day, month_length(year, month + 1)))


MIN_DAY = day_number(-MAX_YEAR, 1, 1)
MAX_DAY = day_number(MAX_YEAR, 12, 31)
