"""Operations at random that mostly make sense on a given program."""

import random
from typing import Any

from engine.model import nodes
from engine.model.program import Program
from engine.variants import compose
from engine.variants.draft import Draft, Refused
from engine.variants.operations import kinds
from tests.unit.variants.models import text


class Author:
    """Writes operations one after the other, each on what the ones before left."""

    def __init__(self, base: Program, dice: random.Random, *, prefix: str = "v") -> None:
        self.base, self.dice, self.prefix = base, dice, prefix
        self.draft = Draft(base)
        self.count = 0

    def write(self, number: int) -> tuple[kinds.AnyOperation, ...]:
        """At most ``number`` operations, all of which apply."""
        written: list[kinds.AnyOperation] = []
        for _ in range(number * 6):
            if len(written) == number:
                break
            self.count += 1
            (operation,) = kinds.read([self.one()])
            try:
                self.draft = compose.apply(self.draft, operation)
            except Refused:
                continue
            written.append(operation)
        return tuple(written)

    def one(self) -> dict[str, Any]:
        structure = (self.insert, self.delete, self.move, self.replace, self.parallelise, self.optional, self.branch)
        settings = (self.condition, self.form, self.performer, self.sla, self.parameter, self.automate, self.priority)
        make = self.dice.choice((*structure, self.insert, *settings))
        return {"id": f"{self.prefix}{self.count}", "reason": text("why")} | make()

    def step(self) -> str:
        return self.dice.choice(
            [node.id for node in self.draft.nodes.values() if isinstance(node, nodes.Activity)] or ["none_left"]
        )

    def way(self) -> str:
        return self.dice.choice(list(self.draft.flows))

    def at(self) -> dict[str, str]:
        return self.dice.choice([{"after": self.step()}, {"before": self.step()}, {"on": self.way()}])

    def new(self) -> dict[str, Any]:
        if self.dice.random() < 0.5:
            return {"type": "userTask", "names": text("new"), "performer": {"groups": ["g"]}, "form": "a"}
        return {"type": "serviceTask", "names": text("new"), "work": {"handler": "http"}}

    def insert(self) -> dict[str, Any]:
        return {"kind": "insert", "at": self.at(), "node": self.new()}

    def delete(self) -> dict[str, Any]:
        return {"kind": "delete", "target": self.step()}

    def move(self) -> dict[str, Any]:
        return {"kind": "move", "target": self.step(), "at": self.at()}

    def replace(self) -> dict[str, Any]:
        return {"kind": "replace", "target": self.step(), "node": self.new()}

    def parallelise(self) -> dict[str, Any]:
        first = self.step()
        following = [flow.target for flow in self.draft.outgoing(first)]
        return {"kind": "parallelise", "targets": [first, *following[:1]] if following else [first, first + "?"]}

    def optional(self) -> dict[str, Any]:
        return {"kind": "make_optional", "target": self.step(), "condition": f"y > {self.count}"}

    def branch(self) -> dict[str, Any]:
        gateways = [node.id for node in self.draft.nodes.values() if isinstance(node, nodes.ExclusiveGateway)]
        if not gateways:
            return self.insert()
        split = self.dice.choice(gateways)
        reached = [flow.target for flow in self.draft.outgoing(split)]
        goals = [flow.target for way in reached for flow in self.draft.outgoing(way)] or [split]
        goal = {"to": self.dice.choice(goals), "target": split}
        return {"kind": "add_branch", "condition": f"z > {self.count}", **goal}

    def condition(self) -> dict[str, Any]:
        return {"kind": "set_condition", "target": self.way(), "condition": f"c > {self.dice.randint(1, 3)}"}

    def form(self) -> dict[str, Any]:
        return {"kind": "set_form", "target": self.step(), "form": self.dice.choice(["a", "b"])}

    def performer(self) -> dict[str, Any]:
        who = self.dice.choice([{"groups": ["ka"]}, {"assignee": "=customer.owner"}, {"skill": "english"}])
        return {"kind": "set_performer", "target": self.step(), "performer": who}

    def sla(self) -> dict[str, Any]:
        return {"kind": "set_sla", "target": self.step(), "promise": {"duration": f"PT{self.dice.randint(1, 3)}H"}}

    def parameter(self) -> dict[str, Any]:
        return {"kind": "set_parameter", "target": "limit", "value": self.dice.randint(1, 3)}

    def automate(self) -> dict[str, Any]:
        return {"kind": "automate", "target": self.step(), "work": {"handler": "http"}}

    def priority(self) -> dict[str, Any]:
        return {"kind": "set_priority", "target": self.step(), "priority": self.dice.randint(1, 99)}
