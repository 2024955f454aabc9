"""What the analysis finds in a table: overlaps and gaps, each with a counter-example, and rules without effect."""

from typing import Any

import pytest

from engine import dmn, feel
from engine.dmn import review
from engine.model.text import EN, ZH
from tests.unit.dmn.documents import decision, document, input_data, table

GRADES = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues>'
    "</itemDefinition>"
)


def findings(rules: list[list[str]], *, types: tuple[str, ...] = ("number",), **more: Any) -> list[Any]:
    """Of a table whose inputs are called a, b, c."""
    names = "abc"[: len(types)]
    data = "".join(input_data(name, type_ref) for name, type_ref in zip(names, types, strict=True))
    body = table(list(names), rules, **more)
    model = dmn.read(document(GRADES + data + decision("d", body, needs=[f"in:{name}" for name in names])))
    (reviewed,) = review.review(model.library)
    return list(reviewed.analysis.findings)


def shown(found: list[Any]) -> list[str]:
    """``overlap 1 2 a=5``, ``gap a=10``, ``never 2``."""
    return [
        " ".join(
            [finding.kind, *map(str, finding.rules), *(f"{n}={feel.to_text(v)}" for n, v in finding.example.items())]
        )
        for finding in found
    ]


WHOLE = [
    # rules that share out all numbers without touching each other
    [["< 10", "1"], [">= 10", "2"]],
    [["<= 10", "1"], ["> 10", "2"]],
    [["< 0", "1"], ["[0..10)", "2"], [">= 10", "3"]],
    [["< 0", "1"], ["0", "2"], ["> 0", "3"]],
    [["not(5)", "1"], ["5", "2"]],
    [["-", "1"]],
    [["< 5, > 7", "1"], ["[5..7]", "2"]],
    [["not([5..7])", "1"], ["[5..7]", "2"]],
]


@pytest.mark.parametrize("rules", WHOLE, ids=lambda rules: " | ".join(rule[0] for rule in rules))
def test_rules_that_share_out_everything_have_no_finding(rules: list[list[str]]) -> None:
    assert findings(rules) == []


OVERLAPS = [
    # rules, the two that overlap, a value that hits both
    ([["<= 10", "1"], [">= 10", "2"]], (1, 2), lambda a: a == 10),
    ([["< 10", "1"], ["> 5", "2"]], (1, 2), lambda a: 5 < a < 10),
    ([["-", "1"], ["3", "2"]], (1, 2), lambda a: a == 3),
    ([["[1..5]", "1"], ["[5..9]", "2"]], (1, 2), lambda a: a == 5),
    ([["[1..5)", "1"], ["(3..9]", "2"]], (1, 2), lambda a: 3 < a < 5),
    ([["1, 2", "1"], ["2, 3", "2"]], (1, 2), lambda a: a == 2),
    ([["not(1)", "1"], ["not(2)", "2"]], (1, 2), lambda a: a not in (1, 2)),
    ([["< 1", "1"], ["> 1", "2"], ["< 0", "3"]], (1, 3), lambda a: a < 0),
]


@pytest.mark.parametrize(("rules", "pair", "hits"), OVERLAPS)
def test_an_overlap_comes_with_a_value_that_hits_both(rules: list[list[str]], pair: tuple[int, int], hits: Any) -> None:
    (found,) = [finding for finding in findings(rules) if finding.kind == "overlap"]
    assert found.rules == pair
    assert hits(found.example["a"])
    assert f"rules {pair[0]} and {pair[1]} overlap" in found.text[EN]
    assert f"规则 {pair[0]} 和规则 {pair[1]} 重叠" in found.text[ZH]


GAPS = [
    # rules, a value that hits none
    ([["< 10", "1"], ["> 10", "2"]], lambda a: a == 10),
    ([["[0..10]", "1"], ["> 10", "2"]], lambda a: a < 0),
    ([["< 0", "1"], ["[1..2]", "2"], ["> 2", "3"]], lambda a: 0 <= a < 1),
    ([["not(5)", "1"]], lambda a: a == 5),
    ([["<= 0", "1"], ["> 0.5", "2"]], lambda a: 0 < a <= 0.5),
]


@pytest.mark.parametrize(("rules", "misses"), GAPS)
def test_a_gap_comes_with_a_value_that_hits_none(rules: list[list[str]], misses: Any) -> None:
    (found,) = findings(rules)
    assert (found.kind, found.rules) == ("gap", ())
    assert misses(found.example["a"])
    assert found.text[EN].startswith("no rule for a = ")
    assert found.text[ZH].startswith("没有规则适用于 a = ")


