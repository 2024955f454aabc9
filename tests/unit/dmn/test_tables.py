"""Decision tables from end to end: every hit policy with one output and with several, aggregation, defaults, allowed
values, and cells of every kind (DMN 1.5, chapter 8)."""

from typing import Any

import pytest

from engine import dmn, feel
from tests.unit.dmn.documents import decision, document, input_data, read, table

# A table over x: rule 1 up to 10, rule 2 from 5, rule 3 from 5 as well, rule 4 from 100.
RULES = [["<= 10", '"low"', "1"], [">= 5", '"mid"', "2"], [">= 5", '"mid"', "2"], [">= 100", '"high"', "9"]]
NAMES = ("level", "points")
LEVELS = {"level": '"high", "mid", "low"', "points": "9, 2, 1"}
LOW, MID, HIGH = {"level": "low", "points": 1}, {"level": "mid", "points": 2}, {"level": "high", "points": 9}


def decide(rules: list[list[str]], x: Any, *, outputs: tuple[str, ...] = ("out",), **more: Any) -> dmn.Outcome:
    body = table(["x"], rules, outputs=outputs, **more)
    return dmn.evaluate(read(input_data("x") + decision("d", body, needs=["in:x"])), "d", {"x": x})


def first_output(rules: list[list[str]]) -> list[list[str]]:
    return [rule[:2] for rule in rules]


@pytest.mark.parametrize(
    ("policy", "x", "expected", "used"),
    [
        # policy, input, value, numbers of the rules it comes from
        ("UNIQUE", 1, "low", "1"),
        ("UNIQUE", 7, None, "1 2 3"),
        ("UNIQUE", None, None, ""),
        ("ANY", 1, "low", "1"),
        ("ANY", 50, "mid", "2 3"),
        ("ANY", 7, None, "1 2"),
        ("FIRST", 1, "low", "1"),
        ("FIRST", 7, "low", "1"),
        ("FIRST", 50, "mid", "2"),
        ("FIRST", 500, "mid", "2"),
        ("PRIORITY", 7, "mid", "2"),
        ("PRIORITY", 500, "high", "4"),
        ("PRIORITY", 1, "low", "1"),
        ("RULE ORDER", 7, ["low", "mid", "mid"], "1 2 3"),
        ("RULE ORDER", 500, ["mid", "mid", "high"], "2 3 4"),
        ("OUTPUT ORDER", 7, ["mid", "mid", "low"], "2 3 1"),
        ("OUTPUT ORDER", 500, ["high", "mid", "mid"], "4 2 3"),
        ("COLLECT", 7, ["low", "mid", "mid"], "1 2 3"),
        ("COLLECT", 1, ["low"], "1"),
    ],
)
def test_a_policy_with_one_output(policy: str, x: Any, expected: Any, used: str) -> None:
    outcome = decide(first_output(RULES), x, policy=policy, outputs=("level",), allowed={"level": LEVELS["level"]})
    assert outcome.value == expected
    assert list(outcome.rules) == used.split()


@pytest.mark.parametrize(
    ("policy", "x", "expected"),
    [
        ("UNIQUE", 1, LOW),
        ("UNIQUE", 7, None),
        ("ANY", 50, MID),
        ("ANY", 7, None),
        ("FIRST", 7, LOW),
        ("PRIORITY", 7, MID),
        ("PRIORITY", 500, HIGH),
        ("RULE ORDER", 7, [LOW, MID, MID]),
        ("OUTPUT ORDER", 500, [HIGH, MID, MID]),
        ("COLLECT", 7, [LOW, MID, MID]),
    ],
)
def test_a_policy_with_several_outputs_gives_contexts(policy: str, x: int, expected: Any) -> None:
    assert decide(RULES, x, policy=policy, outputs=NAMES, allowed=LEVELS).value == expected


