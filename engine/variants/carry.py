"""What people do on the board of a new base: decide about conflicts, carry variants over, and go back."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from engine import errors, variation
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import approval, author, board, check, release, version
from engine.variants.board import Asked, Board, Row
from engine.variants.operations import kinds


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one variant; ``refused`` says why nothing did."""

    variant_id: str
    n: int = 0
    refused: Text = {}


def decide(
    engine: Engine,
    *,
    process: str,
    variant_id: str,
    signature: str,
    choice: str,
    agent: Agent,
    now: datetime,
    note: str = "",
) -> variation.ConflictDecision:
    """Kept for this variant and base, and proposed to its siblings. Raises NotFound for a conflict that is none,
    Invalid for a choice that is not open to it."""
    rights.need(agent, "variant.edit")

    def write(tx: Transaction) -> variation.ConflictDecision:
        seen = board.board_within(tx, process=process, now=now)
        asked = _asked(seen, variant_id, signature)
        made = _decision(seen, variant_id, asked, choice, agent=agent, now=now, note=note)
        tx.variants.decide(made)
        return made

    return engine.store.run(write)


def undecide(engine: Engine, *, process: str, variant_id: str, signature: str, agent: Agent, now: datetime) -> None:
    """The conflict is open again. Raises NotFound when nothing was decided."""
    rights.need(agent, "variant.edit")

    def write(tx: Transaction) -> None:
        seen = board.board_within(tx, process=process, now=now)
        if not tx.variants.undecide(variant_id, seen.base.n, signature):
            raise _unknown(variant_id)

    engine.store.run(write)


def accept(engine: Engine, *, process: str, agent: Agent, now: datetime) -> tuple[variation.ConflictDecision, ...]:
    """Every open conflict that was decided for a sibling is decided the same way here; what was decided by that."""
    rights.need(agent, "variant.edit")

    def write(tx: Transaction) -> tuple[variation.ConflictDecision, ...]:
        seen = board.board_within(tx, process=process, now=now)
        made = [
            _decision(seen, row.variant.id, asked, asked.proposed.choice, agent=agent, now=now, note="")
            for row in seen.rows
            for asked in row.asked
            if asked.proposed is not None
        ]
        for one in made:
            tx.variants.decide(one)
        return tuple(made)

    return engine.store.run(write)


def carry(
    engine: Engine, *, process: str, variants: Sequence[str] = (), agent: Agent, now: datetime, note: str = ""
) -> tuple[Carried, ...]:
    """Those variants, or all that are ready, as new versions on the released base, submitted for approval.

    Each for itself, the groups above first; one that cannot be carried over stays as it is and is told.
    """
    rights.need(agent, "variant.edit")
    with engine.store.reading() as tx:
        seen = board.board_within(tx, process=process, now=now)
    wanted = [row.variant.id for row in seen.rows if row.variant.id in variants or (not variants and row.ready)]
    unknown = set(variants) - {row.variant.id for row in seen.rows}
    if unknown:
        raise _unknown(sorted(unknown)[0])
    done = []
    for variant_id in wanted:
        try:
            made = engine.store.run(
                lambda tx, variant_id=variant_id: _carry(tx, process, variant_id, agent, now, note)  # type: ignore[misc]
            )
        except (errors.Conflict, errors.Invalid) as refused:
            done.append(Carried(variant_id=variant_id, refused=refused.text))
        else:
            done.append(Carried(variant_id=variant_id, n=made.n))
    return tuple(done)


