"""Ways of edges: straight where two shapes face each other, else with right angles."""

import itertools
from collections.abc import Sequence

from engine.model.program import Bounds

Point = tuple[float, float]
Way = tuple[float, float, float]
"""(from x, to x, y): a stretch that is kept free."""
_BELOW, _STEP = 30.0, 20.0


def route(source: Bounds, target: Bounds, *, ways: Sequence[Way] = (), downwards: bool = False) -> tuple[Point, ...]:
    """From the right side of the source, or its lower one, to the left side of the target.

    Through ``ways`` where a flow passes over columns; a way back runs below both.
    """
    end = (target.x, target.y + target.height / 2)
    if downwards:
        start = (source.x + source.width / 2, source.y + source.height)
        if target.x <= start[0]:
            return _down(*start, target) if target.y >= start[1] else _back(source, target)
        first = [start, (start[0], max(start[1] + _STEP, ways[0][2] if ways else end[1]))]
        return _joined(first, ways, end)
    start = (source.x + source.width, source.y + source.height / 2)
    if end[0] >= start[0]:
        return _joined([start], ways, end)
    if target.y >= source.y + source.height:
        return _down(source.x + source.width / 2, source.y + source.height, target)
    return _back(source, target)


def _down(x: float, y: float, target: Bounds) -> tuple[Point, ...]:
    """To a target below: straight onto it, else down beside it and onto its near side."""
    right, middle = target.x + target.width, target.y + target.height / 2
    if target.x <= x <= right:
        return (x, y), (x, target.y)
    return (x, y), (x, middle), (target.x if x < target.x else right, middle)


def _back(source: Bounds, target: Bounds) -> tuple[Point, ...]:
    """Below both; a flow to where it comes from leaves at the right side."""
    below = max(source.y + source.height, target.y + target.height) + _BELOW
    left, right = source.x + source.width / 2, target.x + target.width / 2
    if source == target:
        side, middle = source.x + source.width, source.y + source.height / 2
        return (side, middle), (side + _BELOW, middle), (side + _BELOW, below), (right, below), (right, below - _BELOW)
    return (left, source.y + source.height), (left, below), (right, below), (right, target.y + target.height)


def _joined(points: list[Point], ways: Sequence[Way], end: Point) -> tuple[Point, ...]:
    """Right angles from the last of ``points`` over the ways to the end; corners that lie on a line go."""
    for first, last, y in ways:
        if abs(points[-1][1] - y) >= 1:
            points += [(first, points[-1][1]), (first, y)]
        points.append((last, y))
    if abs(points[-1][1] - end[1]) >= 1:
        middle = round((points[-1][0] + end[0]) / 2) if not ways else points[-1][0]
        points += [(middle, points[-1][1]), (middle, end[1])]
    points.append(end)
    kept = [points[0]]
    for here, following in itertools.pairwise(points):
        straight = kept[-1][1] == here[1] == following[1] or kept[-1][0] == here[0] == following[0]
        if not straight and here != kept[-1]:
            kept.append(here)
    return (*kept, end)
