"""Work that is done outside the step by a named handler: services, sent messages, a vendor's rules.

The handler's answer becomes variables: all of it under ``Work.result`` where that is named, else each of its keys. An
answer that is no object comes as ``{"result": value}``.
"""

from collections.abc import Mapping
from typing import Any

from engine import facts
from engine.kernel import expressions, variables, waits
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import JOB, Open, Token
from engine.model.nodes import Work


def create(
    run: Run,
    token: Token,
    node: NodePlan,
    work: Work | None,
    extra: Mapping[str, Any] | None = None,
    *,
    errand: int = 0,
) -> None:
    """Without ``work`` nobody has said what to do: a job that is bound to no handler yet, under the node's id."""
    work = work or Work(handler=node.id, style="unbound")
    seen = token.inner or token.scope
    given = {**(extra or {}), **expressions.mapped(run, work.parameters, seen)}
    priority = expressions.number(run, work.priority, seen, f"priority {node.id}") if work.priority else 0
    handler = (expressions.text(run, work.named, seen) if work.named else None) or work.handler
    wait = run.number()
    run.own_token(token.number).waits += (wait,)
    run.open(
        Open(JOB, token.scope, token.number, node.index, errand, name=handler),
        waits.Job(
            id=wait,
            node=node.id,
            scope=token.scope,
            path=run.path(token.scope),
            token=token.number,
            handler=handler,
            style=work.style,
            input=given,
            retries=work.retries,
            priority=priority,
            headers=work.headers,
        ),
    )
    run.facts.append(facts.JobCreated(node=node.id, scope=token.scope, wait=wait, handler=handler))


def answered(
    run: Run, token: Token, node: NodePlan, wait: int, data: Mapping[str, Any], result: str = "", *, errand: str = ""
) -> None:
    """The job is done: its answer becomes variables. ``errand`` is the handler of a job beside the node's own work."""
    run.close(wait)
    run.facts.append(facts.JobCompleted(node=node.id, scope=token.scope, wait=wait, errand=errand))
    if result:
        data = {result: data["result"] if data.keys() == {"result"} else dict(data)}
    variables.assign(run, token.inner or token.scope, data, node.id)
