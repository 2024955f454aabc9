"""One evaluation: what it may use up, what it has used up, and what went wrong on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel import errors, messages
from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Budget:
    """What one evaluation may use up; more raises BudgetExceeded."""

    steps: int = 1_000_000
    """Iterations, calls and elements looked at."""
    depth: int = 60
    """Calls within calls."""
    result_size: int = 1_000_000
    """Elements of one list, characters of one text, nodes of the result."""
    pattern_seconds: float = 0.25
    """All regular expressions together, in seconds of wall time."""
    warnings: int = 100
    """More are not recorded."""


DEFAULT = Budget()


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a value became null. ``position`` is the 0-based offset in the expression's text, -1 where unknown."""

    code: str
    text: Text
    position: int = -1


class Run:
    """Mutable; lives as long as one evaluation, which may span several expressions of a decision."""

    __slots__ = ("_adopted", "_depth", "_left", "_pattern_left", "_quiet", "budget", "functions", "now", "warnings")

    def __init__(
        self,
        budget: Budget = DEFAULT,
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        quiet: bool = False,
    ) -> None:
        """``quiet``: nobody will read the warnings."""
        self.budget = budget
        self.now = now
        self.functions: Mapping[str, Callable[..., Any]] = functions or {}
        self.warnings: list[Warning] = []
        self._left = budget.steps
        self._quiet = quiet
        self._depth = 0
        self._pattern_left = budget.pattern_seconds
        self._adopted: dict[int, tuple[Any, Any]] = {}

    def spend(self, steps: int = 1) -> None:
        self._left -= steps
        if self._left < 0:
            raise errors.steps(self.budget.steps)

    def spend_size(self, size: int) -> None:
        """A list or text of this size is about to be made or looked at."""
        if size > self.budget.result_size:
            raise errors.size(self.budget.result_size)
        self.spend(1 + size // 64 if size > 64 else 1)

    def enter(self) -> None:
        self._depth += 1
        if self._depth > self.budget.depth:
            self._depth -= 1
            raise errors.depth(self.budget.depth)

    def leave(self) -> None:
        self._depth -= 1

    def warn(self, code: str, position: int = -1, **details: object) -> None:
        """Record why null came out; ``code`` is one of engine/feel/messages.py."""
        if not self._quiet and len(self.warnings) < self.budget.warnings:
            self.warnings.append(Warning(code, messages.text(code, details), position))

    def pattern_seconds(self) -> float:
        """What regular expressions may still use."""
        if self._pattern_left <= 0:
            raise errors.pattern(self.budget.pattern_seconds)
        return self._pattern_left

    def spend_pattern(self, seconds: float) -> None:
        self._pattern_left -= seconds

    def adopt(self, value: Any, convert: Callable[[Any, "Run"], Any]) -> Any:
        """``convert(value)``, once per evaluation for each list or context of the caller."""
        known = self._adopted.get(id(value))
        if known is None:
            known = self._adopted[id(value)] = (convert(value, self), value)  # held, so that its id stays its own
        return known[0]


class Uncounted(Run):
    """For expressions whose cost their text bounds: shared by all, so it keeps no count, no warnings and no values."""

    __slots__ = ()

    def spend(self, steps: int = 1) -> None:
        pass

    def warn(self, code: str, position: int = -1, **details: object) -> None:
        pass

    def adopt(self, value: Any, convert: Callable[[Any, Run], Any]) -> Any:
        return convert(value, Run(self.budget))


UNCOUNTED = Uncounted()
