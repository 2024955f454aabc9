"""Text to tokens, by one regular expression."""

import re
from typing import NamedTuple

from engine.feel.errors import FeelSyntaxError
from engine.model.text import both

MAX_LENGTH = 100_000
"""Characters of an expression."""

# The characters of names in the specification (grammar rules 28 and 29), but for the punctuation of Chinese and
# Japanese writing: a full-width comma is a slip of the keyboard, not a name.
_NAME_START = (
    r"?A-Z_a-z$\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d"
    r"\u180f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe"
    r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + r"0-9\u00b7\u0300-\u036f\u203f-\u2040"
"""Of the standard's ranges the astral one goes beyond letters: a horse may be a name (rule 28 of the grammar)."""
_TOKEN = re.compile(
    rf"""
      (?P<space>(?:\s|\u180e|\ufeff|\u200b|//[^\n\r]*|/\*.*?\*/)+)
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<at>@\s*"(?:[^"\\]|\\.)*")
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<quoted>`[^`\n]+`)
    | (?P<name>[{_NAME_START}][{_NAME_PART}]*)
    | (?P<op>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.|;%&!^'~@\#])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    kind: str
    """number, at, string, quoted, name, op or end."""
    text: str
    at: int
    """0-based offset in the expression."""


def tokenize(text: str) -> list[Token]:
    """The tokens, closed by one of kind ``end``. Raises FeelSyntaxError for characters that begin no token."""
    if len(text) > MAX_LENGTH:
        raise FeelSyntaxError(
            zh=f"表达式超过 {MAX_LENGTH} 个字符",
            en=f"the expression is longer than {MAX_LENGTH} characters",
            line=1,
            column=1,
        )
    tokens = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "space":
            continue
        if kind == "other":
            raise _stray(text, found)
        tokens.append(Token(str(kind), found.group(), found.start()))
    tokens.append(Token("end", "", len(text)))
    return tokens


def _stray(text: str, found: re.Match[str]) -> FeelSyntaxError:
    character = found.group()
    line, column = place(text, found.start())
    hint = None
    if character == '"':
        hint = both(zh='文本缺少结尾的引号 "', en='the closing quotation mark " is missing')
    elif character in "“”":
        hint = both(zh='请使用直引号 "', en='use straight quotation marks "')
    elif character in "，。、；：？！（）【】｛｝＝＜＞＋－＊／":
        hint = both(zh="请使用半角标点", en="use half-width punctuation")
    return FeelSyntaxError(
        zh=f"意外的字符 {character!r}", en=f"unexpected character {character!r}", line=line, column=column, hint=hint
    )


def place(text: str, at: int) -> tuple[int, int]:
    """1-based line and column of an offset."""
    line = text.count("\n", 0, at) + 1
    return line, at - (text.rfind("\n", 0, at) + 1) + 1


def unescape(body: str) -> str:
    """The characters between quotation marks. Unknown escapes stay as written, for patterns such as ``\\d``."""
    return _join_surrogates(_ESCAPE.sub(_unescaped, body)) if "\\" in body else body


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _SIMPLE.get(found[3], found[0])


def _join_surrogates(text: str) -> str:
    """Two \\u escapes of one character beyond the basic plane become that character; a lone half is replaced."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
