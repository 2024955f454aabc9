"""Cases and versions on hold, deployments taken back, and starts looked at before they happen."""

from typing import Any

import pytest

from tests.web.api.conftest import QUOTE, Programs
from tests.web.api.test_cases import started, the_task


def test_a_case_on_hold_says_so_and_lets_nobody_work(selling: Programs) -> None:
    case = started(selling)["id"]
    held = selling.post(f"/instances/{case}/suspend", {"reason": "the customer asked"})
    assert (held.status_code, held.json["suspended"], held.json["status"]) == (200, True, "active")
    task = the_task(selling)
    shown = selling.get(f"/tasks/{task['id']}", by="sam").json
    assert shown["actions"]["complete"]["en"].endswith("must be resumed first.")
    assert shown["actions"]["complete"]["zh-CN"].endswith("恢复后才能继续。")
    refused = selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 1}}, by="sam")
    assert (refused.status_code, refused.json["code"]) == (409, "instance_suspended")
    assert (shown["held_at"], shown["breached"]) == (the_task(selling)["held_at"], False)
    assert shown["held_at"].startswith("2026-")
    resumed = selling.post(f"/instances/{case}/resume", {})
    assert resumed.json["suspended"] is False
    assert the_task(selling)["held_at"] is None
    assert selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 1}}, by="sam").status_code == 200


def test_the_reason_stays_in_the_history(selling: Programs) -> None:
    case = started(selling)["id"]
    selling.post(f"/instances/{case}/suspend", {"reason": "an audit"})
    facts = [one["fact"] for one in selling.get(f"/instances/{case}/timeline").json["items"]]
    assert {"type": "InstanceSuspended", "reason": "an audit"} in facts


@pytest.mark.parametrize("deed", ["suspend", "resume"])
def test_what_is_over_or_unknown_is_not_held(selling: Programs, deed: str) -> None:
    case = started(selling)["id"]
    selling.post(f"/instances/{case}/cancel", {"reason": "r"})
    refused = selling.post(f"/instances/{case}/{deed}", {"reason": "r"})
    assert (refused.status_code, refused.json["code"]) == (409, "instance_over")
    assert selling.post(f"/instances/nowhere/{deed}", {"reason": "r"}).status_code == 404
    assert selling.post(f"/instances/{case}/{deed}", {"reason": 1}).status_code == 422


def test_who_works_on_a_case_holds_it_by_its_task_and_others_read_why_not(selling: Programs) -> None:
    case = started(selling)["id"]
    task = the_task(selling)["id"]
    told = {one["verb"]: one for one in selling.get(f"/tasks/{task}/actions", by="sam").json["items"]}
    assert told["hold"]["asks"] == ["awaits", "reason"] and told["hold"]["needs"] == ["reason"]
    unclaimed = selling.post(f"/tasks/{task}/hold", {"reason": "asked"}, by="sam")
    assert (unclaimed.status_code, unclaimed.json["code"]) == (409, "not_claimed")
    assert told["hold"]["why_not"]["zh-CN"] == "请先领取此待办。"
    selling.post(f"/tasks/{task}/claim", {}, by="sam")
    assert selling.post(f"/tasks/{task}/hold", {}, by="sam").status_code == 422
    held = selling.post(f"/tasks/{task}/hold", {"reason": "asked", "awaits_customer": True}, by="sam")
    assert (held.status_code, held.json["held_by"], held.json["held_reason"]) == (200, "sam", "asked")
    assert held.json["held_at"].startswith("2026-")
    assert [one["id"] for one in selling.get("/instances?awaits_customer=true").json["items"]] == [case]
    assert [one["id"] for one in selling.get("/tasks?awaits_customer=true", by="sam").json["items"]] == [task]
    again = selling.post(f"/tasks/{task}/hold", {"reason": "asked"}, by="sam")
    assert (again.status_code, again.json["code"]) == (409, "instance_suspended")
    going = selling.post(f"/tasks/{task}/resume", {}, by="sam")
    assert (going.json["suspended"], going.json["held_by"], going.json["held_at"]) == (False, "", None)
    assert selling.get("/tasks?awaits_customer=true", by="sam").json["items"] == []


def test_a_hold_needs_a_reason_and_the_right(selling: Programs) -> None:
    case = started(selling)["id"]
    assert selling.post(f"/instances/{case}/suspend", {}).status_code == 422
    assert selling.post(f"/instances/{case}/suspend", {"reason": ""}).status_code == 422
    refused = selling.post(f"/instances/{case}/suspend", {"reason": "r"}, by="ivy")
    assert (refused.status_code, refused.json["code"]) == (403, "right_missing")
    mine = selling.post(f"/instances/{case}/suspend", {"reason": "r"}, by="sam")
    assert (mine.status_code, mine.json["code"]) == (409, "not_claimed")