@pytest.mark.parametrize(
    ("types", "rules", "expected"),
    [
        (("boolean",), [["true", "1"], ["false", "2"]], []),
        (("boolean",), [["true", "1"]], ["gap a=false"]),
        (("boolean",), [["true", "1"], ["-", "2"]], ["overlap 1 2 a=true"]),
        (("boolean",), [["not(true)", "1"], ["true", "2"]], []),
        (("tGrade",), [['"A"', "1"], ['"B"', "2"]], []),  # all allowed values
        (("tGrade",), [['"A"', "1"]], ["gap a=B"]),
        (("tGrade",), [['"A"', "1"], ['not("B")', "2"], ['"B"', "3"]], ["overlap 1 2 a=A"]),
        (("date",), [['< @"2020-01-01"', "1"], ['>= @"2020-01-01"', "2"]], []),
        (("date",), [['<= @"2020-01-01"', "1"], ['>= @"2020-01-01"', "2"]], ["overlap 1 2 a=2020-01-01"]),
        (("boolean", "boolean"), [["true", "-", "1"], ["false", "true", "2"]], ["gap a=false b=false"]),
        (
            ("boolean", "boolean"),
            [["true", "-", "1"], ["-", "true", "2"], ["false", "false", "3"]],
            ["overlap 1 2 a=true b=true"],
        ),
        (("boolean", "boolean"), [["true", "true", "1"], ["true", "false", "2"], ["false", "-", "3"]], []),
        (("boolean", "tGrade"), [["true", '"A"', "1"], ["-", '"B"', "2"], ["false", '"A"', "3"]], []),
        (("boolean", "tGrade"), [["true", '"A"', "1"], ["-", '"B"', "2"]], ["gap a=false b=A"]),
    ],
)
def test_kinds_of_inputs_and_their_combinations(
    types: tuple[str, ...], rules: list[list[str]], expected: list[str]
) -> None:
    assert shown(findings(rules, types=types)) == expected


@pytest.mark.parametrize(
    ("policy", "rules", "kinds"),
    [
        ("UNIQUE", [["-", "1"], ["1", "2"]], ["overlap"]),
        ("ANY", [["-", "1"], ["1", "2"]], ["overlap"]),
        ("ANY", [["-", "1"], ["1", "1"]], []),  # the same output
        ("FIRST", [["-", "1"], ["1", "2"]], ["never"]),  # behind one that takes everything
        ("FIRST", [["1", "1"], ["-", "2"]], []),
        ("FIRST", [["< 5", "1"], [">= 5", "2"], ["7", "3"]], ["never"]),  # two together take everything
        ("PRIORITY", [["-", "1"], ["1", "2"]], []),
        ("COLLECT", [["-", "1"], ["1", "2"]], []),
        ("COLLECT", [["1", "1"]], []),  # no answer is an answer
        ("RULE ORDER", [["-", "1"], ["-", "2"]], []),
        ("FIRST", [["1", "1"]], ["gap"]),
        ("UNIQUE", [["[5..1]", "1"], ["-", "2"]], ["never"]),  # an empty range
        ("COLLECT", [["[5..1]", "1"]], ["never"]),
    ],
)
def test_what_a_policy_forbids(policy: str, rules: list[list[str]], kinds: list[str]) -> None:
    assert [finding.kind for finding in findings(rules, policy=policy, allowed={"out": "1, 2"})] == kinds


def test_a_default_output_closes_all_gaps() -> None:
    assert findings([["1", "1"]], defaults={"out": "0"}) == []


@pytest.mark.parametrize("cell", ["? > b", "b", "> b", "even(?)", "count(b) > 1", "[1..b]"])
def test_a_cell_that_computes_is_left_undecided(cell: str) -> None:
    model = dmn.read(
        document(
            input_data("a", "number") + input_data("b")
            + decision("d", table(["a"], [[cell, "1"], ["-", "2"]]), needs=["in:a", "in:b"])
        )
    )  # fmt: skip
    (reviewed,) = review.review(model.library)
    assert reviewed.analysis.of("overlap") == []
    assert any(cell in text[EN] and cell in text[ZH] for text in reviewed.analysis.undecided)


@pytest.mark.parametrize("rules", [rules for rules, *_ in OVERLAPS])
def test_an_example_of_an_overlap_really_breaks_the_table(rules: list[list[str]]) -> None:
    body = input_data("a", "number") + decision("d", table(["a"], rules), needs=["in:a"])
    model = dmn.read(document(body))
    for finding in review.review(model.library)[0].analysis.of("overlap"):
        outcome = dmn.evaluate(model, "d", finding.example)
        assert outcome.value is None and outcome.explanation[-1].trouble is not None
        assert [rule.number for rule in outcome.explanation[-1].rules if rule.matched] == list(finding.rules)


@pytest.mark.parametrize("rules", [rules for rules, _ in GAPS])
def test_an_example_of_a_gap_really_matches_nothing(rules: list[list[str]]) -> None:
    body = input_data("a", "number") + decision("d", table(["a"], rules), needs=["in:a"])
    model = dmn.read(document(body))
    for finding in review.review(model.library)[0].analysis.of("gap"):
        step = dmn.evaluate(model, "d", finding.example).explanation[-1]
        assert step.value is None and not any(rule.matched for rule in step.rules)
