"""Script task: runs inside the step. The variables that the script changed are set; its value goes to ``result``.

FEEL changes nothing by itself: without ``result`` the entries of the context that it gives become variables.
"""

from collections.abc import Mapping

from engine.kernel import activity, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    model = node.model
    scope = token.inner or token.scope
    value, changed = run.evaluator.script(model.language, model.script, variables.view(run, scope), run.now)
    if model.result:
        changed = {**changed, model.result: value}
    elif model.language == "feel" and isinstance(value, Mapping):
        changed = dict(value)
    variables.assign(run, scope, changed, node.id)
    activity.complete(run, token, node)
