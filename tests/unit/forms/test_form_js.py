"""Forms of Camunda (form-js) as JSON Schema: component by component, and what no form is."""

from typing import Any

import pytest

from engine.forms import check, formjs


def component(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": "x", "label": "X", **more}


def schema(*components: Any) -> dict[str, Any]:
    return formjs.schema({"components": list(components)})


def part(kind: str, **more: Any) -> dict[str, Any]:
    return schema(component(kind, **more))["properties"]["x"]


VALUES = [{"label": "First", "value": "a"}, {"value": "b"}]
ONE_OF = [{"const": "a", "title": "First"}, {"const": "b", "title": "b"}]

COMPONENTS = [
    ("textfield", {}, {"type": "string"}),
    ("textarea", {}, {"type": "string", "x-ui": {"widget": "textarea"}}),
    ("number", {}, {"type": "number"}),
    ("checkbox", {}, {"type": "boolean"}),
    ("select", {}, {"type": "string"}),
    ("select", {"values": VALUES}, {"type": "string", "oneOf": ONE_OF}),
    ("radio", {"values": VALUES}, {"type": "string", "oneOf": ONE_OF}),
    ("checklist", {}, {"type": "array", "items": {"type": "string"}}),
    ("checklist", {"values": VALUES}, {"type": "array", "items": {"type": "string", "oneOf": ONE_OF}}),
    ("taglist", {"values": VALUES}, {"type": "array", "items": {"type": "string", "oneOf": ONE_OF}}),
    ("datetime", {}, {"type": "string", "format": "date-time"}),
    ("datetime", {"subtype": "date"}, {"type": "string", "format": "date"}),
    ("datetime", {"subtype": "time"}, {"type": "string", "format": "time"}),
    ("datetime", {"subtype": "datetime"}, {"type": "string", "format": "date-time"}),
    ("something new", {}, {"type": "string"}),
    ("number", {"values": VALUES}, {"type": "number"}),  # choices of a number are none
    ("select", {"values": []}, {"type": "string"}),
    ("select", {"values": None}, {"type": "string"}),
    ("select", {"values": ["a", 5]}, {"type": "string"}),
    ("textfield", {"description": "Why"}, {"type": "string", "description": "Why"}),
    ("textfield", {"description": ""}, {"type": "string"}),
    ("textfield", {"disabled": True}, {"type": "string", "readOnly": True}),
    ("textfield", {"readonly": True}, {"type": "string", "readOnly": True}),
    ("textfield", {"disabled": False}, {"type": "string"}),
    ("number", {"validate": {"min": 1, "max": 9}}, {"type": "number", "minimum": 1, "maximum": 9}),
    ("number", {"validate": {"min": 0}}, {"type": "number", "minimum": 0}),
    ("number", {"validate": {"min": "=lowest"}}, {"type": "number"}),  # an expression is no limit
    ("textfield", {"validate": {"minLength": 2, "maxLength": 9}}, {"type": "string", "minLength": 2, "maxLength": 9}),
    ("textfield", {"validate": {"pattern": "^a$"}}, {"type": "string", "pattern": "^a$"}),
    ("textfield", {"validate": {"pattern": 5}}, {"type": "string"}),
    ("textfield", {"validate": {}}, {"type": "string"}),
]


@pytest.mark.parametrize(("kind", "more", "expected"), COMPONENTS)
def test_a_component_is_a_property(kind: str, more: dict[str, Any], expected: dict[str, Any]) -> None:
    assert part(kind, **more) == {**expected, "title": "X"}


@pytest.mark.parametrize(("kind", "more", "expected"), COMPONENTS)
def test_what_comes_out_is_a_form_that_is_fit(kind: str, more: dict[str, Any], expected: dict[str, Any]) -> None:
    assert check.vet(schema(component(kind, **more))) == []


@pytest.mark.parametrize("kind", ["text", "html", "image", "spacer", "separator", "button", "iframe", "table"])
def test_decoration_is_no_field(kind: str) -> None:
    assert schema(component(kind))["properties"] == {}


@pytest.mark.parametrize("key", [None, "", 5, ["x"]])
def test_what_has_no_key_is_no_field(key: Any) -> None:
    assert schema({"type": "textfield", "key": key})["properties"] == {}
    assert schema({"type": "textfield"})["properties"] == {}


@pytest.mark.parametrize(("label", "title"), [("Name", "Name"), ("", "x"), (None, "x"), (5, "5")])
def test_a_field_without_a_label_is_called_by_its_key(label: Any, title: str) -> None:
    assert schema({"type": "textfield", "key": "x", "label": label})["properties"]["x"]["title"] == title


def test_what_is_required_is_required_and_nothing_else_is() -> None:
    fields = [
        {"type": "textfield", "key": "a", "validate": {"required": True}},
        {"type": "textfield", "key": "b", "validate": {"required": False}},
        {"type": "textfield", "key": "c"},
    ]
    assert schema(*fields)["required"] == ["a"]
    assert "required" not in schema(*fields[1:])


def test_groups_are_opened_in_their_place() -> None:
    inner = {"type": "group", "key": "g", "components": [component("number", key="b"), component("textfield", key="c")]}
    outer = {"type": "dynamiclist", "components": [inner, component("textfield", key="d")]}
    made = schema(component("textfield", key="a"), outer, component("textfield", key="e"))
    assert list(made["properties"]) == ["a", "b", "c", "d", "e"]


def test_a_form_that_never_ends_is_read_to_a_bound() -> None:
    fields = [component("textfield", key=f"f{number}") for number in range(formjs.MAX_COMPONENTS + 50)]
    assert len(schema(*fields)["properties"]) == formjs.MAX_COMPONENTS
    deep: dict[str, Any] = component("textfield")
    for _ in range(5_000):
        deep = {"type": "group", "components": [deep]}
    assert list(schema(deep)["properties"]) == ["x"]


@pytest.mark.parametrize(
    ("document", "verdict"),
    [
        ({"components": []}, True),
        ({"components": [1]}, True),
        ({"components": {}}, False),
        ({"components": None}, False),
        ({}, False),
        ({"type": "object", "properties": {"components": {}}}, False),
        ([], False),
        (None, False),
        ("components", False),
    ],
)
def test_a_form_of_camunda_has_components(document: Any, verdict: bool) -> None:
    assert formjs.is_one(document) is verdict


@pytest.mark.parametrize(
    "document",
    [{}, {"components": [5]}, {"components": ["text"]}, {"components": [None]}, {"components": 5}, [], None,
     {"components": [{"type": "textfield", "key": "x", "validate": 5}]}],
)  # fmt: skip
def test_what_is_no_form_is_refused_by_one_of_three_errors(document: Any) -> None:
    with pytest.raises((TypeError, KeyError, AttributeError)):
        formjs.schema(document)


def test_a_whole_form_takes_what_it_should_and_nothing_else() -> None:
    form = schema(
        component("textfield", key="name", validate={"required": True, "minLength": 2}),
        component("number", key="amount", validate={"min": 0}),
        component("select", key="grade", values=VALUES),
        component("checklist", key="tags", values=VALUES),
        component("datetime", key="day", subtype="date"),
        component("text"),
    )
    good = {"name": "李雷", "amount": 5, "grade": "a", "tags": ["a", "b"], "day": "2026-05-01"}
    assert check.check(form, good) == []
    for wrong, pointer in (
        ({"name": "x"}, "/name"),
        ({"amount": -1}, "/amount"),
        ({"grade": "z"}, "/grade"),
        ({"tags": ["z"]}, "/tags/0"),
        ({"day": "soon"}, "/day"),
        ({"other": 1}, "/other"),
    ):
        assert [problem.pointer for problem in check.check(form, {**good, **wrong})] == [pointer]
    assert [problem.pointer for problem in check.check(form, {})] == ["/name"]
