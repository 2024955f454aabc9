"""What an operation says, as a manager would say it: no keys, no expressions, no notation for times."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.hours import keep
from engine.model.text import ZH, both, pick
from engine.variants import durations

THIS = both(zh="以下情形", en="this holds")
"""In place of a condition, where the reason behind it says in words when."""
NAMED = both(zh="办件中指定的人", en="whom the case names")
_DURATION = re.compile(r"\b(?:R\d*/)?(P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?)(?<=[\dYMWDHS])\b")
_CALENDAR = re.compile(
    rf" ?(?<![\w-])({'|'.join(sorted(map(re.escape, keep.NAMES), reverse=True))})(?![\w-]) ?", re.ASCII
)
_KEY = re.compile(r"\b[a-z][a-z0-9]*_[a-z0-9_]+\b", re.ASCII)
WORDINGS = (
    (re.compile(r" \([a-z_.]+\)$|（[a-z_.]+）"), both(zh="", en="")),
    (re.compile(r"the service [a-z_.]+$|服务 [a-z_.]+ 完成"), both(zh="系统另行完成", en="the system in another way")),
    (re.compile(r"the decision [a-z_]+$|决策表 [a-z_]+$"), both(zh="另一张决策表", en="a decision of its own")),
    (re.compile(r"fires at =.*|的时间改为 =.*"), both(zh="的时间另定", en="comes at another time")),
)
"""Services, decisions and computed times are keys and expressions: what they are for is said by the reason."""


def said(sentence: str, *, condition: str, when: str, people: bool, locale: str) -> str:
    """``condition``: an expression in it that ``when`` stands for, or empty; ``people``: it says who does a step."""
    gap = "" if locale == ZH else " "
    if condition:
        told = f"{gap}{when or pick(THIS, locale)}{gap}"
        sentence = sentence.replace(f" {condition} ", told).replace(f" {condition}", told.rstrip())
    for pattern, words in WORDINGS:
        sentence = pattern.sub(pick(words, locale), sentence)
    sentence = calendars(spans(sentence, locale), locale)
    return _KEY.sub(pick(NAMED, locale), sentence) if people else sentence


def spans(sentence: str, locale: str) -> str:
    """``P90D`` as 90 days, ``R/PT2H`` as 2 hours."""
    return _DURATION.sub(lambda found: pick(durations.spoken(found[1]), locale), sentence)


def calendars(sentence: str, locale: str) -> str:
    """``cn-5x8`` by its name."""
    if locale == ZH:
        return _CALENDAR.sub(lambda found: f"「{keep.NAMES[found[1]][ZH]}」", sentence)
    return _CALENDAR.sub(lambda found: found[0].replace(found[1], f"“{pick(keep.NAMES[found[1]], locale)}”"), sentence)


def lasting(operations: Mapping[str, Mapping[str, Any]], order: Iterable[str]) -> frozenset[str]:
    """Ids of those that nothing later overrides: of two that set the same of one thing, the last one counts."""
    last: dict[tuple[str, str], str] = {}
    for key in order:
        one = operations.get(key, {})
        kind = str(one.get("kind", ""))
        last[(kind, str(one.get("target"))) if kind.startswith("set_") else (kind, key)] = key
    return frozenset(last.values())
