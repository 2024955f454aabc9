"""Several people sign one step: countersign, or-sign, vote, in turn; and signers added before, after or beside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors, records
from engine.inbox import recipients
from engine.model import handling
from engine.model.handling import Rule, Signature

MOST = 50
"""People that may sign one step."""
Where = Literal["before", "after", "parallel"]


def with_signatures(item: records.WorkItem, signatures: Sequence[Signature]) -> records.WorkItem:
    shared = msgspec.structs.replace(item.shared, signatures=tuple(signatures))
    return msgspec.structs.replace(item, assignee=None, handling=shared)


def begun(item: records.WorkItem, people: Sequence[str], mode: str) -> records.WorkItem:
    """A step that its model lets several sign: ``all``, ``sequence``, or ``ratio``, which is more than half of them."""
    people = list(people)[:MOST]
    share = (len(people) // 2 + 1) / len(people) if mode == "ratio" else 1.0
    return with_signatures(item, handling.opened(people, mode, share))  # type: ignore[arg-type]


def signed(
    item: records.WorkItem,
    mine: Signature,
    *,
    data: Mapping[str, Any],
    form: Mapping[str, Any] | None,
    now: datetime,
) -> tuple[records.WorkItem, bool]:
    """The item with this answer, and whether the step is decided by it."""
    signatures = handling.changed(
        item.shared.signatures,
        mine.number,
        status="done",
        opinion="agree" if agrees(form, data) else "differ",
        data=dict(data),
        ended_at=now,
    )
    return with_signatures(item, signatures), not handling.is_open(signatures)


def agrees(form: Mapping[str, Any] | None, data: Mapping[str, Any]) -> bool:
    """The first of the form's buttons is the yes; a form without buttons has only that one."""
    for name, part in (form or {}).get("properties", {}).items():
        if part.get("x-ui", {}).get("widget") == "actions" and part.get("enum"):
            return bool(data.get(name) == part["enum"][0])
    return True


def added(item: records.WorkItem, agent: str, people: Sequence[str], *, where: Where, rule: Rule) -> records.WorkItem:
    """Raises errors.Conflict for who signs already, errors.TooLarge for too many."""
    signatures = item.shared.signatures or handling.alone(agent)
    mine = next(one for one in signatures if one.person == agent and one.status == "active")
    there = {one.person for one in signatures if one.status in ("waiting", "active")}
    for person in people:
        if person in there:
            raise recipients.signs_already(item, person)
        there.add(person)
    if len(signatures) + len(people) > MOST:
        raise errors.TooLarge(
            "too_many_signers",
            zh=f"一个步骤最多由 {MOST} 人签署。",
            en=f"At most {MOST} people may sign one step.",
            work_item=item.id,
        )
    if not item.shared.signatures and item.draft is not None:
        signatures = (msgspec.structs.replace(mine, data=dict(item.draft)),)
        mine = signatures[0]
    share = (len(people) // 2 + 1) / len(people) if rule == "ratio" else 1.0
    return with_signatures(item, handling.added(signatures, mine, people, kind=where, rule=rule, ratio=share))


def removed(item: records.WorkItem, agent: str, person: str, *, anyone: bool) -> records.WorkItem:
    """Without a signer who was added and has not answered; the agent's own additions, or with ``anyone`` all.

    When nobody but the first one is left, the step is theirs alone again. Raises errors.NotFound.
    """
    signatures = item.shared.signatures
    found = [
        one
        for one in signatures
        if one.person == person
        and one.kind != "main"
        and one.status in ("waiting", "active")
        and (anyone or one.asked_by == agent)
    ]
    if not found:
        raise errors.NotFound(
            "signer_unknown",
            zh=f"“{person}”不在您加签且尚未签署的人员中。",
            en=f"{person!r} is not among those whom you added and who have not signed yet.",
            work_item=item.id,
            person=person,
        )
    left = handling.changed(signatures, found[0].number, status="removed")
    still = [one for one in left if one.status != "removed"]
    if len(still) == 1 and still[0].status == "active" and still[0].group == 1:
        alone = msgspec.structs.replace(item.shared, signatures=())
        draft = dict(still[0].data) or item.draft
        return msgspec.structs.replace(item, assignee=still[0].person, handling=alone, draft=draft)
    return with_signatures(item, left)


def handed_on(item: records.WorkItem, mine: Signature, person: str) -> records.WorkItem:
    """This signer's part to somebody else."""
    if any(one.person == person and one.status in ("waiting", "active") for one in item.shared.signatures):
        raise recipients.signs_already(item, person)
    return with_signatures(
        item, handling.changed(item.shared.signatures, mine.number, person=person, absent="", data={})
    )
