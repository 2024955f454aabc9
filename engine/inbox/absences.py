"""Out of office: somebody says when they are away, from what, and who stands in for them; an administrator for others.

New work goes to the substitute from the first moment on (assign.py); what was open, if that was asked for, and at the
end what the substitute still has, by ``turn_due``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from engine import errors, records
from engine.inbox import standing_in
from engine.model.problem import Problem
from engine.model.text import both
from engine.people import agents, rights
from engine.people.agent import SYSTEM, TASK_ROLES, Agent
from engine.ports import Engine, Transaction

LONGEST = timedelta(days=400)
MOST_AHEAD = 20
"""Absences of one person that run or are still to come."""
LONGEST_NOTE = 200
SHOWN = 50


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of an absence; the fields as in records.Absence."""

    starts_at: datetime
    ends_at: datetime
    substitute: str = ""
    processes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    open_too: bool = False
    note: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with somebody's absences."""

    own: tuple[records.Absence, ...]
    """The latest first."""
    for_others: tuple[records.Absence, ...]
    """Those that are not over and in which they stand in."""
    away: tuple[records.WorkItem, ...]
    """What others have in their stead now."""


def declare(engine: Engine, *, person: str, plan: Plan, agent: Agent, now: datetime) -> records.Absence:
    """One's own, or with the right to manage people anybody's. What has begun already takes effect at once.

    Raises errors.Invalid with a problem for each wrong field, errors.Forbidden, errors.NotFound.
    """
    _need(agent, person)

    def work(tx: Transaction) -> records.Absence:
        agents.found(tx, person)
        problems = list(_problems(tx, person, plan, now))
        if problems:
            raise errors.Invalid(
                "absence_invalid",
                zh=f"外出设置有 {len(problems)} 处需要修改。",
                en=f"The absence has {len(problems)} places to mend.",
                problems=problems,
            )
        absence = records.Absence(
            id=engine.store.new_id(),
            person=person,
            due_at=plan.starts_at,
            set_by=agent.key,
            created_at=now,
            **msgspec.structs.asdict(plan),
        )
        tx.absences.add(absence)
        tx.ring("timer")
        return _turned(tx, absence, agent=agent, now=now)

    return engine.store.run(work)


def end(engine: Engine, *, absence_id: str, agent: Agent, now: datetime) -> records.Absence:
    """Back early, or not away after all: what others have in the person's stead comes back at once.

    Raises errors.NotFound, also for somebody else's; errors.Conflict for one that is over.
    """

    def work(tx: Transaction) -> records.Absence:
        found = tx.absences.get(absence_id)
        if found is None or not (found.person == agent.key or rights.may(agent, "people.manage")):
            raise errors.NotFound(
                "absence_unknown", zh="没有此外出设置。", en="There is no such absence.", absence=absence_id
            )
        if found.status == "over":
            raise errors.Conflict(
                "absence_over", zh="此外出已经结束。", en="This absence is over already.", absence=absence_id
            )
        ends_at = max(now, found.starts_at + timedelta(microseconds=1))
        return _ended(tx, found, min(ends_at, found.ends_at), agent=agent, now=now)

    return engine.store.run(work)


def standing(engine: Engine, *, person: str, agent: Agent) -> Standing:
    """Raises errors.Forbidden, errors.NotFound."""
    _need(agent, person)
    with engine.store.reading() as tx:
        agents.found(tx, person)
        found = tx.absences.of_person(person, limit=SHOWN)
        away = tx.items.page(shelf="away", who=[person], where={}, after=None, limit=SHOWN)
        return Standing(
            own=tuple(one for one in found if one.person == person),
            for_others=tuple(one for one in found if one.substitute == person and one.status != "over"),
            away=tuple(item for _, item in away),
        )


def ahead(engine: Engine, *, agent: Agent) -> list[records.Absence]:
    """Everybody's that run or are still to come, for those who manage people."""
    rights.need(agent, "people.manage")
    with engine.store.reading() as tx:
        return tx.absences.ahead()


def turn_due(engine: Engine, *, now: datetime, limit: int = 20) -> int:
    """Begins and ends what is due by now; how many."""

    def work(tx: Transaction) -> int:
        due = tx.absences.due(now, limit)
        for absence in due:
            _turned(tx, absence, agent=SYSTEM, now=now)
        return len(due)

    return engine.store.run(work)


