"""Python's expressions, as far as they differ from those of the C-like languages."""

from collections.abc import Callable

from engine.feel import tree
from engine.feel.dialects import rewrites
from engine.feel.dialects.reader import EQUALITY, NOT, RELATION, TERNARY, Reader

_COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!="))


class PythonReader(Reader):
    not_binding = NOT
    _last_comprehension: tree.Node | None = None

    def infix(self, binding: int) -> Callable[[tree.Node], tree.Node] | None:
        word, at = self.piece.text, self.piece.at
        if self.piece.kind == "name" and word == "if" and binding < TERNARY:
            return lambda left: self._if(left, at)
        if self.piece.kind == "name" and word in ("in", "is", "not") and binding < EQUALITY:
            return lambda left: self._test(left, at)
        return None if word in ("?", "?:") else super().infix(binding)

    def _if(self, then: tree.Node, at: int) -> tree.Node:
        """``then if condition else otherwise``"""
        self.expect("if")
        condition = self.truth(self.expression(TERNARY))
        self.expect("else")
        return tree.If(at, condition, then, self.expression())

    def _test(self, left: tree.Node, at: int) -> tree.Node:
        """``in``, ``not in``, ``is``, ``is not``."""
        negated = self.accept("not")
        if not negated and self.accept("is"):
            negated = self.accept("not")
            node: tree.Node = tree.Comparison(at, "=", left, self.expression(RELATION))
        else:
            self.expect("in")
            node = rewrites.member(at, self.expression(RELATION), left)
        return rewrites.negated(at, node) if negated else node

    def compared(self, left: tree.Node, operator: str, right: tree.Node, at: int) -> tree.Node:
        """``a < b < c`` are two comparisons."""
        tests = [super().compared(left, operator, right, at)]
        while self.operator() in _COMPARISONS:
            left, operator, at = right, self.operator(), self.piece.at
            self.position += 1
            right = self.expression(RELATION)
            tests.append(super().compared(left, operator, right, at))
        return tests[0] if len(tests) == 1 else tree.And(at, tests)

    def parenthesis(self, at: int) -> tree.Node:
        """A tuple is a list."""
        if self.accept(")"):
            return tree.ListOf(at, [])
        node = self.expression()
        if self.piece.text != ",":
            self.expect(")")
            return node
        items = [node]
        while self.accept(",") and self.piece.text != ")":
            items.append(self.expression())
        self.expect(")")
        return tree.ListOf(at, items)

    def index(self, at: int, source: tree.Node, index: tree.Node) -> tree.Node:
        """From the end with a minus, as in FEEL."""
        if isinstance(index, tree.Negation) and isinstance(index.operand, tree.Literal):
            return tree.Filter(at, source, tree.Literal(index.at, -index.operand.value))
        return super().index(at, source, index)

    def element(self) -> tree.Node:
        body = super().element()
        return self._comprehension(body) if self.piece.text == "for" else body

    def list_of(self, at: int) -> tree.Node:
        """``[x for x in xs]`` is the list that the comprehension makes, not a list with it inside."""
        node = super().list_of(at)
        if isinstance(node, tree.ListOf) and len(node.items) == 1 and node.items[0] is self._last_comprehension:
            self._last_comprehension = None  # a list around this one is a list with one element
            return node.items[0]
        return node

    def _comprehension(self, body: tree.Node) -> tree.Node:
        """``body for name in source``"""
        at = self.piece.at
        self.expect("for")
        name = self.piece.text
        if self.piece.kind != "name":
            raise self.broken("name")
        self.position += 1
        self.expect("in")
        source = self.expression(TERNARY)
        if self.piece.text == "if":
            raise self.unknown("for ... if")
        self._last_comprehension = tree.For(at, [tree.Iteration(at, name, source, None)], body)
        return self._last_comprehension

    def call(self, at: int, target: tree.Node) -> tree.Node:
        if isinstance(target, tree.Name) and target.name == "timedelta":
            return rewrites.duration(at, self._keywords())
        return super().call(at, target)

    def _keywords(self) -> list[tuple[str, tree.Node]]:
        """``days=1, hours=2)``"""
        given = []
        while not self.accept(")"):
            name = self.piece.text
            self.position += 1
            if name not in rewrites.TIMEDELTA:
                raise self.unknown(f"timedelta({name})")
            self.expect("=")
            given.append((name, self.expression()))
            if not self.accept(","):
                self.expect(")")
                break
        return given
