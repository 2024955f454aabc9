"""Errands for calls of code: completed once, in time, and never twice; what evaluates them says who is missing."""

from datetime import UTC, datetime

import msgspec
import pytest

from engine import errors
from engine.definitions import checks, errands
from engine.evaluation import HouseEvaluator
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer
from engine.model.program import Flow, Program

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def juel(text: str) -> Expression:
    return Expression(text=text, language="juel")


def one(node: nodes.Node, *more: nodes.Node, flows: tuple[Flow, ...] = ()) -> Program:
    return Program(key="p", nodes=(node, *more), flows=flows)  # type: ignore[arg-type]


def asked(program: Program) -> dict[str, list[tuple[str, str]]]:
    made = errands.complete(program)
    return {
        node.id: [(errand.at, errand.work.result) for errand in node.errands] for node in made.nodes if node.errands
    }


def test_a_program_that_asks_nobody_stays_the_very_same() -> None:
    program = one(nodes.UserTask(id="a", performer=Performer(assignee=juel("${who}"))))
    assert errands.complete(program) is program


def test_completing_twice_is_completing_once() -> None:
    program = one(nodes.UserTask(id="a", performer=Performer(assignee=juel("${b.c(d.e())}"))))
    made = errands.complete(program)
    assert errands.complete(made) is made or errands.complete(made) == made
    assert asked(made) == {"a": [("start", "d.e()"), ("start", "b.c(d.e())")]}


def test_a_drawn_errand_for_the_same_call_is_enough() -> None:
    drawn = nodes.Errand(at="start", work=nodes.Work(handler="b.c", style="external", result="b.c()"))
    program = one(nodes.UserTask(id="a", performer=Performer(assignee=juel("${b.c()}")), errands=(drawn,)))
    assert errands.complete(program).nodes[0].errands == (drawn,)


def test_one_expression_asked_at_two_moments_is_asked_twice() -> None:
    call = juel("${b.c()}")
    node = nodes.Task(
        id="a", inputs=(Mapping(target="x", source=call),), outputs=(Mapping(target="y", source=call),)
    )  # fmt: skip
    assert asked(one(node)) == {"a": [("inputs", "b.c()"), ("end", "b.c()")]}


def test_a_standard_loop_is_asked_before_the_first_run_and_after_each() -> None:
    node = nodes.Task(id="a", standard_loop=nodes.StandardLoop(condition=juel("${b.again()}")))
    assert asked(one(node)) == {"a": [("end", "b.again()"), ("enter", "b.again()")]}


@pytest.mark.parametrize(
    ("source", "moment"),
    [
        (nodes.ExclusiveGateway(id="a"), "enter"),
        (nodes.InclusiveGateway(id="a"), "enter"),
        (nodes.Task(id="a"), "leave"),
        (nodes.StartEvent(id="a"), "leave"),
        (nodes.CatchEvent(id="a"), "leave"),
    ],
)
def test_a_flows_condition_is_asked_where_it_begins(source: nodes.Node, moment: str) -> None:
    flow = Flow(id="f", source="a", target="z", condition=juel("${b.c()}"))
    assert asked(one(source, nodes.EndEvent(id="z"), flows=(flow,))) == {"a": [(moment, "b.c()")]}


def test_several_events_behind_one_gateway_are_asked_there() -> None:
    waits = [
        nodes.CatchEvent(id=name, triggers=(triggers.Timer(kind="duration", text=juel(f"${{b.{name}()}}")),))
        for name in ("x", "y")
    ]
    flows = tuple(Flow(id=node.id * 2, source="g", target=node.id) for node in waits)
    found = asked(one(nodes.EventBasedGateway(id="g"), *waits, flows=flows))
    assert found == {"g": [("enter", "b.x()"), ("enter", "b.y()")]}


NEVER = [
    nodes.CallActivity(id="a", outputs=(Mapping(target="x", source=juel("${b.c()}")),)),
    nodes.SubProcess(id="a", variety="adHoc", completion=juel("${b.c()}")),
    nodes.ComplexGateway(id="a", activation=juel("${b.c()}")),
    nodes.CatchEvent(id="a", triggers=(triggers.Conditional(condition=juel("${b.c()}")),)),
    nodes.CatchEvent(id="a", triggers=(triggers.Message(name="m", mappings=(("x", juel("${b.c()}")),)),)),
    nodes.StartEvent(id="a", triggers=(triggers.Timer(kind="duration", text=juel("${b.c()}")),)),
]


@pytest.mark.parametrize("node", NEVER, ids=lambda node: type(node).__name__)
def test_where_nobody_is_in_time_the_draft_says_so_in_both_languages(node: nodes.Node) -> None:
    program = one(node)
    assert asked(program) == {}
    (problem,) = [found for found in checks.check(program) if found.code == "expression_unreadable"]
    assert problem.severity == "error" and problem.element == "a"
    assert "b.c" in problem.text["en"] and "b.c" in problem.text["zh-CN"]


def test_what_an_errand_fills_is_no_unknown_name() -> None:
    program = errands.complete(one(nodes.UserTask(id="a", performer=Performer(assignee=juel("${b.c()}")))))
    assert not [found for found in checks.check(program) if "b.c" in found.text["en"]]
    assert errands.known(program) == {"b.c()"}


def test_a_call_that_nobody_made_is_an_error_by_its_name_when_it_is_evaluated() -> None:
    evaluator = HouseEvaluator()
    for evaluate in (evaluator.value, evaluator.condition):
        with pytest.raises(errors.Invalid) as caught:
            evaluate(juel("${b.c()}"), {}, NOW)
        assert "b.c" in caught.value.text["en"] and "b.c" in caught.value.text["zh-CN"]
    assert evaluator.value(juel("${b.c()}"), {"b.c()": None}, NOW) is None, "an answer of nothing is an answer"
    assert evaluator.condition(juel("${b.c() == 1}"), {"b.c()": 1}, NOW) is True
    (doubt,) = evaluator.doubts(juel("${b.c()}"), {}, NOW)
    assert "b.c" in doubt["en"]
    evaluator.close()


def test_a_work_item_of_the_call_names_its_place() -> None:
    flow = Flow(id="f", source="a", target="z", condition=Expression(text="${b.c(n)}", language="juel", line=9))
    made = errands.complete(one(nodes.Task(id="a"), nodes.EndEvent(id="z"), flows=(flow,)))
    (errand,) = made.nodes[0].errands
    assert errand.work.parameters == (Mapping(target="arg1", source=Expression(text="n", line=9)),)
    assert errand.work.style == "unbound"


def test_errands_are_part_of_what_a_program_means() -> None:
    plain = one(nodes.Task(id="a"))
    laden = one(nodes.Task(id="a", errands=(nodes.Errand(at="start", work=nodes.Work(handler="x")),)))
    assert plain.sha256 != laden.sha256
    assert msgspec.structs.replace(laden, errands=(nodes.Work(handler="y"),)).sha256 != laden.sha256
