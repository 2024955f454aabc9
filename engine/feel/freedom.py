"""Which names an expression asks its surroundings for, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.feel import builtins, tree


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name that the expression does not bind itself."""

    name: str
    at: int
    called: bool
    """It stands for a function."""
    in_filter: bool
    """It may as well be an entry of the filtered elements: only the values tell."""
    bound: frozenset[str]
    """The names that the expression binds at this place."""


def free_variables(node: tree.Node) -> frozenset[str]:
    """All names from outside but those of built-in functions; those within filters are reported all the same."""
    return frozenset(found.name for found in occurrences(node) if builtins.find(found.name) is None)


def asked_whether_there(node: tree.Node) -> frozenset[str]:
    """The names that are compared with null somewhere: the expression itself says what holds without them."""
    found: set[str] = set()
    rest = [node]
    while rest:
        one = rest.pop()
        rest.extend(tree.children(one))
        if isinstance(one, tree.Comparison) and one.operator in ("=", "!="):
            sides = (one.left, one.right)
            if any(isinstance(side, tree.Literal) and side.value is None for side in sides):
                found.update(side.name for side in sides if isinstance(side, tree.Name))
    return frozenset(found)


def occurrences(node: tree.Node) -> list[Occurrence]:
    found: list[Occurrence] = []
    _Search(found).visit(node, frozenset(), False)
    return found


class _Search:
    def __init__(self, found: list[Occurrence]) -> None:
        self.found = found

    def visit(self, node: tree.Node, bound: frozenset[str], in_filter: bool) -> None:
        if isinstance(node, tree.Name):
            self._name(node, bound, in_filter, called=False)
        elif isinstance(node, tree.ContextOf):
            for key, value in node.entries:
                self.visit(value, bound, in_filter)
                bound |= {key}
        elif isinstance(node, tree.For | tree.Quantified):
            self._iteration(node, bound, in_filter)
        elif isinstance(node, tree.Filter):
            self.visit(node.source, bound, in_filter)
            self.visit(node.test, bound | {"item"}, True)
        elif isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
            self._name(node.function, bound, in_filter, called=True)
            for argument in node.arguments:
                self.visit(argument, bound, in_filter)
        elif not (isinstance(node, tree.Lambda) and node.external):
            inner = bound | {name for name, _ in node.parameters} if isinstance(node, tree.Lambda) else bound
            for child in tree.children(node):
                self.visit(child, inner, in_filter)

    def _iteration(self, node: tree.For | tree.Quantified, bound: frozenset[str], in_filter: bool) -> None:
        for step in node.iterations:
            for child in tree.children(step):
                self.visit(child, bound, in_filter)
            bound |= {step.name}
        if isinstance(node, tree.For):
            self.visit(node.body, bound | {"partial"}, in_filter)
        else:
            self.visit(node.test, bound, in_filter)

    def _name(self, node: tree.Name, bound: frozenset[str], in_filter: bool, *, called: bool) -> None:
        if node.name not in bound:
            self.found.append(Occurrence(node.name, node.at, called, in_filter, bound))


def unknown(node: tree.Node, known: frozenset[str]) -> Iterator[Occurrence]:
    """The names that neither the surroundings nor the language know."""
    for found in occurrences(node):
        if found.name not in known and found.name != "?" and builtins.find(found.name) is None and not found.in_filter:
            yield found
