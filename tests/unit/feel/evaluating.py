"""Short ways to say what an expression gives."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine import feel

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def value(text: str, context: Mapping[str, Any] | None = None, *, names: tuple[str, ...] = ()) -> Any:
    return feel.compile_expression(text, names=names).evaluate(context or {}, now=NOW)


def shown(text: str, context: Mapping[str, Any] | None = None, *, names: tuple[str, ...] = ()) -> str:
    """The value as FEEL writes it."""
    return feel.to_text([value(text, context, names=names)])[1:-1]


def codes(text: str, context: Mapping[str, Any] | None = None) -> list[str]:
    """The codes of the warnings, in the order in which they arose."""
    _, warnings = feel.compile_expression(text).evaluate_with_warnings(context or {})
    return [warning.code for warning in warnings]
