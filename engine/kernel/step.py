"""``step(plan, state, stimulus)``: what a BPMN model means, as one pure function.

A stimulus is checked, its data are set, its node moves, and then everything runs until every token waits again
(moves.py says in which order). The same inputs give the same bytes; the state handed in is never changed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine import errors, facts
from engine.kernel import (
    await_message,
    await_signal,
    await_timer,
    data_objects,
    errands,
    event_based_gateway,
    event_sub_process,
    incidents,
    modification,
    moves,
    result,
    scopes,
    send_back,
    start_event,
    stimuli,
    throw_error,
    throw_escalation,
    variables,
)
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.library import Library
from engine.kernel.run import ENTER, Run
from engine.kernel.state import (
    BEFORE,
    ENTERING,
    JOB,
    MESSAGE,
    ROOT,
    SIGNAL,
    TIMER,
    WORK,
    Open,
    Scope,
    State,
)
from engine.model.text import EN, ZH, both, pick


def step(
    plan: Plan,
    state: State | None,
    stimulus: stimuli.AnyStimulus,
    *,
    now: datetime,
    evaluator: Evaluator,
    library: Library | None = None,
) -> result.Step:
    """``state`` is None with ``Start`` only. ``now`` is aware.

    Raises Conflict when the instance does not wait for this (any more), NotFound and Invalid for what was handed in;
    nothing has happened then.
    """
    if state is None:
        if not isinstance(stimulus, stimuli.Start):
            raise _conflict("not_started", "实例尚未启动", "the instance has not been started")
        state = State(0, (plan.sha256,), {}, {0: Scope(0, ROOT, -1)}, {})
        state.business_key, state.instance = stimulus.business_key, stimulus.instance
    elif isinstance(stimulus, stimuli.Start):
        raise _conflict("already_started", "实例已经启动", "the instance has been started already")
    elif state.ended:
        raise _conflict("instance_ended", "实例已经结束", "the instance has ended")
    elif state.programs[0] != plan.sha256:
        raise _conflict("other_program", "实例运行的是另一个方案", "the instance runs another program")
    run = Run(plan, state, now, evaluator, library)
    run.agent = stimulus.agent
    _STIMULI[type(stimulus)](run, stimulus)
    moves.settle(run)
    return run.outcome()


def _start(run: Run, stimulus: stimuli.Start) -> None:
    if stimulus.before:
        modification.begin(run, stimulus)
        return
    plan = run.plan
    starts = start_event.pick(plan, stimulus.node)
    root = run.own_scope(0)
    run.facts.append(facts.InstanceStarted(process=plan.program.key, program=plan.sha256, data=stimulus.data))
    first = starts[0]
    data = stimulus.data
    if len(starts) == 1 and first.triggers:
        trigger = first.triggers[0]
        if trigger.__struct_config__.tag == "message":
            data = dict(await_message.received(run, trigger, 0, data))
        elif trigger.__struct_config__.tag == "signal":
            data = dict(await_signal.received(trigger, data))
    variables.put(run, 0, data, first.id if len(starts) == 1 else "")
    initiator = getattr(first.model, "initiator", "")
    if initiator:
        variables.put(run, 0, {initiator: stimulus.agent}, first.id)
    data_objects.create(run, root, -1)
    event_sub_process.arm_all(run, root, -1)
    if len(starts) == 1 and first.triggers:
        _begin_by_event(run, root, first)
    else:
        scopes.start_at(run, root, [node.index for node in starts], plan.nodes)


def _begin_by_event(run: Run, root: Scope, node: NodePlan) -> None:
    """A message, signal ... created the instance: at a start event, or behind an instantiating gateway."""
    trigger = node.triggers[0]
    tag = trigger.__struct_config__.tag
    name = getattr(trigger, "name", "")
    run.facts.append(facts.EventCaught(node=node.id, trigger=tag, name=name if isinstance(name, str) else ""))
    root.live += 1
    token = run.spawn(node, 0)
    gateways = [run.plan.nodes[flow.source] for flow in node.incoming]
    for gateway in gateways:
        if gateway.kind == "eventBasedGateway" and gateway.model.instantiate and gateway.model.parallel:
            root.live += 1
            waiting = run.spawn(gateway, 0)
            event_based_gateway.await_events(run, waiting, gateway, without=node.index)
    if node.kind == "startEvent":
        run.agenda.append((ENTER, token.number, 0))
    else:
        event_based_gateway.go_on(run, token, node)


def _complete(run: Run, stimulus: stimuli.Complete) -> None:
    kept = _waiting(run, stimulus.wait, (WORK, JOB))
    token = run.own_token(kept.token)
    node = run.node_of(token)
    if token.phase == BEFORE:
        run.close(stimulus.wait)
        token.waits = ()
        run.facts.append(facts.JobCompleted(node=node.id, scope=token.scope, wait=stimulus.wait, errand=kept.name))
        run.agenda.append((ENTER, token.number, 0))
        return
    if token.phase >= ENTERING:
        errands.done(run, token, node, stimulus.wait, kept, stimulus.data)
        return
    if stimulus.then:
        run.onward[token.number] = modification.sibling(run, token, node, stimulus.then)
    node.resume(run, token, node, stimulus.wait, stimulus.data)


def _send_back(run: Run, stimulus: stimuli.SendBack) -> None:
    kept = _waiting(run, stimulus.wait, (WORK,))
    send_back.send_back(run, run.own_token(kept.token), stimulus)


def _fail(run: Run, stimulus: stimuli.Fail) -> None:
    kept = _waiting(run, stimulus.wait, (WORK, JOB))
    token = run.own_token(kept.token)
    node = run.node_of(token)
    variables.assign(run, token.inner or token.scope, stimulus.data, node.id)
    if stimulus.kind == "escalation":
        throw_escalation.throw_code(run, token, node, stimulus.code)
        return
    run.close(stimulus.wait)
    token.waits = tuple(wait for wait in token.waits if wait != stimulus.wait)
    if stimulus.kind == "error":
        throw_error.throw_code(run, token, node, stimulus.code, stimulus.message, errand=kept.trigger)
        return
    run.facts.append(facts.JobFailed(node=node.id, scope=token.scope, wait=stimulus.wait, message=stimulus.message))
    words = stimulus.message or stimulus.code
    said = stimulus.text or both(zh=words, en=words)
    incidents.raise_incident(
        run,
        token.number,
        incidents.stage(token),
        stimulus.code or "work_failed",
        both(zh=f"{node.id} 的作业失败：{pick(said, ZH)}", en=f"the work of {node.id} failed: {pick(said, EN)}"),
        stimulus.wait,
        errand=kept.trigger,
    )


def _fire(run: Run, stimulus: stimuli.Fire) -> None:
    kept = _waiting(run, stimulus.wait, (TIMER,))
    if await_timer.microseconds(run.now) < kept.due:
        raise _conflict("timer_not_due", "定时器还没有到期", "the timer is not due yet", wait=stimulus.wait)
    _occur(run, stimulus.wait, kept, {})


def _deliver(run: Run, stimulus: stimuli.Deliver) -> None:
    _occur(run, stimulus.wait, _waiting(run, stimulus.wait, (MESSAGE, SIGNAL)), stimulus.data)


def _occur(run: Run, wait: int, kept: Open, data: dict[str, Any]) -> None:
    node = run.plan_of(run.scopes[kept.scope]).nodes[kept.node]
    node.occur(run, wait, kept, node, data)


def _cancel(run: Run, stimulus: stimuli.Cancel) -> None:
    scopes.cancel_inside(run, 0)
    root = run.own_scope(0)
    scopes.close_waits(run, root.waits)
    root.waits, root.log = (), ()
    run.ended = True
    run.facts.append(facts.InstanceCancelled(reason=stimulus.reason))


def _retry(run: Run, stimulus: stimuli.Retry) -> None:
    kept = run.waits.get(stimulus.incident)
    if kept is not None and stimulus.data:
        token = run.tokens[kept.token]
        variables.assign(run, token.inner or token.scope, stimulus.data, run.node_of(token).id)
    if stimulus.skip:
        incidents.skip(run, stimulus.incident)
    else:
        incidents.retry(run, stimulus.incident)


def _waiting(run: Run, wait: int, kinds: tuple[int, ...]) -> Open:
    kept = run.waits.get(wait)
    if kept is None:
        raise _conflict(
            "wait_gone",
            f"等待 {wait} 已不存在（已完成或已取消）",
            f"expected wait {wait} to be open, but it is done or cancelled",
            wait=wait,
        )
    if kept.kind not in kinds:
        raise _conflict("other_wait", f"等待 {wait} 不是这一种", f"wait {wait} is of another kind", wait=wait)
    return kept


def _conflict(code: str, zh: str, en: str, **ids: Any) -> errors.Conflict:
    return errors.Conflict(code, zh=zh, en=en, **ids)


_STIMULI: dict[type, Callable[[Run, Any], None]] = {
    stimuli.Start: _start,
    stimuli.Complete: _complete,
    stimuli.Fail: _fail,
    stimuli.Fire: _fire,
    stimuli.Deliver: _deliver,
    stimuli.Cancel: _cancel,
    stimuli.Retry: _retry,
    stimuli.SetVariables: modification.set_variables,
    stimuli.Move: modification.move,
    stimuli.SendBack: _send_back,
}
