"""From a drawing back to operations: what one list makes of a base, another, no longer list makes again."""

import random
from typing import Any

import msgspec
import pytest

from engine.bpmn import read, write
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.program import Flow, Program
from engine.variants import compose
from engine.variants.inference import infer, match
from engine.variants.operations import kinds
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.models import Random, flow, quote, scored, text
from tests.unit.variants.test_every_kind import KINDS

SEEDS = range(60)
REASON = text("drawn")


def inferred(base: Program, drawn: Program) -> infer.Inferred:
    return infer.infer(base, drawn, prefix="ka", reason=REASON)


def told(found: infer.Inferred) -> list[str]:
    return [one.text["en"] for one in found.remains]


def case(seed: int, number: int = 6) -> tuple[Program, tuple[kinds.AnyOperation, ...], Program]:
    base = Random(seed).program()
    operations = Author(base, random.Random(seed)).write(number)
    return base, operations, compose.program(base, operations)


# --- the law -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_composing_what_was_inferred_gives_what_was_drawn(seed: int) -> None:
    base, operations, drawn = case(seed)
    found = inferred(base, drawn)
    assert told(found) == []
    assert infer.same(base, compose.program(base, found.operations), drawn)
    assert compose.program(base, found.operations) == found.program
    assert len(found.operations) <= len(operations) + 2


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_what_is_inferred_is_written_as_a_variants_file_takes_it(seed: int) -> None:
    base, _, drawn = case(seed)
    found = inferred(base, drawn)
    written = kinds.write(found.operations)
    assert kinds.check(written) == []
    assert kinds.read(written) == found.operations
    assert len({one.id for one in found.operations}) == len(found.operations)
    assert {str(one.reason) for one in found.operations} <= {str(REASON)}


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_nothing_drawn_differently_is_nothing_inferred(seed: int) -> None:
    base = Random(seed).program()
    found = inferred(base, base)
    assert (found.operations, told(found)) == ((), [])


@pytest.mark.parametrize("seed", SEEDS[:25])
def test_a_drawing_that_went_through_a_file_gives_the_same(seed: int) -> None:
    base, _, drawn = case(seed, 5)
    (back,) = read.read(write.write(drawn), file="copy.bpmn").programs
    found = inferred(base, back)
    assert told(found) == [] and infer.same(base, found.program, drawn)


@pytest.mark.parametrize("seed", SEEDS[:25])
def test_a_copy_whose_ids_are_all_others_is_recognised_by_names_and_neighbours(seed: int) -> None:
    base, _, drawn = case(seed, 5)
    other = match.renamed(drawn, {node.id: f"Node_{number}" for number, node in enumerate(drawn.nodes)})
    found = inferred(base, other)
    assert told(found) == []
    assert infer.same(base, found.program, compose.program(base, found.operations))
    kept = {node.id for node in drawn.nodes} & {node.id for node in base.nodes}
    assert {node.id for node in found.program.nodes} >= kept


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_operation_is_found_again(kind: str) -> None:
    base, args = scored(), KINDS[kind][0]
    (operation,) = kinds.read([{"id": "x", "kind": kind, "reason": text("why"), **args}])
    drawn = compose.program(base, (operation,))
    found = inferred(base, drawn)
    assert told(found) == []
    assert infer.same(base, found.program, drawn)
    assert len(found.operations) <= 2
    assert {one.element for one in found.operations} == {operation.element}


# --- what people draw ----------------------------------------------------------------------------------------------


def drawn(
    *more: nodes.AnyNode, without: tuple[str, ...] = (), ways: tuple[Flow, ...] = (), gone: tuple[str, ...] = (),
    changed: dict[str, dict[str, Any]] | None = None,
) -> Program:  # fmt: skip
    """The quotation as a tool leaves it: nodes added and taken away, flows drawn and deleted, fields changed."""
    program = quote()
    kept = [node for node in program.nodes if node.id not in without]
    kept = [msgspec.structs.replace(node, **(changed or {}).get(node.id, {})) for node in kept]
    drawn_anew = {one.id for one in ways}
    flows = [one for one in program.flows if one.id not in (*gone, *drawn_anew)]
    return msgspec.structs.replace(program, nodes=(*kept, *more), flows=(*flows, *ways))


def words(found: infer.Inferred) -> list[dict[str, Any]]:
    """The operations without ids of their own and reasons."""
    said = kinds.write(found.operations)
    named = {"insert", "replace", "add_branch", "make_optional", "parallelise"}
    return [
        {key: one for key, one in each.items() if key != "reason" and (key != "id" or each["kind"] in named)}
        for each in said
    ]


