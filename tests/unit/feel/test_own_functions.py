"""Iterations, filters, functions of one's own and scope: who sees what, and what may be called how."""

import pytest

from engine import feel
from tests.unit.feel.evaluating import codes, shown

ITERATIONS = [
    ("for i in [] return i", "[]"),
    ("for i in [1, 2, 3] return i * i", "[1, 4, 9]"),
    ("for i in 1..3 return i", "[1, 2, 3]"),
    ("for i in 3..1 return i", "[3, 2, 1]"),  # downwards as well
    ("for i in 1..1 return i", "[1]"),
    ("for i in -1..1 return i", "[-1, 0, 1]"),
    ("for i in 1 + 1..2 * 2 return i", "[2, 3, 4]"),
    ("for i in low..high return i", "[1, 2, 3]"),
    ("for i in [1..3] return i", "[1, 2, 3]"),
    ("for i in (1..3) return i", "[2]"),
    ("for i in (1..3] return i", "[2, 3]"),
    ("for i in [1..1) return i", "[]"),
    ('for d in [@"2020-01-31"..@"2020-02-01"] return d.day', "[31, 1]"),
    ('for d in @"2020-02-01"..@"2020-01-31" return d.day', "[1, 31]"),
    ("for i in [1, 2], j in [3, 4] return [i, j]", "[[1, 3], [1, 4], [2, 3], [2, 4]]"),  # the last turns fastest
    ("for i in 1..3, j in 1..i return j", "[1, 1, 2, 1, 2, 3]"),  # later ones see earlier ones
    ("for i in [1, 2], i in [i * 10] return i", "[10, 20]"),  # the inner hides the outer
    ("for i in [[1, 2], [3]] return count(i)", "[2, 1]"),
    ("for i in [1, null] return i", "[1, null]"),
    ("for i in 5 return i + 1", "[6]"),
    ('for i in "abc" return i', '["abc"]'),  # a text is one value
    ("for i in {a: 1} return i.a", "[1]"),
    ("for i in [1, 2] return for j in [i, i] return j", "[[1, 1], [2, 2]]"),
    ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3]"),
    ("for i in 1..3 return sum(partial)", "[null, null, null]"),  # the first sum is of nothing, hence null for ever
    ("for i in 1..2, j in 1..2 return count(partial)", "[0, 1, 2, 3]"),
    ("for the value in [1, 2] return the value + 1", "[2, 3]"),
    ("for i in [1] return {a: i, b: a}", "[{a: 1, b: 1}]"),
    ("sum(for i in 1..100 return i)", "5050"),
    ("count((for i in 1..3 return i)[item > 1])", "2"),
]
QUANTIFIERS = [
    ("some x in [1, 2] satisfies x = 2", "true"),
    ("some x in [1, 2] satisfies x = 3", "false"),
    ("some x in [] satisfies true", "false"),
    ("some x in [null, 1] satisfies x = 1", "true"),
    ("some x in [null, 1] satisfies x > 5", "null"),
    ("some x in [1] satisfies 1", "null"),  # neither true nor false
    ("some x in 1..3 satisfies x = 3", "true"),
    ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
    ("some x in [1, 2], y in [3, 4] satisfies x = y", "false"),
    ("some x in 5 satisfies x = 5", "true"),
    ("every x in [1, 2] satisfies x > 0", "true"),
    ("every x in [1, 2] satisfies x > 1", "false"),
    ("every x in [] satisfies false", "true"),
    ("every x in [null, 1] satisfies x > 5", "false"),  # one no is enough
    ("every x in [null, 9] satisfies x > 5", "null"),
    ("every x in [1, 2], y in [3, 4] satisfies x < y", "true"),
    ("every x in (1..3) satisfies x = 2", "true"),
    ("every x in [[1], [2, 3]] satisfies some y in x satisfies y > 0", "true"),
]
FILTERS = [
    ("[1, 2, 3][1]", "1"),
    ("[1, 2, 3][-1]", "3"),
    ("[1, 2, 3][-3]", "1"),
    ("[1, 2, 3][0]", "null"),
    ("[1, 2, 3][4]", "null"),
    ("[1, 2, 3][-4]", "null"),
    ("[1, 2, 3][2.0]", "2"),
    ("[1, 2, 3][1 + 1]", "2"),
    ("[1, 2, 3][low]", "1"),
    ("[[1, 2], [3]][1][2]", "2"),
    ("[1, 2, 3][item >= 2]", "[2, 3]"),
    ("[1, 2, 3][item >= 2][1]", "2"),
    ("[1, 2, 3][true]", "[1, 2, 3]"),
    ("[1, 2, 3][false]", "[]"),
    ("[1, 2, 3][null]", "[]"),
    ('[1, 2, 3]["a"]', "[]"),
    ("[][1]", "null"),
    ("[][true]", "[]"),
    ("null[1]", "null"),
    ("5[1]", "5"),
    ("5[2]", "null"),
    ("5[item > 3]", "[5]"),
    ('"abc"[1]', '"abc"'),
    ("{a: 1}[1]", "{a: 1}"),
    ("{a: 1}[a = 1]", "[{a: 1}]"),
    ("[{a: 1}, {a: 2}][a = 2]", "[{a: 2}]"),
    ("[{a: 1}, {a: 2}][item.a = 2]", "[{a: 2}]"),
    ("[{a: 1}, {b: 2}][a = 1]", "[{a: 1}]"),
    ("[{a: 1}, {b: 2}][b != null]", "[{b: 2}]"),
    ("[{low: 9}][low = 9]", "[{low: 9}]"),  # an element's entry hides a variable
    ("[{a: 9}][low = 1]", "[{a: 9}]"),
    ("[{item: 1}][item = 1]", "[{item: 1}]"),  # an entry that is called item
    ("[{a: {b: 1}}, {a: {b: 2}}][a.b > 1].a.b", "[2]"),
    ("[1, 2, 3, 4][even(item)]", "[2, 4]"),
    ("[1, 2][some x in [2] satisfies x = item]", "[2]"),
    ('["a", "b"][item in ("b", "c")]', '["b"]'),
]
FUNCTIONS = [
    ("(function(x) x + 1)(2)", "3"),
    ("(function(x, y) x - y)(5, 3)", "2"),
    ("(function(x, y) x - y)(y: 5, x: 3)", "-2"),
    ("(function() 7)()", "7"),
    ("{f: function(x) x * 2, r: f(4)}.r", "8"),
    ("{f: function(x) x * 2}.f(4)", "8"),
    ("{a: {f: function(x) x * 2}}.a.f(4)", "8"),
    ("[function(x) x, function(x) -x][2](3)", "-3"),
    ("(function(f, x) f(f(x)))(function(y) y * 3, 2)", "18"),
    ("(function(x) function(y) x + y)(1)(2)", "3"),  # it remembers where it was made
    ("{n: 1, f: function() n, g: {n: 2, r: f()}.r}.g", "1"),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", "null"),  # its own name is not known inside
    ("(function(the value) the value + 1)(1)", "2"),
    ("(function(x: number) x)(1)", "1"),
    ("(function(x: number) x)([1])", "1"),
    ("(function(x: list<number>) x)(1)", "[1]"),
    ('(function(x: date and time) x)(@"2020-01-01")', "2020-01-01T00:00:00Z"),
    ("(function(x: Any) x)([1])", "[1]"),
    ("(function(x) x)(null)", "null"),
    ("{count: 3, r: count([1, 2])}.r", "2"),  # a value does not hide a function
    ("{count: function(x) 99, r: count([1, 2])}.r", "99"),  # a function does
    ("sort([2, 1], lower)", "[1, 2]"),
    ("(abs)(-1)", "1"),
    ("[abs, floor][1](-1.5)", "1.5"),
]
SCOPE = [
    ("x", "10"),
    ("{x: 1, y: x}.y", "1"),  # an entry hides a variable
    ("{y: x, x: 1}.y", "10"),  # but not before it stands there
    ("for x in [1] return x", "[1]"),
    ("(for x in [1] return x)[1] + x", "11"),
    ("some x in [1] satisfies x = 1", "true"),
    ("(function(x) x)(1) + x", "11"),
    ("{a: {b: x}}.a.b", "10"),
    ("[{y: 1}][y + x = 11]", "[{y: 1}]"),
    ("if x = 10 then x else 0", "10"),
    ("unknown", "null"),
    ("unknown.part", "null"),
    ("unknown[1]", "null"),
    ("unknown = null", "true"),
    ("is defined(unknown)", "false"),
    ("x.y", "null"),
    ("nothing", "null"),
    ("nothing.part", "null"),
]
GIVEN = {"low": 1, "high": 3, "x": 10, "nothing": None}


