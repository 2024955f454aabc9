"""Hostile addresses, boxes and names on every page: told in words or shown as text, never a broken page."""

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import flask
import msgspec
import pytest
from werkzeug.test import TestResponse

from engine.inbox import act
from engine.people.agent import Agent
from engine.runtime import instances
from tests.house import House
from tests.web.conftest import Browser, words
from tests.web.furnished import furnish

Enter = Callable[[str], Browser]
SCRIPT = "<script>alert(1)</script>"
IMAGE = "\"'><img src=x onerror=alert(2)>"
RTL = "\u202eevil\u202c مرحبا שלום"
EMOJI = "👨‍👩‍👧‍👦🏳️‍🌈"
LONG = "ä" * 10_000
TEMPLATE = "{{ 7*7 }}${7*7}{% raw %}"
CONTROL = "a\tb\x0bc\u2028d\u0000e"
STRINGS = {
    "script": SCRIPT,
    "image": IMAGE,
    "right to left": RTL,
    "emoji": EMOJI,
    "10,000 letters": LONG,
    "template": TEMPLATE,
    "sql": "'; DROP TABLE customer; --",
    "percent": "100%_\\",
    "zero width": "a\u200bb\u200dc\ufeff",
    "surrogate": "\ufffd\ufffe",
}


def harmless(answer: TestResponse) -> None:
    """None of the attacks stands in the page as markup or was computed."""
    body = answer.text.split("<body>")[-1]
    assert "<script>alert" not in body and "<img src=x" not in body and ">49<" not in body
    assert not re.search(r"<[^>]*\sonerror=", re.sub(r'"[^"]*"', '""', body))


@pytest.fixture
def made(desk: House, app: flask.Flask) -> dict[str, str]:
    found = furnish(desk)
    app.extensions["engine"] = desk.engine
    return found


@pytest.fixture
def boss(made: dict[str, str], sign_in: Enter) -> Browser:
    return sign_in("boss")


QUERIES = [
    "/cases?process={x}",
    "/cases?status={x}",
    "/cases?number={x}",
    "/cases?after={x}",
    "/cases?{x}={x}",
    "/customers?q={x}",
    "/customers?group={x}",
    "/customers?after={x}",
    "/customers/suggest?customer={x}",
    "/inbox/open?process={x}&group={x}&due={x}",
    "/start?customer={x}",
    "/start/quote?customer={x}",
    "/tasks/{item}?shelf={x}",
    "/processes/quote/variants/{x}",
    "/variants/quote/KA?do={x}",
    "/resolutions/try?process={x}",
    "/resolutions/try?process=quote&customer={x}",
    "/resolutions/try?process=quote&current={x}",
    "/resolutions/try?process=quote&day={x}",
    "/resolutions/try?process=quote&kind={x}",
    "/resolutions/try?process=quote&churn_risk={x}",
    "/resolutions/try?process=quote&fact={x}",
    "/resolutions/try?process=quote&fact={x}={x}",
    "/boards/quote?base={x}",
    "/cases/{x}",
    "/customers/{x}",
    "/tasks/{x}",
    "/processes/{x}",
    "/people/{x}",
    "/tokens/{x}",
    "/start/{x}",
    "/inbox/{x}",
    "/designer/{x}/1",
    "/login?next={x}",
]


@pytest.mark.parametrize("name", STRINGS)
def test_an_address_may_hold_anything(boss: Browser, made: dict[str, str], name: str) -> None:
    value = quote(STRINGS[name][:3000], safe="")
    for query in QUERIES:
        answer = boss.get(query.format(x=value, item=made["item_id"]))
        assert answer.status_code in (200, 302, 308, 400, 404, 409, 414, 422), (query, answer.status_code)
        harmless(answer)


NUMBERS = ["nan", "inf", "-inf", "1e999", "0x10", "１２", "1,5", "--1", "9" * 400, "\u0663", "²", "true", "1_000"]


def test_a_number_may_be_anything(boss: Browser) -> None:
    for number in NUMBERS:
        for query in ("current={x}", "potential={x}", "churn_risk={x}", "fact=a={x}", "day={x}"):
            answer = boss.get("/resolutions/try?process=quote&" + query.format(x=quote(number)))
            assert answer.status_code == 200, (query, number)


