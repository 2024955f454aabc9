"""The string formats that forms know. Each accepts only what the field's other end (date pickers, mail) accepts."""

import re
from collections.abc import Callable
from datetime import date, datetime, time

import jsonschema

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,8}")
_URI = re.compile(r"https?://[^\s/]{1,253}(/\S{0,2000})?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}[0-9]")


def _parsed(read: Callable[[str], object], longest: int) -> Callable[[str], bool]:
    def obeys(value: str) -> bool:
        try:
            return len(value) <= longest and read(value) is not None
        except ValueError:
            return False

    return obeys


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": lambda value: len(value) == 10 and _parsed(date.fromisoformat, 10)(value),
    "date-time": _parsed(datetime.fromisoformat, 40),
    "time": _parsed(time.fromisoformat, 20),
    "email": lambda value: len(value) <= 254 and _EMAIL.fullmatch(value) is not None,
    "uri": lambda value: _URI.fullmatch(value) is not None,
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
