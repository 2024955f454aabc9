"""Regular expressions of authors: those whose matching could take long are refused before they ever run.

Matching goes back and tries again. Its worst case is exponential when a repeat holds another repeat or a choice, and a
power of the text's length when open repeats stand in a row. The first is refused, the second kept to three, and all
matches of one check share a quarter of a second: what is not decided by then does not match.

A pattern means what it means in a browser (ECMA-262): ``$`` is the very end, ``\\d`` and ``\\w`` are ASCII.
"""

import contextvars
import functools
import re
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import regex

from engine.model.text import Text, both

LONGEST = 200
MOST_OPEN_REPEATS = 3
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_MANY = 20
SECONDS = 0.25
"""For all matches of one check together."""
_spent: contextvars.ContextVar[float] = contextvars.ContextVar("seconds spent on patterns", default=0.0)
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


@contextmanager
def bounded() -> Iterator[None]:
    """What is matched inside shares SECONDS."""
    token = _spent.set(0.0)
    try:
        yield
    finally:
        _spent.reset(token)


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern`` (one that is not costly) is found in ``text``; not, when the time is up."""
    rest = SECONDS - _spent.get()
    if rest <= 0:
        return False
    begin = time.monotonic()
    try:
        found = _compiled(pattern).search(text, timeout=rest) is not None
    except TimeoutError:
        _spent.set(SECONDS)
        return False
    _spent.set(SECONDS - rest + time.monotonic() - begin)
    return found


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    ends = _PIECE.sub(lambda piece: r"\Z" if piece[0] == "$" else piece[0], pattern)
    return regex.compile(ends, regex.VERSION0 | regex.ASCII)


def costly(pattern: str, open_repeats: int = MOST_OPEN_REPEATS) -> Text:
    """Why ``pattern`` may not be used, in both languages; an empty text when it may."""
    if len(pattern) > LONGEST:
        return both(zh=f"超过 {LONGEST} 个字符", en=f"longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return both(zh=f"语法错误：{error}", en=f"not a regular expression: {error}")
    found = _count(tree, inside=False)
    if found is None:
        return both(
            zh="重复之中含有重复或引用，匹配可能极慢",
            en="a repeat inside a repeat, or a reference: matching could take for ever",
        )
    if found > open_repeats:
        return both(zh=f"不限次数的重复超过 {open_repeats} 个", en=f"more than {open_repeats} repeats without a limit")
    return {}


def _count(tree: Any, *, inside: bool) -> int | None:
    """The number of repeats of more than 20; None when one stands inside a repeat, or something refers back."""
    total = 0
    for operation, argument in tree:
        if operation in (_constants.GROUPREF, _constants.GROUPREF_EXISTS):
            return None
        if operation in _REPEATS:
            many = argument[1] > _MANY
            if inside and argument[1] > 1:
                return None
            below = _count(argument[2], inside=inside or argument[1] > 1)
            total += many
        else:
            below = _below(argument, inside=inside)
        if below is None:
            return None
        total += below
    return total


def _below(argument: Any, *, inside: bool) -> int | None:
    """The same for whatever patterns an operation holds: groups, looks ahead, branches."""
    if isinstance(argument, _parser.SubPattern):
        return _count(argument, inside=inside)
    if isinstance(argument, tuple | list):
        total = 0
        for part in argument:
            below = _below(part, inside=inside)
            if below is None:
                return None
            total += below
        return total
    return 0
