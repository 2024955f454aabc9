"""Which constants a cell speaks of, when it does nothing but compare its input with constants.

Such a cell answers alike for all values between two neighbouring constants (``engine.dmn.axes``). Other cells (with
variables, functions, arithmetic on the input) yield None: their meaning is not decided here.
"""

from collections.abc import Iterable

from engine.feel import tree
from engine.feel.compiler import compile_tree
from engine.feel.run import Run
from engine.feel.values import Range, Value

_MAKERS = frozenset({"date", "time", "date and time", "duration", "years and months duration"})
"""Functions whose value depends on their constant arguments alone."""


def of_tests(tests: Iterable[tree.Node]) -> list[Value] | None:
    """The constants of unary tests; None when one of them does more than compare."""
    found: list[Value] = []
    for test in tests:
        values = _of_test(test)
        if values is None:
            return None
        found += values
    return found


def _of_test(node: tree.Node) -> list[Value] | None:
    value = _value(node)
    if value is not None:
        return _flat(value[0])
    if isinstance(node, tree.OpenRange):
        return _ends(node.end)
    if isinstance(node, tree.Interval):
        return _ends(node.low, node.high)
    if isinstance(node, tree.ListOf):
        return of_tests(node.items)
    return _of_condition(node)


def _of_condition(node: tree.Node) -> list[Value] | None:
    """An expression over ``?``."""
    if isinstance(node, tree.Comparison) and _is_input(node.left):
        return _ends(node.right)
    if isinstance(node, tree.Comparison) and _is_input(node.right):
        return _ends(node.left)
    if isinstance(node, tree.Between) and _is_input(node.value):
        return _ends(node.low, node.high)
    if isinstance(node, tree.In) and _is_input(node.value):
        return of_tests(node.tests)
    if isinstance(node, tree.And | tree.Or):
        return _all(node.operands)
    if _is_not(node):
        return _of_condition(node.arguments[0])  # type: ignore[attr-defined]
    return None


def _all(nodes: Iterable[tree.Node]) -> list[Value] | None:
    found: list[Value] = []
    for node in nodes:
        values = _of_condition(node)
        if values is None:
            return None
        found += values
    return found


def _ends(*nodes: tree.Node) -> list[Value] | None:
    found = []
    for node in nodes:
        value = _value(node)
        if value is None or isinstance(value[0], list | dict | Range):
            return None
        found.append(value[0])
    return found


def _flat(value: Value) -> list[Value] | None:
    """The constants within a constant list or range."""
    if isinstance(value, Range):
        return [end for end in (value.low, value.high) if end is not None]
    if isinstance(value, list):
        parts = [_flat(item) for item in value]
        return None if any(part is None for part in parts) else [v for part in parts if part is not None for v in part]
    return None if isinstance(value, dict) else [value]


def _is_input(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name == "?"


def _is_not(node: tree.Node) -> bool:
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name == "not"
        and len(node.arguments) == 1
    )


def _value(node: tree.Node) -> tuple[Value] | None:
    """The value of a node that has no variables; None where it has."""
    if isinstance(node, tree.Literal):
        return (node.value,)
    return (compile_tree(node, {})({}, Run(quiet=True)),) if _closed(node) else None


def _closed(node: tree.Node) -> bool:
    """Made of literals, signs and constructors of dates alone."""
    if isinstance(node, tree.Literal):
        return True
    if isinstance(node, tree.Negation):
        return _closed(node.operand)
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in _MAKERS
        and all(_closed(argument) for argument in node.arguments)
    )
