"""The group of a customer: which rule decided, why, and why not another group."""

import random
from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.customers import facts, groups, rules
from tests.unit.customers.books import NOW, customer, document

BOOK = rules.Book(rules.read(document()))

CUSTOMERS = [
    # customer, group, rule that decided
    (customer(current=60, potential=31, contract="gold"), "KA", "R1"),
    (customer(current=85, contract="gold"), "KA", "R1"),
    (customer(current=84.99, contract="gold"), "GR", "R2"),
    (customer(current=90), "GR", "R4"),
    (customer(current=40), "GR", "R2"),
    (customer(current=39), "ST", "R3"),
    (customer(current=39, kind="prospect"), "PR", "R5"),
    (customer(current=50, churn=0.31), "PR", "R6"),
    (customer(current=90, churn=0.9, contract="gold"), "KA", "R1"),
]


@pytest.mark.parametrize(("who", "group", "rule"), CUSTOMERS)
def test_the_highest_of_all_groups_hit_wins(who: Any, group: str, rule: str) -> None:
    decided = groups.decide(BOOK, who, now=NOW)
    assert (decided.group, decided.rule, decided.how) == (group, rule, "rule")


def test_a_decision_says_why_and_why_not() -> None:
    decided = groups.decide(BOOK, customer(current=50, potential=10, churn=0.18, contract="gold"), now=NOW)
    assert decided.says["en"] == (
        "because value is 60, at least 40 and below 85 (rule R2); not Key accounts because value is 60, below 85 "
        "(rule R1); not Prospects and at risk because kind is customer, not prospect (rule R5)"
    )
    assert decided.says["zh-CN"].startswith("因为value群为 60，不低于 40 且低于 85（规则 R2）；不是Key accounts群")


def test_all_rules_are_told_each_hit_or_missed_by_its_first_failing_input() -> None:
    decided = groups.decide(BOOK, customer(current=90, churn=0.5), now=NOW)
    assert [(one.rule, one.missed) for one in decided.outcomes] == [
        ("R1", "contract"),
        ("R2", "value"),
        ("R3", "value"),
        ("R4", ""),
        ("R5", "kind"),
        ("R6", ""),
    ]
    assert [one.group for one in decided.hits] == ["GR", "PR"]


def test_the_deeper_group_wins_where_priorities_are_equal() -> None:
    said = document()
    said["groups"] += [{"key": "KA1", "parent": "KA", "priority": 40, "names": {"zh-CN": "a", "en": "a"}}]
    said["rules"].insert(0, {"id": "R0", "when": {"contract": '"gold"', "value": ">= 85"}, "group": "KA"})
    said["rules"].append({"id": "R9", "when": {"value": "> 500"}, "group": "KA1"})
    book = rules.Book(rules.read(said))
    assert groups.decide(book, customer(current=600, contract="gold"), now=NOW).group == "KA1"
    assert book.chain("KA1") == ["ALL", "KA", "KA1"]


def test_a_missing_fact_hits_no_rule_and_is_told_or_falls_to_the_default() -> None:
    nobody = customer(attributes={}, scores={})
    with pytest.raises(errors.Conflict) as raised:
        groups.decide(BOOK, nobody, now=NOW)
    assert "value = null" in raised.value.text["en"]
    book = rules.Book(rules.read(document(default="ST")))
    assert (groups.decide(book, nobody, now=NOW).group, groups.decide(book, nobody, now=NOW).how) == ("ST", "default")


def test_a_hand_decides_until_its_day_is_over() -> None:
    said = {"group": "KA", "reason": "strategic partner", "until": "2026-05-10", "by": "li"}
    who = customer(current=10, decided={"override": said})
    decided = groups.decide(BOOK, who, now=NOW)
    assert (decided.group, decided.how) == ("KA", "override")
    assert decided.says["en"] == "because li decided so until 2026-05-10: strategic partner"
    assert groups.decide(BOOK, who, now=NOW + timedelta(days=9)).group == "KA"
    assert groups.decide(BOOK, who, now=NOW + timedelta(days=10)).group == "ST"


def test_a_customer_that_crosses_the_threshold_moves_only_after_the_minimum_stay() -> None:
    who = customer(current=84, contract="gold", group="KA", group_since=NOW - timedelta(days=29))
    held = groups.decide(BOOK, who, now=NOW)
    assert (held.group, held.how) == ("KA", "held")
    assert "2026-05-02" in held.says["en"] and "Growing" in held.says["en"]
    moved, changed = groups.regrouped(BOOK, who, now=NOW + timedelta(days=1))
    assert (moved.group, moved.group_since, changed) == ("GR", NOW + timedelta(days=1), True)


def test_a_first_group_is_never_held_back() -> None:
    moved, changed = groups.regrouped(BOOK, customer(current=10), now=NOW)
    assert (moved.group, changed) == ("ST", True)
    again, changed = groups.regrouped(BOOK, moved, now=NOW + timedelta(days=1))
    assert again is moved and not changed


def test_ten_thousand_customers_each_get_exactly_one_group() -> None:
    dice = random.Random(7)
    for _ in range(10_000):
        who = customer(
            current=dice.choice([0, 39, 40, 84, 85, dice.uniform(0, 200)]),
            contract=dice.choice(["none", "silver", "gold"]),
            churn=round(dice.random(), 2),
            kind=dice.choice(["customer", "prospect"]),
        )
        decided = BOOK.decide(facts.of(who), now=NOW)
        best = max(BOOK.rank(one.group) for one in decided.hits)
        assert {one.group for one in decided.hits if BOOK.rank(one.group) == best} == {decided.group}
