"""Variants through the API: drafts with all their problems, approval by somebody else, release, and the tester."""

from typing import Any

import pytest

from engine.customers import groups
from engine.people.agent import SYSTEM
from tests.unit.customers.books import document
from tests.web.api.conftest import Programs

CALL: dict[str, Any] = {
    "id": "ka_call",
    "kind": "insert",
    "at": {"after": "configure"},
    "node": {
        "type": "userTask",
        "names": {"zh-CN": "致电", "en": "Call"},
        "performer": {"groups": ["sales"]},
    },
    "reason": {"zh-CN": "大客户要电话", "en": "They like to talk"},
}
GONE: dict[str, Any] = {"id": "ka_gone", "kind": "delete", "target": "nowhere", "reason": CALL["reason"]}
KA = "/variants/quote:key-accounts"


@pytest.fixture
def grouped(selling: Programs) -> Programs:
    groups.publish(selling.engine, document=document(), agent=SYSTEM, now=selling.clock.now())
    selling.person("ben", "admin")
    return selling


def draft(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    names = {"zh-CN": "大客户", "en": "Key accounts"}
    said = {"process": "quote", "name": "key-accounts", "group": "KA", "names": names, "reason": CALL["reason"]}
    return {**said, "operations": list(operations), **more}


def released(api: Programs, n: int = 1, *operations: dict[str, Any]) -> Any:
    assert api.post("/variants", draft(*(operations or (CALL,)))).status_code == 201
    assert api.post(f"{KA}/versions/{n}/submit").status_code == 200
    assert api.post(f"{KA}/versions/{n}/approve", by="ben").status_code == 200
    return api.post(f"{KA}/versions/{n}/release", by="ben").json


def test_a_draft_is_saved_told_in_words_and_marked_for_a_drawing(grouped: Programs) -> None:
    saved = grouped.post("/variants", draft(CALL, note="first try")).json
    assert (saved["n"], saved["status"], saved["problems"]) == (1, "checked", [])
    assert saved["lines"][0]["says"] == {
        "zh-CN": "新增「致电」，在「Configure」之后",
        "en": "new: Call, after Configure",
    }
    assert saved["lines"][0]["element"] == "activity" and saved["fingerprint"]["activity"] == 1
    assert saved["marks"]["inserted"] == ["ka_call", "ka_call_out"]
    assert saved["history"][0] | {"at": ""} == {"at": "", "by": "ada", "did": "saved", "note": "first try"}
    assert grouped.get(f"{KA}/versions/1").json == saved


def test_a_wrong_draft_is_kept_with_every_problem_at_its_place(grouped: Programs) -> None:
    saved = grouped.post("/variants", draft(CALL, GONE)).json
    assert (saved["status"], saved["program"], len(saved["operations"])) == ("draft", "", 2)
    problem = next(one for one in saved["problems"] if one["severity"] == "error")
    assert (problem["pointer"], problem["code"]) == ("/operations/1", "element_unknown")
    assert saved["lines"][1]["refused"]["en"] == "the process has no step 'nowhere'"
    refused = grouped.post(f"{KA}/versions/1/submit")
    assert (refused.status_code, refused.json["code"]) == (422, "variant_wrong")
    assert [one["pointer"] for one in refused.json["problems"] if one["severity"] == "error"] == ["/operations/1"]


def test_checking_stores_nothing(grouped: Programs) -> None:
    checked = grouped.post("/variants/check", draft(CALL, GONE)).json
    assert [line["operation"] for line in checked["lines"]] == ["ka_call", "ka_gone"]
    assert "/operations/1" in [one["pointer"] for one in checked["problems"]]
    assert grouped.get("/variants").json == {"items": []}


def test_words_that_are_no_operation_are_named_by_their_pointer(grouped: Programs) -> None:
    checked = grouped.post("/variants/check", draft({"id": "x", "kind": "explode", "reason": CALL["reason"]})).json
    assert (checked["problems"][0]["pointer"], checked["lines"], checked["marks"]) == ("/operations/0/kind", [], None)


def test_the_way_to_release_goes_through_somebody_else(grouped: Programs) -> None:
    grouped.post("/variants", draft(CALL))
    assert grouped.post(f"{KA}/versions/1/release").json["code"] == "variant_status"
    grouped.post(f"{KA}/versions/1/submit", {"note": "please"})
    mine = grouped.post(f"{KA}/versions/1/approve")
    assert (mine.status_code, mine.json["code"]) == (403, "own_work")
    assert grouped.post(f"{KA}/versions/1/approve", by="ben").json["status"] == "approved"
    done = grouped.post(f"{KA}/versions/1/release").json
    assert [(deed["did"], deed["by"]) for deed in done["history"]] == [
        ("saved", "ada"), ("submitted", "ada"), ("approved", "ben"), ("released", "ada"),
    ]  # fmt: skip


def test_sending_back_needs_a_word(grouped: Programs) -> None:
    grouped.post("/variants", draft(CALL))
    grouped.post(f"{KA}/versions/1/submit")
    assert grouped.post(f"{KA}/versions/1/send-back", by="ben").status_code == 422
    back = grouped.post(f"{KA}/versions/1/send-back", {"note": "say when"}, by="ben").json
    assert (back["status"], back["submitted"], back["history"][-1]["note"]) == ("draft", False, "say when")


def test_one_action_brings_the_version_before_back(grouped: Programs) -> None:
    first = released(grouped)
    second = released(grouped, 2, {**CALL, "at": {"before": "configure"}})
    assert first["program"] != second["program"]
    back = grouped.post(f"{KA}/roll-back", {"note": "too early"}).json
    assert (back["n"], back["status"], back["program"]) == (1, "released", first["program"])
    versions = grouped.get(KA).json["versions"]
    assert [(one["n"], one["status"]) for one in versions] == [(2, "retired"), (1, "released")]


def test_a_change_over_somebody_elses_is_a_conflict(grouped: Programs) -> None:
    seen = grouped.post("/variants", draft(CALL, seen="")).json["sha256"]
    grouped.post("/variants", draft(seen=seen), by="ben")
    late = grouped.post("/variants", draft(CALL, seen=seen))
    assert (late.status_code, late.json["code"]) == (409, "variant_changed_meanwhile")


def test_the_matrix_shows_each_groups_variant(grouped: Programs) -> None:
    released(grouped)
    shown = grouped.get("/matrix").json
    assert [group["key"] for group in shown["groups"]] == ["ALL", "KA", "GR", "ST", "PR"]
    cells = {cell["group"]: cell for cell in shown["rows"][0]["cells"]}
    assert (cells["KA"]["state"], cells["KA"]["fingerprint"]["activity"], cells["ST"]["state"]) == ("own", 1, "base")
    assert [one["id"] for one in grouped.get("/variants?process=quote").json["items"]] == ["quote:key-accounts"]
    assert grouped.get("/variants?process=other").json["items"] == []


def test_the_tester_says_why_and_why_not(grouped: Programs) -> None:
    released(grouped)
    facts = {"values": {"current": 90, "potential": 1}, "contract": "gold", "churn": 0}
    tried = grouped.post("/resolutions/try", {"process": "quote", "facts": facts}).json
    assert (tried["group"], tried["variant"], tried["how"]) == ("KA", "quote:key-accounts", "rule")
    assert tried["sentence"]["en"].startswith("Key accounts v1 because value is 91, at least 85")
    assert {one["group"]: one["state"] for one in tried["groups"]}["PR"] == "missed"
    poor = grouped.post("/resolutions/try", {"process": "quote", "facts": facts | {"contract": "none"}}).json
    assert (poor["group"], poor["variant"]) == ("GR", "")
    early = grouped.post("/resolutions/try", {"process": "quote", "facts": facts, "at": "2020-01-01T00:00:00Z"})
    assert (early.status_code, early.json["code"]) == (409, "nothing_released")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/variants/none", 404),
        ("GET", f"{KA}/versions/7", 404),
        ("POST", f"{KA}/versions/7/submit", 404),
        ("POST", f"{KA}/roll-back", 409),
        ("POST", "/variants", 422),
        ("POST", "/resolutions/try", 422),
    ],
)
def test_what_is_not_there_or_incomplete_is_refused(method: str, path: str, status: int, grouped: Programs) -> None:
    assert grouped.call(method, path, **({"json": {}} if method == "POST" else {})).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/matrix", None),
        ("GET", "/variants", None),
        ("POST", "/variants", draft(CALL)),
        ("POST", "/variants/check", draft(CALL)),
        ("POST", f"{KA}/versions/1/submit", {}),
        ("POST", f"{KA}/versions/1/approve", {}),
        ("POST", f"{KA}/versions/1/send-back", {"note": "x"}),
        ("POST", f"{KA}/versions/1/release", {}),
        ("POST", f"{KA}/roll-back", {}),
        ("POST", "/resolutions/try", {"process": "quote"}),
    ],
)
def test_staff_neither_see_nor_change_variants(method: str, path: str, body: Any, grouped: Programs) -> None:
    refused = grouped.call(method, path, by="sam", **({"json": body} if body is not None else {}))
    assert (refused.status_code, refused.json["code"]) == (403, "right_missing")


