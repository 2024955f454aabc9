"""Standard loop: the same activity again while its condition holds, tested before or after each run, at most so many
times. Without condition the maximum alone counts; without both it runs once. A run sees loopCounter, from 0.
"""

from engine.kernel import expressions, loop_body
from engine.kernel.graph import NodePlan
from engine.kernel.run import COMPLETE, Run
from engine.kernel.state import Token


def begin(run: Run, token: Token, node: NodePlan) -> None:
    loop = node.model.standard_loop
    runs = not (loop.test_before and loop.condition is not None) or expressions.condition(
        run, loop.condition, token.scope, {"loopCounter": 0}
    )
    body = loop_body.open_body(run, token)
    if runs:
        loop_body.start_instances(run, body, node, [(0, {})])
    else:
        run.agenda.append((COMPLETE, token.number, 0))


def over(run: Run, token: Token, node: NodePlan) -> bool:
    """Whether the run that ``token`` completes was the last. Raises Invalid."""
    loop = node.model.standard_loop
    done = token.memo[0] + 1
    if loop.maximum and done >= loop.maximum:
        return True
    if loop.condition is None:
        return not loop.maximum
    return not expressions.condition(run, loop.condition, token.inner, {"loopCounter": done})


def instance_done(run: Run, token: Token, node: NodePlan, over: bool) -> None:
    scope = run.own_scope(token.scope)
    del run.tokens[token.number]
    scope.live -= 1
    if over:
        run.agenda.append((COMPLETE, scope.token, 0))
    else:
        loop_body.start_instances(run, scope, node, [(token.memo[0] + 1, {})])
