"""A small evaluator of its own for the kernel's tests: comparisons, and, or, names, literals. What expressions mean in
full is told by the tests of engine.feel; what the kernel does with them must not depend on it.
"""

import ast
import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import errors
from engine.model.expression import Expression
from engine.model.text import Text

_OPERATORS: dict[type, Any] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Mod: operator.mod,
}


class PlainEvaluator:
    def __init__(self) -> None:
        self.parsed: dict[str, ast.expr] = {}

    def value(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> Any:
        tree = self.parsed.get(expression.text)
        if tree is None:
            try:
                tree = self.parsed[expression.text] = ast.parse(expression.text, mode="eval").body
            except SyntaxError:
                raise _invalid(expression.text) from None
        try:
            return _walk(tree, variables)
        except (KeyError, TypeError):
            raise _invalid(expression.text) from None

    def condition(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> bool:
        return self.value(expression, variables, now) is True

    def doubts(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> tuple[Text, ...]:
        return ()

    def script(
        self, language: str, text: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, dict[str, Any]]:
        """``a = 1; b = a + 1``"""
        changed: dict[str, Any] = {}
        value = None
        for statement in ast.parse(text).body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
                raise _invalid(text)
            try:
                value = _walk(statement.value, {**variables, **changed})
            except (KeyError, TypeError):
                raise _invalid(text) from None
            changed[statement.targets[0].id] = value
        return value, changed

    def decide(
        self, dmn: str, decision: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, tuple[str, ...]]:
        return self.value(Expression(text=dmn), variables, now), ("rule1",)


def _walk(tree: ast.AST, variables: Mapping[str, Any]) -> Any:
    if isinstance(tree, ast.Constant):
        return tree.value
    if isinstance(tree, ast.Name):
        return variables[tree.id]
    if isinstance(tree, ast.List):
        return [_walk(item, variables) for item in tree.elts]
    if isinstance(tree, ast.Dict):
        return {
            _walk(key, variables): _walk(value, variables)
            for key, value in zip(tree.keys, tree.values, strict=True)
            if key is not None
        }
    if isinstance(tree, ast.Compare):
        return _OPERATORS[type(tree.ops[0])](_walk(tree.left, variables), _walk(tree.comparators[0], variables))
    if isinstance(tree, ast.BinOp):
        return _OPERATORS[type(tree.op)](_walk(tree.left, variables), _walk(tree.right, variables))
    if isinstance(tree, ast.BoolOp):
        found = [_walk(value, variables) for value in tree.values]
        return all(found) if isinstance(tree.op, ast.And) else any(found)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "count":
        return len(_walk(tree.args[0], variables))
    raise TypeError(ast.dump(tree))


def _invalid(text: str) -> errors.Invalid:
    return errors.Invalid("expression", zh=f"表达式出错:{text}", en=f"cannot evaluate {text}")
