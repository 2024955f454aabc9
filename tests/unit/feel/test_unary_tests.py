"""Input entries of decision tables and allowed values: each kind of test against values it takes, refuses, and cannot
compare with (DMN 1.5, 9.6 and grammar rules 7 to 18)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine import feel

SEEN = {"limit": 10, "levels": ["gold", "silver"], "flag": True, "nothing": None, "low": 1, "high": 3}
YES, NO, UNKNOWN = True, False, None
CASES = [
    # test, then values with what it says of them
    ("-", {1: YES, "a": YES, None: YES}),
    ("", {1: YES, None: YES}),
    ("  -  ", {1: YES}),
    ("5", {5: YES, 6: NO, "5": UNKNOWN, None: NO}),
    ("-5", {-5: YES, 5: NO}),
    ("2 + 3", {5: YES, 4: NO}),
    ('"a"', {"a": YES, "b": NO, "A": NO, 1: UNKNOWN, None: NO}),
    ('""', {"": YES, "a": NO, None: NO}),
    ("true", {True: YES, False: NO, "true": UNKNOWN, None: NO}),
    ("false", {False: YES, True: NO, None: NO}),
    ("null", {None: YES, 1: NO, "": NO}),
    ("< 5", {4: YES, 5: NO, "4": UNKNOWN, None: UNKNOWN}),
    ("<= 5", {5: YES, Decimal("5.1"): NO}),
    ("> 5", {6: YES, 5: NO}),
    (">= 5", {5: YES, 4: NO}),
    ("= 5", {5: YES, 4: NO}),
    ("!= 5", {4: YES, 5: NO, None: YES}),
    ('< "m"', {"a": YES, "z": NO, 1: UNKNOWN}),
    ("< limit", {9: YES, 10: NO}),
    ("> limit * 2", {21: YES, 20: NO}),
    ("[1..3]", {1: YES, 3: YES, 4: NO, "2": UNKNOWN, None: UNKNOWN}),
    ("(1..3)", {1: NO, 2: YES, 3: NO}),
    ("]1..3[", {1: NO, 2: YES, 3: NO}),
    ("[1..3)", {1: YES, 3: NO}),
    ("[low..high]", {2: YES, 4: NO}),
    ("[1..limit - 7]", {3: YES, 4: NO}),
    ('["a".."c"]', {"b": YES, "d": NO}),
    ("1, 2, 5", {2: YES, 5: YES, 3: NO, "1": UNKNOWN}),
    ('"a", "b"', {"a": YES, "b": YES, "c": NO, 1: UNKNOWN}),
    ("< 0, > 10", {-1: YES, 11: YES, 5: NO}),
    ("[1..2], [5..6], 9", {1: YES, 6: YES, 9: YES, 3: NO}),
    ("null, 1", {None: YES, 1: YES, 2: NO}),
    ("not(5)", {5: NO, 6: YES, "5": UNKNOWN}),
    ('not("a", "b")', {"a": NO, "c": YES, 1: UNKNOWN}),
    ("not(< 5)", {4: NO, 5: YES, "a": UNKNOWN}),
    ("not([1..3], 7)", {2: NO, 7: NO, 5: YES}),
    ("not(null)", {None: NO, 1: YES, "": YES}),
    ("not(-1)", {-1: NO, 1: YES}),
    ("limit", {10: YES, 9: NO}),
    ("levels", {"gold": YES, "silver": YES, "bronze": NO}),
    ("levels[1]", {"gold": YES, "silver": NO}),
    ("nothing", {None: YES, 1: NO}),
    ("[1, 2, 3]", {2: YES, 4: NO}),
    ("? > 3", {4: YES, 3: NO, "a": UNKNOWN, None: UNKNOWN}),
    ("? > 3 and ? < limit", {5: YES, 10: NO}),
    ("? in [1..3]", {2: YES, 5: NO}),
    ("not(? > 3)", {4: NO, 3: YES}),
    ("even(?)", {2: YES, 3: NO, "a": UNKNOWN}),
    ('starts with(?, "a")', {"abc": YES, "b": NO, 1: UNKNOWN}),
    ("? = null or ? > 3", {None: YES, 4: YES, 3: NO}),
    ("count(levels) = 2", {"whatever": YES, 1: YES}),
    ("flag and limit > 5", {"whatever": YES}),
    ("limit > 50", {"whatever": NO}),
    ("if flag then 5 else 6", {5: YES, 6: NO}),
    ("?", {True: YES, False: NO, 2: UNKNOWN}),
    ('date("2020-01-01")', {date(2020, 1, 1): YES, date(2020, 1, 2): NO, "2020-01-01": UNKNOWN}),
    ('< @"2020-01-01"', {date(2019, 12, 31): YES, date(2020, 1, 1): NO}),
    ('[@"2020-01-01"..@"2020-12-31"]', {date(2020, 6, 1): YES, date(2021, 1, 1): NO}),
]


@pytest.mark.parametrize(("text", "values"), CASES, ids=[text for text, _ in CASES])
def test_a_test_says_yes_no_or_that_it_cannot_know(text: str, values: dict[Any, bool | None]) -> None:
    tests = feel.compile_unary_tests(text)
    for given, expected in values.items():
        run = feel.Run()
        assert tests.matches_in(run, feel.from_python(given), SEEN) is expected, given
        assert tests.matches(given, SEEN) is (expected is True), given


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("[1, 2]", [1, 2], True),  # the list itself
        ("[1, 2]", [1], False),
        ("list contains(?, 1)", [1, 2], True),
        ("? = [1]", [1], True),
        ("count(?) > 1", [1, 2], True),
        ("some x in ? satisfies x > 1", [1, 2], True),
        ("every x in ? satisfies x > 1", [1, 2], False),
        ("?.a = 1", {"a": 1}, True),
        ("?.a > 1", {"a": 1}, False),
        ("{a: 1}", {"a": 1}, True),
    ],
)
def test_lists_and_contexts_are_tested_whole(text: str, given: Any, expected: bool) -> None:
    assert feel.compile_unary_tests(text).matches(given, {}) is expected


@pytest.mark.parametrize("text", ["-", "", "not(1)", "1", "> 1, < 0"])
def test_what_holds_always_says_so(text: str) -> None:
    assert feel.compile_unary_tests(text).holds_always is (text in ("-", ""))


def test_names_with_spaces_are_known_where_they_are_declared() -> None:
    tests = feel.compile_unary_tests("> upper limit", names=["upper limit"])
    assert tests.matches(11, {"upper limit": 10})
    assert not tests.matches(9, {"upper limit": 10})


def test_tests_that_are_compiled_once_are_shared() -> None:
    assert feel.compile_unary_tests("> 5") is feel.compile_unary_tests("> 5")
