"""What a case under way in the sample company is."""

from typing import Any, NamedTuple


class Deed(NamedTuple):
    """Somebody completes the open task of ``node``."""

    node: str
    data: dict[str, Any]
    minutes: int = 20
    """Since the deed before."""


class Case(NamedTuple):
    process: str
    client: str
    """Number of the customer; empty where the process is for none."""
    key: str
    hours: float
    """How long ago it was started."""
    data: dict[str, Any]
    deeds: tuple[Deed, ...] = ()
