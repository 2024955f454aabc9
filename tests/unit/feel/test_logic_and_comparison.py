"""Three-valued logic, equality and order of every pair of kinds, between and in (DMN 1.5, tables 48, 49, 53 to 55)."""

import itertools

import pytest

from tests.unit.feel.evaluating import codes, shown

TRUTHS = ("true", "false", "null", "1")
"""A value that is no boolean counts as null, with a warning."""
AND = {
    "true": "true false null null",
    "false": "false false false false",
    "null": "null false null null",
    "1": "null false null null",
}
OR = {
    "true": "true true true true",
    "false": "true false null null",
    "null": "true null null null",
    "1": "true null null null",
}


@pytest.mark.parametrize(("operator", "table"), [("and", AND), ("or", OR)])
def test_truth_tables(operator: str, table: dict[str, str]) -> None:
    for left, row in table.items():
        for right, expected in zip(TRUTHS, row.split(), strict=True):
            assert shown(f"{left} {operator} {right}") == expected, (left, right)
            assert shown(f"{left} {operator} {right} {operator} {left}") == expected, (left, right, left)


@pytest.mark.parametrize("text", ["true and 1", '"a" and true', "false or 1", "[] or null", "true and 1 and true"])
def test_what_is_no_boolean_warns_within_a_condition(text: str) -> None:
    assert set(codes(text)) == {"not_boolean"}


@pytest.mark.parametrize("text", ["true and null", "null or false", "null and null", "false and 1", "true or 1"])
def test_null_and_what_is_not_looked_at_warn_of_nothing(text: str) -> None:
    assert codes(text) == []


