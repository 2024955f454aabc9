"""What is to become of the open steps of an instance that goes on with another program. Worked out by engine/migration;
carried out by ``migrate.py``.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Timers = Literal["keep", "again"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Ids are those of BPMN, numbers those of the state. What is not named goes on at the node of the same id."""

    nodes: Mapping[str, str] = {}
    """Old id -> new id, where they differ; an empty new id: it has no place any more."""
    joins: Mapping[int, Mapping[str, int]] = {}
    """By scope: how many tokens wait at a join, by the new program's flow they would have come over. Scopes that are
    not named keep theirs by the flows' ids."""
    back: frozenset[int] = frozenset()
    """Tokens whose step is taken back: its waits are closed as if it had never been begun."""
    aside: frozenset[int] = frozenset()
    """Tokens whose step goes on and leads nowhere: what follows it has begun already."""
    begin: tuple[tuple[int, str], ...] = ()
    """(scope, new id): steps that begin now."""
    owed: tuple[tuple[int, str], ...] = ()
    """(scope, new id): steps that were missed. They are done beside everything else and lead nowhere."""
    timers: Timers = "keep"
    """``again``: timers of the new program count from now."""
    values: Mapping[str, Any] = {}
    """Variables of the instance that are set where they are missing."""
    surplus: tuple[str, ...] = ()
    """Old ids of steps that were done and are not part of the new program; for the history."""
    plan: str = ""
    reason: str = ""