def undo(engine: Engine, *, variant_id: str, agent: Agent, now: datetime, note: str = "") -> variation.VariantVersion:
    """As before it was carried over: the new version is put aside, or, where it is in use already, the version before
    is released again. Raises Conflict when it was not carried over."""
    rights.need(agent, "variant.edit")
    with engine.store.reading() as tx:
        versions = tx.variants.versions(version.variant(tx, variant_id).id)
    pending, present = version.pending(versions), version.released(versions)
    if pending is not None and _rebased(pending):
        if pending.status == "approved":
            approval.send_back(
                engine, variant_id=variant_id, n=pending.n, agent=agent, now=now, note=note or "back to the old base"
            )
        return author.discard(engine, variant_id=variant_id, agent=agent, now=now)
    if pending is None and present is not None and _rebased(present):
        return release.roll_back(engine, variant_id=variant_id, agent=agent, now=now, note=note)
    raise errors.Conflict(
        "not_carried", zh="此变体没有移到新基准", en="this variant was not carried to a new base", id=variant_id
    )


def _carry(
    tx: Transaction, process: str, variant_id: str, agent: Agent, now: datetime, note: str
) -> variation.VariantVersion:
    seen = board.board_within(tx, process=process, now=now)
    row = next(row for row in seen.rows if row.variant.id == variant_id)
    _refuse_unready(row, seen)
    order = author.Order(
        process=process,
        name=variant_id.partition(":")[2],
        group=row.variant.customer_group,
        context=row.variant.context,
        priority=row.variant.priority,
        texts=row.variant.texts,
        reason=row.version.reason,
        operations=kinds.write(row.operations),
    )
    draft = author.begun(order, variant_id, tx.variants.versions(variant_id), agent=agent, now=now)
    # What it was composed on counts: conflicts are told against that until it is composed anew.
    draft = msgspec.structs.replace(draft, base_n=row.version.base_n, chain=row.version.chain)
    made = check.check_within(tx, row.variant, draft, now=now)
    approval.refuse_wrong(made)
    made = version.moved(made, "checked", did="rebased", agent=agent, now=now, note=note)
    tx.variants.put_version(made)
    return approval.submit_within(tx, variant_id=variant_id, n=made.n, agent=agent, now=now)


def _refuse_unready(row: Row, seen: Board) -> None:
    told: dict[str, tuple[str, str, str]] = {
        "current": ("on_this_base", "已在此基准上", "stands on this base already"),
        "decide": ("conflicts_left", "还有冲突要决定", "has conflicts to be decided"),
        "blocked": ("merge_wrong", "合并后的流程有误，请先修改变体", "would be wrong on the new base: mend it first"),
    }
    if row.version.status == "approved" and row.ready:
        found = ("approved_first", "有已批准的版本，请先发布或退回", "has an approved version: release or send it back")
    elif row.state in told:
        found = told[row.state]
    else:
        return
    code, zh, en = found
    raise errors.Conflict(code, zh=f"变体 {row.variant.id} {zh}", en=f"{row.variant.id!r} {en}", id=row.variant.id)


def _asked(seen: Board, variant_id: str, signature: str) -> Asked:
    for row in seen.rows:
        for asked in row.asked:
            if row.variant.id == variant_id and asked.conflict.signature == signature:
                return asked
    raise _unknown(variant_id)


def _decision(
    seen: Board, variant_id: str, asked: Asked, choice: str, *, agent: Agent, now: datetime, note: str
) -> variation.ConflictDecision:
    if choice not in asked.choices:
        listed = ", ".join(asked.choices)
        raise errors.Invalid(
            "choice_unknown",
            zh=f"此冲突只能选择：{listed or '无'}",
            en=f"open to this conflict: {listed or 'nothing'}",
            choice=choice,
        )
    return variation.ConflictDecision(
        process=seen.process,
        variant_id=variant_id,
        base_n=seen.base.n,
        signature=asked.conflict.signature,
        kind=asked.conflict.kind,
        operation=asked.conflict.operation,
        choice=msgspec.convert(choice, variation.Choice),
        by=agent.key,
        at=now,
        note=note,
    )


def _rebased(found: variation.VariantVersion) -> bool:
    return any(deed.did == "rebased" for deed in found.history)


def _unknown(variant_id: str) -> errors.NotFound:
    return errors.NotFound(
        "conflict_unknown",
        zh=f"变体 {variant_id} 没有这个冲突",
        en=f"the variant {variant_id!r} has no such conflict",
        id=variant_id,
    )