EQUALITY = [
    ("1 = 1", "true"),
    ("1 = 1.0", "true"),
    ("1 = 1.00", "true"),
    ("1 = 2", "false"),
    ("1 != 2", "true"),
    ("1 != 1", "false"),
    ("-0 = 0", "true"),
    ("0.1 + 0.2 = 0.3", "true"),
    ("1e2 = 100", "true"),
    ('"a" = "a"', "true"),
    ('"a" = "A"', "false"),
    ('"a" != "b"', "true"),
    ('"" = ""', "true"),
    ('"é" = "\\u00e9"', "true"),
    ('"e\\u0301" = "\\u00e9"', "false"),  # no normalisation
    ("true = true", "true"),
    ("true = false", "false"),
    ("true != false", "true"),
    ("null = null", "true"),
    ("null != null", "false"),
    ("null = 1", "false"),
    ("1 = null", "false"),
    ("1 != null", "true"),
    ("null != 1", "true"),
    ("null = false", "false"),
    ("null = []", "false"),
    ('null = ""', "false"),
    ("[] = []", "true"),
    ("[1, 2] = [1, 2]", "true"),
    ("[1, 2] = [2, 1]", "false"),  # order counts
    ("[1, 2] = [1]", "false"),
    ("[1] != [2]", "true"),
    ("[null] = [null]", "true"),
    ("[null] = []", "false"),
    ('[1, "1"] = [1, 1]', "false"),
    ("[[1], [2]] = [[1], [2]]", "true"),
    ("[1.0] = [1]", "true"),
    ("[{a: 1}] = [{a: 1}]", "true"),
    ("(function(x) x) = (function(x) x)", "false"),
    ("{f: function(x) x, r: f = f}.r", "true"),
    ("abs = abs", "true"),
]
ORDER = [
    ("1 < 2", "true"),
    ("2 < 1", "false"),
    ("1 < 1", "false"),
    ("1 <= 1", "true"),
    ("1.5 > 1", "true"),
    ("1 >= 1.0", "true"),
    ("-1 < 0", "true"),
    ('"a" < "b"', "true"),
    ('"a" < "B"', "false"),  # by code points
    ('"" < "a"', "true"),
    ('"ab" < "b"', "true"),
    ('"10" < "9"', "true"),  # texts, not numbers
    ('"中" > "a"', "true"),
]
BETWEEN = [
    ("2 between 1 and 3", "true"),
    ("1 between 1 and 3", "true"),
    ("3 between 1 and 3", "true"),
    ("4 between 1 and 3", "false"),
    ("2 between 3 and 1", "false"),
    ("2 between 1 + 0 and 2 * 2", "true"),
    ("2 between 1 and 3 and true", "true"),  # the second "and" joins
    ("2 between 1 and 3 and false", "false"),
    ("true and 2 between 1 and 3", "true"),
    ('"b" between "a" and "c"', "true"),
    ("null between 1 and 3", "null"),
    ("2 between null and 3", "null"),
    ("2 between 1 and null", "null"),
    ("0 between 1 and null", "false"),  # already below
    ("4 between null and 3", "false"),
    ('2 between "1" and 3', "null"),
    ("-1 between -2 and -0.5", "true"),
]
IN = [
    ("1 in 1", "true"),
    ("1 in 2", "false"),
    ("1 in (1)", "true"),
    ("1 in (2, 1)", "true"),
    ("1 in (2, 3)", "false"),
    ("1 in [2, 1]", "true"),
    ("1 in [[2, 1]]", "false"),
    ("1 in ([2, 1], 5)", "true"),
    ("1 in []", "false"),
    ("[] in [[]]", "true"),
    ("[1] in [1]", "true"),
    ("[1] in [[1]]", "true"),
    ("[1, 2] in [1, 2]", "true"),
    ("null in null", "true"),
    ("null in [null]", "true"),
    ("null in (1, null)", "true"),
    ("null in 1", "false"),
    ("1 in null", "false"),
    ("true in true", "true"),
    ("true in [false, true]", "true"),
    ('"a" in ("a", "b")', "true"),
    ('"a" in "abc"', "false"),
    ("{a: 1} in [{a: 1}]", "true"),
    ("{a: 1} in {a: 1}", "true"),
    ("1 in 2 - 1", "true"),
    ("1 in > 0", "true"),
    ("1 in (> 0)", "true"),
    ("1 in (> 0, < 0)", "true"),
    ("1 in <= 0", "false"),
    ("1 in [(> 0)]", "true"),
    ("1 in x", "true"),
    ("3 in x", "false"),
    ("1 in (for i in 1..2 return i)", "true"),
    ("1 in [1] and true", "true"),
    ("not(1 in [2])", "true"),
]
PRECEDENCE = [
    ("1 = 1 and 2 = 2", "true"),
    ("false and true or true", "true"),
    ("true or true and false", "true"),
    ("(true or true) and false", "false"),
    ("1 + 1 = 2", "true"),
    ("1 < 2 = true", "true"),  # from the left
    ("2 > 1 and 1 in [1] and 1 between 0 and 1", "true"),
    ("not(true) or true", "true"),
    ("if true then 1 else 2 + 3", "1"),
    ("(if true then 1 else 2) + 3", "4"),
    ("if 1 = 1 then if false then 1 else 2 else 3", "2"),
    ("if null then 1 else 2", "2"),
    ('if "true" then 1 else 2', "2"),
    ("1 instance of number and true", "true"),
    ("1 + 1 in [2]", "true"),
    ("-1 in [-1]", "true"),
    ('"a" + "b" = "ab"', "true"),
    ("some x in [1] satisfies x = 1 and true", "true"),
    ("for x in [1] return x + 1", "[2]"),
    ("{a: 1}.a + 1", "2"),
    ("[1, 2][1] + 1", "2"),
    ("(1)", "1"),
    ("((1))", "1"),
    ("(((1 + 2)))", "3"),
]


@pytest.mark.parametrize(("text", "expected"), [*EQUALITY, *ORDER, *BETWEEN, *IN, *PRECEDENCE])
def test_comparisons(text: str, expected: str) -> None:
    assert shown(text, {"x": [1, 2]}) == expected


UNLIKE = ["1", '"1"', "true", "[1]", "{a: 1}", "[1..2]", '@"2020-01-01"', '@"10:00:00"', '@"P1D"', '@"P1M"', "abs"]


@pytest.mark.parametrize(("left", "right"), itertools.permutations(UNLIKE, 2))
def test_unlike_kinds_compare_as_null_with_one_warning(left: str, right: str) -> None:
    for operator in ("=", "!=", "<", ">="):
        assert shown(f"{left} {operator} {right}") == "null"
        assert codes(f"{left} {operator} {right}") == ["not_comparable"]


