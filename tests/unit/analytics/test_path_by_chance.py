"""Where a case stands, over processes and histories by chance: what must hold of any stops and any drawing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import facts, records
from engine.analytics import path
from engine.model.nodes import CatchEvent, EndEvent, ExclusiveGateway, ServiceTask, StartEvent, SubProcess, UserTask
from engine.model.program import Flow, Program

BEGIN = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
KINDS = (UserTask, ServiceTask, CatchEvent, ExclusiveGateway, EndEvent, SubProcess)
bounded = settings(max_examples=120, deadline=None)


@st.composite
def programs(draw: Any) -> Program:
    """A start and up to seven nodes with any flows between them, loops included."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7))
    nodes = (StartEvent(id="n0"), *(kind(id=f"n{number}") for number, kind in enumerate(kinds, 1)))
    ids = [node.id for node in nodes]
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=12))
    flows = tuple(Flow(id=f"f{number}", source=one, target=other) for number, (one, other) in enumerate(pairs))
    return Program(key="p", nodes=nodes, flows=flows)


@st.composite
def cases(draw: Any) -> tuple[Program, list[records.FactRow], dict[str, str]]:
    program = draw(programs())
    ids = [node.id for node in program.nodes] + ["elsewhere"]
    told = st.one_of(
        st.builds(lambda node: facts.ActivityStarted(node=node, token=1), st.sampled_from(ids)),
        st.builds(lambda node: facts.ActivityCompleted(node=node, token=1), st.sampled_from(ids)),
        st.builds(lambda node: facts.EventCaught(node=node, trigger="timer"), st.sampled_from(ids)),
        st.builds(lambda node: facts.WorkItemCompleted(node=node, wait=1), st.sampled_from(ids)),
        st.builds(
            lambda node, verb: facts.WorkItemActed(node=node, verb=verb),
            st.sampled_from(ids),
            st.sampled_from(["claim", "release", "urge"]),
        ),
        st.builds(lambda flow: facts.FlowTaken(flow=flow), st.sampled_from(["f0", "f1", "gone"])),
    )
    many = draw(st.lists(st.tuples(told, st.sampled_from(["li", "wang"])), max_size=15))
    history = [
        records.FactRow(instance_id="i", seq=number, at=BEGIN + timedelta(minutes=number), agent=agent, fact=fact)
        for number, (fact, agent) in enumerate(many, 1)
    ]
    kinds = st.sampled_from(["work_item", "job", "timer", "message", "incident"])
    return program, history, draw(st.dictionaries(st.sampled_from(ids), kinds, max_size=3))


def steps(program: Program) -> set[str]:
    """What people would call a step."""
    return {node.id for node in program.nodes if type(node) in (UserTask, ServiceTask, CatchEvent)}


@given(cases())
@bounded
def test_a_stop_is_a_step_of_the_drawing_and_stands_there_once(case: Any) -> None:
    program, history, open_at = case
    stops = path.path(program, history, open_at)
    names = [stop.node for stop in stops]
    assert set(names) <= steps(program)
    assert len(set(names)) == len(names)


@given(cases())
@bounded
def test_what_is_done_comes_before_what_is_on_and_that_before_what_is_later(case: Any) -> None:
    order = {"done": 0, "now": 1, "failed": 1, "later": 2}
    states = [order[stop.state] for stop in path.path(*case)]
    assert states == sorted(states)


@given(cases())
@bounded
def test_every_step_that_waits_is_on_and_an_incident_is_a_failure(case: Any) -> None:
    program, history, open_at = case
    found = {stop.node: stop.state for stop in path.path(program, history, open_at)}
    for node, kind in open_at.items():
        if node in steps(program):
            assert found[node] == ("failed" if kind == "incident" else "now")
    assert all(node in open_at for node, state in found.items() if state in ("now", "failed"))


@given(cases())
@bounded
def test_what_is_done_was_done_as_often_as_is_told_and_last_at_its_moment(case: Any) -> None:
    program, history, open_at = case
    done = facts.ActivityCompleted | facts.EventCaught
    for stop in path.path(program, history, open_at):
        moments = [row.at for row in history if isinstance(row.fact, done) and row.fact.node == stop.node]
        if stop.state == "done":
            assert (stop.times, stop.at) == (len(moments), moments[-1])
        if stop.state == "later":
            assert moments == [] and stop.at is None and stop.who == ""


@given(cases())
@bounded
def test_later_steps_are_few_and_can_be_reached_from_where_it_stands(case: Any) -> None:
    program, history, open_at = case
    later = [stop.node for stop in path.path(program, history, open_at) if stop.state == "later"]
    assert len(later) <= path.MOST_LATER
    reached = {node for node in open_at if node in steps(program)}
    for _ in program.nodes:
        reached |= {flow.target for flow in program.flows if flow.source in reached}
    assert set(later) <= reached


@given(cases())
@bounded
def test_who_holds_a_step_is_who_claimed_it_last_and_did_not_put_it_back(case: Any) -> None:
    program, history, open_at = case
    for stop in path.path(program, history, open_at):
        if stop.state != "now":
            continue
        holder = ""
        for row in history:
            if row.fact.node != stop.node:
                continue
            if isinstance(row.fact, facts.ActivityStarted):
                holder = ""
            elif isinstance(row.fact, facts.WorkItemActed):
                holder = {"claim": row.agent, "release": ""}.get(row.fact.verb, holder)
        assert stop.who == holder


@given(cases())
@bounded
def test_only_what_is_drawn_is_coloured_and_what_waits_is_on_whatever_happened(case: Any) -> None:
    program, history, open_at = case
    marks = path.marks(program, history, open_at)
    assert set(marks) <= {node.id for node in program.nodes} | {flow.id for flow in program.flows}
    for node, kind in open_at.items():
        if node in {drawn.id for drawn in program.nodes}:
            assert marks[node] == ("failed" if kind == "incident" else "now")
    taken = {row.fact.flow for row in history if isinstance(row.fact, facts.FlowTaken)}
    assert {flow.id for flow in program.flows if marks.get(flow.id) == "done"} == taken & {
        flow.id for flow in program.flows
    }


@given(cases())
@bounded
def test_a_longer_history_takes_nothing_of_the_drawing_back(case: Any) -> None:
    program, history, _ = case
    for end in range(len(history)):
        assert path.marks(program, history[:end], {}).items() <= path.marks(program, history, {}).items()
