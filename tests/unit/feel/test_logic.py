"""Three truth values, equality, order, membership, types."""

import pytest

from tests.unit.feel.evaluating import codes, shown

T, F, N = "true", "false", "null"


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (F, F, F, F),
        (T, N, N, T),
        (N, T, N, T),
        (F, N, F, N),
        (N, F, F, N),
        (N, N, N, N),
        ("1", F, F, N),
        ("1", T, N, T),
    ],
)
def test_and_or_know_three_values(left: str, right: str, conjunction: str, disjunction: str) -> None:
    assert shown(f"{left} and {right}") == conjunction
    assert shown(f"{left} or {right}") == disjunction
    assert shown(f"{left} and {right} and true") == conjunction


@pytest.mark.parametrize(("text", "expected"), [("not(true)", F), ("not(false)", T), ("not(null)", N), ("not(1)", N)])
def test_not_keeps_null(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2 = 0.3", T),
        ("1 = 1.0", T),
        ("null = null", T),
        ("1 = null", F),
        ('1 = "1"', N),
        ('1 != "1"', N),
        ("[1, {a: 2}] = [1, {a: 2.0}]", T),
        ("{a: 1, b: 2} = {b: 2, a: 1}", T),
        ("[1..2] = [1..2)", F),
        ('@"P1D" = @"PT24H"', T),
        ('@"P1Y" = @"P365D"', N),
        ('@"2020-01-01T00:00:00Z" = @"2020-01-01T01:00:00+01:00"', T),
        ('@"10:00:00" = @"10:00:00Z"', N),
        ('"a" < "b"', T),
        ("true < false", N),
        ("null < 1", N),
        ("2 between 1 and null", N),
        ("2 in (1, 2)", T),
        ("2 in [1..3]", T),
        ("2 in ((1..2), (2..3))", F),
        ("null in [1..3]", N),
        ("[1] in [[1], 2]", T),
        ("5 in (> 3, < 1)", T),
    ],
)
def test_comparisons(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", T),
        ("null instance of Any", F),
        ("[1, 2] instance of list<number>", T),
        ('[1, "a"] instance of list<number>', F),
        ("{a: null} instance of context<a: string>", T),
        ("{} instance of context<a: string>", F),
        ("[1..2] instance of range<number>", T),
        ('["a".."b"] instance of range<number>', F),
        ("(function(a) a) instance of function<Any> -> Any", T),
        ("(function(a, b) a) instance of function<Any> -> Any", F),
        ('@"2020-01-01" instance of date', T),
    ],
)
def test_instance_of(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nobody", "unknown_name"),
        ("{a: 1}.b", "unknown_entry"),
        ('@"2020-01-01".hour', "unknown_property"),
        ("nobody(1)", "unknown_function"),
        ("1 instance of tUnknown", "unknown_type"),
        ('1 < "a"', "not_comparable"),
        ('1 + "a"', "no_operator"),
        ("1 / 0", "no_number"),
        ("[1][2]", "bad_index"),
        ('[1.."a"]', "bad_range"),
        ("if 1 then 2 else 3", "not_boolean"),
        ("{a: 1, a: 2}", "duplicate_key"),
        ('@"yesterday"', "bad_literal"),
        ("abs()", "wrong_arguments"),
        ('abs("a")', "wrong_type"),
        ('date("x")', "no_result"),
        ("now()", "no_clock"),
        ('matches("a", "[")', "bad_pattern"),
        ("(1)(2)", "not_callable"),
        ("function(a) external {java: {}}", "external_function"),
    ],
)
def test_an_error_is_null_and_says_why(text: str, code: str) -> None:
    assert code in codes(text)
