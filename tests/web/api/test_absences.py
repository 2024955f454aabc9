"""Out of office for programs: declared, seen, ended; what is wrong is told at its place in both languages."""

from typing import Any

import pytest

from tests.web.api.conftest import Programs

WEEK = {"starts_at": "2026-03-02T09:00:00Z", "ends_at": "2026-03-09T09:00:00+08:00"}


def claimed(selling: Programs, by: str = "sam") -> str:
    begun = selling.post("/instances", {"process": "quote", "customer_id": "C-1"}).json
    (task,) = selling.get("/tasks?shelf=claimable", by=by).json["items"]
    assert task["instance_id"] == begun["instance"]["id"]
    assert selling.post(f"/tasks/{task['id']}/claim", by=by).status_code == 200
    return str(task["id"])


def test_an_absence_from_beginning_to_end(selling: Programs) -> None:
    task = claimed(selling)
    made = selling.post("/absences", {**WEEK, "substitute": "sue", "open_too": True}, by="sam")
    assert made.status_code == 201
    assert (made.json["person"], made.json["status"], made.json["set_by"]) == ("sam", "running", "sam")
    assert [one["id"] for one in selling.get("/tasks", by="sue").json["items"]] == [task]
    standing = selling.get("/absences/standing", by="sam").json
    assert [one["id"] for one in standing["own"]] == [made.json["id"]]
    assert [(one["id"], one["assignee"]) for one in standing["away"]] == [(task, "sue")]
    assert [one["person"] for one in selling.get("/absences/standing", by="sue").json["for_others"]] == ["sam"]
    assert selling.get(f"/tasks/{task}", by="sam").status_code == 200, "who is away still sees it"
    over = selling.post(f"/absences/{made.json['id']}/end", by="sam")
    assert over.json["status"] == "over"
    assert [one["id"] for one in selling.get("/tasks", by="sam").json["items"]] == [task]
    again = selling.post(f"/absences/{made.json['id']}/end", by="sam")
    assert (again.status_code, again.json["code"]) == (409, "absence_over")


def test_new_work_knows_at_once_who_is_away(selling: Programs) -> None:
    """The house keeps for a second who is away, and forgets it when somebody says so."""
    task = claimed(selling)
    selling.post("/absences", {**WEEK, "substitute": "sue"}, by="sam")
    handed = selling.post(f"/tasks/{task}/transfer", {"to": "sue"}, by="sam")
    assert handed.status_code == 200
    back = selling.post(f"/tasks/{task}/transfer", {"to": "sam"}, by="sue")
    assert back.json["assignee"] == "sue", "sam is away: it comes back to who stands in"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"substitute": "sam"}, "/substitute"),
    ({"substitute": "nobody"}, "/substitute"),
    ({"ends_at": "2026-03-01T09:00:00Z"}, "/ends_at"),
    ({"ends_at": "2026-03-05T09:00:00"}, "/ends_at"),
    ({"starts_at": "soon"}, "/starts_at"),
    ({"processes": ["none"]}, "/processes"),
    ({"groups": ["KA"]}, "/groups"),
    ({"note": "x" * 201}, "/note"),
    ({"open_too": True}, "/substitute"),
    ({"person": "sam", "days": 3}, "/days"),
]


@pytest.mark.parametrize(("sent", "pointer"), WRONG)
def test_what_is_wrong_is_told_at_its_place(api: Programs, sent: dict[str, Any], pointer: str) -> None:
    answer = api.post("/absences", {**WEEK, **sent}, by="sam")
    assert answer.status_code == 422, answer.json
    (problem,) = answer.json["problems"]
    assert problem["pointer"] == pointer
    assert set(problem["text"]) == {"zh-CN", "en"} and all(problem["text"].values())


def test_only_administrators_speak_for_others(api: Programs) -> None:
    body = {**WEEK, "person": "sue", "substitute": "sam"}
    assert api.post("/absences", body, by="sam").status_code == 403
    made = api.post("/absences", body)
    assert (made.status_code, made.json["set_by"]) == (201, "ada")
    assert [one["person"] for one in api.get("/absences").json["items"]] == ["sue"]
    assert api.get("/absences", by="sam").status_code == 403
    assert api.get("/absences/standing?person=sue", by="sam").status_code == 403
    assert api.get("/absences/standing?person=sue").status_code == 200
    assert api.get("/absences/standing?person=none").status_code == 404
    assert api.post(f"/absences/{made.json['id']}/end", by="sam").status_code == 404
    assert api.post("/absences", WEEK, by="rita").status_code == 403, "a token that only reads"


def test_how_much_somebody_can_take_is_part_of_the_person(api: Programs) -> None:
    profile = {"name": "Sam", "groups": ["sales"], "capacity": 3}
    assert api.call("PUT", "/people/sam", json=profile).json["capacity"] == 3
    assert api.call("PUT", "/people/sam", json={**profile, "capacity": -1}).status_code == 422
