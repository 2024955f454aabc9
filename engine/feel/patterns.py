"""Regular expressions of XPath, run by the ``regex`` package: it knows class subtraction and Unicode properties, and it
stops when its time is up, which Python's own ``re`` cannot.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import regex

from engine.feel import errors, xpath
from engine.feel.run import Run
from engine.feel.values import Value

MAX_PATTERN = 1_000
"""Characters of a pattern."""
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0}


def matches(run: Run, text: str, pattern: str, flags: str) -> Value:
    compiled = _compiled(run, pattern, flags)
    if compiled is None:
        return None
    return _timed(run, lambda seconds: compiled.search(text, timeout=seconds)) is not None


def replace(run: Run, text: str, pattern: str, replacement: str, flags: str) -> Value:
    """``$1`` is a group, ``$0`` all that matched; a pattern that matches the empty text is an error in XPath."""
    compiled = _compiled(run, pattern, flags)
    if compiled is None:
        return None
    template = xpath.template(replacement, compiled.groups)
    if template is None:
        run.warn("bad_replacement", text=replacement[:80])
        return None
    if _matches_nothing(run, "replace", compiled):
        return None
    size, limit = 0, run.budget.result_size

    def substitute(found: Any) -> str:
        nonlocal size
        piece = "".join(part if isinstance(part, str) else found[part] or "" for part in template)
        size += len(piece)
        if size > limit:
            raise errors.size(limit)
        return piece

    result = _timed(run, lambda seconds: compiled.sub(substitute, text, timeout=seconds))
    run.spend_size(len(result))
    return result


def split(run: Run, text: str, pattern: str) -> Value:
    """Between the matches; a delimiter that matches the empty text is an error in XPath."""
    compiled = _compiled(run, pattern, "")
    if compiled is None or _matches_nothing(run, "split", compiled):
        return None
    pieces, last = [], 0
    for start, end in _timed(run, lambda seconds: _spans(compiled, text, seconds)):
        pieces.append(text[last:start])
        last = end
    run.spend_size(len(pieces) + 1)
    return [*pieces, text[last:]]


def extract(run: Run, text: str, pattern: str) -> Value:
    """All parts of the text that match."""
    compiled = _compiled(run, pattern, "")
    if compiled is None:
        return None
    found = [text[start:end] for start, end in _timed(run, lambda seconds: _spans(compiled, text, seconds))]
    run.spend_size(len(found))
    return found


def _matches_nothing(run: Run, name: str, compiled: Any) -> bool:
    """Whether the pattern matches the empty text; the warning then."""
    if _timed(run, lambda seconds: compiled.search("", timeout=seconds)) is None:
        return False
    run.warn("no_result", name=name, reason="the pattern matches the empty text")
    return True


def _spans(compiled: Any, text: str, seconds: float) -> list[tuple[int, int]]:
    return [found.span() for found in compiled.finditer(text, timeout=seconds)]


def _timed(run: Run, work: Callable[[float], Any]) -> Any:
    """The work, with what is left of the run's time for patterns."""
    run.spend()
    seconds = run.pattern_seconds()
    started = time.monotonic()
    try:
        return work(seconds)
    except TimeoutError:
        raise errors.pattern(run.budget.pattern_seconds) from None
    finally:
        run.spend_pattern(time.monotonic() - started)


def _compiled(run: Run, pattern: str, flags: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise errors.size(MAX_PATTERN)
    compiled = _compile(pattern, flags)
    if compiled is None:
        run.warn("bad_pattern", pattern=pattern[:80])
    return compiled


@lru_cache(maxsize=512)
def _compile(pattern: str, flags: str) -> Any:
    """The compiled pattern, None for one that XPath does not allow."""
    if not set(flags) <= set(_FLAGS):
        return None
    options = regex.VERSION1
    for flag in flags:
        options |= _FLAGS[flag]
    translated = xpath.translate(pattern, ignore_space="x" in flags, dot_all="s" in flags)
    if translated is None:
        return None
    try:
        return regex.compile(translated, options)
    except (regex.error, OverflowError, RecursionError, ValueError):
        return None
