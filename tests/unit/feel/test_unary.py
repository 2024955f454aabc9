"""Cells of decision tables."""

from typing import Any

import pytest

from engine import feel

CASES = [
    ("-", 1, True),
    ("", None, True),
    ("5", 5, True),
    ("5", 6, False),
    ("< 5", 4, True),
    ("< 5", "a", False),
    ("[1..5)", 5, False),
    ('"a", "b"', "b", True),
    ('not("a", "b")', "b", False),
    ('not("a", "b")', "c", True),
    ("not(null)", 1, True),
    ("null", None, True),
    ("null", 1, False),
    ("< 5", None, False),
    ("? > 3 and ? < limit", 5, True),
    ('contains(?, "a")', "cat", True),
    ("? > 3", "a", False),
    ("limit", 10, True),
    ("> limit, 1", 1, True),
    ("levels", "gold", True),
    ("true", True, True),
    ("false", True, False),
    ("limit > 3", "any text", True),
    ('date("2020-01-01")', "2020-01-01", False),
    ("!= 3", 4, True),
    ("not(a) and b", True, True),
    ("item name", "x y", True),
]


@pytest.mark.parametrize(("text", "given", "expected"), CASES)
def test_a_cell_matches(text: str, given: Any, expected: bool) -> None:
    context = {"limit": 10, "levels": ["gold", "silver"], "a": False, "b": True, "item name": "x y"}
    tests = feel.compile_unary_tests(text, names=("item name",))
    assert tests.matches(given, context) is expected


def test_what_cannot_be_decided_is_null_within_a_run() -> None:
    run = feel.Run()
    assert feel.compile_unary_tests("< 5").matches_in(run, "a", {}) is None
    assert [warning.code for warning in run.warnings] == ["not_comparable"]


@pytest.mark.parametrize("text", ["1,", "< ", "not(1", '~ "hiking"'])
def test_a_cell_that_is_none_says_where(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile_unary_tests(text)
