"""A rule's test as a person says it: ``>= 85`` held by 91 is *91, at least 85*; missed by 60 it is *60, below 85*.

Tests that are more than a comparison, a range or a list of values are quoted as they stand: exact beats fluent.
"""

import re
from collections.abc import Mapping
from typing import Any

from engine.model.text import EN, ZH, Text, both, pick

_NUMBER = r"-?\d+(?:\.\d+)?"
_COMPARED = re.compile(rf"\s*(<=|>=|<|>)\s*({_NUMBER})\s*")
_RANGE = re.compile(rf"\s*([\[(\]])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])\[])\s*")
_LISTED = re.compile(r'\s*"[^"]*"(?:\s*,\s*"[^"]*")*\s*')
_EXCEPT = re.compile(r"\s*not\s*\((.*)\)\s*", re.DOTALL)
_BOUND = {
    ">=": ("不低于 {}", "at least {}"),
    ">": ("高于 {}", "above {}"),
    "<=": ("不高于 {}", "at most {}"),
    "<": ("低于 {}", "below {}"),
}
_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
_PLAIN: dict[Any, Text] = {
    None: both(zh="未知", en="not known"),
    True: both(zh="是", en="yes"),
    False: both(zh="否", en="no"),
}


def held(label: Text, test: str, value: Any, labels: Mapping[str, Text]) -> Text:
    """*contract is gold*; *value is 91, at least 85*. ``labels`` name the values of a list."""
    said = spoken(value, labels)
    if _LISTED.fullmatch(test) or test.strip() in ("true", "false"):
        return _is(label, said)
    if value is None:
        return _is(label, said, both(zh=f"符合 {test}", en=f"as in {test}"))
    return _is(label, said, _bound(test, value, missed=False) or both(zh=f"符合 {test}", en=f"as in {test}"))


def missed(label: Text, test: str, value: Any, labels: Mapping[str, Text]) -> Text:
    """*contract is silver, not gold*; *value is 60, below 85*."""
    said = spoken(value, labels)
    if value is None or test.strip() in ("true", "false") or _EXCEPT.fullmatch(test):
        return _is(label, said)
    if _LISTED.fullmatch(test):
        names = [spoken(one, labels) for one in re.findall(r'"([^"]*)"', test)]
        zh, en = "或".join(name[ZH] for name in names), " or ".join(name[EN] for name in names)
        return _is(label, said, both(zh=f"不是{zh}", en=f"not {en}"))
    return _is(label, said, _bound(test, value, missed=True) or both(zh=f"不符合 {test}", en=f"not as in {test}"))


def spoken(value: Any, labels: Mapping[str, Text]) -> Text:
    """A fact: its label where it has one, numbers without needless digits."""
    if value is None or isinstance(value, bool):
        return _PLAIN[value]
    if isinstance(value, str):
        names = labels.get(value, {})
        return both(zh=pick(names, ZH, value), en=pick(names, EN, value))
    number = f"{value:.10g}" if isinstance(value, float) else str(value)
    return both(zh=number, en=number)


def inside(words: str) -> str:
    """A label within a sentence: its capital goes, unless more of them follow (an abbreviation)."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _is(label: Text, said: Text, bound: Text | None = None) -> Text:
    zh, en = (f"，{bound[ZH]}", f", {bound[EN]}") if bound else ("", "")
    gap = " " if said[ZH][:1].isascii() else ""
    return both(zh=f"{label[ZH]}为{gap}{said[ZH]}{zh}", en=f"{inside(label[EN])} is {said[EN]}{en}")


def _bound(test: str, value: Any, *, missed: bool) -> Text | None:
    """The edge that held, or the one that was not kept; None where the test has no edges."""
    compared = _COMPARED.fullmatch(test)
    if compared:
        sign, edge = compared.groups()
        return _edge(_OPPOSITE[sign] if missed else sign, edge)
    ranged = _RANGE.fullmatch(test)
    if ranged is None or not isinstance(value, int | float):
        return None
    opened, low, high, closed = ranged.groups()
    lower, upper = (">=" if opened == "[" else ">"), ("<=" if closed == "]" else "<")
    if not missed:
        first, last = _edge(lower, low), _edge(upper, high)
        return both(zh=f"{first[ZH]} 且{last[ZH]}", en=f"{first[EN]} and {last[EN]}")
    under = value < float(low) or (lower == ">" and value == float(low))
    return _edge(_OPPOSITE[lower], low) if under else _edge(_OPPOSITE[upper], high)


def _edge(sign: str, number: str) -> Text:
    zh, en = _BOUND[sign]
    return both(zh=zh.format(number), en=en.format(number))
