"""Quotes through the API: found, measured, answered for the customer, made into an order and a contract once."""

from typing import Any

import pytest

from tests.web.api.conftest import Programs
from tests.web.furnished import offer

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test" id="d">'
MESSAGE = '<message id="m" name="quote.answered"/>'
STEP = '<userTask id="s" name="S"/>'
WAIT = '<receiveTask id="s" name="S" messageRef="m"/>'
DELIVERY = {"requested_date": "2026-04-15", "ship_to": "上海 / Shanghai"}


def drawn(key: str, step: str) -> bytes:
    flows = '<sequenceFlow id="f" sourceRef="a" targetRef="s"/><sequenceFlow id="g" sourceRef="s" targetRef="z"/>'
    process = f'<process id="{key}" isExecutable="true"><startEvent id="a"/>{step}<endEvent id="z"/>{flows}</process>'
    return f"{HEAD}{MESSAGE if step == WAIT else ''}{process}</definitions>".encode()


@pytest.fixture
def quoted(selling: Programs) -> Programs:
    """``Q-1`` was sent in its second version, ``P/7`` accepted, ``Q-2`` is past its day; C-2 has nothing."""
    for key, step in (("waits", WAIT), ("SFA-04", STEP), ("SFA-05", STEP)):
        files = [{"name": f"{key}.bpmn", "content": drawn(key, step).decode(), "encoding": "text"}]
        deployed = selling.post("/deployments", {"name": key, "files": files, "release": True})
        assert deployed.status_code == 201, deployed.json
    selling.post("/customers", {"number": "C-2", "name": "Nobody yet"})
    case = selling.post("/instances", {"process": "waits", "customer_id": "C-1"}).json["instance"]["id"]
    now = selling.clock.now()
    with selling.engine.store.transaction() as tx:
        customer = tx.customers.by_number("C-1")
        assert customer is not None
        told: dict[str, Any] = {"customer": customer.id, "drafted_at": now, "sent_at": now, "instance_id": case}
        tx.quotes.put(offer("Q-1", 1, **told, status="superseded"))
        tx.quotes.put(offer("Q-1", 2, **told, status="sent"))
        tx.quotes.put(offer("P/7", 1, **told, status="accepted"))
        tx.quotes.put(offer("Q-2", 1, **{**told, "valid_until": "2026-03-01", "status": "sent"}))
    return selling


def listed(api: Programs, path: str) -> list[tuple[str, str]]:
    return [(one["quote"]["id"], one["standing"]) for one in api.get(path).json["items"]]


def test_quotes_are_listed_by_status_text_and_customer(quoted: Programs) -> None:
    everything = [("Q-2/1", "expired"), ("Q-1/2", "sent"), ("P/7/1", "accepted")]
    assert listed(quoted, "/quotes") == listed(quoted, "/customers/C-1/quotes") == everything
    assert listed(quoted, "/quotes?text=李雷&limit=1") == everything[:1]
    assert listed(quoted, "/quotes?after=Q-2/1&limit=1") == everything[1:2]
    assert listed(quoted, "/quotes?status=expired") == everything[:1]
    assert listed(quoted, "/customers/C-2/quotes") == []
    assert quoted.get("/quotes").json["items"][0]["customer_name"] == "李雷贸易"


def test_one_quote_has_all_its_versions(quoted: Programs) -> None:
    told = quoted.get("/quotes/Q-1").json
    assert [(one["version"], one["status"], one["margin"]) for one in told["versions"]] == [
        (2, "sent", 21.5),
        (1, "superseded", 21.5),
    ]
    assert (told["contracts"], told["orders"]) == ([], [])
    assert quoted.get("/quotes/P/7").json["versions"][0]["number"] == "P/7"


def test_what_became_of_the_year_s_quotes_is_measured(quoted: Programs) -> None:
    assert quoted.get("/quotes/figures").json == {
        "sent": 3, "waiting": 1, "accepted": 1, "declined": 0, "expired": 1, "conversion": 50, "discount": 5,
        "margin": 21.5,
    }  # fmt: skip


def test_an_answer_goes_to_the_quote_s_own_case(quoted: Programs) -> None:
    case = quoted.get("/quotes/Q-1").json["versions"][0]["instance_id"]
    quoted.post(f"/instances/{case}/suspend", {"reason": "asked them", "awaits_customer": True})
    done = quoted.post("/quotes/Q-1/answer", {"reply": "change", "reason": " 二十个 / twenty "})
    assert (done.status_code, done.json) == (200, {"instance_id": case})
    instance = quoted.get(f"/instances/{case}").json
    assert (instance["variables"]["reply_reason"], instance["suspended"]) == ("二十个 / twenty", False)
    again = quoted.post("/quotes/Q-1/answer", {"reply": "accept"})
    assert (again.status_code, again.json["code"]) == (404, "nobody_waits")


@pytest.mark.parametrize("deed", ["order", "contract"])
def test_an_accepted_quote_is_taken_over_once(quoted: Programs, deed: str) -> None:
    body = DELIVERY if deed == "order" else None
    first, again = (quoted.post(f"/quotes/P/7/{deed}", body).json for _ in "ab")
    assert (first["created"], again["created"]) == (True, False)
    assert first["instance_id"] == again["instance_id"]
    told = quoted.get(f"/instances/{first['instance_id']}").json["variables"]
    assert told["quoteNo"] == "P/7"
    if deed == "order":
        assert (told["orderNo"], told["ship_to"], told["payment"]) == ("SO-P/7", DELIVERY["ship_to"], "on_account")
        assert told["lines"] == [{"sku": "pump", "qty": 2, "price": 95}]
    else:
        assert (told["amount"], told["contract_subject"]) == (190, "pump × 2")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/quotes/Q-0/answer", {"reply": "accept"}, 404, "quote_unknown"),
        ("/quotes/Q-0/order", DELIVERY, 404, "quote_unknown"),
        ("/quotes/Q-0/contract", None, 404, "quote_unknown"),
        ("/quotes/Q-1/answer", {"reply": "perhaps"}, 422, "quote_reply"),
        ("/quotes/Q-1/answer", {}, 422, "request_invalid"),
        ("/quotes/Q-2/answer", {"reply": "accept"}, 409, "quote_not_open"),
        ("/quotes/P/7/answer", {"reply": "accept"}, 409, "quote_not_open"),
        ("/quotes/Q-1/contract", None, 409, "quote_not_accepted"),
        ("/quotes/Q-1/order", DELIVERY, 409, "quote_not_accepted"),
        ("/quotes/P/7/order", {"ship_to": "x"}, 422, "request_invalid"),
    ],
)
def test_what_cannot_be_is_refused_in_both_languages(
    quoted: Programs, path: str, body: Any, status: int, code: str
) -> None:
    answer = quoted.post(path, body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["text"]["zh-CN"] and answer.json["text"]["en"]


def test_wrong_questions_are_refused_and_readers_do_nothing(quoted: Programs) -> None:
    assert quoted.get("/quotes?status=lost").json["code"] == "quote_status"
    assert quoted.get("/quotes/Q-0").status_code == quoted.get("/customers/C-9/quotes").status_code == 404
    assert quoted.post("/quotes/P/7/contract", by="rita").status_code == 403
    assert quoted.client.get("/v1/quotes").status_code == 401
