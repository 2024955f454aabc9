"""Errands: jobs beside a node's own work. Listeners of the drawing, and calls of code that an expression needs.

They are done one after another while the token waits; its phase says which of them (state.py), the wait's ``trigger``
the number of the one under way. An answer becomes variables as any job's does; the answer of a called method is the
variable that stands for the call. What fails is retried or skipped by itself, and nothing before it is done again.
"""

from collections.abc import Mapping
from typing import Any

from engine.kernel import incidents, job, variables
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.run import GO_ON, Run
from engine.kernel.state import CLOSING, ENTERING, TAKING, Open, Token
from engine.model.nodes import Work


def begin(run: Run, token: Token, node: NodePlan, phase: int) -> bool:
    """Whether there is something to do first: the token then waits, and goes on by a ``GO_ON`` move of that phase."""
    if node.errands is None and phase not in (TAKING, CLOSING):
        return False
    if not _works(run.plan_of(run.scopes[token.scope]), token, node, phase):
        return False
    own = run.own_token(token.number)
    own.phase = phase
    go_on(run, own, node, 0)
    return True


def done(run: Run, token: Token, node: NodePlan, wait: int, kept: Open, data: Mapping[str, Any]) -> None:
    """The errand of ``wait`` is done; the next one follows."""
    work = _works(run.plan_of(run.scopes[token.scope]), token, node, token.phase)[kept.trigger]
    token.waits = tuple(number for number in token.waits if number != wait)
    job.answered(run, token, node, wait, data, work.result, errand=kept.name)
    go_on(run, token, node, kept.trigger + 1)


def go_on(run: Run, token: Token, node: NodePlan, number: int) -> None:
    """From errand ``number`` of the token's phase on."""
    works = _works(run.plan_of(run.scopes[token.scope]), token, node, token.phase)
    if number >= len(works):
        run.agenda.append((GO_ON, token.number, token.phase))
        return
    work = works[number]
    if work.result and token.inner:
        variables.local(run, token.inner, {work.result: None})  # each run of a loop has an answer of its own
    try:
        job.create(run, token, node, work, errand=number)
    except incidents.STOPS as error:
        incidents.raise_incident(run, token.number, token.phase, error.code, error.text, errand=number)


def _works(plan: Plan, token: Token, node: NodePlan, phase: int) -> tuple[Work, ...]:
    if phase == TAKING:
        return plan.flows[token.memo[0]].errands
    if phase == CLOSING:
        return plan.program.errands
    return node.errands[phase - ENTERING] if node.errands is not None else ()
