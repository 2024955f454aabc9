"""Activities that run several times: multi-instance and standard loop, told apart by the module of ``node.loop``.

The activity's token becomes a body with a scope of its own; each run is a token in that scope, with a scope for its
loop variables. Boundary events belong to the body.
"""

from engine.kernel import multi_instance, standard_loop
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token


def begin(run: Run, token: Token, node: NodePlan) -> None:
    if node.model.loop is not None:
        multi_instance.begin(run, token, node)
    else:
        standard_loop.begin(run, token, node)


def collect(run: Run, token: Token, node: NodePlan) -> bool:
    """Of a run that is complete: gather its output; true when the whole activity is over with it."""
    if node.model.loop is not None:
        return multi_instance.collect(run, token, node)
    return standard_loop.over(run, token, node)


def instance_done(run: Run, token: Token, node: NodePlan, over: bool) -> None:
    if node.model.loop is not None:
        multi_instance.instance_done(run, token, node, over)
    else:
        standard_loop.instance_done(run, token, node, over)


def gather(run: Run, token: Token, node: NodePlan) -> None:
    """The body is complete: what its runs put together leaves it."""
    if node.model.loop is not None:
        multi_instance.gather(run, token, node)


def is_last(run: Run, token: Token, node: NodePlan) -> bool:
    """Of a run that is passed over: no other is left to do. A standard loop ends with it."""
    if node.model.loop is None:
        return True
    total, _, completed = run.tokens[run.scopes[token.scope].token].memo
    return completed + 1 >= total
