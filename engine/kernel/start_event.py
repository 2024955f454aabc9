"""Start event: where a process or sub-process begins.

Of an event sub-process it is awaited like any other event; interrupting ones end what else runs in the scope.
"""

from collections.abc import Mapping
from typing import Any

from engine import errors, facts
from engine.kernel import catching, event_sub_process, flows
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.run import Run
from engine.kernel.state import Open, Token


def enter(run: Run, token: Token, node: NodePlan) -> None:
    if not node.triggers:
        run.facts.append(facts.EventCaught(node=node.id, scope=token.scope, trigger="none"))
    flows.leave(run, token, node)


def occur(run: Run, wait: int, kept: Open, node: NodePlan, data: Mapping[str, Any]) -> None:
    """A trigger of an event sub-process's start has happened."""
    scope = run.own_scope(kept.scope)
    catching.absorb(run, node, kept, wait, data)
    if node.model.parallel and catching.others_open(run, scope.waits, node, wait):
        run.close(wait)
        scope.waits = tuple(other for other in scope.waits if other != wait)
        return
    if not node.model.interrupting:
        event_sub_process.again(run, kept, wait, node)
    event_sub_process.launch(run, kept.scope, node)


def pick(plan: Plan, node_id: str) -> list[NodePlan]:
    """Where an instance of ``plan`` begins: at ``node_id``, else at its none starts, else at its only start.

    Raises NotFound for an unknown node and Invalid when it is not clear where.
    """
    if node_id:
        if node_id not in plan.index:
            raise errors.NotFound(
                "start_missing",
                zh=f"流程 {plan.program.key} 没有开始节点 {node_id}",
                en=f"process {plan.program.key} has no start {node_id}",
                node=node_id,
            )
        return [plan.nodes[plan.index[node_id]]]
    starts = plan.scopes[-1].starts
    if starts:
        return list(starts)
    others = [node for node in plan.scopes[-1].nodes if node.kind == "startEvent" or _instantiates(node)]
    if len(others) == 1:
        return others
    names = ", ".join(node.id for node in others)
    raise errors.Invalid(
        "start_unclear",
        zh=f"流程 {plan.program.key} 没有唯一的开始：{names or '一个也没有'}",
        en=f"it is not clear where process {plan.program.key} begins: {names or 'it has no start'}",
    )


def _instantiates(node: NodePlan) -> bool:
    return bool(getattr(node.model, "instantiate", False))
