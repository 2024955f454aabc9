"""Group rules on their way to release: one draft at a time, written by one person and released by another.

A release holds from its moment on; what was released for a later moment and had not begun gives way to it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, variation
from engine.customers import groups
from engine.definitions import schemas
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.text import both
from engine.people import rights
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction

FIRST: dict[str, Any] = {
    "groups": [{"key": "ALL", "names": both(zh="全部客户", en="All customers")}],
    "inputs": [
        {
            "name": "kind",
            "expression": "kind",
            "type": "string",
            "values": '"customer","prospect"',
            "names": both(zh="类型", en="Kind"),
        }
    ],
    "rules": [{"id": "R1", "when": {}, "group": "ALL"}],
}
"""What a house without rules begins with: everybody is in one group."""


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """The versions that there are."""

    present: variation.GroupRules | None
    coming: variation.GroupRules | None
    """Released for a moment to come."""
    draft: variation.GroupRules | None
    versions: tuple[variation.GroupRules, ...]
    """All of them, newest first."""
    customers: Mapping[str, int]
    """How many are in each group now."""

    @property
    def seen(self) -> str:
        """What a change says it saw: equal as long as nobody else wrote a draft or released one."""
        newest = self.draft or (self.versions[0] if self.versions else None)
        return _mark(newest)


def shelf(engine: Engine, *, agent: Agent, now: datetime) -> Shelf:
    """Raises Forbidden."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        return _shelf(tx, now)


