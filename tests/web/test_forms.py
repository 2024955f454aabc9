"""What a browser sent as JSON, and nothing that a schema did not ask for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.forms import layout
from web.ui.forms import read

FORM: dict[str, Any] = {
    "properties": {
        "text": {"type": "string"},
        "long": {"type": "string", "x-ui": {"widget": "textarea"}},
        "number": {"type": "number"},
        "whole": {"type": "integer"},
        "yes": {"type": "boolean"},
        "one": {"enum": [1, 2, "three"]},
        "many": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        "lines": {"type": "array", "items": {"type": "string"}},
        "shown": {"type": "string", "readOnly": True},
        "group": {"type": "object", "properties": {"x": {"type": "integer"}}},
        "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}},
        "why": {"type": "string", "x-ui": {"when": {"field": "yes", "in": [True]}}},
        "at": {"type": "string", "format": "date-time"},
    },
    "$defs": {"row": {"type": "object", "properties": {"sku": {"type": "string"}, "ok": {"type": "boolean"}}}},
}


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ([("f/text", "  李雷 ")], {"text": "李雷"}),
        ([("f/text", "")], {}),
        ([("f/long", "a\r\nb ")], {"long": "a\nb "}),
        ([("f/number", "1,200.5")], {"number": 1200.5}),
        ([("f/number", "１２")], {"number": 12}),
        ([("f/number", "1e999")], {"number": "1e999"}),
        ([("f/number", "nan")], {"number": "nan"}),
        ([("f/whole", "abc")], {"whole": "abc"}),
        ([("f/yes?", "1")], {"yes": False}),
        ([("f/yes?", "1"), ("f/yes", "true")], {"yes": True}),
        ([("f/one", "2")], {"one": 2}),
        ([("f/one", "four")], {"one": "four"}),
        ([("f/many", "a"), ("f/many", "b")], {"many": ["a", "b"]}),
        ([("f/lines", "x\n\n y ")], {"lines": ["x", "y"]}),
        ([("f/shown", "changed")], {}),
        ([("f/group/x", "3")], {"group": {"x": 3}}),
        ([("f/rows/7/sku", "b"), ("f/rows/2/sku", "a")], {"rows": [{"sku": "a"}, {"sku": "b"}]}),
        ([("f/rows/0/ok?", "1")], {}),
        ([("f/rows/-1/sku", "a"), ("f/rows/99999/sku", "a"), ("f/rows/x/sku", "a")], {}),
        ([("f/why", "because")], {}),
        ([("f/why", "because"), ("f/yes?", "1"), ("f/yes", "true")], {"yes": True, "why": "because"}),
        ([("f/at", "2026-05-01T09:30")], {"at": "2026-05-01T09:30:00"}),
        ([("f/unknown", "x"), ("text", "x")], {}),
    ],
)
def test_what_was_typed_becomes_json_of_the_schema_s_types(sent: list[tuple[str, str]], value: dict[str, Any]) -> None:
    assert read.read(FORM, MultiDict(sent)) == value


@given(st.lists(st.tuples(st.text(max_size=30).map(lambda t: "f/" + t), st.text(max_size=30)), max_size=20))
@settings(max_examples=50, deadline=None)
def test_whatever_is_sent_only_known_fields_come_out(sent: list[tuple[str, str]]) -> None:
    assert set(read.read(FORM, MultiDict(sent))) <= set(FORM["properties"])


def test_a_schema_that_refers_to_itself_ends() -> None:
    endless = {"properties": {"x": {"$ref": "#/properties/x"}}}
    assert read.read(endless, MultiDict({"f/x": "1"})) == {"x": "1"}


def test_order_and_sections_are_the_schema_s() -> None:
    form = {
        "x-ui": {"sections": [{"key": "b", "x-title": {"en": "B"}}]},
        "properties": {
            "last": {"x-ui": {"section": "b", "order": 9}},
            "first": {"x-ui": {"section": "b", "order": 1}},
            "loose": {},
            "press": {"x-ui": {"widget": "actions"}, "enum": ["ok"]},
        },
    }
    assert layout.sections(form) == [("", ["loose"]), ({"en": "B"}, ["first", "last"])]
    assert [name for name, _ in layout.actions(form)] == ["press"]
