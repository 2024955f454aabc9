"""What must be right before group rules decide anything.

Every problem at once; for an overlap and for a gap a customer who shows it.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from engine import errors, feel
from engine.customers.rules import Book, GroupRules, spoken
from engine.dmn import analyse
from engine.dmn import model as dmn
from engine.model.problem import Problem
from engine.model.text import EN, ZH, both


def check(rules: GroupRules, *, now: datetime) -> list[Problem]:
    """Errors stop a release. ``now`` is when the examples are tried."""
    problems = [*_references(rules), *_expressions(rules)]
    if problems:
        return problems
    book = Book(rules)
    return [*_overlaps(book, now), *_gaps(book, now), *_never(book)]


def _references(rules: GroupRules) -> Iterator[Problem]:
    keys = [group.key for group in rules.groups]
    names = [item.name for item in rules.inputs]
    ids = [rule.id for rule in rules.rules]
    for what, listed in (("groups", keys), ("inputs", names), ("rules", ids)):
        for number, name in enumerate(listed):
            if name in listed[:number]:
                yield _problem("named_twice", f"{name} 出现两次", f"{name!r} is there twice", f"/{what}/{number}")
    for number, group in enumerate(rules.groups):
        if group.parent and group.parent not in keys:
            yield _unknown(group.parent, f"/groups/{number}/parent")
    for number, rule in enumerate(rules.rules):
        if rule.group not in keys:
            yield _unknown(rule.group, f"/rules/{number}/group")
        for name in rule.when.keys() - set(names):
            yield _problem(
                "input_unknown", f"没有输入 {name}", f"there is no input {name!r}", f"/rules/{number}/when/{name}"
            )
    if rules.default and rules.default not in keys:
        yield _unknown(rules.default, "/default")
    parents = {group.key: group.parent for group in rules.groups}
    for number, group in enumerate(rules.groups):
        above, seen = group.parent, {group.key}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == group.key:
            text = both(zh=f"客户群 {group.key} 是自己的上级", en=f"the group {group.key!r} is above itself")
            yield Problem(code="groups_in_a_circle", text=text, pointer=f"/groups/{number}/parent", element=group.key)


def _expressions(rules: GroupRules) -> Iterator[Problem]:
    for number, item in enumerate(rules.inputs):
        yield from _parsed(feel.compile_expression, item.expression, f"/inputs/{number}/expression")
        if item.values:
            yield from _parsed(feel.compile_unary_tests, item.values, f"/inputs/{number}/values")
    for number, rule in enumerate(rules.rules):
        for name, test in rule.when.items():
            yield from _parsed(feel.compile_unary_tests, test, f"/rules/{number}/when/{name}")


def _parsed(compile_text: Any, text: str, pointer: str) -> Iterator[Problem]:
    try:
        compile_text(text)
    except errors.Invalid as error:
        yield Problem(code=error.code, text=error.text, pointer=pointer)


def _overlaps(book: Book, now: datetime) -> Iterator[Problem]:
    """Two groups that tie for one customer: neither priority nor depth decides between them."""
    ordered = sorted(enumerate(book.rules.rules), key=lambda pair: book.rank(pair[1].group))
    for _, tied in groupby(ordered, key=lambda pair: book.rank(pair[1].group)):
        numbers = [number for number, _ in tied]
        if len({book.rules.rules[number].group for number in numbers}) < 2:
            continue
        found = analyse.analyse(table(book.rules, numbers, "ANY"), variables=_types(book.rules))
        for finding in found.of("overlap"):
            first, second = (book.rules.rules[numbers[number - 1]] for number in finding.rules)
            example = _example(book, finding.example)
            winner = max(_hit_ranks(book, example, now), default=(-1, -1))
            text = both(
                zh=f"规则 {first.id}（{first.group}）与 {second.id}（{second.group}）对同一客户都成立："
                f"{spoken(example)}",
                en=f"rules {first.id} ({first.group}) and {second.id} ({second.group}) both match a customer with "
                f"{spoken(example)}",
            )
            hidden = winner > book.rank(first.group)
            if hidden:
                text = both(
                    zh=text[ZH] + "；该例中另有更优先的客户群",
                    en=text[EN] + "; in this example a group that goes before both decides",
                )
            yield Problem(
                code="rules_overlap",
                text=text,
                severity="warning" if hidden else "error",
                pointer=f"/rules/{numbers[finding.rules[1] - 1]}",
                element=second.id,
                mend=both(
                    zh="给其中一个客户群更高的优先级，或使条件互斥",
                    en="give one group a higher priority, or make the tests exclude each other",
                ),
            )
        for text in found.undecided:
            yield Problem(code="overlap_undecided", text=text, severity="warning", pointer="/rules")


def _gaps(book: Book, now: datetime) -> Iterator[Problem]:
    if book.rules.default:
        return
    numbers = list(range(len(book.rules.rules)))
    found = analyse.analyse(table(book.rules, numbers, "UNIQUE"), variables=_types(book.rules))
    for finding in found.of("gap"):
        example = _example(book, finding.example)
        yield Problem(
            code="rules_gap",
            text=both(
                zh=f"没有规则适用于这样的客户：{spoken(example)}",
                en=f"no rule matches a customer with {spoken(example)}",
            ),
            pointer="/rules",
            mend=both(zh="补一条规则，或指定默认客户群", en="add a rule, or name a default group"),
        )
    for text in found.undecided:
        yield Problem(code="gap_undecided", text=text, severity="warning", pointer="/rules")


def _never(book: Book) -> Iterator[Problem]:
    numbers = list(range(len(book.rules.rules)))
    for finding in analyse.analyse(table(book.rules, numbers, "COLLECT"), variables=_types(book.rules)).of("never"):
        rule = book.rules.rules[finding.rules[0] - 1]
        text = both(zh=f"规则 {rule.id} 永远不会成立", en=f"rule {rule.id} can never match")
        yield Problem(code="rule_never", text=text, pointer=f"/rules/{finding.rules[0] - 1}", element=rule.id)


def table(rules: GroupRules, numbers: list[int], policy: dmn.HitPolicy) -> dmn.Table:
    """The rules of these numbers as a decision table; each input is a variable of its own name."""
    return dmn.Table(
        hit_policy=policy,
        inputs=tuple(
            dmn.InputClause(
                expression=dmn.Literal(text=item.name, type_ref=item.type),
                allowed=dmn.UnaryTests(text=item.values) if item.values else None,
            )
            for item in rules.inputs
        ),
        outputs=(dmn.OutputClause(name="group", type_ref="string"),),
        rules=tuple(
            dmn.Rule(
                id=rules.rules[number].id,
                inputs=tuple(
                    dmn.UnaryTests(text=rules.rules[number].when.get(item.name, "-")) for item in rules.inputs
                ),
                outputs=(dmn.Literal(text=f'"{rules.rules[number].group}"'),),
            )
            for number in numbers
        ),
    )


def _types(rules: GroupRules) -> dict[str, str]:
    return {item.name: item.type for item in rules.inputs}


def _example(book: Book, example: dict[str, Any]) -> dict[str, Any]:
    """Input name -> JSON value; an input that the example leaves open is null."""
    return {name: feel.to_json(example.get(name)) for name in book.inputs}


def _hit_ranks(book: Book, example: dict[str, Any], now: datetime) -> list[tuple[int, int]]:
    return [book.rank(outcome.group) for outcome in book.try_all(example, now=now) if not outcome.missed]


def _unknown(group: str, pointer: str) -> Problem:
    return _problem("group_unknown", f"没有客户群 {group}", f"there is no group {group!r}", pointer)


def _problem(code: str, zh: str, en: str, pointer: str) -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), pointer=pointer)
