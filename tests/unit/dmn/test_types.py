"""Item definitions: structure for the language, allowed values for the places where a type is declared."""

from typing import Any

import pytest

from engine import dmn
from engine.dmn.model import FunctionType, ItemDefinition, Variable
from engine.dmn.types import Catalogue, filled, gate
from engine.feel import types
from engine.feel.run import Run
from tests.unit.dmn.documents import decision, document, input_data, literal, read


def catalogue(*items: ItemDefinition) -> Catalogue:
    made = Catalogue()
    for item in items:
        made.add(item)
    return made


PERSON = ItemDefinition(
    name="tPerson",
    components=(
        ItemDefinition(name="name", type_ref="string"),
        ItemDefinition(name="children", type_ref="tPerson", is_collection=True),
    ),
)
COMPARE = ItemDefinition(
    name="tCompare",
    function=FunctionType(parameters=(Variable(name="a", type_ref="tPerson"),), result="boolean"),
)


def test_the_language_sees_structure() -> None:
    found = catalogue(PERSON, COMPARE).definitions
    assert found["tPerson"] == types.ContextOf(
        (("name", types.Named("string")), ("children", types.ListOf(types.Named("tPerson"))))
    )
    assert found["tCompare"] == types.FunctionOf((types.Named("tPerson"),), types.Named("boolean"))


def test_an_imported_type_is_seen_behind_the_name_of_the_import() -> None:
    mine = catalogue()
    mine.adopt(catalogue(PERSON, COMPARE), "lib.")
    assert mine.definitions["lib.tPerson"] == types.ContextOf(
        (("name", types.Named("string")), ("children", types.ListOf(types.Named("lib.tPerson"))))
    )
    assert mine.definitions["lib.tCompare"] == types.FunctionOf((types.Named("lib.tPerson"),), types.Named("boolean"))
    assert mine.known("lib.tPerson") and not mine.known("tPerson")


def test_a_place_without_a_type_has_no_gate() -> None:
    assert gate(catalogue(), "") is None
    assert gate(catalogue(), "Any") is None
    assert gate(catalogue(), "tGone") is None


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("number", 1, (True, 1)),
        ("number", "1", (False, None)),
        ("number", None, (True, None)),
        ("string", ["a"], (True, "a")),
        ("tPerson", {"name": "Li", "children": []}, (True, {"name": "Li", "children": []})),
        ("tPerson", {"name": "Li"}, (False, None)),
        ("tPerson", {"name": "Li", "children": [{"name": 1, "children": []}]}, (False, None)),
    ],
)
def test_a_gate_lets_pass_what_fits(wanted: str, value: Any, expected: tuple[bool, Any]) -> None:
    made = gate(catalogue(PERSON), wanted)
    assert made is not None
    assert made.check(value, Run()) == expected


def test_a_context_from_outside_is_filled_with_nulls_at_every_level() -> None:
    made = catalogue(PERSON)
    given = {"children": [{"name": "Bo"}], "more": 1}
    assert filled(given, types.Named("tPerson"), made.definitions) == {
        "name": None,
        "children": [{"name": "Bo", "children": None}],
        "more": 1,
    }


LIMITED = (
    '<itemDefinition name="tBase"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..100]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tSmall"><typeRef>tBase</typeRef>'
    "<allowedValues><text>[0..10]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tRows" isCollection="true"><itemComponent name="n"><typeRef>tSmall</typeRef></itemComponent>'
    "</itemDefinition>"
)


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("tBase", 50, 50),
        ("tSmall", 50, None),
        ("tSmall", 5, 5),
        ("tSmall", -1, None),
        ("tRows", [{"n": 5}], [{"n": 5}]),
        ("tRows", [{"n": 5}, {"n": 50}], None),
        ("tRows", [{"n": None}], [{"n": None}]),
    ],
)
def test_limits_hold_through_every_level(wanted: str, value: Any, expected: Any) -> None:
    model = read(LIMITED + input_data("x", wanted) + decision("d", literal("x"), needs=["in:x"]))
    assert dmn.evaluate(model, "d", {"x": value}).value == expected


def test_instance_of_ignores_allowed_values() -> None:
    model = read(LIMITED + decision("d", literal("[50 instance of tSmall, {n: 50} instance of tRows]")))
    assert dmn.evaluate(model, "d", {}).value == [True, False]


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("feel:string", 1, None),  # a prefix of DMN 1.1
        ("integer", 1, 1),  # Camunda's and Flowable's names
        ("integer", "1", None),
        ("double", 1, 1),
        ("days and time duration", 1, None),
        ("dayTimeDuration", 1, None),
        ("list", [1], [1]),
        ("context", {"a": 1}, {"a": 1}),
    ],
)
def test_names_of_types_in_other_dialects(written: str, value: Any, expected: Any) -> None:
    model = dmn.read(document(input_data("x", written) + decision("d", literal("x"), needs=["in:x"])))
    assert model.problems == ()
    assert dmn.evaluate(model, "d", {"x": value}).value == expected
