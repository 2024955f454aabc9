"""Service task: a job for a handler; its answer becomes variables."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import activity, job
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    job.create(run, token, node, node.model.work)


def resume(run: Run, token: Token, node: NodePlan, wait: int, data: Mapping[str, Any]) -> None:
    work = node.model.work
    job.answered(run, token, node, wait, data, work.result if work else "")
    activity.complete(run, token, node)
