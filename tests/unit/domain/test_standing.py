"""Where we stand with a customer: papers of each kind, stops, contacts of the week, meetings ahead, kin."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import agenda, care, deals, errors, parties, trade
from engine.domain import standing
from engine.people.agent import Agent
from engine.ports import Transaction
from tests.house import House, house

ANNA = Agent(key="anna", name="Anna", roles=frozenset({"staff"}))
DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        for key in ("c-1", "c-2"):
            made.customer(key, name=f"Company {key}")
        with made.engine.store.transaction() as tx:
            sold(tx, made.now)
            served(tx, made.now)
        yield made


def sold(tx: Transaction, now: datetime) -> None:
    for key, stage in (("d-1", "visit"), ("d-2", "quote"), ("d-3", "lost")):
        closed = {"stage": stage, "closed_at": now if stage == "lost" else None}
        told = {"customer": "c-1", "lead": f"L-{key}", "name": "Pumps", "amount": 5.0, "opened_at": now}
        tx.opportunities.put(deals.Opportunity(id=key, owner="anna", expected_close="2026-05-01", **told, **closed))
    contract = {"term_from": "2026-01-01", "term_to": "2026-12-31", "template": "standard", "drafted_at": now}
    tx.contracts.put(
        deals.Contract(id="k", number="HT-1", customer="c-1", amount=7, status="effective", owner="bo", **contract)
    )
    for n in range(standing.MOST + 2):
        order = {"lines": (), "total": n, "payment": "prepaid", "taken_at": now + n * DAY}
        tx.orders.put(deals.Order(id=f"SO-{n:02}", instance_id=f"i-{n}", customer="c-1", **order))


def served(tx: Transaction, now: datetime) -> None:
    minutes = {"first_response_minutes": 60, "resolution_minutes": 480, "included_calls": 4, "activated_at": now}
    for number, until in (("SA-1", "2027-01-01"), ("SA-2", "2026-01-01")):
        term = {"valid_from": "2025-01-01", "valid_to": until, "calendar": "cn-5x8", "level": "gold"}
        tx.agreements.put(care.Agreement(id=number, n=1, customer="c-1", **term, **minutes))
    for number, ago in (("R-1", 10), ("R-2", 400)):
        back = {"order_no": "SO-01", "lines": (), "opened_at": now - ago * DAY}
        tx.returns.put(care.Return(id=number, customer="c-1", **back))


def told(home: House, customer: str = "c-1") -> standing.Standing:
    return standing.of_customer(home.engine, customer_id=customer, agent=ANNA, now=home.now)


def papers(home: House, kind: str) -> list[tuple[str, str]]:
    return [(one.number, one.status) for one in told(home).papers if one.kind == kind]


def test_papers_are_told_kind_by_kind_the_newest_first_and_only_so_many(home: House) -> None:
    assert papers(home, "deal") == [("L-d-2", "quote"), ("L-d-1", "visit")], "what is lost is history"
    assert papers(home, "contract") == [("HT-1", "effective")]
    assert papers(home, "order") == [(f"SO-{n:02}", "taken") for n in range(standing.MOST + 1, 1, -1)]
    assert papers(home, "agreement") == [("SA-1", "active"), ("SA-2", "over")]
    assert papers(home, "return") == [("R-1", "authorised")]
    assert told(home, "c-2") == standing.Standing(papers=(), stops=(), contacts=(), meetings=(), kin=())


def test_stops_are_told_until_they_are_lifted(home: House) -> None:
    def stop(key: str) -> trade.MarketingStop:
        return trade.MarketingStop(id=key, customer="c-1", reason=f"complaint {key}", since=home.now)

    with home.engine.store.transaction() as tx:
        tx.contacts.stop(stop("a"))
        tx.contacts.stop(stop("b"))
        tx.contacts.lift("a", home.now)
    assert [one.reason for one in told(home).stops] == ["complaint b"]
    assert told(home, "c-2").stops == ()


@pytest.mark.parametrize(
    ("ago", "status", "expires", "counts"),
    [(1, "used", 9, True), (1, "reserved", 9, True), (1, "reserved", -1, False), (8, "used", 9, False)],
)
def test_contacts_are_those_that_the_budget_counts(
    home: House, ago: int, status: Any, expires: int, counts: bool
) -> None:
    made = trade.Reservation(
        id="r", customer="c-1", campaign="C", channel="email", priority=1, status=status,
        reserved_at=home.now - ago * DAY, expires_at=home.now + expires * DAY,
    )  # fmt: skip
    with home.engine.store.transaction() as tx:
        tx.contacts.add(made)
    assert [one.id for one in told(home).contacts] == (["r"] if counts else [])


def test_meetings_are_those_ahead_and_kin_is_seen_from_both_sides(home: House) -> None:
    with home.engine.store.transaction() as tx:
        for key, days, status in (
            ("m-2", 2, "booked"),
            ("m-1", 1, "booked"),
            ("m-0", -1, "booked"),
            ("x", 1, "missed"),
        ):
            begin = home.now + days * DAY
            more = {"kind": "visit", "attendees": ("anna",), "booked_at": home.now, "status": status}
            span = {"starts_at": begin, "ends_at": begin + DAY / 24}
            tx.diary.put(agenda.Appointment(id=key, customer="c-1", **span, **more))
        tx.parties.relate(parties.Relation(party="c-1", other="c-2", kind="parent", since=home.now))
    assert [one.id for one in told(home).meetings] == ["m-1", "m-2"]
    assert [(one.kind, one.name) for one in told(home).kin] == [("parent", "Company c-2")]
    assert [(one.kind, one.customer) for one in told(home, "c-2").kin] == [("of_parent", "c-1")]


def test_who_is_nobody_s_customer_is_told_in_both_languages_and_a_stranger_sees_nothing(home: House) -> None:
    with pytest.raises(errors.NotFound) as refused:
        told(home, "c-9")
    assert refused.value.text == {"zh-CN": "没有此客户。", "en": "There is no such customer."}
    with pytest.raises(errors.Forbidden):
        nobody = Agent(key="n", name="N", roles=frozenset())
        standing.of_customer(home.engine, customer_id="c-1", agent=nobody, now=home.now)
