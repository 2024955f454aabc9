"""One instance on a virtual clock: the kernel's steps, what is open, and every fact with its moment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors
from engine.facts import AnyFact
from engine.kernel import result, stimuli, view, waits
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest, Library
from engine.kernel.step import step
from engine.model.expression import Expression
from engine.model.expression import Mapping as Mapped
from engine.model.nodes import StartEvent, Task
from engine.model.program import Flow, Program
from engine.schedule.calendars import Calendar


class Moment(msgspec.Struct, frozen=True):
    """A fact and when it happened."""

    at: datetime
    fact: AnyFact


class Playing:
    def __init__(self, plan: Plan, *, evaluator: Evaluator, library: Library | None, now: datetime) -> None:
        self.plan = plan
        self.evaluator = evaluator
        self.library = library
        self.begun_at = self.now = now
        self.state: Any = None
        self.waits: dict[int, waits.AnyWait] = {}
        self.history: list[Moment] = []
        self.thrown: list[result.Thrown] = []
        self.items: dict[str, waits.WorkItem] = {}
        """The work item of each node that was opened last."""
        self.steps = 0
        self.ended = False

    def give(self, stimulus: stimuli.AnyStimulus) -> None:
        """Raises what the kernel raises; nothing has happened then."""
        done = step(self.plan, self.state, stimulus, now=self.now, evaluator=self.evaluator, library=self.library)
        self.state = done.state
        self.steps += 1
        for number in done.closed:
            self.waits.pop(number, None)
        for wait in done.opened:
            self.waits[wait.id] = wait
            if isinstance(wait, waits.WorkItem):
                self.items[wait.node] = wait
        self.history += [Moment(self.now, fact) for fact in done.facts]
        self.thrown += done.thrown
        self.ended = done.ended
        self._deliver_own(done.thrown)

    def next_timer(self, until: datetime | None = None) -> waits.Timer | None:
        """The one due first (until then, where given); of one moment the one set first."""
        timers = [wait for wait in self.waits.values() if isinstance(wait, waits.Timer)]
        if until is not None:
            timers = [timer for timer in timers if timer.due_at <= until]
        return min(timers, key=lambda timer: (timer.due_at, timer.id), default=None)

    def fire(self, timer: waits.Timer) -> None:
        """The clock moves to when it is due."""
        self.now = max(self.now, timer.due_at)
        self.give(stimuli.Fire(wait=timer.id))

    def variables(self) -> dict[str, Any]:
        return view.variables(self.state) if self.state is not None else {}

    def incidents(self) -> list[waits.Incident]:
        return [wait for wait in self.waits.values() if isinstance(wait, waits.Incident)]

    def _deliver_own(self, thrown: tuple[result.Thrown, ...]) -> None:
        """A message that the instance throws reaches itself when it awaits it, as the runtime would have it."""
        for message in thrown:
            found = [
                wait
                for wait in self.waits.values()
                if isinstance(wait, waits.Subscription)
                and wait.trigger == "message" == message.trigger
                and wait.name == message.name
                and wait.key in (None, message.key)
            ]
            if found and not self.ended:
                self.give(stimuli.Deliver(wait=found[0].id, data=message.data))


Answers = Mapping[str, Any] | list[dict[str, Any]]


class Answering:
    """A library that answers some calls with ready results instead of running the called process; of a list one after
    the other, the last stays."""

    def __init__(
        self, answers: Mapping[str, Answers], library: Library | None, compiled: Callable[[Program], Plan]
    ) -> None:
        self._library = library
        self._left: dict[str, list[Plan]] = {
            node: [compiled(answer(node, one)) for one in (told if isinstance(told, list) else [told])]
            for node, told in answers.items()
        }
        self._plans = {plan.sha256: plan for left in self._left.values() for plan in left}

    def called(self, request: CallRequest) -> Plan:
        left = self._left.get(request.node)
        if left:
            return left.pop(0) if len(left) > 1 else left[0]
        return self._behind(request.key).called(request)

    def plan(self, sha256: str) -> Plan:
        return self._plans.get(sha256) or self._behind(sha256).plan(sha256)

    def calendar(self, key: str) -> Calendar:
        return self._behind(key).calendar(key)

    def _behind(self, what: str) -> Library:
        if self._library is None:
            raise errors.NotFound(
                "no_library",
                zh=f"没有提供“{what}”，场景也没有为它写明结果",
                en=f"{what!r} was not given to the play, and the scenario does not say what it gives back",
            )
        return self._library


def answer(node: str, values: Mapping[str, Any]) -> Program:
    """A process that sets these variables and ends."""
    outputs = tuple(
        Mapped(target=name, source=Expression(text=msgspec.json.encode(value).decode()))
        for name, value in values.items()
    )
    return Program(
        key=f"answer:{node}",
        nodes=(StartEvent(id="start"), Task(id="answer", outputs=outputs)),
        flows=(Flow(id="flow", source="start", target="answer"),),
    )
