"""Intermediate throw event: throws and goes on; without a trigger it only passes. With work, a job does it."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import flows, job, throw_message, throwing
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token


def enter(run: Run, token: Token, node: NodePlan) -> None:
    sent = next((trigger for trigger in node.triggers if getattr(trigger, "handler", "")), None)
    if node.model.work is not None or sent is not None:
        throw_message.create_job(run, token, node, sent, node.model.work)
    else:
        throwing.throw_all(run, token, node)


def resume(run: Run, token: Token, node: NodePlan, wait: int, data: Mapping[str, Any]) -> None:
    work = node.model.work
    job.answered(run, token, node, wait, data, work.result if work else "")
    flows.leave(run, token, node)


def finished(run: Run, token: Token, node: NodePlan) -> None:
    """What it threw to be compensated is undone."""
    flows.leave(run, token, node)
