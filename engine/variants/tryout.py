"""The resolution tester: which variant a customer, or given facts, would get on a date, and why not another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.customers import facts as known
from engine.customers import groups, register, rules
from engine.model.text import EN, ZH, Text, both, pick
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import choose, compose, context, version


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One customer group: its rules and whether it won. ``why`` names the rule that held, or the first that did not."""

    group: str
    names: Text
    state: str
    """won, hit (a rule matches, another group goes before), missed, or none (no rule leads here)."""
    rule: str
    why: Text


class Special(msgspec.Struct, frozen=True, kw_only=True):
    """A variant for circumstances, and whether they held. ``why`` tells them, or the first that did not hold."""

    variant: str
    state: str
    """won, hit (they hold, another goes before it), missed, or group (it is for other customers)."""
    why: Text


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    process: str
    at: datetime
    group: str
    """Empty before any group rules were released."""
    how: str
    variant: str
    """Id; empty: the base."""
    n: int
    base_n: int
    program: str
    fingerprint: compose.Fingerprint
    chain: tuple[dict[str, Any], ...]
    sentence: Text
    inputs: dict[str, Any]
    groups: tuple[Group, ...]
    special: tuple[Special, ...] = ()


def try_out(
    engine: Engine,
    *,
    process: str,
    customer_id: str = "",
    facts: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    agent: Agent,
    now: datetime,
) -> Tried:
    """``facts`` replace single facts of the customer (``{"values": {"current": 80}, "contract": "gold"}``), or stand
    alone; ``data`` is what the start would bring. ``at`` chooses the rules, base and variants that were, or will be,
    released then.

    Raises NotFound for process and customer, Conflict when nothing was released then. Nothing is written.
    """
    rights.need(agent, "matrix.see")
    moment = at or now
    customer = register.get(engine, customer_id=customer_id, agent=agent) if customer_id else None
    with engine.store.reading() as tx:
        found = tx.processes.get(process)
        if found is None:
            raise errors.NotFound(
                "process_unknown", zh=f"没有流程 {process}", en=f"there is no process {process!r}", process=process
            )
        released = tx.groups.released(moment)
        book = rules.Book(rules.read(released.rules)) if released else None
        offered = offer_at(tx, found, moment)
    decided = _decide(book, customer, facts or {}, moment) if book else None
    chosen = choose.pick_one(offered, book, decided, data=data, now=moment)
    one, line = chosen.candidate, book.chain(decided.group) if book and decided else []
    return Tried(
        process=process,
        at=moment,
        group=decided.group if decided else "",
        how=decided.how if decided else "",
        variant=one.id if one else "",
        n=one.n if one else offered.base_n,
        base_n=one.base_n if one else offered.base_n,
        program=chosen.program,
        fingerprint=one.fingerprint if one else compose.Fingerprint(),
        chain=chosen.chain,
        sentence=chosen.sentence,
        inputs=decided.inputs if decided else {},
        groups=tuple(_told(book, decided)) if book and decided else (),
        special=tuple(_special(each, chosen, line, data or {}, moment) for each in offered.special),
    )


def _special(
    one: choose.Candidate, chosen: choose.Chosen, line: list[str], data: Mapping[str, Any], moment: datetime
) -> Special:
    failed = next((each for each in one.context if not context.holds((each,), data, now=moment)), None)
    if one.group and one.group not in line:
        return Special(
            variant=one.id,
            state="group",
            why=both(zh=f"只用于客户群 {one.group}", en=f"only for the group {one.group}"),
        )
    if failed is not None:
        return Special(variant=one.id, state="missed", why=context.fails(failed, data))
    won = chosen.candidate is not None and chosen.candidate.id == one.id
    return Special(variant=one.id, state="won" if won else "hit", why=context.says(one.context, data))


def offer_at(tx: Transaction, process: records.Process, moment: datetime) -> choose.Offer:
    """What the process was for whom at a moment. Raises Conflict when no base was released then."""
    bases = [one for one in tx.processes.versions(process.key) if one.released_at and one.released_at <= moment]
    if not bases:
        raise errors.Conflict(
            "nothing_released",
            zh=f"流程 {process.key} 当时还没有发布的版本",
            en=f"no version of {process.key!r} was released then",
            process=process.key,
        )
    base = max(bases, key=lambda one: (one.released_at or one.created_at, one.n))
    then = [
        choose.candidate(variant, found)
        for variant in tx.variants.all(process.key)
        if (found := version.released_at(tx.variants.versions(variant.id), moment)) is not None
    ]
    return choose.of(process, base, then)


def _decide(
    book: rules.Book, customer: records.Customer | None, changed: Mapping[str, Any], moment: datetime
) -> rules.Decision:
    """With facts of one's own only the rules speak: what was decided by hand, or held, is about the real customer."""
    if customer is not None and not changed:
        return groups.decide(book, customer, now=moment)
    own: dict[str, Any] = known.of(customer) if customer else {"values": {}, "kind": "customer"}
    values = {**own["values"], **changed.get("values", {})}
    return book.decide({**own, **changed, "values": values}, now=moment)


def _told(book: rules.Book, decided: rules.Decision) -> list[Group]:
    told = []
    for key, group in book.groups.items():
        mine = [outcome for outcome in decided.outcomes if outcome.group == key]
        hit = next((outcome for outcome in mine if not outcome.missed), None)
        outcome = hit or next(iter(mine), None)
        state = "won" if key == decided.group else "hit" if hit else "missed" if mine else "none"
        told.append(
            Group(
                group=key,
                names=group.names,
                state=state,
                rule=outcome.rule if outcome else "",
                why=_why(book, decided, key, outcome),
            )
        )
    return told


def _why(book: rules.Book, decided: rules.Decision, key: str, outcome: rules.Outcome | None) -> Text:
    if key == decided.group and decided.how != "rule":
        return decided.says
    if outcome is None:
        return both(zh="没有规则指向该群", en="no rule leads here")
    if outcome.missed:
        return book.why_not(outcome, decided.inputs)
    because = book.because(outcome, decided.inputs)
    if key == decided.group:
        return because
    if key in decided.tied:
        others = [book.name(other) for other in decided.tied if other != key]
        zh, en = "、".join(pick(one, ZH) for one in others), " and ".join(pick(one, EN) for one in others)
        return both(zh=f"{because[ZH]}，但{zh}同样适用", en=f"{because[EN]}, but {en} fits alike")
    name = book.name(decided.group)
    return both(zh=f"{because[ZH]}，但{pick(name, ZH)}优先", en=f"{because[EN]}, but {pick(name, EN)} goes before it")
