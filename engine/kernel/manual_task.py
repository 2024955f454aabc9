"""Manual task: done outside the system. It passes at once (Camunda 7), unless it names a performer: then that person
ticks it off like a user task.
"""

from engine.kernel import activity, user_task
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token

resume = user_task.resume


def perform(run: Run, token: Token, node: NodePlan) -> None:
    if node.model.performer is None:
        activity.complete(run, token, node)
    else:
        user_task.perform(run, token, node)
