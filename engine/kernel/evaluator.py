"""What the kernel asks of expressions. The house's answer is engine/evaluation.py; the proof brings its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from engine.model.expression import Expression
from engine.model.text import Text

Variables = Mapping[str, Any]
"""JSON values, and date, datetime, time, timedelta and Decimal."""


class Evaluator(Protocol):
    def value(self, expression: Expression, variables: Variables, now: datetime) -> Any:
        """Raises engine.errors.Invalid when it cannot be evaluated."""
        ...

    def condition(self, expression: Expression, variables: Variables, now: datetime) -> bool:
        """True only when the value is true: null and other values are no. Raises as ``value``."""
        ...

    def doubts(self, expression: Expression, variables: Variables, now: datetime) -> tuple[Text, ...]:
        """Why something in it came out null, such as a variable that does not exist. Raises nothing."""
        ...

    def script(self, language: str, text: str, variables: Variables, now: datetime) -> tuple[Any, dict[str, Any]]:
        """The script's last value, and the variables it changed. Raises engine.errors.Invalid."""
        ...

    def decide(self, dmn: str, decision: str, variables: Variables, now: datetime) -> tuple[Any, tuple[str, ...]]:
        """The decision's value and the ids of the rules that matched. Raises engine.errors.Invalid."""
        ...
