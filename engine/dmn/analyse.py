"""Overlaps and gaps of a table, each with a counter-example: input values that really hit two rules, or none.

Works on any ``model.Table``, read from a file or built in code. Sound for cells that compare the input with constants
(numbers, texts, booleans, dates, times, durations; ranges, lists, ``not(...)``): each input is reduced to the values
that matter (``axes``), every cell is asked about every such value, and the rest is arithmetic on bit masks (``cover``).
A cell that does more is taken to match both everything and nothing: what cannot be known then is listed as undecided.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from typing import Literal as OneOf

import msgspec

from engine.dmn import axes, columns, cover
from engine.dmn.columns import Column
from engine.dmn.model import SINGLE_HIT, Table
from engine.dmn.types import Catalogue
from engine.feel.values import Value
from engine.model.text import Text, both

MAX_FINDINGS = 20
"""Of each kind."""
MAX_STEPS = 20_000
"""Of the search for gaps; each step looks at all values of one input."""
MAX_PAIRS = 500_000
MAX_ANSWERS = 300_000
"""Cells times values that are asked."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    kind: OneOf["overlap", "gap", "never"]
    rules: tuple[int, ...]
    """Numbers from 1: the two that overlap, or the one that can never match; empty for a gap."""
    example: dict[str, Any]
    """Input expression -> FEEL value; empty for ``never``."""
    text: Text


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Text, ...] = ()
    """What could not be found out, and why. Empty: the findings are all there are (up to MAX_FINDINGS of a kind)."""

    def of(self, kind: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind == kind]


def analyse(
    table: Table, *, catalogue: Catalogue | None = None, variables: Mapping[str, str] | None = None
) -> Analysis:
    """``variables`` gives the declared types of the table's inputs by variable name, ``catalogue`` those types."""
    if not table.inputs or not table.rules:
        return Analysis(undecided=(both(zh="表没有输入或没有规则", en="the table has no inputs or no rules"),))
    found = columns.of_table(table, catalogue or Catalogue(), variables or {}, MAX_ANSWERS)
    if isinstance(found, dict):
        return Analysis(undecided=(found,))
    return _Analyst(table, found).analysis()


class _Analyst:
    def __init__(self, table: Table, found: Sequence[Column]) -> None:
        self.table = table
        self.columns = found
        self.undecided: list[Text] = [text for column in found for text in column.undecided]
        self.whole = [(1 << len(column.places)) - 1 for column in found]
        self.must = [[column.must[rule] for column in found] for rule in range(len(table.rules))]
        self.may = [[column.may[rule] for column in found] for rule in range(len(table.rules))]
        self.certain = columns.independent(found)
        if not self.certain:
            words = both(
                zh="有的输入互相依赖或由计算得出，反例中的取值未必能同时出现",
                en="some inputs depend on each other or are computed: the values of an example may not occur together",
            )
            self.undecided.append(words)

    def analysis(self) -> Analysis:
        findings = [*self._never(), *self._overlaps(), *self._gaps()]
        return Analysis(findings=tuple(findings), undecided=tuple(self.undecided))

    def _example(self, point: Sequence[int]) -> dict[str, Value]:
        return {column.expression: column.places[place] for column, place in zip(self.columns, point, strict=True)}

    def _never(self) -> list[Finding]:
        """Rules that accept no value at all, or that earlier rules of a FIRST table leave nothing."""
        found = []
        for rule, box in enumerate(self.may):
            earlier = self.must[:rule] if self.table.hit_policy == "FIRST" else []
            if all(box) and not (earlier and self._covered(earlier, box)):
                continue
            words = both(zh=f"规则 {rule + 1} 永远不会生效", en=f"rule {rule + 1} can never take effect")
            found.append(Finding(kind="never", rules=(rule + 1,), example={}, text=words))
        return found[:MAX_FINDINGS]

    def _covered(self, boxes: Sequence[cover.Box], within: cover.Box) -> bool:
        """Whether ``boxes`` surely cover all of ``within``; false where that takes too long to find out."""
        try:
            return not cover.gaps(boxes, within, limit=1, steps=MAX_STEPS // 20)
        except cover.Exhausted:
            return False

    def _overlaps(self) -> list[Finding]:
        """Pairs that hit together where only one rule may: UNIQUE, and ANY unless the outputs are the same."""
        if self.table.hit_policy not in ("UNIQUE", "ANY"):
            return []
        if len(self.table.rules) ** 2 > 2 * MAX_PAIRS:
            self.undecided.append(both(zh="规则太多，未检查重叠", en="too many rules: overlaps were not looked for"))
            return []
        found = []
        sure = {(a, b) for a, b, _ in cover.overlaps(self.must)}
        for a, b, point in cover.overlaps(self.must):
            if not self._same_outputs(a, b):
                found.append(self._overlap(a, b, point))
        for a, b, _ in cover.overlaps(self.may):
            if (a, b) not in sure and not self._same_outputs(a, b):
                numbers = f"{a + 1}, {b + 1}"
                self.undecided.append(
                    both(zh=f"规则 {numbers} 是否重叠未定", en=f"whether rules {numbers} overlap is not decided")
                )
        return found[:MAX_FINDINGS]

    def _same_outputs(self, a: int, b: int) -> bool:
        if self.table.hit_policy != "ANY":
            return False
        one, other = self.table.rules[a], self.table.rules[b]
        return [cell.text.split() for cell in one.outputs] == [cell.text.split() for cell in other.outputs]

    def _overlap(self, a: int, b: int, point: cover.Point) -> Finding:
        example = self._example(point)
        zh = f"规则 {a + 1} 和规则 {b + 1} 重叠，例如 {in_words(example)}"
        en = f"rules {a + 1} and {b + 1} overlap, for example at {in_words(example)}"
        return Finding(kind="overlap", rules=(a + 1, b + 1), example=example, text=both(zh=zh, en=en))

    def _gaps(self) -> list[Finding]:
        """Inputs that hit no rule, in a single-hit table without default outputs."""
        defaults = any(output.default is not None for output in self.table.outputs)
        if self.table.hit_policy not in SINGLE_HIT or defaults:
            return []
        try:
            points = cover.gaps(self.may, self.whole, limit=MAX_FINDINGS, steps=MAX_STEPS)
            unsure = self.must != self.may and not points
            if unsure and cover.gaps(self.must, self.whole, limit=1, steps=MAX_STEPS):
                words = both(zh="是否有遗漏未定", en="whether there are gaps is not decided")
                self.undecided.append(words)
        except cover.Exhausted:
            words = both(zh="表太大，未能查完遗漏", en="the table is too large to look for all gaps")
            self.undecided.append(words)
            return []
        return [self._gap(point) for point in points]

    def _gap(self, point: cover.Point) -> Finding:
        example = self._example(point)
        zh, en = f"没有规则适用于 {in_words(example)}", f"no rule for {in_words(example)}"
        return Finding(kind="gap", rules=(), example=example, text=both(zh=zh, en=en))


def in_words(example: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {axes.in_words(value)}" for name, value in example.items())