DAYS = [
    "0001-01-01", "9999-12-31", "2026-02-30", "2026-02-29T25:00", "2026-03-02T10:00+08:00", "2026-W10-1", "20260302",
    "-0001-01-01", "10000-01-01", "今天",
]  # fmt: skip


def test_a_day_may_be_anything(boss: Browser) -> None:
    for day in DAYS:
        answer = boss.get(f"/resolutions/try?process=quote&customer=c-1&day={quote(day)}")
        assert answer.status_code == 200, day


NUMBERED = [
    "/designer/quote/{n}",
    "/designer/quote/{n}/drawing",
    "/designer/quote/{n}/file",
    "/cases/{case}/incidents/{n}/retry",
    "/cases/{case}/incidents/{n}/skip",
    "/designer/quote/{n}/release",
]


@pytest.mark.parametrize("n", [0, 99, 2**31, 2**63, 10**40])
def test_a_number_of_any_size_in_an_address_is_not_found(boss: Browser, made: dict[str, str], n: int) -> None:
    for place in NUMBERED:
        address = place.format(n=n, case=made["instance_id"])
        posted = address.endswith(("retry", "skip", "release"))
        answer = boss.post(address, {"reason": "x"}) if posted else boss.get(address)
        assert answer.status_code == 404, (address, words(answer)[:200])