def test_a_message_to_a_held_case_is_refused_and_not_lost_silently(selling: Programs) -> None:
    case = started(selling, business_key="Q")["id"]
    selling.post(f"/tasks/{the_task(selling)['id']}/complete", {"data": {"amount": 1}}, by="sam")
    selling.post(f"/instances/{case}/suspend", {"reason": "an audit"})
    message = {"name": "customer.replied", "business_key": "Q"}
    refused = selling.post("/messages", message, by="ivy")
    assert (refused.status_code, refused.json["code"]) == (409, "instance_suspended")
    selling.post(f"/instances/{case}/resume", {})
    assert selling.post("/messages", message, by="ivy").json["outcome"] == "delivered"


def awaiting(api: Programs) -> str:
    """A case whose next step is the customer's reply, on hold until it comes."""
    case: str = started(api, business_key="Q")["id"]
    api.post(f"/tasks/{the_task(api)['id']}/complete", {"data": {"amount": 1}}, by="sam")
    held = api.post(f"/instances/{case}/suspend", {"reason": "asked them", "awaits_customer": True}).json
    assert (held["suspended"], held["awaits_customer"]) == (True, True)
    return case


def test_the_customer_s_reply_resumes_and_is_delivered(selling: Programs) -> None:
    case = awaiting(selling)
    assert [one["awaits_customer"] for one in selling.get("/instances?suspended=true").json["items"]] == [True]
    message = {"name": "customer.replied", "business_key": "Q"}
    sent = selling.post("/messages", message, by="ivy")
    assert (sent.status_code, sent.json) == (200, {"outcome": "delivered", "instance_id": case})
    after = selling.get(f"/instances/{case}").json
    assert (after["suspended"], after["awaits_customer"]) == (False, False)
    told = [one["fact"] for one in selling.get(f"/instances/{case}/timeline").json["items"]]
    assert {"type": "InstanceResumed", "answered": True} in told


def test_what_nobody_waits_for_is_told_as_ever_and_ends_no_hold(selling: Programs) -> None:
    case = awaiting(selling)
    message = {"name": "another", "instance_id": case, "keep_seconds": 0}
    refused = selling.post("/messages", message, by="ivy")
    assert (refused.status_code, refused.json["code"]) == (404, "nobody_waits")
    assert selling.get(f"/instances/{case}").json["awaits_customer"] is True


def test_who_took_the_call_says_that_they_answered(selling: Programs) -> None:
    case = awaiting(selling)
    for answered in (False, True):
        said = selling.post(f"/instances/{case}/comments", {"text": "they rang", "answered": answered}, by="sam")
        assert said.status_code == 200
        assert selling.get(f"/instances/{case}").json["suspended"] is not answered
    assert selling.post(f"/instances/{case}/comments", {"text": "x", "answered": "so"}).status_code == 422
    assert selling.post(f"/instances/{case}/suspend", {"awaits_customer": 7}).status_code == 422


def test_nothing_starts_with_a_version_on_hold(selling: Programs) -> None:
    held = selling.post("/processes/quote/versions/1/suspend")
    assert (held.status_code, held.json["suspended"]) == (200, True)
    start = {"process": "quote", "customer_id": "C-1"}
    refused = selling.post("/instances", start, by="ivy")
    assert (refused.status_code, refused.json["code"]) == (409, "process_suspended")
    assert refused.json["text"]["zh-CN"] == "流程 quote 已暂停，恢复后才能发起。"
    assert selling.get("/processes/quote/start-form?customer_id=C-1", by="ivy").status_code == 409
    assert selling.post("/processes/quote/versions/1/resume").json["suspended"] is False
    assert selling.post("/instances", start, by="ivy").status_code == 201


@pytest.mark.parametrize("deed", ["suspend", "resume"])
def test_who_may_hold_versions(selling: Programs, deed: str) -> None:
    for by in ("ivy", "sam"):
        assert selling.post(f"/processes/quote/versions/1/{deed}", by=by).status_code == 403
    assert selling.post(f"/processes/quote/versions/9/{deed}").status_code == 404
    assert selling.post(f"/processes/none/versions/1/{deed}").status_code == 404


def deployment(api: Programs, name: str = "more", xml: bytes = QUOTE) -> str:
    file = {"name": "quote.bpmn", "content": xml.decode(), "encoding": "text"}
    form = {"name": "configure.json", "content": '{"type": "object"}', "encoding": "text"}
    made = api.post("/deployments", {"name": name, "files": [file, form], "release": True})
    assert made.status_code == 201, made.json
    found: str = made.json["id"]
    return found


def test_a_deployment_is_taken_back(selling: Programs) -> None:
    made = deployment(selling, xml=QUOTE.replace(b'name="Configure"', b'name="Set up"'))
    assert selling.get("/processes/quote").json["released"] == 2
    assert selling.call("DELETE", f"/deployments/{made}").status_code == 204
    assert selling.get("/processes/quote").json["released"] == 1
    assert selling.call("DELETE", f"/deployments/{made}").status_code == 404


