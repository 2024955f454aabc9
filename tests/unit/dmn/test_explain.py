"""An explanation says which rules matched and, for each other rule, the first cell that said no."""

import json

from engine import dmn
from engine.dmn import explain
from engine.model.text import EN, ZH
from tests.unit.dmn.documents import decision, input_data, knowledge, literal, read, table

MODEL = (
    input_data("age", "number")
    + input_data("segment", "string")
    + decision("points", literal("age * 2"), needs=["in:age"])
    + decision(
        "discount",
        table(
            ["points", "segment"],
            [["> 100", '"key"', "20"], ["> 50", '"key", "base"', "10"], ["-", '"base"', "5"]],
            policy="FIRST",
            defaults={"out": "0"},
        ),
        needs=["points", "in:segment"],
    )
)


def outcome(age: int, segment: str) -> dmn.Outcome:
    return dmn.evaluate(read(MODEL), "discount", {"age": age, "segment": segment})


def test_the_steps_come_in_the_order_of_computation() -> None:
    steps = outcome(30, "base").explanation
    assert [(step.name, step.value, step.hit_policy) for step in steps] == [
        ("points", 60, ""),
        ("discount", 10, "FIRST"),
    ]


def test_a_rule_that_did_not_match_names_the_first_cell_that_said_no() -> None:
    table_step = outcome(30, "base").explanation[-1]
    first, second, third = table_step.rules
    assert first.miss == explain.Miss("points", 60, "> 100")
    assert (second.matched, second.used, second.miss) == (True, True, None)
    assert (third.matched, third.miss) == (False, None)  # FIRST did not look at it


def test_the_second_cell_is_named_when_the_first_said_yes() -> None:
    assert outcome(60, "none").explanation[-1].rules[0].miss == explain.Miss("segment", "none", '"key"')


def test_default_outputs_are_told() -> None:
    step = outcome(1, "none").explanation[-1]
    assert (step.default, step.value) == (True, 0)


def test_rules_that_matched_in_vain_are_told_apart() -> None:
    body = table(["age"], [["> 1", '"a"'], ["> 2", '"b"']], policy="UNIQUE")
    found = dmn.evaluate(read(input_data("age") + decision("d", body, needs=["in:age"])), "d", {"age": 3})
    step = found.explanation[-1]
    assert [(rule.matched, rule.used) for rule in step.rules] == [(True, False), (True, False)]
    assert step.trouble is not None


def test_tables_within_functions_are_told_before_the_decision() -> None:
    model = knowledge("grade", table(["x"], [["> 1", '"high"'], ["-", '"low"']], policy="FIRST"), parameters={"x": ""})
    model += decision("d", literal("grade(5)"), knows=["grade"])
    steps = dmn.evaluate(read(model), "d", {}).explanation
    assert [(step.name, step.value) for step in steps] == [("grade", "high"), ("d", "high")]


def test_what_happens_in_a_service_is_told_once() -> None:
    body = table(["x"], [["> 1", 'x + "a"']])
    model = input_data("x") + decision("inner", body, needs=["in:x"])
    model += (
        '<decisionService id="s" name="s"><outputDecision href="#id_inner"/><inputData href="#id_x"/></decisionService>'
    )
    model += decision("outer", literal('[1 + "b", s(5)]'), knows=["#s"])
    outcome = dmn.evaluate(read(model), "outer", {})
    assert [(step.name, step.hit_policy) for step in outcome.explanation] == [("inner", "UNIQUE"), ("outer", "")]
    assert [(noted.code, noted.element) for noted in outcome.warnings] == [
        ("no_operator", "inner"),
        ("no_operator", "outer"),
    ]


def test_sentences_in_both_languages() -> None:
    steps = outcome(30, "base").explanation
    english, chinese = explain.sentences(steps, EN), explain.sentences(steps, ZH)
    assert english[0] == "points = 60"
    assert english[1] == 'discount (FIRST) = 10, given points = 60, segment = "base"'
    assert english[2] == "  rule 1 did not match: points = 60 is not > 100"
    assert english[3] == "  rule 2 matched"
    assert chinese[2] == "  规则 1 不命中：points = 60，不满足 > 100"
    assert len(chinese) == len(english)


def test_an_explanation_is_plain_data() -> None:
    plain = explain.to_plain(outcome(30, "base").explanation)
    assert json.loads(json.dumps(plain)) == plain
    assert plain[1]["rules"][0]["miss"] == {"input": "points", "value": 60, "test": "> 100"}
