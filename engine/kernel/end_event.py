"""End event: throws what it throws, and its token is gone. The last token ends the scope."""

from engine.kernel import flows, throw_cancel, throw_event
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import ROOT, Token

resume = throw_event.resume


def enter(run: Run, token: Token, node: NodePlan) -> None:
    if run.scopes[token.scope].kind == ROOT and node.index not in run.ends:
        run.ends = (*run.ends, node.index)
    throw_event.enter(run, token, node)


def finished(run: Run, token: Token, node: NodePlan) -> None:
    """What it threw to be compensated is undone."""
    if any(trigger.__struct_config__.tag == "cancel" for trigger in node.triggers):
        throw_cancel.finished(run, token, node)
    else:
        flows.leave(run, token, node)
