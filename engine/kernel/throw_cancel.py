"""Cancel: the transaction around is given up. What else runs in it is cancelled, what was completed is undone, and when
that is done the transaction's cancel boundary event takes the token; variables that it set are dropped.
"""

from engine import errors, facts
from engine.kernel import boundary_event, compensation, scopes
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import ROOT, SUB, Token
from engine.model import triggers


def throw(run: Run, token: Token, node: NodePlan, trigger: triggers.Cancel) -> None:
    transaction = _transaction(run, token, node)
    run.facts.append(facts.EventThrown(node=node.id, scope=token.scope, trigger="cancel"))
    scopes.cancel_others(run, token)
    if not compensation.throw(run, token, token.scope, "", wait=True):
        _give_up(run, transaction)


def finished(run: Run, token: Token, node: NodePlan) -> None:
    """Everything is undone."""
    _give_up(run, _transaction(run, token, node))


def _give_up(run: Run, transaction: Token) -> None:
    owner = run.node_of(transaction)
    boundary = next(node for node in owner.catchers if _catches_cancel(node))
    run.facts.append(facts.EventCaught(node=boundary.id, scope=transaction.scope, trigger="cancel"))
    boundary_event.launch(run, transaction, boundary)


def _transaction(run: Run, token: Token, node: NodePlan) -> Token:
    """Raises Invalid ``cancel_outside`` when there is none with a cancel boundary event."""
    scope = run.scopes[token.scope]
    while scope.kind != ROOT:
        owner = run.tokens[scope.token]
        if scope.kind == SUB and any(map(_catches_cancel, run.node_of(owner).catchers)):
            return owner
        scope = run.scopes[scope.parent]
    raise errors.Invalid(
        "cancel_outside",
        zh=f"取消结束事件 {node.id} 不在带取消边界事件的事务中",
        en=f"the cancel end event {node.id} is not inside a transaction with a cancel boundary event",
        node=node.id,
    )


def _catches_cancel(node: NodePlan) -> bool:
    return any(trigger.__struct_config__.tag == "cancel" for trigger in node.triggers)