def test_a_variant_for_circumstances_is_saved_chosen_and_told(grouped: Programs) -> None:
    phoned = {"name": "channel", "type": "string", "test": '"phone"', "names": {"zh-CN": "渠道", "en": "Channel"}}
    said = draft(CALL, name="phoned", group="", context=[phoned], priority=3)
    assert grouped.post("/variants", said).status_code == 201
    which = "/variants/quote:phoned"
    assert grouped.get(which).json["context"] == [phoned] and grouped.get(which).json["priority"] == 3
    for deed, by in (("submit", "ada"), ("approve", "ben"), ("release", "ben")):
        assert grouped.post(f"{which}/versions/1/{deed}", by=by).status_code == 200
    asked = {"process": "quote", "facts": {"values": {"current": 1, "potential": 0}}}
    tried = grouped.post("/resolutions/try", {**asked, "data": {"channel": "phone"}}).json
    assert tried["variant"] == "quote:phoned" and "because channel is phone" in tried["sentence"]["en"]
    assert grouped.post("/resolutions/try", asked).json["variant"] == ""


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": "channel", "type": "text", "test": "1"}, "/context/0/type"),
        ({"name": "channel", "type": "string"}, "/context/0/test"),
        ({"name": "channel", "type": "string", "test": "> "}, "/context/0/test"),
        ({"name": "", "type": "string", "test": "1"}, "/context/0/name"),
    ],
)
def test_wrong_circumstances_are_told_at_their_place(grouped: Programs, wrong: dict[str, Any], pointer: str) -> None:
    answer = grouped.post("/variants", draft(CALL, context=[wrong]))
    assert answer.status_code == 422
    assert pointer in [one["pointer"] for one in answer.json["problems"]]