def _turned(tx: Transaction, absence: records.Absence, *, agent: Agent, now: datetime) -> records.Absence:
    if absence.ends_at <= now:
        return _ended(tx, absence, absence.ends_at, agent=agent, now=now)
    if absence.status != "planned" or absence.starts_at > now:
        return absence
    running = msgspec.structs.replace(absence, status="running", due_at=absence.ends_at)
    tx.absences.turn(absence, running)
    if running.open_too:
        standing_in.move_out(tx, running, agent=agent, now=now)
    return running


def _ended(
    tx: Transaction, absence: records.Absence, ends_at: datetime, *, agent: Agent, now: datetime
) -> records.Absence:
    over = msgspec.structs.replace(absence, status="over", due_at=None, ends_at=ends_at)
    tx.absences.turn(absence, over)
    standing_in.move_home(tx, over, agent=agent, now=now)
    return over


def _need(agent: Agent, person: str) -> None:
    rights.need(agent, "task.work" if person == agent.key else "people.manage")


def _problems(tx: Transaction, person: str, plan: Plan, now: datetime) -> Iterable[Problem]:
    yield from _period_problems(plan, now)
    yield from _scope_problems(tx, plan, now)
    yield from _substitute_problems(tx, person, plan)


def _period_problems(plan: Plan, now: datetime) -> Iterable[Problem]:
    if plan.ends_at <= plan.starts_at:
        yield _problem("/ends_at", zh="结束时间须晚于开始时间。", en="The end must be after the beginning.")
    elif plan.ends_at <= now:
        yield _problem("/ends_at", zh="结束时间已经过去。", en="The end is in the past already.")
    elif plan.ends_at - plan.starts_at > LONGEST:
        days = LONGEST.days
        yield _problem("/ends_at", zh=f"一次外出最多 {days} 天。", en=f"An absence lasts at most {days} days.")
    if len(plan.note) > LONGEST_NOTE:
        yield _problem(
            "/note", zh=f"备注最多 {LONGEST_NOTE} 个字。", en=f"The note has at most {LONGEST_NOTE} characters."
        )


def _scope_problems(tx: Transaction, plan: Plan, now: datetime) -> Iterable[Problem]:
    unknown = [key for key in plan.processes if tx.processes.get(key) is None]
    if unknown:
        zh, en = "、".join(unknown), ", ".join(unknown)
        yield _problem("/processes", zh=f"没有流程：{zh}。", en=f"There is no process {en}.")
    rules = tx.groups.released(now) if plan.groups else None
    known = {group["key"] for group in rules.rules["groups"]} if rules is not None else set()
    strange = [key for key in plan.groups if key not in known]
    if strange:
        zh, en = "、".join(strange), ", ".join(strange)
        yield _problem("/groups", zh=f"没有客户群：{zh}。", en=f"There is no customer group {en}.")


def _substitute_problems(tx: Transaction, person: str, plan: Plan) -> Iterable[Problem]:
    ahead = tx.absences.ahead()
    if sum(one.person == person for one in ahead) >= MOST_AHEAD:
        yield _problem(
            "", zh=f"最多同时有 {MOST_AHEAD} 条外出设置。", en=f"There are {MOST_AHEAD} absences ahead already."
        )
    if not plan.substitute:
        if plan.open_too:
            yield _problem("/substitute", zh="请选择代理人。", en="Choose who stands in.")
        return
    if plan.substitute == person:
        yield _problem("/substitute", zh="不能由自己代理。", en="Nobody stands in for themselves.")
        return
    substitute = tx.people.get(plan.substitute)
    if substitute is None or not substitute.active or not TASK_ROLES & set(substitute.roles):
        yield _problem(
            "/substitute",
            zh="没有此人，或此人不能办理待办。",
            en="There is no such person, or they do not work on tasks.",
        )
        return
    away = next((one for one in ahead if one.person == plan.substitute and _overlap(one, plan)), None)
    if away is not None:
        since, until = away.starts_at.date().isoformat(), away.ends_at.date().isoformat()
        yield _problem(
            "/substitute",
            zh=f"{substitute.name} 自己在 {since} 至 {until} 外出，不能代理；代理不再转给第三人。",
            en=f"{substitute.name} is away from {since} to {until}: work is not handed on to a third person.",
        )


def _overlap(one: records.Absence, plan: Plan) -> bool:
    return one.starts_at < plan.ends_at and plan.starts_at < one.ends_at


def _problem(pointer: str, *, zh: str, en: str) -> Problem:
    return Problem(code="absence_invalid", text=both(zh=zh, en=en), pointer=pointer)
