"""Leaving a node over its flows.

Out of an activity, an event or a parallel or inclusive split every flow without condition is taken and every flow whose
condition holds; the default flow only when no other is (an implicit fork, BPMN 13.2). A node that nothing leaves ends
its token there.
"""

from engine import errors, facts
from engine.kernel import errands, expressions, incidents, scopes
from engine.kernel.graph import FlowPlan, NodePlan
from engine.kernel.run import ARRIVE, ENTER, Run
from engine.kernel.state import FAILED_LEAVE, LEAVING, Token
from engine.model import text

MOST_DOUBTS = 5
"""Reasons that an incident tells."""


def leave(run: Run, token: Token, node: NodePlan) -> None:
    if not node.leaving or not errands.begin(run, token, node, LEAVING):
        go(run, token, node)


def go(run: Run, token: Token, node: NodePlan) -> None:
    """Its errands are done."""
    if node.only >= 0:
        del run.tokens[token.number]
        run.agenda.append((ARRIVE, token.scope, node.only))
        return
    if not node.outgoing:
        scopes.drop(run, token)
        return
    try:
        chosen = choose(run, token.scope, node)
    except incidents.STOPS as error:
        incidents.stop(run, token.number, FAILED_LEAVE, error)
        return
    del run.tokens[token.number]
    take(run, token.scope, chosen)


def go_to(run: Run, token: Token, index: int) -> None:
    """On at the node ``index`` of the same scope, over no flow: a person said so."""
    node = run.plan_of(run.scopes[token.scope]).nodes[index]
    del run.tokens[token.number]
    run.facts.append(facts.TokenMoved(node=node.id, scope=token.scope, to=node.id, reason=""))
    run.agenda.append((ENTER, run.spawn(node, token.scope).number, 0))


def choose(run: Run, scope: int, node: NodePlan) -> list[FlowPlan]:
    """Raises Invalid ``no_flow`` when none may be taken."""
    chosen = [
        flow
        for flow in node.outgoing
        if flow.index != node.default and (flow.condition is None or expressions.condition(run, flow.condition, scope))
    ]
    if not chosen and node.default >= 0:
        chosen = [flow for flow in node.outgoing if flow.index == node.default]
    if not chosen:
        raise no_flow(run, scope, node)
    quantity = getattr(node.model, "completion_quantity", 1)
    return chosen * quantity if quantity > 1 else chosen


def take(run: Run, scope: int, chosen: list[FlowPlan]) -> None:
    """One token becomes one on each flow; the first in document order moves first."""
    if len(chosen) != 1:
        run.add_live(scope, len(chosen) - 1)
    run.agenda.extend((ARRIVE, scope, flow.index) for flow in reversed(chosen))


def no_flow(run: Run, scope: int, node: NodePlan) -> errors.Invalid:
    """With what each condition stumbled over, for a name written wrong looks just like a no."""
    found = [
        (flow.id, doubt)
        for flow in node.outgoing
        if flow.condition is not None
        for doubt in expressions.doubts(run, flow.condition, scope)[:MOST_DOUBTS]
    ][:MOST_DOUBTS]
    zh = "".join(f";{flow}:{text.pick(doubt, text.ZH)}" for flow, doubt in found)
    en = "".join(f"; {flow}: {text.pick(doubt, text.EN)}" for flow, doubt in found)
    return errors.Invalid(
        "no_flow",
        zh=f"{node.id} 的条件都不成立，也没有默认流{zh}",
        en=f"no condition of a flow out of {node.id} holds, and it has no default flow{en}",
        node=node.id,
    )
