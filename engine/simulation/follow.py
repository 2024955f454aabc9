"""Following a scenario: its steps in order, jobs answered as they come, timers fired when the clock passes them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine import errors
from engine.kernel import stimuli, waits
from engine.model.problem import Problem
from engine.model.text import both
from engine.schedule import due
from engine.simulation.playing import Playing
from engine.simulation.scenario import Deed, Scenario

_MOST_STEPS = 10_000
"""A loop of jobs, or a cycle of seconds over a year, goes no further."""


def follow(playing: Playing, scenario: Scenario) -> list[Problem]:
    """A step that cannot be done ends the play with a problem that names it."""
    deeds = scenario.deeds()
    answers = _Answers(scenario)
    for index, deed in enumerate(deeds):
        by_hand = {later.answer or later.fail for later in deeds[index:]} | set(scenario.silent)
        try:
            _answer_jobs(playing, answers, by_hand)
            if deed.after:
                pass_time(playing, due.after(deed.after, playing.now), answers, by_hand)
            _do(playing, deed, answers, by_hand)
        except errors.CrmflowError as error:
            return [_problem(index, error.code, error.text)]
    _answer_jobs(playing, answers, set(scenario.silent))
    return []


def pass_time(playing: Playing, until: datetime, answers: "_Answers | None", by_hand: set[str]) -> None:
    """Every timer that is due on the way fires at its moment."""
    while not playing.ended and (timer := playing.next_timer(until)) is not None:
        _go_on(playing)
        playing.fire(timer)
        if answers is not None:
            _answer_jobs(playing, answers, by_hand)
    playing.now = max(playing.now, until)


class _Answers:
    def __init__(self, scenario: Scenario) -> None:
        self._rest: dict[str, Iterator[dict[str, Any]]] = {}
        self._last: dict[str, dict[str, Any]] = {}
        for node, answer in scenario.answers.items():
            if isinstance(answer, dict):
                self._last[node] = answer
            else:
                self._rest[node] = iter(answer)

    def of(self, node: str) -> dict[str, Any]:
        """The next answer; the last one stays. Nothing said: nothing answered."""
        self._last[node] = next(self._rest.get(node, iter(())), self._last.get(node, {}))
        return self._last[node]


def _answer_jobs(playing: Playing, answers: _Answers, by_hand: set[str]) -> None:
    while not playing.ended:
        jobs = [wait for wait in playing.waits.values() if isinstance(wait, waits.Job) and wait.node not in by_hand]
        if not jobs:
            return
        _go_on(playing)
        playing.give(stimuli.Complete(wait=jobs[0].id, data=answers.of(jobs[0].node)))


def _go_on(playing: Playing) -> None:
    if playing.steps >= _MOST_STEPS:
        raise errors.TooLarge(
            "scenario_too_long",
            zh=f"已走了 {_MOST_STEPS:,} 步，流程可能在循环",
            en=f"{_MOST_STEPS:,} steps are done: the process may be going round in a circle",
        )


def _do(playing: Playing, deed: Deed, answers: _Answers, by_hand: set[str]) -> None:
    if deed.complete or deed.answer:
        wait = _working(playing, deed.complete or deed.answer, waits.WorkItem if deed.complete else waits.Job)
        playing.give(stimuli.Complete(wait=wait.id, data=deed.data, agent=deed.agent))
    elif deed.fail:
        wait = _working(playing, deed.fail, (waits.WorkItem, waits.Job))
        playing.give(
            stimuli.Fail(
                wait=wait.id, kind=deed.kind, code=deed.code, message=deed.text, data=deed.data, agent=deed.agent
            )
        )
    elif deed.message or deed.signal:
        _deliver(playing, deed)
    elif deed.wait:
        pass_time(playing, due.after(deed.wait, playing.now), answers, by_hand)
    elif deed.until is not None:
        pass_time(playing, deed.until, answers, by_hand)
    elif deed.set is not None:
        playing.give(stimuli.SetVariables(values=deed.set, agent=deed.agent))
    elif deed.cancel:
        playing.give(stimuli.Cancel(reason=deed.cancel, agent=deed.agent))


def _working(playing: Playing, node: str, kind: Any) -> waits.AnyWait:
    for number, wait in playing.waits.items():
        if wait.node == node and isinstance(wait, kind):
            return playing.waits[number]
    raise _not_open(playing, node)


def _deliver(playing: Playing, deed: Deed) -> None:
    """A message to one that awaits it, a signal to all."""
    kind, name = ("message", deed.message) if deed.message else ("signal", deed.signal)
    found = [
        wait
        for wait in playing.waits.values()
        if isinstance(wait, waits.Subscription)
        and wait.trigger == kind
        and wait.name == name
        and (deed.key is None or wait.key in (None, deed.key))
    ]
    if not found:
        raise _not_open(playing, name)
    for wait in found[:1] if kind == "message" else found:
        if wait.id in playing.waits:
            playing.give(stimuli.Deliver(wait=wait.id, data=deed.data))


def _not_open(playing: Playing, what: str) -> errors.Conflict:
    now_open = ", ".join(sorted({wait.node for wait in playing.waits.values()})) or "-"
    return errors.Conflict(
        "not_open",
        zh=f"{what} 此刻没有等待；正在等待的是：{now_open}",
        en=f"nothing waits for {what} now; open are: {now_open}",
    )


def _problem(index: int, code: str, text: dict[str, str]) -> Problem:
    return Problem(
        code=code,
        text=both(
            zh=f"第 {index + 1} 步无法执行：{text.get('zh-CN', '')}",
            en=f"step {index + 1} cannot be done: {text.get('en', '')}",
        ),
        pointer=f"/steps/{index}",
    )
