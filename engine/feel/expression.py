"""Compiled expressions and unary tests: what everybody outside this room works with."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from engine.feel import boundary, comparison, compiler, errors, freedom, loose, parser, tree
from engine.feel.compiler.static import Code
from engine.feel.run import DEFAULT, UNCOUNTED, Budget, Run, Warning
from engine.feel.types import Definitions
from engine.feel.values import Range, Value

Functions = Mapping[str, Callable[..., Any]]


class HostCall(NamedTuple):
    """``${bean.method(order.id)}``"""

    name: str
    """``bean.method``"""
    arguments: tuple[str, ...]
    """As FEEL; what one call takes from another is that one's variable."""
    variable: str
    """``bean.method(order.id)``: holds the answer."""


class Expression:
    """A text compiled once; safe to share between threads."""

    __slots__ = (
        "_code",
        "_simple",
        "_truth",
        "calls",
        "feel_text",
        "free_variables",
        "hazards",
        "language",
        "original",
        "tree",
    )

    def __init__(
        self,
        text: str,
        node: tree.Node,
        definitions: Definitions,
        *,
        language: str = "feel",
        hazards: tuple[Warning, ...] = (),
        feel_text: str = "",
        truth: str = "",
    ) -> None:
        if len(text) > tree.MAX_HEIGHT and tree.is_too_high(node):
            raise errors.too_high(tree.MAX_HEIGHT)
        self.original = text
        """As its author wrote it, in ``language``."""
        self.language = language
        self.feel_text = feel_text or text
        """The same written as FEEL."""
        self.hazards = hazards
        """Where ``feel_text`` may mean something else than the original, which is what runs."""
        self.tree = node
        self.calls: tuple[HostCall, ...] = ()
        """Code elsewhere whose answers it reads as variables; see ``compile_dialect(errands=True)``."""
        self._truth = loose.TRUTH.get(truth)
        self.free_variables: frozenset[str] = freedom.free_variables(node)
        self._code: Code = compiler.compile_tree(node, definitions)
        self._simple = compiler.is_simple(node)

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        budget: Budget | None = None,
        functions: Functions | None = None,
        now: datetime | None = None,
    ) -> Value:
        """The value, in the language's own types (engine/feel/values.py).

        ``context`` holds values or what engine/feel/boundary.py takes. Raises BudgetExceeded and ForeignValue.
        """
        if self._simple and budget is None:
            try:
                return self._code(context, UNCOUNTED)
            except RecursionError:
                raise errors.depth(DEFAULT.depth) from None
        return self.evaluate_in(Run(budget or DEFAULT, now=now, functions=functions), context)

    @property
    def text(self) -> str:
        return self.original

    def holds(
        self,
        context: Mapping[str, Any],
        *,
        budget: Budget | None = None,
        functions: Functions | None = None,
        now: datetime | None = None,
    ) -> bool:
        """As a condition: in FEEL only true holds, in other languages what their own rule takes for true."""
        value = self.evaluate(context, budget=budget, functions=functions, now=now)
        return value is True or (self._truth is not None and self._truth(value) is True)

    def evaluate_with_warnings(
        self,
        context: Mapping[str, Any],
        *,
        budget: Budget | None = None,
        functions: Functions | None = None,
        now: datetime | None = None,
    ) -> tuple[Value, tuple[Warning, ...]]:
        """As ``evaluate``, and why nulls came out on the way."""
        run = Run(budget or DEFAULT, now=now, functions=functions)
        value = self.evaluate_in(run, context)
        return value, tuple(run.warnings)

    def evaluate_in(self, run: Run, context: Mapping[str, Any]) -> Value:
        """As part of a larger evaluation, whose budget and warnings it shares."""
        try:
            return self._code(context, run)
        except RecursionError:
            raise errors.depth(run.budget.depth) from None


