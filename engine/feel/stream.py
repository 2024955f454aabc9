"""The tokens of an expression, where its parser stands in them, and which names are in scope there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from engine.feel import names, tokens, tree
from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import Token
from engine.model.text import Text, both

MAX_DEPTH = 60
"""Expressions within expressions."""


class Parse(Protocol):
    def __call__(self, stream: "Stream", binding: int = 0, *, filters: bool = True) -> tree.Node: ...


KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "and",
        "or",
        "instance",
        "of",
        "function",
        "null",
        "true",
        "false",
    ]
)

BUILT_IN_NAMES = names.Names()
"""Names of functions with spaces; filled by engine/feel/builtins."""


class Stream:
    """The tokens and where we stand."""

    def __init__(self, text: str, declared: Iterable[str], parse: Parse, entries: Iterable[str] = ()) -> None:
        """``parse`` reads a whole expression: the modules of the grammar call each other through it."""
        self._parse = parse
        self.text = text
        self.tokens = tokens.tokenize(text)
        self.position = 0
        self.depth = 0
        self.levels = [names.Names(declared)]
        self.entries = names.Names(entries)
        """Keys of contexts so far and components of the model's types: known behind a dot and within a filter."""

    def parse(self, binding: int = 0, *, filters: bool = True) -> tree.Node:
        """One expression whose operators bind tighter than ``binding``; without ``filters``, a ``[`` ends it."""
        return self._parse(self, binding, filters=filters)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            zh, en = f"嵌套超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} levels deep"
            raise self.error(self.token.at, zh=zh, en=en)

    def leave(self) -> None:
        self.depth -= 1

    @contextmanager
    def scope(self, level: names.Names) -> Iterator[None]:
        self.levels.append(level)
        try:
            yield
        finally:
            self.levels.pop()

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[max(min(self.position + count, len(self.tokens) - 1), 0)]

    def next(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def at(self, *texts: str) -> bool:
        token = self.tokens[self.position]
        return token.text in texts and token.kind in ("op", "name")

    def accept(self, text: str) -> bool:
        if not self.at(text):
            return False
        self.position += 1
        return True

    def expect(self, text: str, hint: Text | None = None) -> Token:
        if not self.at(text):
            raise self.unexpected(text, hint)
        return self.next()

    def error(self, at: int, *, zh: str, en: str, hint: Text | None = None) -> FeelSyntaxError:
        line, column = tokens.place(self.text, at)
        return FeelSyntaxError(zh=zh, en=en, line=line, column=column, hint=hint)

    def unexpected(self, wanted: str = "", hint: Text | None = None) -> FeelSyntaxError:
        token = self.token
        found_zh = "表达式在此结束" if token.kind == "end" else f"这里是 {token.text!r}"
        found_en = "the expression ends here" if token.kind == "end" else f"there is {token.text!r}"
        zh, en = _KINDS.get(wanted, (repr(wanted), repr(wanted)))
        hint = hint or (None if wanted else _hint(self))
        return self.error(token.at, zh=f"应为{zh}，但{found_zh}", en=f"expected {en}, but {found_en}", hint=hint)

    def known_name(self) -> tuple[int, str] | None:
        """The longest name of several tokens that is in scope here."""
        best: tuple[int, str] | None = None
        for level in reversed(self.levels):
            found = level.longest(self.tokens, self.position)
            if found and (best is None or found[0] > best[0]):
                best = found
        return best or self._built_in_name()

    def _built_in_name(self) -> tuple[int, str] | None:
        found = BUILT_IN_NAMES.longest(self.tokens, self.position)
        if found and ("and" in names.split(found[1]) or "or" in names.split(found[1])):
            called = self.ahead(found[0])
            return found if called.text == "(" else None  # else ``date and time > 3`` could not be written
        return found


_KINDS = {"": ("一个值", "a value"), "name": ("一个名称", "a name"), "type": ("一个类型", "a type")}
"""What may be wanted besides a certain word or sign."""
_OPENING = {")": "(", "]": "[", "}": "{"}


def _hint(stream: Stream) -> Text | None:
    """Why there is no value where one should be."""
    token, before = stream.token, stream.ahead(-1)
    if token.text in ("=", ">") and before.text in ("=", "!", "!=", "<", ">"):
        return both(zh="相等比较只用一个 =，不等用 !=", en="equality is a single =, inequality is !=")
    if token.text == "/" and stream.ahead().text.startswith("*"):
        return both(zh="注释缺少结尾的 */", en="the comment has no closing */")
    if token.text == "'":
        return both(zh='文本应写在双引号 " 中', en='texts stand in double quotation marks "')
    if token.text in ("&", "|", "!"):
        return both(zh="请使用 and、or、not(...)", en="write and, or, not(...)")
    if token.text in _OPENING:
        earlier = [other.text for other in stream.tokens[: stream.position] if other.kind == "op"]
        if earlier.count(_OPENING[token.text]) <= earlier.count(token.text):
            return both(zh="括号不匹配", en="the brackets do not match")
    return None
