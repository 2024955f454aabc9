"""Rules of names in expressions: functions that do not exist, and variables that look like a slip of the pen.

A process takes whatever variables it is started with, so a name that nothing writes is no mistake by itself. It is told
only when it is one slip away from a name that the process does write or ask for.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from engine import errors, feel
from engine.definitions import text_rules
from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.model import nodes, program, triggers
from engine.model.expression import Expression, Mapping
from engine.model.problem import Problem

_Place = nodes.Node | program.Flow


def functions(graph: Graph) -> Iterator[Problem]:
    known = written(graph.program)
    for place, path, name in _asked(graph.program, known, called=True):
        guess = feel.did_you_mean(name, feel.function_names())
        zh, en = (f"，是否指“{guess}”？", f"; did you mean {guess}?") if guess else ("", "")
        yield finding(
            "function_unknown",
            place,
            zh=f"{path}：没有名为“{name}”的函数{zh}",
            en=f"{path}: there is no function called {name}{en}",
            severity="warning",
            mend=("改用内置函数，否则结果总是 null", "Use a built-in function: this one always gives null"),
        )


def variables(graph: Graph) -> Iterator[Problem]:
    known = written(graph.program)
    for place, path, name in _asked(graph.program, known, called=False):
        if path.startswith("outputs."):
            continue  # reads what the work behind the activity answered, whose names are its own
        meant = constant(name) or next((other for other in sorted(known) if is_slip(name, other)), "")
        if meant:
            yield finding(
                "variable_misspelt",
                place,
                zh=f"{path}：流程中没有写入变量“{name}”，是否指“{meant}”？",
                en=f"{path}: nothing in the process writes {name}; did you mean {meant}?",
                severity="warning",
                mend=(f"改为 {meant}，或确认该变量由外部提供", f"Write {meant}, unless {name} comes from outside"),
            )


RULES = (functions, variables)


def _asked(source: program.Program, known: frozenset[str], *, called: bool) -> Iterator[tuple[_Place, str, str]]:
    """The names that expressions use and nobody knows, with the place and its part; each once at a place."""
    for place in (*source.nodes, *source.flows):
        seen = set()
        for path, expression in text_rules.written(place):
            for found in _unknown(expression, known):
                if found.called is called and found.name not in seen:
                    seen.add(found.name)
                    yield place, path, found.name


def _unknown(expression: Expression, known: frozenset[str]) -> list[feel.Occurrence]:
    if expression.language == "literal":
        return []
    try:
        return feel.unknown(feel.compile_dialect(expression.text, expression.language, errands=True), known)
    except errors.Invalid:
        return []  # told by the rule of unreadable expressions


def constant(name: str) -> str:
    """What Python's True and None, SQL's NULL and the like mean in FEEL; empty for any other name."""
    low = name.lower()
    if low in ("true", "false", "null"):
        return low
    return "null" if name in ("None", "nil", "undefined") else ""


def is_slip(name: str, meant: str) -> bool:
    """Whether one letter too many, too few, wrong or exchanged, or other capitals, tell the two apart.

    ``item`` and ``items``, ``amount1`` and ``amount2`` are two names, and short names are left alone.
    """
    if min(len(name), len(meant)) < 5 or name == meant:
        return False
    one, other = (word.casefold().replace("_", "") for word in (name, meant))
    if one == other:
        return True
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    if {one, other} & {"s", "es"} and "" in (one, other):
        return False
    if any(character.isdigit() for character in one[:1] + other[:1]):
        return False
    exchanged = one[:2] == other[1::-1] and len(one) > 1 and one[2:] == other[2:]
    return exchanged or one[1:] == other[1:] or one[1:] == other or one == other[1:]


# what a process writes or asks for

_WORD = re.compile(r"[^\W\d]\w*")
_OF_THE_ENGINE = frozenset(
    {"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "execution", "outcome"}
)
_NAMING: dict[type, tuple[str, ...]] = {
    Mapping: ("target",),
    nodes.MultiInstance: ("element", "index", "output_collection"),
    nodes.Work: ("result",),
    nodes.ScriptTask: ("result",),
    nodes.BusinessRuleTask: ("result",),
    nodes.StartEvent: ("initiator",),
    triggers.Message: ("payload",),
    triggers.Signal: ("payload",),
    triggers.Conditional: ("variable",),
    triggers.Error: ("code_variable", "message_variable"),
    triggers.Escalation: ("code_variable",),
}
"""Fields that hold a variable's name."""


def written(source: program.Program) -> frozenset[str]:
    """Names of variables that the process sets, declares or asks people for; every word of its scripts and tables."""
    found = set(_OF_THE_ENGINE) | {*source.inputs, *source.outputs, *source.parameters}
    found |= {name for item in source.data for name in (item.id, item.name)}
    for node in source.nodes:
        found |= set(_named(node))
    for form in source.forms.values():
        found |= set(_fields(form))
    for table in source.decisions.values():
        found |= set(_WORD.findall(table))
    return frozenset(found - {""})


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _named(item)
    if not isinstance(value, msgspec.Struct):
        return
    for kind, fields in _NAMING.items():
        if isinstance(value, kind):
            yield from (getattr(value, field) for field in fields)
    if isinstance(value, nodes.Activity):
        yield from value.properties
    if isinstance(value, nodes.ScriptTask):
        yield from _WORD.findall(value.script)
    if isinstance(value, nodes.Script):
        yield from _WORD.findall(value.text)
    if isinstance(value, triggers.Message | triggers.Signal):
        yield from (name for name, _ in value.mappings)
    for field in value.__struct_fields__:
        yield from _named(getattr(value, field))


def _fields(schema: Any) -> Iterator[str]:
    """Names of the properties anywhere in a form."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            properties = part.get("properties")
            if isinstance(properties, dict):
                yield from properties
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
