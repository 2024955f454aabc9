"""What boxed expressions need beyond FEEL's own syntax tree: checked values, contexts with a result, functions, tables.

A boxed expression becomes a tree of FEEL's nodes and of these, and is compiled like a text: one semantics.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn.types import Gate
from engine.feel import compiler, tree
from engine.feel.compiler.static import Code, Compilers, Scope, Static
from engine.feel.run import Run, Warning
from engine.feel.types import Definitions
from engine.feel.values import Function, Parameter, Value, kind
from engine.model.text import both


@dataclass(slots=True)
class Checked(tree.Node):
    """A value that must have a type."""

    inner: tree.Node
    gate: Gate
    what: str
    """Whose value it is, for the warning."""


@dataclass(slots=True)
class Entries(tree.Node):
    """A boxed context; an entry without a name is its result."""

    entries: list[tuple[str | None, tree.Node]]


@dataclass(slots=True)
class Choice(tree.Node):
    """A boxed conditional. Unlike a written ``if`` it is null when its condition is no boolean (TCK 1150)."""

    condition: tree.Node
    then: tree.Node
    otherwise: tree.Node


@dataclass(slots=True)
class Selection(tree.Node):
    """A boxed filter. Unlike a written one it knows no indexes: all matches must be boolean (TCK 1151)."""

    source: tree.Node
    match: tree.Node


@dataclass(slots=True)
class FunctionNode(tree.Node):
    name: str
    parameters: list[tuple[Parameter, Gate | None]]
    body: tree.Node
    result: Gate | None


@dataclass(slots=True)
class External(tree.Node):
    """A function of Java or PMML: never called."""

    kind: str
    parameters: list[Parameter]


@dataclass(slots=True)
class Ready(tree.Node):
    """A part that is compiled elsewhere: a table."""

    build: Callable[[Static], Code]


def note(run: Run, code: str, *, zh: str, en: str) -> None:
    """Record a warning of this room, within the run's limit."""
    if len(run.warnings) < run.budget.warnings:
        run.warnings.append(Warning(code, both(zh=zh, en=en)))


def admit(value: Value, gate: Gate | None, what: str, run: Run) -> Value:
    """The value as its declared type wants it; null with a warning where it does not fit."""
    if gate is None:
        return value
    ok, admitted = gate.check(value, run)
    if not ok:
        note(
            run,
            "type_mismatch",
            zh=f"“{what}”应为 {gate.wanted}，得到 {kind(value)}（或不在允许值内）",
            en=f"{what} should be {gate.wanted}, but is a {kind(value)} that does not fit",
        )
    return admitted


def _checked(node: Checked, static: Static) -> Code:
    inner, gate, what = static.compile(node.inner), node.gate, node.what

    def check(scope: Scope, run: Run) -> Value:
        return admit(inner(scope, run), gate, what, run)

    return check


def _entries(node: Entries, static: Static) -> Code:
    compiled: list[tuple[str | None, Code]] = []
    for name, value in node.entries:
        compiled.append((name, static.compile(value)))
        if name is not None:
            static = static.binding((name,))

    def context(scope: Scope, run: Run) -> Value:
        inner, found = dict(scope), {}
        for name, code in compiled:
            value = code(inner, run)
            if name is None:
                return value
            inner[name] = found[name] = value
        return found

    return context


def _choice(node: Choice, static: Static) -> Code:
    condition, then, otherwise = static.compile_all((node.condition, node.then, node.otherwise))

    def choose(scope: Scope, run: Run) -> Value:
        decided = condition(scope, run)
        if decided is None or type(decided) is bool:
            return (then if decided else otherwise)(scope, run)
        run.warn("not_boolean", kind=kind(decided))
        return None

    return choose


def _selection(node: Selection, static: Static) -> Code:
    source, match = static.compile_all((node.source, node.match))

    def select(scope: Scope, run: Run) -> Value:
        given = source(scope, run)
        if given is None:
            return None
        items = given if type(given) is list else [given]
        run.spend(1 + len(items))
        chosen = []
        for item in items:
            inner = {**scope, "item": item, **item} if type(item) is dict else {**scope, "item": item}
            verdict = match(inner, run)
            if verdict is True:
                chosen.append(item)
            elif verdict is not None and verdict is not False:
                run.warn("not_boolean", kind=kind(verdict))
                return None
        return chosen

    return select


def _function(node: FunctionNode, static: Static) -> Code:
    names = [parameter.name for parameter, _ in node.parameters]
    body = static.binding(names).compile(node.body)

    def make(scope: Scope, run: Run) -> Value:
        captured = dict(scope)

        def call(arguments: Sequence[Value], run: Run) -> Value:
            inner = dict(captured)
            for (parameter, gate), value in zip(node.parameters, arguments, strict=True):
                ok, value = (True, value) if gate is None else gate.check(value, run)
                if not ok:
                    refuse(node.name, parameter.name, run)
                    return None
                inner[parameter.name] = value
            return admit(body(inner, run), node.result, node.name, run)

        function = Function(node.name, tuple(parameter for parameter, _ in node.parameters), call)
        if node.name:
            captured.setdefault(node.name, function)  # a function may call itself
        return function

    return make


def refuse(function: str, parameter: str, run: Run) -> None:
    note(
        run,
        "type_mismatch",
        zh=f"函数“{function}”的参数“{parameter}”类型不符，未调用",
        en=f"parameter {parameter} of {function or 'the function'} does not fit its type: not called",
    )


def _external(node: External, static: Static) -> Code:
    def call(arguments: Sequence[Value], run: Run) -> Value:
        run.warn("external_function", node.at, kind=node.kind)
        return None

    function = Function("", tuple(node.parameters), call)
    return lambda scope, run: function


def _ready(node: Ready, static: Static) -> Code:
    return node.build(static)


_OWN: Mapping[type[tree.Node], Callable[[Any, Static], Code]] = {
    Checked: _checked,
    Entries: _entries,
    Choice: _choice,
    Selection: _selection,
    FunctionNode: _function,
    External: _external,
    Ready: _ready,
}
COMPILERS: Compilers = {**compiler.COMPILERS, **_OWN}


def compile_node(node: tree.Node, definitions: Definitions, names: frozenset[str]) -> Code:
    """``names`` are in scope and hold FEEL values, nothing that needs to be converted."""
    return Static(COMPILERS, definitions, names).compile(node)
