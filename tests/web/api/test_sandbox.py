"""A version played by a program: where a story leads, every refusal, and what is remembered of it."""

from typing import Any

import pytest

from tests.unit.simulation.test_sandbox import ANSWER, BIG, DRAWING, FORM, LATER, REPLY, SMALL
from tests.web.api.conftest import Programs

HERE = "/processes/p/versions/1/play"
START = {"at": "2026-03-02T09:00:00Z"}


@pytest.fixture
def drafted(api: Programs) -> Programs:
    files = [
        {"name": "p.bpmn", "content": DRAWING.decode(), "encoding": "text"},
        {"name": "ask.json", "content": FORM.decode(), "encoding": "text"},
    ]
    assert api.post("/deployments", {"name": "p", "files": files}).status_code == 201
    return api


def play(drafted: Programs, *steps: Any, **more: Any) -> Any:
    return drafted.post(HERE, {"story": {"start": START, "steps": list(steps)}}, **more)


STORIES: list[tuple[tuple[Any, ...], list[tuple[str, str]], bool]] = [
    ((), [("work", "ask")], False),
    ((BIG,), [("job", "score")], False),
    ((BIG, ANSWER), [("timer", "wait")], False),
    ((BIG, ANSWER, LATER), [("message", "hear")], False),
    ((BIG, ANSWER, LATER, REPLY), [], True),
    ((SMALL, ANSWER), [], True),
]


@pytest.mark.parametrize(("steps", "waits", "ended"), STORIES)
def test_where_a_story_leads(drafted: Programs, steps: Any, waits: list[tuple[str, str]], ended: bool) -> None:
    answer = play(drafted, *steps)
    assert answer.status_code == 200
    found = answer.json
    assert [(one["kind"], one["node"]) for one in found["open"]] == waits
    assert (found["ended"], found["problems"]) == (ended, [])
    assert ("ask" in found["passed"]) is bool(steps)


def test_what_cannot_be_done_is_told_by_place(drafted: Programs) -> None:
    found = play(drafted, {"complete": "ask", "data": {"amount": 0}}).json
    assert [one["pointer"] for one in found["problems"]] == ["/amount"] and found["now_at"] == ["ask"]
    assert set(found["problems"][0]["text"]) == {"zh-CN", "en"}
    lost = play(drafted, {"complete": "nowhere"}).json
    assert lost["problems"] and not lost["ended"]


WRONG: list[tuple[Any, int]] = [
    ({"story": {"steps": [{"dance": "ask"}]}}, 422),
    ({"story": {"steps": "none"}}, 422),
    ({"story": {"start": {"at": "tomorrow"}}}, 422),
    ({"story": []}, 422),
    ({}, 422),
    ({"story": {"start": START, "steps": [{"wait": "PT1S"}] * 201}}, 413),
]


@pytest.mark.parametrize(("body", "status"), WRONG)
def test_a_story_that_is_none_is_refused(drafted: Programs, body: Any, status: int) -> None:
    assert drafted.post(HERE, body).status_code == status


def test_who_may_and_what_is_there(drafted: Programs) -> None:
    assert play(drafted, by="sam").status_code == 403
    assert drafted.post("/processes/p/versions/9/play", {"story": {}}).status_code == 404


def test_a_process_may_ask_that_it_was_played_before_a_release(drafted: Programs) -> None:
    place = "/processes/p/play-before-release"
    assert drafted.call("PUT", place, json={"wanted": True}).json == {"play_before_release": True}
    refused = drafted.post("/processes/p/versions/1/release")
    assert refused.status_code == 409 and refused.json["code"] == "version_not_played"
    play(drafted, SMALL)
    assert drafted.post("/processes/p/versions/1/release").status_code == 409
    play(drafted, SMALL, ANSWER)
    version = drafted.post("/processes/p/versions/1/release").json
    assert version["status"] == "released" and version["played"] == version["program"]
    assert drafted.get("/processes/p").json["play_before_release"] is True
    assert drafted.call("PUT", place, json={"wanted": None}).json == {"play_before_release": False}
    assert drafted.call("PUT", place, json={"wanted": "yes"}).status_code == 422
    assert drafted.call("PUT", place, json={"wanted": True}, by="sam").status_code == 403
