"""A year of the sample company, lived through by the engine itself on a clock of its own.

Customers ask, staff answer, timers fire, promises are kept and broken: the same year every time, for the same day.
"""

import dataclasses
import heapq
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine import dispatch, errors, records
from engine.clock import HandClock
from engine.customers import groups
from engine.inbox import act
from engine.messages import correlate
from engine.people import agents
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine
from engine.runtime import cancel, start
from engine.sample import habits
from engine.sample.case import able
from engine.sample.habits import Beginning, Habits

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 365
QUIET_DAYS = 2
"""The last days belong to the cases under way that are told one by one."""
FORGOTTEN_DAYS = 150
"""What waits longer is closed by somebody."""
HOUSE_KEEPING = (
    "MA-01-round",
    "MA-05",
    "MA-09",
    "MA-10-watch",
    "SFA-10",
    "SFA-10-unit",
    "SFA-11",
    "SFA-13",
    "SFA-15-before",
    "SFA-16",
    "X-02-phase",
    "X-02-selection",
    "X-04",
    "X-05",
)
"""Not begun here: kept for comparison, begun by the house, about a campaign or contract that must be there, or with
sums that have to be right."""
_SEED = 7
_ROUNDS = 50
_MANY = 10_000


class Year:
    """``events`` is a heap of (when, number, what happens then)."""

    def __init__(self, engine: Engine, catalogue: Path, *, now: datetime, cases: int) -> None:
        self.until = now - timedelta(days=QUIET_DAYS)
        self.clock = HandClock(now - timedelta(days=DAYS))
        self.engine = dataclasses.replace(engine, clock=self.clock)
        self.chance = random.Random(_SEED)
        self.known = {key: one for key, one in habits.learn(catalogue).items() if key not in HOUSE_KEEPING}
        self._messages = {name: shelf for kept in self.known.values() for name, shelf in kept.messages.items()}
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.planned: set[tuple[str, int]] = set()
        self.cases: dict[str, tuple[Habits, str, datetime]] = {}
        self.refused = 0
        self.begun = 0
        self._number = 0
        self._customers = self._by_group()
        self._people = self._staff()
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
            if self.events and self.events[0][0] <= moment:
                heapq.heappop(self.events)[2]()
            if not dispatch.settle(self.engine, now=self.clock.now(), rounds=_ROUNDS):
                break
            if (moment - first).days > day:
                day = (moment - first).days
                self._morning(moment)
                told(day, DAYS)
        told(DAYS, DAYS)

    def _begin(self, cases: int) -> None:
        """Customers come at any working moment, more of them as the company grows."""
        keys = sorted(key for key, kept in self.known.items() if kept.beginnings)
        length = self.until - self.clock.now()
        for _ in range(cases):
            kept = self.known[self.chance.choice(keys)]
            how = self.chance.choice(kept.beginnings)
            moment = self.clock.now() + length * max(self.chance.random(), self.chance.random() * 0.9)
            self._at(self._working(moment, 0), self._start(kept, how))

    def _start(self, kept: Habits, how: Beginning) -> Callable[[], None]:
        def happen() -> None:
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
                self.refused += 1
                return
            self.cases[begun.instance.id] = (kept, key, now)
            self._plan(begun.instance.id)

        return happen

    def _customer(self, how: Beginning) -> str | None:
        if how.told.customer is None:
            return None
        several = self._customers.get(how.group) or [one for some in self._customers.values() for one in some]
        return self.chance.choice(several)

    def _plan(self, instance_id: str) -> None:
        """When somebody will do what waits in a case now; what was planned before is left alone."""
        with self.engine.store.reading() as tx:
            items, letters = tx.waits.work_items(instance_id), tx.waits.subscriptions(instance_id)
        now = self.clock.now()
        for item in items:
            if item.status == "open" and (instance_id, item.wait) not in self.planned:
                self.planned.add((instance_id, item.wait))
                self._at(self._working(now, self._hours(item, now)), self._work(instance_id, item.wait))
        for letter in letters:
            if letter.trigger == "message" and (instance_id, letter.wait) not in self.planned:
                self.planned.add((instance_id, letter.wait))
                if self.chance.random() < 0.8:
                    self._at(self._working(now, self.chance.uniform(0.5, 60)), self._write(letter))

    def _hours(self, item: records.WorkItem, now: datetime) -> float:
        """Most work is done well within its promise, some of it late."""
        promised = (item.due_at - now).total_seconds() / 3600 if item.due_at else 24.0
        share = self.chance.uniform(1.02, 1.6) if self.chance.random() < 0.07 else self.chance.betavariate(1.6, 3)
        return max(0.1, min(promised, 240.0) * share)

    def _work(self, instance_id: str, wait: int) -> Callable[[], None]:
        def happen() -> None:
            if instance_id not in self.cases:
                return
            kept, key, begun = self.cases[instance_id]
            with self.engine.store.reading() as tx:
                item = tx.waits.work_item(instance_id, wait)
            who = self._who(item) if item is not None and item.status == "open" else None
            if item is None or who is None:
                return
            shelf = kept.tasks.get(item.node) or self._elsewhere(item.node)
            for said in habits.answers(shelf, key=key, begun=begun, chance=self.chance) or [{}]:
                try:
                    act.complete(self.engine, work_item_id=item.id, data=said, agent=who, now=self.clock.now())
                except errors.CrmflowError:
                    continue
                self._plan(instance_id)
                return
            self.refused += 1

        return happen

    def _write(self, letter: records.Subscription) -> Callable[[], None]:
        def happen() -> None:
            if letter.instance_id not in self.cases:
                return
            kept, key, begun = self.cases[letter.instance_id]
            told = kept.messages.get(letter.name) or self._messages.get(letter.name, [])
            said = habits.answers(told, key=key, begun=begun, chance=self.chance) or [{}]
            sent = correlate.Letter(name=letter.name, instance_id=letter.instance_id, data=said[0])
            try:
                correlate.correlate(
                    self.engine, letter=sent, agent=SYSTEM, now=self.clock.now(), keep=timedelta(minutes=1)
                )
            except errors.CrmflowError:
                self.refused += 1
            self._plan(letter.instance_id)

        return happen

    def _elsewhere(self, node: str) -> list[habits.Answer]:
        """A step of a process that the case's own process calls."""
        return [answer for kept in self.known.values() for answer in kept.tasks.get(node, ())]

    def _morning(self, now: datetime) -> None:
        """Timers have opened work overnight; what is forgotten is closed."""
        with self.engine.store.reading() as tx:
            alive = {key for key in self.cases if (one := tx.instances.get(key)) is not None and one.status == "active"}
        for key in list(self.cases):
            if key not in alive:
                del self.cases[key]
            elif now - self.cases[key][2] > timedelta(days=FORGOTTEN_DAYS):
                cancel.cancel(self.engine, instance_id=key, reason="客户不再回应 / no answer", agent=SYSTEM, now=now)
                del self.cases[key]
            else:
                self._plan(key)

    def _at(self, moment: datetime, deed: Callable[[], None]) -> None:
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

    def _by_group(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with self.engine.store.reading() as tx:
            held = groups.book(tx, self.clock.now())
            everybody = tx.customers.search(text="", group="", after="", limit=_MANY)
            for customer in sorted(everybody, key=lambda one: one.number):
                found.setdefault(groups.decide(held, customer, now=self.clock.now()).group, []).append(customer.id)
        return found