def test_a_drawing_made_elsewhere_is_told_as_operations_that_are_sent_on_as_a_draft(grouped: Programs) -> None:
    assert grouped.post("/variants", draft(CALL)).status_code == 201
    program = grouped.get(f"{KA}/versions/1").json["program"]
    xml = grouped.get(f"/programs/{program}/bpmn").text
    sent = {"process": "quote", "name": "growing", "group": "GR", "bpmn": xml, "file": "ka.bpmn"}
    found = grouped.post("/variants/infer", sent).json
    assert found["exact"] and found["remains"] == [] and [one["kind"] for one in found["operations"]] == ["insert"]
    assert found["lines"][0]["says"]["en"] == "new: Call, after Configure"
    assert found["fingerprint"]["activity"] == 1 and found["marks"]["inserted"]
    assert len(grouped.get("/variants?process=quote").json["items"]) == 1, "nothing is stored"
    saved = grouped.post("/variants", draft(*found["operations"], name="growing", group="GR"))
    assert saved.status_code == 201 and saved.json["status"] == "checked"


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"bpmn": "<a/>"}, 422, "drawing_wrong"),
        ({"bpmn": ""}, 422, ""),
        ({"process": "none"}, 404, ""),
        ({"name": "Not A Name"}, 422, ""),
        ({"more": 1}, 422, ""),
    ],
)
def test_a_drawing_that_is_none_is_refused_with_its_fault(
    grouped: Programs, wrong: dict[str, Any], status: int, code: str
) -> None:
    answer = grouped.post("/variants/infer", {"process": "quote", "name": "ka", "bpmn": "<x/>", **wrong})
    assert answer.status_code == status
    assert not code or answer.json["code"] == code