class UnaryTests:
    """An input entry of a decision table, or the allowed values of a type."""

    __slots__ = ("_tests", "negated", "text", "trees")

    def __init__(self, text: str, parsed: tuple[list[tree.Node], bool] | None, definitions: Definitions) -> None:
        self.text = text
        nodes, self.negated = parsed or ([], False)
        if len(text) > tree.MAX_HEIGHT and any(map(tree.is_too_high, nodes)):
            raise errors.too_high(tree.MAX_HEIGHT)
        self.trees = tuple(nodes)
        self._tests = tuple(_Test(node, definitions) for node in nodes)

    @property
    def holds_always(self) -> bool:
        """``-`` and the empty cell."""
        return not self._tests

    def matches(
        self,
        input_value: Any,
        context: Mapping[str, Any],
        *,
        budget: Budget | None = None,
        functions: Functions | None = None,
        now: datetime | None = None,
    ) -> bool:
        run = Run(budget or DEFAULT, now=now, functions=functions)
        return self.matches_in(run, boundary.from_python(input_value, run), context) is True

    def matches_in(self, run: Run, value: Value, context: Mapping[str, Any]) -> bool | None:
        """As part of a larger evaluation; null where no test holds and one could not be decided."""
        if not self._tests:
            return True
        result: bool | None = False
        try:
            for test in self._tests:
                found = test.holds(run, value, context)
                if found is True:
                    return not self.negated
                if found is None:
                    result = None
        except RecursionError:
            raise errors.depth(run.budget.depth) from None
        return None if result is None else self.negated


class _Test:
    __slots__ = ("_asks", "_code", "_computed", "_operator")

    def __init__(self, node: tree.Node, definitions: Definitions) -> None:
        self._asks = any(isinstance(part, tree.Name) and part.name == "?" for part in tree.walk(node))
        self._computed = not isinstance(node, tree.Literal | tree.Name | tree.Path)
        self._operator = node.operator if isinstance(node, tree.OpenRange) else ""
        self._code = compiler.compile_tree(node.end if isinstance(node, tree.OpenRange) else node, definitions)

    def holds(self, run: Run, value: Value, context: Mapping[str, Any]) -> bool | None:
        """An expression that mentions ``?`` must be true; any other is what the input is compared with."""
        scope = {**context, "?": value} if self._asks else context
        test = self._code(scope, run)
        if self._operator:
            return comparison.compare(self._operator, value, test, run)
        if self._asks:
            return test if isinstance(test, bool) else None
        if self._computed and type(test) is bool and type(value) is not bool:
            return test  # a condition of its own: ``count(orders) > 3``; a constant or variable is compared
        if isinstance(test, Range) and isinstance(value, Range):
            return comparison.equal(value, test, run)
        return comparison.contained(value, test, run)


NO_TYPES: Definitions = {}


def compile_expression(text: str, *, names: Iterable[str] = (), types: Definitions | None = None) -> Expression:
    """Raises FeelSyntaxError.

    ``names``: declared names in scope that have spaces, operators or key words in them. ``types``: the model's types,
    for ``instance of`` and parameters. Compiled once per text and names.
    """
    declared = tuple(sorted(set(names)))
    if types:
        return Expression(text, _parsed(text, declared), types)
    return _compiled(text, declared)


@lru_cache(maxsize=2048)
def _compiled(text: str, names: tuple[str, ...]) -> Expression:
    return Expression(text, _parsed(text, names), NO_TYPES)


def _parsed(text: str, names: tuple[str, ...]) -> tree.Node:
    return parser.parse_expression(text, names)


def compile_unary_tests(text: str, *, names: Iterable[str] = (), types: Definitions | None = None) -> UnaryTests:
    """Raises FeelSyntaxError. ``?`` stands for the input's value."""
    declared = tuple(sorted(set(names)))
    if types:
        return UnaryTests(text, parser.parse_unary_tests(text, declared), types)
    return _compiled_tests(text, declared)


@lru_cache(maxsize=2048)
def _compiled_tests(text: str, names: tuple[str, ...]) -> UnaryTests:
    return UnaryTests(text, parser.parse_unary_tests(text, names), NO_TYPES)
