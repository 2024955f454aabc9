"""Send task: carried out by a handler where one is named, else its message is thrown and the token goes on."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import activity, job, throw_message
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    model = node.model
    if model.work is not None or (model.message is not None and model.message.handler):
        throw_message.create_job(run, token, node, model.message, model.work)
        return
    if model.message is not None:
        throw_message.throw(run, token, node, model.message)
    activity.complete(run, token, node)


def resume(run: Run, token: Token, node: NodePlan, wait: int, data: Mapping[str, Any]) -> None:
    work = node.model.work
    job.answered(run, token, node, wait, data, work.result if work else "")
    activity.complete(run, token, node)
