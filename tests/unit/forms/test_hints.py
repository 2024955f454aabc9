"""Hints for the screen: those of docs/forms.md are read, one of another shape is told with its place."""

from typing import Any

import pytest

from engine.forms import check

GOOD_UI = [
    {},
    {"order": 1},
    {"order": 1.5},
    {"order": -1},
    {"section": "offer"},
    {"widget": "textarea"},
    {"money": "CNY"},
    {"money": {"field": "currency"}},
    {"unit": {"zh-CN": "个月", "en": "months"}},
    {"unit": "kg"},
    {"rows": 8},
    {"when": {"field": "outcome", "in": ["refused"]}},
    {"when": {"field": "n", "in": [1, True, None]}},
    {"when": None},
    {"group": "sales"},
    {"placeholder": {"en": "such as"}},
    {"sections": []},
    {"sections": [{"key": "a"}, {"key": "b", "title": "B"}, {"key": "c", "x-title": {"en": "C"}}]},
    {"own": {"anything": 1}},  # others' hints are theirs
]
BAD_UI = [
    ("text", "got `str`"),
    ([], "got `array`"),
    (None, "got `null`"),
    ({"order": "first"}, "$.order"),
    ({"order": None}, "$.order"),
    ({"section": 5}, "$.section"),
    ({"widget": ["text"]}, "$.widget"),
    ({"money": 5}, "$.money"),
    ({"money": {}}, "missing required field `field` - at `$.money`"),
    ({"money": {"field": 5}}, "$.money.field"),
    ({"unit": {"en": 5}}, "$.unit"),
    ({"unit": ["kg"]}, "$.unit"),
    ({"rows": "many"}, "$.rows"),
    ({"rows": 1.5}, "$.rows"),
    ({"when": "outcome"}, "$.when"),
    ({"when": {}}, "missing required field `field` - at `$.when`"),
    ({"when": {"field": "outcome"}}, "missing required field `in` - at `$.when`"),
    ({"when": {"field": "outcome", "in": "refused"}}, "$.when.in"),
    ({"when": {"field": ["a"], "in": []}}, "$.when.field"),
    ({"group": 5}, "$.group"),
    ({"placeholder": 5}, "$.placeholder"),
    ({"sections": {}}, "$.sections"),
    ({"sections": [{}]}, "missing required field `key` - at `$.sections[0]`"),
    ({"sections": [{"key": "a"}, {"key": 5}]}, "$.sections[1].key"),
    ({"sections": ["a"]}, "$.sections[0]"),
]
BAD_WORDS = [
    ("x-title", 5),
    ("x-title", ["a"]),
    ("x-title", {"en": None}),
    ("x-help", {"en": ["a"]}),
    ("x-labels", "a"),
    ("x-labels", ["a"]),
    ("x-labels", {"a": 5}),
    ("x-labels", {"a": {"en": 5}}),
]


def one(part: Any) -> dict[str, Any]:
    return {"properties": {"x": part}}


@pytest.mark.parametrize("ui", GOOD_UI)
def test_the_hints_of_the_documentation_are_read(ui: dict[str, Any]) -> None:
    assert check.vet(one({"x-ui": ui})) == []


@pytest.mark.parametrize(("ui", "why"), BAD_UI)
def test_a_hint_of_another_shape_is_told_with_its_place(ui: Any, why: str) -> None:
    (problem,) = check.vet(one({"x-ui": ui}))
    assert (problem.code, problem.pointer) == ("hint_invalid", "/properties/x/x-ui")
    assert why in problem.text["en"]
    assert problem.text["zh-CN"].startswith("x-ui 的写法有误：")


@pytest.mark.parametrize(("name", "value"), BAD_WORDS)
def test_words_are_a_text_or_one_in_each_language(name: str, value: Any) -> None:
    (problem,) = check.vet(one({name: value}))
    assert (problem.code, problem.pointer) == ("hint_invalid", f"/properties/x/{name}")


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"x-ui": {"sections": 5}}, "/x-ui"),
        ({"x-title": 5}, "/x-title"),
        (one({"items": {"x-labels": 5}}), "/properties/x/items/x-labels"),
        (one({"properties": {"y": {"x-ui": 5}}}), "/properties/x/properties/y/x-ui"),
        ({"$defs": {"a": {"x-ui": 5}}}, "/$defs/a/x-ui"),
    ],
)
def test_hints_are_looked_at_wherever_they_stand(schema: dict[str, Any], pointer: str) -> None:
    assert [problem.pointer for problem in check.vet(schema)] == [pointer]


@pytest.mark.parametrize(
    "schema",
    [
        one({"default": {"x-ui": 5}}),
        one({"const": {"x-title": 5}}),
        one({"enum": [{"x-labels": 5}]}),
        {"properties": {"x-ui": {"type": "string"}, "x-title": {"type": "number"}}},  # fields of those names
    ],
)
def test_data_and_names_of_fields_are_no_hints(schema: dict[str, Any]) -> None:
    assert check.vet(schema) == []


def test_all_hints_that_are_wrong_are_told_at_once() -> None:
    schema = {"x-ui": 5, "properties": {"x": {"x-title": 5, "x-ui": {"when": 5}}, "y": {"x-help": 5}}}
    assert [problem.pointer for problem in check.vet(schema)] == [
        "/x-ui",
        "/properties/x/x-ui",
        "/properties/x/x-title",
        "/properties/y/x-help",
    ]
