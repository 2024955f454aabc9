"""Variables live in scopes. An expression sees those of its scope and of every scope around it, up to the process; then
the process's parameters, then ``execution``: what the engine knows of the instance.

A value is set where a variable of that name already is, else in the process (Camunda 7). What a transaction sub-process
sets stays inside until it ends, so that a cancelled one leaves nothing behind.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine import facts
from engine.kernel import values
from engine.kernel.run import Run
from engine.kernel.state import CALL, ROOT, SUB, Scope, Token

HOST_NAMES = frozenset({"execution"})


class View(Mapping[str, Any]):
    """What an expression sees; a value is decoded when it is asked for."""

    __slots__ = ("_extra", "_parameters", "_run", "_scopes")

    def __init__(
        self,
        scopes: list[dict[str, msgspec.Raw]],
        parameters: Mapping[str, Any],
        extra: Mapping[str, Any],
        run: Run,
    ) -> None:
        self._scopes = scopes
        self._parameters = parameters
        self._extra = extra
        self._run = run

    def __getitem__(self, name: str) -> Any:
        if name in self._extra:
            return self._extra[name]
        for variables in self._scopes:
            raw = variables.get(name)
            if raw is not None:
                return values.unpack(raw)
        if name in self._parameters:
            return self._parameters[name]
        return self._run.host()[name]

    def __contains__(self, name: object) -> bool:
        if name in self._extra or name in self._parameters or name in HOST_NAMES:
            return True
        return any(name in variables for variables in self._scopes)

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys(self._extra)
        for variables in self._scopes:
            names.update(dict.fromkeys(variables))
        names.update(dict.fromkeys(self._parameters))
        return iter(names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


_NOTHING: Mapping[str, Any] = {}


def view(run: Run, scope: int, extra: Mapping[str, Any] = _NOTHING) -> View:
    """Of scope number ``scope``; ``extra`` (a message's data) hides variables of the same name."""
    chain = []
    scopes = run.scopes
    here = scopes[scope]
    while True:
        if here.variables:
            chain.append(here.variables)
        if here.kind == ROOT or here.kind == CALL:
            return View(chain, run.plan_of(here).parameters, extra, run)
        here = scopes[here.parent]


def assign(run: Run, scope: int, data: Mapping[str, Any], node: str = "") -> None:
    """Set each where it already is, else in the process. Raises Invalid for a value that cannot be kept."""
    if not data:
        return
    changed: dict[int, dict[str, Any]] = {}
    for name, value in data.items():
        raw = values.pack(value, name)
        holder = _holder(run, scope, name)
        if holder.variables.get(name) != raw:
            run.own_scope(holder.number).variables[name] = raw
            changed.setdefault(holder.number, {})[name] = value
    for number, new in changed.items():
        _changed(run, number, new, node)


def put(run: Run, scope: int, data: Mapping[str, Any], node: str = "", *, reason: str = "") -> None:
    """Set all of them in this very scope; ``reason`` is a person's."""
    own = run.own_scope(scope)
    new = {}
    for name, value in data.items():
        raw = values.pack(value, name)
        if own.variables.get(name) != raw:
            own.variables[name] = raw
            new[name] = value
    if new:
        _changed(run, scope, new, node, reason)


def local(run: Run, scope: int, data: Mapping[str, Any]) -> None:
    """As ``put``, for the engine's own variables (loop counters, inputs): history does not tell of them."""
    if data:
        own = run.own_scope(scope).variables
        for name, value in data.items():
            own[name] = values.pack(value, name)
        if run.watching:
            run.changed.update(data)


def publish(run: Run, token: Token) -> None:
    """What a transaction (the activity of ``token``, if it is one) has kept inside is set outside."""
    inner = run.scopes[token.inner] if token.inner else None
    if inner is not None and inner.kind == SUB and run.is_transaction(inner):
        data = {name: values.unpack(raw) for name, raw in inner.variables.items()}
        assign(run, token.scope, data, run.node_of(token).id)


def flatten(run: Run, scope: int) -> dict[str, msgspec.Raw]:
    """Everything visible in a scope, packed, the process's parameters left out."""
    seen: dict[str, msgspec.Raw] = {}
    here = run.scopes[scope]
    while True:
        for name, raw in here.variables.items():
            seen.setdefault(name, raw)
        if here.kind in (ROOT, CALL):
            return seen
        here = run.scopes[here.parent]


def _holder(run: Run, scope: int, name: str) -> Scope:
    here = run.scopes[scope]
    while name not in here.variables:
        if here.kind == ROOT or here.kind == CALL or (here.kind == SUB and run.is_transaction(here)):
            return here
        here = run.scopes[here.parent]
    return here


def _changed(run: Run, scope: int, new: dict[str, Any], node: str, reason: str = "") -> None:
    run.facts.append(facts.VariablesSet(node=node, scope=scope, values=new, reason=reason))
    if run.watching:
        run.changed.update(new)
