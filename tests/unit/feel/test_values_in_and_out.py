"""Values on their way in, out, and into texts: one line for each kind and each edge of it."""

import datetime as dt
import enum
import zoneinfo
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.model.text import EN, ZH

UTC, PARIS = dt.UTC, zoneinfo.ZoneInfo("Europe/Paris")
PLUS = dt.timezone(dt.timedelta(hours=5, minutes=30))


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


IN = [
    # Python value, as FEEL writes it
    (None, "null"),
    (True, "true"),
    (0, "0"),
    (-5, "-5"),
    (10**33, "1" + "0" * 33),
    (10**34, "10000000000000000000000000000000000"),
    (10**50, "1.000000000000000000000000000000000E+50"),
    (12345678901234567890123456789012345678, "12345678901234567890123456789012350000"),  # rounded to 34 digits
    (0.1, "0.1"),
    (1.0, "1"),
    (1e300, "1E+300"),
    (-0.0, "0"),
    (1e-7, "0.0000001"),
    (float("nan"), "null"),
    (float("inf"), "null"),
    (Decimal("1.50"), "1.50"),
    (Decimal("1E+3"), "1000"),
    ("text", '"text"'),
    ("", '""'),
    ('say "hi"', '"say \\"hi\\""'),
    ("back\\slash", '"back\\\\slash"'),
    ("two\nlines\tand\rmore", '"two\\nlines\\tand\\rmore"'),
    (Colour.RED, '"red"'),
    (Level.HIGH, "3"),
    (dt.date(2020, 1, 2), "2020-01-02"),
    (dt.date(1, 1, 1), "0001-01-01"),
    (dt.time(10, 0), "10:00:00"),
    (dt.time(10, 0, 0, 500), "10:00:00.0005"),
    (dt.time(10, 0, tzinfo=UTC), "10:00:00Z"),
    (dt.time(10, 0, tzinfo=PLUS), "10:00:00+05:30"),
    (dt.datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05"),
    (dt.datetime(2020, 1, 2, 3, 4, 5, 6), "2020-01-02T03:04:05.000006"),
    (dt.datetime(2020, 1, 2, tzinfo=UTC), "2020-01-02T00:00:00Z"),
    (dt.datetime(2020, 1, 2, tzinfo=zoneinfo.ZoneInfo("UTC")), "2020-01-02T00:00:00Z"),
    (dt.datetime(2020, 7, 2, tzinfo=PARIS), "2020-07-02T00:00:00@Europe/Paris"),
    (dt.datetime(2020, 7, 2, tzinfo=PLUS), "2020-07-02T00:00:00+05:30"),
    (dt.timedelta(days=1, hours=2), "P1DT2H"),
    (dt.timedelta(microseconds=1), "PT0.000001S"),
    (-dt.timedelta(hours=1), "-PT1H"),
    (dt.timedelta(0), "PT0S"),
    ([], "[]"),
    ([1, [2, None]], "[1, [2, null]]"),
    ((1, 2), "[1, 2]"),
    ({}, "{}"),
    ({"a": 1, "b c": {"d": [1]}}, '{a: 1, "b c": {d: [1]}}'),
    ({"a": dt.date(2020, 1, 2)}, "{a: 2020-01-02}"),
]


@pytest.mark.parametrize(("given", "expected"), IN, ids=[expected for _, expected in IN])
def test_what_comes_in(given: Any, expected: str) -> None:
    assert feel.to_text([feel.from_python(given)]) == f"[{expected}]"
    assert feel.to_text([feel.compile_expression("x").evaluate({"x": given})]) == f"[{expected}]"
    assert feel.to_text([feel.compile_expression("x.y").evaluate({"x": {"y": given}})]) == f"[{expected}]"


FOREIGN = [object(), {1, 2}, b"bytes", {1: 2}, {None: 1}, 1j, lambda: 1, ValueError(), [object()], {"a": {3}}, iter([])]


@pytest.mark.parametrize("given", FOREIGN, ids=lambda given: type(given).__name__)
def test_what_does_not_come_in(given: Any) -> None:
    with pytest.raises(feel.ForeignValue) as refused:
        feel.compile_expression("x").evaluate({"x": given})
    assert refused.value.text[EN] and refused.value.text[ZH]
    assert refused.value.code == "expression_value"


OUT = [
    # expression, as Python, as JSON
    ("null", None, None),
    ("true", True, True),
    ("1", 1, 1),
    ("1.0", 1, 1),
    ("1.5", Decimal("1.5"), 1.5),
    ("9007199254740991", 9007199254740991, 9007199254740991),
    ("1e20 + 0.5", Decimal("100000000000000000000.5"), 1e20),
    ('"a"', "a", "a"),
    ('@"2020-01-02"', dt.date(2020, 1, 2), "2020-01-02"),
    ('@"10:00:00"', dt.time(10, 0), "10:00:00"),
    ('@"10:00:00Z"', dt.time(10, 0, tzinfo=UTC), "10:00:00Z"),
    ('@"2020-01-02T03:04:05"', dt.datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05"),
    ('@"2020-01-02T03:04:05Z"', dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), "2020-01-02T03:04:05Z"),
    (
        '@"2020-01-02T03:04:05@Europe/Paris"',
        dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=PARIS),
        "2020-01-02T03:04:05@Europe/Paris",
    ),
    ('@"P1DT1H"', dt.timedelta(days=1, hours=1), "P1DT1H"),
    ('@"P1Y2M"', "P1Y2M", "P1Y2M"),  # Python has no months
    ('@"12345-01-01"', "12345-01-01", "12345-01-01"),  # nor such years
    ('@"-0001-01-01"', "-0001-01-01", "-0001-01-01"),
    ('@"10:00:00.000000001"', "10:00:00.000000001", "10:00:00.000000001"),  # nor nanoseconds
    ("[1..3]", "[1..3]", "[1..3]"),
    ("(> 3)", "(> 3)", "(> 3)"),
    ("[1, [2]]", [1, [2]], [1, [2]]),
    ('{a: 1, "b c": null}', {"a": 1, "b c": None}, {"a": 1, "b c": None}),
    ("{a: [1.5]}", {"a": [Decimal("1.5")]}, {"a": [1.5]}),
]


