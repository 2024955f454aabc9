"""JSON as its standard says: NaN and Infinity are no numbers, nor is what becomes infinite when it is read."""

import json
import math
from collections.abc import Iterator
from typing import Any

from flask.json.provider import DefaultJSONProvider

from engine import errors
from engine.model.problem import Problem
from engine.model.text import both

MOST = 20
"""Places told."""


class _NoNumber:
    """Stands where none stood."""

    def __init__(self, text: str) -> None:
        self.text = text


class StrictJson(DefaultJSONProvider):
    """For requests."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return read(s)


def read(text: str | bytes) -> Any:
    """Raises errors.Invalid with the pointer of each place, ValueError for what is no JSON at all."""
    found: list[_NoNumber] = []

    def wrong(text: str) -> _NoNumber:
        found.append(_NoNumber(text))
        return found[-1]

    def number(text: str) -> float | _NoNumber:
        value = float(text)
        return value if math.isfinite(value) else wrong(text)

    value = json.loads(text, parse_constant=wrong, parse_float=number)
    if found:
        raise _refused(value)
    return value


def _refused(value: Any) -> errors.Invalid:
    problems = tuple(
        Problem(
            code="json_number",
            pointer=pointer,
            text=both(zh=f"{text[:40]} 不是有限的数", en=f"{text[:40]} is no finite number"),
        )
        for (pointer, text), _ in zip(_places(value, ""), range(MOST), strict=False)
    )
    return errors.Invalid(
        "json_number",
        zh="JSON 中的数须是有限的：NaN 和 Infinity 都不是 JSON。",
        en="Numbers in JSON are finite: NaN and Infinity are no JSON.",
        problems=problems,
    )


def _places(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _NoNumber):
        yield pointer, value.text
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _places(inner, f"{pointer}/{place}")
