"""Types as they are written behind ``instance of`` and at parameters."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A built-in type (``number``, ``Any`` ...) or one that the model defines."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Type"


@dataclass(frozen=True, slots=True)
class RangeOf:
    end: "Type"


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context with at least these entries; an entry may be null."""

    entries: tuple[tuple[str, "Type"], ...]


@dataclass(frozen=True, slots=True)
class FunctionOf:
    parameters: tuple["Type", ...]
    result: "Type"


Type = Named | ListOf | RangeOf | ContextOf | FunctionOf

ANY = Named("Any")
NULL = Named("Null")

BUILT_IN = frozenset(
    {
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "dateTime",
        "days and time duration",
        "dayTimeDuration",
        "years and months duration",
        "yearMonthDuration",
        "list",
        "context",
        "function",
        "range",
    }
)

ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}

Definitions = Mapping[str, Type]
"""The types of a model by name. A definition may name others, but not itself."""


def to_text(wanted: Type) -> str:
    """As it stands behind ``instance of``."""
    if isinstance(wanted, Named):
        return wanted.name
    if isinstance(wanted, ListOf):
        return f"list<{to_text(wanted.item)}>"
    if isinstance(wanted, RangeOf):
        return f"range<{to_text(wanted.end)}>"
    if isinstance(wanted, ContextOf):
        return f"context<{', '.join(f'{key}: {to_text(entry)}' for key, entry in wanted.entries)}>"
    parameters = ", ".join(map(to_text, wanted.parameters))
    return f"function<{parameters}> -> {to_text(wanted.result)}"
