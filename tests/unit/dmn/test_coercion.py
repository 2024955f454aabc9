"""What may stand where a type is declared, and as what: at inputs, results, parameters and services (DMN 1.5, 7.3.2 and
10.3.2.9.4). A list of one is its element, an element a list of it, a date its midnight in UTC; all else is null."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine import dmn, feel
from tests.unit.dmn.documents import decision, document, escape, input_data, knowledge, literal, read


def item(
    name: str, type_ref: str = "", *, allowed: str = "", constraint: str = "", many: bool = False, inner: str = ""
) -> str:
    many_ = ' isCollection="true"' if many else ""
    base = f"<typeRef>{type_ref}</typeRef>" if type_ref else ""
    limits = f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    whole = f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else ""
    return f'<itemDefinition name="{name}"{many_}>{base}{limits}{whole}{inner}</itemDefinition>'


def component(name: str, type_ref: str, *, allowed: str = "", many: bool = False) -> str:
    made = item(name, type_ref, allowed=allowed, many=many)
    return made.replace("<itemDefinition", "<itemComponent").replace("</itemDefinition", "</itemComponent")


TYPES = (
    item("tAge", "number", allowed="[0..150]")
    + item("tGrade", "string", allowed='"A", "B", "C"')
    + item("tTop", "tGrade", allowed='"A"')
    + item("tGrades", "tGrade", many=True)
    + item("tNumbers", "number", many=True)
    + item("tPair", "number", many=True, constraint="count(?) = 2")
    + item("tEven", "number", constraint="even(?)")
    + item("tMatrix", "tNumbers", many=True)
    + item("tPerson", inner=component("name", "string") + component("age", "tAge"))
    + item("tTeam", inner=component("lead", "tPerson") + component("members", "tPerson", many=True))
    + item("tPeople", "tPerson", many=True)
    + item("tAlias", "tAge")
    + item("tShort", "string", allowed="string length(?) < 4")
)
VALUES = [
    # type, value, what stands there then
    ("number", "1", "1"),
    ("number", "1.5", "1.5"),
    ("number", "[1]", "1"),
    ("number", "[[1]]", "null"),
    ("number", "[1, 2]", "null"),
    ("number", "[]", "null"),
    ("number", '"1"', "null"),
    ("number", "true", "null"),
    ("number", "null", "null"),
    ("number", "{a: 1}", "null"),
    ("string", '"a"', '"a"'),
    ("string", '["a"]', '"a"'),
    ("string", "1", "null"),
    ("boolean", "false", "false"),
    ("boolean", '"false"', "null"),
    ("date", '@"2020-01-01"', "2020-01-01"),
    ("date", '"2020-01-01"', "null"),
    ("date", '@"2020-01-01T00:00:00"', "null"),
    ("time", '@"10:00:00"', "10:00:00"),
    ("date and time", '@"2020-01-01T10:00:00"', "2020-01-01T10:00:00"),
    ("date and time", '@"2020-01-01"', "2020-01-01T00:00:00Z"),
    ("dateTime", '@"2020-01-01"', "2020-01-01T00:00:00Z"),
    ("days and time duration", '@"P1D"', "P1D"),
    ("dayTimeDuration", '@"P1D"', "P1D"),
    ("days and time duration", '@"P1M"', "null"),
    ("years and months duration", '@"P1M"', "P1M"),
    ("yearMonthDuration", '@"P1D"', "null"),
    ("Any", "1", "1"),
    ("Any", "[1]", "[1]"),
    ("Any", "null", "null"),
    ("", "[1]", "[1]"),
    ("tAge", "0", "0"),
    ("tAge", "150", "150"),
    ("tAge", "151", "null"),
    ("tAge", "-1", "null"),
    ("tAge", "[30]", "30"),
    ("tAge", "null", "null"),
    ("tAlias", "150", "150"),
    ("tAlias", "151", "null"),
    ("tGrade", '"A"', '"A"'),
    ("tGrade", '"D"', "null"),
    ("tGrade", '"a"', "null"),
    ("tTop", '"A"', '"A"'),
    ("tTop", '"B"', "null"),  # allowed below, not here
    ("tShort", '"abc"', '"abc"'),
    ("tShort", '"abcd"', "null"),
    ("tGrades", '["A", "B"]', '["A", "B"]'),
    ("tGrades", '"A"', '["A"]'),
    ("tGrades", '["A", "D"]', "null"),
    ("tGrades", "[]", "[]"),
    ("tGrades", '["A", null]', '["A", null]'),
    ("tGrades", "null", "null"),
    ("tNumbers", "1", "[1]"),
    ("tNumbers", "[1, 2]", "[1, 2]"),
    ("tNumbers", '[1, "2"]', "null"),
    ("tNumbers", '"1"', "null"),
    ("tNumbers", "[[1]]", "null"),
    ("tPair", "[1, 2]", "[1, 2]"),
    ("tPair", "[1]", "null"),
    ("tPair", "[1, 2, 3]", "null"),
    ("tPair", "1", "null"),
    ("tEven", "2", "2"),
    ("tEven", "3", "null"),
    ("tMatrix", "[[1], [2, 3]]", "[[1], [2, 3]]"),
    ("tMatrix", "[[1], 2]", "null"),
    ("tPerson", '{name: "Ann", age: 30}', '{name: "Ann", age: 30}'),
    ("tPerson", '[{name: "Ann", age: 30}]', '{name: "Ann", age: 30}'),
    ("tPerson", '{name: "Ann", age: null}', '{name: "Ann", age: null}'),
    ("tPerson", '{name: "Ann", age: 151}', "null"),
    ("tPerson", "{name: 1, age: 30}", "null"),
    ("tPerson", '{name: "Ann", age: 30, more: 1}', '{name: "Ann", age: 30, more: 1}'),
    ("tPerson", '"Ann"', "null"),
    ("tPeople", '{name: "Ann", age: 30}', '[{name: "Ann", age: 30}]'),
    ("tPeople", '[{name: "Ann", age: 30}, {name: "Bob", age: 151}]', "null"),
    ("tTeam", '{lead: {name: "A", age: 1}, members: []}', '{lead: {name: "A", age: 1}, members: []}'),
    ("tTeam", '{lead: {name: "A", age: 1}, members: [{name: "B", age: -1}]}', "null"),
]


def text(value: Any) -> str:
    return feel.to_text([value])[1:-1]


@pytest.mark.parametrize(("type_ref", "written", "expected"), VALUES)
def test_a_result_obeys_its_type(type_ref: str, written: str, expected: str) -> None:
    outcome = dmn.evaluate(read(TYPES + decision("d", literal(written), type_ref=type_ref)), "d", {})
    assert text(outcome.value) == expected
    refused = expected == "null" and written != "null"
    assert ("type_mismatch" in [warning.code for warning in outcome.warnings]) is refused


@pytest.mark.parametrize(("type_ref", "written", "expected"), VALUES)
def test_an_argument_obeys_its_parameters_type(type_ref: str, written: str, expected: str) -> None:
    model = TYPES + knowledge("k", literal("{got: x}"), parameters={"x": type_ref})
    model += decision("d", literal(f"k({written})"), knows=["k"])
    outcome = dmn.evaluate(read(model), "d", {})
    refused = expected == "null" and written != "null"
    assert text(outcome.value) == ("null" if refused else f"{{got: {expected}}}")  # the call itself has no value then
    assert bool(outcome.warnings) is refused


@pytest.mark.parametrize(("type_ref", "written", "expected"), VALUES)
def test_an_input_obeys_its_type(type_ref: str, written: str, expected: str) -> None:
    given = feel.compile_expression(written).evaluate({})
    model = read(TYPES + input_data("x", type_ref) + decision("d", literal("x"), needs=["in:x"]))
    assert text(dmn.evaluate(model, "d", {"x": given}).value) == expected


@pytest.mark.parametrize(
    ("type_ref", "given", "expected"),
    [
        ("date", date(2020, 1, 2), "2020-01-02"),
        ("date and time", datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05"),
        ("date and time", date(2020, 1, 2), "2020-01-02T00:00:00Z"),
        ("days and time duration", timedelta(hours=36), "P1DT12H"),
        ("number", 0.1, "0.1"),
        ("number", 10**40, "1.000000000000000000000000000000000E+40"),
        ("tPerson", {"name": "Ann"}, '{name: "Ann", age: null}'),  # what JSON leaves out is null
        ("tPeople", [{"name": "Ann"}], '[{name: "Ann", age: null}]'),
        ("tTeam", {"lead": {}}, "{lead: {name: null, age: null}, members: null}"),
        ("tNumbers", (1, 2), "[1, 2]"),
    ],
)
def test_python_values_come_in_as_values_of_the_language(type_ref: str, given: Any, expected: str) -> None:
    model = read(TYPES + input_data("x", type_ref) + decision("d", literal("x"), needs=["in:x"]))
    assert text(dmn.evaluate(model, "d", {"x": given}).value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 instance of tAge", "true"),
        ("151 instance of tAge", "true"),  # allowed values are not asked
        ('"1" instance of tAge', "false"),
        ('["A"] instance of tGrades', "true"),
        ('"A" instance of tGrades', "false"),
        ('{name: "A", age: 1} instance of tPerson', "true"),
        ('{name: "A"} instance of tPerson', "false"),
        ("[[1]] instance of tMatrix", "true"),
        ("null instance of tAge", "false"),
    ],
)
def test_instance_of_knows_the_models_types(expression: str, expected: str) -> None:
    assert text(dmn.evaluate(read(TYPES + decision("d", literal(expression))), "d", {}).value) == expected


@pytest.mark.parametrize(
    "body",
    [
        input_data("x", "tNobody"),
        decision("d", literal("1"), type_ref="tNobody"),
        knowledge("k", literal("1"), parameters={"x": "tNobody"}),
        item("tOne", "tNobody"),
        item("tOne", inner=component("part", "tNobody")),
    ],
)
def test_a_type_that_nobody_defined_is_a_problem(body: str) -> None:
    model = dmn.read(document(body), file="m.dmn")
    assert [problem.code for problem in model.problems] == ["type_unknown"]
    assert "tNobody" in model.problems[0].text["en"] and "tNobody" in model.problems[0].text["zh-CN"]
