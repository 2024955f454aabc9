"""The fourteen relations of ranges against the conditions of DMN 1.5 (table 78), for every small pair.

The conditions are written out as the specification has them, end by end; the engine's own way is another.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from engine import feel


class R:
    """A range of whole numbers."""

    def __init__(self, low: int, high: int, left: str, right: str) -> None:
        self.start, self.end = low, high
        self.start_in, self.end_in = left == "[", right == "]"
        self.text = f"{left}{low}..{high}{right}"


RANGES = [
    R(low, high, left, right)
    for low, high in [(1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (1, 1), (2, 2)]
    for left, right in itertools.product("[(", "])")
    if low < high or left + right == "[]"
]
POINTS = [0, 1, 2, 3, 4, 5]

TWO_RANGES: dict[str, Callable[[R, R], bool]] = {
    "before": lambda a, b: a.end < b.start or ((not a.end_in or not b.start_in) and a.end == b.start),
    "after": lambda a, b: a.start > b.end or ((not a.start_in or not b.end_in) and a.start == b.end),
    "meets": lambda a, b: a.end_in and b.start_in and a.end == b.start,
    "met by": lambda a, b: a.start_in and b.end_in and a.start == b.end,
    "overlaps": lambda a, b: (
        (a.end > b.start or (a.end == b.start and a.end_in and b.start_in))
        and (a.start < b.end or (a.start == b.end and a.start_in and b.end_in))
    ),
    "overlaps before": lambda a, b: (
        (a.start < b.start or (a.start == b.start and a.start_in and not b.start_in))
        and (a.end > b.start or (a.end == b.start and a.end_in and b.start_in))
        and (a.end < b.end or (a.end == b.end and (not a.end_in or b.end_in)))
    ),
    "overlaps after": lambda a, b: (
        (b.start < a.start or (b.start == a.start and b.start_in and not a.start_in))
        and (b.end > a.start or (b.end == a.start and b.end_in and a.start_in))
        and (b.end < a.end or (b.end == a.end and (not b.end_in or a.end_in)))
    ),
    "finishes": lambda a, b: (
        a.end_in == b.end_in
        and a.end == b.end
        and (a.start > b.start or (a.start == b.start and (not a.start_in or b.start_in)))
    ),
    "finished by": lambda a, b: (
        a.end_in == b.end_in
        and a.end == b.end
        and (a.start < b.start or (a.start == b.start and (a.start_in or not b.start_in)))
    ),
    "includes": lambda a, b: (
        (a.start < b.start or (a.start == b.start and (a.start_in or not b.start_in)))
        and (a.end > b.end or (a.end == b.end and (a.end_in or not b.end_in)))
    ),
    "during": lambda a, b: (
        (b.start < a.start or (b.start == a.start and (b.start_in or not a.start_in)))
        and (b.end > a.end or (b.end == a.end and (b.end_in or not a.end_in)))
    ),
    "starts": lambda a, b: (
        a.start == b.start
        and a.start_in == b.start_in
        and (a.end < b.end or (a.end == b.end and (not a.end_in or b.end_in)))
    ),
    "started by": lambda a, b: (
        a.start == b.start
        and a.start_in == b.start_in
        and (b.end < a.end or (b.end == a.end and (not b.end_in or a.end_in)))
    ),
    "coincides": lambda a, b: (
        a.start == b.start and a.start_in == b.start_in and a.end == b.end and a.end_in == b.end_in
    ),
}
POINT_RANGE: dict[str, Callable[[int, R], bool]] = {
    "before": lambda p, r: p < r.start or (p == r.start and not r.start_in),
    "after": lambda p, r: p > r.end or (p == r.end and not r.end_in),
    "finishes": lambda p, r: r.end_in and r.end == p,
    "during": lambda p, r: (r.start < p < r.end) or (r.start == p and r.start_in) or (r.end == p and r.end_in),
    "starts": lambda p, r: r.start == p and r.start_in,
}
RANGE_POINT: dict[str, Callable[[R, int], bool]] = {
    "before": lambda r, p: r.end < p or (r.end == p and not r.end_in),
    "after": lambda r, p: r.start > p or (r.start == p and not r.start_in),
    "finished by": lambda r, p: r.end_in and r.end == p,
    "includes": lambda r, p: (r.start < p < r.end) or (r.start == p and r.start_in) or (r.end == p and r.end_in),
    "started by": lambda r, p: r.start == p and r.start_in,
}
POINTS_ONLY: dict[str, Callable[[int, int], bool]] = {
    "before": lambda p, q: p < q,
    "after": lambda p, q: p > q,
    "coincides": lambda p, q: p == q,
}


def wrong(name: str, pairs: Any, shown: Callable[[Any], str], expected: Callable[[Any, Any], bool]) -> list[str]:
    """The calls whose value is another."""
    found = []
    for one, other in pairs:
        call = f"{name}({shown(one)}, {shown(other)})"
        if feel.compile_expression(call).evaluate({}) is not expected(one, other):
            found.append(call)
    return found


def shown(side: Any) -> str:
    return side.text if isinstance(side, R) else str(side)


@pytest.mark.parametrize("name", TWO_RANGES)
def test_of_two_ranges(name: str) -> None:
    assert wrong(name, itertools.product(RANGES, RANGES), shown, TWO_RANGES[name]) == []


@pytest.mark.parametrize("name", POINT_RANGE)
def test_of_a_point_and_a_range(name: str) -> None:
    assert wrong(name, itertools.product(POINTS, RANGES), shown, POINT_RANGE[name]) == []


@pytest.mark.parametrize("name", RANGE_POINT)
def test_of_a_range_and_a_point(name: str) -> None:
    assert wrong(name, itertools.product(RANGES, POINTS), shown, RANGE_POINT[name]) == []


@pytest.mark.parametrize("name", POINTS_ONLY)
def test_of_two_points(name: str) -> None:
    assert wrong(name, itertools.product(POINTS, POINTS), shown, POINTS_ONLY[name]) == []


@pytest.mark.parametrize("one", RANGES, ids=lambda one: one.text)
def test_a_point_is_in_a_range_exactly_when_the_range_includes_it(one: R) -> None:
    for point in POINTS:
        inside = (
            one.start < point < one.end or (point == one.start and one.start_in) or (point == one.end and one.end_in)
        )
        for text in (f"{point} in {one.text}", f"includes({one.text}, {point})", f"during({point}, {one.text})"):
            assert feel.compile_expression(text).evaluate({}) is inside, text
        assert feel.compile_unary_tests(one.text).matches(point, {}) is inside


@pytest.mark.parametrize("one", RANGES, ids=lambda one: one.text)
def test_a_range_tells_its_own_ends(one: R) -> None:
    for name, expected in (
        ("start", one.start),
        ("end", one.end),
        ("start included", one.start_in),
        ("end included", one.end_in),
    ):
        assert feel.compile_expression(f"{one.text}.{name}").evaluate({}) == expected


@pytest.mark.parametrize("one", RANGES, ids=lambda one: one.text)
def test_brackets_that_look_away_are_brackets_that_leave_out(one: R) -> None:
    """``]1..2[`` is the older way to write ``(1..2)``."""
    left, right = ("]" if not one.start_in else "["), ("[" if not one.end_in else "]")
    other = f"{left}{one.start}..{one.end}{right}"
    assert feel.compile_expression(f"{other} = {one.text}").evaluate({}) is True
    assert feel.compile_expression(f'range("{one.text}") = {one.text}').evaluate({}) is True


@pytest.mark.parametrize("name", TWO_RANGES)
def test_a_relation_holds_of_days_as_it_holds_of_numbers(name: str) -> None:
    """Some of the pairs, with the number n as the n-th of May."""
    for one, other in itertools.product(RANGES[::3], RANGES[1::4]):
        call = f"{name}({as_days(one)}, {as_days(other)})"
        assert feel.compile_expression(call).evaluate({}) is TWO_RANGES[name](one, other), call


def as_days(one: R) -> str:
    return one.text.replace(str(one.start), f'@"2026-05-0{one.start}"', 1).replace(
        f"..{one.end}", f'..@"2026-05-0{one.end}"'
    )
