"""Variants for circumstances of a start: which hold for its data, which goes before which, and that no two tie.

Of the variants that fit, the highest explicit priority wins, then the deepest customer group, then the one that asks
for circumstances. Two that tie for one start are refused at release with data that show it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine import errors, feel, variation
from engine.customers import release, rules, words
from engine.dmn import analyse
from engine.model.problem import Problem
from engine.model.text import EN, ZH, Text, both, pick
from engine.ports import Transaction

Context = tuple[variation.Circumstance, ...]


def holds(context: Context, data: Mapping[str, Any], *, now: datetime) -> bool:
    """Every circumstance; a variable that the start does not bring holds for no test."""
    run = feel.Run(now=now, quiet=True)
    typed = {one.name: rules.typed(one.type, data.get(one.name)) for one in context}
    return all(
        data.get(one.name) is not None and _test(one.test).matches_in(run, typed[one.name], typed) is True
        for one in context
    )


def says(context: Context, data: Mapping[str, Any]) -> Text:
    """*channel is phone and amount is 1200, above 1000*."""
    parts = [words.held(_label(one), one.test, data.get(one.name), {}) for one in context]
    return both(zh="，".join(part[ZH] for part in parts), en=" and ".join(part[EN] for part in parts))


def fails(one: variation.Circumstance, data: Mapping[str, Any]) -> Text:
    """*amount is 900, not above 1000*; a variable that the start does not bring is said to be missing."""
    if data.get(one.name) is None:
        label = _label(one)
        return both(zh=f"发起时没有给出{label[ZH]}", en=f"the start does not say {label[EN]}")
    return words.missed(_label(one), one.test, data[one.name], {})


def asked(context: Context) -> Text:
    """*channel: "phone"; amount: > 1000*: the tests as they stand, which is exact."""
    parts = [(_label(one), one.test) for one in context]
    return both(
        zh="；".join(f"{label[ZH]}：{test}" for label, test in parts),
        en="; ".join(f"{label[EN]}: {test}" for label, test in parts),
    )


def check(context: Context) -> list[Problem]:
    """Tests that are none, and variables that are named twice."""
    found = []
    names = [one.name for one in context]
    for number, one in enumerate(context):
        if one.name in names[:number]:
            text = both(zh=f"变量 {one.name} 出现两次", en=f"the variable {one.name!r} is there twice")
            found.append(Problem(code="named_twice", text=text, pointer=f"/context/{number}/name"))
        try:
            _test(one.test)
        except errors.Invalid as error:
            found.append(Problem(code=error.code, text=error.text, pointer=f"/context/{number}/test"))
    return found


def refuse_ties(tx: Transaction, variant: variation.Variant) -> None:
    """Raises Invalid when a released variant of the same group and priority fits the same start, with an example."""
    if not variant.context:
        return
    for other, _ in tx.variants.released(variant.process):
        alike = (other.customer_group, other.priority) == (variant.customer_group, variant.priority)
        if other.id == variant.id or not other.context or not alike:
            continue
        example = overlap(variant.context, other.context)
        if example is not None:
            shown = rules.spoken(example)
            raise errors.Invalid(
                "context_overlap",
                zh=f"变体 {variant.id} 与 {other.id} 都适用于：{shown}。请让条件互斥，或给其中一个更高的优先级",
                en=f"variants {variant.id!r} and {other.id!r} both fit a start with {shown}: let their tests exclude "
                "each other, or give one a higher priority",
                id=variant.id,
                other=other.id,
            )


def overlap(one: Context, other: Context) -> dict[str, Any] | None:
    """Data for which both hold; None when there are none."""
    inputs = {each.name: each for each in (*one, *other)}
    book = rules.GroupRules(
        groups=tuple(rules.Group(key=key, names=both(zh=key, en=key)) for key in ("one", "other")),
        inputs=tuple(rules.Input(name=name, expression=name, type=each.type) for name, each in inputs.items()),
        rules=tuple(
            rules.Rule(id=key, group=key, when={each.name: each.test for each in context})
            for key, context in (("one", one), ("other", other))
        ),
    )
    types = {name: each.type for name, each in inputs.items()}
    found = analyse.analyse(release.table(book, [0, 1], "ANY"), variables=types).of("overlap")
    return {name: feel.to_json(value) for name, value in found[0].example.items()} if found else None


def rank(group: str, priority: int, context: Sequence[object], book: rules.Book | None) -> tuple[int, int, bool]:
    """The greater goes before: priority, depth of the group, and whether circumstances are asked for."""
    depth = len(book.ancestors(group)) + 1 if book and group else 0
    return priority, depth, bool(context)


@lru_cache(maxsize=512)
def _test(text: str) -> Any:
    return feel.compile_unary_tests(text)


def _label(one: variation.Circumstance) -> Text:
    return both(zh=pick(one.names, ZH, one.name), en=pick(one.names, EN, one.name))
