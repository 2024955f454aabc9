"""The texts in a model become syntax trees, in whatever language they were written.

Camunda 7 means JUEL where nothing is said, yet its modellers often type FEEL: such a text is read as JUEL, and as FEEL
where it is no JUEL. Flowable's authors put texts in single quotes: accepted where the text is no FEEL as it stands.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

from engine.dmn.model import CAMUNDA_DEFAULT, FEEL, Element, Literal, UnaryTests
from engine.dmn.scope import Scope
from engine.errors import Invalid
from engine.feel import dialects, freedom, parser, tree

Tests = tuple[list[tree.Node], bool]
"""Unary tests, and whether they stand in ``not(...)``."""
T = TypeVar("T")

_PYTHON_MEANS = {"True": "true", "False": "false", "None": "null"}
_SINGLE_QUOTED = re.compile(r"'([^'\"\\]*)'")


def expression(literal: Literal, scope: Scope) -> tree.Node:
    """Null for an empty text, and for a text that is refused (the problem goes to ``scope``)."""
    if not literal.text.strip():
        return tree.Literal(0, None)
    try:
        node = _parse(literal, scope)
    except Invalid as error:
        scope.refused(error, literal, literal.text)
        return tree.Literal(0, None)
    _tell_unknown(node, literal, scope)
    return node


def _parse(literal: Literal, scope: Scope) -> tree.Node:
    if literal.language == FEEL:
        return _forgiving(literal.text, lambda text: feel(text, scope))
    if literal.language == CAMUNDA_DEFAULT:
        return _camunda(literal.text, scope)
    return _dialect(literal.text, literal.language)


def _tell_unknown(node: tree.Node, where: Element, scope: Scope) -> None:
    """Names that no variable can have here, with the known name that looks like them.

    Expressions with filters are left alone: within one, a name may be an entry of the element.
    """
    if any(isinstance(part, tree.Filter) for part in tree.walk(node)):
        return
    unknown = freedom.free_variables(node) - scope.names - scope.loose - {"?"}
    for name in sorted(unknown if scope.closed else unknown & (_PYTHON_MEANS.keys() | _called(node))):
        close = _PYTHON_MEANS.get(name) or next(iter(get_close_matches(name, sorted(scope.names), n=1)), "")
        zh, en = (f"，是否指“{close}”？", f", did you mean {close!r}?") if close else ("", "")
        scope.problem(
            "name_unknown",
            where,
            zh=f"没有名为“{name}”的变量{zh}",
            en=f"there is no variable called {name!r} here{en}",
            severity="warning",
        )


def feel(text: str, scope: Scope) -> tree.Node:
    return parser.parse_expression(text, scope.names | scope.loose, scope.entries)


def _dialect(text: str, language: str) -> tree.Node:
    """In a decision table JUEL stands without braces too: the whole text is the expression."""
    if language == "juel" and "${" not in text and "#{" not in text:
        text = "${" + text.strip() + "}"
    return dialects.compile_dialect(text, language).tree


def _camunda(text: str, scope: Scope) -> tree.Node:
    try:
        return _dialect(text, "juel")
    except Invalid:
        node = _forgiving(text, lambda other: feel(other, scope))
        if freedom.free_variables(node) & _called(node) - scope.names:
            raise  # not FEEL either: it calls a function of its engine
        return node


def _called(node: tree.Node) -> set[str]:
    calls = [part.function for part in tree.walk(node) if isinstance(part, tree.Call)]
    return {function.name for function in calls if isinstance(function, tree.Name)}


def tests(cell: UnaryTests, scope: Scope) -> Tests | None:
    """None for cells that everything passes, and for cells that are refused (the problem goes to ``scope``)."""
    try:
        if cell.language == FEEL:
            parsed = _forgiving(cell.text, lambda text: _tests(text, scope))
        else:
            parsed = None if cell.text.strip() in ("", "-") else ([_dialect(cell.text, cell.language)], False)
    except Invalid as error:
        scope.refused(error, cell, cell.text)
        return None
    for node in parsed[0] if parsed else ():
        _tell_unknown(node, cell, scope)
    return parsed


def _tests(text: str, scope: Scope) -> Tests | None:
    return parser.parse_unary_tests(text, scope.names | scope.loose | {"?"}, scope.entries)


def _forgiving(text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except Invalid:
        if "'" not in text or '"' in text:
            raise
        return parse(_SINGLE_QUOTED.sub(r'"\1"', text))
