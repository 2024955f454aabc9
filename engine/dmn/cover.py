"""Which points of a grid are covered by no box, or by two: the arithmetic behind gaps and overlaps. Pure integers.

A grid has one axis for each input; the places on an axis are numbered from 0. A rule is a box: for each axis the set
of places it accepts, as a bit mask. Sets of rules are bit masks too.
"""

from collections.abc import Iterator, Sequence

Box = Sequence[int]
"""One bit mask of accepted places for each axis."""
Point = tuple[int, ...]
"""One place for each axis."""


class Exhausted(Exception):
    """The search took more steps than it was given; nothing is known about the rest."""


def overlaps(boxes: Sequence[Box]) -> Iterator[tuple[int, int, Point]]:
    """Each pair of boxes (lower index first) that share a point, with such a point."""
    for second, box in enumerate(boxes):
        for first in range(second):
            point = _shared(boxes[first], box)
            if point is not None:
                yield first, second, point


def _shared(one: Box, other: Box) -> Point | None:
    point = []
    for a, b in zip(one, other, strict=True):
        both = a & b
        if not both:
            return None
        point.append((both & -both).bit_length() - 1)
    return tuple(point)


def gaps(boxes: Sequence[Box], within: Box, *, limit: int, steps: int) -> list[Point]:
    """At most ``limit`` points of the box ``within`` that no box covers; places covered alike count as one.

    Raises Exhausted after ``steps`` steps: the problem is as hard as satisfiability, so the work must be bounded.
    """
    search = _Search(boxes, within, limit, steps)
    search.walk(0, (1 << len(boxes)) - 1, ())
    return search.found


class _Search:
    def __init__(self, boxes: Sequence[Box], within: Box, limit: int, steps: int) -> None:
        self.found: list[Point] = []
        self._limit = limit
        self._steps = steps
        self._classes = [_classes([box[axis] for box in boxes], within[axis]) for axis in range(len(within))]
        self._sure = _sure(boxes, within)
        self._covered: set[tuple[int, int]] = set()

    def walk(self, axis: int, alive: int, point: Point) -> None:
        """Look for points that start with ``point`` and lie outside all boxes but those not in ``alive``."""
        if alive & self._sure[axis] or (axis, alive) in self._covered or len(self.found) >= self._limit:
            return
        self._steps -= 1
        if self._steps < 0:
            raise Exhausted
        if not alive:
            self._report(point)
            return
        before = len(self.found)
        for place, rules in self._classes[axis]:
            self.walk(axis + 1, alive & rules, (*point, place))
        if len(self.found) == before:
            self._covered.add((axis, alive))

    def _report(self, point: Point) -> None:
        """Every point that starts with ``point`` is uncovered: one of them will do."""
        rest = self._classes[len(point) :]
        if all(rest):
            self.found.append(point + tuple(classes[0][0] for classes in rest))


def _classes(masks: Sequence[int], within: int) -> list[tuple[int, int]]:
    """One place for each different set of boxes that accept it, with that set."""
    seen: dict[int, int] = {}
    place = 0
    while within >> place:
        if within >> place & 1:
            rules = sum(1 << index for index, mask in enumerate(masks) if mask >> place & 1)
            seen.setdefault(rules, place)
        place += 1
    return [(place, rules) for rules, place in seen.items()]


def _sure(boxes: Sequence[Box], within: Box) -> list[int]:
    """For each axis the boxes that accept everything from there on; after the last axis all of them."""
    sure = [(1 << len(boxes)) - 1]
    for axis in reversed(range(len(within))):
        whole = sum(1 << i for i, box in enumerate(boxes) if box[axis] & within[axis] == within[axis])
        sure.append(sure[-1] & whole)
    return sure[::-1]
