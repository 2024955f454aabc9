"""Leads, the pool, the contact budget and the books of the small CRM services, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from engine import trade
from engine.store.unit_of_work import Store
from tests.store.rows import NOW

DAY = timedelta(days=1)


def lead(key: str, **more: Any) -> trade.Lead:
    return trade.Lead(**{"id": key, "name": key, "created_at": NOW} | more)


def pooled(key: str, **more: Any) -> trade.PooledLead:
    return trade.PooledLead(**{"lead": key, "pool": "public", "pooled_at": NOW} | more)


def reservation(key: str, **more: Any) -> trade.Reservation:
    values = {
        "id": key,
        "customer": "c-1",
        "campaign": "spring",
        "channel": "sms",
        "priority": 1,
        "reserved_at": NOW,
        "expires_at": NOW + DAY,
    }
    return trade.Reservation(**values | more)


# --- leads -----------------------------------------------------------------------------------------------------------


def test_a_lead_is_kept_once_and_what_is_there_stays(store: Store) -> None:
    first = lead("L-1", name="李", company="Acme", phone="+8613800000000", email="li@a.test", consent=True, owner="bo")
    with store.transaction() as tx:
        tx.leads.keep(first)
        tx.leads.keep(lead("L-1", name="somebody else"))
    with store.reading() as tx:
        assert tx.leads.known("L-1") == first
        assert tx.leads.known("L-2") is None


def test_what_a_party_said_again_joins_its_lead_and_no_other(store: Store) -> None:
    said: list[dict[str, Any]] = [{"need": "报价", "at": "2026-03-02"}, {"need": "demo"}]
    with store.transaction() as tx:
        tx.leads.keep(lead("L-1"))
        tx.leads.keep(lead("L-2"))
        tx.leads.join("L-1", said)
    with store.reading() as tx:
        found, other = tx.leads.known("L-1"), tx.leads.known("L-2")
    assert found is not None and found.joined == tuple(said)
    assert other is not None and other.joined == ()


def test_leads_are_reached_by_phone_or_e_mail_oldest_first_and_never_by_nothing(store: Store) -> None:
    with store.transaction() as tx:
        tx.leads.keep(lead("L-1", phone="1", email="a@a.test", created_at=NOW + DAY))
        tx.leads.keep(lead("L-2", phone="1", email="b@b.test"))
        tx.leads.keep(lead("L-3", phone="", email=""))
    table: list[tuple[str, str, list[str]]] = [
        ("1", "", ["L-2", "L-1"]),
        ("", "a@a.test", ["L-1"]),
        ("1", "b@b.test", ["L-2", "L-1"]),
        ("2", "b@b.test", ["L-2"]),
        ("2", "", []),
        ("", "", []),
    ]
    with store.reading() as tx:
        for phone, email, wanted in table:
            assert [one.id for one in tx.leads.reached_by(phone, email)] == wanted, (phone, email)


def test_leads_are_found_by_part_of_name_or_company_as_it_is_written(store: Store) -> None:
    with store.transaction() as tx:
        tx.leads.keep(lead("L-1", name="Li Wei", company="100% Steel"))
        tx.leads.keep(lead("L-2", name="王伟", company="STEEL_WORKS", created_at=NOW + DAY))
    table: list[tuple[str, int, list[str]]] = [
        ("steel", 9, ["L-2", "L-1"]),
        ("steel", 1, ["L-2"]),
        ("王", 9, ["L-2"]),
        ("wei", 9, ["L-1"]),
        ("100%", 9, ["L-1"]),
        ("l_w", 9, ["L-2"]),
        ("i%i", 9, []),
    ]
    with store.reading() as tx:
        for part, limit, wanted in table:
            assert [one.id for one in tx.leads.named_like(part, limit)] == wanted, part


def test_the_pool_holds_what_nobody_has_claimed_the_longest_pooled_first(store: Store) -> None:
    with store.transaction() as tx:
        for one in (pooled("b"), pooled("a"), pooled("c", pooled_at=NOW - DAY), pooled("d", pool="other")):
            tx.leads.pool(one)
        tx.leads.lock("anna")
        assert [one.lead for one in tx.leads.in_pool("public")] == ["c", "a", "b"]
        assert tx.leads.claim("a", "anna", NOW)
        assert not tx.leads.claim("a", "bo", NOW), "another has it"
        assert not tx.leads.claim("nothing", "bo", NOW)
        assert [one.lead for one in tx.leads.in_pool("public")] == ["c", "b"]
        found = tx.leads.get("a")
        assert found is not None and (found.claimed_by, found.claimed_at) == ("anna", NOW)
        assert tx.leads.get("nothing") is None
        assert [tx.leads.claims("anna", since) for since in (NOW - DAY, NOW, NOW + DAY)] == [1, 1, 0]
        assert tx.leads.claims("bo", NOW - DAY) == 0
        tx.leads.pool(pooled("a", former="anna", pooled_at=NOW + DAY))
    with store.reading() as tx:
        assert [one.lead for one in tx.leads.in_pool("public")] == ["c", "b", "a"]
        again = tx.leads.get("a")
        assert again == pooled("a", former="anna", pooled_at=NOW + DAY)
        assert tx.leads.claims("anna", NOW - DAY) == 0


def test_turns_are_counted_by_person_with_the_last_of_them(store: Store) -> None:
    with store.transaction() as tx:
        tx.leads.picked("anna", "j-1", NOW)
        tx.leads.picked("anna", "j-2", NOW + DAY)
        tx.leads.picked("bo", "j-3", NOW)
    with store.reading() as tx:
        assert dict(tx.leads.picks(["anna", "bo", "chen"])) == {"anna": (2, NOW + DAY), "bo": (1, NOW)}
        assert dict(tx.leads.picks([])) == {}
        assert [tx.leads.picked_for(job) for job in ("j-1", "j-3", "j-9")] == ["anna", "bo", None]


# --- the contact budget ----------------------------------------------------------------------------------------------


def test_held_are_used_ones_and_reserved_ones_that_have_not_run_out(store: Store) -> None:
    kept = [
        reservation("j:1", reserved_at=NOW - DAY),
        reservation("j:2", status="used", expires_at=NOW - DAY),
        reservation("j:3", expires_at=NOW),
        reservation("j:4", status="released"),
        reservation("j:5", customer="c-2"),
        reservation("k:6", campaign="autumn", reserved_at=NOW + timedelta(hours=1)),
    ]
    with store.transaction() as tx:
        tx.contacts.lock("c-1")
        tx.contacts.lock("c-1")
        for one in kept:
            tx.contacts.add(one)
    table: list[tuple[timedelta, list[str]]] = [
        (2 * DAY, ["k:6", "j:2", "j:1"]),
        (DAY, ["k:6", "j:2"]),
        (timedelta(), ["k:6"]),
    ]
    with store.reading() as tx:
        for back, wanted in table:
            assert [one.id for one in tx.contacts.held("c-1", NOW - back, NOW)] == wanted, back
        assert tx.contacts.held("c-9", NOW - DAY, NOW) == []


def test_a_job_finds_its_own_reservations_and_no_job_that_begins_like_it(store: Store) -> None:
    with store.transaction() as tx:
        for key in ("i.1:c-1", "i.1:c-2", "i.12:c-1", "i_1:c-1"):
            tx.contacts.add(reservation(key))
    with store.reading() as tx:
        assert sorted(one.id for one in tx.contacts.of_job("i.1")) == ["i.1:c-1", "i.1:c-2"]
        assert [one.id for one in tx.contacts.of_job("i_1")] == ["i_1:c-1"]
        assert tx.contacts.of_job("i") == []


def test_a_campaign_settles_what_it_still_has_reserved(store: Store) -> None:
    with store.transaction() as tx:
        for one in (
            reservation("a"),
            reservation("b"),
            reservation("c", campaign="x"),
            reservation("d", status="used"),
        ):
            tx.contacts.add(one)
        assert tx.contacts.settle("spring", "released") == 2
        assert tx.contacts.settle("spring", "used") == 0, "what is settled stays so"
        assert [one.id for one in tx.contacts.held("c-1", NOW - DAY, NOW)] == ["c", "d"]


def test_a_customer_is_stopped_until_every_stop_is_lifted(store: Store) -> None:
    def stop(key: str, customer: str = "c-1") -> trade.MarketingStop:
        return trade.MarketingStop(id=key, customer=customer, reason="complaint", since=NOW)

    with store.transaction() as tx:
        for one in (stop("i-1"), stop("i-1", "c-7"), stop("i-2"), stop("i-3", "c-2")):
            tx.contacts.stop(one)
        asked = ["c-1", "c-2", "c-3", "c-7"]
        assert tx.contacts.stopped(asked) == {"c-1", "c-2"}, "the same case asks once"
        tx.contacts.lift("i-1", NOW)
        assert tx.contacts.stopped(asked) == {"c-1", "c-2"}
        tx.contacts.lift("i-2", NOW)
        tx.contacts.lift("i-9", NOW)
        assert tx.contacts.stopped(asked) == {"c-2"}
        assert tx.contacts.stopped([]) == set()


# --- the books -------------------------------------------------------------------------------------------------------


PRODUCT = trade.Product(key="p", texts={"zh-CN": "泵", "en": "Pump"}, list_price=99.5, stock=3, lead_days=14)
FILE = trade.CreditFile(id_no="110101", points=640, arrears_months=2, income=12500.25, fraud_hits=1)
CASE = trade.CaseRecord(
    instance_id="i-1", process="CSS-01", customer="c-1", outcome="done", cost=12.5, seconds=3600, recorded_at=NOW
)


@pytest.mark.parametrize(
    ("put", "get", "key", "first", "changed"),
    [
        ("put_product", "product", "p", PRODUCT, {"stock": 2, "list_price": 0.1}),
        ("put_credit_file", "credit_file", "110101", FILE, {"income": None, "points": 0}),
        ("record_case", "case", "i-1", CASE, {"outcome": "reopened", "seconds": 2**40}),
    ],
)
def test_each_book_gives_back_what_was_written_and_keeps_the_last_of_a_key(
    store: Store, put: str, get: str, key: str, first: Any, changed: dict[str, Any]
) -> None:
    last = type(first)(**{name: getattr(first, name) for name in first.__struct_fields__} | changed)
    for record in (first, last):
        with store.transaction() as tx:
            getattr(tx.ledger, put)(record)
        with store.reading() as tx:
            assert getattr(tx.ledger, get)(key) == record
            assert getattr(tx.ledger, get)("none") is None


def test_valuations_are_found_by_place_however_it_is_spaced(store: Store) -> None:
    long = "北京市 " + "朝阳区 " * 400
    with store.transaction() as tx:
        tx.ledger.put_valuation("1 High  Street", 250000.5)
        tx.ledger.put_valuation(long, 1.0)
        tx.ledger.put_valuation(" 1 High Street ", 300000.0)
    with store.reading() as tx:
        assert tx.ledger.valuation("1  High Street") == 300000.0
        assert tx.ledger.valuation(long.strip()) == 1.0
        assert tx.ledger.valuation("1 high street") is None


def test_a_list_is_frozen_once_for_each_job_and_numbered_by_campaign(store: Store) -> None:
    members = [{"customer": "c-1", "score": 0.5}]
    with store.transaction() as tx:
        first = tx.ledger.freeze("spring", members, "j-1", NOW)
        second = tx.ledger.freeze("spring", [], "j-2", NOW)
        other = tx.ledger.freeze("autumn", [], "j-3", NOW)
    with store.transaction() as tx:
        again = tx.ledger.freeze("spring", [{"customer": "c-9"}], "j-1", NOW + DAY)
    assert (first.n, second.n, other.n) == (1, 2, 1)
    assert again == first
    assert again.members == members


def test_causes_are_counted_once_for_each_job_within_their_time(store: Store) -> None:
    with store.transaction() as tx:
        for number in range(3):
            tx.ledger.count_cause(f"j-{number}", "late", "delivery", NOW + number * DAY)
        tx.ledger.count_cause("j-2", "late", "delivery", NOW + 2 * DAY)
        tx.ledger.count_cause("j-4", "late", "service", NOW)
        tx.ledger.count_cause("j-5", "rude", "delivery", NOW)
    table = [("late", "delivery", -DAY, 3), ("late", "delivery", timedelta(), 2), ("late", "delivery", 2 * DAY, 0),
             ("late", "service", -DAY, 1), ("rude", "service", -DAY, 0)]  # fmt: skip
    with store.reading() as tx:
        for cause, category, since, count in table:
            assert tx.ledger.causes(cause, category, NOW + since) == count, (cause, category, since)


def test_tickets_are_linked_to_a_problem_once_in_the_order_they_came(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.link_problem("p-1", "t-2", NOW)
        tx.ledger.link_problem("p-1", "t-1", NOW + DAY)
        tx.ledger.link_problem("p-2", "t-1", NOW)
        tx.ledger.link_problem("p-1", "t-0", NOW)
    with store.reading() as tx:
        assert tx.ledger.linked("p-1") == ["t-0", "t-2", "t-1"]
        assert tx.ledger.linked("p-3") == []
    with store.transaction() as tx:
        tx.ledger.link_problem("p-1", "t-0", NOW + 2 * DAY)
        assert tx.ledger.linked("p-1") == ["t-2", "t-1", "t-0"]
