"""Starting, looking at a case, and what an administrator may mend."""

import dataclasses
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import flask
import msgspec
import pytest
from werkzeug.test import TestResponse

from engine import records
from engine.bpmn import read, write
from tests.house import House
from tests.web.conftest import Browser, quote_program, words

ORDER = {"customer": "C-1", "once": "page-1", "do": "start", "f/amount": "1200"}


@pytest.fixture
def customer(desk: House) -> str:
    return desk.customer().id


def test_the_start_page_says_before_starting_what_would_run_and_why(anna: Browser, customer: str) -> None:
    shown = words(anna.get(f"/start/quote?customer={customer}"))
    assert "What will run" in shown and "Approve the discount" in shown and "quote" in shown


def test_a_start_leads_to_the_case(anna: Browser, desk: House, customer: str) -> None:
    answer = anna.post("/start/quote", ORDER)
    assert answer.status_code == 303
    shown = words(anna.get(answer.headers["Location"]))
    assert "Running" in shown and "李先生" in shown and "Anna started the case" in shown


def test_a_start_pressed_twice_is_one_case(anna: Browser, desk: House, customer: str) -> None:
    first, second = anna.post("/start/quote", ORDER), anna.post("/start/quote", ORDER)
    assert first.headers["Location"] == second.headers["Location"]
    assert "It had been started already" in words(anna.get(second.headers["Location"]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"f/amount": ""}, "Fill in this field."),
        ({"f/amount": "0"}, "Must be 1 or more."),
        ({"f/amount": "abc"}, "Enter a number."),
        ({"f/lines/0/sku": "A", "f/lines/0/count": "0"}, "Must be 1 or more."),
        ({"f/lines/0/sku": "", "f/lines/0/count": "2"}, "Fill in this field."),
        ({"customer": "C-999"}, "There is no customer 'C-999'."),
        ({"customer": ""}, "Say which customer it is for."),
    ],
)
def test_a_start_that_is_wrong_says_where_and_keeps_everything(
    anna: Browser, desk: House, customer: str, change: dict[str, str], message: str
) -> None:
    answer = anna.post("/start/quote", ORDER | {"f/note": "keep this"} | change)
    assert answer.status_code == 422
    assert message in words(answer) and "keep this" in answer.text
    assert "aria-invalid" in answer.text
    assert "No cases" in words(anna.get("/cases"))


def test_rows_come_and_go_without_scripts(anna: Browser, customer: str) -> None:
    sent = ORDER | {"f/lines/0/sku": "A", "f/lines/1/sku": "B"}
    more = anna.post("/start/quote", sent | {"do": "add:f/lines"}).text
    assert 'name="f/lines/2/sku"' in more and 'value="B"' in more
    fewer = anna.post("/start/quote", sent | {"do": "remove:f/lines/0"}).text
    assert 'value="A"' not in fewer and 'value="B"' in fewer


def test_numbers_are_read_as_people_write_them(anna: Browser, desk: House, customer: str) -> None:
    answer = anna.post("/start/quote", ORDER | {"f/amount": "1,200.50", "f/lines/3/sku": "A", "f/lines/3/count": "２"})
    started = next(fact for fact in desk.facts(answer.headers["Location"].rpartition("/")[2]) if fact.node == "begin")
    assert started.values["amount"] == 1200.5 and started.values["lines"] == [{"sku": "A", "count": 2}]


@pytest.fixture
def case(anna: Browser, customer: str) -> str:
    return anna.post("/start/quote", ORDER).headers["Location"].rpartition("/")[2]


def test_the_drawing_comes_with_marks_and_in_the_reader_s_language(anna: Browser, bo: Browser, case: str) -> None:
    answer = json.loads(anna.get(f"/cases/{case}/drawing").text)
    assert answer["marks"]["approve"] == "now" and answer["marks"]["f1"] == "done"
    assert "Approve the discount" in answer["xml"] and "BPMNShape" in answer["xml"]
    assert "折扣审批" in json.loads(bo.get(f"/cases/{case}/drawing").text)["xml"]


