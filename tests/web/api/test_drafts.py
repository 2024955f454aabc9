"""Drawing for programs: begin, open, check, save; each refusal with its reason in both languages."""

from typing import Any

import pytest

from tests.web.api.conftest import Programs

NEW = {"key": "offer", "names": {"zh-CN": "报价", "en": "Offer"}, "pillar": "SFA"}
HERE = "/processes/offer/versions/1"


@pytest.fixture
def drawing(selling: Programs) -> Programs:
    selling.person("dana", "designer")
    assert selling.post("/processes", NEW, by="dana").status_code == 201
    return selling


def test_begin_open_check_and_save(drawing: Programs) -> None:
    opened = drawing.get(f"{HERE}/drawing", by="dana").json
    assert opened["translated"] is False and "Step_1" in opened["drawing"]
    changed = opened["drawing"].replace('id="Step_1"', 'id="Step_1" crmflow:form="missing"')
    found = drawing.post(f"{HERE}/check", {"drawing": changed}, by="dana").json["items"]
    assert [one["code"] for one in found if one["element"] == "Step_1"]
    saved = drawing.call("PUT", f"{HERE}/drawing", by="dana", json={"drawing": changed, "seen": opened["seen"]}).json
    assert (saved["version"]["n"], saved["version"]["status"]) == (1, "draft")
    assert [one["code"] for one in saved["version"]["problems"]] == [one["code"] for one in found]
    assert drawing.get(f"{HERE}/drawing", by="dana").json["seen"] == saved["seen"]


def test_who_saw_an_older_one_is_told_who_was_faster(drawing: Programs) -> None:
    opened = drawing.get(f"{HERE}/drawing", by="dana").json
    body = {"drawing": opened["drawing"], "seen": opened["seen"]}
    assert drawing.call("PUT", f"{HERE}/drawing", by="ada", json=body).status_code == 200
    refused = drawing.call("PUT", f"{HERE}/drawing", by="dana", json=body)
    assert (refused.status_code, refused.json["code"], refused.json["ids"]["by"]) == (409, "draft_changed", "ada")
    assert set(refused.json["text"]) == {"zh-CN", "en"}


WRONG: list[tuple[dict[str, Any], int, list[str]]] = [
    ({"key": "1"}, 422, ["/key"]),
    ({"names": {}}, 422, ["/names"]),
    ({"names": {"en": ""}, "pillar": "Y"}, 422, ["/names", "/pillar"]),
    ({"key": "quote"}, 409, []),
]


@pytest.mark.parametrize(("changes", "status", "places"), WRONG)
def test_what_cannot_begin_is_told_place_by_place(
    drawing: Programs, changes: dict[str, Any], status: int, places: list[str]
) -> None:
    answer = drawing.post("/processes", {**NEW, "key": "other", **changes}, by="dana")
    assert answer.status_code == status
    assert [one["pointer"] for one in answer.json["problems"]] == places


@pytest.mark.parametrize("body", [{}, {"key": 7, "names": {}}, {**NEW, "more": 1}, {"key": "k", "names": "Offer"}])
def test_a_body_of_another_shape_is_refused(drawing: Programs, body: dict[str, Any]) -> None:
    assert drawing.post("/processes", body, by="dana").status_code == 422


def test_a_key_repeats_the_answer_and_makes_one_process(drawing: Programs) -> None:
    twice = [
        drawing.post("/processes", {**NEW, "key": "once"}, by="dana", headers={"Idempotency-Key": "k-1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in twice] == [201, 201] and twice[0].json == twice[1].json


def test_staff_do_not_draw(drawing: Programs) -> None:
    assert drawing.post("/processes", {**NEW, "key": "mine"}, by="sam").status_code == 403
    assert drawing.get(f"{HERE}/drawing", by="sam").status_code == 403
    assert drawing.call("PUT", f"{HERE}/drawing", by="sam", json={"drawing": "<a/>", "seen": "x"}).status_code == 403


def test_what_cannot_be_read_is_refused_with_its_problem(drawing: Programs) -> None:
    opened = drawing.get(f"{HERE}/drawing", by="dana").json
    answer = drawing.call("PUT", f"{HERE}/drawing", by="dana", json={"drawing": "<a", "seen": opened["seen"]})
    assert answer.status_code == 422 and answer.json["problems"][0]["code"] == "malformed_xml"
    assert drawing.get(f"{HERE}/drawing", by="dana").json == opened


@pytest.mark.parametrize("path", ["/processes/none/versions/1/drawing", "/processes/offer/versions/9/drawing"])
def test_a_version_that_is_not_there_is_not_found(drawing: Programs, path: str) -> None:
    assert drawing.get(path, by="dana").status_code == 404
