"""A text of an author that is evaluated, with the language it is written in."""

from typing import Literal

import msgspec

Language = Literal["feel", "juel", "camunda8", "python", "javascript", "groovy", "mvel", "literal"]


class Expression(msgspec.Struct, frozen=True):
    """``literal`` means the text itself is the value. The text stays exactly as its author wrote it."""

    text: str
    language: Language = "feel"
    line: int = 0
    """1-based line in the file it came from; 0 when it has none. Not part of a program's hash."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """One variable carried over a boundary: into or out of an activity, a sub-process or a call."""

    target: str
    source: Expression
