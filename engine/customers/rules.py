"""The customer groups, and the ordered rules that decide which group a customer is in. Pure.

All rules are evaluated (COLLECT). Of the groups hit the highest ``priority`` wins, then the deepest in the hierarchy.
Where several groups still tie, which a release refuses with an example (release.py) unless it could not decide it, the
customer is in the nearest group above them all, and the decision says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors, feel
from engine.customers import words
from engine.model.text import EN, ZH, Text, both, pick


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``priority``: the higher wins where several groups match. ``calendar``: business time of its promises."""

    key: str
    names: Text
    parent: str = ""
    kind: Literal["value", "need", "manual"] = "value"
    priority: int = 0
    calendar: str = ""
    purpose: Text = {}


class Input(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What rules look at: a FEEL expression over a customer's facts. ``values`` are those that can occur."""

    name: str
    expression: str
    type: Literal["number", "string", "boolean", "date"]
    names: Text = {}
    values: str = ""
    labels: dict[str, Text] = {}
    """What people call single values of a text."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``when``: a FEEL unary test for each input that matters; all must hold."""

    id: str
    when: dict[str, str]
    group: str
    reason: Text = {}


class GroupRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole version: groups, inputs and rules together, so that a decision can be repeated later."""

    groups: tuple[Group, ...]
    inputs: tuple[Input, ...]
    rules: tuple[Rule, ...]
    default: str = ""
    minimum_stay: str = ""
    attributes: dict[str, Any] = {}
    valid_from: str = ""
    valid_to: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule and one customer: hit, or ``missed`` by the first input whose test did not hold."""

    rule: str
    group: str
    when: dict[str, str]
    missed: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``how``: by a ``rule``, as the ``default``, by hand (``override``), ``held`` in the old group for a while, as
    the group above several that ``tie``, or ``named`` by a start that is for no single customer."""

    group: str
    how: Literal["rule", "default", "override", "held", "tie", "named"]
    inputs: dict[str, Any]
    outcomes: tuple[Outcome, ...]
    says: Text
    rule: str = ""
    tied: tuple[str, ...] = ()
    """The groups between which neither priority nor depth decides; empty but for a tie."""

    @property
    def hits(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.missed)


class Book:
    """Group rules, compiled once; frozen and safe to share between threads."""

    def __init__(self, rules: GroupRules) -> None:
        """Raises Invalid for an expression that is none, or a reference to nothing (see release.check)."""
        self.rules = rules
        self.groups = {group.key: group for group in rules.groups}
        self.inputs = {item.name: item for item in rules.inputs}
        self._values = [(item.name, feel.compile_expression(item.expression)) for item in rules.inputs]
        self._tests = [
            (rule, [(name, feel.compile_unary_tests(test)) for name, test in rule.when.items()]) for rule in rules.rules
        ]
        self._rank = {key: (group.priority, len(self.ancestors(key))) for key, group in self.groups.items()}

    def ancestors(self, key: str) -> list[str]:
        """The groups above, nearest first. A circle (refused at release) ends where it closes."""
        found: list[str] = []
        while (group := self.groups.get(key)) and group.parent and group.parent not in found:
            found.append(group.parent)
            key = group.parent
        return found

    def chain(self, key: str) -> list[str]:
        """From the root group down to this one."""
        return [*reversed(self.ancestors(key)), key]

    def above(self, keys: Sequence[str]) -> str:
        """The nearest group above all of them; the default group where there is none, else ''."""
        lines = [self.chain(key) for key in keys]
        shared = [key for key in lines[0] if all(key in line for line in lines)]
        return shared[-1] if shared else self.rules.default

    def winners(self, groups: Iterable[str]) -> tuple[str, ...]:
        """Of groups that are hit those that nothing goes before, each once; one, but for a tie."""
        found = tuple(dict.fromkeys(groups))
        best = max(map(self.rank, found), default=None)
        return tuple(key for key in found if self.rank(key) == best)

    def rank(self, key: str) -> tuple[int, int]:
        """The greater wins: priority, then depth."""
        return self._rank.get(key, (-1, -1))

    def name(self, key: str) -> Text:
        group = self.groups.get(key)
        return group.names if group else both(zh=key, en=key)

    def decide(self, facts: Mapping[str, Any], *, now: datetime) -> Decision:
        """Raises Conflict when no rule matches and there is no default group, or when groups tie that nothing is above
        of."""
        inputs = self.look(facts, now=now)
        outcomes = self.try_all(inputs, now=now)
        hits = [outcome for outcome in outcomes if not outcome.missed]
        if not hits and not self.rules.default:
            raise errors.Conflict(
                "no_group",
                zh=f"没有规则适用于该客户：{spoken(inputs)}",
                en=f"no group rule matches this customer: {spoken(inputs)}",
            )
        tied = self.winners(outcome.group for outcome in hits)
        if len(tied) > 1:
            return self._tie(tied, inputs, outcomes)
        best = next((outcome for outcome in hits if outcome.group in tied), None)
        group = best.group if best else self.rules.default
        return Decision(
            group=group,
            how="rule" if best else "default",
            rule=best.rule if best else "",
            inputs=inputs,
            outcomes=outcomes,
            says=self.says(group, best, outcomes, inputs),
        )

    def named(self, groups: Sequence[str]) -> Decision | None:
        """For a case that is for no single customer but for these groups: for one of them as it stands, for several
        the nearest group above them all. None where nothing is above them, or one of them is no group."""
        lines = [self.chain(key) for key in groups]
        shared = [key for key in lines[0] if all(key in line for line in lines)] if lines else []
        if not shared or any(key not in self.groups for key in groups):
            return None
        if len(groups) == 1:
            says = both(zh="因为发起时指明了这个客户群", en="because the start names this customer group")
        else:
            names = [self.name(key) for key in groups]
            zh, en = "、".join(pick(name, ZH) for name in names), ", ".join(pick(name, EN) for name in names)
            says = both(
                zh=f"因为受众不止一个客户群（{zh}），所以采用它们共同的上级",
                en=f"because it is for several groups ({en}), so the group above them is taken",
            )
        return Decision(group=shared[-1], how="named", inputs={}, outcomes=(), says=says)

    def _tie(self, tied: tuple[str, ...], inputs: Mapping[str, Any], outcomes: tuple[Outcome, ...]) -> Decision:
        group, hits = self.above(tied), {one.group: one for one in reversed(outcomes) if not one.missed}
        because = [self.because(hits[key], inputs) for key in tied]
        names = [self.name(key) for key in tied]
        zh = "；".join(f"{pick(name, ZH)}：{why[ZH]}" for name, why in zip(names, because, strict=True))
        en = "; ".join(f"{pick(name, EN)}: {why[EN]}" for name, why in zip(names, because, strict=True))
        if not group:
            raise errors.Conflict(
                "groups_tie",
                zh=f"几个客户群同时适用，而它们没有共同的上级（{zh}）",
                en=f"several groups fit alike and no group is above them ({en})",
            )
        return Decision(
            group=group,
            how="tie",
            inputs=dict(inputs),
            outcomes=outcomes,
            tied=tied,
            says=both(
                zh=f"因为几个客户群同时适用，规则不能决定（{zh}），所以采用它们共同的上级",
                en=f"because several groups fit and the rules do not decide between them ({en}), so the group above "
                "them is taken",
            ),
        )

    def look(self, facts: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """The value of each input as JSON; None where the facts do not say."""
        return {name: feel.to_json(value.evaluate(facts, now=now)) for name, value in self._values}

    def try_all(self, inputs: Mapping[str, Any], *, now: datetime) -> tuple[Outcome, ...]:
        run = feel.Run(now=now, quiet=True)
        values = {name: typed(self.inputs[name].type, value) for name, value in inputs.items()}
        outcomes = []
        for rule, tests in self._tests:
            missed = next((name for name, test in tests if test.matches_in(run, values[name], values) is not True), "")
            outcomes.append(Outcome(rule=rule.id, group=rule.group, when=rule.when, missed=missed))
        return tuple(outcomes)

    def says(self, group: str, best: Outcome | None, outcomes: tuple[Outcome, ...], inputs: Mapping[str, Any]) -> Text:
        """Why this group, and why not those that would have won."""
        because = self.because(best, inputs) if best else both(zh="没有其他规则适用", en="no rule matches")
        others: dict[str, Outcome] = {}
        for outcome in outcomes:
            if outcome.missed and outcome.group != group and self.rank(outcome.group) > self.rank(group):
                others.setdefault(outcome.group, outcome)
        parts = [self.why_not(outcome, inputs) for outcome in list(others.values())[:3]]
        return both(
            zh="；".join([f"因为{because[ZH]}", *(part[ZH] for part in parts)]),
            en="; ".join([f"because {because[EN]}", *(part[EN] for part in parts)]),
        )

    def because(self, hit: Outcome, inputs: Mapping[str, Any]) -> Text:
        if not hit.when:
            return both(zh=f"规则 {hit.rule} 适用于所有客户", en=f"rule {hit.rule} matches everybody")
        parts = [
            words.held(self._label(name), test, inputs[name], self.inputs[name].labels)
            for name, test in hit.when.items()
        ]
        zh, en = "，".join(part[ZH] for part in parts), " and ".join(part[EN] for part in parts)
        return both(zh=f"{zh}（规则 {hit.rule}）", en=f"{en} (rule {hit.rule})")

    def why_not(self, miss: Outcome, inputs: Mapping[str, Any]) -> Text:
        name, known = self.name(miss.group), self.inputs[miss.missed]
        because = words.missed(self._label(miss.missed), miss.when[miss.missed], inputs[miss.missed], known.labels)
        return both(
            zh=f"不是{pick(name, ZH)}，因为{because[ZH]}（规则 {miss.rule}）",
            en=f"not {pick(name, EN)} because {because[EN]} (rule {miss.rule})",
        )

    def _label(self, name: str) -> Text:
        names = self.inputs[name].names
        return both(zh=pick(names, ZH, name), en=pick(names, EN, name))


def read(document: Mapping[str, Any]) -> GroupRules:
    """From a document that satisfies schemas/group-rules.json."""
    return msgspec.convert({key: said for key, said in document.items() if key != "$schema"}, GroupRules)


def spoken(inputs: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_value(value)}" for name, value in inputs.items())


def _value(value: Any) -> str:
    """As in a rule: texts in quotes, null and booleans as FEEL writes them."""
    if isinstance(value, str):
        return f'"{value}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def typed(kind: str, value: Any) -> Any:
    """A date comes out of JSON as text."""
    if kind == "date" and isinstance(value, str):
        return feel.compile_expression("date(x)").evaluate({"x": value})
    return feel.from_python(value)
