"""Explanations of tables under every policy, in both languages: what matched, what was used, and what said no first."""

from typing import Any

import pytest

from engine import dmn
from engine.dmn import explain
from engine.model.text import EN, ZH
from tests.unit.dmn.documents import decision, input_data, literal, read, table

RULES = [['"key"', "> 10", "1"], ['"key"', "> 5", "2"], ["-", "-", "3"]]


def told(policy: str, segment: Any, amount: Any, locale: str = EN, **more: Any) -> list[str]:
    body = table(["segment", "amount"], RULES, policy=policy, allowed={"out": "2, 1, 3"}, **more)
    model = input_data("segment") + input_data("amount") + decision("d", body, needs=["in:segment", "in:amount"])
    outcome = dmn.evaluate(read(model), "d", {"segment": segment, "amount": amount})
    return explain.sentences(outcome.explanation, locale)


TOLD = [
    # policy, segment, amount, the sentences
    (
        "FIRST", "key", 7,
        ['d (FIRST) = 2, given segment = "key", amount = 7', "rule 1 did not match: amount = 7 is not > 10",
         "rule 2 matched", "rule 3 was not looked at"],
    ),
    (
        "FIRST", "key", 20,
        ['d (FIRST) = 1, given segment = "key", amount = 20', "rule 1 matched", "rule 2 was not looked at",
         "rule 3 was not looked at"],
    ),
    (
        "UNIQUE", "base", 20,
        ['d (UNIQUE) = 3, given segment = "base", amount = 20', 'rule 1 did not match: segment = "base" is not "key"',
         'rule 2 did not match: segment = "base" is not "key"', "rule 3 matched"],
    ),
    (
        "UNIQUE", "key", 7,
        ['d (UNIQUE) = null, given segment = "key", amount = 7', "UNIQUE table, but several rules matched: 2, 3",
         "rule 1 did not match: amount = 7 is not > 10", "rule 2 matched, not used", "rule 3 matched, not used"],
    ),
    (
        "PRIORITY", "key", 20,
        ['d (PRIORITY) = 2, given segment = "key", amount = 20', "rule 1 matched, not used", "rule 2 matched",
         "rule 3 matched, not used"],
    ),
    (
        "RULE ORDER", "key", 7,
        ['d (RULE ORDER) = [2,3], given segment = "key", amount = 7', "rule 1 did not match: amount = 7 is not > 10",
         "rule 2 matched", "rule 3 matched"],
    ),
    (
        "OUTPUT ORDER", "key", 20,
        ['d (OUTPUT ORDER) = [2,1,3], given segment = "key", amount = 20', "rule 1 matched", "rule 2 matched",
         "rule 3 matched"],
    ),
    (
        "COLLECT", None, None,
        ["d (COLLECT) = [3], given segment = null, amount = null", 'rule 1 did not match: segment = null is not "key"',
         'rule 2 did not match: segment = null is not "key"', "rule 3 matched"],
    ),
    (
        "ANY", "key", 7,
        ['d (ANY) = null, given segment = "key", amount = 7', "ANY table, but rules 2, 3 have different outputs",
         "rule 1 did not match: amount = 7 is not > 10", "rule 2 matched, not used", "rule 3 matched, not used"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "segment", "amount", "expected"), TOLD)
def test_a_table_is_told_rule_by_rule(policy: str, segment: Any, amount: Any, expected: list[str]) -> None:
    assert [line.strip() for line in told(policy, segment, amount)] == expected


@pytest.mark.parametrize(("policy", "segment", "amount", "expected"), TOLD)
def test_the_same_is_told_in_chinese(policy: str, segment: Any, amount: Any, expected: list[str]) -> None:
    lines = [line.strip() for line in told(policy, segment, amount, ZH)]
    assert len(lines) == len(expected)
    assert lines[0].startswith(f"d（{policy}） = ")
    for line, english in zip(lines[1:], expected[1:], strict=True):
        assert ("不命中" in line) == ("did not match" in english)
        assert ("未采用" in line) == ("not used" in english)
        assert ("未检查" in line) == ("not looked at" in english)
        assert not any(word in line for word in ("rule", "matched", "given"))


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("SUM", "6"), ("MIN", "1"), ("MAX", "3"), ("COUNT", "3")],
)
def test_an_aggregate_names_every_rule_that_went_into_it(aggregation: str, expected: str) -> None:
    lines = told("COLLECT", "key", 20, aggregation=aggregation)
    assert lines[0].startswith(f"d (COLLECT {aggregation}) = {expected}, given")
    assert [line.strip() for line in lines[1:]] == ["rule 1 matched", "rule 2 matched", "rule 3 matched"]


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (literal("1 + 1"), "d = 2"),
        (literal('"text"'), 'd = "text"'),
        (literal("null"), "d = null"),
        (literal("[1, 2]"), "d = [1,2]"),
        (literal('{a: @"2020-01-01"}'), 'd = {"a":"2020-01-01"}'),
        (literal('string join(for i in 1..200 return "abc", "")'), "..."),  # cut
    ],
)
def test_what_is_no_table_is_told_by_its_value(boxed: str, expected: str) -> None:
    (line,) = explain.sentences(dmn.evaluate(read(decision("d", boxed)), "d", {}).explanation, EN)
    assert line == expected or (expected == "..." and line.endswith("...") and len(line) < 220)


def test_a_chain_of_decisions_is_told_from_the_ground_up() -> None:
    model = (
        input_data("x")
        + decision("a", literal("x + 1"), needs=["in:x"])
        + decision("b", table(["a"], [["> 1", '"yes"'], ["-", '"no"']], policy="FIRST"), needs=["a"])
        + decision("c", literal('b = "yes"'), needs=["b"])
    )
    lines = explain.sentences(dmn.evaluate(read(model), "c", {"x": 1}).explanation, EN)
    assert lines == [
        "a = 2",
        'b (FIRST) = "yes", given a = 2',
        "  rule 1 matched",
        "  rule 2 was not looked at",
        "c = true",
    ]


def test_rules_are_named_by_their_ids_for_programs() -> None:
    body = table(["x"], [["1", '"a"'], ["2", '"b"']]).replace("<rule>", '<rule id="second">').replace(
        '<rule id="second">', '<rule id="first">', 1
    )  # fmt: skip
    outcome = dmn.evaluate(read(input_data("x") + decision("d", body, needs=["in:x"])), "d", {"x": 2})
    assert outcome.rules == ("second",)
    step = explain.to_plain(outcome.explanation)[-1]
    assert [(rule["id"], rule["matched"]) for rule in step["rules"]] == [("first", False), ("second", True)]
    assert step["rules"][0]["miss"] == {"input": "x", "value": 2, "test": "1"}
