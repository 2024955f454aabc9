"""The body of an activity that runs several times, and the tokens of its runs."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import BODY, Scope, Token


def open_body(run: Run, token: Token) -> Scope:
    scope = run.open_scope(BODY, token.scope, token.number, run.scopes[token.scope].program)
    token.inner = scope.number
    return scope


def start_instances(run: Run, body: Scope, node: NodePlan, items: list[tuple[int, Mapping[str, Any]]]) -> None:
    """One token for each (index, variables); the first moves first."""
    started = []
    for index, own in items:
        token = run.spawn(node, body.number, memo=(index,))
        inner = run.open_scope(node.inner_kind, body.number, token.number, body.program)
        token.inner = inner.number
        variables.local(run, inner.number, {"loopCounter": index, **own})
        started.append(token.number)
    run.own_scope(body.number).live += len(started)
    run.agenda.extend((ENTER, number, 0) for number in reversed(started))
