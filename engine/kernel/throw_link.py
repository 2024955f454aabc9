"""A link is a jump: the token goes on at the catch event of the same name in the same scope."""

from engine import errors, facts
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import Token
from engine.model import triggers


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Link) -> None:
    plan = run.plan_of(run.scopes[token.scope])
    target = plan.links.get((node.scope, trigger.name))
    if target is None:
        raise errors.Invalid(
            "link_without_target",
            zh=f"{node.id} 的链接“{trigger.name}”没有对应的捕获事件",
            en=f"the link {trigger.name!r} of {node.id} has no catch event of that name",
            node=node.id,
        )
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="link", name=trigger.name))
    del run.tokens[token.number]
    run.agenda.append((ENTER, run.spawn(plan.nodes[target], token.scope).number, 0))
