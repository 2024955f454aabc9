"""The board of a new base through the API."""

from typing import Any

import pytest

from engine.customers import groups
from engine.people.agent import SYSTEM
from tests.unit.customers.books import document
from tests.web.api.conftest import QUOTE, Programs

WHY = {"zh-CN": "理由", "en": "because"}
BOARD = "/processes/quote/board"


def sla(operation_id: str, duration: str) -> dict[str, Any]:
    return {
        "id": operation_id, "kind": "set_sla", "target": "configure", "promise": {"duration": duration}, "reason": WHY,
    }  # fmt: skip


def bring(api: Programs, group: str, *operations: dict[str, Any]) -> None:
    name = group.lower()
    said = {"process": "quote", "name": name, "group": group, "names": WHY, "reason": WHY}
    assert api.post("/variants", {**said, "operations": list(operations)}).status_code == 201
    for deed, by in (("submit", "ada"), ("approve", "ben"), ("release", "ben")):
        answer = api.post(f"/variants/quote:{name}/versions/1/{deed}", by=by)
        assert answer.status_code == 200, answer.json


@pytest.fixture
def behind(selling: Programs) -> Programs:
    """KA and GR say the same of a step that the new base deletes; ST speaks of the one behind it."""
    groups.publish(selling.engine, document=document(), agent=SYSTEM, now=selling.clock.now())
    selling.person("ben", "admin")
    bring(selling, "KA", sla("ka_1", "PT1H"))
    bring(selling, "GR", sla("gr_1", "PT1H"))
    bring(selling, "ST", {"id": "st_1", "kind": "set_names", "target": "reply", "names": WHY, "reason": WHY})
    new = QUOTE.replace(b'<userTask id="configure" name="Configure"', b'<userTask id="design" name="Design"')
    new = new.replace(b'targetRef="configure"', b'targetRef="design"').replace(
        b'sourceRef="configure"', b'sourceRef="design"'
    )
    form = selling.get("/processes/quote").json
    assert form["key"] == "quote"
    files = [
        {"name": "quote.bpmn", "content": new.decode(), "encoding": "text"},
        {"name": "configure.json", "content": '{"type": "object", "properties": {}}', "encoding": "text"},
    ]
    answer = selling.post("/deployments", {"name": "next", "files": files, "release": True})
    assert answer.status_code == 201, answer.json
    return selling


def rows(api: Programs) -> dict[str, Any]:
    return {row["group"]: row for row in api.get(BOARD).json["rows"]}


def conflict(api: Programs, group: str = "KA") -> Any:
    (found,) = rows(api)[group]["conflicts"]
    return found


def decide(api: Programs, choice: str, group: str = "KA", **more: Any) -> Any:
    where = f"{BOARD}/quote:{group.lower()}/conflicts/{conflict(api, group)['signature']}"
    return api.call("PUT", where, json={"choice": choice, **more})


def test_the_board_tells_changes_rows_and_conflicts(behind: Programs) -> None:
    found = behind.get(BOARD).json
    assert (found["process"], found["from_n"], found["base_n"], found["released"]) == ("quote", 1, 2, True)
    assert {one["kind"] for one in found["changes"]} >= {"inserted", "deleted"}
    assert {group: row["state"] for group, row in rows(behind).items()} == {
        "KA": "decide",
        "GR": "decide",
        "ST": "look",
    }
    said = conflict(behind)
    assert (said["kind"], said["operation"], said["elements"]) == ("modify_delete", "ka_1", ["configure"])
    assert said["choices"] == {"drop": {"zh-CN": "接受取消该步骤", "en": "Accept that the step is gone"}}
    assert said["decided"] is None and said["proposed"] is None
    assert rows(behind)["ST"]["operations"][0]["id"] == "st_1" and rows(behind)["ST"]["program"]


def test_decided_proposed_accepted_and_opened_again(behind: Programs) -> None:
    made = decide(behind, "drop", note="no longer done")
    assert made.status_code == 200
    assert (made.json["choice"], made.json["by"], made.json["note"]) == ("drop", "ada", "no longer done")
    assert conflict(behind)["decided"] == made.json
    assert conflict(behind, "GR")["proposed"] == made.json
    taken = behind.post(f"{BOARD}/accept").json["items"]
    assert [(one["variant_id"], one["choice"]) for one in taken] == [("quote:gr", "drop")]
    where = f"{BOARD}/quote:gr/conflicts/{conflict(behind, 'GR')['signature']}"
    assert behind.call("DELETE", where).status_code == 204
    assert rows(behind)["GR"]["state"] == "decide"
    assert behind.call("DELETE", where).status_code == 404


