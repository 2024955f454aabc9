"""A case from start to end as a program sees it."""

import base64
from typing import Any

import msgspec
import pytest

from engine import records
from engine.model import nodes
from tests.web.api.conftest import QUOTE, Programs


def started(api: Programs, **more: Any) -> dict[str, Any]:
    answer = api.post("/instances", {"process": "quote", "customer_id": "C-1", **more}, by="ivy")
    assert answer.status_code == 201, answer.json
    instance: dict[str, Any] = answer.json["instance"]
    return instance


def the_task(api: Programs, by: str = "sam", shelf: str = "claimable") -> dict[str, Any]:
    (task,) = api.get(f"/tasks?shelf={shelf}", by=by).json["items"]
    found: dict[str, Any] = task
    return found


def test_a_case_runs_from_start_to_end(selling: Programs) -> None:
    instance = started(selling, business_key="Q-1")
    task = the_task(selling)
    assert (task["name"], task["customer_name"], task["groups"]) == ("Configure", "李雷贸易", ["sales"])

    assert selling.post(f"/tasks/{task['id']}/claim", by="sam").json["assignee"] == "sam"
    done = selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 12.5}}, by="sam")
    assert done.json == {"instance_id": instance["id"], "status": "active"}

    sent = selling.post(
        "/messages", {"name": "customer.replied", "business_key": "Q-1", "data": {"yes": True}}, by="ivy"
    )
    assert sent.json == {"outcome": "delivered", "instance_id": instance["id"]}

    case = selling.get(f"/instances/{instance['id']}", by="ivy").json
    assert case["status"] == "completed"
    assert case["variables"]["amount"] == 12.5
    assert case["variables"]["yes"] is True
    facts = [item["fact"] for item in selling.get(f"/instances/{instance['id']}/timeline").json["items"]]
    told = [(fact["type"], fact.get("node", "")) for fact in facts]
    milestones = [
        ("VariantChosen", ""),
        ("WorkItemOpened", "configure"),
        ("WorkItemActed", "configure"),
        ("WorkItemCompleted", "configure"),
        ("ActivityCompleted", "reply"),
        ("InstanceEnded", ""),
    ]
    assert [fact for fact in told if fact in milestones] == milestones


def test_the_same_business_key_starts_once(selling: Programs) -> None:
    first = started(selling, business_key="Q-7")
    again = selling.post("/instances", {"process": "quote", "customer_id": "C-1", "business_key": "Q-7"}, by="ivy")
    assert again.status_code == 200
    assert again.json["created"] is False
    assert again.json["instance"]["id"] == first["id"]


def test_a_wrong_form_names_the_field_and_loses_nothing(selling: Programs) -> None:
    started(selling)
    task = the_task(selling)
    selling.post(f"/tasks/{task['id']}/claim", by="sam")
    kept = selling.call("PUT", f"/tasks/{task['id']}/draft", json={"data": {"amount": -1, "note": "x"}}, by="sam")
    assert kept.json["draft"] == {"amount": -1, "note": "x"}
    refused = selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": -1, "other": 1}}, by="sam")
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert {problem["pointer"] for problem in refused.json["problems"]} == {"/amount", "/other"}
    for problem in refused.json["problems"]:
        assert problem["text"]["zh-CN"] and problem["text"]["en"]
    assert selling.get(f"/tasks/{task['id']}", by="sam").json["draft"] == {"amount": -1, "note": "x"}


def test_of_two_who_claim_one_is_told_who_was_faster(selling: Programs) -> None:
    started(selling)
    task = the_task(selling)
    assert selling.post(f"/tasks/{task['id']}/claim", by="sam").status_code == 200
    refused = selling.post(f"/tasks/{task['id']}/claim", by="sue")
    assert refused.status_code == 409
    assert refused.json["ids"]["by"] == "sam"


def test_completing_twice_is_a_conflict_that_names_who_did_it(selling: Programs) -> None:
    started(selling)
    task = the_task(selling)
    assert selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 1}}, by="sam").status_code == 200
    refused = selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 2}}, by="sue")
    assert refused.status_code == 409
    assert refused.json["ids"]["by"] == "sam"


def test_an_unknown_customer_is_named_with_its_field(selling: Programs) -> None:
    refused = selling.post("/instances", {"process": "quote", "customer_id": "nobody"}, by="ivy")
    assert refused.status_code == 422
    assert refused.json["problems"][0]["pointer"] == "/customer_id"


def test_an_early_message_waits_and_a_late_one_is_refused_when_it_may_not(selling: Programs) -> None:
    early = {"name": "customer.replied", "business_key": "Q-9", "data": {"yes": 1}}
    assert selling.post("/messages", early, by="ivy").json["outcome"] == "kept"
    instance = started(selling, business_key="Q-9")
    selling.post(f"/tasks/{the_task(selling)['id']}/complete", {"data": {"amount": 1}}, by="sam")
    selling.settle()
    assert selling.get(f"/instances/{instance['id']}").json["status"] == "completed"
    nobody = selling.post("/messages", {"name": "nobody.waits", "keep_seconds": 0}, by="ivy")
    assert (nobody.status_code, nobody.json["code"]) == (404, "nobody_waits")


def test_two_who_wait_make_a_message_ambiguous(selling: Programs) -> None:
    for key in ("A", "B"):
        started(selling, business_key=key)
    for task in selling.get("/tasks?shelf=claimable", by="sam").json["items"]:
        selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 1}}, by="sam")
    refused = selling.post("/messages", {"name": "customer.replied"}, by="ivy")
    assert refused.status_code == 409
    assert len(refused.json["ids"]["candidates"]) == 2


