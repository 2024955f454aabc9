"""Gaps and overlaps of boxes agree with counting every point."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import cover

PLACES = 4
ALL = (1 << PLACES) - 1

grids = st.integers(1, 3).flatmap(
    lambda axes: st.lists(st.tuples(*[st.integers(0, ALL)] * axes), max_size=6).map(lambda boxes: (axes, boxes))
)


def inside(point: tuple[int, ...], box: tuple[int, ...]) -> bool:
    return all(mask >> place & 1 for place, mask in zip(point, box, strict=True))


@settings(max_examples=150, deadline=None)
@given(grids)
def test_a_gap_is_found_exactly_when_some_point_is_uncovered(grid: tuple[int, list[tuple[int, ...]]]) -> None:
    axes, boxes = grid
    found = cover.gaps(boxes, [ALL] * axes, limit=100, steps=10_000)
    uncovered = {p for p in product(range(PLACES), repeat=axes) if not any(inside(p, box) for box in boxes)}
    assert set(found) <= uncovered
    assert bool(found) == bool(uncovered)


@settings(max_examples=150, deadline=None)
@given(grids)
def test_overlaps_are_all_pairs_that_share_a_point(grid: tuple[int, list[tuple[int, ...]]]) -> None:
    axes, boxes = grid
    found = {(a, b): point for a, b, point in cover.overlaps(boxes)}
    for a, b in product(range(len(boxes)), repeat=2):
        if a < b:
            shared = [p for p in product(range(PLACES), repeat=axes) if inside(p, boxes[a]) and inside(p, boxes[b])]
            assert ((a, b) in found) == bool(shared)
            if shared:
                assert found[a, b] in shared


def test_only_points_within_are_asked_for() -> None:
    assert cover.gaps([(0b0011,)], [0b0011], limit=5, steps=100) == []
    assert cover.gaps([(0b0011,)], [0b0111], limit=5, steps=100) == [(2,)]


def test_the_work_is_bounded() -> None:
    points = [tuple(1 << place for place in point) for point in product(range(2), repeat=8)]  # 256 boxes of one point
    assert cover.gaps(points, [0b11] * 8, limit=1, steps=1_000) == []
    with pytest.raises(cover.Exhausted):
        cover.gaps(points, [0b11] * 8, limit=1, steps=100)
