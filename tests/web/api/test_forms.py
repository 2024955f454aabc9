"""Forms of a draft for programs: open, check, try, save, and every refusal."""

from typing import Any

import pytest

from tests.web.api.conftest import Programs
from tests.web.api.test_drafts import NEW

HERE = "/processes/offer/versions/1/forms/quote"
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "total": {
            "type": "number",
            "minimum": 0,
            "x-title": {"zh-CN": "总价", "en": "Total"},
            "x-ui": {"widget": "money", "steps": {"Step_1": "read"}},
        }
    },
    "required": ["total"],
    "additionalProperties": False,
}


@pytest.fixture
def drawing(selling: Programs) -> Programs:
    selling.post("/processes", NEW)
    return selling


def seen(drawing: Programs) -> str:
    return str(drawing.get("/processes/offer/versions/1/drawing").json["seen"])


def put(drawing: Programs, form: Any, **more: Any) -> Any:
    return drawing.call("PUT", HERE, json={"form": form, "seen": more.pop("seen", None) or seen(drawing), **more})


def test_save_and_open(drawing: Programs) -> None:
    saved = put(drawing, FORM, shown_at=["Step_1"])
    assert saved.status_code == 200 and saved.json["version"]["n"] == 1
    opened = drawing.get(HERE).json
    assert opened == {"form": FORM, "shown_at": ["Step_1"], "seen": saved.json["seen"]}


def test_check_tells_the_places_and_what_the_form_says_to_data(drawing: Programs) -> None:
    wrong = {"type": "object", "properties": {"x": {"type": "string", "enum": []}}}
    found = drawing.post(f"{HERE}/check", {"form": wrong}).json["problems"]
    assert [one["pointer"] for one in found if one["severity"] == "error"] == ["/properties/x"]
    tried = drawing.post(f"{HERE}/check", {"form": FORM, "data": {"total": -1}}).json
    assert tried["problems"] == [] and [one["pointer"] for one in tried["trial"]] == ["/total"]
    at_step = drawing.post(f"{HERE}/check", {"form": FORM, "data": {}, "step": "Step_1"}).json
    assert at_step["trial"] == []
    assert drawing.get(HERE).status_code == 404, "nothing was kept"


WRONG: list[tuple[Any, int]] = [
    ({"type": "dance"}, 422),
    ({"properties": {"a": {"pattern": "(a+)+$"}}}, 422),
    ({"properties": {"a": {"$ref": "https://elsewhere.example/"}}}, 422),
    ("text", 422),
    (None, 422),
]


@pytest.mark.parametrize(("form", "status"), WRONG)
def test_what_is_no_form_is_refused_in_both_languages(drawing: Programs, form: Any, status: int) -> None:
    answer = put(drawing, form)
    assert answer.status_code == status and set(answer.json["problems"][0]["text"]) == {"zh-CN", "en"}
    assert drawing.get(HERE).status_code == 404


def test_a_step_that_is_none_and_a_version_that_is_none(drawing: Programs) -> None:
    refused = put(drawing, FORM, shown_at=["End"])
    assert refused.status_code == 422 and refused.json["problems"][0]["element"] == "End"
    assert drawing.get("/processes/offer/versions/9/forms/quote").status_code == 404
    assert drawing.post("/processes/gone/versions/1/forms/quote/check", {"form": FORM}).status_code == 404


def test_who_was_slower_is_refused(drawing: Programs) -> None:
    before = seen(drawing)
    assert put(drawing, FORM, seen=before).status_code == 200
    assert put(drawing, FORM, seen=before).status_code == 409
