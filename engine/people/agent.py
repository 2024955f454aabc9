"""Whoever does something: a person, an integration, or the system itself."""

from typing import Literal, get_args

import msgspec

from engine.model.text import EN, ZH

Role = Literal["staff", "designer", "admin", "integrator"]
TASK_ROLES: frozenset[Role] = frozenset({"staff", "designer", "admin"})
"""Who works on tasks."""
ROLES: tuple[Role, ...] = get_args(Role)


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """``key`` is what facts and work items carry; it never changes and is never given to somebody else."""

    key: str
    name: str = ""
    roles: frozenset[Role] = frozenset()
    groups: frozenset[str] = frozenset()
    """Keys of the staff groups (queues) whose work this agent may claim."""
    locale: str = ZH
    shortcuts: tuple[tuple[str, str], ...] = ()
    """Keys of the desk that this person changed: command and key (shortcuts.py)."""


SYSTEM = Agent(key="system", name="system", roles=frozenset(ROLES), locale=EN)
"""Timers, jobs and the command line. Nobody signs in as it: its key is refused for users."""
