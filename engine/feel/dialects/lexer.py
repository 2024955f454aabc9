"""Tokens of the C-like languages and of Python's expressions."""

import re
from typing import NamedTuple

from engine.feel import tokens

_COMMENTS = r"//[^\n]*|/\*.*?\*/"
_PYTHON_COMMENTS = r"\#[^\n]*"
_REST = r"""
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[lLfFdD]?|\.\d+)
    | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>(?:vars?|variables):(?=[^\W\d]\w*\()|[^\W\d]\w*|\$[\w$]*)
    | (?P<op>//|===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?:|\*\*|[-+*/%<>!?:.,;()\[\]{}=|&^~])
    | (?P<other>.)
    """


def _tokens(comments: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<space>\s+|{comments}){_REST}", re.VERBOSE | re.DOTALL)


_TOKEN, _PYTHON_TOKEN = _tokens(_COMMENTS), _tokens(_PYTHON_COMMENTS)
"""What begins a comment elsewhere divides in Python."""


class Piece(NamedTuple):
    kind: str
    """number, string, name, op, other or end."""
    text: str
    at: int


def read(text: str, *, python: bool = False) -> list[Piece]:
    pieces = [
        Piece(str(found.lastgroup), found.group(), found.start())
        for found in (_PYTHON_TOKEN if python else _TOKEN).finditer(text)
        if found.lastgroup != "space"
    ]
    return [*pieces, Piece("end", "", len(text))]


def string_value(piece: Piece) -> str:
    return tokens.unescape(piece.text[1:-1])
