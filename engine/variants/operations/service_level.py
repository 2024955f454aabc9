"""How fast and at what cost: set SLA, calendar, priority, worth."""

from typing import Any, ClassVar, Self

import msgspec

from engine.definitions import steps
from engine.definitions.process import Definition
from engine.model import nodes
from engine.model.performer import Promise
from engine.model.text import EN, ZH, Text, both
from engine.variants import durations
from engine.variants.draft import Draft, Refused
from engine.variants.operations.activities import misfitting
from engine.variants.operations.operation import Element, Setting

ALL = "*"


class SetSla(Setting, frozen=True, kw_only=True, tag="set_sla"):
    """The promise of a step: duration, goal, calendar, ladder; None: no promise. What is not named stays, but for a
    goal that is no longer before the deadline, and the rungs that hang on it."""

    element: ClassVar[Element] = "service_level"

    promise: dict[str, Any] | None

    def apply(self, draft: Draft) -> None:
        old = draft.activity(self.target).promise
        new = steps.promise(self.promise) if self.promise is not None else None
        if new is not None and old is not None and self.promise is not None:
            new = _over(old, new, self.promise)
        draft.change(self.target, promise=new)

    def over(self, earlier: Self) -> Self:
        if self.promise is None or earlier.promise is None:
            return self
        return msgspec.structs.replace(self, promise={**earlier.promise, **self.promise})

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        if self.promise is None:
            return both(zh=f"「{name[ZH]}」不承诺时限", en=f"{name[EN]}: no promise")
        spoken, goal = durations.spoken(self.promise["duration"]), self.promise.get("goal")
        zh, en = f"「{name[ZH]}」时限 {spoken[ZH]}", f"{name[EN]} within {spoken[EN]}"
        if goal:
            aim = durations.spoken(goal)
            zh, en = f"{zh}，目标 {aim[ZH]}", f"{en}, goal {aim[EN]}"
        elif goal == "":
            zh, en = f"{zh}，不设目标", f"{en}, no goal"
        return both(zh=zh, en=en)

    def violates(self, draft: Draft, definition: Definition) -> Text | None:
        bound = definition.policy_of(self.target).sla_max
        if not bound:
            return None
        if self.promise is not None and durations.seconds(self.promise["duration"]) <= durations.seconds(bound):
            return None
        spoken = durations.spoken(bound)
        return both(zh=f"时限不得超过 {spoken[ZH]}", en=f"the promise must not exceed {spoken[EN]}")


def _over(old: Promise, new: Promise, named: dict[str, Any]) -> Promise:
    goal = new.goal if "goal" in named else _still(old.goal, new.duration)
    kept = tuple(rung for rung in old.ladder if goal or rung.of == "deadline")
    return msgspec.structs.replace(
        new,
        goal=goal,
        calendar=new.calendar if "calendar" in named else old.calendar,
        ladder=new.ladder if "ladder" in named else kept,
    )


def _still(goal: str, deadline: str) -> str:
    return goal if goal and durations.seconds(goal) < durations.seconds(deadline) else ""


class SetCalendar(Setting, frozen=True, kw_only=True, tag="set_calendar"):
    """In whose business time promises count; ``*`` speaks for every step that has one."""

    element: ClassVar[Element] = "service_level"

    calendar: str

    def apply(self, draft: Draft) -> None:
        targets = list(draft.nodes) if self.target == ALL else [draft.activity(self.target).id]
        promised = [target for target in targets if getattr(draft.nodes[target], "promise", None) is not None]
        if not promised:
            raise Refused(
                "no_promise", zh="没有承诺时限，日历无从适用", en="there is no promise to count", element=self.target
            )
        for target in promised:
            promise = msgspec.structs.replace(getattr(draft.nodes[target], "promise"), calendar=self.calendar)  # noqa: B009
            draft.change(target, promise=promise)

    def needs(self) -> frozenset[str]:
        return frozenset() if self.target == ALL else frozenset({self.target})

    def says(self, draft: Draft) -> Text:
        name = both(zh="所有步骤", en="all steps") if self.target == ALL else draft.name(self.target)
        return both(zh=f"{name[ZH]}按日历 {self.calendar} 计时", en=f"{name[EN]}: time counts by {self.calendar}")


class SetPriority(Setting, frozen=True, kw_only=True, tag="set_priority"):
    element: ClassVar[Element] = "service_level"

    priority: int | str

    def apply(self, draft: Draft) -> None:
        try:
            draft.put(steps.overlay(draft.node(self.target), {"priority": self.priority}))
        except steps.DoesNotFit as misfit:
            raise misfitting(misfit, self.target) from misfit

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        return both(zh=f"「{name[ZH]}」优先级 {self.priority}", en=f"{name[EN]} has priority {self.priority}")


class SetWorth(Setting, frozen=True, kw_only=True, tag="set_worth"):
    """What a step gives the customer, its tag and its cost; what is not named stays."""

    element: ClassVar[Element] = "service_level"

    worth: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        activity: nodes.Activity = draft.activity(self.target)
        draft.change(activity.id, worth=steps.worth(self.worth, activity.worth))

    def over(self, earlier: Self) -> Self:
        return msgspec.structs.replace(self, worth={**earlier.worth, **self.worth})

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        return both(zh=f"「{name[ZH]}」的客户价值与成本另行规定", en=f"{name[EN]}: its value and cost differ")
