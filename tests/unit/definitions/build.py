"""Short ways to write programs for the tests of the rules."""

import itertools

from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Flow, Program


def feel(text: str) -> Expression:
    return Expression(text=text)


def flow(source: str, target: str, condition: str = "", **fields) -> Flow:
    made = feel(condition) if condition else None
    return Flow(id=fields.pop("id", f"{source}-{target}"), source=source, target=target, condition=made, **fields)


def program(*parts, **fields) -> Program:
    """Nodes and flows in any order; a flow may be written ``"a > b > c"``."""
    flows = [part for part in parts if isinstance(part, Flow)]
    for text in (part for part in parts if isinstance(part, str)):
        ids = [word.strip() for word in text.split(">")]
        flows.extend(flow(source, target) for source, target in itertools.pairwise(ids))
    found = tuple(part for part in parts if isinstance(part, nodes.Node))
    return Program(key="p", nodes=found, flows=tuple(flows), **fields)


def start(id: str = "start", **fields) -> nodes.StartEvent:
    return nodes.StartEvent(id=id, **fields)


def end(id: str = "end", **fields) -> nodes.EndEvent:
    return nodes.EndEvent(id=id, **fields)


def task(id: str = "task", **fields) -> nodes.Task:
    return nodes.Task(id=id, **fields)
