"""Regular expressions of authors: those whose matching could take long are refused before they ever run.

Python's ``re`` goes back and tries again. Its worst case is exponential when a repeat holds another repeat or a
choice, and a power of the text's length when open repeats stand in a row. The first is refused, the second kept to
three; together with short texts (a field with a pattern is a code or a number) the worst match stays under 0.1 s.
"""

import re
import warnings
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from engine.model.text import Text, both

LONGEST = 200
MOST_OPEN_REPEATS = 3
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_MANY = 20


def costly(pattern: str) -> Text:
    """Why ``pattern`` may not be used, in both languages; an empty text when it may."""
    if len(pattern) > LONGEST:
        return both(zh=f"超过 {LONGEST} 个字符", en=f"longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return both(zh=f"语法错误：{error}", en=f"not a regular expression: {error}")
    open_repeats = _count(tree, inside=False)
    if open_repeats is None:
        return both(
            zh="重复之中含有重复或引用，匹配可能极慢",
            en="a repeat inside a repeat, or a reference: matching could take for ever",
        )
    if open_repeats > MOST_OPEN_REPEATS:
        return both(zh="不限次数的重复过多", en=f"more than {MOST_OPEN_REPEATS} repeats without a limit")
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
