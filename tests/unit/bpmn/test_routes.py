"""Where an edge runs between two shapes, by a table."""

import itertools

import pytest

from engine.bpmn import routes
from engine.bpmn.routes import route
from engine.model.program import Bounds

ROUTES = [
    (Bounds(0, 0, 100, 80), Bounds(160, 0, 100, 80), {}, [(100, 40.0), (160, 40.0)]),
    (Bounds(0, 22, 36, 36), Bounds(96, 0, 100, 80), {}, [(36, 40.0), (96, 40.0)]),
    (Bounds(0, 0, 100, 80), Bounds(160, 100, 100, 80), {}, [(100, 40.0), (130, 40.0), (130, 140.0), (160, 140.0)]),
    (Bounds(0, 100, 100, 80), Bounds(160, 0, 100, 80), {}, [(100, 140.0), (130, 140.0), (130, 40.0), (160, 40.0)]),
    (Bounds(0, 0, 100, 80), Bounds(100, 0, 100, 80), {}, [(100, 40.0), (100, 40.0)]),
    (Bounds(0, 0, 100, 80), Bounds(160, 0.5, 100, 80), {}, [(100, 40.0), (160, 40.5)]),
    (Bounds(300, 0, 100, 80), Bounds(0, 0, 100, 80), {}, [(350.0, 80), (350.0, 110.0), (50.0, 110.0), (50.0, 80)]),
    (Bounds(300, 0, 100, 80), Bounds(0, 40, 100, 80), {}, [(350.0, 80), (350.0, 150.0), (50.0, 150.0), (50.0, 120)]),
    (Bounds(300, 0, 100, 80), Bounds(0, 200, 100, 80), {}, [(350.0, 80), (350.0, 240.0), (100, 240.0)]),
    (
        Bounds(0, 0, 100, 80),
        Bounds(0, 0, 100, 80),
        {},
        [(100, 40.0), (130.0, 40.0), (130.0, 110.0), (50.0, 110.0), (50.0, 80.0)],
    ),
    (Bounds(60, 62, 36, 36), Bounds(160, 120, 100, 80), {"downwards": True}, [(78.0, 98), (78.0, 160.0), (160, 160.0)]),
    (
        Bounds(60, 62, 36, 36),
        Bounds(160, 0, 100, 80),
        {"downwards": True},
        [(78.0, 98), (78.0, 118.0), (119, 118.0), (119, 40.0), (160, 40.0)],
    ),
    (Bounds(60, 62, 36, 36), Bounds(0, 120, 100, 80), {"downwards": True}, [(78.0, 98), (78.0, 120)]),
    (
        Bounds(0, 0, 100, 80),
        Bounds(320, 0, 100, 80),
        {"ways": [(130, 290, 140)]},
        [(100, 40.0), (130, 40.0), (130, 140), (290, 140), (290, 40.0), (320, 40.0)],
    ),
    (Bounds(0, 0, 100, 80), Bounds(320, 0, 100, 80), {"ways": [(130, 290, 40)]}, [(100, 40.0), (320, 40.0)]),
    (
        Bounds(0, 0, 100, 80),
        Bounds(480, 0, 100, 80),
        {"ways": [(130, 290, 140), (290, 450, 140)]},
        [(100, 40.0), (130, 40.0), (130, 140), (450, 140), (450, 40.0), (480, 40.0)],
    ),
    (
        Bounds(0, 0, 100, 80),
        Bounds(480, 0, 100, 80),
        {"ways": [(130, 290, 140), (290, 450, 200)]},
        [(100, 40.0), (130, 40.0), (130, 140), (290, 140), (290, 200), (450, 200), (450, 40.0), (480, 40.0)],
    ),
    (
        Bounds(60, 62, 36, 36),
        Bounds(320, 0, 100, 80),
        {"downwards": True, "ways": [(130, 290, 140)]},
        [(78.0, 98), (78.0, 140), (290, 140), (290, 40.0), (320, 40.0)],
    ),
    (
        Bounds(60, 62, 36, 36),
        Bounds(0, 0, 50, 40),
        {"downwards": True},
        [(78.0, 98), (78.0, 128.0), (25.0, 128.0), (25.0, 40)],
    ),
    (
        Bounds(160, 62, 36, 36),
        Bounds(0, 120, 100, 80),
        {"downwards": True},
        [(178.0, 98), (178.0, 160.0), (100, 160.0)],
    ),
    (Bounds(100, 0, 100, 80), Bounds(120, 200, 100, 80), {}, [(150.0, 80), (150.0, 200)]),
    (Bounds(100, 0, 100, 80), Bounds(180, 200, 100, 80), {}, [(150.0, 80), (150.0, 240.0), (180, 240.0)]),
]


