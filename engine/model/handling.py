"""How the people around one work item share it: who delegated it, who signs, where it goes back to, who urged it.

Signing is a pure function of values: ``settle`` says who may act now and whether the step is decided. It does for one
BPMN user task what a multi-instance activity does for a model: nothing of it moves a token.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

Rule = Literal["any", "all", "ratio", "sequence"]
Kind = Literal["main", "before", "after", "parallel"]
Status = Literal["waiting", "active", "done", "skipped", "removed"]
Opinion = Literal["", "agree", "differ"]

_OPEN = ("waiting", "active")


class Signature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's part of a step. ``needs``: numbers of those that come before this one."""

    number: int
    person: str
    kind: Kind = "main"
    group: int = 0
    """Those asked together share one; ``rule`` and ``ratio`` are the group's."""
    rule: Rule = "all"
    ratio: float = 1.0
    """Of the group that must agree under the rule ``ratio``: more than 0, at most 1."""
    needs: tuple[int, ...] = ()
    status: Status = "waiting"
    opinion: Opinion = ""
    data: dict[str, Any] = {}
    asked_by: str = ""
    absent: str = ""
    """Whom ``person`` stands in for: that one is away."""
    ended_at: datetime | None = None


class Comeback(msgspec.Struct, frozen=True, kw_only=True):
    """The step was sent back and goes straight on to where it came from: to ``node``, to ``person``."""

    node: str
    person: str
    draft: dict[str, Any] | None = None
    then: "Comeback | None" = None
    """That step had been sent back itself."""


class Urge(msgspec.Struct, frozen=True, kw_only=True):
    by: str
    at: datetime


class Handling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    owner: str = ""
    """Who delegated the step and gets it back with the answer; empty: whoever has it decides."""
    absent: str = ""
    """Whom the holder stands in for: this person is away."""
    signatures: tuple[Signature, ...] = ()
    comeback: Comeback | None = None
    urges: tuple[Urge, ...] = ()


PLAIN = Handling()


def settle(signatures: Sequence[Signature]) -> tuple[Signature, ...]:
    """Who is no longer needed is skipped, whose turn has come becomes active.

    ``any``: one answer decides for the group. ``all`` and ``sequence``: everybody's, and one who differs decides at
    once (a veto). ``ratio``: once enough agree, or no longer can.
    """
    found = {one.number: one for one in signatures}
    for group in dict.fromkeys(one.group for one in signatures):
        members = [one for one in found.values() if one.group == group]
        if _decided(members):
            for one in members:
                if one.status in _OPEN:
                    found[one.number] = msgspec.structs.replace(one, status="skipped")
    if differs(found.values()):
        found = {
            number: msgspec.structs.replace(one, status="skipped") if one.status in _OPEN else one
            for number, one in found.items()
        }
    for one in found.values():
        if one.status == "waiting" and all(found[number].status not in _OPEN for number in one.needs):
            found[one.number] = msgspec.structs.replace(one, status="active")
    return tuple(found.values())


def _decided(members: Sequence[Signature]) -> bool:
    rule, ratio = members[0].rule, members[0].ratio
    if rule == "any":
        return any(one.status == "done" for one in members)
    if rule == "ratio":
        agreed, _, counted = _votes(members)
        return agreed >= ratio * counted or _refused(members)
    return _refused(members)


def differs(signatures: Iterable[Signature]) -> bool:
    """The step's answer is a no: one of its groups decided so, whether asked from the beginning or added."""
    listed = list(signatures)
    return any(_refused([one for one in listed if one.group == group]) for group in {one.group for one in listed})


def _refused(members: Sequence[Signature]) -> bool:
    if members[0].rule != "ratio":
        return any(one.status == "done" and one.opinion == "differ" for one in members)
    agreed, left, counted = _votes(members)
    return counted > 0 and agreed + left < members[0].ratio * counted


def _votes(members: Sequence[Signature]) -> tuple[int, int, int]:
    """(who agreed, who may still, how many count)."""
    agreed = sum(one.status == "done" and one.opinion == "agree" for one in members)
    return agreed, sum(one.status in _OPEN for one in members), sum(one.status != "removed" for one in members)


