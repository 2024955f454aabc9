"""A year of the sample company, lived through by the engine itself on a clock of its own.

Customers ask, staff answer, timers fire, promises are kept and broken: the same year every time, for the same day.
"""

import dataclasses
import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine import dispatch, errors, queries, records
from engine.clock import HandClock
from engine.customers import groups
from engine.inbox import act
from engine.messages import correlate
from engine.people import agents
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine
from engine.runtime import cancel, start
from engine.sample import habits, inherited
from engine.sample.case import able
from engine.sample.habits import Beginning, Habits
from engine.simulation.scenario import Scenario

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 365
QUIET_DAYS = 2
"""The last days belong to the cases under way that are told one by one."""
LAST_BEGINNING = timedelta(days=4)
"""Before the end, weekends and all."""
FORGOTTEN_DAYS = 150
"""What waits longer is closed by somebody."""
PATIENCE = 25
"""Somebody who has done a step so many times closes the case: as many parts as one step has, and more."""
BY_THEMSELVES = (
    "MA-01-round",
    "MA-05",
    "MA-10-watch",
    "SFA-04-watch",
    "SFA-10-unit",
    "SFA-15-before",
    "SFA-16",
    "X-02-phase",
    "X-02-selection",
)
"""Nobody begins them here: they are begun by a clock or by other cases, about what these have made, or are kept for
comparison."""
CONTRACTS = 4
"""That customers had before."""
_OPEN = queries.Where("status", "=", "open")
_HEARD = queries.Where("trigger", "=", "message")
_SEED = 7
_ROUNDS = 50
_MANY = 10_000


class Lived(NamedTuple):
    """A case under way."""

    kept: Habits
    key: str
    begun: datetime
    told: Scenario | None
    """That it began as; None where it began by itself."""