def version(engine: Engine, *, n: int, agent: Agent) -> variation.GroupRules:
    """Raises Forbidden and NotFound."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        found = tx.groups.version(n)
    if found is None:
        raise errors.NotFound(
            "group_rules_unknown", zh=f"没有客户群规则第 {n} 版", en=f"there is no version {n} of the group rules", n=n
        )
    return found


def save(
    engine: Engine, *, document: dict[str, Any], seen: str, agent: Agent, now: datetime, note: str = ""
) -> variation.GroupRules:
    """Into the draft, or as a new one. It must have the shape of group rules; overlaps and gaps may still be in it.

    Raises Invalid with every wrong place, Conflict when somebody else saved or released meanwhile.
    """
    rights.need(agent, "variant.edit")
    _refuse(schemas.check(document, schema="group-rules.json", file="groups.json"))

    def work(tx: Transaction) -> variation.GroupRules:
        here = _shelf(tx, now)
        if seen != here.seen:
            raise _overtaken(here)
        last = max((one.n for one in here.versions), default=0)
        kept = here.draft
        if kept is not None and kept.n < last:  # something was released past it: it goes on under a later number
            tx.groups.put(_with(kept, "discarded", agent, now, status="retired"))
        base = variation.GroupRules(
            n=kept.n if kept is not None and kept.n == last else last + 1,
            rules=document,
            status="draft",
            created_at=kept.created_at if kept else now,
            created_by=kept.created_by if kept else agent.key,
            history=kept.history if kept else (),
        )
        return _put(tx, _with(base, "saved", agent, now, note=note))

    return engine.store.run(work)


def submit(engine: Engine, *, agent: Agent, now: datetime, note: str = "") -> variation.GroupRules:
    """Checked, then it waits for somebody else. Raises Invalid with every problem, Conflict without a draft."""
    rights.need(agent, "variant.edit")

    def work(tx: Transaction) -> variation.GroupRules:
        found = _draft(tx, now)
        _refuse(groups.check(found.rules, now=now))
        return _put(tx, _with(found, "submitted", agent, now, note=note))

    return engine.store.run(work)


def send_back(engine: Engine, *, agent: Agent, now: datetime, note: str) -> variation.GroupRules:
    """To its authors, with what is to be done. Raises Invalid without a word of it, Conflict when nothing waits."""
    rights.need(agent, "group.decide")
    if not note.strip():
        raise errors.Invalid("note_missing", zh="请说明退回的原因", en="say why it is sent back")

    def work(tx: Transaction) -> variation.GroupRules:
        return _put(tx, _with(_waiting(tx, now), "sent_back", agent, now, note=note.strip()))

    return engine.store.run(work)


def release(
    engine: Engine, *, agent: Agent, now: datetime, valid_from: datetime | None = None, note: str = ""
) -> variation.GroupRules:
    """From now on, or from a moment to come. Every customer is looked at anew then (following.py).

    Raises Forbidden for its authors, Invalid with every problem, Conflict when nothing was submitted or other rules
    were released since it was written.
    """
    rights.need(agent, "group.decide")

    def work(tx: Transaction) -> variation.GroupRules:
        found = _waiting(tx, now)
        if agent.key in found.authors and agent != SYSTEM:
            raise errors.Forbidden(
                "own_work",
                zh="自己编写的规则须由他人发布。",
                en="Somebody else must release what you wrote.",
                n=found.n,
            )
        here = _shelf(tx, now)
        if any(one.n > found.n and one.status == "released" for one in here.versions):
            raise _overtaken(here)
        _refuse(groups.check(found.rules, now=now))
        if here.coming is not None:
            tx.groups.put(_with(here.coming, "unscheduled", agent, now, status="retired"))
        begins = max(valid_from or now, now)
        tx.ring("timer")
        return _put(tx, _with(found, "released", agent, now, note=note, status="released", valid_from=begins))

    return engine.store.run(work)


def call_off(engine: Engine, *, agent: Agent, now: datetime) -> variation.GroupRules:
    """What was released for a moment to come is a draft again. Raises Conflict when there is none, or another draft."""
    rights.need(agent, "group.decide")

    def work(tx: Transaction) -> variation.GroupRules:
        here = _shelf(tx, now)
        if here.coming is None:
            raise errors.Conflict(
                "not_scheduled", zh="没有预定生效的客户群规则", en="no group rules wait for a moment to come"
            )
        if here.draft is not None:
            raise errors.Conflict(
                "draft_there",
                zh=f"已有草稿第 {here.draft.n} 版，请先放弃它",
                en=f"there is a draft already, version {here.draft.n}: discard it first",
            )
        return _put(tx, _with(here.coming, "unscheduled", agent, now, status="draft", valid_from=None))

    return engine.store.run(work)


def discard(engine: Engine, *, agent: Agent, now: datetime) -> variation.GroupRules:
    """The draft is put aside; what holds goes on. Raises Conflict without a draft."""
    rights.need(agent, "variant.edit")
    return engine.store.run(lambda tx: _put(tx, _with(_draft(tx, now), "discarded", agent, now, status="retired")))


def check(engine: Engine, *, document: dict[str, Any], agent: Agent, now: datetime) -> list[Problem]:
    """Everything that is wrong with rules that somebody writes; nothing is kept."""
    rights.need(agent, "matrix.see")
    return groups.check(document, now=now)


def _shelf(tx: Transaction, now: datetime) -> Shelf:
    versions = tuple(tx.groups.versions())
    waiting = (one for one in versions if one.status == "released" and one.valid_from and one.valid_from > now)
    return Shelf(
        present=tx.groups.released(now),
        coming=next(waiting, None),
        draft=next((one for one in versions if one.status == "draft"), None),
        versions=versions,
        customers=tx.customers.by_group(),
    )


def _draft(tx: Transaction, now: datetime) -> variation.GroupRules:
    found = _shelf(tx, now).draft
    if found is None:
        raise errors.Conflict("no_draft", zh="没有客户群规则的草稿", en="there is no draft of the group rules")
    return found


def _waiting(tx: Transaction, now: datetime) -> variation.GroupRules:
    found = _draft(tx, now)
    if not found.submitted:
        raise errors.Conflict("not_submitted", zh="此版本尚未提交审批", en="this version was not submitted", n=found.n)
    return found


def _with(
    found: variation.GroupRules, did: variation.Did, agent: Agent, now: datetime, *, note: str = "", **changed: Any
) -> variation.GroupRules:
    deed = variation.Deed(at=now, by=agent.key, did=did, note=note)
    return msgspec.structs.replace(found, history=(*found.history, deed), **changed)


def _put(tx: Transaction, made: variation.GroupRules) -> variation.GroupRules:
    tx.groups.put(made)
    return made


def _mark(found: variation.GroupRules | None) -> str:
    if found is None:
        return ""
    told = json.dumps(found.rules, sort_keys=True, ensure_ascii=False).encode()
    return f"{found.n}.{len(found.history)}.{hashlib.sha256(told).hexdigest()[:12]}"


def _refuse(found: list[Problem]) -> None:
    if problems.errors(found):
        raise errors.Invalid("group_rules_wrong", zh="客户群规则有误", en="the group rules are wrong", problems=found)


def _overtaken(here: Shelf) -> errors.Conflict:
    newest = here.draft or here.versions[0]
    last = newest.history[-1] if newest.history else None
    by = last.by if last else newest.created_by
    return errors.Conflict(
        "group_rules_overtaken",
        zh=f"{by} 刚刚改动了客户群规则（第 {newest.n} 版），请对照后再保存。",
        en=f"{by} changed the group rules meanwhile (version {newest.n}); compare and save again.",
        n=newest.n,
        by=by,
    )
