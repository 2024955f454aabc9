"""Data that a model seems to expect: which variables its conditions, loops, timers and scripts read, and values that
would make a difference there.

A walk without a scenario hands such values in; which of them is drawn from a seeded random, so that the same seed walks
the same way. Nothing here changes what a model means: it only plays the people and services around it.
"""

import builtins
from random import Random
from typing import Any

import msgspec

from engine import errors, feel
from engine.feel import tree
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.program import Program
from engine.scripts import names
from engine.simulation.playing import Playing

Path = tuple[str, ...]
_OPPOSITE_TEXT = "other"
_ANY: tuple[Any, ...] = (1, "a", True, 0, ["a"])
_BUILT_IN = frozenset(dir(builtins))


class Guesses:
    """``values``: for each variable (and path below it) the values worth trying."""

    def __init__(self, program: Program) -> None:
        self.values: dict[Path, list[Any]] = {}
        for node in program.nodes:
            self._of_node(node)
        for flow in program.flows:
            if flow.condition is not None:
                self._condition(flow.condition)
        self._choices()

    def draw(self, random: Random) -> dict[str, Any]:
        """One value for each variable."""
        data: dict[str, Any] = {}
        for path, values in self.values.items():
            _put(data, path, random.choice(values))
        return data

    def supply(self, seed: int) -> "Supplied":
        return Supplied(self, seed)

    def _choices(self) -> None:
        """A choice is one of the numbers it is compared with, and no other."""
        for path, values in self.values.items():
            if path[0].startswith("choice_"):
                whole = sorted(value for value in values if isinstance(value, int) and value >= 0)
                self.values[path] = whole[:-1]

    def _of_node(self, node: Any) -> None:
        loop = getattr(node, "loop", None)
        if loop is not None:
            self._read(loop.collection, ["a", "b"], [])
            self._read(loop.cardinality, 2)
            if loop.completion is not None:
                self._condition(loop.completion)
        for trigger in [*getattr(node, "triggers", ()), getattr(node, "message", None)]:
            if isinstance(trigger, triggers.Timer):
                self._read(trigger.text, {"date": "2026-03-03T09:00:00Z", "cycle": "R1/PT1H"}.get(trigger.kind, "PT1H"))
            if isinstance(trigger, triggers.Conditional):
                self._condition(trigger.condition)
        self._read(getattr(node, "priority", None), 50)
        self._read(getattr(node, "due", None), "P1D")
        self._read(getattr(node, "follow_up", None), "P1D")
        if isinstance(node, nodes.SubProcess) and node.completion is not None:
            self._condition(node.completion)
        if getattr(node, "standard_loop", None) is not None and node.standard_loop.condition is not None:
            self._condition(node.standard_loop.condition)
        if isinstance(node, nodes.ScriptTask) and node.language == "python":
            self._script(node.script)

    def _read(self, expression: Expression | None, *values: Any) -> None:
        found = _tree(expression)
        path = _path(found) if found is not None else None
        if path:
            self._add(path, *values)

    def _script(self, text: str) -> None:
        try:
            found = names.names(text)
        except errors.Invalid:
            return
        for name in sorted(found.used - found.assigned - _BUILT_IN):
            self._add((name,), *_ANY)

    def _condition(self, expression: Expression) -> None:
        found = _tree(expression)
        if found is not None:
            self._truths(found)

    def _truths(self, node: tree.Node) -> None:
        """Whatever stands where a truth value is wanted."""
        path = _path(node)
        if path:
            self._add(path, True, False)
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
        value = feel.to_python(other.value) if isinstance(other, tree.Literal) else None
        if isinstance(value, bool):
            self._add(path, value, not value)
        elif isinstance(value, str):
            self._add(path, value, _OPPOSITE_TEXT)
        elif value is not None:
            self._add(path, *_around(value))
        else:
            self._add(path, *_ANY)

    def _add(self, path: Path, *values: Any) -> None:
        known = self.values.setdefault(path, [])
        known += [value for value in values if not any(value is one or value == one for one in known)]


class Supplied:
    """Hands in a new draw each time it is asked."""

    def __init__(self, guesses: Guesses, seed: int) -> None:
        self._guesses = guesses
        self._random = Random(seed)

    def draw(self) -> dict[str, Any]:
        return self._guesses.draw(self._random)

    def __call__(self, playing: Playing, node: str) -> dict[str, Any]:
        return self.draw()


def decided(program: Program) -> Program:
    """A drawing rarely says how its exclusive gateways decide: where none of the flows out of one has a condition, each
    gets one over a variable that stands for whoever chooses. Programs without such gateways stay themselves.
    """
    gateways = {node.id for node in program.nodes if isinstance(node, nodes.ExclusiveGateway)}
    leaving: dict[str, list[str]] = {}
    for flow in program.flows:
        if flow.source in gateways:
            leaving.setdefault(flow.source, []).append(flow.id)
    spoken = {flow.source for flow in program.flows if flow.condition is not None}
    open_ones = [source for source, flows in leaving.items() if len(flows) > 1 and source not in spoken]
    if not open_ones:
        return program
    chosen = {source: f"choice_{number}" for number, source in enumerate(open_ones)}
    flows = tuple(
        msgspec.structs.replace(
            flow, condition=Expression(text=f"{chosen[flow.source]} = {leaving[flow.source].index(flow.id)}")
        )
        if flow.source in chosen
        else flow
        for flow in program.flows
    )
    return msgspec.structs.replace(program, flows=flows)


def _tree(expression: Expression | None) -> tree.Node | None:
    if expression is None or expression.language == "literal":
        return None
    try:
        return feel.compile_dialect(expression.text, expression.language).tree
    except errors.Invalid:
        return None


def _path(node: tree.Node) -> Path | None:
    if isinstance(node, tree.Name):
        return (node.name,)
    if isinstance(node, tree.Truthy):
        return _path(node.operand)
    if isinstance(node, tree.Path):
        source = _path(node.source)
        return (*source, node.name) if source else None
    return None


def _around(value: Any) -> list[Any]:
    try:
        return [value, value + 1, value - 1]
    except TypeError:
        return [value]


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    for name in path[:-1]:
        inner = data.get(name)
        if not isinstance(inner, dict):
            inner = data[name] = {}
        data = inner
    if not isinstance(data.get(path[-1]), dict):
        data[path[-1]] = value
