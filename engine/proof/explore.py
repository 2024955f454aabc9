"""All states of a program that the kernel's own moves lead to, and how each was reached."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from engine import facts
from engine.kernel import stimuli
from engine.kernel.evaluator import Variables
from engine.kernel.graph import Plan
from engine.kernel.plan import compile_program
from engine.kernel.state import INCIDENT, JOB, State
from engine.kernel.step import step
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Program
from engine.model.text import Text

STANDSTILL = "join_in_vain"
"""The kernel's incident at a join for which nothing can come any more."""
MOST_STATES = 20_000
MOST_OUTCOMES = 2_000
"""Of the conditions within one step."""
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Budget(Exception):
    """More states than may be looked at."""


class Move(msgspec.Struct, frozen=True):
    """One stimulus and what it did: the screen replays these one after the other."""

    node: str
    """The step that was completed or the event that happened; empty for the start."""
    done: frozenset[str]
    """Activities and events that were passed or completed."""
    begun: frozenset[str]
    flows: tuple[str, ...]


class Edge(msgspec.Struct, frozen=True):
    source: int
    target: int
    move: Move


class Space(msgspec.Struct, kw_only=True):
    """States are numbers; 0 is before the start. ``reached`` is the edge by which each was found first."""

    states: list[State | None]
    edges: list[Edge]
    reached: dict[int, Edge]
    ended: set[int]
    entered: set[str]

    def path(self, state: int) -> tuple[Move, ...]:
        moves: list[Move] = []
        while state in self.reached:
            edge = self.reached[state]
            moves.append(edge.move)
            state = edge.source
        return tuple(reversed(moves))


class Oracle:
    """Answers each condition both ways: the answers so far are given, later ones are no and are written down."""

    def __init__(self, given: tuple[bool, ...]) -> None:
        self.given = given
        self.asked = 0

    def condition(self, expression: Expression, variables: Variables, now: datetime) -> bool:
        self.asked += 1
        return self.asked <= len(self.given) and self.given[self.asked - 1]

    def value(self, expression: Expression, variables: Variables, now: datetime) -> Any:
        return None

    def doubts(self, expression: Expression, variables: Variables, now: datetime) -> tuple[Text, ...]:
        return ()

    def script(self, language: str, text: str, variables: Variables, now: datetime) -> tuple[Any, dict[str, Any]]:
        return None, {}

    def decide(self, dmn: str, decision: str, variables: Variables, now: datetime) -> tuple[Any, tuple[str, ...]]:
        return None, ()


def explore(program: Program, *, full: bool, most: int = MOST_STATES) -> Space:
    """``full`` False moves only the most upstream token: it finds every deadlock and every lack of synchronisation of
    programs without inclusive joins, in far fewer states. Nothing is looked for behind a state in which something is
    open twice: that is a fault, or a side branch that ran before. Raises Budget beyond ``most`` states."""
    plan = compile_program(program)
    rank = _ranks(program)
    space = Space(states=[None], edges=[], reached={}, ended=set(), entered=set())
    known: dict[Any, int] = {}
    open_states = [0]
    while open_states:
        source = open_states.pop()
        for stimulus, node in _stimuli(plan, space.states[source], rank, full=full):
            for after, happened in _outcomes(plan, space.states[source], stimulus):
                move = _move(node, happened)
                key = _key(after)
                target = known.get(key)
                if target is None:
                    target = known[key] = len(space.states)
                    if target > most:
                        raise Budget
                    space.states.append(after)
                    if after.ended:
                        space.ended.add(target)
                    elif twice(after) is None:
                        open_states.append(target)
                edge = Edge(source, target, move)
                space.edges.append(edge)
                if target and target != source:
                    space.reached.setdefault(target, edge)
                space.entered |= move.begun | move.done
    return space


def twice(state: State) -> tuple[str, int] | None:
    """A ``node`` where two tokens of one scope stand, or a ``flow`` over which two came to a join; by index."""
    seen: set[tuple[int, int]] = set()
    for token in state.tokens.values():
        if (token.scope, token.node) in seen:
            return "node", token.node
        seen.add((token.scope, token.node))
    for scope in state.scopes.values():
        for flow, count in scope.arrivals.items():
            if flow >= 0 and count > 1:
                return "flow", flow
    return None


def standstill(state: State) -> int | None:
    """The index of a join that waits in vain."""
    return next((kept.node for kept in state.waits.values() if kept.kind == INCIDENT and kept.name == STANDSTILL), None)


