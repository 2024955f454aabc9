"""Small models for tests, told in a few words."""

import itertools
from typing import Any

from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.program import Flow, Program

KINDS: dict[str, type[nodes.Node]] = {
    "start": nodes.StartEvent,
    "end": nodes.EndEvent,
    "catch": nodes.CatchEvent,
    "throw": nodes.ThrowEvent,
    "boundary": nodes.BoundaryEvent,
    "task": nodes.Task,
    "manual": nodes.ManualTask,
    "user": nodes.UserTask,
    "service": nodes.ServiceTask,
    "send": nodes.SendTask,
    "receive": nodes.ReceiveTask,
    "script": nodes.ScriptTask,
    "rule": nodes.BusinessRuleTask,
    "call": nodes.CallActivity,
    "sub": nodes.SubProcess,
    "xor": nodes.ExclusiveGateway,
    "and": nodes.ParallelGateway,
    "or": nodes.InclusiveGateway,
    "complex": nodes.ComplexGateway,
    "event": nodes.EventBasedGateway,
}


def feel(text: str) -> Expression:
    return Expression(text=text, language="feel")


def literal(text: str) -> Expression:
    return Expression(text=text, language="literal")


def mapping(target: str, source: str) -> Mapping:
    return Mapping(target=target, source=feel(source))


def node(words: str, **more: Any) -> Any:
    """``node("user review", scope="sub")``: kind and id."""
    kind, node_id = words.split()
    return KINDS[kind](id=node_id, **more)


def flows(*lines: str) -> tuple[Flow, ...]:
    """``"a > b > c"`` joins three nodes; ``"a > b: x = 1"`` has a condition. A flow's id is ``source_target``."""
    made: list[Flow] = []
    for line in lines:
        path, _, condition = line.partition(":")
        names = [name.strip() for name in path.split(">")]
        for source, target in itertools.pairwise(names):
            flow_id = f"{source}_{target}"
            while any(flow.id == flow_id for flow in made):
                flow_id += "_"
            made.append(
                Flow(
                    id=flow_id,
                    source=source,
                    target=target,
                    condition=feel(condition.strip()) if condition else None,
                )
            )
    return tuple(made)


def program(*made: Any, flow: tuple[str, ...] | list[str] = (), key: str = "p", **more: Any) -> Program:
    """``made``: nodes, or their words. ``flow``: see ``flows``."""
    drawn = tuple(node(one) if isinstance(one, str) else one for one in made)
    return Program(key=key, nodes=drawn, flows=flows(*flow), **more)


def message(name: str, **more: Any) -> triggers.Message:
    return triggers.Message(name=name, **more)


def signal(name: str) -> triggers.Signal:
    return triggers.Signal(name=literal(name))


def timer(text: str, kind: str = "duration", **more: Any) -> triggers.Timer:
    return triggers.Timer(kind=kind, text=literal(text), **more)  # type: ignore[arg-type]


def condition(text: str, variable: str = "") -> triggers.Conditional:
    return triggers.Conditional(condition=feel(text), variable=variable)
