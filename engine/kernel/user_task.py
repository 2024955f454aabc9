"""User task: a work item for a person. Assignee, candidates, due date and priority are evaluated when it opens; a
promise (SLA) gives the due date where the author gave none. What the person enters becomes variables.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import facts
from engine.kernel import activity, await_timer, expressions, variables, waits
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.library import Library
from engine.kernel.run import Run
from engine.kernel.state import WORK, Open, State, Token
from engine.model.expression import Expression
from engine.model.performer import Performer, Promise
from engine.schedule import due

_NOBODY = Performer()


def perform(run: Run, token: Token, node: NodePlan) -> None:
    model = node.model
    seen = token.inner or token.scope
    performer = model.performer or _NOBODY
    wait = run.number()
    deadline = _due_at(run, model, seen)
    item = waits.WorkItem(
        id=wait,
        node=node.id,
        scope=token.scope,
        path=run.path(token.scope),
        token=token.number,
        **_offered(run, performer, seen),
        form=getattr(model, "form", ""),
        due_at=deadline,
        goal_at=_goal_at(run, model, deadline),
        follow_up_at=_moment(run, getattr(model, "follow_up", None), seen),
        priority=_priority(run, node, seen),
        performer=performer,
        promise=model.promise,
    )
    run.own_token(token.number).waits += (wait,)
    run.open(Open(WORK, token.scope, token.number, node.index), item)
    run.facts.append(facts.WorkItemOpened(node=node.id, scope=token.scope, wait=wait))


def resume(run: Run, token: Token, node: NodePlan, wait: int, data: Mapping[str, Any]) -> None:
    run.close(wait)
    run.facts.append(facts.WorkItemCompleted(node=node.id, scope=token.scope, wait=wait, data=dict(data)))
    variables.assign(run, token.inner or token.scope, data, node.id)
    activity.complete(run, token, node)


def offered(
    plan: Plan, state: State, wait: int, *, now: datetime, evaluator: Evaluator, library: Library | None
) -> dict[str, Any]:
    """``assignee``, ``users`` and ``groups`` of an open work item as its node names them now. Raises errors.Invalid."""
    run = Run(plan, state, now, evaluator, library)
    kept = run.waits[wait]
    token = run.tokens[kept.token]
    return _offered(run, plan.nodes[kept.node].model.performer or _NOBODY, token.inner or token.scope)


def _offered(run: Run, performer: Performer, seen: int) -> dict[str, Any]:
    return {
        "assignee": expressions.text(run, performer.assignee, seen) or None if performer.assignee else None,
        "users": _keys(run, performer.users, seen),
        "groups": _keys(run, performer.groups, seen),
    }


def _keys(run: Run, sources: tuple[Expression, ...], seen: int) -> tuple[str, ...]:
    """Names of users or groups; an expression may give a list, or several in one text, parted by commas."""
    if not sources:
        return ()
    found: list[str] = []
    for source in sources:
        value = expressions.value(run, source, seen)
        for part in value if isinstance(value, list | tuple) else [value]:
            if part is not None:
                found += [key.strip() for key in str(part).split(",") if key.strip()]
    return tuple(dict.fromkeys(found))


def _due_at(run: Run, model: Any, seen: int) -> datetime | None:
    at = _moment(run, getattr(model, "due", None), seen)
    if at is None and model.promise is not None:
        return _promised(run, model.promise.duration, model.promise)
    return at


def _goal_at(run: Run, model: Any, deadline: datetime | None) -> datetime | None:
    """A deadline that the drawing itself sets may come before the goal: then the goal is the deadline."""
    if model.promise is None or not model.promise.goal:
        return None
    at = _promised(run, model.promise.goal, model.promise)
    return min(at, deadline) if deadline else at


def _promised(run: Run, span: str, promise: Promise) -> datetime:
    return due.after(span, run.now, await_timer.calendar(run, promise.calendar))


def _moment(run: Run, source: Expression | None, seen: int) -> datetime | None:
    value = expressions.value(run, source, seen) if source else None
    return None if value is None or value == "" else due.moment(value, run.now)


def _priority(run: Run, node: NodePlan, seen: int) -> int:
    source = getattr(node.model, "priority", None)
    return expressions.number(run, source, seen, f"priority {node.id}") if source else 50
