"""What goes over the line to another CRM, and what becomes of the house's work when it fails or talks nonsense."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine import errors
from engine.domain import handlers
from engine.ports import JobCall
from engine.store.unit_of_work import Store
from tests import outside_world as world
from tests.outside_world import Heard, Reply
from tests.ports import samples
from tests.ports.crm import Crm
from tests.unit.domain.conftest import a_customer
from tests.unit.domain.test_another_crm import lived

NOON = samples.NOON


def heard(server: world.Web, method: str) -> list[Heard]:
    return [one for one in server.heard if one.method == method]


def test_nothing_is_sent_before_everything_else_is_done(store: Store, server: world.Web) -> None:
    with store.transaction() as tx:
        tx.orders.put(samples.order("a"))
        tx.orders.put(samples.order("a", reason="second thoughts"))
        tx.orders.put(samples.order("b/c"))
        assert heard(server, "PUT") == []
    sent = heard(server, "PUT")
    assert [one.path for one in sent] == ["/orders/a", "/orders/b%2Fc"], "each once, as it was in the end"
    assert json.loads(sent[0].body)["reason"] == "second thoughts"
    assert {one.headers["authorization"] for one in sent} == {"Bearer s3cret"}


def test_what_was_read_is_changed_only_as_it_was_read(store: Store, server: world.Web, crm: Crm) -> None:
    with store.transaction() as tx:
        assert tx.orders.get("a") is None
        tx.orders.put(samples.order("a"))
    with store.transaction() as tx:
        tx.orders.put(tx.orders.get("a"))
    new, changed = heard(server, "PUT")
    assert new.headers["if-none-match"] == "*" and changed.headers["if-match"] == '"1"'


def test_who_was_overtaken_there_does_it_again_with_what_stands_now(store: Store, crm: Crm) -> None:
    with store.transaction() as tx:
        tx.orders.put(samples.order("a", reason="0"))
    tries = []

    def change(tx: Any) -> None:
        seen = tx.orders.get("a")
        tries.append(seen.reason)
        if len(tries) == 1:  # somebody changes it there, past this house
            n, record = crm.kept["orders"]["a"]
            crm.kept["orders"]["a"] = (n + 1, {**record, "reason": "theirs"})
        tx.orders.put(samples.order("a", reason=f"{seen.reason}, ours"))

    store.run(change)
    assert tries == ["0", "theirs"]
    assert crm.kept["orders"]["a"][1]["reason"] == "theirs, ours"


def saying(reply: Reply, method: str = "") -> Callable[[Heard], Reply | None]:
    return lambda heard: reply if heard.method.startswith(method) else None


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(500), "GET was answered with 500"),
        (Reply(401), "GET was answered with 401"),
        (Reply(200, b"<html>"), "makes no sense"),
        (Reply(200, b'{"id": "a"}'), "makes no sense: Object missing required field"),
        (Reply(200, b"\xff\xfe"), "makes no sense"),
        (Reply(200, b"[" * 100_000), "makes no sense"),
    ],
)
def test_nonsense_is_told_with_its_place_in_both_languages(store: Store, crm: Crm, reply: Reply, said: str) -> None:
    crm.mood = saying(reply)
    with store.reading() as tx, pytest.raises(errors.Unavailable) as refused:
        tx.orders.get("a")
    assert said in refused.value.text["en"] and "/orders" in refused.value.text["en"]
    assert "/orders：" in refused.value.text["zh-CN"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"items": [{"id": 7}]}, "makes no sense"),
        ({"items": "all"}, "makes no sense"),
        ({"items": [], "next": "http://192.0.2.1/orders"}, "on another server"),
        ({"items": [], "next": "/orders?core=远景"}, "makes no sense"),
        ({"items": [], "next": "file:///etc/passwd"}, "makes no sense"),
    ],
)
def test_a_page_of_nonsense_is_told(store: Store, crm: Crm, page: dict[str, Any], said: str) -> None:
    crm.mood = saying(Reply.of(page))
    with store.reading() as tx, pytest.raises(errors.Unavailable, match=said):
        tx.orders.of_customer("c-1")


def test_pages_without_end_are_cut_off(store: Store, crm: Crm) -> None:
    items = [json.loads(json.dumps({**crm_order(n)})) for n in range(1001)]
    crm.mood = saying(Reply.of({"items": items, "next": "/orders?again"}))
    with store.reading() as tx, pytest.raises(errors.Unavailable, match="more than 5000"):
        tx.orders.of_customer("c-1")


def crm_order(n: int) -> dict[str, Any]:
    told = {"instance_id": "i", "customer": "c-1", "lines": [], "total": 1.0, "payment": "prepaid"}
    return {"id": str(n), **told, "taken_at": "2026-03-02T04:00:00Z"}


def test_what_cannot_be_sent_undoes_the_house_s_own_work_too(store: Store, crm: Crm) -> None:
    crm.mood = saying(Reply(503), "PUT")
    with pytest.raises(errors.Unavailable, match="PUT was answered with 503"), store.transaction() as tx:
        tx.customers.add(a_customer("c-1"))
        tx.orders.put(samples.order("a"))
    with store.reading() as tx:
        assert tx.customers.get("c-1") is None


def test_work_that_is_done_again_sends_the_same_once_more(store: Store, crm: Crm) -> None:
    """Two records; the second cannot be sent. The first stays there, and is the same after the next try."""
    refuse = {"b"}
    crm.mood = lambda heard: Reply(503) if heard.method == "PUT" and heard.path[-1] in refuse else None

    def work(tx: Any) -> None:
        for key in ("a", "b"):
            tx.orders.get(key)
            tx.orders.put(samples.order(key))

    with pytest.raises(errors.Unavailable):
        store.run(work)
    refuse.clear()
    store.run(work)
    assert sorted(crm.kept["orders"]) == ["a", "b"]


def test_a_job_takes_an_order_that_another_system_keeps(store: Store, crm: Crm) -> None:
    line = {"sku": "pump", "qty": 1, "price": 5}
    job = JobCall(
        id="j", handler="orders.take", input={"number": "SO-1", "lines": [line], "payment": "prepaid"}, headers={},
        attempt=1, now=NOON, instance_id="i-1", process="T", business_key=None, customer=a_customer("c-1"),
    )  # fmt: skip
    handlers.of(store)["orders.take"](job)
    assert crm.kept["orders"]["SO-1"][1]["total"] == 5


def test_the_same_handlers_give_equal_answers_over_rest(store: Store, own: Store) -> None:
    """Quotes here, contracts and orders there: a quote that becomes a contract and an order."""
    assert lived(store) == lived(own)
