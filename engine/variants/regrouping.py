"""What a release of group rules would do: who changes group and why, and which running cases that touches.

Compared is what the rules of today say of each customer with what the draft says, both at this moment, hand-made
decisions and the minimum stay included. Nothing is written.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.customers import groups, rules
from engine.model import problem as problems
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import choose

MOST = 5_000
"""Customers that are looked at: of more than these, those that were registered first."""
PAGE = 500
MOST_CASES = 200
"""Of one customer."""
EXAMPLES_OF_EACH = 3
EXAMPLES = 30
NOBODY = ""
"""The group of whom no rules fit."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """From one group to another, and how many customers would go it."""

    old: str
    new: str
    customers: int


class Example(msgspec.Struct, frozen=True, kw_only=True):
    customer_id: str
    number: str
    name: str
    old: str
    new: str
    before: Text
    """Why it is in the old group."""
    why: Text
    """Why it would be in the new one."""
    cases: int
    """That run for it now."""


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """Running cases of those who would change group, of one process."""

    process: str
    cases: int
    differing: int
    """Of those: the new group has another variant than the old one, as starts without circumstances get it."""
    policy: str
    """What the process does with them when a group changes: ``finish``, or somebody is ``ask``ed."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    customers: int
    looked_at: int
    """Fewer than there are customers when there are more than MOST."""
    moving: int
    held: int
    """Stay for now because of the minimum stay, and change later."""
    ways: tuple[Way, ...]
    """The most customers first."""
    before: Mapping[str, int]
    after: Mapping[str, int]
    """How many would be in each group."""
    examples: tuple[Example, ...]
    touched: tuple[Touched, ...]
    lost: tuple[str, ...]
    """Ids of variants in use whose group would be no more."""


def preview(engine: Engine, *, document: dict[str, Any], agent: Agent, now: datetime) -> Preview:
    """Raises Forbidden, and Invalid with every problem that would stop a release."""
    rights.need(agent, "matrix.see")
    found = groups.check(document, now=now)
    if problems.errors(found):
        raise errors.Invalid("group_rules_wrong", zh="客户群规则有误", en="the group rules are wrong", problems=found)
    new = rules.Book(rules.read(document))
    with engine.store.reading() as tx:
        released = tx.groups.released(now)
        old = rules.Book(rules.read(released.rules)) if released else None
        return _Look(tx, old, new, now).told()


class _Look:
    """One look at the customers."""

    def __init__(self, tx: Transaction, old: rules.Book | None, new: rules.Book, now: datetime) -> None:
        self._tx, self._old, self._new, self._now = tx, old, new, now
        self._offers: dict[str, choose.Offer | None] = {}
        self._ways: Counter[tuple[str, str]] = Counter()
        self._before: Counter[str] = Counter()
        self._after: Counter[str] = Counter()
        self._cases: Counter[str] = Counter()
        self._differing: Counter[str] = Counter()
        self._examples: list[Example] = []
        self._held = 0

    def told(self) -> Preview:
        for customer in self._customers():
            self._one(customer)
        return Preview(
            customers=sum(self._tx.customers.by_group().values()),
            looked_at=sum(self._before.values()),
            moving=sum(self._ways.values()),
            held=self._held,
            ways=tuple(
                Way(old=old, new=new, customers=count)
                for (old, new), count in sorted(self._ways.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
            before=dict(sorted(self._before.items())),
            after=dict(sorted(self._after.items())),
            examples=tuple(self._examples),
            touched=tuple(self._touched()),
            lost=tuple(
                variant.id
                for variant, _ in self._tx.variants.released()
                if variant.customer_group and variant.customer_group not in self._new.groups
            ),
        )

    def _customers(self) -> Iterator[records.Customer]:
        after, left = "", MOST
        while left > 0:
            page = self._tx.customers.search(text="", group="", after=after, limit=min(PAGE, left))
            yield from page
            if len(page) < min(PAGE, left):
                return
            after, left = page[-1].id, left - len(page)

    def _one(self, customer: records.Customer) -> None:
        was = _decided(self._old, customer, self._now) if self._old else None
        then = _decided(self._new, customer, self._now)
        old = was.group if was else customer.group if self._old is None else NOBODY
        new = then.group if then else NOBODY
        self._before[old] += 1
        self._after[new] += 1
        if then is not None and then.how == "held" and old == new:
            self._held += not (was is not None and was.how == "held")
        if old == new:
            return
        cases = self._running(customer, was, then)
        self._ways[old, new] += 1
        if self._ways[old, new] <= EXAMPLES_OF_EACH and len(self._examples) < EXAMPLES:
            self._examples.append(
                Example(
                    customer_id=customer.id,
                    number=customer.number,
                    name=customer.name,
                    old=old,
                    new=new,
                    before=was.says if was else {},
                    why=then.says if then else {},
                    cases=cases,
                )
            )

    def _running(self, customer: records.Customer, was: rules.Decision | None, then: rules.Decision | None) -> int:
        ids = self._tx.moves.active(customer_id=customer.id, limit=MOST_CASES)
        for instance_id in ids:
            instance = self._tx.instances.get(instance_id)
            if instance is None:
                continue
            self._cases[instance.process] += 1
            offered = self._offer(instance.process)
            if offered is not None and _program(offered, self._old, was) != _program(offered, self._new, then):
                self._differing[instance.process] += 1
        return len(ids)

    def _offer(self, process: str) -> choose.Offer | None:
        if process not in self._offers:
            found = self._tx.processes.get(process)
            released = found is not None and self._tx.processes.released(process) is not None
            self._offers[process] = choose.offer(self._tx, found) if found is not None and released else None
        return self._offers[process]

    def _touched(self) -> Iterator[Touched]:
        for process, count in sorted(self._cases.items()):
            found = self._tx.processes.get(process)
            policy = found.details.get("when_group_changes", "finish") if found else "finish"
            yield Touched(
                process=process,
                cases=count,
                differing=self._differing[process],
                policy="finish" if policy == "finish" else "ask",
            )


def _decided(book: rules.Book, customer: records.Customer, now: datetime) -> rules.Decision | None:
    """None where no rule fits and there is no default."""
    try:
        return groups.decide(book, customer, now=now)
    except errors.Conflict:
        return None


def _program(offered: choose.Offer, book: rules.Book | None, decided: rules.Decision | None) -> str:
    return choose.pick_one(offered, book, decided).program
