"""Hostile expressions end soon, with an error that says what they wanted too much of."""

import time

import pytest

from engine import feel

SMALL = feel.Budget(steps=10_000, depth=20, result_size=2_000, pattern_seconds=0.1)


def doubled(first: str, step: str) -> str:
    """A context in which every entry is made of the one before, twice: 2 to the 60th in the end."""
    entries = [f"a0: {first}", *(f"a{i}: {step.format(f'a{i - 1}')}" for i in range(1, 60))]
    return "{" + ", ".join(entries) + "}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("for i in 1..1000000000 return i", "steps"),
        ("some i in 1..1000000000 satisfies false", "steps"),
        ("for a in 1..1000, b in 1..1000, c in 1..1000 return 1", "steps"),
        ("{f: function(f, n) f(f, n + 1), r: f(f, 1)}", "depth"),
        (doubled('"ab"', "{0} + {0}"), "size"),
        (doubled("[1]", "concatenate({0}, {0})"), "size"),
        (doubled("[1]", "[{0}, {0}]").removesuffix("}") + ", r: string(a59)}", "size"),
        (doubled("[1]", "[{0}, {0}]").removesuffix("}") + ", r: flatten(a59)}", "steps"),
        (doubled("[1]", "[{0}, {0}]").removesuffix("}") + ", r: a59 = a59}", "steps"),
        ('replace("' + "a" * 500 + '", "a", "bbbbbbbbbb")', "size"),
        ('matches("a", "a{99999999}")', "size"),
        ('matches("a", "((a{99}){99}){99}")', "size"),
        ('matches("' + "ab" * 40 + '", "(a|b|ab)*(ab|a|b)*c(.*)*$")', None),
        ("distinct values(for i in 1..200 return [i])", "steps"),
    ],
)
def test_a_budget_ends_what_would_not_end(text: str, what: str | None) -> None:
    began = time.process_time()
    try:
        feel.compile_expression(text).evaluate({}, budget=SMALL)
    except feel.BudgetExceeded as exceeded:
        assert what in (None, exceeded.what)
        assert exceeded.text["zh-CN"] != exceeded.text["en"]
    else:
        assert what is None
    assert time.process_time() - began < 2


def test_a_catastrophic_pattern_is_stopped() -> None:
    text = f'matches("{"a" * 3000}", "^(([a-z])+.)+[A-Z]([a-z])+$")'
    began = time.process_time()
    try:
        found = feel.compile_expression(text).evaluate({}, budget=SMALL)
    except feel.BudgetExceeded as exceeded:
        assert exceeded.what == "pattern"
    else:
        assert found is False
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000,
        "[" * 5_000 + "]" * 5_000,
        "1" + "+1" * 5_000,
        "a" + ".b" * 5_000,
        "a" + "[1]" * 5_000,
        "f" + "()" * 5_000,
        "-" * 5_000 + "1",
        "if a then " * 5_000,
        "1" * 100_001,
        "x instance of " + "list<" * 5_000,
    ],
)
def test_a_text_too_deep_or_long_is_no_expression(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile_expression(text)


def test_long_conditions_are_not_deep_ones() -> None:
    assert feel.compile_expression(" and ".join(["a < 5"] * 2_000)).evaluate({"a": 1}) is True


def test_budgets_are_per_evaluation() -> None:
    expression = feel.compile_expression("count(for i in 1..1500 return i) + (if [1] = [1] then 1 else 0)")
    simple = feel.compile_expression("[1, 2] = x and a = b")
    for _ in range(5):
        assert expression.evaluate({}, budget=SMALL) == 1501
    for _ in range(2_000):
        assert simple.evaluate({"x": [1, 2], "a": [1] * 600, "b": [1] * 600}) is True


def test_a_result_that_is_huge_once_written_out_does_not_leave() -> None:
    value = feel.compile_expression(doubled("[1]", "[{0}, {0}]")).evaluate({})
    for leave in (feel.to_python, feel.to_json):
        with pytest.raises(feel.BudgetExceeded):
            leave(value)


def test_a_variable_that_holds_itself_is_refused() -> None:
    ring: list[object] = [1]
    ring.append(ring)
    with pytest.raises(feel.BudgetExceeded):
        feel.compile_expression("x").evaluate({"x": ring})


def test_integers_of_thousands_of_digits_are_rounded_on_the_way_in() -> None:
    huge = 10**5_000
    assert feel.compile_expression("number(string(x)) = x").evaluate({"x": huge}) is True
    assert feel.compile_expression("x * x").evaluate({"x": huge}) is None
    assert feel.compile_expression("c.x > 1").evaluate({"c": {"x": huge}}) is True
