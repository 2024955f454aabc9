"""A town under load and under blows; afterwards its books are compared with what it had answered."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from bench import http as serving
from bench import world
from bench.faults import clients, hosts
from bench.faults.blows import Blows
from bench.faults.town import Town, begin, town
from engine import app, facts
from engine.people.agent import SYSTEM
from engine.ports import Engine
from engine.runtime import instances, start

CLIENTS = 3
PATIENCE_SECONDS = 30
"""A blow waits at most so long for a town that is not up yet."""
REST_SECONDS = 180
"""After the last blow everything that was begun comes to its end within this time."""


class Report(msgspec.Struct, kw_only=True):
    store: str
    hosts: int
    """How many hosts of their own; 0: all processes on one."""
    lines: str
    """What is cut: networks, relays; empty on one host."""
    seconds: float
    kills: int
    blows: dict[str, int]
    cases: int
    answered: int
    repeated: int
    wrong: int
    tries: int
    effects: int
    losses: int
    doubles: int
    words: list[str]
    """The first losses, doubles and wrong answers, in words."""


def torment(store: str, *, seconds: float, apart: bool, seed: int = 7) -> Report:
    begun = time.monotonic()
    with town(store, apart=apart) as place:
        engine = app.build(place.settings.model_copy(update={"queue": "inline"}), dispatcher=False)
        bearer, wait = _prepare(place, engine)
        over = threading.Event()
        callers = [clients.Client(place, bearer, wait, number, over) for number in range(1, CLIENTS + 1)]
        blows = Blows(place, seed)
        for one in callers:
            one.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            blows.pause()
            _until_somebody_is_answered(callers)
            blows.strike()
        over.set()
        for one in callers:
            one.join()
        begun_cases = {n: ids for one in callers for n, ids in one.begun.items()}
        _rest(engine, 2 * len(begun_cases) + 2)
        words = [line for one in callers for line in one.words]
        if any(one.tally.wrong for one in callers):
            words += place.complaints()[-10:]
        losses, doubles = examine(engine, place, begun_cases, words)
        engine.close()
        return Report(
            store=store,
            hosts=len(place.hosts),
            lines=("networks" if hosts.inside() else "relays") if place.hosts else "",
            seconds=round(time.monotonic() - begun, 1),
            kills=blows.kills,
            blows=dict(sorted(blows.struck.items())),
            cases=2 * len(begun_cases),
            answered=sum(one.tally.answered for one in callers),
            repeated=sum(one.tally.repeated for one in callers),
            wrong=sum(one.tally.wrong for one in callers),
            tries=place.book.tries(),
            effects=place.book.effects().total(),
            losses=losses,
            doubles=doubles,
            words=words[:20],
        )


def _until_somebody_is_answered(callers: Sequence[clients.Client]) -> None:
    """Else a machine that is slow to begin processes would see them die before they ever worked."""

    def answered() -> int:
        return sum(one.tally.answered for one in callers)

    before, end = answered(), time.monotonic() + PATIENCE_SECONDS
    while answered() == before and time.monotonic() < end:
        threading.Event().wait(0.05)


def _prepare(place: Town, engine: Engine) -> tuple[str, int]:
    """A caller's token, and the number of the task of every deal, which one deal shows."""
    for drawn in (clients.DEAL, clients.THANKS):
        world.release(engine, drawn)
    bearer = serving.token(engine, engine.clock.now())
    begin(place)
    now = engine.clock.now()
    ids = [
        start.start(engine, process=key, customer_id=None, data={"n": 0}, agent=SYSTEM, now=now).instance.id
        for key in ("thanks", "deal")
    ]
    end = time.monotonic() + REST_SECONDS
    while time.monotonic() < end:
        with engine.store.reading() as tx:
            items = tx.waits.work_items(ids[1])
        if items:
            return bearer, items[0].wait
        threading.Event().wait(0.05)
    raise TimeoutError("no worker did the first job")


def _rest(engine: Engine, cases: int) -> None:
    """Waits until every case but the first deal, whose task nobody completes, is over; gives up after a while."""
    end = time.monotonic() + REST_SECONDS
    while time.monotonic() < end:
        with engine.store.reading() as tx:
            open_cases = tx.instances.search(where={"status": "active"}, after="", limit=3)
        if len(open_cases) <= 2:
            return
        threading.Event().wait(0.2)


def examine(engine: Engine, place: Town, begun: dict[int, list[str]], words: list[str]) -> tuple[int, int]:
    """(losses, doubles): of cases, of what happened in each, of effects outside."""
    losses = doubles = 0

    def compare(what: str, found: int, wanted: int) -> None:
        nonlocal losses, doubles
        losses += max(0, wanted - found)
        doubles += max(0, found - wanted)
        if found != wanted:
            words.append(f"{what}: {found}, expected {wanted}")

    answered = [case for ids in begun.values() for case in ids]
    compare("cases answered", len(set(answered)), len(answered))
    there = _all(engine)
    compare("answered cases that are there", len(set(answered) & there), len(answered))
    compare("cases that are there", len(there), len(answered) + 2)
    paid = place.book.effects()
    with engine.store.reading() as tx:
        for n, ids in begun.items():
            compare(f"effects of {n}", paid[n], clients.PAYS)
            for case, wanted in zip(ids, (_THANKS, _DEAL), strict=True):
                rows = tx.facts.of_instance(case)
                told = Counter(type(row.fact) for row in rows)
                for kind, count in wanted.items():
                    compare(f"{kind.__name__} of {case}", told[kind], count)
                compare(f"gaps in {case}", int([row.seq for row in rows] != [*range(1, len(rows) + 1)]), 0)
    return losses, doubles


_THANKS: dict[type[Any], int] = {facts.JobCompleted: 1, facts.InstanceEnded: 1}
_DEAL: dict[type[Any], int] = {**_THANKS, facts.WorkItemCompleted: 1, facts.TimerFired: 1}


def _all(engine: Engine) -> set[str]:
    found: set[str] = set()
    after = ""
    while page := instances.search(engine, after=after, limit=200):
        found |= {one.id for one in page}
        after = page[-1].id
    return found


def told(report: Report) -> Sequence[str]:
    """A line for each figure."""
    return [f"{name:10} {value}" for name, value in msgspec.to_builtins(report).items()]
