"""Where the kernel finds what a program names but does not contain: called processes and business calendars."""

from typing import Any, Literal, Protocol

import msgspec

from engine.kernel.graph import Plan
from engine.schedule.calendars import Calendar


class CallRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call activity that has been reached."""

    key: str
    """Key of the called process, evaluated."""
    binding: Literal["latest", "deployment", "version", "versionTag"] = "latest"
    version: str = ""
    caller: str = ""
    """Hash of the calling program: what ``deployment`` is bound to."""
    node: str = ""
    variables: dict[str, Any] = {}
    """What goes in: a library that chooses variants may look at it."""


class Library(Protocol):
    def called(self, request: CallRequest) -> Plan:
        """Raises engine.errors.NotFound: an incident at the call."""
        ...

    def plan(self, sha256: str) -> Plan:
        """The plan of a program that an instance already runs. Raises engine.errors.NotFound."""
        ...

    def calendar(self, key: str) -> Calendar:
        """Raises engine.errors.NotFound."""
        ...