@pytest.mark.parametrize("kind", ["true", "[1]", "{a: 1}", "[1..2]", "abs"])
def test_kinds_without_an_order(kind: str) -> None:
    for operator in ("<", "<=", ">", ">="):
        assert shown(f"{kind} {operator} {kind}") == "null"
        assert codes(f"{kind} {operator} {kind}") == ["not_comparable"]


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_null_has_no_order(operator: str) -> None:
    for text in (f"null {operator} 1", f"1 {operator} null", f"null {operator} null"):
        assert shown(text) == "null"
        assert codes(text) == ["not_comparable"]


# instance of

KINDS = {
    "number": ["1", "1.5", "-1"],
    "string": ['""', '"a"'],
    "boolean": ["true", "false"],
    "date": ['@"2020-01-01"'],
    "time": ['@"10:00:00"', '@"10:00:00Z"'],
    "date and time": ['@"2020-01-01T10:00:00"'],
    "days and time duration": ['@"P1D"', '@"PT0S"'],
    "years and months duration": ['@"P1Y"'],
    "list<Any>": ["[]", "[1]", "[1, null]", "[[]]"],
    "context<>": ["{}", "{a: 1}"],
    "range<Any>": ["[1..2]", "(> 1)"],
    "function<Any> -> Any": ["(function(x) x)", "abs"],
}


@pytest.mark.parametrize("wanted", KINDS)
def test_a_value_has_its_own_kind_and_no_other(wanted: str) -> None:
    for kind, samples in KINDS.items():
        for sample in samples:
            assert shown(f"{sample} instance of {wanted}") == ("true" if kind == wanted else "false"), sample
    assert shown(f"null instance of {wanted}") == "false"


INSTANCES = [
    ("1 instance of Any", "true"),
    ("[] instance of Any", "true"),
    ("null instance of Any", "false"),
    ("null instance of Null", "true"),
    ("1 instance of Null", "false"),
    ("[1, 2] instance of list<number>", "true"),
    ('[1, "a"] instance of list<number>', "false"),
    ("[1, null] instance of list<number>", "true"),
    ("[] instance of list<number>", "true"),
    ("[[1], [2]] instance of list<list<number>>", "true"),
    ('[[1], ["a"]] instance of list<list<number>>', "false"),
    ("1 instance of list<number>", "false"),
    ("{a: 1} instance of context<a: number>", "true"),
    ("{a: 1, b: 2} instance of context<a: number>", "true"),  # more entries do no harm
    ("{b: 2} instance of context<a: number>", "false"),
    ('{a: "x"} instance of context<a: number>', "false"),
    ("{a: null} instance of context<a: number>", "true"),
    ("{a: {b: 1}} instance of context<a: context<b: number>>", "true"),
    ("{a b: 1} instance of context<a b: number>", "true"),
    ("{a: 1, b: [1]} instance of context<a: number, b: list<number>>", "true"),
    ("[1..2] instance of range<number>", "true"),
    ('["a".."b"] instance of range<number>', "false"),
    ("(> 1) instance of range<number>", "true"),
    ("(function(x, y) x) instance of function<Any, Any> -> Any", "true"),
    ("(function(x, y) x) instance of function<Any> -> Any", "false"),
    ("(function() 1) instance of function<> -> Any", "true"),
    ("(function(x: string) x) instance of function<number> -> Any", "false"),
    ("(function(x: number) x) instance of function<number> -> Any", "true"),
    ('@"P1D" instance of dayTimeDuration', "true"),
    ('@"P1M" instance of yearMonthDuration', "true"),
    ('@"2020-01-01T00:00:00" instance of dateTime', "true"),
    ("1 + 1 instance of number", "true"),
    ("not(1 instance of string)", "true"),
    ("x instance of number", "false"),
]


@pytest.mark.parametrize(("text", "expected"), INSTANCES)
def test_instances_of_types_with_parts(text: str, expected: str) -> None:
    assert shown(text, {"x": None}) == expected


@pytest.mark.parametrize("name", ["duration", "integer", "tOrder", "Number", "text", "other.tOrder"])
def test_a_type_that_nobody_defined_gives_null_and_a_warning(name: str) -> None:
    assert shown(f"1 instance of {name}") == "null"
    assert codes(f"1 instance of {name}") == ["unknown_type"]
