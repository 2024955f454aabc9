"""Plays a foreign model to its end: answers what it asks of the world and searches the data that it wants."""

import random
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, feel
from engine.definitions.text_rules import written
from engine.evaluation import HouseEvaluator
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Flow, Program
from engine.model.text import Text
from engine.schedule.calendars import Calendar
from engine.simulation import play, walk

ATTEMPTS = 60
STEPS = 400
_COMPARED = re.compile(
    r"""([A-Za-z_][\w.]*)\s*(?:===?|!==?|=|<=?|>=?|eq|ne|lt|gt|le|ge)\s*("[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|true|false)"""
)
_NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_MISSING = re.compile(r"name '(\w+)' is not defined")
_SET = re.compile(r"^(\w+)\s*=(?!=)", re.MULTILINE)
_TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'")


class Outcome(msgspec.Struct):
    ended: bool
    reason: str = ""
    answered: tuple[str, ...] = ()


def _assigned(text: str) -> dict[str, Any]:
    """What a script that cannot run would have set."""
    return dict.fromkeys(_SET.findall(text), "answered")


class DriverEvaluator:
    """The house's evaluator; an expression that calls code from elsewhere gets an answer from the driver."""

    def __init__(self, house: HouseEvaluator) -> None:
        self.house = house
        self.answered: set[str] = set()
        self.wanted: set[str] = set()
        """Variables that a script looked for in vain."""
        self.choice = random.Random(0)

    def value(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> Any:
        try:
            return self.house.value(expression, variables, now)
        except feel.Untranslatable as refused:
            if expression.language in ("javascript", "groovy"):
                self.answered.add(f"scripts in {expression.language}")
            elif refused.reason == "host_function":
                self.answered.add("calls of Java beans")
            else:
                raise
            return "answered"

    def condition(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> bool:
        try:
            return self.house.condition(expression, variables, now)
        except feel.Untranslatable as refused:
            if refused.reason != "host_function":
                raise
            self.answered.add("calls of Java beans")
            return self.choice.random() < 0.5

    def doubts(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> tuple[Text, ...]:
        return self.house.doubts(expression, variables, now)

    def script(
        self, language: str, text: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, dict[str, Any]]:
        """Names that a script expects from its own product are asked for; code of other languages is answered."""
        try:
            return self.house.script(language, text, variables, now)
        except errors.Invalid as fault:
            missing = _MISSING.search(str(fault))
            if missing and re.search(rf"\b{missing[1]}\s*\(", text):
                self.answered.add("functions of another product in scripts")
                return None, _assigned(text)
            if missing:
                self.wanted.add(missing[1])
            if language == "python":
                raise
            self.answered.add(f"scripts in {language}")
            return None, {}

    def decide(
        self, dmn: str, decision: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, tuple[str, ...]]:
        return self.house.decide(dmn, decision, variables, now)


class Shelf:
    """The processes of the same file; any other is a process that ends at once."""

    def __init__(self, programs: tuple[Program, ...], answered: set[str]) -> None:
        self.plans: dict[str, Plan] = {}
        self.programs = {program.key: program for program in programs}
        self.answered = answered

    def called(self, request: CallRequest) -> Plan:
        program = self.programs.get(request.key)
        if program is None:
            self.answered.add("processes called elsewhere")
            start, end = nodes.StartEvent(id="start"), nodes.EndEvent(id="end")
            flow = Flow(id="flow", source="start", target="end")
            program = Program(key=request.key, nodes=(start, end), flows=(flow,))
        plan = compile_program(answerable(program, self.answered))
        self.plans[plan.sha256] = plan
        return plan

    def plan(self, sha256: str) -> Plan:
        return self.plans[sha256]

    def calendar(self, key: str) -> Calendar:
        return Calendar(key=key)


def answerable(program: Program, answered: set[str]) -> Program:
    """Decisions that the file names and does not hold become jobs, which the driver answers."""
    changed = []
    for node in program.nodes:
        if isinstance(node, nodes.BusinessRuleTask) and node.decision and node.decision not in program.decisions:
            answered.add("decisions kept elsewhere")
            work = nodes.Work(handler=f"decision:{node.decision}", style="external", result=node.result)
            node = msgspec.structs.replace(node, decision="", work=work)
        changed.append(node)
    return msgspec.structs.replace(program, nodes=tuple(changed))


class Driver:
    house = HouseEvaluator()

    def __init__(self, programs: tuple[Program, ...]) -> None:
        self.programs = programs

    def play(self, program: Program) -> Outcome:
        """Attempt after attempt with other data; the first that ends counts, else the last one's reason."""
        values = guesses(program)
        reason = ""
        answered: set[str] = set()
        for attempt in range(ATTEMPTS):
            answered.clear()
            evaluator = DriverEvaluator(self.house)
            evaluator.answered, evaluator.choice = answered, random.Random(attempt)
            chance = random.Random(attempt)
            data = chosen(values, chance, first=attempt == 0)
            found = play.play(
                answerable(program, answered),
                evaluator=evaluator,
                data=data,
                library=Shelf(self.programs, answered),
                limit=STEPS,
                way=walk.Way(supply=lambda playing, node, chance=chance: chosen(values, chance, first=False)),
            )
            if found.ended:
                return Outcome(ended=True, answered=tuple(sorted(answered)))
            for name in sorted(evaluator.wanted):
                values.setdefault(name, [1, 2.5, "word", [1, 2], ["a", "b"], [{"a": "b"}], {"a": "b"}, True])
            reason = "; ".join(problem.text["en"] for problem in found.problems) or "it did not end"
        return Outcome(ended=False, reason=reason[:300].replace("\n", " "), answered=tuple(sorted(answered)))


def guesses(program: Program) -> dict[str, list[Any]]:
    """For each variable that an expression names, the values that the model tells apart."""
    found: dict[str, list[Any]] = {}
    for place in (*program.nodes, *program.flows):
        for path, expression in written(place):
            if expression.language == "literal":
                continue
            for name, value in _compared(expression.text):
                found.setdefault(name, []).append(value)
            for name in _NAMES.findall(_TEXTS.sub(" ", expression.text)):
                found.setdefault(name, _usual(place, path))
        if isinstance(place, nodes.ScriptTask):
            for name, value in _compared(place.script):
                found.setdefault(name, []).append(value)
    return found


def _usual(place: Any, path: str) -> list[Any]:
    """What stands at such a place when nothing is known about it."""
    if "collection" in path:
        return [["a", "b"]]
    if "cardinality" in path:
        return [2]
    if path == "priority":
        return [50]
    if path in ("due", "follow_up") or (path == "triggers.text" and getattr(place, "triggers", ())):
        kinds = {getattr(trigger, "kind", "") for trigger in place.triggers} if path == "triggers.text" else set()
        return ["R2/PT1H"] if "cycle" in kinds else ["2026-03-03T09:00:00Z"] if "date" in kinds else ["PT1H"]
    return [True, False]


def _compared(text: str) -> Iterator[tuple[str, Any]]:
    for name, raw in _COMPARED.findall(text):
        if raw in ("true", "false"):
            yield from ((name, raw == "true"), (name, raw != "true"))
        elif raw[0] in "\"'":
            yield from ((name, raw[1:-1]), (name, f"not {raw[1:-1]}"))
        else:
            number = float(raw) if "." in raw else int(raw)
            yield from ((name, number), (name, number + 1), (name, number - 1))


def chosen(values: dict[str, list[Any]], chance: random.Random, *, first: bool) -> dict[str, Any]:
    """One value for each variable; ``a.b.c`` makes nested objects."""
    data: dict[str, Any] = {}
    for name, options in sorted(values.items(), key=lambda item: item[0].count(".")):
        value = (options[0] if first else chance.choice(options)) if options else True
        *outer, last = name.split(".")
        place = data
        for part in outer:
            inner = place.get(part)
            if not isinstance(inner, dict):
                inner = place[part] = {}
            place = inner
        place[last] = value
    return data
