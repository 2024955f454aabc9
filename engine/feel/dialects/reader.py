"""A Pratt parser for JUEL, JavaScript, Groovy and MVEL (and, derived from it, Python), into FEEL's own tree.

Where a language converts values and FEEL does not, a Truthy or Loose node keeps the language's own rule.
"""

from collections.abc import Callable

from engine.feel import numbers, tree
from engine.feel.dialects import lexer, rewrites
from engine.feel.dialects.grammar import Grammar
from engine.feel.dialects.refusal import refusal
from engine.feel.errors import Untranslatable

MAX_LENGTH = 20_000
MAX_DEPTH = 50

TERNARY, _OR, _AND, NOT, EQUALITY, RELATION, _SUM, _PRODUCT, _SIGN = 1, 2, 3, 4, 5, 6, 7, 8, 9
BINDING = {
    "||": _OR,
    "&&": _AND,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "%": _PRODUCT,
    "//": _PRODUCT,
    "**": _SIGN,
}
BINDING |= dict.fromkeys(("==", "!=", "===", "!=="), EQUALITY) | dict.fromkeys(("<", "<=", ">", ">="), RELATION)
_FEEL_OPERATORS = {"==": "=", "===": "=", "!=": "!=", "!==": "!="}


class Reader:
    not_binding = _SIGN
    """How tightly a negation takes what follows."""

    def __init__(self, text: str, grammar: Grammar, whole: str = "") -> None:
        """``whole`` is what stands in a refusal: the text with its delimiters."""
        if len(text) > MAX_LENGTH:
            raise refusal("syntax", text, language=grammar.name, detail=f"> {MAX_LENGTH}")
        self.text = whole or text
        self.grammar = grammar
        self.pieces = lexer.read(text, python=grammar.python)
        self.position = 0
        self.depth = 0

    def read(self) -> tree.Node:
        """The whole text as one expression. Raises Untranslatable."""
        if self.grammar.returns and self.piece.text == "return":
            self.position += 1
        node = self.expression()
        while self.grammar.returns and self.accept(";"):
            pass
        if self.piece.kind == "end":
            return node
        raise self._leftover()

    @property
    def piece(self) -> lexer.Piece:
        return self.pieces[self.position]

    def operator(self) -> str:
        """The operator here, whatever its spelling; empty where there is none."""
        piece = self.piece
        if piece.kind == "name":
            return self.grammar.words.get(piece.text, "")
        return piece.text if piece.kind == "op" else ""

    def accept(self, text: str) -> bool:
        if self.piece.text != text or self.piece.kind not in ("op", "name"):
            return False
        self.position += 1
        return True

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.broken(text)

    def broken(self, wanted: str) -> Untranslatable:
        found = self.piece.text or "the end"
        return refusal(
            "syntax",
            self.text,
            language=self.grammar.name,
            detail=f"{wanted!r} expected before {found!r}",
            detail_zh=f"在 {found!r} 之前应为 {wanted!r}",
        )

    def unknown(self, construct: str) -> Untranslatable:
        return refusal("construct", self.text, language=self.grammar.name, detail=construct)

    def _leftover(self) -> Untranslatable:
        if self.piece.text == "=":
            return refusal("assignment", self.text)
        if self.piece.kind == "name" and self.piece.text in self.grammar.keywords:
            return self.unknown(self.piece.text)
        if ";" in (self.piece.text, self.pieces[self.position - 1].text) or "\n" in self.text.strip():
            return refusal("statements", self.text)
        if self.piece.kind == "name" and self.pieces[self.position - 1].kind == "name":
            return refusal("free_text", self.text)
        return self.broken("end")

    def expression(self, binding: int = 0) -> tree.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.broken("fewer brackets")
        left = self._prefix()
        while True:
            step = self.infix(binding)
            if step is None:
                self.depth -= 1
                return left
            left = step(left)

    def infix(self, binding: int) -> Callable[[tree.Node], tree.Node] | None:
        operator, at = self.operator(), self.piece.at
        if operator in ("?", "?:") and binding < TERNARY:
            return lambda left: self._ternary(left, operator, at)
        level = BINDING.get(operator, 0)
        if level <= binding:
            return None
        return lambda left: self._binary(left, operator, level, at)

    def _binary(self, left: tree.Node, operator: str, level: int, at: int) -> tree.Node:
        self.position += 1
        right = self.expression(level)
        if level in (_OR, _AND):
            operands = [self.truth(left), self.truth(right)]
            return tree.Or(at, operands) if level == _OR else tree.And(at, operands)
        if level in (EQUALITY, RELATION):
            return self.compared(left, operator, right, at)
        if operator == "%":
            return tree.Call(at, tree.Name(at, "modulo"), [left, right], None)
        if operator == "//":
            return tree.Call(at, tree.Name(at, "floor"), [tree.Arithmetic(at, "/", left, right)], None)
        if operator == "+":
            return self._plus(left, right, at)
        return tree.Arithmetic(at, operator, left, right)

    def compared(self, left: tree.Node, operator: str, right: tree.Node, at: int) -> tree.Node:
        rule = "strict" if operator in ("===", "!==") else self.grammar.equality
        return tree.Loose(at, _FEEL_OPERATORS.get(operator, operator), left, right, rule)

    def _plus(self, left: tree.Node, right: tree.Node, at: int) -> tree.Node:
        return tree.Loose(at, "+", left, right, self.grammar.equality)

    def _ternary(self, condition: tree.Node, operator: str, at: int) -> tree.Node:
        self.position += 1
        if operator == "?:":
            return tree.If(at, self.truth(condition), condition, self.expression())
        then = self.expression()
        self.expect(":")
        return tree.If(at, self.truth(condition), then, self.expression())

    def truth(self, node: tree.Node) -> tree.Node:
        """The node as a condition: what is one already stays as it is."""
        return node if is_condition(node) else tree.Truthy(node.at, node, self.grammar.truth)

    def _prefix(self) -> tree.Node:
        piece, operator = self.piece, self.operator()
        if operator == "!":
            self.position += 1
            inner = self.truth(self.expression(self.not_binding))
            return tree.Call(piece.at, tree.Name(piece.at, "not"), [inner], None)
        if operator == "-":
            self.position += 1
            return tree.Negation(piece.at, self.expression(_SIGN))
        if piece.text == "empty" and self.grammar.name == "juel" and piece.kind == "name":
            self.position += 1
            return rewrites.empty(piece.at, self.expression(_SIGN))
        return self._postfix(self._primary())

    def _primary(self) -> tree.Node:
        piece = self.piece
        self.position += 1
        if piece.kind == "number":
            number = numbers.from_text(piece.text.rstrip("lLfFdD"))
            if number is None:
                raise self.broken("number")
            return tree.Literal(piece.at, number)
        if piece.kind == "string":
            if self.grammar.name == "groovy" and piece.text.startswith('"') and "$" in piece.text:
                raise self.unknown("${...} in a text")
            return tree.Literal(piece.at, lexer.string_value(piece))
        if piece.kind == "name":
            return self._name(piece)
        if piece.text == "(":
            return self.parenthesis(piece.at)
        if piece.text == "[":
            return self.list_of(piece.at)
        if piece.text == "{":
            return self._map(piece.at)
        self.position -= 1
        raise self.broken("value")

    def parenthesis(self, at: int) -> tree.Node:
        """Behind the opening one."""
        node = self.expression()
        self.expect(")")
        return node

    def index(self, at: int, source: tree.Node, index: tree.Node) -> tree.Node:
        return tree.Index(at, source, index)

    def _name(self, piece: lexer.Piece) -> tree.Node:
        if piece.text in self.grammar.constants:
            return tree.Literal(piece.at, self.grammar.constants[piece.text])
        if piece.text in self.grammar.keywords:
            raise self.unknown(piece.text)
        if piece.text.endswith(":"):  # a namespace of functions: var:eq(...)
            name = f"{piece.text}{self.piece.text}"
            self.position += 1
            return tree.Name(piece.at, name)
        return tree.Name(piece.at, piece.text)

    def element(self) -> tree.Node:
        """An element of a list, or an argument."""
        return self.expression()

    def list_of(self, at: int) -> tree.Node:
        items: list[tree.Node] = []
        while not self.accept("]"):
            if self.piece.text == ":" and not items:
                raise self.unknown("[:]")
            items.append(self.element())
            if not self.accept(","):
                self.expect("]")
                break
        return tree.ListOf(at, items)

    def _map(self, at: int) -> tree.Node:
        entries: list[tuple[str, tree.Node]] = []
        while not self.accept("}"):
            key = self.piece
            if key.kind not in ("string", "name"):
                raise self.broken("key")
            self.position += 1
            self.expect(":")
            entries.append((lexer.string_value(key) if key.kind == "string" else key.text, self.expression()))
            if not self.accept(","):
                self.expect("}")
                break
        return tree.ContextOf(at, entries)

    def _postfix(self, node: tree.Node) -> tree.Node:
        began = self.position
        while True:
            at = self.piece.at
            if self.position - began > 4 * tree.MAX_HEIGHT:
                raise self.broken("fewer steps")
            if self.accept(".") or self.accept("?."):
                if self.piece.kind != "name":
                    raise self.broken("name")
                node = tree.Path(at, node, self.piece.text)
                self.position += 1
            elif self.accept("["):
                index = self.expression()
                self.expect("]")
                node = self.index(at, node, index)
            elif self.accept("("):
                node = self.call(at, node)
            else:
                return rewrites.bare_path(self.grammar, node)

    def call(self, at: int, target: tree.Node) -> tree.Node:
        """Behind the opening parenthesis."""
        return rewrites.call(self.text, self.grammar, at, target, self._arguments())

    def _arguments(self) -> list[tree.Node]:
        arguments: list[tree.Node] = []
        while not self.accept(")"):
            arguments.append(self.element())
            if not self.accept(","):
                self.expect(")")
                break
        return arguments


_CONDITIONS = (tree.And, tree.Or, tree.Comparison, tree.In, tree.Truthy, tree.InstanceOf, tree.Quantified, tree.Between)


def is_condition(node: tree.Node) -> bool:
    """Whether its value is true, false or null whatever the variables hold."""
    if isinstance(node, tree.Loose):
        return node.operator != "+"
    if isinstance(node, tree.Call):
        return isinstance(node.function, tree.Name) and node.function.name in rewrites.PREDICATES
    return isinstance(node, _CONDITIONS) or (isinstance(node, tree.Literal) and isinstance(node.value, bool))
