"""The grid of a decision table: nothing that was typed is lost, whatever button is pressed."""

import dataclasses
from collections.abc import Callable
from typing import Any

import flask
import pytest

from engine.bpmn import read
from engine.definitions import edits
from tests.house import BOSS, House
from tests.unit.dmn.test_sheet import LEVEL
from tests.web.conftest import Browser, words
from web.ui import sheets

HERE = "/designer/offer/1/decisions/level"
Enter = Callable[[str], Browser]


@pytest.fixture
def dana(sign_in: Enter, desk: House, app: flask.Flask) -> Browser:
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    browser = sign_in("dana")
    browser.post("/designer/new", {"key": "offer", "name_zh": "报价", "name_en": "Offer", "pillar": "SFA"})
    return browser


def seen(desk: House) -> str:
    return edits.newest(desk.engine, process="offer", agent=BOSS)


def typed(**more: Any) -> dict[str, Any]:
    """LEVEL as the boxes hold it, with one test row."""
    form: dict[str, Any] = {"name": "Level", "policy": "UNIQUE", "aggregation": "", "rows": 3, "inputs": 2}
    form |= {"outputs": 2, "trials": 1}
    for number, one in enumerate(LEVEL.inputs):
        form |= {f"input-{number}": one.expression, f"label-{number}": one.label, f"input-type-{number}": one.type}
    for number, output in enumerate(LEVEL.outputs):
        form |= {f"output-{number}": output.name, f"output-type-{number}": output.type}
    for at, row in enumerate(LEVEL.rows):
        form |= {f"cell-{at}-{number}": cell for number, cell in enumerate(row.cells)} | {f"note-{at}": row.note}
    form |= {"given-0-0": "50", "given-0-1": '"x"', "expected-0-0": "1", "expected-0-1": '"desk"'}
    return form | more


def test_a_table_that_is_not_there_begins_empty(dana: Browser) -> None:
    assert dana.get("/designer/offer/1/decisions?decision=level").headers["Location"] == HERE
    page = dana.get(HERE)
    assert page.status_code == 200 and 'name="cell-0-1"' in page.text


def test_what_stands_in_the_boxes_is_the_sheet() -> None:
    table = sheets.entered("level", {name: str(value) for name, value in typed().items()})
    assert table.rows == LEVEL.rows and table.inputs == LEVEL.inputs and table.outputs == LEVEL.outputs
    assert table.trials[0].expected == ("1", '"desk"')


def test_save_and_open_again(dana: Browser, desk: House) -> None:
    answer = dana.post(HERE, typed(do="save", seen=seen(desk)))
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    page = dana.get(HERE)
    assert "The table is saved in draft v1." in words(page) and "Passed" in words(page)
    assert 'value="not(&#34;key&#34;)"' in page.text
    assert f'href="{HERE}"' in dana.get("/designer/offer/1").text


DEEDS = [
    ("check", 3, 2, 2, 1),
    ("add-rule", 4, 2, 2, 1),
    ("add-input", 3, 3, 2, 1),
    ("add-output", 3, 2, 3, 1),
    ("add-trial", 3, 2, 2, 2),
    ("drop-rule-1", 2, 2, 2, 1),
    ("drop-input-0", 3, 1, 2, 1),
    ("drop-output-1", 3, 2, 1, 1),
    ("drop-trial-0", 3, 2, 2, 0),
    ("up-rule-2", 3, 2, 2, 1),
    ("drop-rule-99", 3, 2, 2, 1),
    ("drop-input-99", 3, 2, 2, 1),
    ("up-rule-0", 3, 2, 2, 1),
    ("add-nothing", 3, 2, 2, 1),
    ("drop-rule-x", 3, 2, 2, 1),
    ("dance", 3, 2, 2, 1),
]


@pytest.mark.parametrize(("deed", "rows", "inputs", "outputs", "trials"), DEEDS)
def test_rows_and_columns_come_and_go_and_the_rest_stays(
    dana: Browser, deed: str, rows: int, inputs: int, outputs: int, trials: int
) -> None:
    page = dana.post(HERE, typed(do=deed, seen="s-1"))
    assert page.status_code == 200
    for name, count in (("rows", rows), ("inputs", inputs), ("outputs", outputs), ("trials", trials)):
        assert f'name="{name}" value="{count}"' in page.text
    assert (
        'name="seen" value="s-1"' in page.text and 'value="&#34;board&#34;"' in page.text
    ) or deed == "drop-output-1"


def test_a_rule_moves_up_with_all_its_cells(dana: Browser) -> None:
    page = dana.post(HERE, typed(do="up-rule-1", seen="s"))
    assert 'name="cell-0-0" value="&gt;= 100"' in page.text and 'name="cell-1-0" value="&lt; 100"' in page.text
    assert 'name="note-1" value="small"' in page.text


def test_a_new_input_leaves_each_cell_in_its_column(dana: Browser) -> None:
    page = dana.post(HERE, typed(do="add-input", seen="s"))
    assert 'name="cell-0-2" value="-"' in page.text and 'name="cell-0-3" value="1"' in page.text


def test_a_wrong_cell_says_so_beside_itself_and_nothing_is_saved(dana: Browser, desk: House) -> None:
    before = seen(desk)
    answer = dana.post(HERE, typed(do="save", seen=before, **{"cell-1-0": "> >"}))
    assert answer.status_code == 422 and "mistake" in words(answer)
    assert 'name="cell-1-0" value="&gt; &gt;" aria-label="Rule 2, column 1"' in answer.text
    assert 'id="cell-1-0-wrong"' in answer.text and seen(desk) == before


def test_who_was_slower_keeps_the_table_on_the_page(dana: Browser, desk: House) -> None:
    before = seen(desk)
    assert dana.post(HERE, typed(do="save", seen=before)).status_code == 303
    answer = dana.post(HERE, typed(do="save", seen=before, **{"cell-0-0": "< 77"}))
    assert answer.status_code == 409 and "has saved offer v1 meanwhile" in words(answer)
    assert 'value="&lt; 77"' in answer.text


def test_overlaps_gaps_and_failed_test_rows_are_told_in_chinese(dana: Browser) -> None:
    dana.post("/language", {"locale": "zh-CN", "next": "/designer"})
    page = dana.post(HERE, typed(do="check", seen="s", **{"cell-1-0": ">= 50", "expected-0-0": "9"}))
    told = words(page)
    assert "重叠" in told and "不符" in told and "应得 9" in told


@pytest.mark.parametrize("count", ["-1", "x", "9999999999", "99999", "²"])
def test_a_count_that_is_none_is_bounded(dana: Browser, count: str) -> None:
    page = dana.post(HERE, typed(do="check", seen="s", rows=count))
    assert page.status_code == 200


def test_markup_in_a_cell_is_text(dana: Browser) -> None:
    page = dana.post(HERE, typed(do="check", seen="s", **{"note-0": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page.text
