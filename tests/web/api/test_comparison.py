"""Two versions of a process side by side, for programs."""

import pytest

from tests.web.api.conftest import Programs
from tests.web.api.test_drafts import NEW

HERE = "/processes/offer/comparison"


@pytest.fixture
def drawing(selling: Programs) -> Programs:
    """Version 2 has another name for its step."""
    selling.post("/processes", NEW)
    opened = selling.get("/processes/offer/versions/1/drawing").json
    renamed = opened["drawing"].replace("First step", "Check the offer")
    files = [{"name": "offer.bpmn", "content": renamed, "encoding": "text"}]
    assert selling.post("/deployments", {"name": "again", "files": files}).status_code == 201
    return selling


def test_each_change_is_a_line_with_its_elements(drawing: Programs) -> None:
    found = drawing.get(f"{HERE}?old=1&new=2").json
    assert (found["old"], found["new"]) == (1, 2)
    assert [(one["kind"], one["elements"]) for one in found["changes"]] == [("changed", ["Step_1"])]
    assert "Check the offer" in found["changes"][0]["says"]["en"]


def test_a_version_with_itself_differs_in_nothing(drawing: Programs) -> None:
    assert drawing.get(f"{HERE}?old=2&new=2").json["changes"] == []


@pytest.mark.parametrize("asked", ["", "?old=1", "?old=0&new=1", "?old=a&new=1", "?old=1&new=-1", "?old=1&new=2&x=1"])
def test_a_question_without_two_numbers_is_refused(drawing: Programs, asked: str) -> None:
    assert drawing.get(HERE + asked).status_code == 422


@pytest.mark.parametrize("path", [f"{HERE}?old=1&new=9", "/processes/none/comparison?old=1&new=1"])
def test_what_is_not_there_is_not_found(drawing: Programs, path: str) -> None:
    assert drawing.get(path).status_code == 404
