"""Messages of instances that could not be delivered, through the API: found, sent again, discarded."""

from typing import Any

import pytest

from engine import records
from tests.web.api.conftest import Programs


def put(api: Programs, *names: str, **more: Any) -> None:
    values = {"attempts": 36, "error": {"zh-CN": "无人", "en": "nobody"}, "due_at": records.NEVER}
    values |= {"dead_at": api.clock.now(), **more}
    with api.engine.store.transaction() as tx:
        for name in names:
            tx.messages.post(records.Mail(id=name, instance_id=None, trigger="message", name=name, **values))


def listed(api: Programs, **asked: Any) -> list[str]:
    answer = api.get("/messages/undelivered", query_string=asked)
    assert answer.status_code == 200, answer.json
    return [one["id"] for one in answer.json["items"]]


def test_it_says_what_why_and_whose(selling: Programs) -> None:
    put(selling, "m-1", data={"sum": 7}, business_key="B-7")
    (found,) = selling.get("/messages/undelivered").json["items"]
    assert found == {
        "id": "m-1", "trigger": "message", "name": "m-1", "instance_id": None, "number": "", "process": "",
        "key": None, "business_key": "B-7", "wait": 0, "data": {"sum": 7}, "attempts": 36,
        "error": {"zh-CN": "无人", "en": "nobody"}, "due_at": None, "dead_at": "2026-03-02T09:00:00Z",
    }  # fmt: skip


def test_what_is_tried_again_is_listed_apart(api: Programs) -> None:
    put(api, "m-1")
    put(api, "m-2", dead_at=None, due_at=api.clock.now(), attempts=3)
    put(api, "m-3", dead_at=None, due_at=api.clock.now(), attempts=0)
    assert listed(api) == ["m-1"] and listed(api, status="failing") == ["m-2"]


def test_page_by_page(api: Programs) -> None:
    put(api, "m-1", "m-2", "m-3")
    first = api.get("/messages/undelivered", query_string={"limit": 2}).json
    assert [one["id"] for one in first["items"]] == ["m-3", "m-2"] and first["next"] == "m-2"
    assert listed(api, limit=2, after=first["next"]) == ["m-1"]


@pytest.mark.parametrize("wrong", [{"status": "lost"}, {"limit": "0"}, {"limit": "x"}, {"after": "x" * 65}])
def test_a_question_that_is_none_is_refused_in_both_languages(api: Programs, wrong: dict[str, str]) -> None:
    answer = api.get("/messages/undelivered", query_string=wrong)
    assert answer.status_code == 422 and set(answer.json["text"]) == {"zh-CN", "en"}


def test_sent_again_with_a_key_it_is_sent_once(api: Programs) -> None:
    put(api, "m-1")
    key = {"Idempotency-Key": "k-1"}
    first, again = (api.post("/messages/undelivered/m-1/retry", headers=key, by="ivy") for _ in range(2))
    assert first.status_code == again.status_code == 200 and first.json == again.json
    assert (first.json["attempts"], first.json["dead_at"]) == (0, None) and first.json["due_at"]
    assert api.post("/messages/undelivered/m-1/retry").json["code"] == "letter_unknown"
    api.settle()
    assert listed(api) == [], "it was kept for whoever waits for it later"


def test_discarded_with_a_reason(api: Programs) -> None:
    put(api, "m-1")
    for wrong in ({}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 1001}, {"reason": 7}):
        assert api.post("/messages/undelivered/m-1/discard", wrong).status_code == 422
    assert api.post("/messages/undelivered/m-1/discard", {"reason": "done by hand"}).status_code == 204
    assert api.post("/messages/undelivered/m-1/discard", {"reason": "x"}).status_code == 404
    assert listed(api) == []


@pytest.mark.parametrize("by, status", [("ada", 200), ("ivy", 200), ("sam", 403), ("rita", 403)])
def test_who_may_send_messages_sees_them(api: Programs, by: str, status: int) -> None:
    put(api, "m-1")
    assert api.get("/messages/undelivered", by=by).status_code == status
    assert api.post("/messages/undelivered/m-1/retry", by=by).status_code == status
