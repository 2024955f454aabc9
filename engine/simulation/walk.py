"""Walking a model without a scenario: whatever waits is answered, the nearest to the happy path first.

Jobs are answered, work items completed, awaited messages and signals delivered, each with the data that ``supply``
gives for them; when only time is awaited the clock moves to the next timer. Bounded by a number of steps.
"""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from engine.kernel import stimuli, waits
from engine.model.problem import Problem
from engine.model.text import both
from engine.simulation.playing import Playing

Supply = Callable[[Playing, str], dict[str, Any]]
"""The data that somebody hands in at a node."""


def nothing(playing: Playing, node: str) -> dict[str, Any]:
    return {}


class Way(NamedTuple):
    """How the people and services around a walk behave."""

    supply: Supply = nothing
    pass_over: frozenset[str] = frozenset()
    """Codes of incidents that are skipped, with a warning."""
    any_order: Random | None = None
    """Draws what happens next from all that could, boundary events and timers included; None: the happy path first."""


def walk(playing: Playing, way: Way, limit: int) -> list[Problem]:
    """Until the instance has ended, nothing can be answered any more, or ``limit`` steps are done."""
    passed: list[Problem] = []
    while not playing.ended:
        incident = next((found for found in playing.incidents() if found.code in way.pass_over), None)
        if incident is not None:
            data = way.supply(playing, incident.node)
            playing.give(stimuli.Retry(incident=incident.id, data=data, skip=True, reason="played"))
            passed.append(Problem(code=incident.code, text=incident.message, element=incident.node, severity="warning"))
            continue
        if playing.steps >= limit:
            return [
                _problem("limit", f"走了 {limit} 步仍未结束", f"it has not ended after {limit} steps", _open(playing))
            ]
        if not (_answer_any(playing, way) if way.any_order else _answer_one(playing, way.supply)):
            return _stuck(playing)
    return passed


def _answer_one(playing: Playing, supply: Supply) -> bool:
    for kind in (waits.Job, waits.WorkItem, waits.Subscription):
        for wait in _awaiting(playing, kind):
            data = supply(playing, wait.node)
            if isinstance(wait, waits.Subscription):
                playing.give(stimuli.Deliver(wait=wait.id, data=data))
            else:
                playing.give(stimuli.Complete(wait=wait.id, data=data))
            return True
    timer = playing.next_timer()
    if timer is not None:
        playing.fire(timer)
        return True
    beside = [wait for wait in playing.waits.values() if _is_outside(wait)]
    if beside:
        playing.give(stimuli.Deliver(wait=beside[0].id, data=supply(playing, beside[0].node)))
        return True
    return False


def _answer_any(playing: Playing, way: Way) -> bool:
    open_now = [wait for wait in playing.waits.values() if _answerable(wait)]
    if not open_now or way.any_order is None:
        return False
    wait = way.any_order.choice(open_now)
    if isinstance(wait, waits.Timer):
        wait = playing.next_timer() or wait
        playing.fire(wait)
    elif isinstance(wait, waits.Subscription):
        playing.give(stimuli.Deliver(wait=wait.id, data=way.supply(playing, wait.node)))
    else:
        playing.give(stimuli.Complete(wait=wait.id, data=way.supply(playing, wait.node)))
    return True


def _answerable(wait: waits.AnyWait) -> bool:
    return isinstance(wait, waits.Job | waits.WorkItem | waits.Timer) or _is_outside(wait)


def _awaiting(playing: Playing, kind: type) -> list[waits.AnyWait]:
    """What a token waits for; what merely listens beside it (boundary events, event sub-processes) comes last."""
    return [
        wait
        for wait in playing.waits.values()
        if isinstance(wait, kind)
        and wait.token
        and (not isinstance(wait, waits.Subscription) or (_is_outside(wait) and not _beside(playing, wait)))
    ]


def _is_outside(wait: waits.AnyWait) -> bool:
    """Somebody else can make it happen: a condition over the instance's own variables nobody can."""
    return isinstance(wait, waits.Subscription) and wait.trigger != "conditional"


def _beside(playing: Playing, wait: waits.AnyWait) -> bool:
    index = playing.plan.index.get(wait.node, -1)
    return index >= 0 and playing.plan.nodes[index].kind == "boundaryEvent"


def _stuck(playing: Playing) -> list[Problem]:
    found = [
        Problem(code=incident.code, text=incident.message, element=incident.node) for incident in playing.incidents()
    ]
    return found or [
        _problem("nothing_moves", "没有可以继续的等待", "nothing is left that could move it", _open(playing))
    ]


def _open(playing: Playing) -> str:
    return ", ".join(sorted({wait.node for wait in playing.waits.values()})) or "-"


def _problem(code: str, zh: str, en: str, where: str) -> Problem:
    return Problem(code=code, text=both(zh=f"{zh}:{where}", en=f"{en}: {where}"))
