"""Decision tables for programs: open, check, save, and every refusal."""

from typing import Any

import pytest

from tests.web.api.conftest import Programs
from tests.web.api.test_drafts import NEW

HERE = "/processes/offer/versions/1/decisions/level"
SHEET: dict[str, Any] = {
    "name": "Level",
    "inputs": [{"expression": "amount", "type": "number"}],
    "outputs": [{"name": "level", "type": "number"}],
    "rows": [{"cells": ["< 5", "1"]}, {"cells": [">= 5", "2"]}],
    "trials": [{"given": ["7"], "expected": ["2"]}],
}


@pytest.fixture
def drawing(selling: Programs) -> Programs:
    selling.post("/processes", NEW)
    return selling


def seen(drawing: Programs) -> str:
    return str(drawing.get("/processes/offer/versions/1/drawing").json["seen"])


def put(drawing: Programs, sheet: Any, since: str = "") -> Any:
    return drawing.call("PUT", HERE, json={"sheet": sheet, "seen": since or seen(drawing)})


def test_save_open_and_check(drawing: Programs) -> None:
    saved = put(drawing, SHEET)
    assert saved.status_code == 200 and saved.json["version"]["n"] == 1
    opened = drawing.get(HERE).json
    assert opened["seen"] == saved.json["seen"] and opened["sheet"]["trials"] == SHEET["trials"]
    found = drawing.post(f"{HERE}/check", {"sheet": {**opened["sheet"], "rows": SHEET["rows"][:1]}}).json
    assert [one["kind"] for one in found["findings"]] == ["gap"] and found["passed"] == [False]


def test_a_wrong_cell_is_named(drawing: Programs) -> None:
    wrong = {**SHEET, "rows": [{"cells": ["< <", "1"]}]}
    found = drawing.post(f"{HERE}/check", {"sheet": wrong}).json
    assert [one["place"] for one in found["wrong"]] == ["cell-0-0"]
    refused = put(drawing, wrong)
    assert refused.status_code == 422 and refused.json["problems"][0]["pointer"] == "/cell-0-0"


@pytest.mark.parametrize("sheet", [{"inputs": 7}, {"rows": [{"cells": 1}]}, {"hit_policy": "BEST"}, {"name": None}])
def test_a_sheet_of_another_shape_is_refused(drawing: Programs, sheet: dict[str, Any]) -> None:
    assert put(drawing, {**SHEET, **sheet}).status_code == 422
    assert drawing.post(f"{HERE}/check", {"sheet": {**SHEET, **sheet}}).status_code == 422


def test_who_was_slower_is_refused(drawing: Programs) -> None:
    before = seen(drawing)
    assert put(drawing, SHEET, before).status_code == 200
    assert put(drawing, SHEET, before).status_code == 409


def test_what_is_not_there_is_not_found_and_staff_do_not_save(drawing: Programs) -> None:
    assert drawing.get(HERE).status_code == 404
    body = {"sheet": SHEET, "seen": seen(drawing)}
    assert drawing.call("PUT", HERE, by="sam", json=body).status_code == 403
