"""Task (undefined): nothing is known about the work, so it passes at once."""

from engine.kernel import activity
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    activity.complete(run, token, node)
