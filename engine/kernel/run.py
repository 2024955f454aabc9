"""One step at work: a copy of the state that may be changed, and what the step has done so far.

``agenda`` is a stack of moves still to make: the last one pushed goes first, so a branch runs until it waits before the
next begins.
"""

from datetime import datetime

import msgspec

from engine import errors, facts
from engine.kernel import result, waits
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.library import Library
from engine.kernel.state import CALL, KEPT, SUB, Open, Scope, State, Token

# Moves. Each is (what, scope or token number, flow index, phase, number of an errand or 0).
ARRIVE = 0
ENTER = 1
COMPLETE = 2
FINISHED = 3
LEAVE = 4
GO_ON = 5
"""Behind the errands of a phase."""
ERRAND = 6
"""Again from one errand on."""

ACTIVATIONS = 10_000
"""Elements that one step may activate before it is stopped as a loop that never waits."""


class Run:
    __slots__ = (
        "activations",
        "agenda",
        "agent",
        "business_key",
        "called",
        "changed",
        "closed",
        "counter",
        "ended",
        "ends",
        "evaluator",
        "facts",
        "fresh_scopes",
        "fresh_tokens",
        "instance",
        "library",
        "now",
        "onward",
        "opened",
        "plan",
        "plans",
        "programs",
        "scopes",
        "thrown",
        "tokens",
        "trail",
        "waits",
        "watching",
    )

    def __init__(self, plan: Plan, state: State, now: datetime, evaluator: Evaluator, library: Library | None) -> None:
        self.plan = plan
        self.now = now
        self.evaluator = evaluator
        self.library = library
        self.agent = "system"
        self.counter = state.counter
        self.programs = state.programs
        self.tokens = state.tokens.copy()
        self.scopes = state.scopes.copy()
        self.waits = state.waits.copy()
        self.ends = state.ends
        self.business_key = state.business_key
        self.instance = state.instance
        self.ended = state.ended
        self.plans: dict[int, Plan] = {0: plan}
        self.agenda: list[tuple[int, int, int]] = []
        self.facts: list[facts.AnyFact] = []
        self.onward: dict[int, int] = {}
        self.opened: dict[int, waits.AnyWait] = {}
        self.closed: list[int] = []
        self.thrown: list[result.Thrown] = []
        self.fresh_tokens: set[int] = set()
        self.fresh_scopes: set[int] = set()
        self.changed: set[str] = set()
        """Names of variables that changed since conditions were last looked at."""
        self.watching = plan.conditional or len(state.programs) > 1
        several = len(state.programs) > 1
        self.called = {one.number: one.program for one in state.scopes.values() if one.program} if several else {}
        """Scopes of called processes, those that this step closes too: which program."""
        self.activations = 0
        self.trail: list[str] = []
        """The last nodes before the budget ran out."""

    def host(self) -> dict[str, dict[str, str]]:
        """What expressions may ask of the instance itself, under the name that other engines use."""
        return {
            "execution": {
                "processInstanceId": self.instance,
                "processBusinessKey": self.business_key,
                "businessKey": self.business_key,
                "processDefinitionKey": self.plan.program.key,
            }
        }

    def number(self) -> int:
        self.counter += 1
        return self.counter

    # Tokens

    def spawn(self, node: NodePlan, scope: int, *, link: int = 0, memo: tuple[int, ...] = ()) -> Token:
        """A token at ``node``; the caller counts it in the scope's ``live``."""
        number = self.counter = self.counter + 1
        token = Token(number, node.index, scope)
        if link or memo:
            token.link, token.memo = link, memo
        self.tokens[number] = token
        self.fresh_tokens.add(number)
        return token

    def own_token(self, number: int) -> Token:
        """The token, safe to change."""
        token = self.tokens[number]
        if number not in self.fresh_tokens:
            token = Token(
                token.number,
                token.node,
                token.scope,
                token.phase,
                token.inner,
                token.waits,
                token.memo,
                token.link,
            )
            self.tokens[number] = token
            self.fresh_tokens.add(number)
        return token

    # Scopes

    def open_scope(self, kind: int, parent: int, token: int, program: int) -> Scope:
        number = self.number()
        scope = Scope(number, kind, parent, token, program)
        self.scopes[number] = scope
        self.fresh_scopes.add(number)
        if program:
            self.called[number] = program
        return scope

    def own_scope(self, number: int) -> Scope:
        """The scope, safe to change."""
        scope = self.scopes[number]
        if number not in self.fresh_scopes:
            scope = Scope(
                number,
                scope.kind,
                scope.parent,
                scope.token,
                scope.program,
                scope.live,
                scope.variables.copy(),
                scope.arrivals.copy(),
                scope.waits,
                scope.log,
            )
            self.scopes[number] = scope
            self.fresh_scopes.add(number)
        return scope

    def add_live(self, scope: int, count: int) -> None:
        self.own_scope(scope).live += count

    def plan_of(self, scope: Scope) -> Plan:
        """Raises errors.NotFound when a called process is no longer in the library."""
        program = scope.program
        plan = self.plans.get(program)
        if plan is None:
            plan = self.plans[program] = self.shelf().plan(self.programs[program])
        return plan

    def shelf(self) -> Library:
        if self.library is None:
            raise errors.NotFound(
                "no_library",
                zh="此处没有可调用的流程库",
                en="no library of processes was given to this step",
            )
        return self.library

    def node_of(self, token: Token) -> NodePlan:
        program = self.scopes[token.scope].program
        plan = self.plan if program == 0 else self.plan_of(self.scopes[token.scope])
        return plan.nodes[token.node]

    def owner(self, scope: Scope) -> NodePlan:
        """The node that ``scope`` belongs to."""
        return self.node_of(self.tokens[scope.token])

    def is_transaction(self, scope: Scope) -> bool:
        return getattr(self.owner(scope).model, "variety", "") == "transaction"

    def watches_every_end(self, scope: Scope) -> bool:
        """An ad-hoc sub-process asks after each of its activities whether it is complete."""
        return scope.kind == SUB and getattr(self.owner(scope).model, "variety", "") == "adHoc"

    def path(self, scope: int) -> tuple[str, ...]:
        """Ids of the sub-processes and calls around, outermost first."""
        if scope == 0:
            return ()
        path = []
        here = self.scopes[scope]
        while here.parent >= 0:
            if here.kind in (SUB, CALL, KEPT):
                path.append(self.owner(here).id)
            here = self.scopes[here.parent]
        return tuple(reversed(path))

    # Waits

    def open(self, kept: Open, shown: waits.AnyWait) -> int:
        self.waits[shown.id] = kept
        self.opened[shown.id] = shown
        return shown.id

    def close(self, wait: int) -> Open | None:
        """None when it is closed already."""
        kept = self.waits.pop(wait, None)
        if kept is not None and self.opened.pop(wait, None) is None:
            self.closed.append(wait)
        return kept

    def outcome(self) -> result.Step:
        state = State(
            self.counter,
            self.programs,
            self.tokens,
            self.scopes,
            self.waits,
            self.ends,
            self.ended,
            self.business_key,
            self.instance,
        )
        return result.Step(
            state=state,
            opened=tuple(self.opened.values()),
            closed=tuple(self.closed),
            thrown=tuple(self.thrown),
            facts=tuple(self._placed(fact) for fact in self.facts) if self.called else tuple(self.facts),
            ended=self.ended,
        )

    def _placed(self, fact: facts.AnyFact) -> facts.AnyFact:
        called = self.called.get(fact.scope, 0)
        return msgspec.structs.replace(fact, called=called) if called else fact
