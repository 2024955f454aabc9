"""Self-service: what is somebody else's stays so, and what can be done at once is done."""

from datetime import timedelta
from typing import Any

import pytest

from engine import deals, errors
from engine.model.program import Program
from engine.records import Instance, Process, Written
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run, a_customer

HOUR = timedelta(hours=1)


@pytest.fixture
def world(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(a_customer("c-1", attributes={"region": "east"}))
        tx.customers.add(a_customer("c-2"))
        tx.processes.put(Process(key="TEST", prefix="T", pillar="CSS", texts={"en": "t"}, created_at=NOON))
        tx.programs.add(Program(key="TEST"), process="TEST", now=NOON)
        line = {"sku": "gateway", "qty": 2, "price": 1500}
        for number, status, invoice in (("O-1", "shipped", ""), ("O-2", "invoiced", "INV-7")):
            order = {"id": number, "instance_id": number, "status": status, "invoice": invoice, "lines": (line,)}
            tx.orders.put(deals.Order(customer="c-1", total=3000, payment="prepaid", taken_at=NOON, **order))


def case(store: Store, key: str, *, ago: timedelta = HOUR / 2, customer: str = "c-1", ended: bool = False) -> str:
    with store.transaction() as tx:
        begun = Instance(
            id=key, number=tx.processes.number("TEST"), process="TEST", program=Program(key="TEST").sha256,
            customer_id=customer, business_key=f"B-{key}", status="active", revision=1, started_at=NOON - ago,
            started_by="x",
        )  # fmt: skip
        tx.steps.begin(begun, b"1", Written(now=NOON - ago))
    if ended:
        with store.transaction() as tx:
            kept = tx.steps.read(key)
            assert kept is not None
            tx.steps.write(kept, b"2", "completed", Written(now=NOON))
    return begun.number


def check(ask: Run, kind: str = "other", **more: Any) -> dict[str, Any]:
    return dict(ask("portal.check", request_type=kind, **more).data)


@pytest.mark.parametrize(
    ("kind", "order", "customer", "allowed"),
    [
        ("order_status", "O-1", "c-1", True),
        ("order_status", "O-1", "c-2", False),
        ("invoice_copy", "O-2", "c-2", False),
        ("return_goods", "O-9", "c-1", False),
        ("order_status", "", "c-1", False),
        ("other", "O-1", "c-2", True),
        ("change_address", "", "c-2", True),
    ],
)
def test_an_order_is_asked_about_by_its_customer_only(
    ask: Run, world: None, kind: str, order: str, customer: str, allowed: bool
) -> None:
    told = check(ask, kind, order=order, customer=customer)
    assert told["allowed"] is allowed and bool(told["why"]) is not allowed


def test_so_many_requests_an_hour_and_no_more(ask: Run, world: None, store: Store) -> None:
    for number in range(3):
        case(store, f"i-{number}")
    case(store, "i-old", ago=2 * HOUR)
    assert check(ask, most_per_hour=3, instance="i-new")["allowed"] is False
    assert check(ask, most_per_hour=4, instance="i-new")["allowed"] is True
    assert check(ask, most_per_hour=3, instance="i-2")["allowed"] is True
    assert check(ask, most_per_hour=3, customer="c-2")["allowed"] is True


def test_nobody_is_allowed_nothing(run: Run) -> None:
    told = run("portal.check", request_type="other").data
    assert told["allowed"] is False and "/" in told["why"]


def execute(ask: Run, kind: str, **more: Any) -> tuple[bool, str]:
    told = ask("portal.execute", request_type=kind, **more).data
    return told["done"], told["result_text"]


@pytest.mark.parametrize(
    ("kind", "order", "customer", "expected"),
    [
        ("order_status", "O-1", "c-1", (True, "O-1：已发货 / shipped")),
        ("order_status", "O-1", "c-2", (False, "")),
        ("invoice_copy", "O-2", "c-1", (True, "INV-7: CNY 3000.00")),
        ("invoice_copy", "O-1", "c-1", (False, "")),
        ("invoice_copy", "O-2", "c-2", (False, "")),
    ],
)
def test_status_and_invoice_are_told_to_their_customer(
    ask: Run, world: None, kind: str, order: str, customer: str, expected: tuple[bool, str]
) -> None:
    assert execute(ask, kind, order=order, customer=customer) == expected


def test_the_progress_of_an_own_case_is_told_by_key_or_number(ask: Run, world: None, store: Store) -> None:
    number = case(store, "i-1")
    case(store, "i-2", ended=True)
    assert execute(ask, "case_progress", case_no=number) == (True, f"{number}：处理中 / under way")
    done, told = execute(ask, "case_progress", case_no="B-i-2")
    assert done and "已办结 / done (2026-03-02)" in told
    assert execute(ask, "case_progress", case_no=number, customer="c-2") == (False, "")
    assert execute(ask, "case_progress", case_no="none") == (False, "") == execute(ask, "case_progress")


def test_a_new_address_is_the_customer_s_and_changes_nothing_else(ask: Run, world: None, store: Store) -> None:
    assert execute(ask, "change_address", new_address="苏州 1 号") == (True, "新地址 / new address: 苏州 1 号")
    with store.reading() as tx:
        customer, other = tx.customers.get("c-1"), tx.customers.get("c-2")
    assert customer is not None and customer.attributes == {"region": "east", "address": "苏州 1 号"}
    assert other is not None and other.attributes == {}


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("portal.check", {}, "request_type"),
        ("portal.check", {"request_type": "other", "most_per_hour": "many"}, "most_per_hour"),
        ("portal.execute", {}, "request_type"),
        ("portal.execute", {"request_type": "repair"}, "request_type"),
        ("portal.execute", {"request_type": "change_address"}, "new_address"),
        ("portal.execute", {"request_type": "change_address", "new_address": "x" * 301}, "new_address"),
    ],
)
def test_what_is_none_is_named(ask: Run, world: None, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}


def test_an_address_of_nobody_is_refused_in_both_languages(run: Run) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run("portal.execute", request_type="change_address", new_address="x")
    assert caught.value.code == "customer_missing" and len(caught.value.text) == 2
