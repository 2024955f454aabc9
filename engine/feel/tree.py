"""The syntax tree. Every node knows where in the text it begins (``at``, 0-based), for messages and warnings."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from engine.feel.types import Type


@dataclass(slots=True)
class Node:
    at: int


@dataclass(slots=True)
class Literal(Node):
    """Null, a boolean, a number, a text, or what an @ literal names."""

    value: Any


@dataclass(slots=True)
class BadLiteral(Node):
    """An @ literal that is no date, time or duration: null with a warning."""

    text: str


@dataclass(slots=True)
class Name(Node):
    name: str


@dataclass(slots=True)
class Path(Node):
    source: Node
    name: str


@dataclass(slots=True)
class Filter(Node):
    source: Node
    test: Node


@dataclass(slots=True)
class Index(Node):
    """``source[index]`` with a 0-based index into a list or a key of a context: other languages' brackets."""

    source: Node
    index: Node


@dataclass(slots=True)
class Negation(Node):
    operand: Node


@dataclass(slots=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class And(Node):
    operands: list[Node]


@dataclass(slots=True)
class Or(Node):
    operands: list[Node]


@dataclass(slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    value: Node
    tests: list[Node]
    """True when one of them holds; OpenRange nodes are tests such as ``< 5``."""


@dataclass(slots=True)
class Interval(Node):
    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(slots=True)
class OpenRange(Node):
    """``(<10)``: all values that stand in this relation to the end."""

    operator: str
    end: Node


@dataclass(slots=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(slots=True)
class ListOf(Node):
    items: list[Node]


@dataclass(slots=True)
class ContextOf(Node):
    entries: list[tuple[str, Node]]


@dataclass(slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True)
class Iteration(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(slots=True)
class For(Node):
    iterations: list[Iteration]
    body: Node


@dataclass(slots=True)
class Quantified(Node):
    every: bool
    iterations: list[Iteration]
    test: Node


@dataclass(slots=True)
class Lambda(Node):
    parameters: list[tuple[str, Type | None]]
    body: Node
    external: bool
    """The body describes a function of another language, which is not called."""


@dataclass(slots=True)
class Call(Node):
    function: Node
    arguments: list[Node]
    names: list[str] | None
    """The parameters' names, one for each argument; None for positional arguments."""


@dataclass(slots=True)
class Truthy(Node):
    """A value where another language wants a condition: its rule makes the boolean."""

    operand: Node
    rule: str


@dataclass(slots=True)
class Loose(Node):
    """A comparison or sum by another language's rules of conversion."""

    operator: str
    left: Node
    right: Node
    rule: str


@cache
def _parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of this kind of node that may hold nodes."""
    return tuple(field.name for field in fields(kind) if "Node" in str(field.type) or "Iteration" in str(field.type))


def children(node: Node) -> list[Node]:
    found: list[Node] = []
    for name in _parts_of(type(node)):
        _gather(getattr(node, name), found)
    return found


def _gather(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, list | tuple):
        for item in value:
            _gather(item, found)


def walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))
