"""Every type at every place that declares one: what may stand there as it is, as what else, and what becomes null.

Places: an input, a decision's result, a parameter and the result of a knowledge model, an entry of a boxed context.
"""

from collections.abc import Callable
from typing import Any

import pytest

from engine import dmn, feel
from tests.unit.dmn.documents import decision, document, escape, input_data, knowledge, literal

VALUES = {
    # kind: the value as FEEL writes it
    "number": "7",
    "string": '"x"',
    "boolean": "true",
    "date": '@"2026-05-01"',
    "time": '@"09:30:00"',
    "date and time": '@"2026-05-01T09:30:00"',
    "years and months duration": '@"P1Y"',
    "days and time duration": '@"P1D"',
    "list": "[1, 2]",
    "context": "{a: 1}",
    "range": "[1..2]",
    "function": "function(q) q",
}
TYPES = [*(kind for kind in VALUES if kind not in ("list", "context", "range", "function")), "Any"]
ITEMS = (
    '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    '<itemDefinition name="tPoint"><itemComponent name="a"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tPoints" isCollection="true"><typeRef>tPoint</typeRef></itemDefinition>'
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>'
    '<itemDefinition name="tShare"><typeRef>number</typeRef><allowedValues><text>[0..1]</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tPair" isCollection="true"><typeRef>number</typeRef>'
    "<typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>"
)


def evaluated(body: str, inputs: dict[str, Any] | None = None) -> tuple[Any, list[str]]:
    """The value as FEEL writes it, and the codes of the warnings."""
    model = dmn.read(document(ITEMS + body))
    assert [problem.text["en"] for problem in model.problems if problem.severity == "error"] == []
    outcome = dmn.evaluate(model, "d", inputs or {})
    return feel.to_text([outcome.value])[1:-1], [warning.code for warning in outcome.warnings]


def at_an_input(wanted: str, text: str) -> tuple[Any, list[str]]:
    given = feel.compile_expression(text).evaluate({})
    return evaluated(input_data("x", wanted) + decision("d", literal("x"), needs=["in:x"]), {"x": given})


def at_a_result(wanted: str, text: str) -> tuple[Any, list[str]]:
    return evaluated(decision("d", literal(text), type_ref=wanted))


def at_a_parameter(wanted: str, text: str) -> tuple[Any, list[str]]:
    body = knowledge("f", literal("p"), parameters={"p": wanted})
    return evaluated(body + decision("d", literal(f"f({text})"), knows=["f"]))


def at_a_function_s_result(wanted: str, text: str) -> tuple[Any, list[str]]:
    body = knowledge("f", literal(text), parameters={}).replace(
        '<variable name="f"/>', f'<variable name="f" typeRef="{wanted}"/>'
    )
    return evaluated(body + decision("d", literal("f()"), knows=["f"]))


def at_an_entry(wanted: str, text: str) -> tuple[Any, list[str]]:
    entry = f'<contextEntry><variable name="e" typeRef="{wanted}"/>{literal(text)}</contextEntry>'
    last = f"<contextEntry>{literal('e')}</contextEntry>"
    return evaluated(decision("d", f"<context>{entry}{last}</context>"))


PLACES: dict[str, Callable[[str, str], tuple[Any, list[str]]]] = {
    "input": at_an_input,
    "result": at_a_result,
    "parameter": at_a_parameter,
    "function": at_a_function_s_result,
    "entry": at_an_entry,
}
in_every_place = pytest.mark.parametrize("place", PLACES)


def plain(text: str) -> str:
    return feel.to_text([feel.compile_expression(text).evaluate({})])[1:-1]


@in_every_place
@pytest.mark.parametrize("wanted", TYPES)
def test_a_value_of_the_type_stands_and_one_of_another_is_null_and_told(place: str, wanted: str) -> None:
    for kind, text in VALUES.items():
        if kind == "function" and place == "input":
            continue  # functions do not come from outside
        value, warnings = PLACES[place](wanted, text)
        if wanted in (kind, "Any"):
            assert (value, warnings) == (plain(text), []), (kind, value, warnings)
        elif (kind, wanted) == ("date", "date and time"):
            assert value == "2026-05-01T00:00:00Z", value  # a date is its midnight in UTC
        else:
            assert value == "null" and len(warnings) == 1, (kind, value, warnings)


@in_every_place
@pytest.mark.parametrize("wanted", [kind for kind in TYPES if kind != "Any"])
def test_a_list_of_one_is_its_element_and_null_stands_everywhere(place: str, wanted: str) -> None:
    text = VALUES[wanted]
    assert PLACES[place](wanted, f"[{text}]") == (plain(text), [])
    assert PLACES[place](wanted, "null") == ("null", [])


STRUCTURED = [
    ("tNumbers", "[1, 2]", "[1, 2]"),
    ("tNumbers", "[]", "[]"),
    ("tNumbers", "[1, null]", "[1, null]"),
    ("tNumbers", "5", "[5]"),  # an element is a list of it
    ("tNumbers", '[1, "a"]', None),
    ("tNumbers", '"a"', None),
    ("tNumbers", "[[1]]", None),
    ("tPoint", "{a: 1}", "{a: 1}"),
    ("tPoint", "{a: 1, b: 2}", "{a: 1, b: 2}"),  # more is no harm
    ("tPoint", "{a: null}", "{a: null}"),
    ("tPoint", '{a: "x"}', None),
    ("tPoint", "[{a: 1}]", "{a: 1}"),
    ("tPoint", "5", None),
    ("tPoints", "[{a: 1}, {a: 2}]", "[{a: 1}, {a: 2}]"),
    ("tPoints", "{a: 1}", "[{a: 1}]"),
    ("tPoints", '[{a: 1}, {a: "x"}]', None),
    ("tGrade", '"A"', '"A"'),
    ("tGrade", '["B"]', '"B"'),
    ("tGrade", '"C"', None),
    ("tGrade", '"a"', None),
    ("tGrade", "1", None),
    ("tGrades", '["A", "B", "A"]', '["A", "B", "A"]'),
    ("tGrades", '["A", "C"]', None),
    ("tGrades", '"A"', '["A"]'),
    ("tGrades", "[]", "[]"),
    ("tShare", "0.5", "0.5"),
    ("tShare", "0", "0"),
    ("tShare", "1", "1"),
    ("tShare", "1.01", None),
    ("tShare", "-0.01", None),
    ("tShare", "null", "null"),
    ("tPair", "[1, 2]", "[1, 2]"),
    ("tPair", "[1, 2, 3]", None),
    ("tPair", "[1]", None),
]


@in_every_place
@pytest.mark.parametrize(("wanted", "given", "expected"), STRUCTURED)
def test_types_of_the_model_hold_at_every_place(place: str, wanted: str, given: str, expected: str | None) -> None:
    value, warnings = PLACES[place](wanted, given)
    assert value == (expected or "null")
    assert bool(warnings) == (expected is None)


@pytest.mark.parametrize("wanted", ["tGone", "numbr", "lib.tThing", "list<number>x"])
def test_a_type_that_nobody_defined_is_told_with_the_element_that_names_it(wanted: str) -> None:
    model = dmn.read(
        document(input_data("x", escape(wanted)) + decision("d", literal("x"), needs=["in:x"])), file="m.dmn"
    )
    told = [problem for problem in model.problems if wanted in problem.text["en"]]
    assert told and told[0].file == "m.dmn" and told[0].line == 1
    assert wanted in told[0].text["zh-CN"]
