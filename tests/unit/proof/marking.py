"""An oracle for the proof: every run of a flat model of tasks and gateways, by the token game of BPMN 2.0, chapter 13.

Written without the kernel and without the proof's short cuts: a state is the open tasks and what lies before joins,
every condition may hold or not, every task may be the next to be completed.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from engine.model import nodes
from engine.model.program import Flow, Program

MOST = 3_000


class TooMany(Exception):
    """More states than a test should wait for."""


class State(NamedTuple):
    tasks: tuple[str, ...]
    """Open ones, sorted; the same twice when it is open twice."""
    before: tuple[str, ...]
    """Flows whose token waits before a join, sorted."""

    @property
    def over(self) -> bool:
        return not self.tasks and not self.before

    @property
    def twice(self) -> bool:
        return len(set(self.tasks)) < len(self.tasks) or len(set(self.before)) < len(self.before)

    @property
    def stuck(self) -> bool:
        return not self.tasks and bool(self.before)


class Marking:
    def __init__(self, program: Program) -> None:
        self.nodes = {node.id: node for node in program.nodes}
        self.leaving: dict[str, list[Flow]] = {name: [] for name in self.nodes}
        self.entering: dict[str, list[Flow]] = {name: [] for name in self.nodes}
        self.flows = {flow.id: flow for flow in program.flows}
        for flow in program.flows:
            self.leaving[flow.source].append(flow)
            self.entering[flow.target].append(flow)
        self.passed: set[str] = set()

    def states(self) -> tuple[set[State], dict[State, set[State]]]:
        """All of them, and which follow which; nothing is looked for behind one in which something is open twice."""
        first = self.first()
        known, after, todo = set(first), {}, list(first)
        while todo:
            state = todo.pop()
            after[state] = set() if state.twice else set(self._following(state))
            todo += after[state] - known
            known |= after[state]
            if len(known) > MOST:
                raise TooMany
        return known, after

    def first(self) -> set[State]:
        return self._settled("start", State((), ()))

    def moves(self, state: State) -> Iterator[tuple[str, set[State]]]:
        """Each open task with the states that its completion may lead to."""
        for task in sorted(set(state.tasks)):
            rest = list(state.tasks)
            rest.remove(task)
            yield task, self._settled(task, State(tuple(rest), state.before))

    def _following(self, state: State) -> Iterator[State]:
        for _, found in self.moves(state):
            yield from found

    def _settled(self, left: str, state: State) -> set[State]:
        """Every state of rest that a token leaving ``left`` may lead to."""
        found: set[State] = set()
        todo = [(tuple(flow.id for flow in flows), state) for flows in self._ways(left)]
        seen = set(todo)
        while todo:
            moving, state = todo.pop()
            steps = self._arrive(moving, state) if moving else self._join(state)
            if steps is None:
                found.add(state)
                continue
            for step in steps:
                if step not in seen:
                    seen.add(step)
                    todo.append(step)
            if len(seen) > MOST:
                raise TooMany
        return found

    def _arrive(self, moving: tuple[str, ...], state: State) -> list[tuple[tuple[str, ...], State]]:
        flow, rest = moving[0], moving[1:]
        node = self.nodes[self.flows[flow].target]
        self.passed.add(node.id)
        if isinstance(node, nodes.UserTask):
            return [(rest, State(tuple(sorted((*state.tasks, node.id))), state.before))]
        if isinstance(node, nodes.EndEvent):
            return [(rest, state)]
        if not self._joins(node):
            return [((*rest, *(flow.id for flow in flows)), state) for flows in self._ways(node.id)]
        before = Counter((*state.before, flow))
        if isinstance(node, nodes.ParallelGateway) and all(before[one.id] for one in self.entering[node.id]):
            before -= Counter(one.id for one in self.entering[node.id])
            after = State(state.tasks, tuple(sorted(before.elements())))
            return [((*rest, *(flow.id for flow in flows)), after) for flows in self._ways(node.id)]
        return [(rest, State(state.tasks, tuple(sorted(before.elements()))))]

    def _join(self, state: State) -> list[tuple[tuple[str, ...], State]] | None:
        """The first inclusive join that may go, when nothing else moves."""
        for node in self.nodes.values():
            if isinstance(node, nodes.InclusiveGateway) and self._joins(node) and self._may(node.id, state):
                before = Counter(state.before)
                before -= Counter(flow.id for flow in self.entering[node.id])
                after = State(state.tasks, tuple(sorted(before.elements())))
                return [(tuple(flow.id for flow in flows), after) for flows in self._ways(node.id)]
        return None

    def _may(self, join: str, state: State) -> bool:
        full = {flow.id for flow in self.entering[join]} & set(state.before)
        empty = {flow.id for flow in self.entering[join]} - full
        places = [*state.tasks, *(self.flows[flow].target for flow in state.before)]
        reached = [self._reached(place, join) for place in places if place != join]
        return bool(full) and not any(ways & empty and not ways & full for ways in reached)

    def _reached(self, place: str, join: str) -> set[str]:
        found, todo, seen = set(), [place], {join}
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                found |= {flow.id for flow in self.leaving[here]}
                todo += [flow.target for flow in self.leaving[here]]
        return found

    def _ways(self, name: str) -> Iterator[list[Flow]]:
        """What may be taken out of a node, each condition being open."""
        node, flows = self.nodes[name], self.leaving[name]
        default = [flow for flow in flows if flow.id == getattr(node, "default", "")]
        others = [flow for flow in flows if flow not in default]
        if isinstance(node, nodes.ExclusiveGateway):
            for flow in others:
                yield [flow]
                if flow.condition is None:
                    return
            yield default
        elif isinstance(node, nodes.InclusiveGateway):
            sure = [flow for flow in others if flow.condition is None]
            open_ones = [flow for flow in others if flow.condition is not None]
            for count in range(len(open_ones) + 1):
                for some in itertools.combinations(open_ones, count):
                    yield [flow for flow in flows if flow in sure or flow in some] or default
        else:
            yield flows

    def _joins(self, node: nodes.Node) -> bool:
        gateway = isinstance(node, nodes.ParallelGateway | nodes.InclusiveGateway)
        return gateway and len(self.entering[node.id]) > 1


def faults(program: Program) -> set[str]:
    """What is wrong over all runs, in the proof's words: of ends and steps only where nothing worse is wrong."""
    marking = Marking(program)
    known, after = marking.states()
    found = {"lack_of_synchronisation"} if any(state.twice for state in known) else set()
    found |= {"deadlock"} if any(state.stuck for state in known) else set()
    if found:
        return found
    good = {state for state in known if state.over}
    while more := {state for state in known - good if after[state] & good}:
        good |= more
    if good != known:
        return {"no_option_to_complete"}
    return {"dead_step"} if {*marking.nodes} - marking.passed - {"start"} else set()


def never_rests(program: Program) -> bool:
    """A circle without a task in it: no run comes to rest there, which is another fault than these."""
    ways: dict[str, list[str]] = {}
    kinds = {node.id: node for node in program.nodes}
    for flow in program.flows:
        if not isinstance(kinds[flow.target], nodes.UserTask):
            ways.setdefault(flow.source, []).append(flow.target)

    def back(name: str) -> bool:
        seen, todo = set(), list(ways.get(name, ()))
        while todo:
            here = todo.pop()
            if here == name:
                return True
            if here not in seen:
                seen.add(here)
                todo += ways.get(here, ())
        return False

    return any(back(name) for name in kinds)
