"""Why a decision came out as it did: which rules matched, and for each other rule the first cell that said no.

Plain data (every value as JSON would write it), and sentences for people in zh-CN and en.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from engine.model.text import ZH, Text

Plain = Any
"""A value as ``engine.feel.to_json`` gives it."""


class Miss(msgspec.Struct, frozen=True):
    """The first input cell of a rule that did not accept the input."""

    input: str
    """The input's label; failing that its expression."""
    value: Plain
    test: str
    """The cell's text."""


class RuleNote(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    """From 1, as drawn."""
    id: str
    matched: bool
    used: bool
    """Whether the result came from this rule: FIRST uses one of those that match."""
    miss: Miss | None
    """None for a rule that matched, and for one that was not looked at."""
    annotations: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One decision, knowledge model or service, in the order in which they were computed."""

    element: str
    """Id in the model."""
    name: str
    value: Plain
    hit_policy: str = ""
    """Empty for anything but a table."""
    inputs: tuple[tuple[str, Plain], ...] = ()
    rules: tuple[RuleNote, ...] = ()
    default: bool = False
    """No rule matched and the default outputs were taken."""
    trouble: Text | None = None


Explanation = tuple[Step, ...]


def sentences(explanation: Sequence[Step], locale: str) -> list[str]:
    """One line a decision, indented lines for the rules of a table."""
    return [line for step in explanation for line in _lines(step, locale == ZH)]


def _lines(step: Step, zh: bool) -> Iterator[str]:
    if not step.hit_policy:
        yield f"{step.name} = {plain(step.value)}"
        return
    policy = f"（{step.hit_policy}）" if zh else f" ({step.hit_policy})"
    inputs = ("，" if zh else ", ").join(f"{label} = {plain(value)}" for label, value in step.inputs)
    given = (f"，输入 {inputs}" if zh else f", given {inputs}") if inputs else ""
    yield f"{step.name}{policy} = {plain(step.value)}{given}"
    if step.trouble:
        yield "  " + step.trouble["zh-CN" if zh else "en"]
    if step.default:
        yield "  没有规则命中，取缺省输出" if zh else "  no rule matched: default output"
    for rule in step.rules:
        yield "  " + _rule(rule, zh)


def _rule(rule: RuleNote, zh: bool) -> str:
    name = f"规则 {rule.number}" if zh else f"rule {rule.number}"
    notes = f" [{'; '.join(note for note in rule.annotations if note)}]" if any(rule.annotations) else ""
    if rule.matched:
        verdict = (
            ("命中" if rule.used else "命中，但未采用") if zh else ("matched" if rule.used else "matched, not used")
        )
        return f"{name} {verdict}{notes}"
    if rule.miss is None:
        return f"{name} 未检查{notes}" if zh else f"{name} was not looked at{notes}"
    miss = rule.miss
    if zh:
        return f"{name} 不命中：{miss.input} = {plain(miss.value)}，不满足 {miss.test}{notes}"
    return f"{name} did not match: {miss.input} = {plain(miss.value)} is not {miss.test}{notes}"


def plain(value: Plain) -> str:
    """As JSON, short enough for a sentence."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 200 else text[:197] + "..."


def to_plain(explanation: Sequence[Step]) -> list[dict[str, Any]]:
    """Dicts and lists, ready for JSON."""
    found: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(explanation))
    return found
