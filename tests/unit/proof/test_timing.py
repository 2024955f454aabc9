"""How long it may take from one step to another: by what is promised on the longest way."""

import itertools
import random
from typing import Any

import pytest

from engine.definitions import schemas
from engine.definitions.process import Invariant
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.performer import Promise
from engine.model.program import Flow, Program
from engine.proof import prove, timing
from engine.variants import compose
from tests.unit.variants.models import flow, text, timer
from tests.unit.variants.test_rebase import ops

HOUR = 3600


def person(node_id: str, promise: str = "", **more: Any) -> nodes.UserTask:
    return nodes.UserTask(id=node_id, name=node_id, promise=Promise(duration=promise) if promise else None, **more)


def system(node_id: str, promise: str = "", **more: Any) -> nodes.ServiceTask:
    kept = Promise(duration=promise) if promise else None
    return nodes.ServiceTask(id=node_id, name=node_id, work=nodes.Work(handler="http"), promise=kept, **more)


def row(*steps: nodes.AnyNode, more: tuple[nodes.AnyNode, ...] = (), ways: tuple[Flow, ...] = ()) -> Program:
    """Start, the steps one after the other, and the end; with whatever hangs on them."""
    line = [nodes.StartEvent(id="Start"), *steps, nodes.EndEvent(id="End")]
    links = [flow(f"f{n}", one.id, other.id) for n, (one, other) in enumerate(itertools.pairwise(line))]
    return Program(key="p", nodes=(*line, *more), flows=(*links, *ways))


SPANS = [
    # steps in a row, hours from A's end to Z's, steps that nobody knows of
    ((person("A", "PT9H"), person("Z", "PT2H")), 2, ()),
    ((person("A"), person("B", "PT3H"), person("Z", "PT2H")), 5, ()),
    ((person("A"), person("B", "P1D"), person("Z", "PT30M")), 24.5, ()),
    ((person("A"), person("B"), person("Z", "PT2H")), 2, ("B",)),
    ((person("A"), system("B"), person("Z", "PT2H")), 2, ()),
    ((person("A"), system("B", "PT1H"), person("Z", "PT2H")), 3, ()),
    ((person("A"), person("B", "P1W"), person("C", "P1M"), person("Z", "PT0S")), (7 + 30) * 24, ()),
    ((person("A"), nodes.CatchEvent(id="B", triggers=(timer("PT6H"),)), person("Z", "PT1H")), 7, ()),
    ((person("A"), nodes.ReceiveTask(id="B"), person("Z", "PT1H")), 1, ("B",)),
    ((person("A"), nodes.CatchEvent(id="B", triggers=(triggers.Message(name="m"),)), person("Z", "PT1H")), 1, ("B",)),
    ((person("A"), person("B", "whenever"), person("Z", "PT1H")), 1, ("B",)),
    ((person("A"), nodes.CallActivity(id="B", called=Expression(text="x")), person("Z", "PT1H")), 1, ("B",)),
    ((person("A"), person("Z")), 0, ("Z",)),
]


@pytest.mark.parametrize(("steps", "hours", "unknown"), SPANS)
def test_promises_on_the_way_add_up(steps: tuple[nodes.AnyNode, ...], hours: float, unknown: tuple[str, ...]) -> None:
    span = timing.longest(row(*steps), "A", "Z")
    assert span is not None and (span.seconds, span.unknown) == (hours * HOUR, unknown)
    assert span.path[0].node == "A" and span.path[-1].node == "Z"


def test_a_timer_whose_duration_is_an_expression_is_not_known() -> None:
    when = triggers.Timer(kind="duration", text=Expression(text="duration(wait)"))
    span = timing.longest(row(person("A"), nodes.CatchEvent(id="B", triggers=(when,)), person("Z", "PT1H")), "A", "Z")
    assert span is not None and span.unknown == ("B",)


