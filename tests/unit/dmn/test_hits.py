"""Every hit policy: what the table is worth when these rules matched."""

from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import hits
from engine.dmn.hits import Hit, Policy
from engine.feel.run import Run


def policy(
    name: Any, *, aggregation: Any = "", orders: tuple[Any, ...] = ((),), names: tuple[str, ...] = ("rate",)
) -> Policy:
    return Policy(name, aggregation, names, orders)


def one(*values: Any) -> list[Hit]:
    return [Hit(i, (value,)) for i, value in enumerate(values)]


def test_unique_is_the_output_of_the_only_rule() -> None:
    assert hits.decide(policy("UNIQUE"), one("low"), Run()) == hits.Verdict("low", (0,))


def test_unique_is_null_and_says_why_when_two_rules_match() -> None:
    verdict = hits.decide(policy("UNIQUE"), one("low", "high"), Run())
    assert verdict.value is None
    assert verdict.rules == (0, 1)
    assert verdict.trouble is not None
    assert "1, 2" in verdict.trouble["en"]
    assert "1, 2" in verdict.trouble["zh-CN"]


def test_any_takes_equal_outputs() -> None:
    assert hits.decide(policy("ANY"), one("low", "low"), Run()).value == "low"
    assert hits.decide(policy("ANY"), one(None, None), Run()).value is None
    assert hits.decide(policy("ANY"), one(None, None), Run()).trouble is None


def test_any_is_null_when_outputs_differ() -> None:
    verdict = hits.decide(policy("ANY"), one("low", "low", "high"), Run())
    assert verdict.value is None
    assert verdict.rules == (0, 2)
    assert verdict.trouble is not None


def test_first_ignores_the_later_rules() -> None:
    assert hits.decide(policy("FIRST"), one("a", "b"), Run()) == hits.Verdict("a", (0,))


def test_priority_follows_the_order_of_the_allowed_values() -> None:
    ordered = policy("PRIORITY", orders=(("high", "medium", "low"),))
    assert hits.decide(ordered, one("low", "high", "medium"), Run()) == hits.Verdict("high", (1,))


def test_priority_puts_unlisted_values_last() -> None:
    ordered = policy("PRIORITY", orders=(("high",),))
    assert hits.decide(ordered, one("strange", "high"), Run()).value == "high"


def test_priority_compares_the_left_output_first() -> None:
    two = policy("PRIORITY", orders=(("yes", "no"), ("best", "basic")), names=("ok", "rate"))
    found = [Hit(0, ("no", "best")), Hit(1, ("yes", "basic")), Hit(2, ("yes", "best"))]
    assert hits.decide(two, found, Run()) == hits.Verdict({"ok": "yes", "rate": "best"}, (2,))


def test_output_order_lists_by_priority_and_keeps_rule_order_among_equals() -> None:
    ordered = policy("OUTPUT ORDER", orders=(("high", "low"),))
    assert hits.decide(ordered, one("low", "high", "low"), Run()) == hits.Verdict(["high", "low", "low"], (1, 0, 2))


def test_rule_order_lists_in_rule_order() -> None:
    assert hits.decide(policy("RULE ORDER"), one("b", "a"), Run()).value == ["b", "a"]


def test_collect_lists_all() -> None:
    assert hits.decide(policy("COLLECT"), one("b", "a", "b"), Run()).value == ["b", "a", "b"]


def test_several_outputs_become_a_context() -> None:
    two = policy("COLLECT", names=("a", "b"), orders=((), ()))
    assert hits.decide(two, [Hit(3, (1, 2))], Run()) == hits.Verdict([{"a": 1, "b": 2}], (3,))


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("SUM", Decimal("6.5")),  # 1 + 3 + 2.5
        ("MIN", 1),
        ("MAX", 3),
        ("COUNT", 3),
    ],
)
def test_collect_aggregates(aggregation: str, expected: Any) -> None:
    assert hits.decide(policy("COLLECT", aggregation=aggregation), one(1, 3, Decimal("2.5")), Run()).value == expected


def test_count_counts_rules_not_values() -> None:
    assert hits.decide(policy("COLLECT", aggregation="COUNT"), one("a", "a", None), Run()).value == 3


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
@pytest.mark.parametrize("values", [(1, None), (1, "a"), (1, True)])
def test_aggregates_of_what_cannot_be_aggregated_are_null_with_a_reason(
    aggregation: str, values: tuple[Any, ...]
) -> None:
    verdict = hits.decide(policy("COLLECT", aggregation=aggregation), one(*values), Run())
    assert verdict.value is None
    assert verdict.trouble is not None


def test_sum_of_several_outputs_is_refused() -> None:
    verdict = hits.decide(policy("COLLECT", aggregation="SUM", names=("a", "b")), [Hit(0, (1, 2))], Run())
    assert verdict.value is None
    assert verdict.trouble is not None
