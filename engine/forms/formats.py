"""The string formats that forms know. Each accepts only what the field's other end (date pickers, mail) accepts."""

import re
from collections.abc import Callable
from datetime import date, datetime, time

import jsonschema

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,8}")
_URI = re.compile(r"https?://[^\s/]{1,253}(/\S{0,2000})?")
_ID = re.compile(r"[0-9a-f-]{36}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}[0-9]")


def _parsed(shape: str, read: Callable[[str], object]) -> Callable[[str], bool]:
    """``shape`` keeps out the other spellings of ISO 8601 that Python reads: week dates, no hyphens, the hour alone."""
    form = re.compile(shape, re.ASCII)

    def obeys(value: str) -> bool:
        try:
            return form.fullmatch(value) is not None and read(value) is not None
        except ValueError:
            return False

    return obeys


_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?"
FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _parsed(_DATE, date.fromisoformat),
    "date-time": _parsed(f"{_DATE}T{_TIME}", datetime.fromisoformat),
    "time": _parsed(_TIME, time.fromisoformat),
    "email": lambda value: len(value) <= 254 and _EMAIL.fullmatch(value) is not None,
    "uri": lambda value: _URI.fullmatch(value) is not None,
    "attachment": lambda value: _ID.fullmatch(value) is not None,
    "phone": lambda value: _PHONE.fullmatch(value) is not None,
}


def obeys(format_name: str, value: object) -> bool:
    """What is no text, or of a format unknown here, has nothing to obey."""
    test = FORMATS.get(format_name)
    return test is None or not isinstance(value, str) or test(value)


def checker() -> jsonschema.FormatChecker:
    found = jsonschema.FormatChecker(formats=())
    for name in FORMATS:
        found.checks(name)(lambda value, name=name: obeys(name, value))
    return found


CHECKER = checker()