def test_a_cancelled_case_takes_no_more(selling: Programs) -> None:
    instance = started(selling)
    task = the_task(selling)
    cancelled = selling.post(f"/instances/{instance['id']}/cancel", {"reason": "a test order"})
    assert cancelled.json["status"] == "cancelled"
    assert cancelled.json["tokens"] == []
    assert selling.post(f"/tasks/{task['id']}/complete", {"data": {"amount": 1}}, by="sam").status_code == 409
    assert selling.post(f"/instances/{instance['id']}/cancel", {"reason": "again"}).status_code == 409


def test_lists_are_paged_without_losing_or_doubling(selling: Programs) -> None:
    wanted = [started(selling, business_key=str(number))["id"] for number in range(7)]
    found: list[str] = []
    after = ""
    while True:
        page = selling.get(f"/instances?limit=3&after={after}").json
        found += [item["id"] for item in page["items"]]
        after = page["next"]
        if not after:
            break
    assert sorted(found) == sorted(wanted)


def test_a_file_with_errors_is_kept_as_a_draft_and_not_released(api: Programs) -> None:
    broken = QUOTE.replace(b'targetRef="closed"', b'targetRef="nowhere"')
    file = {"name": "quote.bpmn", "content": base64.b64encode(broken).decode()}
    kept = api.post("/deployments", {"name": "sales", "files": [file]})
    assert kept.status_code == 201
    assert any(problem["element"] == "f3" and problem["line"] for problem in kept.json["problems"])
    refused = api.post("/processes/quote/versions/1/release")
    assert refused.status_code == 422
    assert refused.json["problems"]
    assert api.get("/processes/quote/versions/1/bpmn").data == broken


@pytest.mark.parametrize(
    "content", [b"<definitions", b"", b"\x00\x01", b'<!DOCTYPE x [<!ENTITY a "b">]><definitions>&a;</definitions>']
)
def test_what_is_no_bpmn_is_answered_with_its_place(content: bytes, api: Programs) -> None:
    file = {"name": "quote.bpmn", "content": base64.b64encode(content).decode()}
    answer = api.post("/deployments", {"name": "sales", "files": [file], "release": True})
    assert answer.status_code == 422
    assert answer.json["problems"][0]["file"] == "quote.bpmn"


def test_a_case_is_changed_by_hand_after_a_dry_run(selling: Programs) -> None:
    case = started(selling)["id"]
    wish = {"move": [{"source": "configure", "target": "reply"}], "variables": {"amount": 3}, "reason": "paid in cash"}
    shown = selling.post(f"/instances/{case}/modification", wish, by="ada").json
    assert shown["dry_run"] is True, "unless it is asked for in so many words"
    assert [(wait["node"], wait["kind"]) for wait in shown["opened"]] == [("reply", "message")]
    assert [wait["node"] for wait in shown["closed"]] == ["configure"]
    assert selling.get(f"/instances/{case}").json["tokens"] == [{"node": "configure", "path": []}]

    done = selling.post(
        f"/instances/{case}/modification", {**wish, "dry_run": False, "revision": shown["revision"]}, by="ada"
    ).json
    assert (done["dry_run"], done["tokens"]) == (False, [{"node": "reply", "path": []}])
    facts = [item["fact"] for item in selling.get(f"/instances/{case}/timeline").json["items"]]
    by_hand = {fact["type"] for fact in facts if fact.get("reason") == "paid in cash"}
    assert by_hand == {"TokenMoved", "VariablesSet"}

    late = selling.post(
        f"/instances/{case}/modification", {**wish, "dry_run": False, "revision": shown["revision"]}, by="ada"
    )
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"start": ["reply"]}, 422),
        ({"start": ["reply"], "reason": ""}, 422),
        ({"reason": "x"}, 422),
        ({"start": ["nowhere"], "reason": "x"}, 404),
        ({"start": ["reply"], "reason": "x", "unknown": 1}, 422),
        ({"cancel": [{"a": 1}], "reason": "x"}, 422),
    ],
)
def test_a_change_that_cannot_be_done_is_refused(selling: Programs, body: dict[str, Any], status: int) -> None:
    case = started(selling)["id"]
    assert selling.post(f"/instances/{case}/modification", body, by="ada").status_code in (status, 400)


def test_only_administrators_change_cases_by_hand(selling: Programs) -> None:
    case = started(selling)["id"]
    answer = selling.post(f"/instances/{case}/modification", {"start": ["reply"], "reason": "x"}, by="ivy")
    assert answer.status_code == 403


def test_a_process_says_what_the_calendar_begins_and_when(selling: Programs) -> None:
    assert selling.get("/processes/quote").json["rounds"] == []
    with selling.engine.store.transaction() as tx:
        program = tx.programs.get(tx.processes.released("quote").program)  # type: ignore[union-attr]
        begin = next(node.id for node in program.nodes if isinstance(node, nodes.StartEvent))  # type: ignore[union-attr]
        common = {"process": "quote", "node": begin, "due_at": selling.clock.now(), "cycle": "R/P7D"}
        known = records.StartTimer(**common, left=-1)
        new = records.StartTimer(**common, customer_group="KA", left=records.NOT_SET)
        tx.due.set_starts("quote", [known, new])
    first, second = selling.get("/processes/quote").json["rounds"]
    assert (first["customer_group"], first["cycle"]) == ("", "R/P7D") and first["next_at"]
    assert (second["customer_group"], second["next_at"]) == ("KA", None)


def test_a_process_says_how_long_its_cases_are_kept(selling: Programs) -> None:
    assert selling.get("/processes/quote").json["keep_ended_days"] == 0
    with selling.engine.store.transaction() as tx:
        process = tx.processes.get("quote")
        assert process is not None
        tx.processes.put(msgspec.structs.replace(process, details={**process.details, "keep_ended_days": 90}))
    assert selling.get("/processes/quote").json["keep_ended_days"] == 90