def test_a_step_put_on_a_way_is_one_insert_named_by_what_was_drawn() -> None:
    found = inferred(
        quote(),
        drawn(
            nodes.UserTask(id="Activity_0ab1", name="致电"),
            ways=(flow("f2", "Configure", "Activity_0ab1"), flow("Flow_1", "Activity_0ab1", "Check")),
        ),
    )
    assert told(found) == []
    assert words(found) == [
        {
            "kind": "insert", "id": "Activity_0ab1", "at": {"after": "Configure"},
            "node": {"type": "userTask", "names": {"zh-CN": "致电", "en": "致电"}},
        }
    ]  # fmt: skip


def test_a_step_that_another_stands_in_for_is_one_replace() -> None:
    new = nodes.ServiceTask(id="Robot", name="Robot", work=nodes.Work(handler="http"))
    found = inferred(
        quote(), drawn(new, without=("Stock",), ways=(flow("p2", "Fork", "Robot"), flow("p4", "Robot", "Join")))
    )
    assert [(one["kind"], one["target"]) for one in words(found)] == [("replace", "Stock")] and found.exact


def test_a_step_drawn_elsewhere_is_one_move() -> None:
    found = inferred(
        quote(),
        drawn(
            ways=(flow("f2", "Configure", "Big"), flow("f8", "Join", "Check"), flow("n", "Check", "Send")), gone=("f3",)
        ),
    )
    assert words(found) == [{"kind": "move", "target": "Check", "at": {"after": "Join"}}] and found.exact


def test_two_steps_moved_together_are_one_move() -> None:
    ways = (flow("f1", "Start", "Big"), flow("f8", "Join", "Configure"), flow("n", "Check", "Send"))
    found = inferred(quote(), drawn(ways=ways, gone=("f3",)))
    (move,) = words(found)
    assert (move["kind"], move["target"], move["to"]) == ("move", "Configure", "Check") and found.exact


def test_gateways_of_any_name_around_a_step_are_one_operation() -> None:
    ways = (
        flow("f2", "Configure", "Gateway_a"), flow("x1", "Gateway_a", "Check", "amount > 5"),
        flow("x2", "Gateway_a", "Gateway_b"), flow("f3", "Check", "Gateway_b"), flow("x3", "Gateway_b", "Big"),
    )  # fmt: skip
    gateways = (nodes.ExclusiveGateway(id="Gateway_a", default="x2"), nodes.ExclusiveGateway(id="Gateway_b"))
    found = inferred(quote(), drawn(*gateways, ways=ways))
    assert words(found) == [
        {"kind": "make_optional", "id": "Gateway_a", "target": "Check", "condition": "amount > 5"}
    ] and found.exact  # fmt: skip
    assert found.renamed == {"Gateway_a": "Gateway_a_split", "Gateway_b": "Gateway_a_join"}


def test_steps_between_parallel_gateways_are_done_at_the_same_time() -> None:
    ways = (
        flow("f1", "Start", "P1"), flow("x1", "P1", "Configure"), flow("x2", "P1", "Check"),
        flow("f2", "Configure", "P2"), flow("f3", "Check", "P2"), flow("x3", "P2", "Big"),
    )  # fmt: skip
    found = inferred(quote(), drawn(nodes.ParallelGateway(id="P1"), nodes.ParallelGateway(id="P2"), ways=ways))
    assert words(found) == [{"kind": "parallelise", "id": "P1", "targets": ["Configure", "Check"]}] and found.exact


def test_a_second_plain_end_and_a_joining_gateway_mean_nothing_more() -> None:
    more = (nodes.EndEvent(id="End_2"), nodes.ExclusiveGateway(id="Join_2"))
    ways = (flow("f9", "Send", "Join_2"), flow("x1", "Join_2", "End_2"), flow("x0", "Big", "Join_2", "discount > 90"))
    found = inferred(quote(), drawn(*more, ways=ways))
    assert [(one["kind"], one["to"], one["condition"]) for one in words(found)] == [
        ("add_branch", "End", "discount > 90")
    ]


def test_what_another_tool_has_no_words_for_stays() -> None:
    """Promises, forms, texts, worth and handlers come from beside the drawing."""
    bare = {
        node.id: {key: getattr(type(node)(id="x"), key) for key in ("promise", "form", "performer", "worth", "work",
                  "decision", "result", "texts", "actions") if hasattr(node, key)}
        for node in quote().nodes
    }  # fmt: skip
    found = inferred(quote(), msgspec.structs.replace(drawn(changed=bare), parameters={}, forms={}))
    assert (words(found), told(found)) == ([], [])


