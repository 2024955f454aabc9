"""What a process's owner says about it beside the drawing: process.json as values."""

from typing import Any, Literal

import msgspec

from engine.model.text import Text


class Start(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a person starts the process. ``groups`` empty: whoever may start processes at all.
    Where the case is for no single customer, ``group_from`` is the start's field that names its customer groups (one,
    or a list), ``campaign_from`` the one that names a campaign, whose audience they are then."""

    form: str
    node: str
    groups: tuple[str, ...] = ()
    customer_required: bool = True
    group_from: str = ""
    campaign_from: str = ""


class Parameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A named constant that variants set, with the bounds that its owner allows."""

    value: Any
    names: Text
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[Any, ...] = ()
    labels: dict[str, Text] = {}
    """What its values are called, for people."""


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What variants may do to one element. ``sla_max`` is the longest promise, an ISO 8601 duration; ''
    and an empty ``performer_groups`` bound nothing."""

    delete: bool = True
    move: bool = True
    insert_after: bool = True
    change: bool = True
    sla_max: str = ""
    performer_groups: tuple[str, ...] = ()


class Invariant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rule of the family: it holds in the base and in every variant.

    ``exists`` and ``absent`` speak of ``step``, the others of ``first`` and ``second``; ``max_time`` says ``within``
    which ISO 8601 duration the second is done after the first, by what is promised on the way.
    """

    id: str
    kind: Literal["exists", "absent", "precedes", "responds", "not_both", "four_eyes", "max_time"]
    names: Text
    severity: Literal["error", "warning"] = "error"
    step: str = ""
    first: str = ""
    second: str = ""
    within: str = ""

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(step for step in (self.step, self.first, self.second) if step)


class Untouched(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whoever has a step and does nothing with it for so long loses it again to those who may claim it."""

    after: str
    """ISO 8601 duration, in the business time of ``calendar`` where one is named."""
    calendar: str = ""
    most: int = 3
    """How often one step is taken from somebody; then it stays, and the manager is told."""


class Kpi(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"start": "from", "end": "to"}):
    key: str
    names: Text
    kind: Literal["duration", "share", "count", "amount", "rating"] = "duration"
    start: str = ""
    end: str = ""
    expression: str = ""
    better: Literal["lower", "higher"] = "lower"
    target: float | str | None = None


class Definition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    key: str
    pillar: Literal["MA", "SFA", "CSS", "X"]
    names: Text
    purpose: Text
    customer_output: Text
    owner: str
    start: Start
    lanes: dict[str, Text] = {}
    """What the drawing's lanes are called, by their ids."""
    parameters: dict[str, Parameter] = {}
    outputs: tuple[str, ...] = ()
    policy: dict[str, Policy] = {}
    """By element id; ``*`` speaks for every element without an entry of its own."""
    invariants: tuple[Invariant, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    when_group_changes: Literal["finish", "move", "ask"] = "finish"
    """What becomes of running instances when their customer changes group: they finish on their program, move to that
    of the new group at the next safe point, or somebody is asked."""

    keep_ended_days: int = 0
    """How long instances are kept after they ended, with their history; 0: as the house says."""

    untouched: Untouched | None = None
    """None: who has a step has it for as long as it takes."""

    play_before_release: bool | None = None
    """A version is released only after it was played to an end in the sandbox; None: as the house says."""

    def policy_of(self, element: str) -> Policy:
        return self.policy.get(element) or self.policy.get("*") or Policy()


def of(document: dict[str, Any]) -> Definition:
    """From a document that satisfies schemas/process.json; its ``steps`` and ``flows`` are the program's, not ours."""
    return msgspec.convert(document, Definition)
