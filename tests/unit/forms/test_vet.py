"""A form is an author's text: what would reach outside, never end or mean nothing is told with its place."""

import time
from typing import Any

import pytest

from engine import errors
from engine.forms import check, references


def chain(length: int, *, end: Any = True) -> dict[str, Any]:
    """d0 refers to d1, that to d2, ..."""
    defs: dict[str, Any] = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} for number in range(length)}
    return {"$defs": {**defs, f"d{length}": end}}


def laughs(height: int) -> dict[str, Any]:
    """Each refers to the next twice: 2 ** height parts in a few lines."""
    defs: dict[str, Any] = {
        f"d{number}": {"allOf": [{"$ref": f"#/$defs/d{number + 1}"}] * 2} for number in range(height)
    }
    return {"$defs": {**defs, f"d{height}": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/d0"}}}


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(levels):
        schema = {"not": schema}
    return schema


UNFIT = [
    ({"type": "nonsense"}, "schema_invalid", "/type"),
    ({"properties": []}, "schema_invalid", "/properties"),
    ({"properties": {"x": {"minLength": -1}}}, "schema_invalid", "/properties/x/minLength"),
    ({"properties": {"x": {"minLength": "1"}}}, "schema_invalid", "/properties/x/minLength"),
    ({"properties": {"x": {"multipleOf": 0}}}, "schema_invalid", "/properties/x/multipleOf"),
    ({"properties": {"a/b": {"enum": 5}}}, "schema_invalid", "/properties/a~1b/enum"),
    ({"required": "x"}, "schema_invalid", "/required"),
    ({"properties": {"x": {"pattern": "("}}}, "schema_invalid", "/properties/x/pattern"),
    ({"properties": {"x": {"pattern": "(a+)+"}}}, "costly_pattern", "/properties/x"),
    ({"properties": {"x": {"items": {"pattern": "(a+)+"}}}}, "costly_pattern", "/properties/x/items"),
    ({"anyOf": [{}, {"pattern": "(a+)+"}]}, "costly_pattern", "/anyOf/1"),
    ({"patternProperties": {"(a+)+": {}}}, "costly_pattern", ""),
    ({"patternProperties": {"a+b+": {}}}, "costly_pattern", ""),  # a name is matched again and again
    ({"properties": {"x": {"$ref": "http://127.0.0.1/x"}}}, "remote_reference", "/properties/x"),
    ({"properties": {"x": {"$ref": "file:///etc/passwd"}}}, "remote_reference", "/properties/x"),
    ({"properties": {"x": {"$ref": "other.json"}}}, "remote_reference", "/properties/x"),
    ({"properties": {"x": {"$ref": "other.json#/x"}}}, "remote_reference", "/properties/x"),
    ({"properties": {"x": {"$dynamicRef": "http://a/b"}}}, "remote_reference", "/properties/x"),
    ({"properties": {"x": {"$id": "http://a/b"}}}, "remote_reference", "/properties/x"),
    ({"properties": {"x": {"$ref": "#/$defs/gone"}}}, "reference_unknown", "/properties/x"),
    ({"properties": {"x": {"$ref": "#anchor"}}}, "reference_unknown", "/properties/x"),
    ({"properties": {"x": {"$ref": "#/allOf/7"}}, "allOf": [{}]}, "reference_unknown", "/properties/x"),
    ({"properties": {"x": {"$ref": "#/allOf/-1"}}, "allOf": [{}]}, "reference_unknown", "/properties/x"),
    ({"title": "a", "properties": {"x": {"$ref": "#/title"}}}, "reference_unknown", "/properties/x"),
    ({"$ref": "#"}, "reference_endless", ""),
    ({"properties": {"x": {"$ref": "#"}}}, "reference_endless", ""),
    ({"properties": {"x": {"$ref": "#/properties/x"}}}, "reference_endless", ""),
    ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, "reference_endless", ""),
    ({"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}, "reference_endless", ""),
    (chain(references.LONGEST_CHAIN + 1), "reference_endless", ""),
    (chain(3000), "reference_endless", ""),
    (laughs(13), "schema_too_large", ""),
    (laughs(29), "schema_too_large", ""),
    (deep(check.DEEPEST + 1), "schema_too_large", ""),
    ({"description": "x" * check.LARGEST_SCHEMA}, "schema_too_large", ""),
    ({"properties": {"x" * 201: {}}}, "schema_too_large", ""),
]


@pytest.mark.parametrize(("schema", "code", "pointer"), UNFIT)
def test_what_makes_a_form_unfit_is_named_with_its_place_in_both_languages(schema, code, pointer) -> None:
    problem = check.vet(schema)[0]
    assert (problem.code, problem.pointer) == (code, pointer)
    assert problem.text["en"] and any("一" <= letter <= "龥" for letter in problem.text["zh-CN"])


@pytest.mark.parametrize("schema", [schema for schema, *_ in UNFIT])
def test_nothing_is_checked_against_a_form_that_is_unfit(schema: dict[str, Any]) -> None:
    begin = time.process_time()
    with pytest.raises(errors.Invalid) as raised:
        check.check(schema, {"x": "a"})
    assert raised.value.code == "form_unfit"
    assert raised.value.problems
    assert time.process_time() - begin < 3


FIT = [
    {},
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/form"},
    {"properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"type": "string"}}},
    {"properties": {"x": {"$ref": "#/$defs/a~1b"}}, "$defs": {"a/b": {}}},
    {"properties": {"x": {"$ref": "#/$defs/a~0b"}}, "$defs": {"a~b": {}}},
    {"properties": {"x": {"$ref": "#/allOf/1"}}, "allOf": [{}, {"properties": {}}]},
    {"properties": {"x": {"$ref": "#/$defs/never"}}, "$defs": {"never": False}},
    {"properties": {"$ref": {"type": "string"}, "pattern": {"type": "string"}, "$id": {}}},  # fields of those names
    {"properties": {"x": {"default": {"a": 1}, "x-ui": {"widget": "money", "money": {"field": "currency"}}}}},
    chain(references.LONGEST_CHAIN),
    laughs(8),
    deep(check.DEEPEST),
    {"patternProperties": {"^x-[a-z]+$": {}}},
]


@pytest.mark.parametrize("schema", FIT)
def test_a_form_that_stays_inside_itself_is_fit(schema: dict[str, Any]) -> None:
    assert check.vet(schema) == []


@pytest.mark.parametrize("schema", FIT)
def test_what_is_fit_can_be_checked(schema: dict[str, Any]) -> None:
    assert check.check(schema, {"x": 1}) is not None


def test_every_place_that_is_unfit_is_told_at_once() -> None:
    schema = {
        "properties": {
            "a": {"pattern": "(a+)+"},
            "b": {"$ref": "http://a"},
            "c": {"$ref": "#/no"},
            "d": {"pattern": "(b+)+"},
        }
    }
    assert {(problem.code, problem.pointer) for problem in check.vet(schema)} == {
        ("costly_pattern", "/properties/a"),
        ("remote_reference", "/properties/b"),
        ("reference_unknown", "/properties/c"),
        ("costly_pattern", "/properties/d"),
    }


def test_vetting_the_worst_small_file_is_quick() -> None:
    begin = time.process_time()
    check.vet(laughs(200))
    assert time.process_time() - begin < 3


HEAVY = [
    ({}, {"x": "a" * check.LARGEST_DATA}),
    ({}, {"x": [[]] * 400_000}),
    ({}, {"n" * 201: 1}),
    ({}, {"x": [{"n" * 201: 1}]}),
]


@pytest.mark.parametrize(("schema", "data"), HEAVY)
def test_what_is_too_large_to_check_is_refused_before_anything_is_checked(schema, data) -> None:
    with pytest.raises(errors.TooLarge) as raised:
        check.check(schema, data)
    assert raised.value.code == "form_data_too_large"
    assert "1 MB" in raised.value.text["zh-CN"] and "1 MB" in raised.value.text["en"]


def test_thirty_levels_fit_and_one_more_does_not() -> None:
    def nested(levels: int) -> dict[str, Any]:
        data: Any = 1
        for _ in range(levels - 1):
            data = [data]
        return {"x": data}

    schema = {"properties": {"x": {}}}
    assert check.check(schema, nested(check.DEEPEST)) == []
    with pytest.raises(errors.TooLarge):
        check.check(schema, nested(check.DEEPEST + 1))


@pytest.mark.parametrize("data", [{"x": "\ud800"}, {"\udfff": 1}, {"x": [{"y": "a\ud83d"}]}])
def test_half_a_character_is_told_and_not_a_crash(data: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid) as raised:
        check.check({}, data)
    assert raised.value.code == "form_text_broken"


def test_many_unlike_items_are_compared_in_a_moment() -> None:
    items: list[Any] = [number if number % 2 else str(number) for number in range(60_000)]
    begin = time.process_time()
    assert check.check({"properties": {"x": {"uniqueItems": True}}}, {"x": items}) == []
    assert time.process_time() - begin < 1


def test_a_schema_that_was_changed_after_a_check_is_read_anew() -> None:
    schema: dict[str, Any] = {"properties": {"x": {"maximum": 5}}}
    assert check.check(schema, {"x": 7})
    schema["properties"]["x"]["maximum"] = 9
    assert check.check(schema, {"x": 7}) == []
