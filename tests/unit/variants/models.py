"""Programs by hand and at random, for the tests of variants and proofs."""

import random
from typing import Any

import msgspec

from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.performer import Performer, Promise, Worth
from engine.model.program import Flow, Program

FORM = {"type": "object", "properties": {"outcome": {"enum": ["yes", "no"], "x-ui": {"widget": "actions"}}}}


def text(words: str) -> dict[str, str]:
    return {"zh-CN": words + "。", "en": words}


def task(node_id: str, **fields: Any) -> nodes.UserTask:
    return nodes.UserTask(id=node_id, name=node_id, texts=text(node_id), **fields)


def flow(flow_id: str, source: str, target: str, condition: str = "") -> Flow:
    return Flow(id=flow_id, source=source, target=target, condition=Expression(text=condition) if condition else None)


def quote() -> Program:
    """Start > Configure > Check > [discount > 10: Approve] > fork(Price, Stock) > Send > End; Approve has a timer."""
    desk = Performer(groups=(Expression(text="desk", language="literal"),))
    return Program(
        key="SFA-03",
        nodes=(
            nodes.StartEvent(id="Start"),
            task("Configure", performer=desk, promise=Promise(duration="PT4H", calendar="cn-5x8")),
            nodes.BusinessRuleTask(id="Check", name="Check", decision="level", result="level"),
            nodes.ExclusiveGateway(id="Big", name="Big?", default="small"),
            task("Approve", performer=desk, form="approve", actions=("yes", "no"), promise=Promise(duration="P1D")),
            nodes.BoundaryEvent(id="Late", attached_to="Approve", interrupting=False, triggers=(timer("PT4H"),)),
            nodes.SendTask(id="Remind", name="Remind", work=nodes.Work(handler="notify")),
            nodes.EndEvent(id="Reminded"),
            nodes.ExclusiveGateway(id="Merge"),
            nodes.ParallelGateway(id="Fork"),
            task("Price", performer=desk, worth=Worth(tag="BVA", touch_minutes=5)),
            nodes.ServiceTask(id="Stock", name="Stock", work=nodes.Work(handler="http")),
            nodes.ParallelGateway(id="Join"),
            nodes.SendTask(id="Send", name="Send", work=nodes.Work(handler="notify")),
            nodes.EndEvent(id="End"),
        ),
        flows=(
            flow("f1", "Start", "Configure"),
            flow("f2", "Configure", "Check"),
            flow("f3", "Check", "Big"),
            flow("big", "Big", "Approve", "discount > 10"),
            flow("small", "Big", "Merge"),
            flow("f4", "Approve", "Merge"),
            flow("f5", "Late", "Remind"),
            flow("f6", "Remind", "Reminded"),
            flow("f7", "Merge", "Fork"),
            flow("p1", "Fork", "Price"),
            flow("p2", "Fork", "Stock"),
            flow("p3", "Price", "Join"),
            flow("p4", "Stock", "Join"),
            flow("f8", "Join", "Send"),
            flow("f9", "Send", "End"),
        ),
        forms={"approve": FORM, "other": FORM},
        decisions={"level": "<definitions/>", "auto": "<definitions/>"},
        parameters={"limit": 10},
    )


def scored() -> Program:
    """The quotation with a script and a call behind it, so that every kind of operation has something to change."""
    program = quote()
    more = (
        nodes.ScriptTask(id="Score", name="Score", script="2", language="feel", result="score"),
        nodes.CallActivity(id="Ship", name="Ship", called=Expression(text="X-02", language="literal")),
    )
    flows = tuple(msgspec.structs.replace(flow, target="Score") if flow.id == "f9" else flow for flow in program.flows)
    tail = (Flow(id="f10", source="Score", target="Ship"), Flow(id="f11", source="Ship", target="End"))
    return msgspec.structs.replace(program, nodes=(*program.nodes, *more), flows=(*flows, *tail))


def timer(duration: str) -> Any:
    return triggers.Timer(kind="duration", text=Expression(text=duration, language="literal"))