def test_priority_looks_at_the_left_output_first_then_at_the_next() -> None:
    rules = [["-", '"a"', '"z"'], ["-", '"a"', '"y"'], ["-", '"b"', '"x"']]
    allowed = {"one": '"b", "a"', "two": '"x", "y", "z"'}
    found = decide(rules, 1, policy="OUTPUT ORDER", outputs=("one", "two"), allowed=allowed).value
    assert [(hit["one"], hit["two"]) for hit in found] == [("b", "x"), ("a", "y"), ("a", "z")]


@pytest.mark.parametrize(
    ("aggregation", "cells", "expected"),
    [
        ("SUM", "1 2 3", "6"),
        ("SUM", "0.1 0.2", "0.3"),
        ("SUM", "5", "5"),
        ("SUM", '@"PT1H" @"PT30M"', "PT1H30M"),
        ("SUM", '@"P1Y" @"P1M"', "P1Y1M"),
        ("SUM", '1 "a"', "null"),
        ("SUM", "1 null", "null"),
        ("SUM", '@"PT1H" @"P1M"', "null"),
        ("SUM", '"a" "b"', "null"),
        ("MIN", "3 1 2", "1"),
        ("MIN", '"b" "a"', '"a"'),
        ("MIN", '@"2020-02-01" @"2020-01-01"', "2020-01-01"),
        ("MIN", '1 "a"', "null"),
        ("MIN", "null 1", "null"),
        ("MIN", "true false", "null"),
        ("MAX", "3 1 2", "3"),
        ("MAX", '"b" "a"', '"b"'),
        ("MAX", '@"PT1H" @"PT2H"', "PT2H"),
        ("MAX", '1 @"P1D"', "null"),
        ("COUNT", "3 3 3", "3"),
        ("COUNT", "null null", "2"),
        ("COUNT", '"a"', "1"),
        ("", "3 3", "[3, 3]"),
        ("", "null 1", "[null, 1]"),
    ],
)
def test_collected_values_are_aggregated(aggregation: str, cells: str, expected: str) -> None:
    rules = [["-", cell] for cell in cells.split()]
    outcome = decide(rules, 1, policy="COLLECT", aggregation=aggregation)
    assert feel.to_text([outcome.value]) == f"[{expected}]"
    assert bool(outcome.warnings) == (expected == "null")


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"])
def test_without_a_matching_rule_and_without_defaults_there_is_no_value(policy: str) -> None:
    found = decide([["> 100", "1"], ["> 200", "2"]], 1, policy=policy, allowed={"out": "1, 2"})
    assert (found.value, found.rules) == (None, ())


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_without_a_matching_rule_the_default_outputs_are_taken(policy: str) -> None:
    rules = [["> 100", '"a"', "1"]]
    allowed = {"level": '"a", "none"', "points": "1, 0"}
    defaults = {"level": '"none"', "points": "0"}
    found = decide(rules, 1, policy=policy, outputs=NAMES, allowed=allowed, defaults=defaults)
    assert found.value == {"level": "none", "points": 0}
    assert found.explanation[-1].default


def test_an_output_without_a_default_is_null_beside_one_with_it() -> None:
    found = decide([["> 100", '"a"', "1"]], 1, outputs=NAMES, defaults={"level": '"none"'})
    assert found.value == {"level": "none", "points": None}


