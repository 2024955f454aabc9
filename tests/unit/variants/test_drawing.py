"""What is drawn is what runs: in the drawing of a variant every way begins and ends at its steps."""

import random

import msgspec
import pytest

from engine.bpmn import layout
from engine.model.program import Bounds, Program
from engine.variants import compose
from engine.variants.operations.order import Move
from engine.variants.operations.service_level import SetSla
from engine.variants.regions import Place
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.models import Random, quote

NEAR = 2.0


def drawn(program: Program) -> Program:
    return msgspec.structs.replace(program, diagram=layout.complete(program))


def touches(point: tuple[float, float], box: Bounds) -> bool:
    x, y = point
    return box.x - NEAR <= x <= box.x + box.width + NEAR and box.y - NEAR <= y <= box.y + box.height + NEAR


def astray(program: Program) -> list[str]:
    diagram = layout.complete(program)
    return [
        flow.id
        for flow in program.flows
        if not touches(diagram.edges[flow.id][0], diagram.shapes[flow.source])
        or not touches(diagram.edges[flow.id][-1], diagram.shapes[flow.target])
    ]


@pytest.mark.parametrize("seed", range(40))
def test_every_way_of_a_composed_program_is_drawn_between_its_steps(seed: int) -> None:
    base = drawn(Random(seed).program())
    assert astray(base) == []
    assert astray(compose.program(base, Author(base, random.Random(seed)).write(6))) == []


def test_a_way_that_leads_elsewhere_is_drawn_anew_and_no_other() -> None:
    base = drawn(quote())
    moved = compose.program(base, (Move(id="v1", target="Check", at=Place(after="Send")),))
    assert base.diagram.edges.keys() - moved.diagram.edges.keys() == {"f2", "f3", "f9"}
    assert moved.diagram.shapes == base.diagram.shapes and astray(moved) == []


def test_a_variant_that_bends_no_way_keeps_the_drawing_as_it_is() -> None:
    base = drawn(quote())
    quick = SetSla(id="v1", target="Price", promise={"duration": "PT1H"})
    assert compose.program(base, (quick,)).diagram is base.diagram
