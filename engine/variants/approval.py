"""Four eyes over every variant: whoever wrote at a version cannot approve it."""

from datetime import datetime

import msgspec

from engine import errors, variation
from engine.people import rights
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction
from engine.variants import check, version


def submit(
    engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """Checked once more, then it waits for somebody else. Raises Invalid with every problem, Conflict, Forbidden."""
    rights.need(agent, "variant.edit")
    return engine.store.run(lambda tx: submit_within(tx, variant_id=variant_id, n=n, agent=agent, now=now, note=note))


def submit_within(
    tx: Transaction, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work."""
    variant, found = version.variant(tx, variant_id), version.get(tx, variant_id, n)
    version.moved(found, "checked", did="submitted", agent=agent, now=now)
    made = check.check_within(tx, variant, found, now=now)
    refuse_wrong(made)
    return _put(tx, version.moved(made, "checked", did="submitted", agent=agent, now=now, note=note))


def approve(
    engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """Raises Forbidden for its authors, Conflict when it was not submitted or what it stands on changed since."""
    rights.need(agent, "variant.approve")
    return engine.store.run(lambda tx: approve_within(tx, variant_id=variant_id, n=n, agent=agent, now=now, note=note))


def approve_within(
    tx: Transaction, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work. The system, which installs the catalogue, may approve what it wrote itself."""
    found = version.get(tx, variant_id, n)
    done = version.moved(found, "approved", did="approved", agent=agent, now=now, note=note)
    if not found.submitted:
        raise errors.Conflict(
            "not_submitted", zh="此版本尚未提交审批", en="this version was not submitted", id=variant_id, n=n
        )
    if agent.key in found.authors and agent != SYSTEM:
        raise errors.Forbidden(
            "own_work",
            zh="自己编写的变体须由他人批准。",
            en="Somebody else must approve what you wrote.",
            id=variant_id,
            n=n,
        )
    refuse_changed(tx, found, now)
    return _put(tx, done)


def send_back(
    engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str
) -> variation.VariantVersion:
    """To its author, with what is to be done. Raises Invalid without a word about that."""
    rights.need(agent, "variant.approve")
    if not note.strip():
        raise errors.Invalid("note_missing", zh="请说明退回的原因", en="say why it is sent back", id=variant_id)

    def back(tx: Transaction) -> variation.VariantVersion:
        found = version.get(tx, variant_id, n)
        back = version.moved(found, "draft", did="sent_back", agent=agent, now=now, note=note.strip())
        return _put(tx, msgspec.structs.replace(back, valid_from=None))

    return engine.store.run(back)


def refuse_wrong(found: variation.VariantVersion) -> None:
    if found.program:
        return
    raise errors.Invalid(
        "variant_wrong",
        zh=f"变体 {found.variant_id} v{found.n} 有误，不能发布",
        en=f"variant {found.variant_id!r} v{found.n} is wrong and cannot be released",
        problems=found.problems,
        id=found.variant_id,
        n=found.n,
    )


def refuse_changed(tx: Transaction, found: variation.VariantVersion, now: datetime) -> None:
    """What somebody looked at must be what is approved, and what was approved what is released."""
    made = check.check_within(tx, version.variant(tx, found.variant_id), found, now=now)
    refuse_wrong(made)
    if made.program != found.program:
        raise errors.Conflict(
            "ground_changed",
            zh="基准或上级变体已变，请退回后重新提交。",
            en="The base or a variant above has changed since: send it back and submit it again.",
            id=found.variant_id,
            n=found.n,
        )


def _put(tx: Transaction, done: variation.VariantVersion) -> variation.VariantVersion:
    tx.variants.put_version(done)
    return done