CELLS = [
    # cell, inputs that it takes, inputs that it refuses
    ("-", [1, "a", None, True], []),
    ("", [1, None], []),
    ("5", [5, 5.0], [4, "5", None]),
    ('"a"', ["a"], ["A", "", None, 1]),
    ('"a", "b"', ["a", "b"], ["c", None]),
    ('not("a")', ["b"], ["a"]),
    ('not("a", "b")', ["c"], ["a", "b"]),
    ("< 5", [4, -1], [5, "4", None]),
    ("[1..5)", [1, 4.5], [5, 0]),
    ("]1..5]", [2, 5], [1]),
    ("1, [10..20], > 100", [1, 15, 101], [2, 100]),
    ("null", [None], [0, ""]),
    ("not(null)", [0, ""], [None]),
    ("true", [True], [False, "true", None]),
    ("not(true)", [False], [True]),
    ("limit", [10], [9]),
    ("> limit", [11], [10]),
    ("[limit..limit + 5]", [10, 15], [9, 16]),
    ("allowed", ["x", "y"], ["z"]),
    ("? > limit and ? < 20", [11], [10, 20]),
    ("odd(?)", [3], [2]),
    ("string length(?) > 2", ["abc"], ["ab", 1]),
    ('matches(?, "^a.c$")', ["abc"], ["abd"]),
    ("count(allowed) = 2", [1, "anything"], []),
    ('@"2020-01-01"', [], ["2020-01-01"]),
]


@pytest.mark.parametrize(("cell", "taken", "refused"), CELLS, ids=[cell for cell, *_ in CELLS])
def test_a_cell_takes_and_refuses(cell: str, taken: list[Any], refused: list[Any]) -> None:
    body = table(["x"], [[cell, "true"]], defaults={"out": "false"})
    needs = ["in:x", "in:limit", "in:allowed"]
    model = read(input_data("x") + input_data("limit") + input_data("allowed") + decision("d", body, needs=needs))
    for given, expected in [*((value, True) for value in taken), *((value, False) for value in refused)]:
        inputs = {"x": given, "limit": 10, "allowed": ["x", "y"]}
        assert dmn.evaluate(model, "d", inputs).value is expected, given


@pytest.mark.parametrize(
    ("expression", "cell", "inputs"),
    [
        ("x + 1", "3", {"x": 2}),
        ("upper case(x)", '"A"', {"x": "a"}),
        ("x.y", "1", {"x": {"y": 1}}),
        ("x[1]", "1", {"x": [1, 2]}),
        ("count(x)", "> 1", {"x": [1, 2]}),
        ("x instance of number", "true", {"x": 1}),
        ('if x = null then "none" else "some"', '"none"', {"x": None}),
        ("x in [1..3]", "true", {"x": 2}),
        ("some y in x satisfies y > 1", "true", {"x": [1, 2]}),
    ],
)
def test_an_input_is_any_expression(expression: str, cell: str, inputs: dict[str, Any]) -> None:
    body = table([expression], [[cell, '"yes"']])
    model = read(input_data("x") + decision("d", body, needs=["in:x"]))
    assert dmn.evaluate(model, "d", inputs).value == "yes"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x * 2", 10),
        ('"a" + string(x)', "a5"),
        ("{a: x}", {"a": 5}),
        ("[x, x + 1]", [5, 6]),
        ("null", None),
        ("-x", -5),
        ("if x > 3 then 1 else 2", 1),
        ("sum(for i in 1..x return i)", 15),
    ],
)
def test_an_output_is_any_expression(cell: str, expected: Any) -> None:
    assert decide([["-", cell]], 5).value == expected


@pytest.mark.parametrize(
    ("allowed", "given", "warned"),
    [
        ('"a", "b"', "a", False),
        ('"a", "b"', "c", True),
        ("[1..10]", 10, False),
        ("[1..10]", 11, True),
        ("> 0", 0, True),
        ("-", "anything", False),
    ],
)
def test_an_input_beyond_its_allowed_values_is_told(allowed: str, given: Any, warned: bool) -> None:
    outcome = decide([["-", "1"]], given, allowed={"x": allowed})
    assert bool(outcome.warnings) is warned


