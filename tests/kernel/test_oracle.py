"""SpiffWorkflow's own runtime as an oracle, where it is right: acyclic models of tasks, exclusive and parallel gateways
and sub-processes. The same tasks open and close in the same order.
"""

from random import Random
from xml.sax.saxutils import quoteattr

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.model import nodes
from engine.model.program import Program
from tests.kernel.case import Case
from tests.kernel.random_models import Block, nested

_TAGS = {
    nodes.StartEvent: "startEvent",
    nodes.EndEvent: "endEvent",
    nodes.UserTask: "userTask",
    nodes.Task: "task",
    nodes.SubProcess: "subProcess",
    nodes.ExclusiveGateway: "exclusiveGateway",
    nodes.ParallelGateway: "parallelGateway",
}


def _kinds(block: Block) -> set[str]:
    return {block.kind}.union(*(_kinds(part) for part in block.parts))


def _models(count: int) -> list[tuple[int, Program]]:
    found: list[tuple[int, Program]] = []
    seed = 0
    while len(found) < count:
        program, block = nested(Random(seed), 3 + seed % 9)
        if _kinds(block) <= {"task", "seq", "and", "xor", "sub"}:
            found.append((seed, program))
        seed += 1
    return found


def _xml(program: Program) -> bytes:
    def inside(scope: str) -> str:
        made = []
        own = {node.id for node in program.nodes if node.scope == scope}
        for node in program.nodes:
            if node.scope != scope:
                continue
            default = getattr(node, "default", "")
            attribute = f" default={quoteattr(default)}" if default else ""
            tag = _TAGS[type(node)]  # type: ignore[index]
            body = inside(node.id) if tag == "subProcess" else ""
            made.append(f"<{tag} id={quoteattr(node.id)}{attribute}>{_ends(program, node.id)}{body}</{tag}>")
        for flow in program.flows:
            if flow.source in own:
                condition = (
                    f"<conditionExpression>{flow.condition.text}</conditionExpression>" if flow.condition else ""
                )
                made.append(
                    f'<sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">'
                    f"{condition}</sequenceFlow>"
                )
        return "".join(made)

    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
        f'<process id="random" isExecutable="true">{inside("")}</process></definitions>'
    ).encode()


def _ends(program: Program, node: str) -> str:
    coming = "".join(f"<incoming>{flow.id}</incoming>" for flow in program.flows if flow.target == node)
    going = "".join(f"<outgoing>{flow.id}</outgoing>" for flow in program.flows if flow.source == node)
    return coming + going


def _spiff(program: Program, r: int) -> BpmnWorkflow:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(_xml(program)))
    spec = parser.get_spec("random")
    workflow = BpmnWorkflow(spec, parser.get_subprocess_specs("random"))
    workflow.data["r"] = r
    for task in workflow.get_tasks(state=TaskState.READY):
        task.data["r"] = r
    workflow.do_engine_steps()
    return workflow


def _open(workflow: BpmnWorkflow) -> dict[str, object]:
    return {task.task_spec.name: task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual}


@pytest.mark.parametrize(("seed", "program"), _models(30), ids=lambda value: str(value)[:8])
def test_the_same_tasks_open_and_close(seed: int, program: Program) -> None:
    random = Random(seed)
    r = random.randrange(12)
    workflow, case = _spiff(program, r), Case(program).start(r=r)
    for _ in range(40):
        theirs = _open(workflow)
        assert case.open() == sorted(theirs), f"seed {seed}"
        if not theirs:
            break
        name = random.choice(sorted(theirs))
        # Spiff copies data along branches, so every open task is told the same r: here that is one variable anyway.
        r = random.randrange(12)
        for task in theirs.values():
            task.data["r"] = r  # type: ignore[attr-defined]
        theirs[name].run()  # type: ignore[attr-defined]
        workflow.do_engine_steps()
        case.complete(name, r=r)
    assert case.ended and workflow.is_completed()
