"""The pages of quotes: list, one with its versions, the customer's answer noted, a deal made of it."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.model import nodes, triggers
from engine.model.program import Flow, Program
from engine.runtime import start
from tests.house import House
from tests.web.conftest import Browser, words
from tests.web.furnished import ANNA, offer

DELIVERY = {"requested_date": "2026-04-15", "ship_to": "1 Pudong Road"}


def process(key: str, step: nodes.Activity) -> Program:
    flows = (Flow(id="f1", source="begin", target=step.id), Flow(id="f2", source=step.id, target="end"))
    return Program(key=key, nodes=(nodes.StartEvent(id="begin"), step, nodes.EndEvent(id="end")), flows=flows)


@pytest.fixture
def quoted(desk: House) -> House:
    """``Q-1`` was sent, ``Q-2`` accepted, both of the customer c-1."""
    wait = nodes.ReceiveTask(id="reply", message=triggers.Message(name="quote.answered"))
    desk.release(process("waits", wait))
    for key in ("SFA-04", "SFA-05"):
        desk.release(process(key, nodes.UserTask(id="work", name="Work")))
    desk.customer("c-1", name="李雷贸易")
    begun = start.start(desk.engine, process="waits", customer_id="c-1", data={}, agent=ANNA, now=desk.now)
    told: dict[str, Any] = {"instance_id": begun.instance.id, "drafted_at": desk.now, "sent_at": desk.now}
    with desk.engine.store.transaction() as tx:
        tx.quotes.put(offer("Q-1", status="sent", **told))
        tx.quotes.put(offer("Q-2", status="accepted", **told))
    return desk


def test_the_list_tells_figures_and_finds(quoted: House, anna: Browser, bo: Browser) -> None:
    english, chinese = words(anna.get("/quotes")), words(bo.get("/quotes"))
    for told in ("Q-1", "Q-2", "李雷贸易", "190", "100 %"):
        assert told in english and told in chinese
    assert "Waits for the customer" in english and "等客户答复" in chinese
    found = words(anna.get("/quotes?q=Q-1&status=sent"))
    assert "Q-1" in found and "Q-2" not in found
    assert "No quotes" in words(anna.get("/quotes?q=nobody")) and "没有报价" in words(bo.get("/quotes?q=nobody"))


def test_a_customer_s_page_names_its_quotes(quoted: House, anna: Browser) -> None:
    page = words(anna.get("/customers/c-1"))
    assert "Q-1" in page and "Waits for the customer" in page


@pytest.mark.parametrize(
    ("reply", "status"), [("accept", 303), ("change", 303), ("reject", 303), ("perhaps", 422), ("", 422)]
)
def test_the_customer_s_answer_is_noted_where_the_quote_waits(
    quoted: House, anna: Browser, reply: str, status: int
) -> None:
    answer = anna.post("/quotes/answer/Q-1", {"reply": reply, "reason": "说过 / said"}, page="/quotes/Q-1")
    assert answer.status_code == status
    with quoted.engine.store.reading() as tx:
        (case,) = tx.instances.search(where={"process": "waits"}, after="", limit=9)
    assert case.status == ("completed" if status == 303 else "active")


def test_who_has_no_part_in_the_quote_s_case_answers_nothing(quoted: House, sign_in: Callable[[str], Browser]) -> None:
    chen = sign_in("chen")
    page = chen.get("/quotes/Q-1")
    assert page.status_code == 200 and "What does the customer say?" not in words(page)
    assert chen.post("/quotes/answer/Q-1", {"reply": "accept"}, page="/quotes/Q-2").status_code == 404
    with quoted.engine.store.reading() as tx:
        (case,) = tx.instances.search(where={"process": "waits"}, after="", limit=9)
    assert case.status == "active"


def test_an_order_asks_for_what_is_not_known_yet_alone(quoted: House, anna: Browser) -> None:
    page = words(anna.get("/quotes/Q-2"))
    assert "Make it a deal" in page and "What does the customer say?" not in page
    for deed, body in (("order", DELIVERY), ("contract", {})):
        answer = anna.post(f"/quotes/{deed}/Q-2", body, page="/quotes/Q-2")
        assert answer.status_code == 303 and "/cases/" in answer.headers["Location"]
    refused = anna.post("/quotes/contract/Q-1", {}, page="/quotes/Q-1")
    assert refused.status_code == 409 and "has not accepted" in words(refused)


def test_who_knows_no_such_quote_is_told(anna: Browser, bo: Browser) -> None:
    assert "There is no quote" in words(anna.get("/quotes/Q-0"))
    assert "没有报价 Q-0" in words(bo.get("/quotes/Q-0"))