@pytest.mark.parametrize(("source", "target", "how", "points"), ROUTES)
def test_an_edge_runs_there(source, target, how, points):
    assert list(route(source, target, **how)) == points


@pytest.mark.parametrize(("source", "target", "how", "points"), ROUTES)
def test_an_edge_turns_at_right_angles_and_never_runs_through_its_ends(source, target, how, points):
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        assert x1 == x2 or abs(y1 - y2) < 1
        for box in (source, target):
            crossing = (min(x1, x2) < box.x + box.width and box.x < max(x1, x2)) or box.x < x1 == x2 < box.x + box.width
            inside = (min(y1, y2) < box.y + box.height and box.y < max(y1, y2)) or box.y < y1 == y2 < box.y + box.height
            assert not (crossing and inside)


LEFT, RIGHT = Bounds(0, 0, 100, 80), Bounds(400, 0, 100, 80)
BETWEEN = Bounds(200, 0, 100, 80)
PLAIN = ((100.0, 40.0), (400.0, 40.0))


def around(*shapes, edges=(), target=RIGHT, downwards=False, first=PLAIN):
    ends = [LEFT] if not downwards else []
    return routes.around(LEFT, target, first=first, shapes=[*ends, target, *shapes], edges=edges, downwards=downwards)


def test_a_way_that_meets_nothing_stays_as_it_is():
    assert around() == PLAIN
    assert around(Bounds(200, 200, 100, 80)) == PLAIN


@pytest.mark.parametrize(
    "shapes", [[BETWEEN], [BETWEEN, Bounds(200, -120, 100, 80)], [BETWEEN, Bounds(200, 120, 100, 80)]]
)
def test_a_way_goes_around_whatever_stands_between(shapes):
    way = around(*shapes)
    assert way != PLAIN
    assert not any(routes.passes(way, shape) for shape in (LEFT, RIGHT, *shapes))
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(way)), "right angles only"


def test_a_way_does_not_lie_upon_another():
    other = ((0.0, 100.0), (500.0, 100.0))
    way = around(BETWEEN, edges=[other])
    level = {y for (_, y), (_, z) in itertools.pairwise(way) if y == z}
    assert 100.0 not in level


def test_what_leaves_a_boundary_leaves_downwards():
    way = around(BETWEEN, downwards=True)
    assert way[0] == (50.0, 80.0) and way[1][0] == 50.0 and way[1][1] > 80.0


def test_what_leads_back_to_itself_stays_as_it_is():
    assert routes.around(LEFT, LEFT, first=PLAIN, shapes=[LEFT], edges=[]) == PLAIN


@pytest.mark.parametrize(
    ("way", "through"),
    [
        (((150, 40), (350, 40)), True),
        (((150, 80), (350, 80)), False),
        (((150, 0), (350, 0)), False),
        (((200, -50), (200, 150)), False),
        (((250, -50), (250, 150)), True),
        (((250, -50), (250, 0)), False),
        (((250, -50), (250, 20)), True),
    ],
)
def test_a_way_along_a_border_is_not_through_it(way, through):
    assert routes.passes(way, BETWEEN) is through
