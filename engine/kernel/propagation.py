"""Who catches what is thrown inside: errors, escalations. From the thrower outwards, scope by scope, through calls.

At each level: the boundary events of the activity, then the event sub-processes of the scope around it, an exact code
before one that catches any. What an event sub-process throws is not caught by another of the same scope.
"""

from typing import NamedTuple

from engine.kernel import boundary_event, catching, event_sub_process
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import BODY, CALL, ROOT, Token


class Catcher(NamedTuple):
    node: NodePlan
    """A boundary event, or the start event of an event sub-process."""
    trigger: int
    token: Token | None
    """The activity that the boundary event is attached to; None: an event sub-process of ``scope``."""
    scope: int


def find(run: Run, token: Token, kind: str, code: str) -> Catcher | None:
    """The nearest that catches ``kind`` (``error``, ``escalation``) with ``code``."""
    while True:
        node = run.node_of(token)
        scope = run.scopes[token.scope]
        if scope.kind != BODY:
            caught = _best(list(node.catchers), kind, code)
            if caught:
                return Catcher(*caught, token, token.scope)
            if getattr(node.model, "variety", "") != "event":
                of = -1 if scope.kind in (ROOT, CALL) else run.tokens[scope.token].node
                caught = _best(catching.starts(run.plan_of(scope), of), kind, code)
                if caught:
                    return Catcher(*caught, None, token.scope)
        if scope.kind == ROOT:
            return None
        token = run.tokens[scope.token]


def launch(run: Run, catcher: Catcher) -> None:
    """An interrupting one ends what it interrupts, the thrower with it."""
    if catcher.token is None:
        event_sub_process.launch(run, catcher.scope, catcher.node)
    else:
        boundary_event.launch(run, catcher.token, catcher.node)


def _best(nodes: list[NodePlan], kind: str, code: str) -> tuple[NodePlan, int] | None:
    anything = None
    for node in nodes:
        for index, trigger in enumerate(node.triggers):
            if trigger.__struct_config__.tag != kind:
                continue
            if trigger.code and trigger.code == code:
                return node, index
            if not trigger.code and anything is None:
                anything = (node, index)
    return anything