class Random:
    """A block-structured sound program: sequences, choices, parallel blocks, loops, sub-processes."""

    def __init__(self, seed: int, *, size: int = 12) -> None:
        self.dice = random.Random(seed)
        self.left = size
        self.nodes: list[nodes.AnyNode] = [nodes.StartEvent(id="Start")]
        self.flows: list[Flow] = []
        self.count = 0

    def program(self) -> Program:
        last = self.sequence("Start", depth=0, scope="")
        self.nodes.append(nodes.EndEvent(id="End"))
        self.link(last, "End")
        return Program(
            key="R",
            nodes=tuple(self.nodes),
            flows=tuple(self.flows),
            forms={"a": FORM, "b": FORM},
            parameters={"limit": 1},
        )

    def sequence(self, before: str, *, depth: int, scope: str) -> str:
        for _ in range(self.dice.randint(1, 3)):
            before = self.block(before, depth=depth, scope=scope)
        return before

    def block(self, before: str, *, depth: int, scope: str) -> str:
        shape = self.dice.choice(["task", "task", "choice", "parallel", "loop", "inside", "late"])
        if self.left <= 0 or depth > 2:
            shape = "task"
        return str(getattr(self, shape)(before, depth, scope))

    def new(self, kind: type[Any], scope: str, letter: str = "", **fields: Any) -> str:
        self.count += 1
        node_id = f"{letter or kind.__name__[0]}{self.count}"
        self.nodes.append(kind(id=node_id, scope=scope, name=node_id, **fields))
        return node_id

    def link(self, source: str, target: str, condition: str = "") -> str:
        self.flows.append(flow(f"f{len(self.flows) + 1}", source, target, condition))
        return self.flows[-1].id

    def task(self, before: str, depth: int, scope: str) -> str:
        self.left -= 1
        node_id = self.new(nodes.UserTask, scope, performer=Performer(), form="a")
        self.link(before, node_id)
        return node_id

    def choice(self, before: str, depth: int, scope: str) -> str:
        split, join = self.new(nodes.ExclusiveGateway, scope, "X"), self.new(nodes.ExclusiveGateway, scope, "M")
        self.link(before, split)
        for number in range(self.dice.randint(2, 3)):
            start = len(self.flows)
            last = self.sequence(split, depth=depth + 1, scope=scope)
            self.link(last, join)
            first = self.flows[start]
            if number:
                self.flows[start] = flow(first.id, first.source, first.target, f"x > {number}")
            else:
                position = next(index for index, node in enumerate(self.nodes) if node.id == split)
                self.nodes[position] = nodes.ExclusiveGateway(id=split, scope=scope, name=split, default=first.id)
        return join

    def parallel(self, before: str, depth: int, scope: str) -> str:
        split, join = self.new(nodes.ParallelGateway, scope, "F"), self.new(nodes.ParallelGateway, scope, "J")
        self.link(before, split)
        for _ in range(self.dice.randint(2, 3)):
            self.link(self.sequence(split, depth=depth + 1, scope=scope), join)
        return join

    def loop(self, before: str, depth: int, scope: str) -> str:
        back = self.new(nodes.ExclusiveGateway, scope, "L")
        self.link(before, back)
        last = self.sequence(back, depth=depth + 1, scope=scope)
        split = self.new(nodes.ExclusiveGateway, scope, "B")
        self.link(last, split)
        self.link(split, back, "again")
        after = self.new(nodes.UserTask, scope, form="a")
        onward = self.link(split, after)
        position = next(index for index, node in enumerate(self.nodes) if node.id == split)
        self.nodes[position] = nodes.ExclusiveGateway(id=split, scope=scope, name=split, default=onward)
        return after

    def inside(self, before: str, depth: int, scope: str) -> str:
        sub = self.new(nodes.SubProcess, scope, "S")
        self.link(before, sub)
        start = self.new(nodes.StartEvent, sub, "O")
        last = self.sequence(start, depth=depth + 1, scope=sub)
        self.link(last, self.new(nodes.EndEvent, sub, "E"))
        return sub

    def late(self, before: str, depth: int, scope: str) -> str:
        node_id = self.task(before, depth, scope)
        event = self.new(
            nodes.BoundaryEvent, scope, "D", attached_to=node_id, interrupting=False, triggers=(timer("PT1H"),)
        )
        remind = self.new(nodes.SendTask, scope, "N", work=nodes.Work(handler="notify"))
        self.link(event, remind)
        self.link(remind, self.new(nodes.EndEvent, scope, "Z"))
        return node_id
