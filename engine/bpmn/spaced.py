"""Names with spaces in FEEL: the standard lets an expression use them as they are, when they are known from the model.

Here they are put into backticks on reading, so that an expression means the same wherever it is evaluated.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from engine.model.expression import Expression

MAX_NAMES = 60
"""More would make the search slow; the longest count."""
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')


def quote(value: Any, names: Iterable[str]) -> Any:
    """The same struct (or tuple of them) with every FEEL expression in it rewritten."""
    spaced = sorted((name for name in names if re.search(r"\w\s+\w", name)), key=len, reverse=True)
    spaced = spaced[:MAX_NAMES]
    if not spaced:
        return value
    pattern = re.compile("|".join([_TEXT.pattern, *map(_words, spaced)]))
    return _rewrite(value, pattern)


def _words(name: str) -> str:
    """However many spaces or line ends an expression puts between the words."""
    words = r"\s+".join(map(re.escape, name.split()))
    return rf"(?<!\w){words}(?!\w)"


def _rewrite(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, Expression):
        if value.language not in ("feel", "camunda8"):
            return value
        return msgspec.structs.replace(value, text=pattern.sub(_quoted, value.text))
    if isinstance(value, tuple):
        return tuple(_rewrite(item, pattern) for item in value)
    if isinstance(value, msgspec.Struct):
        changes = {}
        for name in value.__struct_fields__:
            old = getattr(value, name)
            if isinstance(old, tuple | msgspec.Struct):
                changes[name] = _rewrite(old, pattern)
        return msgspec.structs.replace(value, **changes) if changes else value
    return value


def _quoted(match: re.Match[str]) -> str:
    words = match[0]
    return words if words[0] in '"`' else f"`{' '.join(words.split())}`"
