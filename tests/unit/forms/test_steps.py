"""One form at several steps: hidden, read, edited; nobody is asked for what a step does not let in."""

from typing import Any

import pytest

from engine.forms import check, steps

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "price": {"type": "number", "x-ui": {"steps": {"Review": "read", "Close": "hidden"}}},
        "margin": {"type": "number", "readOnly": True, "x-ui": {"steps": {"Review": "edit"}}},
        "note": {"type": "string"},
    },
    "required": ["price", "note"],
    "allOf": [
        {
            "if": {"properties": {"note": {"const": "x"}}, "required": ["note"]},
            "then": {"required": ["price", "margin"]},
        }
    ],
    "additionalProperties": False,
}
CASES: list[tuple[str, dict[str, Any], bool]] = [
    ("Other", {"note": "a"}, False),
    ("Other", {"note": "a", "price": 1}, True),
    ("Review", {"note": "a"}, True),
    ("Review", {"note": "x"}, False),
    ("Review", {"note": "x", "margin": 3}, True),
    ("Close", {"note": "a"}, True),
    ("Close", {"note": "a", "price": 1}, False),
    ("Close", {"price": 1}, False),
]


@pytest.mark.parametrize(("step", "data", "right"), CASES)
def test_each_step_asks_for_its_own(step: str, data: dict[str, Any], right: bool) -> None:
    assert (check.check(steps.at(FORM, step), data) == []) is right


def test_read_and_edit_turn_read_only_on_and_off() -> None:
    seen = steps.at(FORM, "Review")["properties"]
    assert seen["price"]["readOnly"] is True and "readOnly" not in seen["margin"]
    assert list(steps.at(FORM, "Close")["properties"]) == ["margin", "note"]


def test_a_form_that_says_nothing_of_a_step_is_itself() -> None:
    assert steps.at(FORM, "Other") is FORM
    assert steps.of({"f": FORM}, "f", "Other") is FORM and steps.of({}, "f", "Other") is None
    assert steps.named(FORM) == {"Review", "Close"}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": []},
        {"properties": {"a": True}},
        {"properties": {"a": {"x-ui": 5}}},
        {"properties": {"a": {"x-ui": {"steps": 5}}}},
        {},
    ],
)
def test_a_form_that_is_wrong_stays_as_it_is(schema: dict[str, Any]) -> None:
    assert steps.at(schema, "Review") is schema


@pytest.mark.parametrize("told", [{"A": "write"}, {"A": 1}, "read", ["read"]])
def test_a_right_that_is_none_is_told(told: Any) -> None:
    schema = {"properties": {"a": {"type": "string", "x-ui": {"steps": told}}}}
    assert [one.code for one in check.vet(schema)] == ["hint_invalid"]


def test_a_reference_to_what_is_hidden_is_told() -> None:
    properties = {**FORM["properties"], "twice": {"$ref": "#/properties/price"}}
    found = check.vet({**FORM, "properties": properties})
    assert [(one.code, one.pointer) for one in found] == [("reference_hidden", "/properties/twice")]
