"""Terminate: everything in the scope of the end event is cancelled and the scope is complete. A terminated sub-process
goes on after it; the instance's own scope ends the instance.
"""

from engine import facts
from engine.kernel import scopes
from engine.kernel.graph import NodePlan
from engine.kernel.run import FINISHED, Run
from engine.kernel.state import Token
from engine.model import triggers


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Terminate) -> None:
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="terminate"))
    scopes.cancel_inside(run, token.scope)
    run.agenda.append((FINISHED, token.scope, 0))
