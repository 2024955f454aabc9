"""The bell of committed transactions: whoever listens hears every ring, in the ringing thread, and returns at once."""

from collections.abc import Callable, Sequence
from typing import Any

Ear = Callable[[Sequence[Any]], None]
"""Hears ``engine.ports.Ring`` values. Never raises."""


class Bell:
    def __init__(self) -> None:
        self._ears: tuple[Ear, ...] = ()
        self.closed = False
        """The engine is closing: whoever waits for a ring may stop."""

    def listen(self, ear: Ear) -> None:
        self._ears = (*self._ears, ear)

    def ring(self, rings: Sequence[Any]) -> None:
        for ear in self._ears:
            ear(rings)

    def close(self) -> None:
        self.closed = True
