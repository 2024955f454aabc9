"""Target lists: selection, doubles, addresses, frozen versions."""

from typing import Any

import pytest

from engine import records
from engine.domain.audience import holds
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

FACTS = {"city": "上海", "seats": 20, "vip": True, "tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "expected"),
    [
        ("city", "eq", "上海", True),
        ("city", "ne", "上海", False),
        ("city", "contains", "海", True),
        ("seats", "ge", "20", True),
        ("seats", "le", "19.5", False),
        ("seats", "ge", "many", False),
        ("vip", "eq", "true", True),
        ("tags", "contains", "b", True),
        ("unknown", "eq", "", False),
        ("unknown", "ne", "x", True),
    ],
)
def test_a_line_of_the_selector(attribute: str, operator: str, value: str, expected: bool) -> None:
    assert holds({"attribute": attribute, "operator": operator, "value": value}, FACTS) is expected


def customer(store: Store, key: str, group: str, **attributes: Any) -> None:
    record = records.Customer(
        id=key, number=key.upper(), name=key, group=group, attributes=attributes, created_at=NOON, changed_at=NOON
    )
    with store.transaction() as tx:
        tx.customers.add(record)


def test_customers_are_selected_by_group_and_rule(run: Run, store: Store) -> None:
    customer(store, "c-1", "ST", city="上海")
    customer(store, "c-2", "ST", city="北京")
    customer(store, "c-3", "PR-R", city="上海", churn_risk=0.8)
    customer(store, "c-4", "KA", city="上海")
    run("contacts.suppress", instance="complaint", customer="c-1")
    selector = [{"attribute": "city", "operator": "eq", "value": "上海"}]
    found = run("lists.select", groups=["ST", "PR"], selector=selector).data["candidates"]

    told = [(one["customer_id"], one["open_complaint"], one["at_risk"]) for one in found]
    assert told == [("c-1", True, False), ("c-3", False, True)]


def candidate(key: str, phone: str = "", email: str = "") -> dict[str, str]:
    return {"customer_id": key, "phone": phone, "email": email}


def test_of_doubles_the_first_stays_and_bad_addresses_go(run: Run) -> None:
    given = [
        candidate("c-1", "+86 138-0000-0001", "a@example.com"),
        candidate("c-2", "13800000001", "b@example.com"),
        candidate("c-3", "13800000003", "no address"),
        candidate("c-4", "", "d@example.com"),
    ]
    by_phone = run("lists.clean", candidates=given, key="phone", channel="email").data
    by_id = run("lists.clean", candidates=given, key="customer_id", channel="sms").data

    assert [one["customer_id"] for one in by_phone["candidates"]] == ["c-1", "c-4"]
    assert (by_phone["doubles"], by_phone["unreachable"]) == (1, 1)
    assert [one["customer_id"] for one in by_id["candidates"]] == ["c-1", "c-2", "c-3"]


def test_a_person_s_ruling_comes_before_the_rules_verdict(run: Run) -> None:
    candidates = [
        {"customer_id": "c-1", "verdict": "allowed"},
        {"customer_id": "c-2", "verdict": "owner"},
        {"customer_id": "c-3", "verdict": "dropped"},
    ]
    rulings = [{"customer_id": "c-2", "verdict": "allowed", "note": "matters more"}]
    first = run("lists.freeze", job="j-1", campaign="A", candidates=candidates, rulings=rulings).data

    assert first["list_version"] == 1
    assert (first["allowed_count"], first["owner_count"], first["dropped_count"]) == (2, 0, 1)


def test_each_freeze_is_a_version_and_the_same_job_makes_one(run: Run) -> None:
    versions = [
        run("lists.freeze", job=job, campaign="A", candidates=[]).data["list_version"] for job in ("j-1", "j-1", "j-2")
    ]

    assert versions == [1, 1, 2]
