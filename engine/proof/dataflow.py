"""Data is written before it is read.

Over the drawing, not over the states: which variables *can* have been written when a token comes to a node. A variable
that a known step writes, but none that lies before the reader, is read before it is written. What handlers, messages
and called processes bring is not known: behind them the verdict is a warning.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from engine import dmn, errors, feel
from engine.feel import freedom
from engine.forms import steps
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import EN, ZH, both, pick

ALWAYS = frozenset({"customer", "execution", "task", "initiator", "loopCounter", "now"})
"""What the engine itself gives (docs/process-folder.md)."""
SILENT = frozenset({"notify", "log"})
"""Handlers that bring nothing back."""


class Writes(msgspec.Struct, frozen=True):
    """``unknown``: the node may write more than the names that are known."""

    names: frozenset[str] = frozenset()
    unknown: bool = False

    def __or__(self, other: "Writes") -> "Writes":
        return Writes(self.names | other.names, self.unknown or other.unknown)


def problems(program: Program) -> tuple[Problem, ...]:
    """One for each variable that is read too early, at the first reader in document order."""
    own = {node.id: writes(program, node) for node in program.nodes}
    somewhere = {name for node_id in own for name in own[node_id].names}
    before = _before(program, own)
    given = ALWAYS | program.parameters.keys()
    told: dict[str, Problem] = {}
    for node in program.nodes:
        for name, late in reads(program, node):
            known = before[node.id] | (own[node.id] if late else Writes())
            if name in somewhere and name not in known.names | given and name not in told:
                told[name] = _problem(node, name, known.unknown)
    return tuple(told.values())


def writes(program: Program, node: nodes.AnyNode) -> Writes:
    """The variables that a node gives when it is passed."""
    found = Writes(frozenset(item.target for item in getattr(node, "outputs", ())))
    loop = getattr(node, "loop", None)
    if loop is not None:
        found |= Writes(frozenset({loop.element, loop.index, loop.output_collection} - {""}))
    if isinstance(node, nodes.StartEvent | nodes.UserTask) and node.form in program.forms:
        return found | Writes(frozenset(_properties(steps.of(program.forms, node.form, node.id))))
    if isinstance(node, nodes.StartEvent):
        return found
    if isinstance(node, nodes.ScriptTask | nodes.BusinessRuleTask) and node.result:
        return found | Writes(frozenset({node.result}))
    if isinstance(node, nodes.BusinessRuleTask) and node.decision in program.decisions:
        return found | Writes(_outputs(program.decisions[node.decision]))
    return found | Writes(unknown=_brings(node))


def _brings(node: nodes.AnyNode) -> bool:
    """Whether something from outside comes in here, and nobody says what."""
    work = getattr(node, "work", None)
    if work is not None:
        return work.handler not in SILENT
    if isinstance(node, nodes.UserTask | nodes.ReceiveTask | nodes.CallActivity):
        return True
    if isinstance(node, nodes.ScriptTask | nodes.BusinessRuleTask | nodes.ServiceTask):
        return True
    return any(isinstance(item, triggers.Message | triggers.Signal) for item in getattr(node, "triggers", ()))


def _before(program: Program, own: dict[str, Writes]) -> dict[str, Writes]:
    """What can have been written before each node: the least fixed point over all ways."""
    ways: dict[str, list[str]] = {}
    for flow in program.flows:
        ways.setdefault(flow.source, []).append(flow.target)
    for node in program.nodes:
        if isinstance(node, nodes.BoundaryEvent):
            ways.setdefault(node.attached_to, []).append(node.id)
        if node.scope:
            # Into the sub-process and out of it again: its variables are the case's.
            ways.setdefault(node.scope, []).append(node.id)
            ways.setdefault(node.id, []).extend(flow.target for flow in program.flows if flow.source == node.scope)
        if isinstance(node, nodes.SubProcess) and node.variety == "event":
            # It begins at any moment of its scope.
            for other in program.nodes:
                if other.scope == node.scope and other is not node:
                    ways.setdefault(other.id, []).append(node.id)
    found = {node.id: Writes() for node in program.nodes}
    open_ids = [node.id for node in program.nodes]
    while open_ids:
        node_id = open_ids.pop()
        for target in ways.get(node_id, ()):
            more = found[target] | found[node_id] | own[node_id]
            if more != found[target]:
                found[target] = more
                open_ids.append(target)
    return found


def reads(program: Program, node: nodes.AnyNode) -> Iterator[tuple[str, bool]]:
    """(variable, whether it is read after the node's own writes). A round of a loop has its item before it begins."""
    loop = getattr(node, "loop", None)
    items = {loop.element, loop.index} if loop is not None else set()
    for field in node.__struct_fields__:
        late = field in ("outputs", "standard_loop", "loop")
        for expression in _expressions(getattr(node, field)):
            yield from ((name, late) for name in _free(expression.text, expression.language) - items)
    for flow in program.flows:
        if flow.source == node.id and flow.condition is not None:
            yield from ((name, True) for name in _free(flow.condition.text, flow.condition.language))


def _expressions(value: Any) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _expressions(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from _expressions(item)


@lru_cache(maxsize=4096)
def _free(text: str, language: str) -> frozenset[str]:
    """What cannot be read is told by the checks of the drawing; what is asked for null may be missing."""
    if language == "literal":
        return frozenset()
    try:
        compiled = feel.compile_dialect(text, language)
    except errors.Invalid:
        return frozenset()
    return compiled.free_variables - freedom.asked_whether_there(compiled.tree)


@lru_cache(maxsize=512)
def _outputs(text: str) -> frozenset[str]:
    """The names of all outputs of a decision file's tables."""
    try:
        definitions = dmn.read(text.encode(), file="").definitions
    except errors.Invalid:
        return frozenset()
    tables = [decision.body for decision in definitions.decisions]
    return frozenset(output.name for table in tables for output in getattr(table, "outputs", ()) if output.name)


def _properties(form: Any) -> Iterator[str]:
    """What a person may fill in; of a form that is wrong, which ``forms/check.py`` tells, nothing."""
    properties = form.get("properties")
    for name, said in properties.items() if isinstance(properties, Mapping) else ():
        if isinstance(said, Mapping) and not said.get("readOnly"):
            yield name


def _problem(node: nodes.AnyNode, name: str, unknown: bool) -> Problem:
    called = both(zh=pick(node.texts, ZH, node.name or node.id), en=pick(node.texts, EN, node.name or node.id))
    perhaps = ("可能", "may read") if unknown else ("", "reads")
    return Problem(
        code="data_read_before_written",
        text=both(
            zh=f"“{called[ZH]}”{perhaps[0]}在 {name} 写入之前读取它",
            en=f"{called[EN]!r} {perhaps[1]} {name} before any step has written it",
        ),
        severity="warning" if unknown else "error",
        element=node.id,
        name=called[EN],
        mend=both(zh=f"把写入 {name} 的步骤移到前面", en=f"put a step that writes {name} before it"),
    )
