"""The values of an input that matter, and the constants they come from."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.dmn import axes, columns, constants
from engine.feel import parser


def spoken(cell: str) -> list[Any] | None:
    parsed = parser.parse_unary_tests(cell)
    assert parsed is not None
    return constants.of_tests(parsed[0])


def value(text: str) -> Any:
    return feel.compile_expression(text).evaluate({})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("5", [5]),
        ("-5", [-5]),
        ("- 5.5", [Decimal("-5.5")]),
        ("< 5", [5]),
        ("[1..5)", [1, 5]),
        ('"a", "b"', ["a", "b"]),
        ("not(1, [3..4])", [1, 3, 4]),
        ("null", [None]),
        ("[1, 2]", [1, 2]),
        ("? > 5 and ? < 7", [5, 7]),
        ("5 < ?", [5]),
        ("? between 1 and 3", [1, 3]),
        ("? in (1, [4..5])", [1, 4, 5]),
        ("not(? > 5)", [5]),
        ('date("2024-01-01")', [value('date("2024-01-01")')]),
        ('>= @"P1D"', [value('@"P1D"')]),
        ("> limit", None),
        ("[1..limit]", None),
        ("? + 1 > 5", None),
        ("odd(?)", None),
        ("? > 5 and other", None),
        ("{a: 1}", None),
        ("[[1, 2], {a: 1}]", None),
        ("today()", None),
    ],
)
def test_the_constants_of_a_cell(cell: str, expected: list[Any] | None) -> None:
    assert spoken(cell) == expected


@pytest.mark.parametrize(
    ("given_constants", "wanted", "whole", "expected"),
    [
        ([5], "number", False, [4, 5, 6]),
        ([1, 2], "number", False, [0, 1, Decimal("1.5"), 2, 3]),
        ([1, 2], "number", True, [0, 1, 2, 3]),
        ([1, 5], "number", False, [0, 1, 2, 5, 6]),
        ([], "boolean", False, [True, False]),
        ([True], "", False, [True, False]),
        ([], "number", False, [0]),
        ([], "", False, [None]),
        (["b"], "string", False, ["b…", "", "b"]),
        ([None, 1], "", False, [None, 0, 1, 2]),
        ([1, "a"], "", False, [0, 1, 2, "a…", "", "a"]),
    ],
)
def test_the_values_that_matter(given_constants: list[Any], wanted: str, whole: bool, expected: list[Any]) -> None:
    assert axes.places(given_constants, wanted, whole=whole) == expected


def test_days_of_a_calendar_have_nothing_between_them() -> None:
    days = [value('date("2024-02-28")'), value('date("2024-03-02")')]
    found = [str(day) for day in axes.places(days, "date")]
    assert found == ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-02", "2024-03-03"]


def test_a_time_stays_within_its_day() -> None:
    found = axes.places([value('@"00:00:00"'), value('@"23:59:59"')], "time")
    assert str(found[0]) == "00:00:00"
    assert str(found[-1]).startswith("23:59:59")


def test_a_zone_is_kept() -> None:
    assert all(str(found).endswith("Z") for found in axes.places([value('@"2024-01-01T10:00:00Z"')]))


@pytest.mark.parametrize("texts", [('@"10:00:00"', '@"10:00:00Z"'), ("[1]", "[2]"), ("{a: 1}", "{a: 2}")])
def test_what_has_no_common_order_is_undecidable(texts: tuple[str, str]) -> None:
    with pytest.raises(axes.Undecidable):
        axes.places([value(text) for text in texts])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="abAZ \x00é客", max_size=4), min_size=1, max_size=5))
def test_there_is_a_text_between_any_two_where_one_can_be(texts: list[str]) -> None:
    found = set(axes.places(texts, "string"))
    ordered = sorted(set(texts))
    assert set(texts) <= found
    assert any(text > ordered[-1] for text in found)
    assert ordered[0] == "" or any(text < ordered[0] for text in found)
    for low, high in pairwise(ordered):
        assert low + "\x00" == high or any(low < text < high for text in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=6))
def test_there_is_a_number_between_any_two(numbers: list[Decimal]) -> None:
    found = axes.places(numbers, "number")
    ordered = sorted(set(numbers))
    assert found == sorted(found)
    assert found[0] < ordered[0] and found[-1] > ordered[-1]
    for low, high in pairwise(ordered):
        assert any(low < number < high for number in found)


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("age", ("age",)),
        ("customer.address.city", ("customer", "address", "city")),
        ("first name", ("first name",)),
        ("age + 1", None),
        ("count(items)", None),
        ("items[1]", None),
        ("((", None),
    ],
)
def test_an_input_is_a_path_or_computed(expression: str, path: tuple[str, ...] | None) -> None:
    assert columns.path_of(expression, {"first name": ""}) == path
