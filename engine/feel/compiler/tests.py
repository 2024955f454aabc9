"""Ranges, ``in``, and types."""

from engine.feel import comparison, conformance, tree, types
from engine.feel.compiler.static import Code, Compilers, Scope, Static
from engine.feel.run import Run
from engine.feel.values import Range, Value, kind

Test = Code


def _interval(node: tree.Interval, static: Static) -> Code:
    low, high = static.compile_all((node.low, node.high))

    def interval(scope: Scope, run: Run) -> Value:
        a, b = low(scope, run), high(scope, run)
        if a is not None and b is not None and comparison.order(a, b) is None:
            run.warn("bad_range", node.at, low=kind(a), high=kind(b))
            return None
        return Range(a, b, node.low_included, node.high_included)

    return interval


def open_range(operator: str, end: Value) -> Range:
    if operator in ("=", "!="):
        return Range(end, end, operator == "=", operator == "=", operator)
    if operator in ("<", "<="):
        return Range(None, end, False, operator == "<=", operator)
    return Range(end, None, operator == ">=", False, operator)


def _open_range(node: tree.OpenRange, static: Static) -> Code:
    end, operator = static.compile(node.end), node.operator
    return lambda scope, run: open_range(operator, end(scope, run))


def _in(node: tree.In, static: Static) -> Code:
    value, tests, at = static.compile(node.value), static.compile_all(node.tests), node.at

    def among(scope: Scope, run: Run) -> Value:
        left = value(scope, run)
        result: Value = False
        for test in tests:
            found = comparison.contained(left, test(scope, run), run, at)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return among


def _instance_of(node: tree.InstanceOf, static: Static) -> Code:
    value, wanted, definitions = static.compile(node.value), node.type, static.definitions

    def instance_of(scope: Scope, run: Run) -> Value:
        resolved = conformance.resolve(wanted, definitions)
        if isinstance(resolved, types.Named) and resolved.name not in types.BUILT_IN:
            run.warn("unknown_type", node.at, name=resolved.name)
            return None
        return conformance.conforms(value(scope, run), resolved, definitions, run)

    return instance_of


COMPILERS: Compilers = {
    tree.Interval: _interval,
    tree.OpenRange: _open_range,
    tree.In: _in,
    tree.InstanceOf: _instance_of,
}
