"""Input cells: the quick functions for constants mean what the expression language means."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.dmn import cells, nodes
from engine.feel import parser
from engine.feel.compiler.static import Static
from engine.feel.run import Run
from engine.feel.temporal import Date


def asked(cell: str, value: Any, variables: dict[str, Any] | None = None) -> bool | None:
    parsed = parser.parse_unary_tests(cell)
    assert parsed is not None
    test = cells.compile_tests(*parsed, Static(nodes.COMPILERS, {}, frozenset(variables or ())))
    return test(value, {**(variables or {}), "?": value}, Run())


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("5", [5, Decimal("5.0")], [4, Decimal("5.1")]),
        ("= 5", [5], [4]),
        ("!= 5", [4], [5]),
        ("< 5", [4, Decimal("4.9")], [5, 6]),
        ("<= 5", [5], [Decimal("5.01")]),
        ("> 5", [6], [5]),
        (">= 5", [5], [4]),
        ("[1..5]", [1, 3, 5], [0, 6]),
        ("(1..5)", [2, Decimal("1.01")], [1, 5]),
        ("]1..5]", [5], [1]),
        ("[1..5[", [1], [5]),
        ("1, 3, [7..9]", [1, 3, 8], [2, 10]),
        ("not(1, 3)", [2], [1, 3]),
        ('"a"', ["a"], ["b", ""]),
        ('"a", "b"', ["a", "b"], ["c"]),
        ('not("a")', ["b"], ["a"]),
        ('< "b"', ["a"], ["b"]),
        ("true", [True], [False]),
        ("not(true)", [False], [True]),
        ('date("2024-02-29")', [Date(19782)], [Date(19783)]),
        ('> date("2024-02-29")', [Date(19783)], [Date(19782)]),
        ("? > 5 and ? < 8", [6], [5, 8]),
        ("odd(?)", [3], [4]),
        ('starts with(?, "a")', ["ab"], ["b"]),
        ("null", [None], [1, "a"]),
        ("[1, 2]", [1, [1, 2]], [3]),
        ("list contains(?, 2)", [[1, 2]], [[3]]),
    ],
)
def test_what_a_cell_accepts(cell: str, yes: list[Any], no: list[Any]) -> None:
    assert [asked(cell, value) for value in yes] == [True] * len(yes)
    assert True not in [asked(cell, value) for value in no]


@pytest.mark.parametrize("cell", ["5", "< 5", "[1..5]", '"a"', '"a", "b"', "true", "false", "not(< 5)", "? > 5"])
def test_no_input_is_accepted_by_no_constant(cell: str) -> None:
    assert asked(cell, None) is not True


def test_no_input_is_another_value_than_a_constant() -> None:
    assert asked("not(5)", None) is True  # null = 5 is false


@pytest.mark.parametrize("cell", ["5", "< 5", "[1..5]", "not(5)", "not(< 5)"])
def test_a_text_is_neither_a_number_nor_not_one(cell: str) -> None:
    assert asked(cell, "5") is not True


def test_a_boolean_is_no_number() -> None:
    assert asked("1", True) is not True
    assert asked(">= 0", True) is not True


def test_cells_see_variables() -> None:
    assert asked("> limit", 6, {"limit": 5}) is True
    assert asked("[low..high]", 3, {"low": 1, "high": 5}) is True
    assert asked("allowed", "a", {"allowed": ["a", "b"]}) is True
    assert asked("flag", 1, {"flag": True}) is not True  # compared, as any variable
    assert asked("limit > 3", 1, {"limit": 5}) is True  # a condition of its own


WRITTEN = st.sampled_from(
    ["5", "-1", "0.5", "< 2", "<= 2", "> 2", ">= 2", "!= 2", "[0..2]", "(0..2)", "[0..2)", '"a"', '"b"', '< "b"',
     "true", "false", "null", '["a".."c"]', "? = 2", 'date("2024-01-01")', '>= date("2024-01-01")']
)  # fmt: skip
VALUES = st.sampled_from([-1, 0, 1, 2, 3, Decimal("0.5"), Decimal("2.0"), "a", "b", "", True, False, Date(19723)])


@settings(max_examples=200, deadline=None)
@given(st.lists(WRITTEN, min_size=1, max_size=3), st.booleans(), VALUES)
def test_a_cell_answers_as_the_language_does(tests: list[str], negated: bool, value: Any) -> None:
    text = ", ".join(tests)
    cell = f"not({text})" if negated else text
    assert (asked(cell, value) is True) == feel.compile_unary_tests(cell).matches(value, {})
