"""Who does what a drawing only names: a Java class, a delegate, an expression that calls code."""

from datetime import datetime
from typing import Literal, Protocol

from engine.records import Record


class Binding(Record, frozen=True, kw_only=True):
    """One of this house's handlers, or workers outside by topic."""

    handler: str
    """The name in the drawing."""
    kind: Literal["handler", "topic"]
    target: str
    bound_at: datetime
    bound_by: str


class Bindings(Protocol):
    def get(self, handler: str) -> Binding | None: ...
    def all(self) -> list[Binding]:
        """By handler."""
        ...

    def put(self, record: Binding) -> None: ...
    def drop(self, handler: str) -> bool:
        """Whether there was one."""
        ...
