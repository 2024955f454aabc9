"""The syntax tree. Every node knows where in the text it begins (``at``, 0-based), for messages and warnings."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from engine.feel.types import Type


@dataclass(slots=True, eq=False)
class Node:
    at: int


@dataclass(slots=True, eq=False)
class Literal(Node):
    """Null, a boolean, a number, a text, or what an @ literal names."""

    value: Any


@dataclass(slots=True, eq=False)
class BadLiteral(Node):
    """An @ literal that is no date, time or duration: null with a warning."""

    text: str


@dataclass(slots=True, eq=False)
class Name(Node):
    name: str


@dataclass(slots=True, eq=False)
class Path(Node):
    source: Node
    name: str


@dataclass(slots=True, eq=False)
class Filter(Node):
    source: Node
    test: Node


@dataclass(slots=True, eq=False)
class Index(Node):
    """``source[index]`` with a 0-based index into a list or a key of a context: other languages' brackets."""

    source: Node
    index: Node


@dataclass(slots=True, eq=False)
class Negation(Node):
    operand: Node


@dataclass(slots=True, eq=False)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class And(Node):
    operands: list[Node]


@dataclass(slots=True, eq=False)
class Or(Node):
    operands: list[Node]


@dataclass(slots=True, eq=False)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True, eq=False)
class In(Node):
    value: Node
    tests: list[Node]
    """True when one of them holds; OpenRange nodes are tests such as ``< 5``."""


@dataclass(slots=True, eq=False)
class Interval(Node):
    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(slots=True, eq=False)
class OpenRange(Node):
    """``(<10)``: all values that stand in this relation to the end."""

    operator: str
    end: Node


@dataclass(slots=True, eq=False)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(slots=True, eq=False)
class ListOf(Node):
    items: list[Node]


@dataclass(slots=True, eq=False)
class ContextOf(Node):
    entries: list[tuple[str, Node]]


@dataclass(slots=True, eq=False)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True, eq=False)
class Iteration(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(slots=True, eq=False)
class For(Node):
    iterations: list[Iteration]
    body: Node


@dataclass(slots=True, eq=False)
class Quantified(Node):
    every: bool
    iterations: list[Iteration]
    test: Node


@dataclass(slots=True, eq=False)
class Lambda(Node):
    parameters: list[tuple[str, Type | None]]
    body: Node
    external: bool
    """The body describes a function of another language, which is not called."""


@dataclass(slots=True, eq=False)
class Call(Node):
    function: Node
    arguments: list[Node]
    names: list[str] | None
    """The parameters' names, one for each argument; None for positional arguments."""


@dataclass(slots=True, eq=False)
class Truthy(Node):
    """A value where another language wants a condition: its rule makes the boolean."""

    operand: Node
    rule: str


@dataclass(slots=True, eq=False)
class Loose(Node):
    """A comparison or sum by another language's rules of conversion."""

    operator: str
    left: Node
    right: Node
    rule: str


_PARTS: dict[str, tuple[str, ...]] = {}
"""The fields that may hold nodes, by the name of the kind of node."""


def _parts(node: Node) -> tuple[str, ...]:
    kind = type(node).__name__
    found = _PARTS.get(kind)
    if found is None:
        holders = (field.name for field in fields(node) if "Node" in str(field.type) or "Iteration" in str(field.type))
        found = _PARTS[kind] = tuple(holders)
    return found


def children(node: Node) -> list[Node]:
    found: list[Node] = []
    for name in _parts(node):
        _gather(getattr(node, name), found)
    return found


def _gather(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, list | tuple):
        for item in value:
            _gather(item, found)


MAX_HEIGHT = 250
"""Nodes from the root to a leaf: compiling and evaluating go down the tree by calls."""


def is_too_high(node: Node) -> bool:
    level = [node]
    for _ in range(MAX_HEIGHT):
        level = [child for parent in level for child in children(parent)]
        if not level:
            return False
    return True


def walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))