def test_carried_over_and_undone(behind: Programs) -> None:
    decide(behind, "drop")
    made = behind.post(f"{BOARD}/carry", {"note": "base v2"}).json["items"]
    assert sorted((one["variant_id"], one["n"]) for one in made) == [("quote:ka", 2), ("quote:st", 2)]
    found = behind.get("/variants/quote:st/versions/2").json
    assert (found["base_n"], found["submitted"], found["history"][0]["did"], found["history"][0]["note"]) == (
        2, True, "rebased", "base v2",
    )  # fmt: skip
    refused = behind.post(f"{BOARD}/carry", {"variants": ["quote:gr"]}).json["items"]
    assert refused[0]["n"] == 0 and "还有冲突要决定" in refused[0]["refused"]["zh-CN"]
    back = behind.post("/variants/quote:st/undo", {"note": "wait"}).json
    assert (back["n"], back["status"], back["base_n"]) == (2, "retired", 2)
    again = behind.post("/variants/quote:st/undo")
    assert (again.status_code, again.json["code"]) == (409, "not_carried")


WRONG = [
    ("PUT", "{known}", {"choice": "keep"}, 422, "choice_unknown"),
    ("PUT", "{known}", {"choice": "maybe"}, 422, "choice_unknown"),
    ("PUT", "{known}", {}, 422, "request_invalid"),
    ("PUT", "{known}", {"choice": "drop", "more": 1}, 422, "request_invalid"),
    ("PUT", "none", {"choice": "drop"}, 404, "conflict_unknown"),
    ("DELETE", "none", None, 404, "conflict_unknown"),
]


@pytest.mark.parametrize(("method", "signature", "body", "status", "code"), WRONG)
def test_what_is_wrong_is_told_in_both_languages(
    behind: Programs, method: str, signature: str, body: Any, status: int, code: str
) -> None:
    known = signature.format(known=conflict(behind)["signature"])
    answer = behind.call(method, f"{BOARD}/quote:ka/conflicts/{known}", json=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["text"]["zh-CN"] and answer.json["text"]["en"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", BOARD),
        ("GET", "/processes/quote/smells"),
        ("PUT", f"{BOARD}/quote:ka/conflicts/x"),
        ("DELETE", f"{BOARD}/quote:ka/conflicts/x"),
        ("POST", f"{BOARD}/accept"),
        ("POST", f"{BOARD}/carry"),
        ("POST", "/variants/quote:ka/undo"),
        ("POST", "/variants/quote:ka/retire"),
        ("POST", "/variants/quote:ka/versions/1/unschedule"),
    ],
)
@pytest.mark.parametrize("who", ["sam", "ivy"])
def test_staff_and_integrations_have_no_board(behind: Programs, method: str, path: str, who: str) -> None:
    body = {"choice": "drop"} if method == "PUT" else {"note": "x"} if method == "POST" else None
    body = {} if path.endswith(("accept", "unschedule")) else body
    assert behind.call(method, path, by=who, json=body).status_code == 403


def test_a_process_that_is_none_and_a_base_that_is_none(behind: Programs) -> None:
    assert behind.get("/processes/none/board").status_code == 404
    assert behind.get(f"{BOARD}?base_n=9").json["code"] == "base_unknown"
    assert behind.get(f"{BOARD}?base_n=-1").status_code == 422


def test_smells_are_told(behind: Programs) -> None:
    found = behind.get("/processes/quote/smells").json["items"]
    assert [(one["kind"], one["variants"]) for one in found] == [("shared", ["quote:gr", "quote:ka"])]
    assert "GR, KA" in found[0]["says"]["zh-CN"]


def test_a_release_from_a_moment_and_out_of_use(behind: Programs) -> None:
    decide(behind, "drop")
    behind.post(f"{BOARD}/carry", {"variants": ["quote:ka"]})
    behind.post("/variants/quote:ka/versions/2/approve", by="ben")
    later = {"valid_from": "2026-03-09T08:00:00+08:00"}
    done = behind.post("/variants/quote:ka/versions/2/release", later).json
    assert (done["status"], done["valid_from"]) == ("approved", "2026-03-09T00:00:00Z")
    cells = behind.get("/matrix").json["rows"][0]["cells"]
    assert next(one for one in cells if one["group"] == "KA")["valid_from"] == "2026-03-09T00:00:00Z"
    off = behind.post("/variants/quote:ka/versions/2/unschedule").json
    assert (off["valid_from"], off["history"][-1]["did"]) == (None, "unscheduled")
    assert behind.post("/variants/quote:ka/versions/2/unschedule").status_code == 409
    naive = behind.post("/variants/quote:ka/versions/2/release", {"valid_from": "2026-03-09T08:00:00"})
    assert naive.status_code == 422
    gone = behind.post("/variants/quote:ka/retire", {"note": "nobody asks for it"}).json
    assert (gone["n"], gone["status"], gone["history"][-1]["note"]) == (1, "retired", "nobody asks for it")
    assert behind.post("/variants/quote:ka/retire", {"note": "again"}).json["code"] == "nothing_released"
    assert behind.post("/variants/quote:ka/retire", {}).status_code == 422
