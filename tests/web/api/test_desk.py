"""Feedback, phrases and comments on cases for programs."""

from tests.web.api.conftest import Programs
from tests.web.api.test_cases import started, the_task


def begun(selling: Programs) -> str:
    return str(started(selling)["id"])


def test_feedback_is_said_listed_and_answered_once(selling: Programs) -> None:
    case = begun(selling)
    said = selling.post("/feedback", {"text": "slow", "instance_id": case, "page": f"/cases/{case}"}, by="ivy")
    assert said.status_code == 201 and said.json["process"] == "quote"
    listed = selling.get("/feedback?of=to_answer&unanswered=true").json["items"]
    assert [one["id"] for one in listed] == [said.json["id"]]
    place = f"/feedback/{said.json['id']}/answer"
    assert selling.post(place, {"text": "faster now"}).json["answered_by"] == "ada"
    assert selling.post(place, {"text": "again"}).status_code == 409
    assert selling.get("/feedback", by="ivy").json["items"][0]["answer"] == "faster now"
    assert selling.get("/feedback?of=to_answer&unanswered=true").json["items"] == []
    assert selling.post("/feedback", {"text": "x", "page": "https://a.example"}).status_code == 422


def test_phrases_of_ones_own_and_of_everybody(selling: Programs) -> None:
    own = selling.post("/phrases", {"kind": "reject", "texts": {"en": "No"}}, by="ivy")
    all_of_us = selling.post("/phrases", {"kind": "approve", "texts": {"zh-CN": "同意"}, "everybody": True})
    assert (own.status_code, all_of_us.status_code) == (201, 201)
    shown = selling.get("/phrases", by="ivy").json["items"]
    assert [one["id"] for one in shown] == [own.json["id"], all_of_us.json["id"]]
    assert selling.post("/phrases", {"kind": "dance", "texts": {"en": "x"}}).status_code == 422
    assert selling.call("DELETE", f"/phrases/{own.json['id']}", by="ivy").status_code == 204
    assert selling.call("DELETE", f"/phrases/{own.json['id']}", by="ivy").status_code == 404


def test_a_comment_about_a_case(selling: Programs) -> None:
    case = begun(selling)
    assert the_task(selling)
    made = selling.post(f"/instances/{case}/comments", {"text": "@ada look"}, by="sam")
    assert made.json == {"mentioned": ["ada"]}
    assert selling.post("/instances/gone/comments", {"text": "x"}).status_code == 404
    assert selling.post(f"/instances/{case}/comments", {"text": ""}).status_code == 422
