"""Where a trigger is awaited."""

from typing import NamedTuple

from engine.kernel.graph import NodePlan


class Spot(NamedTuple):
    node: NodePlan
    """The event (or receive task) that will act."""
    scope: int
    token: int
    """The token that waits or whose activity it is; 0 for the start of an event sub-process."""
    seen: int
    """Scope whose variables its expressions see."""
