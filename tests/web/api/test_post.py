"""What a person was told, and what was copied to them, for programs."""

from datetime import timedelta
from typing import Any

import pytest

from tests.web.api.conftest import Programs
from tests.web.api.test_cases import started, the_task


@pytest.fixture
def told(selling: Programs) -> Programs:
    """Sam mentions Sue twice, a minute apart, and copies the case to Rita."""
    started(selling)
    task = the_task(selling)["id"]
    assert selling.post(f"/tasks/{task}/claim", by="sam").status_code == 200
    for text in ("@sue first", "@sue second"):
        assert selling.post(f"/tasks/{task}/comments", {"text": text}, by="sam").json == {"mentioned": ["sue"]}
        selling.clock.advance(timedelta(minutes=1))
    shown = selling.post(f"/tasks/{task}/copies", {"people": ["rita"], "text": "have a look"}, by="sam")
    assert shown.status_code == 200, shown.json
    return selling


def items(api: Programs, path: str, by: str) -> list[dict[str, Any]]:
    answer = api.get(path, by=by)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def test_who_was_mentioned_finds_a_notice_in_both_languages(told: Programs) -> None:
    found = told.get("/notices", by="sue").json
    assert found["unread"] == 2 and found["next"] is None
    newest = found["items"][0]
    assert set(newest["text"]) >= {"zh-CN", "en"} and "second" in newest["text"]["en"]
    assert (newest["to"], newest["read_at"]) == ("sue", None)


def test_read_is_read_for_this_person_alone(told: Programs) -> None:
    before = told.get("/notices", by="rita").json["unread"]
    assert told.post("/notices/read", by="sue").json == {"unread": 0}
    found = told.get("/notices", by="sue").json
    assert found["unread"] == 0 and all(one["read_at"] for one in found["items"])
    assert told.get("/notices", by="rita").json["unread"] == before


def test_notices_come_by_pages(told: Programs) -> None:
    first = told.get("/notices?limit=1", by="sue").json
    assert first["next"] == first["items"][0]["created_at"] and first["unread"] == 2
    last = told.get("/notices", query_string={"limit": 1, "before": first["next"]}, by="sue").json
    assert last["next"] is None
    assert [one["id"] for one in (*first["items"], *last["items"])] == [
        one["id"] for one in items(told, "/notices", "sue")
    ]


def test_a_copy_says_who_showed_what_and_why(told: Programs) -> None:
    (copy,) = items(told, "/copies", "rita")
    assert (copy["by"], copy["text"], copy["process"], copy["customer_name"]) == (
        "sam", "have a look", "quote", "李雷贸易",
    )  # fmt: skip
    assert copy["read_at"] is None
    assert told.get(f"/instances/{copy['instance_id']}", by="rita").status_code == 200
    assert items(told, "/copies", "ada") == []


def test_copies_come_by_pages(told: Programs) -> None:
    task = the_task(told, shelf="mine")["id"]
    told.clock.advance(timedelta(minutes=1))
    told.post(f"/tasks/{task}/copies", {"people": ["rita"], "text": "again"}, by="sam")
    first = told.get("/copies?limit=1", by="rita").json
    last = told.get("/copies", query_string={"limit": 1, "before": first["next"]}, by="rita").json
    assert [one["text"] for one in (*first["items"], *last["items"])] == ["again", "have a look"]
    assert last["next"] is None


@pytest.mark.parametrize("path", ["/notices", "/copies"])
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=200", "/limit"),
        ("before=yesterday", "/before"),
        ("before=2026-03-02T09:00:00", "/before"),
        ("else=1", "/else"),
    ],
)
def test_a_wrong_question_names_the_place(told: Programs, path: str, query: str, pointer: str) -> None:
    refused = told.get(f"{path}?{query}", by="sue")
    assert refused.status_code == 422
    (problem,) = refused.json["problems"]
    assert problem["pointer"] == pointer and problem["text"]["zh-CN"] and problem["text"]["en"]


def test_a_token_that_may_only_read_does_not_mark_as_read(told: Programs) -> None:
    refused = told.post("/notices/read", by="rita")
    assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")
