"""What one step did."""

from typing import Any

import msgspec

from engine.facts import AnyFact
from engine.kernel.waits import AnyWait


class Thrown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message or signal that leaves the instance.

    A message is correlated by the runtime with whoever awaits it, this instance included. A signal has already reached
    this instance's own waits within the step: the runtime delivers it to all *other* instances.
    """

    trigger: str
    """``message`` or ``signal``."""
    name: str
    key: str | None = None
    data: dict[str, Any] = {}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """``state`` is opaque outside the kernel; ``codec`` turns it into bytes and back.

    ``opened`` and ``closed`` are net: a wait that opened and closed within the step is in neither.
    """

    state: Any
    opened: tuple[AnyWait, ...] = ()
    closed: tuple[int, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    ended: bool = False
