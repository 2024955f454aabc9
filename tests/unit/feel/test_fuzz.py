"""Whatever is typed: a value, or an error of this room. More examples: ``FUZZ_EXAMPLES=5000 pytest ...``."""

import contextlib
import os
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import builtins

BUDGET = feel.Budget(steps=5_000, depth=15, result_size=5_000, pattern_seconds=0.05)
EXPECTED = (feel.FeelSyntaxError, feel.BudgetExceeded, feel.Untranslatable)
QUIET = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

ATOMS = [
    *("1", "0", "-1", "2.5", "1e30", "1e6000", "9999999999999999999999999999999999", "1/3", "6176", '"a"', '""', '"1"'),
    *("null", "true", "false", "x", "y", "item", "partial", "?", "abs", "function(n) n", "function(a, b) a < b"),
    *('@"2020-01-31"', '@"-999999999-01-01"', '@"999999999-12-31T23:59:59Z"', '@"2020-01-01T00:00:00@Europe/Paris"'),
    *('@"10:00:00+02:00"', '@"10:00:00"', '@"P1Y"', '@"P999999999D"', '@"PT1S"'),
    *("[]", "[1, 2, 3]", "{}", "{a: 1}", "[1..3]", "(< 5)", "(!= 5)", "[{a: 1}, {a: null}]"),
]
OPERATORS = (" + ", " - ", " * ", " / ", " ** ", " = ", " != ", " < ", " <= ", " > ", " >= ", " and ", " or ", " in ")
NAMES = sorted(builtins.names())
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just(datetime(2020, 1, 1, tzinfo=UTC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abx"), inner, max_size=3),
    max_leaves=6,
)


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map("".join),
        st.tuples(st.sampled_from(NAMES), st.lists(inner, max_size=4)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        pair.map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, st.sampled_from(["a", "year", "time offset", "start", "days"])).map(
            lambda p: f"({p[0]}).{p[1]}"
        ),
        pair.map(lambda p: f"for x in {p[0]} return {p[1]}"),
        pair.map(lambda p: f"some x in {p[0]} satisfies {p[1]}"),
        st.tuples(inner, inner, inner).map(lambda p: f"if {p[0]} then {p[1]} else {p[2]}"),
        pair.map(lambda p: f"{{a: {p[0]}, b: {p[1]}}}"),
        pair.map(lambda p: f"[{p[0]}..{p[1]}]"),
        pair.map(lambda p: f"({p[0]} between {p[1]} and 5)"),
        inner.map(lambda text: f"({text}) instance of list<number>"),
    )


EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), joined, max_leaves=12)
GARBAGE = st.lists(
    st.sampled_from(
        [
            *ATOMS,
            *OPERATORS,
            *"()[]{}.,:'`\"@\\\n",
            "..",
            "if ",
            "for ",
            "in ",
            "return ",
            "not(",
            "${",
            "}",
            "date and time",
        ]
    ),
    max_size=30,
).map("".join)


def survive(text: str, variables: dict[str, Any]) -> None:
    with contextlib.suppress(*EXPECTED):
        expression = feel.compile_expression(text)
        value, _ = expression.evaluate_with_warnings(variables, budget=BUDGET, now=datetime(2026, 1, 1, tzinfo=UTC))
        feel.to_json(value)
        expression.holds(variables)
        feel.check(text, dict.fromkeys(variables))


@QUIET
@given(EXPRESSIONS, st.fixed_dictionaries({"x": VALUES, "y": VALUES}))
def test_an_expression_has_a_value_or_an_error_of_its_own(text: str, variables: dict[str, Any]) -> None:
    survive(text, variables)


@QUIET
@given(GARBAGE | st.text(max_size=40))
def test_garbage_is_refused_or_evaluated(text: str) -> None:
    survive(text, {"x": 1})
    with contextlib.suppress(*EXPECTED):
        feel.compile_unary_tests(text).matches(1, {}, budget=BUDGET)


@QUIET
@given(st.sampled_from(feel.LANGUAGES), GARBAGE | EXPRESSIONS, st.booleans())
def test_dialects_survive_garbage(language: str, text: str, delimited: bool) -> None:
    with contextlib.suppress(*EXPECTED):
        feel.compile_dialect(f"${{{text}}}" if delimited else text, language).evaluate({"x": 1}, budget=BUDGET)


@QUIET
@given(st.text(alphabet="ab(|)[]*+?{}1,^$.\\-pLd&~#x ", max_size=25), st.text(alphabet="ab-1", max_size=30))
def test_patterns_survive_garbage(pattern: str, text: str) -> None:
    survive("[matches(t, p), split(t, p), replace(t, p, r)]", {"t": text, "p": pattern, "r": pattern})


@QUIET
@given(VALUES)
def test_values_come_back_from_json_as_they_are_shown(value: Any) -> None:
    shown = feel.to_json(feel.from_python(value))
    assert feel.to_json(feel.from_python(shown)) == shown
