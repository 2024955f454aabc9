"""A real store, and jobs as the dispatcher would hand them to a handler."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine import records
from engine.domain import handlers
from engine.model.text import Text
from engine.ports import JobAnswer, JobCall
from engine.schedule import calendars
from engine.store.unit_of_work import Store
from tests.house import migrated

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""
Run = Callable[..., JobAnswer]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    migrated(tmp_path / "crmflow.db")
    opened = Store(f"sqlite:///{tmp_path}/crmflow.db", bell=lambda rings: None)
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store) -> Run:
    """``run("contacts.reserve", job="j-1", now=..., campaign=...)``: the rest is the job's input."""
    known = handlers.of(store)

    def call(handler: str, *, job: str = "j-1", instance: str = "i-1", now: datetime = NOON, **given: Any) -> JobAnswer:
        return known[handler](
            JobCall(
                id=job,
                handler=handler,
                input=given,
                headers={},
                attempt=1,
                now=now,
                instance_id=instance,
                process="TEST",
                business_key=None,
                customer=None,
            )
        )

    return call


@pytest.fixture
def ask(store: Store) -> Run:
    """As ``run``, for a job of the customer ``c-1`` or another: ``ask("returns.authorise", customer="c-2", ...)``."""
    known = handlers.of(store)

    def call(
        handler: str,
        *,
        customer: str = "c-1",
        job: str = "j-1",
        instance: str = "i-1",
        now: datetime = NOON,
        **given: Any,
    ) -> JobAnswer:
        with store.reading() as tx:
            who = tx.customers.get(customer)
        return known[handler](
            JobCall(
                id=job,
                handler=handler,
                input=given,
                headers={},
                attempt=1,
                now=now,
                instance_id=instance,
                process="TEST",
                business_key=None,
                customer=who or a_customer(customer),
            )
        )

    return call


def a_customer(key: str, **more: Any) -> records.Customer:
    told = {"number": key.upper(), "name": key, "created_at": NOON, "changed_at": NOON} | more
    return records.Customer(id=key, **told)


@pytest.fixture
def person(store: Store) -> Callable[..., None]:
    def add(key: str, *groups: str, active: bool = True, skills: tuple[str, ...] = ()) -> None:
        with store.transaction() as tx:
            known = {group.key for group in tx.people.groups()}
            for group in set(groups) - known:
                tx.people.put_group(records.StaffGroup(key=group, texts={"en": group}))
            tx.people.put(
                records.Person(
                    key=key, name=key, locale="en", groups=groups, active=active, skills=skills, created_at=NOON
                )
            )

    return add


def a_calendar(key: str, holidays: Mapping[date, Text] | None = None) -> records.HouseCalendar:
    """The house's own: weekdays from nine to twelve and from one to six, in Shanghai."""
    day, shipped = ((540, 720), (780, 1080)), calendars.BUILT_IN["cn-5x8"]
    return records.HouseCalendar(
        key=key,
        texts={"zh-CN": key, "en": key},
        zone=str(shipped.tz),
        weeks=(day, day, day, day, day, (), ()),
        makeup=day,
        holidays=dict(holidays or {}),
        changed_at=NOON,
        changed_by="boss",
    )


def an_absence(person: str, begin: datetime, end: datetime, **more: Any) -> records.Absence:
    told = {"id": f"{person} {begin}", "set_by": person, "created_at": NOON, "due_at": begin} | more
    return records.Absence(person=person, starts_at=begin, ends_at=end, **told)
