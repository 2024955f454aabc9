"""Throwing what an event throws, trigger by trigger; then its token goes on, unless it waits or is gone.

Whoever catches moves first, the thrower after.
"""

from engine import facts
from engine.kernel import (
    flows,
    throw_cancel,
    throw_compensation,
    throw_error,
    throw_escalation,
    throw_link,
    throw_message,
    throw_signal,
    throw_terminate,
)
from engine.kernel.graph import Act, NodePlan
from engine.kernel.run import LEAVE, Run
from engine.kernel.state import WAITING, Token

_THROW: dict[str, Act] = {
    "message": throw_message.throw,
    "signal": throw_signal.throw,
    "error": throw_error.throw,
    "escalation": throw_escalation.throw,
    "compensate": throw_compensation.throw,
    "link": throw_link.throw,
    "cancel": throw_cancel.throw,
    "terminate": throw_terminate.throw,
}


def throw_all(run: Run, token: Token, node: NodePlan) -> None:
    if not node.triggers:
        run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="none"))
        flows.leave(run, token, node)
        return
    mark = len(run.agenda)
    for trigger in node.triggers:
        if token.number in run.tokens and trigger.__struct_config__.tag in _THROW:
            _THROW[trigger.__struct_config__.tag](run, token, node, trigger)
    current = run.tokens.get(token.number)
    if current is not None and current.phase == WAITING:
        run.agenda.insert(mark, (LEAVE, token.number, 0))
