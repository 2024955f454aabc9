"""An oracle for flat models of tasks and gateways: the token game of BPMN 2.0, chapter 13, on a marking of flows.

Written for clarity, not speed, and without the kernel: tokens lie on flows or in tasks; a join fires when its rule
holds; the inclusive rule is checked by walking every path.
"""

from collections import Counter

from engine.model import nodes
from engine.model.program import Flow, Program
from tests.kernel.case import START
from tests.kernel.evaluator import PlainEvaluator

_EVALUATOR = PlainEvaluator()


class Endless(Exception):
    """The model loops without ever waiting."""


class Game:
    def __init__(self, program: Program, r: int) -> None:
        self.nodes = {node.id: node for node in program.nodes}
        self.flows = program.flows
        self.r = r
        self.marking: Counter[str] = Counter()
        self.tasks: Counter[str] = Counter()
        self._leave("start")
        self._play()

    @property
    def over(self) -> bool:
        return not self.tasks and not self.marking

    def open(self) -> list[str]:
        return sorted(self.tasks.elements())

    def complete(self, task: str, r: int) -> None:
        self.r = r
        self._less(self.tasks, task)
        self._leave(task)
        self._play()

    def stuck(self) -> list[str]:
        """Where tokens wait in vain, by the node they lie before."""
        return sorted(self._flow(name).target for name in self.marking.elements())

    def _play(self) -> None:
        for _ in range(3000):
            if not (self._move_one() or self._join_one()):
                return
        raise Endless

    def _move_one(self) -> bool:
        for flow in self.flows:
            node = self.nodes[flow.target]
            if not self.marking[flow.id] or (self._joins(node) and not isinstance(node, nodes.ParallelGateway)):
                continue
            if isinstance(node, nodes.ParallelGateway):
                entering = self._entering(node.id)
                if not all(self.marking[other.id] for other in entering):
                    continue
                for other in entering:
                    self._less(self.marking, other.id)
            else:
                self._less(self.marking, flow.id)
            self._at(node)
            return True
        return False

    def _join_one(self) -> bool:
        for node in self.nodes.values():
            if isinstance(node, nodes.InclusiveGateway) and self._joins(node) and self._inclusive_may(node):
                for flow in self._entering(node.id):
                    if self.marking[flow.id]:
                        self._less(self.marking, flow.id)
                self._leave(node.id)
                return True
        return False

    def _inclusive_may(self, node: nodes.Node) -> bool:
        entering = self._entering(node.id)
        full = {flow.id for flow in entering if self.marking[flow.id]}
        empty = {flow.id for flow in entering} - full
        if not full:
            return False
        starts = [flow.target for flow in self.flows if self.marking[flow.id] and flow.target != node.id]
        for place in starts + list(self.tasks):
            reached = self._reached(place, without=node.id)
            if reached & empty and not reached & full:
                return False
        return True

    def _reached(self, place: str, without: str) -> set[str]:
        """Flows on paths from ``place`` that do not pass ``without``."""
        seen: set[str] = set()
        todo = [place]
        visited = set()
        while todo:
            here = todo.pop()
            if here in visited or here == without:
                continue
            visited.add(here)
            for flow in self.flows:
                if flow.source == here:
                    seen.add(flow.id)
                    todo.append(flow.target)
        return seen

    def _at(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.UserTask):
            self.tasks[node.id] += 1
        elif isinstance(node, nodes.Task) or not isinstance(node, nodes.EndEvent):
            self._leave(node.id)

    def _leave(self, name: str) -> None:
        node = self.nodes[name]
        leaving = [flow for flow in self.flows if flow.source == name]
        if isinstance(node, nodes.ParallelGateway):
            chosen = leaving
        else:
            default = getattr(node, "default", "")
            chosen = [flow for flow in leaving if flow.id != default and self._holds(flow)]
            if isinstance(node, nodes.ExclusiveGateway):
                chosen = chosen[:1]
            chosen = chosen or [flow for flow in leaving if flow.id == default]
        for flow in chosen:
            self.marking[flow.id] += 1

    def _holds(self, flow: Flow) -> bool:
        return flow.condition is None or _EVALUATOR.condition(flow.condition, {"r": self.r}, START)

    def _joins(self, node: nodes.Node) -> bool:
        return isinstance(node, nodes.ParallelGateway | nodes.InclusiveGateway) and len(self._entering(node.id)) > 1

    def _entering(self, name: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == name]

    def _flow(self, name: str) -> Flow:
        return next(flow for flow in self.flows if flow.id == name)

    @staticmethod
    def _less(counter: Counter[str], name: str) -> None:
        counter[name] -= 1
        if not counter[name]:
            del counter[name]
