"""for, some, every, filters, functions of one's own."""

import pytest

from engine import feel
from tests.unit.feel.evaluating import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in [1, 2], j in [10, 20] return i + j", "[11, 21, 12, 22]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1..3) return i", "[1, 2]"),
        ("for i in (1..1) return i", "[]"),
        ("for i in [3..1] return i", "null"),
        ("for i in 5 return i", "[5]"),
        ("for i in null return i", "null"),
        ('for d in @"2020-02-28"..@"2020-03-01" return d.day', "[28, 29, 1]"),
        ("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5]"),
        ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
        ("for i in 1..2 return partial", "[[], [[]]]"),
        ("for f in (for i in 1..2 return function() i) return f()", "[1, 2]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, 2] satisfies x > 1", "false"),
        ("some x in [] satisfies x", "false"),
        ("every x in [] satisfies x", "true"),
        ("some x in [1, null] satisfies x > 1", "null"),
        ("every x in [null, 0] satisfies x > 1", "false"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[{a: 1}, {a: 2}][a > 1]", "[{a: 2}]"),
        ("[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][n]", "2"),
        ("[][n]", "null"),
        ("5[1]", "5"),
        ("null[true]", "null"),
        ("[1, 2][1.5]", "null"),
        ("[{a: 1}, {b: 2}].a", "[1, null]"),
        ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
        ('(function(a: number) a)("x")', "null"),
        ("(function(a: number) a)([1])", "1"),
        ("(function(a: list<number>) a)(1)", "[1]"),
        ("(function(a) a)(1, 2)", "null"),
        ("{twice: function(x) x * 2, r: twice(4)}.r", "8"),
        ("{x: 1, f: function() x, g: {x: 2, r: f()}}.g.r", "1"),
        ("(function(f) f(-3))(abs)", "3"),
    ],
)
def test_iterations_filters_and_functions(text: str, expected: str) -> None:
    assert shown(text, {"n": 2}) == expected


def test_an_argument_of_the_wrong_type_is_named() -> None:
    _, warnings = feel.compile_expression('(function(a: list<number>) a)("x")').evaluate_with_warnings({})
    assert warnings[0].text["en"] == "parameter a of function wants a list<number>, but there is a string"


def test_filters_see_the_variables_outside() -> None:
    context = {"limit": 10, "orders": [{"total": 5}, {"total": 12.5}]}
    assert shown("orders[total > limit].total", context) == "[12.5]"


def test_a_variable_that_is_no_function_does_not_hide_a_built_in_one() -> None:
    assert shown('{"count": 3, r: count([1, 2]) + count}.r') == "5"