@pytest.mark.parametrize(("text", "expected"), [*ITERATIONS, *QUANTIFIERS, *FILTERS, *FUNCTIONS, *SCOPE])
def test_iterations_filters_functions_and_scope(text: str, expected: str) -> None:
    given = {**GIVEN, "lower": feel.compile_expression("function(a, b) a < b").evaluate({})}
    assert shown(text, given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unknown + 1", ["unknown_name", "no_operator"]),
        ("unknown(1)", ["unknown_function"]),
        ("(1)(2)", ["not_callable"]),
        ("null(2)", ["not_callable"]),
        ("{a: 1}.a(2)", ["not_callable"]),
        ("{a: 1}.b(2)", ["unknown_entry", "not_callable"]),
        ("(function(x) x)()", ["wrong_arguments"]),
        ("(function(x) x)(1, 2)", ["wrong_arguments"]),
        ("(function(x) x)(y: 1)", ["wrong_arguments"]),
        ("(function(x, y) x)(x: 1)", ["wrong_arguments"]),
        ("(function(x, y) x)(x: 1, x: 2)", ["wrong_arguments"]),
        ('(function(x: number) x)("1")', ["wrong_type"]),
        ('(function(x: list<number>) x)(["a"])', ["wrong_type"]),
        ("function(x) external {java: {class: 1}}", ["external_function"]),
        ("for i in null return i", ["not_iterable"]),
        ("for i in 1..null return i", ["not_iterable"]),
        ('for i in "a".."c" return i', ["not_iterable"]),
        ("for i in 1.5..3 return i", ["not_iterable"]),
        ("for i in [3..1] return i", ["not_iterable"]),
        ("for i in (> 1) return i", ["not_iterable"]),
        ('for i in ["a".."c"] return i', ["not_iterable"]),
        ("some x in null satisfies true", ["not_iterable"]),
        ("[1, 2][3]", ["bad_index"]),
        ("[1, 2][0]", ["bad_index"]),
        ("[1, 2][1.5]", ["bad_index"]),
        ("if 1 then 2 else 3", ["not_boolean"]),
        ("-null", ["not_negatable"]),
        ('-"a"', ["not_negatable"]),
        ("1 / 0", ["no_number"]),
        ('1 + "a"', ["no_operator"]),
        ('@"nonsense"', ["bad_literal"]),
    ],
)
def test_every_null_that_is_nobodys_wish_has_a_warning(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", "a b"),
        ("a.b.c", "a"),
        ("f(a, 1)", "a f"),
        ("abs(a)", "a"),
        ("for i in xs return i + a", "a xs"),
        ("for i in xs, j in i.ys return j", "xs"),
        ("some x in xs satisfies x > y", "xs y"),
        ("function(x) x + y", "y"),
        ("{a: 1, b: a + c}", "c"),
        ("{b: a, a: 1}", "a"),
        ("xs[a > 1]", "a xs"),  # an entry or a variable: it is asked for
        ("xs[item > 1]", "xs"),
        ("if a then b else c", "a b c"),
        ("a between b and c", "a b c"),
        ("a in (b, > c)", "a b c"),
        ("[a..b]", "a b"),
        ("a instance of number", "a"),
        ("1 + 1", ""),
        ("null", ""),
        ("`first name`", "first name"),
    ],
)
def test_free_variables_are_what_an_expression_asks_for(text: str, expected: str) -> None:
    found = feel.compile_expression(text).free_variables
    assert " ".join(sorted(found)) == expected
