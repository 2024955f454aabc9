"""What is known about an expression before it runs: which names are bound inside it, and the model's types."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.feel import tree
from engine.feel.run import Run
from engine.feel.types import Definitions
from engine.feel.values import Value

Scope = Mapping[str, Any]
"""The variables. Names bound within the expression hold values; the others may still be as their caller wrote them."""

Code = Callable[[Scope, Run], Value]
Compilers = Mapping[type[tree.Node], Callable[[Any, "Static"], Code]]


class Static:
    __slots__ = ("_compilers", "bound", "definitions")

    def __init__(self, compilers: Compilers, definitions: Definitions, bound: frozenset[str] = frozenset()) -> None:
        self._compilers = compilers
        self.definitions = definitions
        self.bound = bound

    def compile(self, node: tree.Node) -> Code:
        return self._compilers[type(node)](node, self)

    def compile_all(self, nodes: Iterable[tree.Node]) -> tuple[Code, ...]:
        return tuple(self.compile(node) for node in nodes)

    def binding(self, names: Iterable[str]) -> "Static":
        """The same, with these names bound."""
        return Static(self._compilers, self.definitions, self.bound | frozenset(names))