def test_a_deployment_whose_cases_run_stays(api: Programs) -> None:
    made = deployment(api)
    case = api.post("/instances", {"process": "quote"}, by="ada").json["instance"]["id"]
    refused = api.call("DELETE", f"/deployments/{made}")
    assert (refused.status_code, refused.json["code"]) == (409, "instances_running")
    assert api.call("DELETE", f"/deployments/{made}?cascade=true").status_code == 204
    assert api.get(f"/instances/{case}").status_code == 404


@pytest.mark.parametrize("by", ["ivy", "sam"])
def test_who_may_take_back(selling: Programs, by: str) -> None:
    assert selling.call("DELETE", "/deployments/x", by=by).status_code == 403


def test_a_start_is_looked_at_before_it_happens(selling: Programs) -> None:
    shown = selling.get("/processes/quote/start-form?customer_id=C-1", by="ivy")
    assert shown.status_code == 200
    assert shown.json["form"] is None
    assert set(shown.json["sentence"]) == {"zh-CN", "en"}
    assert shown.json["program"] == started(selling)["program"]
    assert selling.get("/processes/none/start-form", by="ivy").status_code == 404
    unknown = selling.get("/processes/quote/start-form?customer_id=C-404", by="ivy")
    assert (unknown.status_code, unknown.json["problems"][0]["pointer"]) == (422, "/customer_id")


def test_programs_are_given_as_drawings(selling: Programs) -> None:
    case = started(selling)
    for path in (
        f"/instances/{case['id']}/bpmn",
        f"/programs/{case['program']}/bpmn",
        "/processes/quote/versions/1/bpmn",
    ):
        answer = selling.get(path)
        assert answer.status_code == 200
        assert answer.mimetype == "application/xml"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert b"configure" in answer.data
    assert selling.get("/programs/none/bpmn").status_code == 404


# --- many at once


def bulk(api: Programs, *items: dict[str, Any], key: str = "", by: str = "ivy") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return api.post("/instances/bulk", {"items": list(items)}, by=by, headers=headers)


GOOD = {"process": "quote", "customer_id": "C-1"}


def test_each_of_many_starts_has_its_own_fate(selling: Programs) -> None:
    answer = bulk(
        selling,
        {**GOOD, "business_key": "a"},
        {"process": "none"},
        {"process": "quote", "customer_id": "C-404"},
        {**GOOD, "business_key": "a"},
        GOOD,
    )
    assert answer.status_code == 200
    assert [one["status"] for one in answer.json["items"]] == [201, 404, 422, 200, 201]
    assert (answer.json["started"], answer.json["refused"]) == (3, 2)
    items = answer.json["items"]
    assert items[0]["instance"]["id"] == items[3]["instance"]["id"]
    assert items[1]["problem"]["code"] == "process_unknown"
    assert items[2]["problem"]["problems"][0]["pointer"] == "/customer_id"
    assert len(selling.get("/instances").json["items"]) == 2


def test_many_starts_with_a_key_happen_once(selling: Programs) -> None:
    first, again = (bulk(selling, GOOD, {"process": "none"}, GOOD, key="k") for _ in range(2))
    assert first.json == again.json
    assert len(selling.get("/instances").json["items"]) == 2


def test_an_item_that_was_refused_is_tried_again_with_the_same_key(selling: Programs) -> None:
    late = {"process": "quote", "customer_id": "C-2"}
    assert bulk(selling, GOOD, late, key="k").json["started"] == 1
    selling.post("/customers", {"number": "C-2", "name": "Late"})
    again = bulk(selling, GOOD, late, key="k").json
    assert (again["started"], again["refused"]) == (2, 0)
    assert len(selling.get("/instances").json["items"]) == 2


def test_the_same_key_for_other_items_is_refused_item_by_item(selling: Programs) -> None:
    bulk(selling, GOOD, key="k")
    again = bulk(selling, {**GOOD, "data": {"other": 1}}, GOOD, key="k").json
    assert [one["status"] for one in again["items"]] == [409, 201]


@pytest.mark.parametrize(
    ("items", "pointer"),
    [([], "/items"), ([GOOD] * 101, "/items"), ([GOOD, {"customer_id": "C-1"}], "/items/1/process")],
)
def test_a_wrong_list_starts_nothing(selling: Programs, items: list[Any], pointer: str) -> None:
    refused = bulk(selling, *items)
    assert refused.status_code == 422
    assert refused.json["problems"][0]["pointer"] == pointer
    assert selling.get("/instances").json["items"] == []


def test_who_may_not_start_one_may_not_start_many(selling: Programs) -> None:
    assert bulk(selling, GOOD, by="rita").status_code == 403
