"""What screens and the API may read of a state."""

from datetime import datetime
from typing import Any, NamedTuple

from engine.kernel import values
from engine.kernel.await_timer import moment
from engine.kernel.graph import Plan
from engine.kernel.library import Library
from engine.kernel.state import (
    BEFORE,
    BODY,
    CALL,
    CONDITION,
    INCIDENT,
    JOB,
    KEPT,
    LOCAL,
    MESSAGE,
    ROOT,
    SIGNAL,
    SUB,
    TIMER,
    UNDOING,
    WORK,
    Scope,
    State,
)

_WAITS = {
    WORK: "work_item",
    JOB: "job",
    TIMER: "timer",
    MESSAGE: "message",
    SIGNAL: "signal",
    CONDITION: "conditional",
    INCIDENT: "incident",
}
_KINDS = {ROOT: "instance", SUB: "subProcess", CALL: "call", LOCAL: "activity", BODY: "loop", KEPT: "compensation"}


class TokenView(NamedTuple):
    node: str
    path: tuple[str, ...]
    number: int
    state: str
    """``active``, ``before`` (its job has not begun), ``incident``, ``undoing`` or ``joining`` (waits at a join)."""


class ScopeView(NamedTuple):
    number: int
    kind: str
    node: str
    """Of a sub-process, call or activity; empty for the instance."""
    parent: int
    names: tuple[str, ...]


class WaitView(NamedTuple):
    id: int
    kind: str
    node: str
    scope: int
    token: int
    name: str
    due_at: datetime | None


def tokens(plan: Plan, state: State, library: Library | None = None) -> list[TokenView]:
    """Where the instance stands. Without ``library`` what is inside a called process is not told, the call is."""
    failed = {kept.token for kept in state.waits.values() if kept.kind == INCIDENT}
    found = []
    for token in state.tokens.values():
        scope = state.scopes[token.scope]
        of = _plan(plan, state, scope, library)
        if of is None:
            continue
        phase = {BEFORE: "before", UNDOING: "undoing"}.get(token.phase, "active")
        if token.number in failed:
            phase = "incident"
        path = _path(plan, state, scope, library)
        found.append(TokenView(of.nodes[token.node].id, path, token.number, phase))
    for scope in state.scopes.values():
        of = _plan(plan, state, scope, library)
        for flow in scope.arrivals if of is not None else ():
            if of is not None and flow >= 0:
                node = of.nodes[of.flows[flow].target]
                found.append(TokenView(node.id, _path(plan, state, scope, library), 0, "joining"))
    return found


def variables(state: State, scope: int = 0) -> dict[str, Any]:
    """Those of this very scope. Empty for a scope that is not open."""
    found = state.scopes.get(scope)
    return {name: values.unpack(raw) for name, raw in found.variables.items()} if found else {}


def scopes(plan: Plan, state: State, library: Library | None = None) -> list[ScopeView]:
    found = []
    for scope in state.scopes.values():
        node = ""
        if scope.parent >= 0:
            owner = state.tokens[scope.token]
            of = _plan(plan, state, state.scopes[owner.scope], library)
            node = of.nodes[owner.node].id if of else ""
        found.append(ScopeView(scope.number, _KINDS[scope.kind], node, scope.parent, tuple(scope.variables)))
    return found


def open_waits(plan: Plan, state: State, library: Library | None = None) -> list[WaitView]:
    found = []
    for number, kept in state.waits.items():
        of = _plan(plan, state, state.scopes[kept.scope], library)
        node = of.nodes[kept.node].id if of else ""
        due_at = moment(kept.due) if kept.kind == TIMER else None
        found.append(WaitView(number, _WAITS[kept.kind], node, kept.scope, kept.token, kept.name, due_at))
    return found


def _plan(plan: Plan, state: State, scope: Scope, library: Library | None) -> Plan | None:
    if scope.program == 0:
        return plan
    return library.plan(state.programs[scope.program]) if library else None


def _path(plan: Plan, state: State, scope: Scope, library: Library | None) -> tuple[str, ...]:
    path = []
    while scope.parent >= 0:
        if scope.kind in (SUB, CALL, KEPT):
            owner = state.tokens[scope.token]
            of = _plan(plan, state, state.scopes[owner.scope], library)
            path.append(of.nodes[owner.node].id if of else "")
        scope = state.scopes[scope.parent]
    return tuple(reversed(path))


def program_of(state: State, scope: int) -> str:
    """Hash of the program that ``scope`` belongs to: its own, or a called one."""
    return state.programs[state.scopes[scope].program]


def programs_of(state: State) -> dict[int, str]:
    """Each open wait -> hash of the program it belongs to."""
    return {number: program_of(state, kept.scope) for number, kept in state.waits.items()}


def standing(plan: Plan, state: State, wait: int) -> str:
    """The node of the instance's own process that waits; of a wait inside a called process it is the call."""
    kept = state.waits[wait]
    node, scope = kept.node, state.scopes[kept.scope]
    while scope.program:
        owner = state.tokens[scope.token]
        node, scope = owner.node, state.scopes[owner.scope]
    return plan.nodes[node].id


def visible(state: State, wait: int) -> dict[str, Any]:
    """The variables that whoever answers ``wait`` sees: inner ones hide outer ones, a called process ends the view.

    Empty for a wait that is not open.
    """
    kept = state.waits.get(wait)
    if kept is None:
        return {}
    token = state.tokens.get(kept.token)
    scope = state.scopes[(token.inner or token.scope) if token else kept.scope]
    found: dict[str, Any] = {}
    while True:
        found = {**variables(state, scope.number), **found}
        if scope.parent < 0 or scope.kind == CALL:
            return found
        scope = state.scopes[scope.parent]
