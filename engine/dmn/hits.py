"""Hit policies: from the rules that matched to a table's result. Pure; DMN 1.5, 8.2.10 and 8.2.11.

A table with several outputs yields contexts; with one output, the bare value. ``Verdict.trouble`` says why a result is
null although rules matched: the standard calls such a table incorrect.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import NamedTuple

from engine.dmn.model import Aggregation, HitPolicy
from engine.feel import arithmetic, comparison
from engine.feel.run import Run
from engine.feel.temporal import DaysDuration, MonthsDuration
from engine.feel.values import Value, is_number
from engine.model.text import Text, both


class Hit(NamedTuple):
    rule: int
    """Index of the rule, from 0."""
    outputs: tuple[Value, ...]
    """One value for each output clause."""


class Verdict(NamedTuple):
    value: Value
    rules: tuple[int, ...]
    """Indexes of the rules that the value came from."""
    trouble: Text | None = None


class Policy(NamedTuple):
    """How one table turns hits into a value."""

    policy: HitPolicy
    aggregation: Aggregation
    names: tuple[str, ...]
    """Output names; with a single output its name does not appear in the value."""
    orders: tuple[tuple[Value, ...], ...]
    """For each output its allowed values, highest priority first; empty where none are listed."""


def decide(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    """The value of a table of which ``hits`` (at least one, in rule order) matched."""
    return _DECIDERS[policy.policy](policy, hits, run)


def _value(policy: Policy, hit: Hit) -> Value:
    return hit.outputs[0] if len(policy.names) == 1 else dict(zip(policy.names, hit.outputs, strict=True))


def _unique(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    if len(hits) == 1:
        return _only(policy, hits[0])
    numbers = _numbers(hits)
    trouble = both(
        zh=f"唯一命中（UNIQUE）的表有多条规则命中：{numbers}", en=f"UNIQUE table, but several rules matched: {numbers}"
    )
    return Verdict(None, tuple(hit.rule for hit in hits), trouble)


def _any(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    first = hits[0]
    for hit in hits[1:]:
        if not all(comparison.same(a, b, run) for a, b in zip(first.outputs, hit.outputs, strict=True)):
            numbers = f"{first.rule + 1}, {hit.rule + 1}"
            trouble = both(
                zh=f"任意命中（ANY）的表，规则 {numbers} 的输出不同",
                en=f"ANY table, but rules {numbers} have different outputs",
            )
            return Verdict(None, (first.rule, hit.rule), trouble)
    return Verdict(_value(policy, first), tuple(hit.rule for hit in hits))


def _first(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    return _only(policy, hits[0])


def _only(policy: Policy, hit: Hit) -> Verdict:
    return Verdict(_value(policy, hit), (hit.rule,))


def _priority(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    return _only(policy, _by_priority(policy, hits, run)[0])


def _output_order(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    return _list(policy, _by_priority(policy, hits, run))


def _by_priority(policy: Policy, hits: Sequence[Hit], run: Run) -> list[Hit]:
    """Sorted by the place of each output among its allowed values, left output first; equals stay in rule order."""

    def place(hit: Hit) -> tuple[int, ...]:
        return tuple(
            next((i for i, known in enumerate(order) if comparison.same(known, value, run)), len(order))
            for value, order in zip(hit.outputs, policy.orders, strict=True)
        )

    return sorted(hits, key=place)


def _rule_order(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    return _list(policy, hits)


def _list(policy: Policy, hits: Sequence[Hit]) -> Verdict:
    return Verdict([_value(policy, hit) for hit in hits], tuple(hit.rule for hit in hits))


def _collect(policy: Policy, hits: Sequence[Hit], run: Run) -> Verdict:
    if not policy.aggregation:
        return _list(policy, hits)
    rules = tuple(hit.rule for hit in hits)
    if policy.aggregation == "COUNT":
        return Verdict(len(hits), rules)
    if len(policy.names) != 1:
        trouble = both(
            zh=f"多个输出的表不能用 {policy.aggregation} 聚合", en=f"{policy.aggregation} needs a table with one output"
        )
        return Verdict(None, rules, trouble)
    values = [hit.outputs[0] for hit in hits]
    if policy.aggregation == "SUM":
        return _sum(values, rules, run)
    return _extreme(values, rules, policy.aggregation)


def _sum(values: list[Value], rules: tuple[int, ...], run: Run) -> Verdict:
    if all(is_number(value) for value in values) or {type(value) for value in values} in _DURATIONS:
        return Verdict(reduce(lambda total, value: arithmetic.apply("+", total, value, run), values), rules)
    words = both(
        zh="SUM 的输出必须都是数字或同类时长", en="SUM needs outputs that are numbers or durations of one kind"
    )
    return Verdict(None, rules, words)


_DURATIONS = ({DaysDuration}, {MonthsDuration})


def _extreme(values: list[Value], rules: tuple[int, ...], which: str) -> Verdict:
    wanted = -1 if which == "MIN" else 1
    best = values[0]
    for value in values:
        sign = comparison.order(value, best)
        if sign is None:
            words = both(zh=f"{which} 的输出不能比较大小", en=f"{which} needs outputs that can be ordered")
            return Verdict(None, rules, words)
        if sign == wanted:
            best = value
    return Verdict(best, rules)


def _numbers(hits: Sequence[Hit]) -> str:
    return ", ".join(str(hit.rule + 1) for hit in hits)


_DECIDERS: dict[HitPolicy, Callable[[Policy, Sequence[Hit], Run], Verdict]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
