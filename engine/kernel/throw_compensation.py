"""A compensation throw undoes what was completed in its scope, or one activity of it, and goes on when that is done."""

from engine import facts
from engine.kernel import compensation
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token
from engine.model import triggers


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Compensate) -> None:
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="compensate", name=trigger.activity))
    scope = compensation.own_scope_of(run, token)
    compensation.throw(run, token, scope, trigger.activity, wait=trigger.wait)
