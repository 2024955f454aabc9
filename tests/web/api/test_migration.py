"""Migrations over HTTP: older versions, dry run, mapping, progress, undo; wrong requests with their places."""

import itertools
from typing import Any

import pytest

from tests.unit.bpmn.drawn import document
from tests.web.api.conftest import Programs


def drawn(*steps: str) -> bytes:
    """A process ``p`` of user tasks."""
    ids = ["s", *steps, "e"]
    tasks = "".join(f'<userTask id="{one}" name="{one}" camunda:candidateGroups="sales"/>' for one in steps)
    flows = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in itertools.pairwise(ids))
    return document(f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{flows}')


def release(api: Programs, *steps: str) -> str:
    file = {"name": "p.bpmn", "content": drawn(*steps).decode(), "encoding": "text"}
    made = api.post("/deployments", {"name": "p", "files": [file]}).json
    n = made["versions"][0]["n"] if "versions" in made else made["processes"][0]["n"]
    released = api.post(f"/processes/p/versions/{n}/release", {})
    assert released.status_code == 200, released.json
    program: str = released.json["program"]
    return program


@pytest.fixture
def moved(api: Programs) -> dict[str, Any]:
    """Version 1 runs once, at ``a``; version 2 has a step more behind ``b``."""
    old = release(api, "a", "b")
    customer = api.post("/customers", {"number": "C-1", "name": "Li"}).json
    started = api.post("/instances", {"process": "p", "customer_id": customer["id"], "data": {}})
    assert started.status_code == 201, started.json
    new = release(api, "a", "b", "x")
    return {"old": old, "new": new, "instance": started.json["instance"]["id"]}


def test_an_older_version_is_found_tried_moved_and_taken_back(api: Programs, moved: dict[str, Any]) -> None:
    (found,) = api.get("/migrations/older?process=p").json["items"]
    assert (found["program"], found["target"], found["running"]) == (moved["old"], moved["new"], 1)
    order = {"process": "p", "old": moved["old"], "new": moved["new"]}
    shown = api.post("/migrations/dry-run", order).json
    assert shown["counts"] == {"compliant": 1, "adjustable": 0, "not": 0}
    assert shown["prospects"][0]["instance_id"] == moved["instance"] and shown["prospects"][0]["moves"] is True
    assert shown["next"] == ""
    behind = api.post("/migrations/dry-run", {**order, "after": moved["instance"]}).json
    assert (behind["prospects"], behind["running"]) == ([], 1)

    begun = api.post("/migrations", {**order, "reason": "a second look"})
    assert (begun.status_code, begun.json["counts"]) == (202, {"waiting": 1})
    api.settle()
    here = f"/migrations/{begun.json['id']}"
    assert api.get(here).json["counts"] == {"moved": 1} and api.get(here).json["open"] == 0
    assert api.get(f"{here}/tally").json == {"classes": {"compliant": {"moved": 1}}, "causes": []}
    assert api.get("/migrations/none/tally").status_code == 404
    assert api.get(f"/instances/{moved['instance']}").json["program"] == moved["new"]
    assert api.get("/migrations/older").json["items"] == []

    assert api.post(f"{here}/undo", {}).status_code == 202
    api.settle()
    (row,) = api.get(f"{here}/instances").json["items"]
    assert (row["status"], row["instance_id"], row["settled_by"]) == ("undone", moved["instance"], "ada")
    assert api.get(f"/instances/{moved['instance']}").json["program"] == moved["old"]
    assert [one["id"] for one in api.get("/migrations?process=p").json["items"]] == [begun.json["id"]]


def test_an_instance_that_needs_a_yes_says_to_what(api: Programs, moved: dict[str, Any]) -> None:
    newest = release(api, "b", "x")
    order = {"process": "p", "old": moved["old"], "new": newest}
    shown = api.post("/migrations/dry-run", order).json
    (one,) = shown["prospects"]
    assert (one["kind"], one["moves"], one["needs"]) == ("adjustable", False, ["back"])
    assert one["reasons"][0]["node"] == "a" and set(one["reasons"][0]["text"]) == {"zh-CN", "en"}
    assert [pair["old"] for pair in shown["pairs"]] == ["a"]
    begun = api.post("/migrations", {**order, "reason": "without a", "allow": ["back"]}).json
    api.settle()
    assert api.get(f"/migrations/{begun['id']}").json["counts"] == {"moved": 1}
    tasks = api.get(f"/tasks?instance_id={moved['instance']}").json
    assert "b" in str(tasks)


def test_what_cannot_move_stays_and_can_be_looked_at_again(api: Programs, moved: dict[str, Any]) -> None:
    newest = release(api, "b", "x")
    order = {"process": "p", "old": moved["old"], "new": newest, "reason": "r"}
    begun = api.post("/migrations", order).json
    api.settle()
    here = f"/migrations/{begun['id']}"
    assert api.get(f"{here}/instances?status=stays").json["items"][0]["reasons"][0]["code"] == "back"
    assert api.post(f"{here}/again", {"instances": [moved["instance"]]}).json["counts"] == {"waiting": 1}
    assert api.post(f"{here}/stop", {}).json["counts"] == {"declined": 1}
    for deed in ("undo", "again", "accept", "decline", "stop"):
        answer = api.post(f"{here}/{deed}", {})
        assert (answer.status_code, answer.json["code"]) == (409, "nothing_to_shift"), deed


@pytest.mark.parametrize(
    ("wrong", "status", "pointer"),
    [
        ({"nodes": {"nowhere": "a"}}, 422, "/nodes/nowhere"),
        ({"nodes": {"a": "nowhere"}}, 422, "/nodes/a"),
        ({"nodes": {"a/b~c": "a"}}, 422, "/nodes/a~1b~0c"),
        ({"nodes": {"a": "e"}}, 422, "/nodes/a"),
        ({"new": "0" * 64}, 422, "/new"),
        ({"old": "0" * 64}, 422, "/old"),
        ({"allow": ["everything"]}, 422, "/allow/0"),
        ({"timers": "never"}, 422, "/timers"),
        ({"reason": "  "}, 422, "/reason"),
        ({"reason": "x" * 2001}, 422, "/reason"),
        ({"instances": ["i-1"]}, 422, "/instances/0"),
        ({"instances": []}, 422, "/instances"),
        ({"surprise": 1}, 422, "/surprise"),
    ],
)
def test_a_wrong_request_names_its_place_in_both_languages(
    api: Programs, moved: dict[str, Any], wrong: dict[str, Any], status: int, pointer: str
) -> None:
    order = {"process": "p", "old": moved["old"], "new": moved["new"], "reason": "r", **wrong}
    answer = api.post("/migrations", order)
    assert answer.status_code == status, answer.json
    (problem,) = answer.json["problems"]
    assert problem["pointer"] == pointer
    assert api.get("/migrations").json["items"] == []


def test_unknown_migrations_and_processes_are_not_found(api: Programs, moved: dict[str, Any]) -> None:
    assert api.get("/migrations/m-1").status_code == 404
    assert api.get("/migrations/m-1/instances").status_code == 404
    assert api.post("/migrations/m-1/undo", {}).status_code == 404
    order = {"process": "q", "old": moved["old"], "new": moved["new"]}
    assert api.post("/migrations/dry-run", order).status_code == 404


def test_staff_may_not_move_cases(api: Programs, moved: dict[str, Any]) -> None:
    order = {"process": "p", "old": moved["old"], "new": moved["new"]}
    for answer in (
        api.get("/migrations/older", by="sam"),
        api.call("POST", "/migrations/dry-run", json=order, by="sam"),
        api.call("POST", "/migrations", json={**order, "reason": "r"}, by="sam"),
    ):
        assert answer.status_code == 403


def test_a_mapping_is_proposed_for_a_step_that_changed_its_id(api: Programs, moved: dict[str, Any]) -> None:
    answer = api.get(f"/migrations/mapping?process=p&old={moved['old']}&new={moved['new']}")
    assert (answer.status_code, answer.json) == (200, {"nodes": {}})
