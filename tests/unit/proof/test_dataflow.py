"""Data is written before it is read: who writes, who reads, and where nobody can know."""

import itertools
from typing import Any

import msgspec
import pytest

from engine.bpmn import read
from engine.definitions import folder
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from engine.proof import dataflow, prove
from engine.variants import compose
from engine.variants.operations import kinds
from tests.shared import ROOT
from tests.unit.variants.models import text


def form(*names: str, **shown: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": fields | {name: {"type": "string", "readOnly": True} for name in shown}}


def feel(words: str) -> Expression:
    return Expression(text=words)


def task(node_id: str, **more: Any) -> nodes.UserTask:
    return nodes.UserTask(id=node_id, name=node_id, **more)


def service(node_id: str, handler: str = "http", **more: Any) -> nodes.ServiceTask:
    return nodes.ServiceTask(id=node_id, name=node_id, work=nodes.Work(handler=handler, **more))


def line(*inner: nodes.AnyNode, start: str = "start", **more: Any) -> Program:
    """One after the other."""
    row = (nodes.StartEvent(id="Start", form=start), *inner, nodes.EndEvent(id="End"))
    flows = tuple(Flow(id=f"f{n}", source=a.id, target=b.id) for n, (a, b) in enumerate(itertools.pairwise(row)))
    forms = {"start": form("amount"), "rate": form("rate"), "shows": form(rate=True)}
    return Program(key="p", nodes=row, flows=flows, forms=forms, **more)


RATE = task("Rate", form="rate")
READS_RATE = Performer(assignee=feel("rate"))
USES = task("Use", form="shows", performer=READS_RATE)
SENDS = service("Send", "notify", parameters=(Mapping(target="text", source=feel("rate + 1")),))

READERS = [
    ("performer", USES),
    ("parameter", SENDS),
    ("due", task("Use", form="shows", due=feel("rate"))),
    ("priority", task("Use", form="shows", priority=feel("rate"))),
    ("input", task("Use", form="shows", inputs=(Mapping(target="x", source=feel("rate")),))),
    ("collection", task("Use", form="shows", loop=nodes.MultiInstance(collection=feel("rate"), element="one"))),
    ("timer", nodes.CatchEvent(id="Use", triggers=(triggers.Timer(kind="date", text=feel("rate")),))),
]


@pytest.mark.parametrize("reader", [one for _, one in READERS], ids=[name for name, _ in READERS])
def test_a_variable_that_is_written_later_is_read_too_early(reader: nodes.AnyNode) -> None:
    (found,) = dataflow.problems(line(reader, RATE))
    assert (found.code, found.severity, found.element) == ("data_read_before_written", "error", reader.id)
    assert "rate" in found.text["en"] and "rate" in found.text["zh-CN"] and found.mend["en"]
    assert dataflow.problems(line(RATE, reader)) == ()


@pytest.mark.parametrize("words", ["if rate = null then 0 else rate", "null != rate and rate > 1", "[rate = null]"])
def test_what_an_expression_asks_for_null_may_be_missing(words: str) -> None:
    assert dataflow.problems(line(task("Use", form="shows", due=feel(words)), RATE)) == ()


@pytest.mark.parametrize(
    "words", ["if rate = 0 then 0 else 1", "if amount = null then rate else 0", "rate.from = null"]
)
def test_another_question_excuses_nothing(words: str) -> None:
    (found,) = dataflow.problems(line(task("Use", form="shows", due=feel(words)), RATE))
    assert "rate" in found.text["en"]


WRITERS = [
    ("form", RATE),
    ("output", task("Rate", form="shows", outputs=(Mapping(target="rate", source=feel("1")),))),
    ("script", nodes.ScriptTask(id="Rate", script="1", language="feel", result="rate")),
    ("decision", nodes.BusinessRuleTask(id="Rate", decision="d", result="rate")),
]


@pytest.mark.parametrize("writer", [one for _, one in WRITERS], ids=[name for name, _ in WRITERS])
def test_every_kind_of_writer_counts(writer: nodes.AnyNode) -> None:
    assert dataflow.problems(line(writer, USES)) == ()
    assert [one.element for one in dataflow.problems(line(USES, writer))] == ["Use"]


UNKNOWN = [
    ("service", service("Ask")),
    ("message", nodes.CatchEvent(id="Ask", triggers=(triggers.Message(name="m"),))),
    ("call", nodes.CallActivity(id="Ask")),
    ("no form", task("Ask")),
]


@pytest.mark.parametrize("bringer", [one for _, one in UNKNOWN], ids=[name for name, _ in UNKNOWN])
def test_behind_what_brings_anything_it_is_a_warning(bringer: nodes.AnyNode) -> None:
    (found,) = dataflow.problems(line(bringer, USES, RATE))
    assert found.severity == "warning" and "may read" in found.text["en"]


@pytest.mark.parametrize("handler", ["notify", "log"])
def test_a_handler_that_brings_nothing_back_excuses_nothing(handler: str) -> None:
    (found,) = dataflow.problems(line(service("Tell", handler), USES, RATE))
    assert found.severity == "error"


@pytest.mark.parametrize("name", ["amount", "customer", "limit", "somewhere_else"])
def test_what_is_given_from_the_start_or_that_no_step_writes_is_not_told(name: str) -> None:
    program = line(task("Use", performer=Performer(assignee=feel(name))), parameters={"limit": 1})
    assert dataflow.problems(program) == ()


def test_a_condition_is_read_after_its_own_step_has_written() -> None:
    program = line(RATE)
    flows = (program.flows[0], Flow(id="f1", source="Rate", target="End", condition=feel("rate > 1")))
    made = Program(key="p", nodes=program.nodes, flows=flows, forms=program.forms)
    assert dataflow.problems(made) == ()


def test_a_shown_field_does_not_write() -> None:
    (found,) = dataflow.problems(line(task("Show", form="shows"), USES, RATE))
    assert found.element == "Use"


def test_a_way_round_a_loop_counts() -> None:
    """Start > Use > Rate > back to Use, or on: in the second round it is there, so nothing is sure."""
    row = (nodes.StartEvent(id="Start", form="start"), nodes.ExclusiveGateway(id="In"), USES, RATE,
           nodes.ExclusiveGateway(id="Out", default="on"), nodes.EndEvent(id="End"))  # fmt: skip
    pairs = [("a", "Start", "In"), ("b", "In", "Use"), ("c", "Use", "Rate"), ("d", "Rate", "Out"), ("on", "Out", "End")]
    flows = [Flow(id=key, source=source, target=target) for key, source, target in pairs]
    flows.append(Flow(id="back", source="Out", target="In", condition=feel("amount > 1")))
    program = Program(
        key="p", nodes=row, flows=tuple(flows), forms={"start": form("amount"), "rate": form("rate"), "shows": form()}
    )
    assert dataflow.problems(program) == ()


def test_what_is_written_inside_a_sub_process_is_there_behind_it() -> None:
    row = (
        nodes.StartEvent(id="Start", form="start"),
        nodes.SubProcess(id="Sub"),
        nodes.StartEvent(id="In", scope="Sub"),
        task("Rate", form="rate", scope="Sub"),
        nodes.EndEvent(id="Out", scope="Sub"),
        USES,
        nodes.EndEvent(id="End"),
    )
    pairs = [("Start", "Sub"), ("In", "Rate"), ("Rate", "Out"), ("Sub", "Use"), ("Use", "End")]
    flows = tuple(Flow(id=f"f{n}", source=source, target=target) for n, (source, target) in enumerate(pairs))
    forms = {"start": form("amount"), "rate": form("rate"), "shows": form()}
    assert dataflow.problems(Program(key="p", nodes=row, flows=flows, forms=forms)) == ()
    swapped = (Flow(id="a", source="Start", target="Use"), Flow(id="b", source="Use", target="Sub"),
               Flow(id="c", source="Sub", target="End"), *flows[1:3])  # fmt: skip
    assert [one.element for one in dataflow.problems(Program(key="p", nodes=row, flows=swapped, forms=forms))] == [
        "Use"
    ]


def test_an_event_sub_process_reads_what_any_step_of_its_scope_can_have_written() -> None:
    inside = (
        nodes.StartEvent(id="Asked", scope="Sub", triggers=(triggers.Message(name="asked", key=feel("rate")),)),
        task("Inner", scope="Sub", form="shows", performer=READS_RATE),
    )
    sub = nodes.SubProcess(id="Sub", name="Sub", variety="event")
    program = line(RATE)
    with_sub = msgspec.structs.replace(
        program,
        nodes=(sub, *inside, *program.nodes),
        flows=(*program.flows, Flow(id="s1", source="Asked", target="Inner")),
    )
    assert dataflow.problems(with_sub) == ()


def test_what_only_an_event_sub_process_writes_is_not_written_before_it() -> None:
    inside = (
        nodes.StartEvent(id="Asked", scope="Sub", triggers=(triggers.Message(name="asked", key=feel("rate")),)),
        task("Inner", scope="Sub", form="rate"),
    )
    sub = nodes.SubProcess(id="Sub", name="Sub", variety="event")
    program = line(task("Other"))
    with_sub = msgspec.structs.replace(
        program,
        nodes=(sub, *inside, *program.nodes),
        flows=(*program.flows, Flow(id="s1", source="Asked", target="Inner")),
    )
    assert [found.element for found in dataflow.problems(with_sub)] == ["Asked"]


def test_a_variant_that_moves_the_reader_before_the_writer_cannot_be_released() -> None:
    base = line(RATE, USES)
    move = kinds.read(
        [{"id": "early", "kind": "move", "target": "Use", "at": {"before": "Rate"}, "reason": text("faster")}]
    )
    assert prove.problems(base) == ()
    told = prove.problems(compose.program(base, move))
    assert [(one.code, one.severity, one.element) for one in told] == [("data_read_before_written", "error", "Use")]


PLACES = sorted(place.parent for place in (ROOT / "processes").glob("*/process.bpmn"))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_shipped_processes_write_before_they_read(place: Any) -> None:
    loaded = folder.load(place, read=lambda data, file: read.read(data, file=file))
    assert loaded.program is not None
    assert dataflow.problems(loaded.program) == ()
