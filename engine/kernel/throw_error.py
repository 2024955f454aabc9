"""An error ends the innermost scope or activity that catches it; one that nobody catches is an incident at its thrower:
a modeller's gap that somebody has to see, where Camunda 7 by default would end the branch without a word.
"""

from engine import facts
from engine.kernel import expressions, incidents, propagation, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token
from engine.model import triggers
from engine.model.text import both


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Error) -> None:
    message = (expressions.text(run, trigger.message, token.scope) if trigger.message else None) or ""
    code = expressions.text(run, trigger.named, token.scope) if trigger.named else None
    throw_code(run, token, node, trigger.code if code is None else code, message)


def throw_code(run: Run, token: Token, node: NodePlan, code: str, message: str, *, errand: int = 0) -> None:
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="error", name=code))
    catcher = propagation.find(run, token, "error", code)
    if catcher is None:
        text = both(
            zh=f"{node.id} 抛出的错误“{code}”没有人处理" + (f":{message}" if message else ""),
            en=f"nobody handles the error {code!r} that {node.id} threw" + (f": {message}" if message else ""),
        )
        incidents.raise_incident(run, token.number, incidents.stage(token), "unhandled_error", text, errand=errand)
        return
    caught = catcher.node.triggers[catcher.trigger]
    run.facts.append(facts.EventCaught(node=catcher.node.id, scope=catcher.scope, trigger="error", name=code))
    known = {caught.code_variable: code, caught.message_variable: message}
    variables.assign(run, catcher.scope, {name: value for name, value in known.items() if name}, catcher.node.id)
    propagation.launch(run, catcher)
