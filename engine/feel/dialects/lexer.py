"""Tokens of the C-like languages and of Python's expressions."""

import re
from typing import NamedTuple

from engine.feel import tokens

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[lLfFdD]?|\.\d+)
    | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>(?:vars?|variables):(?=[^\W\d]\w*\()|[^\W\d]\w*|\$[\w$]*)
    | (?P<op>===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?:|\*\*|[-+*/%<>!?:.,;()\[\]{}=|&^~])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Piece(NamedTuple):
    kind: str
    """number, string, name, op, other or end."""
    text: str
    at: int


def read(text: str) -> list[Piece]:
    pieces = [
        Piece(str(found.lastgroup), found.group(), found.start())
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "space"
    ]
    return [*pieces, Piece("end", "", len(text))]


def string_value(piece: Piece) -> str:
    return tokens.unescape(piece.text[1:-1])