def test_the_path_tells_in_words_what_the_drawing_shows(anna: Browser, case: str) -> None:
    shown = words(anna.get(f"/cases/{case}"))
    assert "Approve the discount now" in shown and "Legal check later" in shown


def test_staff_read_no_variables_and_cannot_cancel_or_mend(anna: Browser, desk: House, case: str) -> None:
    assert "Cancel the case" not in words(anna.get(f"/cases/{case}"))
    assert anna.post(f"/cases/{case}/cancel", {"reason": "because"}).status_code == 403
    assert anna.post(f"/cases/{case}/incidents/1/retry").status_code == 403
    assert desk.instance(case).status == "active"


def test_an_administrator_cancels_with_a_reason_that_history_keeps(
    sign_in: Callable[[str], Browser], desk: House, case: str
) -> None:
    boss = sign_in("boss")
    assert boss.post(f"/cases/{case}/cancel", {"reason": " "}).status_code == 422
    assert desk.instance(case).status == "active"
    assert boss.post(f"/cases/{case}/cancel", {"reason": "ordered twice"}).status_code == 303
    assert "ordered twice" in words(boss.get(f"/cases/{case}"))
    assert boss.post(f"/cases/{case}/cancel", {"reason": "again"}).status_code == 409


def test_an_administrator_holds_a_case_and_lets_it_go_on(
    sign_in: Callable[[str], Browser], anna: Browser, bo: Browser, desk: House, case: str
) -> None:
    boss = sign_in("boss")
    page = f"/cases/{case}"
    assert "Put on hold" in words(boss.get(page)) and "On hold" not in words(boss.get(page))
    assert boss.post(f"{page}/hold", {"reason": "the customer asked"}).status_code == 303
    assert desk.instance(case).suspended
    shown = words(boss.get(page))
    assert "On hold" in shown and "Resume" in shown and "Put on hold" not in shown
    assert "put the case on hold" in shown and "the customer asked" in shown
    assert "On hold" in words(anna.get(page)) and "Resume" in words(anna.get(page))
    assert "已暂停" in words(bo.get(page))
    assert boss.post(f"{page}/resume").status_code == 303
    assert not desk.instance(case).suspended
    assert "let the case go on" in words(boss.get(page)) and "On hold" not in words(anna.get(page))


def test_a_case_waits_for_the_customer_until_somebody_notes_the_answer(
    sign_in: Callable[[str], Browser], anna: Browser, bo: Browser, desk: House, case: str
) -> None:
    page = f"/cases/{case}"
    assert "The customer has answered" not in words(anna.get(page))
    sign_in("boss").post(f"{page}/hold", {"reason": "asked for the plan", "awaits_customer": "1"})
    assert desk.instance(case).awaits_customer
    shown = words(anna.get(page))
    assert "On hold: waiting for the customer" in shown and "The customer has answered" in shown
    assert "put the case on hold until the customer answers" in shown
    assert "已暂停，等待客户答复" in words(bo.get(page)) and "客户已答复" in words(bo.get(page))
    customer = desk.instance(case).customer_id
    for place in ("/cases", f"/customers/{customer}"):
        assert "On hold: waiting for the customer" in words(anna.get(place)), place
    refused = anna.post(f"{page}/comment", {"text": " ", "answered": "1"})
    assert refused.status_code == 422 and 'name="answered" value="1" checked' in refused.text
    assert desk.instance(case).suspended
    assert anna.post(f"{page}/comment", {"text": "They rang: yes.", "answered": "1"}).status_code == 303
    assert not desk.instance(case).suspended
    assert "brought the customer's answer: the case goes on" in words(anna.get(page))
    assert "On hold: waiting for the customer" not in words(anna.get("/cases"))


@pytest.mark.parametrize("deed", ["hold", "resume"])
def test_what_is_over_is_not_held(sign_in: Callable[[str], Browser], desk: House, case: str, deed: str) -> None:
    boss = sign_in("boss")
    boss.post(f"/cases/{case}/cancel", {"reason": "ordered twice"})
    assert boss.post(f"/cases/{case}/{deed}", {"reason": "r"}).status_code == 409
    assert "Put on hold" not in words(boss.get(f"/cases/{case}"))
    assert boss.post(f"/cases/none/{deed}", {"reason": "r"}).status_code == 404


