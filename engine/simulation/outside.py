"""The world outside a played file: what it calls and does not hold is answered here, and every answer is told.

Processes kept elsewhere end at once; functions of another product, scripts that no rule translates and conditions
written for people get an answer that is drawn; the model itself runs as it always does.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any

import msgspec

from engine import errors, feel
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest, Library
from engine.model.expression import Expression
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text, both
from engine.schedule import calendars
from engine.schedule.calendars import Calendar
from engine.simulation.guess import Guesses
from engine.simulation.playing import answer

_MOST_CALLS = 200
"""Processes elsewhere that one attempt may call; whoever calls more goes round in a circle."""
_ANSWERS: tuple[Any, ...] = ("answered", True, 1, ["a", "b"], "PT1H")
_MISSING = re.compile(r"NameError: name '(\w+)' is not defined")
_SET = re.compile(r"""^\s*(\w+)\s*=(?!=)|\.setVariable(?:Local)?\(\s*["']([\w.-]{1,80})["']""", re.MULTILINE)


class Told:
    """Warnings, each once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def warn(self, code: str, *, zh: str, en: str, element: str = "") -> None:
        problem = Problem(code=code, severity="warning", element=element, text=both(zh=zh, en=en))
        if problem not in self.problems:
            self.problems.append(problem)


class World:
    """An evaluator that asks the house's first."""

    def __init__(self, house: Evaluator, guesses: Guesses, random: Random, told: Told) -> None:
        self._house = house
        self._guesses = guesses
        self._random = random
        self._told = told

    def value(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> Any:
        try:
            return self._house.value(expression, variables, now)
        except (feel.Untranslatable, feel.FeelSyntaxError) as refused:
            self._answered(expression, refused)
            return self._random.choice(_ANSWERS)

    def condition(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> bool:
        try:
            return self._house.condition(expression, variables, now)
        except (feel.Untranslatable, feel.FeelSyntaxError) as refused:
            self._answered(expression, refused)
            return self._random.random() < 0.5

    def doubts(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> tuple[Text, ...]:
        return self._house.doubts(expression, variables, now)

    def script(
        self, language: str, text: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, dict[str, Any]]:
        """A variable that a script misses is handed in by the next attempt; a function it misses nobody can hand in."""
        try:
            return self._house.script(language, text, variables, now)
        except errors.Invalid as refused:
            missing = _MISSING.search(refused.text["en"])
            if missing and not re.search(rf"\b{missing[1]}\s*\(", text):
                self._guesses.miss(missing[1])
                raise
            if not missing and language == "python" and "ModuleNotFoundError" not in refused.text["en"]:
                raise
            self._told.warn(
                "script_answered",
                zh=f"一段 {language} 脚本无法在此运行（{refused.text['zh-CN']}），它设置的变量由试运行代填",
                en=f"a script in {language} does not run here ({refused.text['en']}): the play set its variables",
            )
            return None, self._set(text)

    def decide(
        self, dmn: str, decision: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, tuple[str, ...]]:
        return self._house.decide(dmn, decision, variables, now)

    def _set(self, text: str) -> dict[str, Any]:
        known = self._guesses.draw(self._random)
        return {name: known.get(name, "answered") for pair in _SET.findall(text) for name in pair if name}

    def _answered(self, expression: Expression, refused: errors.Invalid) -> None:
        self._told.warn(
            "expression_answered",
            zh=f"“{expression.text.strip()}”由试运行代答：{refused.text['zh-CN']}",
            en=f"the play answered {expression.text.strip()!r} itself: {refused.text['en']}",
        )


class Elsewhere:
    """A library that answers calls of processes nobody has given: each sets what ``given`` draws and ends."""

    def __init__(
        self,
        library: Library | None,
        *,
        compiled: Callable[[Program], Plan],
        given: Callable[[], dict[str, Any]],
        told: Told,
    ) -> None:
        self._library = library
        self._compiled = compiled
        self._given = given
        self._told = told
        self._plans: dict[str, Plan] = {}
        self._calls = 0

    def called(self, request: CallRequest) -> Plan:
        if self._library is not None:
            try:
                return self._library.called(request)
            except errors.NotFound:
                pass
        self._calls += 1
        if self._calls > _MOST_CALLS:
            raise errors.Invalid(
                "endless_loop",
                zh=f"{request.node} 一再调用流程 {request.key}",
                en=f"{request.node} calls the process {request.key} again and again",
            )
        plan = self._compiled(answer(request.key, self._given()))
        self._plans[plan.sha256] = plan
        self._told.warn(
            "process_missing",
            zh=f"没有提供被调用的流程 {request.key}，按立即结束处理",
            en=f"the called process {request.key} was not given: played as if it ended at once",
            element=request.node,
        )
        return plan

    def plan(self, sha256: str) -> Plan:
        if sha256 in self._plans or self._library is None:
            return self._plans[sha256]
        return self._library.plan(sha256)

    def calendar(self, key: str) -> Calendar:
        """A calendar that nobody has given knows no closing time."""
        if self._library is not None:
            try:
                return self._library.calendar(key)
            except errors.NotFound:
                pass
        if key in calendars.BUILT_IN:
            return calendars.BUILT_IN[key]
        self._told.warn(
            "calendar_missing",
            zh=f"没有提供日历 {key}，按全天候处理",
            en=f"the calendar {key} was not given: played as if it never closed",
        )
        return msgspec.structs.replace(calendars.BUILT_IN["24x7"], key=key)
