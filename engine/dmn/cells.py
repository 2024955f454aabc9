"""Input cells become functions that say whether an input passes: true, false, or None where they do not compare.

Most cells are constants; those get a function of their own, for a table is asked about every rule it has.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from engine.feel import comparison, tree
from engine.feel.compiler.static import Scope, Static
from engine.feel.run import Run
from engine.feel.values import Range, Value

Test = Callable[[Value, Scope, Run], bool | None]
"""Asked with the input, the variables with the input under ``?``, and the run."""


def compile_tests(tests: Sequence[tree.Node], negated: bool, static: Static) -> Test:
    if len(tests) == 1:
        test = _single(tests[0], static)
    else:
        test = _texts(tests, static) or _any([_single(node, static) for node in tests])
    return _not(test) if negated else test


def _not(test: Test) -> Test:
    def refuses(value: Value, scope: Scope, run: Run) -> bool | None:
        found = test(value, scope, run)
        return None if found is None else not found

    return refuses


def _any(tests: Sequence[Test]) -> Test:
    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        result: bool | None = False
        for test in tests:
            found = test(value, scope, run)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return accepts


def _texts(tests: Sequence[tree.Node], static: Static) -> Test | None:
    """``"a", "b", "c"``."""
    values = [node.value for node in tests if isinstance(node, tree.Literal) and type(node.value) is str]
    if len(values) < len(tests):
        return None
    known = frozenset(values)
    general = _any([_general(node, static) for node in tests])

    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value in known if type(value) is str else general(value, scope, run)

    return accepts


def _single(node: tree.Node, static: Static) -> Test:
    general = _general(node, static)
    if isinstance(node, tree.Literal) and type(node.value) in (str, bool):
        return _equal(node.value, general)
    if isinstance(node, tree.Literal) and _is_number(node):
        return _number(node.value, general)
    if isinstance(node, tree.OpenRange) and _is_number(node.end):
        return _COMPARED[node.operator](node.end.value, general)  # type: ignore[attr-defined]
    if isinstance(node, tree.Interval) and _is_number(node.low) and _is_number(node.high):
        return _between(node, general)
    return general


def _is_number(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal) and type(node.value) in (int, Decimal)


def _equal(constant: Value, general: Test) -> Test:
    kind = type(constant)

    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value == constant if type(value) is kind else general(value, scope, run)

    return accepts


def _number(constant: Value, general: Test) -> Test:
    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value == constant if type(value) is int or type(value) is Decimal else general(value, scope, run)

    return accepts


def _below(constant: Value, general: Test) -> Test:
    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value < constant if type(value) is int or type(value) is Decimal else general(value, scope, run)

    return accepts


def _at_most(constant: Value, general: Test) -> Test:
    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value <= constant if type(value) is int or type(value) is Decimal else general(value, scope, run)

    return accepts


def _above(constant: Value, general: Test) -> Test:
    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value > constant if type(value) is int or type(value) is Decimal else general(value, scope, run)

    return accepts


def _at_least(constant: Value, general: Test) -> Test:
    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        return value >= constant if type(value) is int or type(value) is Decimal else general(value, scope, run)

    return accepts


def _other(constant: Value, general: Test) -> Test:
    return general


_COMPARED: dict[str, Callable[[Value, Test], Test]] = {
    "<": _below,
    "<=": _at_most,
    ">": _above,
    ">=": _at_least,
    "=": _number,
    "!=": _other,
}


def _between(node: tree.Interval, general: Test) -> Test:
    low, high = node.low.value, node.high.value  # type: ignore[attr-defined]
    low_included, high_included = node.low_included, node.high_included

    def accepts(value: Value, scope: Scope, run: Run) -> bool | None:
        if type(value) is not int and type(value) is not Decimal:
            return general(value, scope, run)
        if low < value < high:
            return True
        return (value == low and low_included) or (value == high and high_included)

    return accepts


def _general(node: tree.Node, static: Static) -> Test:
    """An expression that speaks of ``?`` must be true; any other must contain or equal the input.

    A computed boolean (``count(orders) > 3``) is a condition of its own where the input is no boolean.
    """
    code = static.binding(("?",)).compile(node)
    if any(isinstance(part, tree.Name) and part.name == "?" for part in tree.walk(node)):

        def holds(value: Value, scope: Scope, run: Run) -> bool | None:
            found = code(scope, run)
            return found if type(found) is bool else None

        return holds

    computed = not isinstance(node, tree.Literal | tree.Name | tree.Path)

    def contains(value: Value, scope: Scope, run: Run) -> bool | None:
        test = code(scope, run)
        if computed and type(test) is bool and type(value) is not bool:
            return test
        if type(test) is Range and (value is None or type(value) is Range):
            return None if value is None else comparison.equal(value, test, run)  # nothing is asked of no input
        return comparison.contained(value, test, run)

    return contains