def task_of(desk: House, case: str) -> str:
    (item,) = desk.items(case)
    return item.id


def test_who_has_the_step_waits_for_the_customer_on_the_page_of_the_task(
    anna: Browser, bo: Browser, desk: House, case: str
) -> None:
    task = f"/tasks/{task_of(desk, case)}"
    assert "Claim this task first." in words(anna.get(task)), "why not, as long as nobody has it"
    why = words(anna.get(f"/cases/{case}"))
    assert "Put on hold" in why and "Claim this task first." in why
    anna.post(f"{task}/claim")
    refused = anna.post(f"{task}/actions/hold", {"text": " ", "awaits": "1"})
    assert refused.status_code == 422 and "Please give a reason." in words(refused)
    assert not desk.instance(case).suspended
    done = anna.post(f"{task}/actions/hold", {"text": "asked for the plan", "awaits": "1"})
    assert done.status_code == 303
    held = desk.instance(case)
    assert (held.held_by, held.awaits_customer, held.held_reason) == ("anna", True, "asked for the plan")
    shown = words(anna.get(task))
    assert "put it on hold until the customer answers" in shown and "asked for the plan" in shown
    assert "Let it go on" in shown
    assert "暂停了办件，等待客户答复" in words(bo.get(f"/cases/{case}"))
    assert "只有正在办理此办件的人才能暂停或恢复它。" in words(bo.get(f"/cases/{case}"))
    assert bo.post(f"/cases/{case}/resume").status_code == 403
    assert anna.post(f"{task}/actions/hold", {"text": "again"}).status_code == 409
    assert anna.post(f"{task}/actions/resume", {"text": ""}).status_code == 303
    assert not desk.instance(case).suspended


def test_cases_and_tasks_that_wait_for_the_customer_are_found(anna: Browser, desk: House, case: str) -> None:
    task, number = task_of(desk, case), desk.instance(case).number
    anna.post(f"/tasks/{task}/claim")
    lists = ("/cases?status=customer", "/cases?status=held")
    assert all(number not in words(anna.get(place)) for place in lists)
    inbox = "/inbox/mine?due=customer"
    assert task not in anna.get(inbox).text
    anna.post(f"/cases/{case}/hold", {"reason": "asked", "awaits_customer": "1"})
    assert all(number in words(anna.get(place)) for place in lists)
    assert task in anna.get(inbox).text
    anna.post(f"/cases/{case}/resume")
    anna.post(f"/cases/{case}/hold", {"reason": "an audit"})
    assert [number in words(anna.get(place)) for place in lists] == [False, True]
    assert task not in anna.get(inbox).text


def test_a_hold_without_a_reason_asks_for_one_in_the_reader_s_language(
    anna: Browser, bo: Browser, desk: House, case: str
) -> None:
    anna.post(f"/tasks/{task_of(desk, case)}/claim")
    refused = anna.post(f"/cases/{case}/hold", {"reason": "  "})
    assert refused.status_code == 422 and "Please give a reason." in words(refused)
    refused = bo.post(f"/cases/{case}/hold", {"reason": ""})
    assert refused.status_code == 422 and "请填写理由。" in words(refused)
    assert not desk.instance(case).suspended


def test_the_customer_s_page_shows_every_case_with_its_step_even_those_of_others(
    sign_in: Callable[[str], Browser], case: str, customer: str
) -> None:
    shown = sign_in("chen").get(f"/customers/{customer}")
    assert "quote" in words(shown) and "Approve the discount" in words(shown)
    assert f"/cases/{case}" not in shown.text


def test_customers_are_found_by_a_part_of_the_name_in_chinese_too(anna: Browser, customer: str) -> None:
    assert "李先生" in words(anna.get("/customers?q=先生"))
    assert "No customers found" in words(anna.get("/customers?q=%25"))
    assert "C-1 李先生" in anna.get("/customers/suggest?customer=李").text