@pytest.mark.parametrize("page", ["/cases", "/customers"])
def test_the_link_to_the_next_page_holds_filters_and_nothing_else(
    boss: Browser, desk: House, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.ui.cases.PAGE", 1)
    monkeypatch.setattr("web.ui.customers.PAGE", 1)
    desk.customer("c-2", number="C-2")
    for name in ("endpoint", "_external", "_scheme", "_anchor", "_method", "values", "self"):
        answer = boss.get(f"{page}?{name}=javascript&status=&q=&process=")
        assert answer.status_code == 200, name
        (more,) = re.findall(rf'href="([^"]*{page}\?[^"]*after=[^"]*)"', answer.text)
        assert more.startswith(f"{page}?") and "javascript" not in more, name


ROWS = ["add:f/lines", "add:", "add", "remove:f/lines/0", "remove:f/lines/²", "remove:f/lines/-1", "remove:f/lines/x",
        "remove:f/lines/" + "9" * 5000, "remove:f/", "remove:", "add:f/amount", "add:f/lines/0/sku",
        "remove:f/amount/0", "add:f/nowhere", "add:f/nowhere/deep/er", "remove:f/lines/٣",
        "\x00", "start:", "<script>"]  # fmt: skip


def test_any_button_may_be_pressed_in_a_form(boss: Browser) -> None:
    sent = {"customer": "C-1", "once": "o-1", "f/amount": "5", "f/lines/0/sku": "A", "f/lines/1/sku": "B"}
    for pressed in ROWS:
        answer = boss.post("/start/quote", {**sent, "do": pressed})
        assert answer.status_code == 200, pressed[:40]
        assert 'value="B"' in answer.text, pressed[:40]
        harmless(answer)


@pytest.mark.parametrize("name", STRINGS)
def test_a_customer_may_be_called_anything(made: dict[str, str], desk: House, sign_in: Enter, name: str) -> None:
    with desk.engine.store.transaction() as tx:
        customer = tx.customers.get("c-1")
        assert customer is not None
        tx.customers.change(msgspec.structs.replace(customer, name=STRINGS[name][:200]))
    boss = sign_in("boss")
    for page in (
        "/customers",
        "/customers/c-1",
        "/cases",
        f"/cases/{made['instance_id']}",
        "/inbox/open",
        "/operations",
        f"/tasks/{made['item_id']}",
        "/start/quote?customer=c-1",
        "/customers/suggest?x=" + quote(STRINGS[name][:5]),
    ):
        answer = boss.get(page)
        assert answer.status_code == 200, page
        harmless(answer)


@pytest.mark.parametrize("name", STRINGS)
def test_anything_may_be_typed_into_a_task_and_is_read_again_as_it_was(
    made: dict[str, str], desk: House, sign_in: Enter, name: str
) -> None:
    anna, value = sign_in("anna"), STRINGS[name]
    task = made["claimed"]
    draft = anna.post(f"/tasks/{task}/draft", {"f/comment": value, "f/rate": value[:50]})
    assert draft.status_code == 204
    shown = anna.get(f"/tasks/{task}")
    harmless(shown)
    if len(value) > 500:
        refused = anna.post(f"/tasks/{task}", {"f/comment": value, "f/outcome": "approved"})
        assert refused.status_code == 422 and "At most 500 characters" in words(refused)
        assert value in refused.text
        return
    done = anna.post(f"/tasks/{task}", {"f/comment": value, "f/outcome": "refused"})
    assert done.status_code == 303
    case = task.rpartition(".")[0]
    assert instances.get(desk.engine, instance_id=case).variables["comment"] == value
    harmless(sign_in("boss").get(f"/cases/{case}"))


@pytest.mark.parametrize("name", [name for name in STRINGS if name != "10,000 letters"])
def test_a_reason_may_be_anything(made: dict[str, str], desk: House, boss: Browser, name: str) -> None:
    case = made["instance_id"]
    assert boss.post(f"/cases/{case}/cancel", {"reason": STRINGS[name]}).status_code == 303
    answer = boss.get(f"/cases/{case}")
    harmless(answer)
    reasons = [fact.reason for fact in desk.facts(case) if type(fact).__name__ == "InstanceCancelled"]
    assert reasons == [STRINGS[name].strip()]


def test_a_file_may_be_called_anything(boss: Browser) -> None:
    for name in STRINGS.values():
        data = {"csrf_token": boss.token("/designer"), "files": (io.BytesIO(b"<x/>"), name[:300] + ".bpmn")}
        answer = boss.client.post("/designer", data=data, content_type="multipart/form-data")
        assert answer.status_code in (200, 422), name[:40]
        harmless(answer)


def test_the_boxes_of_a_token_may_hold_anything(boss: Browser) -> None:
    boxes: list[dict[str, Any]] = [{"name": one} for one in STRINGS.values()]
    boxes += [{"days": "x" * 500}, {"days": "9" * 500}, {"days": "-1"}, {"scopes": ["read", "read"]}, {"name": ""}]
    for box in boxes:
        answer = boss.post("/tokens/boss", {"name": "n", "days": "90", "scopes": "read", **box}, page="/tokens/boss")
        assert answer.status_code in (200, 422), box
        harmless(answer)
    harmless(boss.get("/tokens/boss"))


def test_a_form_of_more_than_the_largest_size_is_refused_in_words(boss: Browser) -> None:
    answer = boss.post("/tokens/boss", {"name": "x" * (7 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "Too large" in words(answer)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_method_that_no_page_knows_is_refused_in_words(boss: Browser, method: str) -> None:
    answer = getattr(boss.client, method)("/cases", headers={"X-CSRFToken": boss.token("/account")})
    assert answer.status_code == 405
    assert "does not know that method" in words(answer)


@pytest.mark.parametrize("headers", [
    {"Accept-Language": "x" * 5000},
    {"Referer": "javascript:alert(1)"},
    {"X-Forwarded-For": "<script>"},
    {"User-Agent": "\x7f" * 100},
    {"Cookie": "page=" + "A" * 3000},
    {"If-None-Match": "*"},
    {"Range": "bytes=0-99999999999"},
])  # fmt: skip
def test_headers_may_be_anything(app: flask.Flask, headers: dict[str, str]) -> None:
    answer = app.test_client().get("/login", headers=headers)
    assert answer.status_code == 200
    harmless(answer)


def test_a_stranger_s_tampered_session_is_no_session(app: flask.Flask) -> None:
    client = app.test_client()
    for value in ("", "x", "eyJzaWQiOiJ4In0.x.y", "." * 50):
        client.set_cookie("page", value)
        assert client.get("/inbox").status_code == 302


def test_a_case_of_another_group_is_not_told_apart_from_none(made: dict[str, str], desk: House, sign_in: Enter) -> None:
    agent = Agent(key="anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
    act.complete(desk.engine, work_item_id=made["claimed"], data={"outcome": "approved"}, agent=agent, now=desk.now)
    chen = sign_in("chen")
    hidden, none = chen.get(f"/cases/{made['instance_id']}"), chen.get("/cases/01a2019b-e2f0-7033-ad15-1c37eafe3f1a")
    assert hidden.status_code == none.status_code == 404
    assert words(hidden) == words(none)
