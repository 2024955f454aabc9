"""An escalation tells a scope around something without ending the thrower, unless who catches it interrupts. One that
nobody catches passes (Camunda 7).
"""

from engine import facts
from engine.kernel import expressions, propagation, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token
from engine.model import triggers


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Escalation) -> None:
    code = expressions.text(run, trigger.named, token.scope) if trigger.named else None
    throw_code(run, token, node, trigger.code if code is None else code)


def throw_code(run: Run, token: Token, node: NodePlan, code: str) -> None:
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="escalation", name=code))
    catcher = propagation.find(run, token, "escalation", code)
    if catcher is None:
        return
    caught = catcher.node.triggers[catcher.trigger]
    run.facts.append(facts.EventCaught(node=catcher.node.id, scope=catcher.scope, trigger="escalation", name=code))
    if caught.code_variable:
        variables.assign(run, catcher.scope, {caught.code_variable: code}, catcher.node.id)
    propagation.launch(run, catcher)
