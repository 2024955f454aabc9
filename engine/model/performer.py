"""Who carries a step out, by when, and what the step is worth: the parts of a step that variants change most."""

from typing import Literal

import msgspec

from engine.model.expression import Expression
from engine.model.text import Text

SignMode = Literal["any", "all", "ratio", "sequence"]
Action = Literal["warn", "notify_manager", "raise_priority", "reassign", "breach"]
Clock = Literal["deadline", "goal"]


class Performer(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do a user task. All expressions are evaluated when the task opens.

    ``groups`` are keys of staff groups (queues); a task with an assignee is in that person's list, else everybody of
    ``users`` and ``groups`` may claim it. ``rule`` names an assignment rule of the inbox (``least_busy``,
    ``round_robin``, ``owner`` of the customer, ``manager`` ...).
    """

    assignee: Expression | None = None
    users: tuple[Expression, ...] = ()
    groups: tuple[Expression, ...] = ()
    skill: str = ""
    rule: str = ""
    sign_mode: SignMode = "any"
    exclude_performers_of: tuple[str, ...] = ()
    """Four eyes: nobody who completed one of these nodes in this instance may do this one."""


class Passing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the engine does a user task by itself, with its form's yes. Never where the form asks for more than that."""

    same_person: Literal["", "before", "adjacent"] = ""
    """Who is to do it said yes in this case already: at any step since it was last sent back, or at the one before."""
    starter: bool = False
    """Who is to do it started the case."""
    nobody: Literal["", "pass", "admin", "manager", "incident"] = ""
    """Nobody is there who could do it: it passes, goes to the administrators, to the next manager up who is there, or
    becomes an incident. Empty: it stays open."""


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """One rung of a ladder: at ``at_percent`` of the time until the deadline, or the goal, something happens, once."""

    at_percent: int
    action: Action
    to: str = ""
    of: Clock = "deadline"


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A service level (SLA): how long a step may take, counted in ``calendar``'s business time where one is named."""

    duration: str
    """The deadline, when it must be done. ISO 8601 duration: ``PT4H``, ``P1D``. In business time a day is a working day
    of the calendar."""
    goal: str = ""
    """When it should be done, as ``duration`` and shorter; empty: by the deadline."""
    calendar: str = ""
    """Key of a business calendar; empty counts every hour."""
    ladder: tuple[Escalation, ...] = ()


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """What a step gives the customer and what it costs the house."""

    value: Text = {}
    tag: Literal["", "VA", "BVA", "NVA"] = ""
    """VA adds customer value, BVA the business needs it, NVA neither."""
    touch_minutes: float = 0
    cost_rate_per_hour: float = 0
    fixed_cost: float = 0

    @property
    def cost(self) -> float:
        """Of doing it once, in the house's money."""
        return self.touch_minutes / 60 * self.cost_rate_per_hour + self.fixed_cost
