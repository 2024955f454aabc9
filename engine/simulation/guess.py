"""Data that a model seems to expect: which variables its conditions, loops, timers and scripts read, and values that
would make a difference there.

A walk without a scenario hands such values in; which of them is drawn from a seeded random, so that the same seed walks
the same way. Nothing here changes what a model means: it only plays the people and services around it.
"""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from engine import errors, feel
from engine.definitions import errands
from engine.definitions.text_rules import written
from engine.feel import tree
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Flow, Program
from engine.simulation import script_reads
from engine.simulation.want import ANYTHING, Want

_OPPOSITE_TEXT = "other"
_COMPARED = re.compile(
    r"""([A-Za-z_][\w.]*)\s*(?:===?|!==?|=|<=?|>=?|\b(?:eq|ne|lt|gt|le|ge)\b)\s*"""
    r"""("[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|true\b|false\b)"""
)
_OF_THE_ENGINE = frozenset(
    {
        "execution",
        "loopCounter",
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
        "item",
        "partial",
        "?",
    }
)
"""Names that nobody outside sets."""
_DATES = {"date": "2026-03-03T09:00:00Z", "cycle": "R2/PT1H"}


class Guesses:
    """``root.parts`` are the variables with what is known of each."""

    def __init__(self, program: Program) -> None:
        self.root = Want()
        self.asked = errands.known(program)
        """Variables that calls of code fill: nobody hands them in at the start."""
        for place in (*program.nodes, *program.flows):
            for path, expression in written(place):
                self._expression(place, path, expression)
            for script in _scripts(place):
                self._script(*script)
        self._choices()

    def draw(self, random: Random | None) -> dict[str, Any]:
        """One value for each variable; without ``random`` the first that is known of each."""
        return {name: want.draw(random) for name, want in self.root.parts.items() if name not in _OF_THE_ENGINE}

    def miss(self, name: str) -> None:
        """Something looked for this variable in vain."""
        self.root.part(name)

    def _tree(self, expression: Expression) -> tree.Node:
        """Raises errors.Invalid for one that cannot be read, or whose calls of code nobody makes."""
        asking = feel.compile_dialect(expression.text, expression.language, errands=True)
        if all(call.variable in self.asked for call in asking.calls):
            return asking.tree
        return feel.compile_dialect(expression.text, expression.language).tree

    def _choices(self) -> None:
        """A choice is one of the numbers it is compared with, and no other."""
        for name, want in self.root.parts.items():
            if name.startswith("choice_"):
                want.values = sorted(value for value in want.values if value >= 0)[:-1]

    def _expression(self, place: Any, path: str, expression: Expression) -> None:
        if expression.language == "literal":
            return
        try:
            found = self._tree(expression)
        except errors.Invalid:
            self._compared_in_text(expression.text)
            return
        usual = _usual(place, path)
        if usual is None:
            self._truths(found)
        elif read := _path(found):
            self.root.part(*read).add(*usual)
        for read in _paths(found):
            self.root.part(*read)

    def _script(self, language: str, text: str) -> None:
        if language == "python":
            script_reads.read(text, self.root)
        else:
            self._compared_in_text(text)

    def _compared_in_text(self, text: str) -> None:
        """Of what cannot be read at least the comparisons."""
        for name, raw in _COMPARED.findall(text):
            want = self.root.part(*name.split("."))
            if raw in ("true", "false"):
                want.add(raw == "true", raw != "true")
            elif raw[0] in "\"'":
                want.add(raw[1:-1], _OPPOSITE_TEXT)
            else:
                want.add(*_around(float(raw) if "." in raw else int(raw)))

    def _truths(self, node: tree.Node) -> None:
        """Whatever stands where a truth value is wanted."""
        path = _path(node)
        if path:
            self.root.part(*path).add(True, False)
        elif isinstance(node, tree.Comparison | tree.Loose):
            self._compared(node.left, node.right)
            self._compared(node.right, node.left)
        elif isinstance(node, tree.Between):
            self._compared(node.value, node.low)
        elif isinstance(node, tree.In):
            for test in node.tests:
                self._compared(node.value, test)
        else:
            for child in tree.children(node):
                self._truths(child)

    def _compared(self, side: tree.Node, other: tree.Node) -> None:
        path = _path(side)
        if not path:
            return
        want = self.root.part(*path)
        value = feel.to_python(other.value) if isinstance(other, tree.Literal) else None
        if isinstance(value, bool):
            want.add(value, not value)
        elif isinstance(value, str):
            want.add(value, _OPPOSITE_TEXT)
        elif value is not None:
            want.add(*_around(value))
        else:
            want.add(*ANYTHING)


def decided(program: Program) -> tuple[Program, tuple[str, ...]]:
    """A drawing rarely says how its exclusive gateways decide: where none of the flows out of one has a condition, each
    gets one over a variable that stands for whoever chooses. Also the ids of those gateways; without any the program
    stays itself.
    """
    gateways = {node.id for node in program.nodes if isinstance(node, nodes.ExclusiveGateway)}
    leaving: dict[str, list[str]] = {}
    for flow in program.flows:
        if flow.source in gateways:
            leaving.setdefault(flow.source, []).append(flow.id)
    spoken = {flow.source for flow in program.flows if flow.condition is not None}
    open_ones = tuple(source for source, flows in leaving.items() if len(flows) > 1 and source not in spoken)
    chosen = {source: f"choice_{number}" for number, source in enumerate(open_ones)}
    flows = tuple(
        msgspec.structs.replace(
            flow, condition=Expression(text=f"{chosen[flow.source]} = {leaving[flow.source].index(flow.id)}")
        )
        if flow.source in chosen
        else flow
        for flow in program.flows
    )
    return (msgspec.structs.replace(program, flows=flows) if open_ones else program), open_ones


def _usual(place: Any, path: str) -> tuple[Any, ...] | None:
    """What stands at such a place of the model; None where a truth value does."""
    if path.endswith((".collection", ".output")):
        return (["a", "b"],)
    if path.endswith(".cardinality"):
        return (2, 1)
    if path == "priority":
        return (50,)
    if path in ("due", "follow_up"):
        return ("P1D",)
    if path == "triggers.text":
        kinds = {getattr(trigger, "kind", "") for trigger in place.triggers}
        return tuple(_DATES[kind] for kind in sorted(kinds & _DATES.keys())) or ("PT1H",)
    if path.endswith(("condition", "completion", "activation")) or isinstance(place, Flow):
        return None
    return ()


def _scripts(place: Any) -> Iterator[tuple[str, str]]:
    if isinstance(place, nodes.ScriptTask):
        yield place.language, place.script
    for script in (getattr(place, "before", None), getattr(place, "after", None)):
        if script is not None:
            yield script.language, script.text


def _paths(node: tree.Node) -> Iterator[tuple[str, ...]]:
    """Every variable that is read, with the parts below it that are."""
    path = _path(node)
    if path:
        yield path
        return
    for child in tree.children(node):
        yield from _paths(child)


def _path(node: tree.Node) -> tuple[str, ...]:
    if isinstance(node, tree.Name):
        return (node.name,)
    if isinstance(node, tree.Truthy):
        return _path(node.operand)
    if isinstance(node, tree.Path):
        source = _path(node.source)
        return (*source, node.name) if source else ()
    return ()


def _around(value: Any) -> list[Any]:
    try:
        return [value, value + 1, value - 1]
    except TypeError:
        return [value]
