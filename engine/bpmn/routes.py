"""Ways of edges: straight where two shapes face each other, else with right angles, and around what stands between."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from engine.model.program import Bounds

Point = tuple[float, float]
Way = tuple[float, float, float]
"""(from x, to x, y): a stretch that is kept free."""
_BELOW, _STEP = 30.0, 20.0
_LEVELS = 24
"""So many heights, the nearest, are tried for a way around."""
_THROUGH, _ALONG, _CROSSED, _BENT = 1e6, 1e4, 300.0, 40.0
"""What a way costs beside its length: through a shape, upon another edge, for each edge it cuts and each corner."""


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


def around(
    source: Bounds,
    target: Bounds,
    *,
    first: tuple[Point, ...],
    shapes: Sequence[Bounds],
    edges: Sequence[Sequence[Point]],
    downwards: bool = False,
) -> tuple[Point, ...]:
    """The least troublesome of the way ``first`` and those that leave and enter by another side or at another height.

    ``shapes`` are what it should not pass through, both ends among them; ``edges`` those drawn already that lead
    elsewhere.
    """
    if source == target:
        return first
    drawn = [segment for edge in edges for segment in itertools.pairwise(edge)]
    ways = itertools.chain([first], _detours(source, target, shapes, downwards))
    return min(ways, key=lambda way: _cost(way, shapes, drawn))


def passes(way: Sequence[Point], shape: Bounds) -> bool:
    """Whether it runs through the inside of the shape."""
    right, bottom = shape.x + shape.width - 1, shape.y + shape.height - 1
    return any(
        max(ax, bx) > shape.x + 1 and min(ax, bx) < right and max(ay, by) > shape.y + 1 and min(ay, by) < bottom
        for (ax, ay), (bx, by) in itertools.pairwise(way)
    )


def _detours(source: Bounds, target: Bounds, shapes: Iterable[Bounds], downwards: bool) -> Iterator[tuple[Point, ...]]:
    (sx, sy), (tx, ty) = _middle(source), _middle(target)
    below: list[Point] = [(sx, source.y + source.height)]
    right: list[Point] = [(source.x + source.width, sy), (source.x + source.width + _STEP, sy)]
    starts = [below] if downwards else [right, below, [(sx, source.y)]]
    ends: list[list[Point]] = [
        [(target.x - _STEP, ty), (target.x, ty)],
        [(tx, target.y + target.height)],
        [(tx, target.y)],
    ]
    heights = {sy, ty, *(height for b in shapes for height in (b.y - _STEP, b.y + b.height + _STEP))}
    for height in sorted(heights, key=lambda one: (abs(one - sy) + abs(one - ty), one))[:_LEVELS]:
        for start, end in itertools.product(starts, ends):
            yield _plain([*start, (start[-1][0], height), (end[0][0], height), *end])


def _middle(shape: Bounds) -> Point:
    return shape.x + shape.width / 2, shape.y + shape.height / 2


def _plain(points: Iterable[Point]) -> tuple[Point, ...]:
    """Without what lies on the line between its neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _cost(way: Sequence[Point], shapes: Sequence[Bounds], edges: Sequence[tuple[Point, Point]]) -> float:
    length = sum(abs(ax - bx) + abs(ay - by) for (ax, ay), (bx, by) in itertools.pairwise(way))
    trouble = sum(
        _ALONG if _along(mine, other) else _CROSSED * _cross(mine, other)
        for mine in itertools.pairwise(way)
        for other in edges
    )
    return _THROUGH * sum(passes(way, shape) for shape in shapes) + trouble + _BENT * (len(way) - 2) + length


def _along(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Both level or both upright, on one line, for a stretch."""
    for axis in (0, 1):
        if one[0][axis] == one[1][axis] and other[0][axis] == other[1][axis]:
            near = abs(one[0][axis] - other[0][axis]) < _STEP / 4
            (a, b), (c, d) = (sorted(point[1 - axis] for point in segment) for segment in (one, other))
            return near and min(b, d) - max(a, c) > 1
    return False


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """A level and an upright one that cut each other."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    if ax == bx and cy == dy:
        return min(cx, dx) < ax < max(cx, dx) and min(ay, by) < cy < max(ay, by)
    return ay == by and cx == dx and _cross(other, one)
