"""One scope of a program, walked by the kernel's own moves: what can follow when a step is passed.

Every condition can come out either way, and each way says which answers it took. What was once worked out is kept: a
thousand instances of one program ask the same questions.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from engine import errors, facts
from engine.kernel import stimuli
from engine.kernel.evaluator import Variables
from engine.kernel.plan import compile_program
from engine.kernel.state import INCIDENT, JOB, State
from engine.kernel.step import step
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Program
from engine.proof import abstraction, explore

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOST_OUTCOMES = 100
"""Ways in which the conditions of one step can come out; beyond them it is not decided."""
MOST_STEPS = 2_000
"""Steps of the kernel that one track may cost; what was worked out before costs nothing."""
ENDLESS = 200
"""What a step counts for that runs round a loop until its own budget ends."""


class Undecided(Exception):
    """More ways than may be looked at."""


class Outcome(NamedTuple):
    state: State
    flows: frozenset[str]
    answers: tuple[tuple[Expression, bool], ...]


class _Oracle(explore.Oracle):
    """Writes down what it was asked and what it said."""

    def __init__(self, given: tuple[bool, ...]) -> None:
        super().__init__(given)
        self.answers: list[tuple[Expression, bool]] = []

    def condition(self, expression: Expression, variables: Variables, now: datetime) -> bool:
        said = super().condition(expression, variables, now)
        self.answers.append((expression, said))
        return said


class Level:
    """Scope ``scope`` of ``program``; empty: the process itself."""

    def __init__(self, program: Program, scope: str) -> None:
        self.program = abstraction.level(program, scope)
        self.plan = compile_program(self.program)
        self.ordered = self._is_ordered(program, scope)
        """False: an ad-hoc sub-process, where anything may follow anything."""
        self.left = MOST_STEPS
        self._longest = 2 * sum(flow.condition is not None for flow in self.program.flows)
        self._after: dict[tuple[Any, str, str], tuple[Outcome, ...]] = {}
        self._starts: dict[str, tuple[Outcome, ...]] = {}

    @staticmethod
    def _is_ordered(program: Program, scope: str) -> bool:
        owner = next((node for node in program.nodes if node.id == scope), None)
        return not (isinstance(owner, nodes.SubProcess) and owner.variety == "adHoc")

    def has(self, node: str) -> bool:
        return node in self.plan.index

    def is_step(self, node: str) -> bool:
        return self.plan.nodes[self.plan.index[node]].is_activity

    def starts(self, first: str) -> tuple[Outcome, ...]:
        """Ways to begin; ``first`` is the event that began the instance where no start event did."""
        if first not in self._starts:
            events = [node.id for node in self.program.nodes if isinstance(node, nodes.StartEvent) and node.triggers]
            plain = [node for node in self.program.nodes if isinstance(node, nodes.StartEvent) and not node.triggers]
            tried = [*([""] if plain or not (events or first) else []), *events, *([first] if first else [])]
            found: list[Outcome] = []
            for node in tried:
                found += self._outcomes(None, stimuli.Start(node=node))
            self._starts[first] = tuple(found)
        return self._starts[first]

    def after(self, state: State, kind: str, node: str) -> tuple[Outcome, ...]:
        """Empty when nothing waits there. ``kind``: pass, put or cut."""
        place = (key(state), kind, node)
        if place not in self._after:
            stimulus = self._stimulus(state, kind, node)
            self._after[place] = tuple(self._outcomes(state, stimulus)) if stimulus is not None else ()
        return self._after[place]

    def open(self, state: State) -> list[str]:
        """Where something can be passed, boundary events left out, in document order."""
        found = {kept.node for kept in state.waits.values() if kept.kind != INCIDENT}
        return [self.plan.nodes[index].id for index in sorted(found) if self.plan.nodes[index].kind != "boundaryEvent"]

    def standing(self, state: State) -> list[str]:
        """Ids of the nodes where tokens are, each as often as there are."""
        return sorted(self.plan.nodes[token.node].id for token in state.tokens.values())

    def joins(self, state: State) -> dict[str, int]:
        arrivals = state.scopes[0].arrivals if not state.ended else {}
        return {self.plan.flows[flow].id: count for flow, count in arrivals.items() if flow >= 0}

    def _stimulus(self, state: State, kind: str, node: str) -> stimuli.AnyStimulus | None:
        index = self.plan.index[node]
        if kind == "put":
            return stimuli.Move(start=(node,))
        if kind == "cut":
            standing = any(token.node == index for token in state.tokens.values())
            return stimuli.Move(cancel=(node,)) if standing else None
        wait = next((number for number, kept in state.waits.items() if kept.node == index), None)
        if wait is None or state.ended:
            return None
        return stimuli.Complete(wait=wait) if state.waits[wait].kind == JOB else stimuli.Deliver(wait=wait)

    def _outcomes(self, state: State | None, stimulus: stimuli.AnyStimulus) -> Iterator[Outcome]:
        """Raises Undecided. A way on which a condition leaves a gateway without any flow is no way."""
        open_answers: list[tuple[bool, ...]] = [()]
        seen: set[Any] = set()
        tried = 0
        while open_answers:
            given = open_answers.pop()
            tried += 1
            self.left -= 1
            if tried > MOST_OUTCOMES or self.left < 0:
                raise Undecided
            oracle = _Oracle(given)
            try:
                done = step(self.plan, state, stimulus, now=_NOW, evaluator=oracle)
            except (errors.Conflict, errors.NotFound, errors.Invalid):
                return
            for position in range(len(given), min(oracle.asked, self._longest)):
                open_answers.append((*given, *(False,) * (position - len(given)), True))
            raised = [fact.code for fact in done.facts if isinstance(fact, facts.IncidentRaised)]
            if raised:
                self.left -= ENDLESS * raised.count("endless_loop")
                continue
            flows = frozenset(fact.flow for fact in done.facts if isinstance(fact, facts.FlowTaken))
            answers = tuple(oracle.answers)
            place = (key(done.state), flows, answers)
            if place not in seen:
                seen.add(place)
                yield Outcome(done.state, flows, answers)


def key(state: State) -> Any:
    """Equal for states that differ in running numbers only."""
    if state.ended:
        return "ended"
    tokens = sorted((token.node, token.phase) for token in state.tokens.values())
    return tuple(tokens), tuple(sorted(state.scopes[0].arrivals.items()))