def test_a_part_that_the_drawing_speaks_of_elsewhere_is_taken_away_by_silence() -> None:
    found = inferred(quote(), drawn(changed={"Approve": {"promise": None}}))
    assert words(found) == [{"kind": "set_sla", "target": "Approve", "promise": None}]


def test_a_step_that_is_called_otherwise_is_renamed_in_both_languages() -> None:
    found = inferred(quote(), drawn(changed={"Price": {"name": "报价复核"}}))
    assert words(found) == [{"kind": "set_names", "target": "Price", "names": {"zh-CN": "报价复核", "en": "报价复核"}}]


@pytest.mark.parametrize(
    ("condition", "language", "said"),
    [
        ("${amount > 5}", "juel", "=amount > 5"),
        ("amount > 5", "feel", "=amount > 5"),
        ("=amount > 5", "camunda8", "=amount > 5"),
    ],
)
def test_conditions_of_other_tools_are_told_in_feel(condition: str, language: Any, said: str) -> None:
    way = msgspec.structs.replace(
        flow("big", "Big", "Approve"), condition=Expression(text=condition, language=language)
    )
    found = inferred(quote(), drawn(ways=(way,)))
    assert words(found) == [{"kind": "set_condition", "target": "big", "condition": said}] and found.exact


LEFT: list[tuple[str, Program, str, str]] = [
    # what was drawn, what is told of it and where
    ("a boundary event",
     drawn(nodes.BoundaryEvent(id="B", name="B", attached_to="Price"), ways=(flow("b", "B", "End"),)),
     "element_not_inferred", "B"),
    ("an end that ends all", drawn(nodes.EndEvent(id="Stop", triggers=(triggers.Terminate(),)),
                                   ways=(flow("b", "Big", "Stop", "discount > 1"),)), "element_not_inferred", "Stop"),
    ("a sub-process",
     drawn(nodes.SubProcess(id="Sub", name="Sub"), ways=(flow("f9", "Send", "Sub"), flow("s", "Sub", "End"))),
     "element_not_inferred", "Sub"),
    ("when a task is due", drawn(changed={"Price": {"due": Expression(text="now()")}}), "part_not_inferred", "Price"),
    ("a form that there is not", drawn(changed={"Approve": {"form": "unknown"}}), "part_not_inferred", "Approve"),
    ("a start that is gone", drawn(without=("Start",), gone=("f1",)), "element_not_taken_away", "Start"),
    ("a parameter of its own", msgspec.structs.replace(quote(), parameters={"limit": 10, "mine": 1}),
     "parameter_not_inferred", "mine"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "program", "code", "element"), LEFT, ids=[one[0] for one in LEFT])
def test_what_no_operation_says_is_told_with_its_place_in_both_languages(
    what: str, program: Program, code: str, element: str
) -> None:
    found = inferred(quote(), program)
    assert not found.exact
    at = [one for one in found.remains if one.element == element]
    assert code in {one.code for one in at}, told(found)
    assert all(one.text["zh-CN"] and one.text["en"] and one.severity == "warning" for one in at)


def test_ids_that_no_operation_may_have_are_replaced_and_told() -> None:
    steps = nodes.UserTask(id="步骤 1", name="Call")
    found = inferred(quote(), drawn(steps, ways=(flow("f2", "Configure", "步骤 1"), flow("n", "步骤 1", "Check"))))
    (new,) = found.renamed.values()
    assert found.exact and kinds.check(kinds.write(found.operations)) == []
    assert [one["id"] for one in words(found)] == [new] and new.startswith("ka_new_")


def test_ids_of_siblings_are_left_alone() -> None:
    found = infer.infer(
        quote(), drawn(changed={"Price": {"name": "x"}}), prefix="ka", reason=REASON, taken={"ka_set_names_1"}
    )
    assert [one.id for one in found.operations] == ["ka_set_names_2"]


def test_a_drawing_of_something_else_altogether_is_told_and_takes_bounded_time() -> None:
    other = Random(3, size=60).program()
    found = inferred(quote(), msgspec.structs.replace(other, nodes=tuple(
        msgspec.structs.replace(node, id=node.id) for node in other.nodes
    )))  # fmt: skip
    assert not found.exact and len(found.remains) > 3
    assert compose.compose(quote(), found.operations).problems == ()
