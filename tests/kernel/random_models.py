"""Random models: nested ones, built as trees of blocks, and unstructured ones, built as any graph.

Every choice looks at the variable ``r``, which the test sets with each completion.
"""

import itertools
from dataclasses import dataclass, field
from random import Random

import msgspec

from engine.model import nodes
from engine.model.program import Flow, Program
from tests.kernel.models import feel


@dataclass
class Block:
    """``kind``: task, seq, and, xor, or, loop, sub, many. Conditions of xor, or and loop by branch."""

    kind: str
    id: str
    parts: list["Block"] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    """One for each part; the last part of xor and or is the default and has none."""
    count: int = 0


def nested(random: Random, size: int = 12) -> tuple[Program, Block]:
    builder = _Builder(random)
    block = builder.block(size)
    return builder.program(block), block


class _Builder:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.number = 0
        self.nodes: list[nodes.Node] = []
        self.flows: list[Flow] = []

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def block(self, size: int, depth: int = 0) -> Block:
        random = self.random
        if size <= 1 or depth > 4:
            return Block("task", self.name("t"))
        kind = random.choice(["seq", "seq", "and", "xor", "or", "loop", "sub", "many"])
        made = Block(kind, self.name(kind))
        if kind in ("loop", "sub"):
            made.parts = [self.block(size - 1, depth + 1)]
            made.conditions = [f"r % 4 == {random.randrange(4)}"]
        elif kind == "many":
            made.count = random.randrange(1, 4)
        else:
            count = random.randrange(2, 4)
            made.parts = [self.block(size // count, depth + 1) for _ in range(count)]
            made.conditions = [f"r % {random.randrange(2, 4)} == {random.randrange(2)}" for _ in made.parts]
        return made

    def program(self, block: Block) -> Program:
        self.nodes = [nodes.StartEvent(id="start"), nodes.EndEvent(id="end")]
        first, last = self.draw(block, "")
        self.flow("start", first)
        self.flow(last, "end")
        return Program(key="random", nodes=tuple(self.nodes), flows=tuple(self.flows))  # type: ignore[arg-type]

    def flow(self, source: str, target: str, condition: str = "") -> str:
        made = Flow(
            id=f"f{len(self.flows)}", source=source, target=target, condition=feel(condition) if condition else None
        )
        self.flows.append(made)
        return made.id

    def draw(self, block: Block, scope: str) -> tuple[str, str]:
        """First and last node of the drawn block."""
        if block.kind == "task":
            self.nodes.append(nodes.UserTask(id=block.id, scope=scope))
            return block.id, block.id
        if block.kind == "many":
            loop = nodes.MultiInstance(cardinality=feel(str(block.count)))
            self.nodes.append(nodes.UserTask(id=block.id, scope=scope, loop=loop))
            return block.id, block.id
        if block.kind == "sub":
            self.nodes.append(nodes.SubProcess(id=block.id, scope=scope))
            inner = f"{block.id}_start"
            self.nodes.append(nodes.StartEvent(id=inner, scope=block.id))
            first, last = self.draw(block.parts[0], block.id)
            self.flow(inner, first)
            self.nodes.append(nodes.EndEvent(id=f"{block.id}_end", scope=block.id))
            self.flow(last, f"{block.id}_end")
            return block.id, block.id
        drawn = [self.draw(part, scope) for part in block.parts]
        if block.kind == "seq":
            for (_, before), (after, _) in itertools.pairwise(drawn):
                self.flow(before, after)
            return drawn[0][0], drawn[-1][1]
        if block.kind == "loop":
            return self.loop(block, drawn[0], scope)
        return self.split(block, drawn, scope)

    def loop(self, block: Block, inner: tuple[str, str], scope: str) -> tuple[str, str]:
        merge, again, after = f"{block.id}_m", f"{block.id}_x", f"{block.id}_a"
        self.flow(merge, inner[0])
        self.flow(inner[1], again)
        self.flow(again, merge, block.conditions[0])
        default = self.flow(again, after)
        self.nodes += [
            nodes.ExclusiveGateway(id=merge, scope=scope),
            nodes.ExclusiveGateway(id=again, scope=scope, default=default),
            nodes.Task(id=after, scope=scope),
        ]
        return merge, after

    def split(self, block: Block, drawn: list[tuple[str, str]], scope: str) -> tuple[str, str]:
        kind = {
            "and": nodes.ParallelGateway,
            "xor": nodes.ExclusiveGateway,
            "or": nodes.InclusiveGateway,
        }[block.kind]
        fork, join = f"{block.id}_f", f"{block.id}_j"
        default = ""
        for index, (first, last) in enumerate(drawn):
            is_default = index == len(drawn) - 1 and block.kind != "and"
            made = self.flow(fork, first, "" if block.kind == "and" or is_default else block.conditions[index])
            default = made if is_default else default
            self.flow(last, join)
        self.nodes += [kind(id=fork, scope=scope, default=default), kind(id=join, scope=scope)]
        return fork, join


def unstructured(random: Random, size: int = 10) -> Program:
    """Any graph of tasks and gateways, every node on a way from the start; sound or not."""
    kinds = ["task", "task", "task", "xor", "xor", "and", "or"]
    made: list[nodes.Node] = [nodes.StartEvent(id="start"), nodes.EndEvent(id="end")]
    flows: list[tuple[str, str]] = []
    names = []
    for number in range(size):
        kind = random.choice(kinds)
        name = f"{kind}{number}"
        names.append(name)
        flows.append((random.choice(["start", *names[:-1]]) if number else "start", name))
    for _ in range(random.randrange(size)):
        flows.append((random.choice(names), random.choice([*names, "end"])))
    for name in names:
        if not any(source == name for source, _ in flows):
            flows.append((name, random.choice(["end", "end", *names])))
    drawn: list[Flow] = []
    for index, (source, target) in enumerate(flows):
        leaving = [flow for flow in flows if flow[0] == source]
        is_last = leaving and flows.index((source, target)) == index and leaving[-1] == (source, target)
        conditional = source.startswith(("xor", "or")) and len(leaving) > 1 and not is_last
        condition = feel(f"r % {random.randrange(2, 4)} == {random.randrange(2)}") if conditional else None
        drawn.append(Flow(id=f"f{index}", source=source, target=target, condition=condition))
    classes = {"task": nodes.UserTask, "xor": nodes.ExclusiveGateway, "and": nodes.ParallelGateway,
               "or": nodes.InclusiveGateway}  # fmt: skip
    for name in names:
        kind = name.rstrip("0123456789")
        default = next((flow.id for flow in reversed(drawn) if flow.source == name and flow.condition is None), "")
        more = {"default": default} if kind in ("xor", "or") else {}
        made.append(classes[kind](id=name, **more))  # type: ignore[abstract]
    return Program(key="random", nodes=tuple(made), flows=tuple(drawn))  # type: ignore[arg-type]


def with_errands(program: Program, random: Random) -> Program:
    """The same with errands beside some of its nodes and flows, and sometimes at its end."""

    def errands() -> tuple[nodes.Errand, ...]:
        chosen = random.sample(("enter", "inputs", "start", "end", "leave"), random.choice((0, 0, 1, 2)))
        return tuple(nodes.Errand(at=at, work=nodes.Work(handler=f"beside {at}")) for at in chosen)  # type: ignore[arg-type]

    def works() -> tuple[nodes.Work, ...]:
        return tuple(nodes.Work(handler=f"on the way {number}") for number in range(random.choice((0, 0, 0, 1, 2))))

    laden = tuple(msgspec.structs.replace(node, errands=errands()) for node in program.nodes)
    flows = tuple(msgspec.structs.replace(flow, errands=works()) for flow in program.flows)
    return msgspec.structs.replace(program, nodes=laden, flows=flows, errands=works())