def active(signatures: Iterable[Signature]) -> tuple[str, ...]:
    """Keys of the people whose turn it is, each once."""
    return tuple(dict.fromkeys(one.person for one in signatures if one.status == "active"))


def absent(shared: Handling) -> tuple[str, ...]:
    """Those in whose stead somebody else has the step, or signs it, each once."""
    signing = [one.absent for one in shared.signatures if one.status in _OPEN]
    return tuple(dict.fromkeys(key for key in (shared.absent, *signing) if key))


def taking_part(shared: Handling) -> tuple[str, ...]:
    """Who signed the step, and in whose stead it was signed or done."""
    signed = [key for one in shared.signatures if one.status == "done" for key in (one.person, one.absent)]
    return tuple(dict.fromkeys(key for key in (shared.absent, *signed) if key))


def begun(signatures: Iterable[Signature]) -> bool:
    """Somebody has signed, has begun to answer, or asked others to sign."""
    return any(one.status == "done" or one.data or one.kind != "main" for one in signatures)


def is_open(signatures: Iterable[Signature]) -> bool:
    return any(one.status in _OPEN for one in signatures)


def together(signatures: Sequence[Signature]) -> dict[str, Any]:
    """What the signers entered: later answers over earlier ones, and those that carried the verdict over the others."""
    verdict: Opinion = "differ" if differs(signatures) else "agree"
    answered = sorted((one for one in signatures if one.status == "done"), key=_when)
    answered.sort(key=lambda one: one.opinion == verdict)
    return {name: value for one in answered for name, value in one.data.items()}


def _when(one: Signature) -> tuple[float, int]:
    return (one.ended_at.timestamp() if one.ended_at else 0.0, one.number)


def opened(people: Sequence[str], rule: Rule, ratio: float = 1.0) -> tuple[Signature, ...]:
    """A step that several sign from the beginning."""
    return settle(_members(people, first=1, group=1, rule=rule, ratio=ratio, kind="main", needs=(), asked_by=""))


def alone(person: str) -> tuple[Signature, ...]:
    """The step of one person, about to be shared."""
    return (Signature(number=1, person=person, group=1, status="active"),)


def added(
    signatures: Sequence[Signature], mine: Signature, people: Sequence[str], *, kind: Kind, rule: Rule, ratio: float
) -> tuple[Signature, ...]:
    """``before``: mine waits for the new ones. ``after``: they wait for mine, and what waited for mine waits for them.
    ``parallel``: they join mine, under its rule."""
    first = 1 + max(one.number for one in signatures)
    group = 1 + max(one.group for one in signatures)
    if kind == "parallel":
        group, rule, ratio = mine.group, mine.rule, mine.ratio
    needs = (mine.number,) if kind == "after" else mine.needs
    new = _members(
        people, first=first, group=group, rule=rule, ratio=ratio, kind=kind, needs=needs, asked_by=mine.person
    )
    numbers = tuple(one.number for one in new)
    listed = []
    for one in signatures:
        if kind == "before" and one.number == mine.number:
            one = msgspec.structs.replace(one, needs=(*one.needs, *numbers), status="waiting")
        elif kind == "after" and mine.number in one.needs:
            one = msgspec.structs.replace(one, needs=(*one.needs, *numbers))
        listed.append(one)
    return settle((*listed, *new))


def _members(
    people: Sequence[str],
    *,
    first: int,
    group: int,
    rule: Rule,
    ratio: float,
    kind: Kind,
    needs: tuple[int, ...],
    asked_by: str,
) -> list[Signature]:
    return [
        Signature(
            number=number,
            person=person,
            kind=kind,
            group=group,
            rule=rule,
            ratio=ratio,
            needs=(*needs, number - 1) if rule == "sequence" and number > first else needs,
            asked_by=asked_by,
        )
        for number, person in enumerate(people, first)
    ]


def changed(signatures: Sequence[Signature], number: int, **fields: Any) -> tuple[Signature, ...]:
    """One of them with other fields, and what follows from it."""
    return settle([msgspec.structs.replace(one, **fields) if one.number == number else one for one in signatures])
