"""What holds for every list of operations on every program."""

import random

import pytest

from engine.model import program as programs
from engine.variants import canonical, compose, delta
from engine.variants.draft import Draft
from engine.variants.operations import kinds
from engine.variants.operations.activities import Delete, Insert
from engine.variants.operations.order import Move, Parallelise, Serialise
from engine.variants.regions import Place
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.models import Random, quote, text

SEEDS = range(150)


def case(seed: int, number: int = 6) -> tuple[programs.Program, tuple[kinds.AnyOperation, ...]]:
    base = Random(seed).program()
    return base, Author(base, random.Random(seed)).write(number)


@pytest.mark.parametrize("seed", SEEDS)
def test_undoing_each_operation_gives_the_very_program_before(seed: int) -> None:
    base, operations = case(seed)
    draft = Draft(base)
    for operation in operations:
        after = compose.apply(draft, operation)
        change = delta.between(draft.freeze(), after.freeze())
        assert delta.undo(after.freeze(), change) == draft.freeze()
        draft = after


@pytest.mark.parametrize("seed", SEEDS)
def test_a_composed_program_is_whole(seed: int) -> None:
    base, operations = case(seed, 10)
    program = compose.program(base, operations)
    assert programs.decode(programs.encode(program)) == program
    ids = [item.id for item in (*program.nodes, *program.flows)]
    assert len(ids) == len(set(ids))
    known = {node.id for node in program.nodes}
    for flow in program.flows:
        assert {flow.source, flow.target} <= known
    flows = {flow.id for flow in program.flows}
    draft = Draft(program)
    for node in program.nodes:
        assert not getattr(node, "default", "") or node.default in flows  # type: ignore[union-attr]
        assert not node.scope or node.scope in known
    assert draft.reachable(draft.roots()) == known


@pytest.mark.parametrize("seed", SEEDS)
def test_composing_is_deterministic_and_provenance_is_no_meaning(seed: int) -> None:
    base, operations = case(seed)
    assert compose.program(base, operations).sha256 == compose.program(base, kinds.read(kinds.write(operations))).sha256
    assert compose.compose(base, ()).program is base


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_the_canonical_form_means_the_same_is_no_longer_and_stays(seed: int) -> None:
    base, operations = case(seed)
    short = canonical.of(base, operations)
    assert len(short) <= len(operations)
    assert canonical.shape(compose.program(base, short)) == canonical.shape(compose.program(base, operations))
    assert canonical.of(base, short) == short


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_inserting_and_deleting_cancel(seed: int) -> None:
    base, _ = case(seed, 0)
    dice = random.Random(seed)
    step = dice.choice(base.flows).id
    node = {"type": "userTask", "names": text("n"), "performer": {"groups": ["g"]}}
    insert = Insert(id="v1", at=Place(on=step), node=node)
    both = (insert, Delete(id="v2", target="v1"))
    assert compose.program(base, both).sha256 == base.sha256
    assert canonical.of(base, both) == ()


def test_moving_there_and_back_is_nothing() -> None:
    there = Move(id="v1", target="Check", at=Place(after="Send"))
    back = Move(id="v2", target="Check", at=Place(after="Configure"))
    assert compose.program(quote(), (there, back)).sha256 == quote().sha256
    assert canonical.of(quote(), (there, back)) == ()


def test_serialising_undoes_parallelising() -> None:
    there = Parallelise(id="v1", targets=("Configure", "Check"))
    back = Serialise(id="v2", targets=("Configure", "Check"))
    assert compose.program(quote(), (there, back)).sha256 == quote().sha256


NODE = {"type": "userTask", "names": text("n"), "performer": {"groups": ["g"]}}
REASON = text("why")


def said(kind: str, target: str, **args: object) -> dict[str, object]:
    return {"kind": kind, "target": target, **args}


def listed(*documents: dict[str, object]) -> tuple[kinds.AnyOperation, ...]:
    return kinds.read([{"id": f"v{number}", "reason": REASON, **said} for number, said in enumerate(documents, 1)])


CANONICAL = [
    # as written, what is left of it, by number
    (
        listed(said("set_priority", "Price", priority=1), said("set_priority", "Price", priority=2)),
        {2: said("set_priority", "Price", priority=2)},
    ),
    (
        listed(
            said("set_performer", "Price", performer={"groups": ["a"], "skill": "law"}),
            said("set_performer", "Price", performer={"assignee": "=customer.owner"}),
        ),
        {2: said("set_performer", "Price", performer={"skill": "law", "assignee": "=customer.owner"})},
    ),
    (
        listed(said("set_form", "Approve", form="other"), said("delete", "Approve")),
        {2: said("delete", "Approve")},
    ),
    (
        listed(said("delete", "Check"), {"kind": "insert", "at": {"after": "Configure"}, "node": NODE}),
        {2: said("replace", "Check", node=NODE)},
    ),
    (
        listed(said("move", "Check", at={"after": "Send"}), said("move", "Check", at={"after": "Start"})),
        {2: said("move", "Check", at={"after": "Start"})},
    ),
    (listed(said("set_parameter", "limit", value=10)), {}),
    (listed(said("set_sla", "Configure", promise={"duration": "PT4H"})), {}),
]


@pytest.mark.parametrize(("written", "left"), CANONICAL)
def test_the_canonical_form_is_the_shortest(
    written: tuple[kinds.AnyOperation, ...], left: dict[int, dict[str, object]]
) -> None:
    expected = [{"id": f"v{number}", "reason": REASON, **document} for number, document in left.items()]
    assert canonical.of(quote(), written) == kinds.read(expected)
