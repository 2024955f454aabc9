"""A message leaves the instance; the runtime correlates it with whoever awaits it, this instance included. With a
handler it is sent by a job instead.
"""

from typing import Any

from engine import facts
from engine.kernel import expressions, job, result, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token
from engine.model import triggers
from engine.model.nodes import Work


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Message) -> None:
    scope = token.inner or token.scope
    key = expressions.text(run, trigger.key, scope) if trigger.key else None
    name = trigger.name if trigger.named is None else expressions.text(run, trigger.named, scope) or trigger.name
    data = sent(run, token, node, trigger)
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="message", name=name))
    run.thrown.append(result.Thrown(trigger="message", name=name, key=key, data=data))


def create_job(run: Run, token: Token, node: NodePlan, trigger: triggers.Message | None, work: Work | None) -> None:
    extra = sent(run, token, node, trigger) if trigger else {}
    if work is None and trigger is not None:
        work = Work(handler=trigger.handler, style="external")
    job.create(run, token, node, work, extra)


def sent(run: Run, token: Token, node: NodePlan, trigger: triggers.Message) -> dict[str, Any]:
    """The data of a thrown message: the trigger's mappings and the event's inputs; else the variable ``payload``."""
    scope = token.inner or token.scope
    data = {name: expressions.value(run, source, scope) for name, source in trigger.mappings}
    if not node.is_activity:
        data.update(expressions.mapped(run, node.model.inputs, scope))
    if not data and trigger.payload:
        seen = variables.view(run, scope)
        value = seen.get(trigger.payload)
        return dict(value) if isinstance(value, dict) else {trigger.payload: value}
    return data