class Year:
    """``events`` is a heap of (when, number, what happens then: whose case it moves on, "" for none)."""

    def __init__(self, engine: Engine, catalogue: Path, *, now: datetime, cases: int) -> None:
        self.until = now - timedelta(days=QUIET_DAYS)
        self.clock = HandClock(now - timedelta(days=DAYS))
        self.engine = dataclasses.replace(engine, clock=self.clock)
        self.chance = random.Random(_SEED)
        self.known = habits.learn(catalogue)
        self._hearers = {name: kept for kept in self.known.values() for name in kept.messages}
        self._inner = {name for kept in self.known.values() for name in kept.thrown}
        self.events: list[tuple[datetime, int, Callable[[], str]]] = []
        self.planned: set[tuple[str, int]] = set()
        self.cases: dict[str, Lived] = {}
        self.done: Counter[tuple[str, str]] = Counter()
        """How often each step of each case."""
        self.refused = 0
        self.begun = 0
        self._number = 0
        self._customers = self._by_group()
        self._people = self._staff()
        inherited.take_over(self.engine, self._bound(), since=self.clock.now(), until=self.until)
        self._begin(cases)

    def live(self, told: Callable[[int, int], None]) -> None:
        """``told``: days that are over, and all of them."""
        first = self.clock.now()
        day = 0
        while True:
            due = dispatch.next_due(self.engine)
            moment = min(self.events[0][0] if self.events else self.until, max(due or self.until, self.clock.now()))
            if moment >= self.until:
                break
            self.clock.set(moment)
            touched = heapq.heappop(self.events)[2]() if self.events and self.events[0][0] <= moment else ""
            something = touched or (due is not None and due <= moment)
            if something and not dispatch.settle(self.engine, now=moment, rounds=_ROUNDS):
                break
            if touched:
                self._plan(touched)
            if (moment - first).days > day:
                day = (moment - first).days
                self._morning(moment)
                told(day, DAYS)
        told(DAYS, DAYS)

    def _begin(self, cases: int) -> None:
        """Customers come at any working moment, more of them as the company grows; each process as often as another,
        and at least once."""
        keys = sorted(key for key, kept in self.known.items() if kept.beginnings and key not in BY_THEMSELVES)
        self.chance.shuffle(keys)
        length = self.until - self.clock.now() - LAST_BEGINNING
        for n in range(max(cases, len(keys))):
            kept = self.known[keys[n % len(keys)]]
            how = self.chance.choice(kept.beginnings)
            moment = self.clock.now() + length * max(self.chance.random(), self.chance.random() * 0.9)
            self._at(self._working(moment, 0), self._start(kept, how))

    def _start(self, kept: Habits, first: Beginning) -> Callable[[], str]:
        """The first that the house takes: some begin only for certain customers, or for none."""

        def happen() -> str:
            others = [one for one in kept.beginnings if one is not first]
            self.chance.shuffle(others)
            for how in (first, *others):
                if begun := self._started(kept, how):
                    return begun
            self.refused += 1
            return ""

        return happen

    def _started(self, kept: Habits, how: Beginning) -> str:
        """Its instance; "" when the house did not take it."""
        now = self.clock.now()
        self.begun += 1
        stem = how.told.start.business_key.rstrip("0123456789").rstrip("-") or kept.process
        key = f"{stem}-{now.astimezone(ZONE):%y%m}{self.begun:04d}"
        try:
            begun = start.start(
                self.engine,
                process=kept.process,
                customer_id=self._customer(how),
                business_key=key,
                data=habits.speak(how.said, how.told, key=key, begun=now),
                agent=SYSTEM,
                now=now,
            )
        except errors.CrmflowError:
            return ""
        self.cases[begun.instance.id] = Lived(kept, key, now, how.told)
        return begun.instance.id

    def _customer(self, how: Beginning) -> str | None:
        if how.told.customer is None:
            return None
        several = self._customers.get(how.group) or [one for some in self._customers.values() for one in some]
        return self.chance.choice(several)

    def _plan(self, instance_id: str) -> None:
        """When somebody will do what waits in a case now; what was planned before is left alone."""
        items, letters = self._unplanned(queries.Where("instance_id", "=", instance_id))
        now = self.clock.now()
        for item in items:
            self.planned.add((instance_id, item.wait))
            self._at(self._working(now, self._hours(item, now)), self._work(instance_id, item.wait))
        for letter in letters:
            self.planned.add((instance_id, letter.wait))
            if self.chance.random() < self._likely(instance_id, letter.name):
                self._at(self._before_it_is_late(instance_id, now), self._write(letter))

    def _unplanned(self, *where: queries.Where) -> tuple[list[records.WorkItem], list[records.Subscription]]:
        """Work that is open and messages that are waited for, as far as nobody has thought of them yet."""
        with self.engine.store.reading() as tx:
            items = tx.lists.find(records.WorkItem, where=[*where, _OPEN], order=["wait"])
            letters = tx.lists.find(records.Subscription, where=[*where, _HEARD], order=["wait"])
        return (
            [item for item in items if (item.instance_id, item.wait) not in self.planned],
            [letter for letter in letters if (letter.instance_id, letter.wait) not in self.planned],
        )

    def _before_it_is_late(self, instance_id: str, now: datetime) -> datetime:
        """When somebody outside writes: within days, but within the hour where a case waits no longer."""
        with self.engine.store.reading() as tx:
            ends = [timer.due_at for timer in tx.waits.timers(instance_id) if timer.due_at > now]
        latest = now + (min(ends) - now) * self.chance.uniform(0.1, 0.9) if ends else self.until
        return min(self._working(now, self.chance.uniform(0.5, 60)), latest)

    def _hours(self, item: records.WorkItem, now: datetime) -> float:
        """Most work is done well within its promise, some of it late."""
        promised = (item.due_at - now).total_seconds() / 3600 if item.due_at else 24.0
        share = self.chance.uniform(1.02, 1.6) if self.chance.random() < 0.07 else self.chance.betavariate(1.6, 3)
        return max(0.1, min(promised, 240.0) * share)

    def _work(self, instance_id: str, wait: int) -> Callable[[], str]:
        def happen() -> str:
            if instance_id not in self.cases:
                return ""
            case = self.cases[instance_id]
            with self.engine.store.reading() as tx:
                item = tx.waits.work_item(instance_id, wait)
            who = self._who(item) if item is not None and item.status == "open" else None
            if item is None or who is None:
                return ""
            times = self.done[instance_id, item.node]
            if times >= PATIENCE:
                self._close(instance_id)
                return ""
            shelf = case.kept.tasks.get(item.node) or self._elsewhere(item.node)
            known = habits.answers(
                shelf, key=case.key, begun=case.begun, chance=self.chance, like=case.told if times else None
            )
            for said in known or [{}]:
                try:
                    act.complete(self.engine, work_item_id=item.id, data=said, agent=who, now=self.clock.now())
                except errors.CrmflowError:
                    continue
                self.done[instance_id, item.node] += 1
                return instance_id
            self.refused += 1
            return ""

        return happen

    def _write(self, letter: records.Subscription) -> Callable[[], str]:
        def happen() -> str:
            if letter.instance_id not in self.cases:
                return ""
            case = self.cases[letter.instance_id]
            told = self._hearer(case.kept, letter.name).messages.get(letter.name, [])
            said = habits.answers(told, key=case.key, begun=case.begun, chance=self.chance) or [{}]
            sent = correlate.Letter(name=letter.name, instance_id=letter.instance_id, data=said[0])
            try:
                correlate.correlate(
                    self.engine, letter=sent, agent=SYSTEM, now=self.clock.now(), keep=timedelta(minutes=1)
                )
            except errors.CrmflowError:
                self.refused += 1
            return letter.instance_id

        return happen

    def _hearer(self, kept: Habits, message: str) -> Habits:
        """Whose scenarios know what is said then: the case's own process, or one that it calls."""
        return kept if message in kept.messages else self._hearers.get(message, kept)

    def _likely(self, instance_id: str, message: str) -> float:
        """Nobody outside says what other cases write themselves."""
        if message in self._inner:
            return 0.0
        return self._hearer(self.cases[instance_id].kept, message).likely(message)

    def _elsewhere(self, node: str) -> list[habits.Answer]:
        """A step of a process that the case's own process calls."""
        return [answer for kept in self.known.values() for answer in kept.tasks.get(node, ())]

    def _morning(self, now: datetime) -> None:
        """Timers have opened work overnight, cases have begun by themselves; what is forgotten is closed."""
        with self.engine.store.reading() as tx:
            where = [queries.Where("status", "=", "active")]
            active = tx.lists.find(records.Instance, where=where, order=["started_at", "process", "business_key"])
        for one in active:  # people work on what a clock or another case began as on any other
            if one.id not in self.cases and one.process in self.known:
                key = one.business_key or one.number
                self.cases[one.id] = Lived(self.known[one.process], key, one.started_at, None)
        alive = {one.id for one in active}
        self.cases = {key: case for key, case in self.cases.items() if key in alive}
        self._close_forgotten(now)
        items, letters = self._unplanned()
        new = {item.instance_id for item in items} | {letter.instance_id for letter in letters}
        for key in self.cases:
            if key in new:
                self._plan(key)

    def _close_forgotten(self, now: datetime) -> None:
        """What has asked for work or for an answer so long; an agreement in force may wait as long as it likes."""
        for key in [key for key, case in self.cases.items() if now - case.begun > timedelta(days=FORGOTTEN_DAYS)]:
            with self.engine.store.reading() as tx:
                items, letters = tx.waits.work_items(key), tx.waits.subscriptions(key)
            asked = any(one.trigger == "message" and self._likely(key, one.name) >= habits.USUAL for one in letters)
            if asked or any(item.status == "open" for item in items):
                self._close(key)

    def _close(self, instance_id: str) -> None:
        why = "客户不再回应 / no answer"
        cancel.cancel(self.engine, instance_id=instance_id, reason=why, agent=SYSTEM, now=self.clock.now())
        del self.cases[instance_id]

    def _at(self, moment: datetime, deed: Callable[[], str]) -> None:
        self._number += 1
        heapq.heappush(self.events, (moment, self._number, deed))

    def _working(self, moment: datetime, hours: float) -> datetime:
        return habits.later(moment.astimezone(ZONE), hours).astimezone(moment.tzinfo)

    def _who(self, item: records.WorkItem) -> Agent | None:
        found = able(self._people, item)
        return agents.of(self.chance.choice(found)) if found else None

    def _staff(self) -> list[records.Person]:
        with self.engine.store.reading() as tx:
            return sorted((person for person in tx.people.all() if person.active), key=lambda person: person.key)

    def _bound(self) -> list[records.Customer]:
        """Customers with a contract from before, the same every time."""
        everybody = [one for group in sorted(self._customers) for one in self._customers[group]]
        with self.engine.store.reading() as tx:
            mixed = (tx.customers.get(key) for key in self.chance.sample(everybody, len(everybody)))
            buyers = (one for one in mixed if one is not None and one.kind != "prospect")
            return list(itertools.islice(buyers, CONTRACTS))

    def _by_group(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with self.engine.store.reading() as tx:
            held = groups.book(tx, self.clock.now())
            everybody = tx.customers.search(text="", group="", after="", limit=_MANY)
            for customer in sorted(everybody, key=lambda one: one.number):
                found.setdefault(groups.decide(held, customer, now=self.clock.now()).group, []).append(customer.id)
        return found
