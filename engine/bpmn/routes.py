"""Ways of edges: straight where two shapes face each other, else with right angles."""

from engine.model.program import Bounds

Point = tuple[float, float]
_BELOW = 30.0


def route(source: Bounds, target: Bounds) -> tuple[Point, ...]:
    """From the right side of the source to the left side of the target; a way back runs below both."""
    start_y, end_y = source.y + source.height / 2, target.y + target.height / 2
    start_x, end_x = source.x + source.width, target.x
    if end_x >= start_x:
        if abs(start_y - end_y) < 1:
            return (start_x, start_y), (end_x, end_y)
        middle = round((start_x + end_x) / 2)
        return (start_x, start_y), (middle, start_y), (middle, end_y), (end_x, end_y)
    if target.y >= source.y + source.height:
        centre = source.x + source.width / 2
        return (centre, source.y + source.height), (centre, end_y), (target.x + target.width, end_y)
    below = max(source.y + source.height, target.y + target.height) + _BELOW
    left, right = source.x + source.width / 2, target.x + target.width / 2
    return (left, source.y + source.height), (left, below), (right, below), (right, target.y + target.height)
