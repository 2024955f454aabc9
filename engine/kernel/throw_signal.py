"""A signal reaches everybody who awaits its name at this moment: in this instance within the same step, before the
thrower goes on; other instances by the runtime.
"""

from engine import facts
from engine.kernel import expressions, result
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import SIGNAL, Token
from engine.model import triggers


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Signal) -> None:
    name = expressions.text(run, trigger.name, token.scope) or ""
    data = expressions.mapped(run, node.model.inputs, token.scope)
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="signal", name=name))
    run.thrown.append(result.Thrown(trigger="signal", name=name, data=data))
    waiting = [wait for wait, kept in run.waits.items() if kept.kind == SIGNAL and kept.name == name]
    for wait in reversed(waiting):  # the last pushed moves first: the longest waiting begins
        kept = run.waits.get(wait)
        if kept is not None:
            catcher = run.plan_of(run.scopes[kept.scope]).nodes[kept.node]
            catcher.occur(run, wait, kept, catcher, data)