@pytest.mark.parametrize(("text", "python", "json"), OUT)
def test_what_goes_out(text: str, python: Any, json: Any) -> None:
    value = feel.compile_expression(text).evaluate({})
    assert feel.to_python(value) == python
    assert type(feel.to_python(value)) is type(python)
    assert feel.to_json(value) == json
    assert type(feel.to_json(value)) is type(json)


def test_a_function_does_not_go_out_but_has_a_name_for_people() -> None:
    value = feel.compile_expression("[abs, function(x) x]").evaluate({})
    with pytest.raises(feel.ForeignValue):
        feel.to_python(value)
    assert feel.to_json(value) == ["function abs", "function"]


THERE_AND_BACK = [
    value for value, _ in IN if isinstance(value, int | str | dt.date | dt.time | dt.timedelta | list | dict)
]


@pytest.mark.parametrize("given", [value for value in THERE_AND_BACK if not isinstance(value, enum.Enum)], ids=str)
def test_what_went_in_comes_out_again(given: Any) -> None:
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) >= 10**34:
        assert feel.to_python(feel.from_python(given)) == pytest.approx(given)
    else:
        assert feel.to_python(feel.from_python(given)) == given


@pytest.mark.parametrize("depth", [102, 5000])
def test_a_value_that_is_too_deep_stays_outside(depth: int) -> None:
    given: Any = 1
    for _ in range(depth):
        given = [given]
    with pytest.raises(feel.BudgetExceeded):
        feel.from_python(given)


def test_a_list_that_contains_itself_stays_outside() -> None:
    given: list[Any] = []
    given.append(given)
    with pytest.raises(feel.BudgetExceeded):
        feel.from_python(given)


# every bound of the budget

STEPS, DEPTH, SIZE = feel.Budget(steps=1000), feel.Budget(depth=10), feel.Budget(result_size=1000)
BOUNDS = [
    # what gives out, the budget, an expression that wants more
    ("steps", STEPS, "for i in 1..2000 return i"),
    ("steps", STEPS, "for i in 1..100, j in 1..100 return 1"),
    ("steps", STEPS, "some i in 1..2000 satisfies false"),
    ("steps", STEPS, "every i in 1..2000 satisfies true"),
    ("steps", STEPS, "count([1..2000]) + count(for i in [1..2000] return i)"),
    ("steps", STEPS, "sort(for i in xs return modulo(i * 7, 400), function(a, b) a > b)"),
    ("steps", STEPS, "xs[item > 1][item > 2][item > 3][item > 4]"),
    ("steps", STEPS, "for i in xs return list contains(xs, i)"),
    ("steps", STEPS, "distinct values(for i in xs return {a: i})"),
    ("depth", DEPTH, "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r"),
    ("size", SIZE, "for i in 1..2000 return i"),
    ("size", SIZE, "concatenate(xs, xs, xs, xs)"),
    ("size", SIZE, "string join(for i in xs return \"some long words\", \"\")"),
    ("size", SIZE, "replace(long, \"x\", \"yyyyyyyy\")"),
    ("size", SIZE, "long + long + long"),
    ("size", SIZE, "flatten([xs, xs, xs, xs])"),
    ("size", feel.Budget(), 'matches("a", "(((a{99}){99}){99}){99}")'),
]  # fmt: skip


@pytest.mark.parametrize(("what", "budget", "text"), BOUNDS, ids=[text for *_, text in BOUNDS])
def test_a_bound_that_is_passed_stops_the_evaluation(what: str, budget: feel.Budget, text: str) -> None:
    given = {"xs": list(range(400)), "long": "x" * 400, "evil": "x" * 60}
    with pytest.raises(feel.BudgetExceeded) as stopped:
        feel.compile_expression(text).evaluate(given, budget=budget)
    assert stopped.value.what == what
    assert stopped.value.code == "expression_budget"
    assert stopped.value.text[EN] and "表达式超出限制" in stopped.value.text[ZH]


@pytest.mark.parametrize("text", ["for i in 1..300 return i", "sum(xs)", "xs[item > 1]", "long + long"])
def test_what_stays_within_its_bounds_is_not_disturbed(text: str) -> None:
    given = {"xs": list(range(100)), "long": "x" * 400}
    assert feel.compile_expression(text).evaluate(given, budget=feel.Budget(steps=1000, result_size=1000)) is not None


def test_no_more_warnings_are_kept_than_the_budget_says() -> None:
    expression = feel.compile_expression("for i in 1..50 return unknown")
    _, warnings = expression.evaluate_with_warnings({}, budget=feel.Budget(warnings=7))
    assert len(warnings) == 7
