"""Keywords of JSON Schema that the library answers in a way of its own: too slowly, or not as people count.

``pattern`` runs against a clock and reads a pattern as browsers do (patterns.py); ``multipleOf`` counts in decimals, so
that 0.07 is a multiple of 0.01; ``uniqueItems`` is linear in the number of items, whatever they are.
"""

import math
from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import jsonschema

from engine.forms import patterns

_Errors = Iterator[jsonschema.ValidationError]


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> _Errors:
    if isinstance(value, str) and not patterns.matches(pattern, value):
        yield jsonschema.ValidationError("does not match")


def _multiple_of(validator: Any, step: float, value: Any, schema: Any) -> _Errors:
    if validator.is_type(value, "number") and not is_multiple(value, step):
        yield jsonschema.ValidationError("is no multiple")


def _unique_items(validator: Any, wanted: bool, value: Any, schema: Any) -> _Errors:
    if wanted and isinstance(value, list) and len({_same(item) for item in value}) < len(value):
        yield jsonschema.ValidationError("has the same item twice")


def is_multiple(value: float, step: float) -> bool:
    return (isinstance(value, int) or math.isfinite(value)) and (
        Fraction(str(value)) / Fraction(str(step))
    ).denominator == 1


def _same(value: Any) -> Hashable:
    """The same for what JSON Schema calls equal: 1 is 1.0, and true is no number."""
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, list):
        return (list, *map(_same, value))
    if isinstance(value, Mapping):
        return (dict, frozenset((key, _same(item)) for key, item in value.items()))
    return value  # type: ignore[no-any-return]


Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {"pattern": _pattern, "multipleOf": _multiple_of, "uniqueItems": _unique_items},
)
