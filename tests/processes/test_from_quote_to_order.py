"""A quote in a real house: quoted, changed, accepted, made into an order and a contract without typing it again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine import deals, errors
from engine.domain import quoting
from engine.inbox import listing
from engine.messages import correlate
from engine.people.agent import SYSTEM, Agent
from engine.runtime import instances
from engine.trade import Product
from tests.processes.life import BEGIN, Life, living

NEEDED = ("SFA-03", "SFA-04", "SFA-04-watch", "SFA-05")
ROBOT = Agent(key="nobody", name="Nobody", roles=frozenset())
LINE = {"product": "call_centre", "options": [], "qty": 10, "list_price": 1200, "discount": 5}
OFFER = {"currency": "CNY", "valid_until": "2026-03-31", "payment_terms": "instalments"}
DELIVERY = {"requested_date": "2026-04-15", "ship_to": "上海市浦东新区 1 号 / 1 Pudong Road"}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("quote"), NEEDED) as alive:
        with alive.engine.store.transaction() as tx:
            told = {"zh-CN": "呼叫中心", "en": "Call centre"}
            tx.ledger.put_product(
                Product(key="call_centre", texts=told, list_price=1200, stock=400, lead_days=14, unit_cost=900)
            )
        yield alive


def told(life: Life, number: str) -> list[tuple[int, str]]:
    found = quoting.get(life.engine, number=number, agent=SYSTEM)
    return [(one.version, one.status) for one in found.versions]


def refused(life: Life, deed: Any, number: str, **more: Any) -> errors.CrmflowError:
    with pytest.raises(errors.CrmflowError) as caught:
        deed(life.engine, number=number, agent=SYSTEM, now=life.now, **more)
    return caught.value


def test_a_quote_goes_from_draft_to_order_and_contract(life: Life) -> None:
    case = life.begin("SFA-03", "need-1", need="十个座席的呼叫中心 / ten seats")
    life.does("configure", case=case, lines=[{**LINE, "list_price": 1080, "discount": 0}], **OFFER)
    number = "BJ-2026-0001"
    assert told(life, number) == [(1, "sent")]
    (first,) = quoting.get(life.engine, number=number, agent=SYSTEM).versions
    assert (first.lines[0]["list_price"], first.discount, first.total) == (1200, 10, 10800)
    assert refused(life, quoting.contract, number).code == "quote_not_accepted"
    assert refused(life, quoting.order, number, **DELIVERY).status == 409

    life.hears(quoting.ANSWER, number, reply="change", reply_reason="便宜些 / cheaper")
    life.does("configure", case=case, lines=[{**LINE, "discount": 30}], **OFFER)
    assert told(life, number) == [(2, "draft"), (1, "superseded")]
    life.does("approve_discount", case=case, outcome="approved")
    life.does("approve_director", case=case, outcome="approved")
    assert quoting.waiting(life.engine, number=number, agent=SYSTEM, now=life.now).version == 2
    life.hears(quoting.ANSWER, number, reply="accept")
    assert told(life, number) == [(2, "accepted"), (1, "superseded")]
    assert refused(life, quoting.waiting, number).code == "quote_not_open"

    orders = [
        quoting.order(life.engine, number=number, agent=SYSTEM, now=life.now, **DELIVERY).instance.id for _ in "ab"
    ]
    begun = quoting.contract(life.engine, number=number, agent=SYSTEM, now=life.now)
    life.settle()
    assert len(set(orders)) == 1
    with life.engine.store.reading() as tx:
        order = tx.orders.get(f"SO-{number}")
    assert order is not None and (order.total, order.quote, order.payment) == (8400, number, "on_account")

    asked = {"orderNo": "J-1", "quoteNo": number, "lines": [], "payment": "on_account", **DELIVERY}
    letter = correlate.Letter(name="order.placed", business_key="J-1", customer_id="C-1", data=asked)
    again = correlate.correlate(life.engine, letter=letter, agent=SYSTEM, now=life.now).instance_id
    life.settle()
    with life.engine.store.reading() as tx:
        assert tx.orders.get("J-1") is None, "a quote is ordered once, under whatever number"
        ended = tx.instances.get(again)
    assert ended is not None and ended.status == "completed"
    seen = instances.get(life.engine, instance_id=again).variables
    assert (seen["order_result"], seen["orderNo"]) == ("taken", order.id)

    life.does("draft", case=begun.instance.id, **drawn(life, begun.instance.id), seal_required=True)
    known = quoting.get(life.engine, number=number, agent=SYSTEM)
    assert [one.id for one in known.orders] == [order.id]
    (contract,) = known.contracts
    assert (contract.amount, [one["amount"] for one in contract.payments]) == (8400, [2100] * 4)
    assert not any(one.incidents for process in NEEDED for one in life.instances(process))


def drawn(life: Life, case: str) -> dict[str, Any]:
    """What the draft's form shows already: nothing of it is typed."""
    item = life.waiting(case)["draft"]
    shown = listing.get(life.engine, work_item_id=item.id, agent=life.people[0], now=life.now).data
    names = ("contract_subject", "amount", "term_from", "term_to", "template", "payment_plan")
    assert shown["contract_subject"] == "呼叫中心 / Call centre × 10"
    return {name: shown[name] for name in names}


def test_what_nobody_answers_expires_in_the_books_too(life: Life) -> None:
    life.begin("SFA-03", "need-2", quoteNo="Q-9", need="再要一套 / another one")
    life.does("configure", lines=[LINE], **OFFER)
    assert told(life, "Q-9") == [(1, "sent")]
    life.until("2026-04-02")
    assert told(life, "Q-9") == [(1, "expired")]


def test_figures_are_told_of_what_was_sent(life: Life) -> None:
    found = quoting.figures(life.engine, agent=SYSTEM, now=life.now)
    assert (found.sent, found.accepted, found.expired, found.waiting, found.declined) == (2, 1, 1, 0, 0)
    assert (found.conversion, found.discount, found.margin) == (50.0, 17.5, -7.1)
    assert quoting.figures(life.engine, agent=SYSTEM, now=life.now + timedelta(days=800)) == quoting.measured(
        [], today=""
    )


@pytest.mark.parametrize(
    ("standings", "conversion"),
    [((), None), (("sent",), None), (("accepted",), 100.0), (("accepted", "declined", "expired", "sent"), 33.3)],
)
def test_only_what_is_over_counts_for_the_conversion(standings: tuple[Any, ...], conversion: float | None) -> None:
    quotes = [
        deals.Quote(
            id=f"{n}", number=f"{n}", version=1, instance_id="i", customer="c", lines=(), total=1, discount=0,
            discount_limit=0, valid_until="2026-03-31", drafted_at=BEGIN, status=standing,
        )
        for n, standing in enumerate(standings)
    ]  # fmt: skip
    assert quoting.measured(quotes, today="2026-03-31").conversion == conversion
    assert quoting.measured(quotes, today="2026-04-01").waiting == 0


def test_what_is_not_there_or_not_allowed_is_told_in_both_languages(life: Life) -> None:
    unknown = refused(life, quoting.contract, "Q-0")
    assert (unknown.status, "没有报价 Q-0" in unknown.text["zh-CN"], "'Q-0'" in unknown.text["en"]) == (404, True, True)
    with pytest.raises(errors.Invalid) as caught:
        quoting.search(life.engine, agent=SYSTEM, now=life.now, status="lost")
    assert "“lost”" in caught.value.text["zh-CN"] and "'lost'" in caught.value.text["en"]
    for ask in (quoting.search, quoting.figures):
        with pytest.raises(errors.Forbidden):
            ask(life.engine, agent=ROBOT, now=life.now)