@pytest.mark.parametrize(
    ("rules", "outputs", "more", "code"),
    [
        ([["1", "2", "3"]], ("out",), {}, "rule_of_other_width"),
        ([["1"]], ("out",), {}, "rule_of_other_width"),
        ([["-", "1"]], ("out",), {"policy": "SOMETIMES"}, "unknown_hit_policy"),
        ([["-", "1"]], ("out",), {"policy": "COLLECT", "aggregation": "AVERAGE"}, "unknown_aggregation"),
        ([["-", "1", "2"]], ("a", "b"), {"policy": "COLLECT", "aggregation": "SUM"}, "aggregation_outputs"),
        ([["-", "1"]], ("out",), {"policy": "FIRST", "aggregation": "SUM"}, "aggregation_ignored"),
        ([["-", "1"]], ("out",), {"policy": "PRIORITY"}, "order_unknown"),
        ([["-", "1"]], ("out",), {"policy": "OUTPUT ORDER"}, "order_unknown"),
        ([["-", "1", "2"]], ("a", "a"), {}, "output_names"),
        ([["-", "1", "2"]], ("a", ""), {}, "output_names"),
        ([["< <", "1"]], ("out",), {}, "expression_syntax"),
        ([["-", "1 +"]], ("out",), {}, "expression_syntax"),
        ([["", ""]], ("out",), {}, None),  # an empty output is null
    ],
)
def test_what_is_wrong_with_a_table_is_told(
    rules: list[list[str]], outputs: tuple[str, ...], more: dict[str, Any], code: str | None
) -> None:
    body = table(["x"], rules, outputs=outputs, **more)
    model = dmn.read(document(input_data("x") + decision("d", body, needs=["in:x"])), file="m.dmn")
    assert [problem.code for problem in model.problems] == ([code] if code else [])
    for problem in model.problems:
        assert problem.file == "m.dmn" and problem.line == 1
        assert problem.text["zh-CN"] and problem.text["en"] != problem.text["zh-CN"]


@pytest.mark.parametrize(
    ("rules", "inputs", "expected"),
    [
        # two inputs: every cell of a rule must accept
        ([["1", '"a"', "10"], ["1", '"b"', "20"], ["2", "-", "30"]], {"x": 1, "y": "a"}, 10),
        ([["1", '"a"', "10"], ["1", '"b"', "20"], ["2", "-", "30"]], {"x": 1, "y": "b"}, 20),
        ([["1", '"a"', "10"], ["1", '"b"', "20"], ["2", "-", "30"]], {"x": 1, "y": "c"}, None),
        ([["1", '"a"', "10"], ["1", '"b"', "20"], ["2", "-", "30"]], {"x": 2, "y": None}, 30),
        ([["-", "-", "10"]], {"x": None, "y": None}, 10),
        ([["-", "? > x", "10"]], {"x": 1, "y": 2}, 10),
        ([["-", "? > x", "10"]], {"x": 2, "y": 1}, None),
        ([["> y", "-", "10"]], {"x": 2, "y": 1}, 10),
        ([["-", "x", "10"]], {"x": 2, "y": 2}, 10),
        ([["-", "[x..x + 1]", "10"]], {"x": 2, "y": 3}, 10),
    ],
)
def test_a_rule_matches_when_all_its_cells_accept(
    rules: list[list[str]], inputs: dict[str, Any], expected: Any
) -> None:
    body = table(["x", "y"], rules)
    model = read(input_data("x") + input_data("y") + decision("d", body, needs=["in:x", "in:y"]))
    assert dmn.evaluate(model, "d", inputs).value == expected


def test_a_table_without_inputs_holds_always() -> None:
    assert dmn.evaluate(read(decision("d", table([], [["1"]]))), "d", {}).value == 1


def test_a_table_without_rules_is_null() -> None:
    assert decide([], 1).value is None


def test_names_with_spaces_stand_in_inputs_cells_and_outputs() -> None:
    body = table(["credit score"], [["> lower limit", "credit score * 2"]], outputs=("new score",))
    model = read(
        input_data("credit score") + input_data("lower limit")
        + decision("d", body, needs=["in:credit score", "in:lower limit"])
    )  # fmt: skip
    assert dmn.evaluate(model, "d", {"credit score": 5, "lower limit": 3}).value == 10
