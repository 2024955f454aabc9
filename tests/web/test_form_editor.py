"""The page on which forms are made: every button keeps what was typed, and what is saved is what the desk draws."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import flask
import pytest

from engine.bpmn import read
from engine.definitions import edits, forms
from engine.forms import editing
from tests.house import BOSS, House
from tests.web.conftest import Browser, words

HERE = "/designer/offer/1/forms/quote"
Enter = Callable[[str], Browser]
FORM: dict[str, Any] = {
    "type": "object",
    "x-title": {"zh-CN": "报价单", "en": "Quotation"},
    "x-ui": {"sections": [{"key": "money", "x-title": {"zh-CN": "钱", "en": "Money"}}]},
    "properties": {
        "note": {"type": "string", "maxLength": 100, "x-title": {"zh-CN": "备注", "en": "Note"}, "x-ui": {"order": 1}},
        "total": {"type": "number", "x-title": {"zh-CN": "总价", "en": "Total"}, "x-ui": {"order": 2}},
        "lines": {
            "type": "array",
            "x-title": {"zh-CN": "明细", "en": "Lines"},
            "x-ui": {"order": 3},
            "items": {"type": "object", "properties": {"sku": {"type": "string", "title": "SKU"}}},
        },
        "urgent": {"type": "boolean", "x-title": {"zh-CN": "急", "en": "Urgent"}, "x-ui": {"order": 4}},
    },
    "required": ["note"],
}


@pytest.fixture
def dana(sign_in: Enter, desk: House, app: flask.Flask) -> Browser:
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    browser = sign_in("dana")
    browser.post("/designer/new", {"key": "offer", "name_zh": "报价", "name_en": "Offer", "pillar": "SFA"})
    return browser


def sent(schema: Any = FORM, at: str = "", **more: Any) -> dict[str, Any]:
    """As the page posts it, with nothing typed into the boxes."""
    return {"schema": json.dumps(schema), "at": at, "seen": "x", "shown": "1"} | more


def held(page: Any) -> dict[str, Any]:
    """The schema that the page holds now."""
    text = page.text.split('name="schema" value="')[1].split('"')[0]
    for mark, char in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, char)
    return dict(json.loads(text))


def boxes(**more: Any) -> dict[str, Any]:
    return {"set-kind": "text", "set-zh": "备注", "set-en": "Note", "set-key": "note", "set-required": "1"} | more


def test_a_form_that_is_not_there_begins_empty_and_is_found_from_the_version(dana: Browser) -> None:
    assert dana.get("/designer/offer/1/forms?form=quote").headers["Location"] == HERE
    page = dana.get(HERE)
    assert page.status_code == 200 and "No fields yet." in words(page)
    assert dana.get("/designer/offer/1/forms?form=").headers["Location"] == "/designer/offer/1"


def test_fields_are_added_where_one_stands(dana: Browser) -> None:
    first = held(dana.post(HERE, sent(new="money", do="add")))
    assert list(first["properties"]) == ["note", "total", "lines", "urgent", "money"]
    inside = held(dana.post(HERE, sent(at="/lines", new="date", do="add")))
    assert list(inside["properties"]["lines"]["items"]["properties"]) == ["sku", "date"]
    beside = held(dana.post(HERE, sent(at="/lines/sku", new="number", do="add")))
    assert list(beside["properties"]["lines"]["items"]["properties"]) == ["sku", "number"]
    part = held(dana.post(HERE, sent(at="#money", new="percent", do="add")))
    assert part["properties"]["percent"]["x-ui"]["section"] == "money"
    section = held(dana.post(HERE, sent(new="section", do="add")))
    assert [one["key"] for one in section["x-ui"]["sections"]] == ["money", "section"]


def test_what_is_typed_is_laid_before_a_button_works(dana: Browser) -> None:
    typed = boxes(**{"set-en": "Remark", "set-most": "40", "panel": "/note", "set-when_field": "urgent"})
    typed |= {"set-when_values": "true"}
    page = dana.post(HERE, sent(at="/note", do="select:/total", **typed))
    note = held(page)["properties"]["note"]
    assert note["x-title"]["en"] == "Remark" and note["maxLength"] == 40
    assert note["x-ui"]["when"] == {"field": "urgent", "in": [True]}
    assert held(page)["required"] == [] and held(page)["allOf"][0]["then"] == {"required": ["note"]}
    assert 'name="at" value="/total"' in page.text


def test_a_slip_stands_at_its_box_and_nothing_is_saved(dana: Browser, desk: House) -> None:
    typed = boxes(**{"set-key": "total", "set-most": "many", "panel": "/note", "do": "save"})
    page = dana.post(HERE, sent(at="/note", **typed))
    assert page.status_code == 422
    assert 'id="set-key-said"' in page.text and "There is a field total already." in words(page)
    assert 'name="set-most" value="many"' in page.text, "what was typed stays"
    with desk.engine.store.reading() as tx:
        assert len(tx.processes.versions("offer")) == 1


DEEDS: list[tuple[str, list[str]]] = [
    ("down:/note", ["total", "note", "lines", "urgent"]),
    ("up:/lines", ["note", "lines", "total", "urgent"]),
    ("drop:/total", ["note", "lines", "urgent"]),
    ("up:/gone", ["note", "total", "lines", "urgent"]),
    ("drop:", ["note", "total", "lines", "urgent"]),
    ("dance", ["note", "total", "lines", "urgent"]),
    ("option-drop:9", ["note", "total", "lines", "urgent"]),
    ("drop:#gone", ["note", "total", "lines", "urgent"]),
]


@pytest.mark.parametrize(("deed", "order"), DEEDS)
def test_fields_move_and_go(dana: Browser, deed: str, order: list[str]) -> None:
    page = dana.post(HERE, sent(do=deed))
    assert page.status_code == 200
    assert [line.path[0] for line in editing.every(held(page)) if len(line.path) == 1] == order


def test_sections_move_and_go(dana: Browser) -> None:
    assert held(dana.post(HERE, sent(do="drop:#money")))["x-ui"]["sections"] == []
    named = dana.post(HERE, sent(at="#money", panel="#money", **{"set-zh": "价格", "set-en": "Price"}))
    assert held(named)["x-ui"]["sections"][0]["x-title"] == {"zh-CN": "价格", "en": "Price"}
    titled = dana.post(HERE, sent(panel="", **{"set-zh": "单", "set-en": "Sheet"}))
    assert held(titled)["x-title"] == {"zh-CN": "单", "en": "Sheet"}


def test_choices_are_typed_row_by_row(dana: Browser) -> None:
    typed = boxes(**{"set-kind": "select", "panel": "/note"})
    chosen = held(dana.post(HERE, sent(at="/note", **typed)))
    rows = {"options": "1", "option-0-value": "", "option-0-en": "Very Good", "option-1-value": "b"}
    page = dana.post(HERE, sent(chosen, at="/note", **typed, **rows))
    assert held(page)["properties"]["note"]["enum"] == ["very_good", "b"]
    up = dana.post(HERE, sent(held(page), at="/note", do="option-up:1"))
    assert held(up)["properties"]["note"]["enum"] == ["b", "very_good"]
    gone = dana.post(HERE, sent(held(up), at="/note", do="option-drop:0"))
    assert held(gone)["properties"]["note"]["enum"] == ["very_good"]


def test_json_for_those_who_know_it(dana: Browser) -> None:
    page = dana.post(HERE, sent(do="json"))
    assert '<textarea class="input mono" id="json"' in page.text and "maxLength" in page.text
    back = dana.post(HERE, {"json": json.dumps({**FORM, "description": "ours"}), "do": "fields"})
    assert held(back)["description"] == "ours"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', '{"type": "dance"}', '{"properties": {"a": {"x-ui": 5}}}', "[" * 5000],
)
def test_json_that_is_no_form_stays_to_be_mended(dana: Browser, text: str) -> None:
    page = dana.post(HERE, {"json": text, "do": "save", "seen": "x"})
    assert page.status_code == 422 and 'id="json"' in page.text


def test_the_preview_is_filled_in_and_judged_by_the_server(dana: Browser) -> None:
    page = dana.post(HERE, sent(**{"else": "try", "f/note": "", "f/total": "many"}))
    assert "Enter a number" in words(page) or 'aria-invalid="true"' in page.text
    assert 'value="many"' in page.text
    well = dana.post(HERE, sent(**{"else": "try", "f/note": "ok", "f/total": "5"}))
    assert "What you filled in is right." in words(well)
    more = dana.post(HERE, sent(do="add:f/lines", **{"f/lines/0/sku": "A"}))
    assert 'name="f/lines/1/sku"' in more.text


def test_rights_of_a_step_are_set_kept_and_seen_in_the_preview(dana: Browser) -> None:
    typed = boxes(**{"panel": "/note", "rights": "Step_1", "right-Step_1": "hidden", "right-Start": "read"})
    page = dana.post(HERE, sent(at="/note", shown_at="Step_1", step="Step_1", **typed))
    assert held(page)["properties"]["note"]["x-ui"]["steps"] == {"Step_1": "hidden"}
    assert 'name="f/note"' not in page.text and 'name="f/total"' in page.text
    odd = dana.post(HERE, sent(at="/note", **{**typed, "right-Step_1": "dance"}))
    assert "steps" not in held(odd)["properties"]["note"]["x-ui"]


def test_a_column_of_rows_has_rights_of_its_own_and_the_preview_shows_them(dana: Browser) -> None:
    column = {"set-kind": "text", "set-zh": "货号", "set-en": "SKU", "set-key": "sku", "panel": "/lines/sku"}
    typed = {**column, "rights": "Step_1", "right-Step_1": "hidden"}
    page = dana.post(HERE, sent(at="/lines/sku", shown_at="Step_1", step="Step_1", **typed))
    assert held(page)["properties"]["lines"]["items"]["properties"]["sku"]["x-ui"]["steps"] == {"Step_1": "hidden"}
    assert 'name="right-Step_1"' in page.text and "Has to fill it in" in words(page)
    assert 'name="f/lines/0/sku"' not in page.text and "$row" not in words(page)
    needed = dana.post(
        HERE, sent(at="/lines/sku", shown_at="Step_1", step="Step_1", **{**typed, "right-Step_1": "required"})
    )
    assert 'name="f/lines/0/sku"' in needed.text


def test_saved_into_the_draft_and_shown_at_the_chosen_step(dana: Browser, desk: House) -> None:
    seen = edits.newest(desk.engine, process="offer", agent=BOSS)
    answer = dana.post(HERE, sent(seen=seen, shown_at="Step_1", do="save"))
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    found = forms.opened(desk.engine, process="offer", n=1, key="quote", agent=BOSS)
    assert found.schema == FORM and [node.id for node in forms.users(found.program, "quote")] == ["Step_1"]
    assert "The form is saved in draft v1." in words(dana.get(HERE))
    assert f'href="{HERE}"' in dana.get("/designer/offer/1").text
    late = dana.post(HERE, sent(seen=seen, do="save"))
    assert late.status_code == 409 and held(late) == FORM


def test_what_is_not_there(dana: Browser) -> None:
    assert dana.get("/designer/offer/9/forms/quote").status_code == 404
    assert dana.get("/designer/gone/1/forms/quote").status_code == 404
