"""A syntax tree as FEEL text: what "convert to FEEL" offers."""

from collections.abc import Callable
from typing import Any

from engine.feel import builtins, formatting, names, temporal, tree, types
from engine.feel.stream import KEYWORDS

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _SIGN, _POSTFIX = 1, 2, 3, 4, 5, 6, 7, 8
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}


def write(node: tree.Node) -> str:
    return _write(node, 0)


def _write(node: tree.Node, binding: int) -> str:
    """In parentheses where the surroundings bind tighter."""
    text, own = _WRITERS[type(node)](node)
    return f"({text})" if own < binding else text


_Written = tuple[str, int]


def _literal(node: tree.Literal) -> _Written:
    value = node.value
    if isinstance(
        value, temporal.Date | temporal.Time | temporal.DateTime | temporal.DaysDuration | temporal.MonthsDuration
    ):
        return f'@"{value}"', _POSTFIX
    text = formatting.quoted(value) if isinstance(value, str) else formatting.to_text(value)
    return text, _SIGN if text.startswith("-") else _POSTFIX


def _bad_literal(node: tree.BadLiteral) -> _Written:
    return f"@{formatting.quoted(node.text)}", _POSTFIX


def name(text: str) -> str:
    plain = len(names.split(text)) == 1 and text not in KEYWORDS and (text[:1].isalpha() or text[:1] in "_$?")
    return text if plain else f"`{text}`"


def _name(node: tree.Name) -> _Written:
    return (node.name if builtins.find(node.name) else name(node.name)), _POSTFIX


def _path(node: tree.Path) -> _Written:
    return f"{_write(node.source, _POSTFIX)}.{name(node.name)}", _POSTFIX


def _filter(node: tree.Filter) -> _Written:
    return f"{_write(node.source, _POSTFIX)}[{write(node.test)}]", _POSTFIX


def _index(node: tree.Index) -> _Written:
    """FEEL counts from 1."""
    if isinstance(node.index, tree.Literal) and isinstance(node.index.value, int):
        at = str(node.index.value + 1)
    elif isinstance(node.index, tree.Literal):
        return f"get value({write(node.source)}, {write(node.index)})", _POSTFIX
    else:
        at = f"{_write(node.index, _SUM)} + 1"
    return f"{_write(node.source, _POSTFIX)}[{at}]", _POSTFIX


def _negation(node: tree.Negation) -> _Written:
    return f"-{_write(node.operand, _POSTFIX)}", _SIGN


def _arithmetic(node: tree.Arithmetic) -> _Written:
    level = _LEVELS[node.operator]
    return f"{_write(node.left, level)} {node.operator} {_write(node.right, level + 1)}", level


def _comparison(node: tree.Comparison) -> _Written:
    return f"{_write(node.left, _SUM)} {node.operator} {_write(node.right, _SUM)}", _COMPARISON


def _loose(node: tree.Loose) -> _Written:
    if node.operator == "+":
        return f"{_write(node.left, _SUM)} + {_write(node.right, _PRODUCT)}", _SUM
    return f"{_write(node.left, _SUM)} {node.operator} {_write(node.right, _SUM)}", _COMPARISON


def _truthy(node: tree.Truthy) -> _Written:
    return f"{_write(node.operand, _SUM)} = true", _COMPARISON


def _and(node: tree.And) -> _Written:
    return " and ".join(_write(operand, _AND + 1) for operand in node.operands), _AND


def _or(node: tree.Or) -> _Written:
    return " or ".join(_write(operand, _OR + 1) for operand in node.operands), _OR


def _between(node: tree.Between) -> _Written:
    ends = f"{_write(node.low, _SUM)} and {_write(node.high, _SUM)}"
    return f"{_write(node.value, _SUM)} between {ends}", _COMPARISON


def _in(node: tree.In) -> _Written:
    tests = ", ".join(_test(test) for test in node.tests)
    return f"{_write(node.value, _SUM)} in ({tests})", _COMPARISON


def _test(node: tree.Node) -> str:
    return f"{node.operator} {_write(node.end, _SUM)}" if isinstance(node, tree.OpenRange) else write(node)


def _open_range(node: tree.OpenRange) -> _Written:
    return f"({_test(node)})", _POSTFIX


def _interval(node: tree.Interval) -> _Written:
    ends = f"{_write(node.low, _SUM)}..{_write(node.high, _SUM)}"
    return f"{'[' if node.low_included else '('}{ends}{']' if node.high_included else ')'}", _POSTFIX


def _instance_of(node: tree.InstanceOf) -> _Written:
    return f"{_write(node.value, _SUM)} instance of {types.to_text(node.type)}", _COMPARISON


def _list(node: tree.ListOf) -> _Written:
    return f"[{', '.join(map(write, node.items))}]", _POSTFIX


def _context(node: tree.ContextOf) -> _Written:
    entries = (
        f"{key if key.isidentifier() else formatting.quoted(key)}: {write(value)}" for key, value in node.entries
    )
    return f"{{{', '.join(entries)}}}", _POSTFIX


def _if(node: tree.If) -> _Written:
    return f"if {write(node.condition)} then {write(node.then)} else {write(node.otherwise)}", 0


def _iterations(steps: list[tree.Iteration]) -> str:
    return ", ".join(
        f"{name(step.name)} in {write(step.source)}" + (f"..{write(step.end)}" if step.end else "") for step in steps
    )


def _for(node: tree.For) -> _Written:
    return f"for {_iterations(node.iterations)} return {write(node.body)}", 0


def _quantified(node: tree.Quantified) -> _Written:
    return f"{'every' if node.every else 'some'} {_iterations(node.iterations)} satisfies {write(node.test)}", 0


def _lambda(node: tree.Lambda) -> _Written:
    parameters = ", ".join(name(key) + (f": {types.to_text(kind)}" if kind else "") for key, kind in node.parameters)
    return f"function({parameters}) {'external ' if node.external else ''}{write(node.body)}", 0


def _call(node: tree.Call) -> _Written:
    arguments = list(map(write, node.arguments))
    if node.names is not None:
        arguments = [f"{key}: {argument}" for key, argument in zip(node.names, arguments, strict=True)]
    return f"{_write(node.function, _POSTFIX)}({', '.join(arguments)})", _POSTFIX


_WRITERS: dict[type[tree.Node], Callable[[Any], _Written]] = {
    tree.Literal: _literal,
    tree.BadLiteral: _bad_literal,
    tree.Name: _name,
    tree.Path: _path,
    tree.Filter: _filter,
    tree.Index: _index,
    tree.Negation: _negation,
    tree.Arithmetic: _arithmetic,
    tree.Comparison: _comparison,
    tree.And: _and,
    tree.Or: _or,
    tree.Between: _between,
    tree.In: _in,
    tree.Interval: _interval,
    tree.OpenRange: _open_range,
    tree.InstanceOf: _instance_of,
    tree.ListOf: _list,
    tree.ContextOf: _context,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.Lambda: _lambda,
    tree.Call: _call,
    tree.Truthy: _truthy,
    tree.Loose: _loose,
}
