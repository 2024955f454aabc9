"""Literals, arithmetic, comparison and logic. The common cases stand inline: this is where the speed comes from."""

from collections.abc import Callable
from decimal import Decimal

from engine.feel import arithmetic, comparison, loose, numbers, tree
from engine.feel.compiler.static import Code, Compilers, Scope, Static
from engine.feel.run import Run
from engine.feel.values import Value, kind

_LIMIT = numbers.LIMIT
_General = Callable[[Value, Run], Value]
"""The comparison for whatever is no number."""


def _literal(node: tree.Literal, static: Static) -> Code:
    value = node.value
    return lambda scope, run: value


def _bad_literal(node: tree.BadLiteral, static: Static) -> Code:
    def bad(scope: Scope, run: Run) -> Value:
        run.warn("bad_literal", node.at, text=node.text)
        return None

    return bad


def _arithmetic(node: tree.Arithmetic, static: Static) -> Code:
    left, right = static.compile(node.left), static.compile(node.right)
    operator, at, apply = node.operator, node.at, arithmetic.apply

    def add(scope: Scope, run: Run) -> Value:
        a, b = left(scope, run), right(scope, run)
        if type(a) is int and type(b) is int:
            total = a + b
            if -_LIMIT < total < _LIMIT:
                return total
        return apply("+", a, b, run, at)

    def other(scope: Scope, run: Run) -> Value:
        return apply(operator, left(scope, run), right(scope, run), run, at)

    return add if operator == "+" else other


def _negation(node: tree.Negation, static: Static) -> Code:
    operand, at = static.compile(node.operand), node.at
    return lambda scope, run: arithmetic.negate(operand(scope, run), run, at)


def _comparison(node: tree.Comparison, static: Static) -> Code:
    if isinstance(node.right, tree.Literal) and type(node.right.value) in (int, Decimal, str):
        return _against_literal(node, static, node.right.value)
    left, right = static.compile(node.left), static.compile(node.right)
    operator, at, compare = node.operator, node.at, comparison.compare
    return lambda scope, run: compare(operator, left(scope, run), right(scope, run), run, at)


def _against_literal(node: tree.Comparison, static: Static, literal: Value) -> Code:
    """``amount > 1000``, ``segment = "key"``: what most conditions are."""
    left, operator, at, compare = static.compile(node.left), node.operator, node.at, comparison.compare
    if type(literal) is str:
        if operator != "=":
            return lambda scope, run: compare(operator, left(scope, run), literal, run, at)

        def is_text(scope: Scope, run: Run) -> Value:
            value = left(scope, run)
            return value == literal if type(value) is str else compare("=", value, literal, run, at)

        return is_text

    def general(value: Value, run: Run) -> Value:
        return compare(operator, value, literal, run, at)

    return _NUMERIC[operator](left, literal, general)


def _below(left: Code, literal: Value, general: _General) -> Code:
    def test(scope: Scope, run: Run) -> Value:
        value = left(scope, run)
        return value < literal if type(value) is int or type(value) is Decimal else general(value, run)

    return test


def _at_most(left: Code, literal: Value, general: _General) -> Code:
    def test(scope: Scope, run: Run) -> Value:
        value = left(scope, run)
        return value <= literal if type(value) is int or type(value) is Decimal else general(value, run)

    return test


def _above(left: Code, literal: Value, general: _General) -> Code:
    def test(scope: Scope, run: Run) -> Value:
        value = left(scope, run)
        return value > literal if type(value) is int or type(value) is Decimal else general(value, run)

    return test


def _at_least(left: Code, literal: Value, general: _General) -> Code:
    def test(scope: Scope, run: Run) -> Value:
        value = left(scope, run)
        return value >= literal if type(value) is int or type(value) is Decimal else general(value, run)

    return test


def _equal(left: Code, literal: Value, general: _General) -> Code:
    def test(scope: Scope, run: Run) -> Value:
        value = left(scope, run)
        return value == literal if type(value) is int or type(value) is Decimal else general(value, run)

    return test


def _unequal(left: Code, literal: Value, general: _General) -> Code:
    return lambda scope, run: general(left(scope, run), run)


_NUMERIC: dict[str, Callable[[Code, Value, _General], Code]] = {
    "<": _below,
    "<=": _at_most,
    ">": _above,
    ">=": _at_least,
    "=": _equal,
    "!=": _unequal,
}
"""One function per operator, so that a comparison of numbers costs no look-up."""


def _and(node: tree.And, static: Static) -> Code:
    if len(node.operands) == 2:
        left, right = static.compile_all(node.operands)
        return _and_of_two(left, right, node.at)
    operands = static.compile_all(node.operands)

    def conjunction(scope: Scope, run: Run) -> Value:
        result: Value = True
        for operand in operands:
            value = operand(scope, run)
            if value is False:
                return False
            if value is not True:
                result = None
                _doubt(value, node.at, run)
        return result

    return conjunction


def _and_of_two(left: Code, right: Code, at: int) -> Code:
    def conjunction(scope: Scope, run: Run) -> Value:
        a = left(scope, run)
        if a is False:
            return False
        b = right(scope, run)
        if b is False:
            return False
        if a is True and b is True:
            return True
        for value in (a, b):
            if value is not True:
                _doubt(value, at, run)
        return None

    return conjunction


def _or(node: tree.Or, static: Static) -> Code:
    operands = static.compile_all(node.operands)

    def disjunction(scope: Scope, run: Run) -> Value:
        result: Value = False
        for operand in operands:
            value = operand(scope, run)
            if value is True:
                return True
            if value is not False:
                result = None
                _doubt(value, node.at, run)
        return result

    return disjunction


def _doubt(value: Value, at: int, run: Run) -> None:
    if value is not None:
        run.warn("not_boolean", at, kind=kind(value))


def _between(node: tree.Between, static: Static) -> Code:
    value, low, high = static.compile_all((node.value, node.low, node.high))
    return lambda scope, run: comparison.between(value(scope, run), low(scope, run), high(scope, run), run, node.at)


def _truthy(node: tree.Truthy, static: Static) -> Code:
    operand, rule = static.compile(node.operand), loose.TRUTH[node.rule]
    return lambda scope, run: rule(operand(scope, run))


def _loose(node: tree.Loose, static: Static) -> Code:
    left, right = static.compile(node.left), static.compile(node.right)
    rule = loose.OPERATORS[node.rule]
    return lambda scope, run: rule(node.operator, left(scope, run), right(scope, run), run, node.at)


COMPILERS: Compilers = {
    tree.Literal: _literal,
    tree.BadLiteral: _bad_literal,
    tree.Arithmetic: _arithmetic,
    tree.Negation: _negation,
    tree.Comparison: _comparison,
    tree.And: _and,
    tree.Or: _or,
    tree.Between: _between,
    tree.Truthy: _truthy,
    tree.Loose: _loose,
}