def _stimuli(
    plan: Plan, state: State | None, rank: dict[str, int], *, full: bool
) -> Iterator[tuple[stimuli.AnyStimulus, str]]:
    """What can happen next, with the node where it happens."""
    if state is None:
        for node in plan.program.nodes:
            if isinstance(node, nodes.StartEvent) and not node.scope:
                yield stimuli.Start(node=node.id), ""
        return
    if state.ended:
        return
    waits = {number: kept for number, kept in state.waits.items() if kept.kind != INCIDENT}
    if not full and waits:
        standing = {kept.token: plan.nodes[state.tokens[kept.token].node].id for kept in waits.values()}
        first = min(standing, key=lambda token: (rank[standing[token]], token))
        waits = {number: kept for number, kept in waits.items() if kept.token == first}
    for number, kept in waits.items():
        node_id = plan.nodes[kept.node].id
        if kept.kind == JOB:
            yield stimuli.Complete(wait=number), node_id
        else:
            yield stimuli.Deliver(wait=number), node_id


def _outcomes(
    plan: Plan, state: State | None, stimulus: stimuli.AnyStimulus
) -> Iterator[tuple[State, tuple[facts.AnyFact, ...]]]:
    """Every way in which the conditions can come out. A gateway that finds no way is left out: an error of its own.

    A loop without a wait is gone round at most twice: more rounds lead to no other state.
    """
    longest = 2 * sum(flow.condition is not None for flow in plan.program.flows)
    open_answers: list[tuple[bool, ...]] = [()]
    tried = 0
    while open_answers:
        given = open_answers.pop()
        tried += 1
        if tried > MOST_OUTCOMES:
            raise Budget
        oracle = Oracle(given)
        done = step(plan, state, stimulus, now=_NOW, evaluator=oracle)
        for position in range(len(given), min(oracle.asked, longest)):
            open_answers.append((*given, *(False,) * (position - len(given)), True))
        raised = {fact.code for fact in done.facts if isinstance(fact, facts.IncidentRaised)}
        if raised <= {STANDSTILL}:
            yield done.state, done.facts


def _move(node: str, happened: tuple[facts.AnyFact, ...]) -> Move:
    flows = tuple(fact.flow for fact in happened if isinstance(fact, facts.FlowTaken))
    done = {fact.node for fact in happened if isinstance(fact, facts.ActivityCompleted | facts.EventCaught)}
    begun = {fact.node for fact in happened if fact.node}
    return Move(node, frozenset(done), frozenset(begun), flows)


def _key(state: State) -> Any:
    """Equal for states that differ in running numbers only."""
    if state.ended:
        return "ended"
    waits: dict[int, list[tuple[int, int]]] = {}
    for kept in state.waits.values():
        waits.setdefault(kept.token, []).append((kept.kind, kept.node))
    places = {0: ()} | {scope.number: _place(state, scope.number) for scope in state.scopes.values() if scope.number}
    tokens = sorted(
        (places[token.scope], token.node, token.phase, tuple(sorted(waits.get(token.number, ()))))
        for token in state.tokens.values()
    )
    joins = sorted((places[scope.number], tuple(sorted(scope.arrivals.items()))) for scope in state.scopes.values())
    return tuple(tokens), tuple(joins)


def _place(state: State, number: int) -> tuple[int, ...]:
    """The nodes of the scopes around, outermost first."""
    around: list[int] = []
    while number:
        scope = state.scopes[number]
        token = state.tokens.get(scope.token)
        around.append(token.node if token else -1)
        number = scope.parent
    return tuple(reversed(around))


def _ranks(program: Program) -> dict[str, int]:
    """How far downstream each node is: reverse post-order of a walk from the starts."""
    ways: dict[str, list[str]] = {}
    for flow in program.flows:
        ways.setdefault(flow.source, []).append(flow.target)
    for node in program.nodes:
        if isinstance(node, nodes.BoundaryEvent):
            ways.setdefault(node.attached_to, []).append(node.id)
    order: list[str] = []
    seen: set[str] = set()
    for root in [node.id for node in program.nodes if isinstance(node, nodes.StartEvent)] + [
        node.id for node in program.nodes
    ]:
        stack: list[tuple[str, Iterator[str]]] = []
        if root not in seen:
            seen.add(root)
            stack.append((root, iter(ways.get(root, ()))))
        while stack:
            node_id, left = stack[-1]
            following = next((one for one in left if one not in seen), None)
            if following is None:
                order.append(node_id)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(ways.get(following, ()))))
    return {node_id: number for number, node_id in enumerate(reversed(order))}