def test_of_two_branches_the_longer_one_counts_and_is_the_path() -> None:
    program = Program(
        key="p",
        nodes=(
            nodes.StartEvent(id="Start"), person("A"), nodes.ParallelGateway(id="Fork"), person("Short", "PT1H"),
            person("Long", "PT8H"), nodes.ParallelGateway(id="Join"), person("Z", "PT2H"), nodes.EndEvent(id="End"),
        ),
        flows=(
            flow("f1", "Start", "A"), flow("f2", "A", "Fork"), flow("s1", "Fork", "Short"), flow("l1", "Fork", "Long"),
            flow("s2", "Short", "Join"), flow("l2", "Long", "Join"), flow("f3", "Join", "Z"), flow("f4", "Z", "End"),
        ),
    )  # fmt: skip
    span = timing.longest(program, "A", "Z")
    assert span is not None and span.seconds == 10 * HOUR
    assert [move.node for move in span.path] == ["A", "Fork", "Long", "Join", "Z"]
    assert [move.flows for move in span.path] == [(), ("f2",), ("l1",), ("l2",), ("f3",)]


def test_a_loop_is_gone_round_once() -> None:
    either = nodes.ExclusiveGateway(id="Again", default="f3")
    program = row(
        person("A"), person("B", "PT3H"), either, person("Z", "PT1H"), ways=(flow("back", "Again", "B", "x"),)
    )
    span = timing.longest(program, "A", "Z")
    assert span is not None and span.seconds == 4 * HOUR


def test_a_boundary_event_is_a_way_too() -> None:
    late = nodes.BoundaryEvent(id="Late", attached_to="B", triggers=(timer("PT1H"),))
    program = row(
        person("A"), person("B", "PT3H"), person("Z", "PT1H"), more=(late, person("Boss", "PT9H")),
        ways=(flow("l1", "Late", "Boss"), flow("l2", "Boss", "Z")),
    )  # fmt: skip
    span = timing.longest(program, "A", "Z")
    assert span is not None and span.seconds == (3 + 9 + 1) * HOUR


@pytest.mark.parametrize(("promise", "hours"), [("", 5), ("PT3H", 4)], ids=["its steps", "its own promise"])
def test_a_sub_process_counts_its_steps_or_what_it_promises_as_a_whole(promise: str, hours: float) -> None:
    sub = nodes.SubProcess(id="Sub", promise=Promise(duration=promise) if promise else None)
    inside = (
        nodes.StartEvent(id="In", scope="Sub"), person("B", "PT4H", scope="Sub"), nodes.EndEvent(id="Out", scope="Sub"),
    )  # fmt: skip
    program = row(
        person("A"), sub, person("Z", "PT1H"), more=inside, ways=(flow("i1", "In", "B"), flow("i2", "B", "Out"))
    )
    span = timing.longest(program, "A", "Z")
    assert span is not None and span.seconds == hours * HOUR


def test_where_no_way_leads_there_is_no_span() -> None:
    assert timing.longest(row(person("A"), person("Z", "PT1H")), "Z", "A") is None


def rule(within: str, **more: Any) -> Invariant:
    said: dict[str, Any] = {"id": "fast", "kind": "max_time", "first": "A", "second": "Z", "within": within}
    return Invariant(**{**said, "names": text("Answer fast"), **more})


VERDICTS = [
    # within, B's promise, code, severity
    ("PT5H", "PT3H", "", ""),
    ("PT4H59M", "PT3H", "invariant_broken", "error"),
    ("P1D", "", "invariant_undecided", "warning"),
    ("PT1H", "", "invariant_broken", "error"),
]


@pytest.mark.parametrize(("within", "promise", "code", "severity"), VERDICTS)
def test_the_rule_is_held_broken_or_not_decided(within: str, promise: str, code: str, severity: str) -> None:
    program = row(person("A"), person("B", promise), person("Z", "PT2H"))
    found = [one for one in prove.problems(program, invariants=(rule(within),)) if one.code.startswith("invariant")]
    assert [(one.code, one.severity) for one in found] == ([(code, severity)] if code else [])


def test_a_breach_says_how_long_it_takes_and_shows_the_way() -> None:
    program = row(person("A"), person("B", "PT3H"), person("Z", "PT2H"))
    (problem,) = [one for one in prove.problems(program, invariants=(rule("PT4H"),)) if one.code == "invariant_broken"]
    assert problem.text == {
        "zh-CN": "违反规则“Answer fast。”（承诺合计 5 小时，最多 4 小时）：A > B > Z",
        "en": "the rule 'Answer fast' is broken (5 hours are promised, 4 at most): A > B > Z",
    }
    assert problem.trace == (("A",), ("B", "f1"), ("Z", "f2")) and problem.element == "Z"