def upload(browser: Browser, name: str, content: bytes) -> TestResponse:
    data = {"csrf_token": browser.token("/designer"), "files": (io.BytesIO(content), name)}
    return browser.client.post("/designer", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "content",
    [
        b"<definitions",
        b"",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b'<x xmlns="urn:other"/>',
        b"\xff\xfe\x00",
    ],
)
def test_an_upload_that_is_no_model_is_kept_and_told_what_is_wrong(
    sign_in: Callable[[str], Browser], desk: House, content: bytes
) -> None:
    desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    dana = sign_in("dana")
    dana.client.application.extensions["engine"] = desk.engine
    answer = upload(dana, "broken.bpmn", content)
    assert answer.status_code == 200
    assert "stands in the way of a release" in words(answer) and "broken.bpmn" in words(answer)


def test_an_upload_without_problems_is_released_and_can_be_started(
    sign_in: Callable[[str], Browser], desk: House, app: flask.Flask
) -> None:
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    program = msgspec.structs.replace(quote_program(), key="fresh")
    dana = sign_in("dana")
    answer = upload(dana, "fresh.bpmn", write.write(program))
    assert "/designer/fresh/1" in answer.text, words(answer)
    shown = dana.get("/designer/fresh/1")
    assert "Draft" in words(shown)
    assert dana.post("/designer/fresh/1/release").status_code == 303, words(shown)
    assert "fresh" in dana.get("/start").text


def test_no_staff_page_speaks_the_engine_s_language(anna: Browser, case: str, customer: str) -> None:
    for page in ("/inbox", "/inbox/open", "/start/quote", f"/cases/{case}", f"/customers/{customer}"):
        shown = words(anna.get(page))
        for jargon in ("UserTask", "gateway", "token", "work item", "instance", "Traceback", case):
            assert jargon not in shown, (page, jargon)


def test_a_process_page_says_how_long_its_cases_are_kept(desk: House, anna: Browser) -> None:
    assert "deleted" not in words(anna.get("/processes/quote"))
    with desk.engine.store.transaction() as tx:
        process = tx.processes.get("quote")
        assert process is not None
        tx.processes.put(msgspec.structs.replace(process, details={**process.details, "keep_ended_days": 90}))
    assert "Cases are deleted 90 days after they ended" in words(anna.get("/processes/quote"))


def test_a_process_page_says_what_the_calendar_begins_and_when(anna: Browser, bo: Browser, desk: House) -> None:
    assert "Begun by the calendar" not in words(anna.get("/processes/quote"))
    common = {"process": "quote", "node": "begin", "cycle": "0 9 * * 1", "calendar": "cn-5x8"}
    moment = desk.now + timedelta(days=7)
    with desk.engine.store.transaction() as tx:
        known = records.StartTimer(**common, due_at=moment, left=-1)
        new = records.StartTimer(**common, customer_group="KA", due_at=desk.now, left=records.NOT_SET)
        tx.due.set_starts("quote", [known, new])
    page = words(anna.get("/processes/quote"))
    assert "Begun by the calendar" in page and "Next: 9 Mar 17:00 · 0 9 * * 1 · calendar cn-5x8" in page
    assert "Just released: its moment is being found" in page
    assert "到时候自己开始" in words(bo.get("/processes/quote"))


def test_the_other_cases_of_the_customer_stand_beside_a_case_if_one_may_see_them(
    anna: Browser, desk: House, sign_in: Callable[[str], Browser]
) -> None:
    one, other = desk.start("quote", amount=1), desk.start("quote", amount=2)
    desk.customer("c-2")
    page = words(anna.get(f"/cases/{one}"))
    assert "Other cases of this customer" in page and desk.instance(other).number in page
    for _ in range(7):
        desk.start("quote", amount=3)
    page = anna.get(f"/cases/{one}").text
    assert len(set(re.findall(r'href="/cases/([0-9a-f-]{36})"', page))) == 5, "the newest five"
    assert sign_in("chen").get(f"/cases/{one}").status_code == 404


def test_a_case_that_is_the_customer_s_only_one_names_no_other(anna: Browser, desk: House) -> None:
    assert "Other cases of this customer" not in words(anna.get(f"/cases/{desk.start('quote', amount=1)}"))