def test_an_undecided_rule_names_the_steps_that_promise_nothing() -> None:
    (problem,) = [
        one
        for one in prove.problems(row(person("A"), person("B"), person("Z", "PT1H")), invariants=(rule("P9D"),))
        if one.code == "invariant_undecided"
    ]
    assert problem.text["en"] == "the rule 'Answer fast' is not decided: these steps promise no time: B"
    assert "这些步骤没有时限：B" in problem.text["zh-CN"]


def test_a_variants_longer_promise_or_further_step_breaks_the_rule() -> None:
    base = row(person("A"), person("B", "PT3H"), person("Z", "PT1H"))
    slow = ops({"kind": "set_sla", "target": "B", "promise": {"duration": "PT6H"}})
    longer = ops(
        {"kind": "insert", "at": {"after": "A"}, "node": {
            "type": "userTask", "names": text("n"), "performer": {"groups": ["g"]}, "promise": {"duration": "PT4H"},
        }},
    )  # fmt: skip
    assert not prove.prove(base, invariants=(rule("PT5H"),)).breaches
    for operations in (slow, longer):
        proof = prove.prove(compose.program(base, operations), invariants=(rule("PT5H"),))
        assert [one.code for one in proof.problems if one.severity == "error"] == ["invariant_broken"]


def test_a_step_that_a_variant_left_out_breaks_no_rule_about_its_time() -> None:
    assert not prove.prove(row(person("A")), invariants=(rule("PT1S"),)).breaches


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ({"kind": "max_time", "first": "A", "second": "Z", "within": "PT4H"}, False),
        ({"kind": "max_time", "first": "A", "second": "Z"}, True),
        ({"kind": "max_time", "step": "A", "within": "PT4H"}, True),
        ({"kind": "max_time", "first": "A", "second": "Z", "within": "soon"}, True),
    ],
)
def test_the_schema_wants_both_steps_and_a_duration(entry: dict[str, Any], wrong: bool) -> None:
    document = {"invariants": [{"id": "fast", "names": text("x"), **entry}]}
    found = [one for one in schemas.check(document, schema="process.json") if one.pointer.startswith("/invariants")]
    assert bool(found) is wrong


@pytest.mark.parametrize("seed", range(40))
def test_the_longest_way_is_no_shorter_than_any_way_that_is_walked(seed: int) -> None:
    """In random rows of branches: walks with the dice never take longer than was said, and one takes as long."""
    dice = random.Random(seed)
    line: list[nodes.AnyNode] = [person("A")]
    ways: list[Flow] = []
    last, number = "A", 0
    for block in range(dice.randint(1, 4)):
        split, join = f"S{block}", f"J{block}"
        line += [nodes.ExclusiveGateway(id=split), nodes.ExclusiveGateway(id=join)]
        ways.append(flow(f"in{block}", last, split))
        for _ in range(dice.randint(1, 3)):
            number += 1
            line.append(person(f"T{number}", f"PT{dice.randint(1, 9)}H"))
            ways += [flow(f"a{number}", split, f"T{number}"), flow(f"b{number}", f"T{number}", join)]
        last = join
    line.append(person("Z", "PT1H"))
    ways.append(flow("z", last, "Z"))
    program = Program(key="p", nodes=tuple(line), flows=tuple(ways))
    span = timing.longest(program, "A", "Z")
    assert span is not None
    by_id = {node.id: node for node in line}
    walked = []
    for _ in range(60):
        at, seconds = "A", 0.0
        while at != "Z":
            at = dice.choice([one.target for one in ways if one.source == at])
            seconds += timing.seconds_of(by_id[at]) or 0.0
        walked.append(seconds)
    assert max(walked) <= span.seconds
    assert sum(timing.seconds_of(by_id[move.node]) or 0.0 for move in span.path[1:]) == span.seconds
