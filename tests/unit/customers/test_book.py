"""The rule book read aloud: groups above groups, who goes before whom, facts as people write them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, feel
from engine.customers import facts, groups, rules, stay
from tests.unit.customers.books import NOW, customer, document, text


def tree(*lines: str) -> rules.Book:
    """``"KA1 < KA 40"``: a group, the one above it, its priority."""
    made = []
    for line in lines:
        key, _, rest = line.partition(" < ")
        above, _, priority = rest.partition(" ")
        made.append({"key": key, "names": text(key), "parent": above, "priority": int(priority or 0)})
    return rules.Book(rules.read({"groups": made, "inputs": [], "rules": []}))


DEEP = tree("ALL", "KA < ALL 40", "KA1 < KA 40", "KA11 < KA1 5", "GR < ALL 20", "LOST < GONE 1")

ABOVE = [
    ("ALL", []),
    ("KA", ["ALL"]),
    ("KA1", ["KA", "ALL"]),
    ("KA11", ["KA1", "KA", "ALL"]),
    ("GR", ["ALL"]),
    ("LOST", ["GONE"]),
    ("GONE", []),
    ("", []),
]


@pytest.mark.parametrize(("key", "above"), ABOVE)
def test_the_groups_above_are_told_nearest_first_and_the_chain_from_the_root(key: str, above: list[str]) -> None:
    assert DEEP.ancestors(key) == above
    assert DEEP.chain(key) == [*reversed(above), key]


@pytest.mark.parametrize(
    "book", [tree("A < A"), tree("A < B", "B < A"), tree("A < B", "B < C", "C < B")], ids=["self", "two", "above"]
)
def test_a_circle_of_groups_ends(book: rules.Book) -> None:
    for key in book.groups:
        above = book.ancestors(key)
        assert len(set(above)) == len(above)


BEFORE = [
    # the one that goes before, the other
    ("KA", "GR"),
    ("KA1", "KA"),  # deeper, with the same priority
    ("KA", "KA11"),  # deeper, but with a lower priority
    ("GR", "KA11"),
    ("KA11", "LOST"),
    ("LOST", "ALL"),
    ("ALL", "UNKNOWN"),
]


@pytest.mark.parametrize(("first", "second"), BEFORE)
def test_priority_goes_before_depth_and_a_group_before_none(first: str, second: str) -> None:
    assert DEEP.rank(first) > DEEP.rank(second)


def test_an_unknown_group_is_called_by_its_key() -> None:
    assert DEEP.name("GONE") == {"zh-CN": "GONE", "en": "GONE"}
    assert DEEP.name("KA") == text("KA")


SPOKEN = [
    ({}, ""),
    ({"a": None}, "a = null"),
    ({"a": True, "b": False}, "a = true, b = false"),
    ({"a": "gold"}, 'a = "gold"'),
    ({"a": ""}, 'a = ""'),
    ({"a": 3}, "a = 3"),
    ({"a": 3.0}, "a = 3"),
    ({"a": 0.25, "b": "x"}, 'a = 0.25, b = "x"'),
    ({"a": [1, 2]}, "a = [1, 2]"),
    ({"客户": "金"}, '客户 = "金"'),
]


@pytest.mark.parametrize(("inputs", "words"), SPOKEN)
def test_inputs_are_spoken_as_a_rule_would_write_them(inputs: dict[str, Any], words: str) -> None:
    assert rules.spoken(inputs) == words


def test_a_date_is_compared_as_a_date_and_other_texts_as_texts() -> None:
    assert rules.typed("string", "2026-05-01") == "2026-05-01"
    day = rules.typed("date", "2026-05-01")
    assert feel.to_json(day) == "2026-05-01" and day != "2026-05-01"
    assert rules.typed("date", None) is None
    assert rules.typed("number", 3) == 3
    assert rules.typed("boolean", True) is True


DATES = [
    # end of the contract, group
    ("2026-04-30", "OLD"),
    ("2026-05-01", "NEW"),
    ("2030-01-01", "NEW"),
    ("not a day", "REST"),
    (None, "REST"),
]


@pytest.mark.parametrize(("end", "group"), DATES)
def test_rules_look_at_days(end: str | None, group: str) -> None:
    book = rules.Book(
        rules.read(
            {
                "groups": [{"key": key, "names": text(key)} for key in ("OLD", "NEW", "REST")],
                "inputs": [{"name": "end", "expression": "contract_end", "type": "date"}],
                "rules": [
                    {"id": "R1", "when": {"end": '< date("2026-05-01")'}, "group": "OLD"},
                    {"id": "R2", "when": {"end": '>= date("2026-05-01")'}, "group": "NEW"},
                ],
                "default": "REST",
            }
        )
    )
    decided = book.decide({"contract_end": end}, now=NOW)
    assert (decided.group, decided.how) == (group, "default" if group == "REST" else "rule")


def test_a_rule_without_conditions_matches_everybody_and_says_so() -> None:
    book = rules.Book(rules.read(document(rules=[{"id": "R0", "when": {}, "group": "ST"}])))
    said = book.decide({}, now=NOW).says
    assert said == {"zh-CN": "因为规则 R0 适用于所有客户", "en": "because rule R0 matches everybody"}


def test_the_default_is_explained_by_what_did_not_match() -> None:
    only = [{"id": "R1", "when": {"churn": "> 0.9"}, "group": "PR"}]
    book = rules.Book(rules.read(document(rules=only, default="ST")))
    said = book.decide({"churn": 0.5}, now=NOW).says
    assert said["en"].startswith("because no rule matches; not Prospects and at risk because churn is 0.5, at most 0.9")
    assert said["zh-CN"].startswith("因为没有其他规则适用；不是Prospects and at risk群")


def test_where_nothing_matches_and_there_is_no_default_the_facts_are_told() -> None:
    book = rules.Book(rules.read(document(rules=[])))
    with pytest.raises(errors.Conflict) as refused:
        book.decide({"churn": 0.5, "contract": "gold"}, now=NOW)
    assert refused.value.code == "no_group"
    for words in refused.value.text.values():
        assert 'contract = "gold"' in words and "churn = 0.5" in words and "value = null" in words


SCORES = [
    # scores as they are kept, the values that rules see
    ({}, {}),
    ({"current": 3}, {"current": 3}),
    ({"current": {"value": 3, "model": "clv"}}, {"current": 3}),
    ({"current": {"model": "clv"}}, {"current": None}),
    ({"a": 1, "b": {"value": 2.5}}, {"a": 1, "b": 2.5}),
]


@pytest.mark.parametrize(("scores", "values"), SCORES)
def test_rules_see_scores_as_plain_numbers(scores: dict[str, Any], values: dict[str, Any]) -> None:
    assert facts.of(customer(scores=scores))["values"] == values


def test_a_customer_has_its_own_facts_and_each_attribute_by_name() -> None:
    since = datetime(2026, 4, 1, tzinfo=UTC)
    known = facts.of(customer(attributes={"city": "上海"}, group="KA", group_since=since))
    assert set(known) == {*facts.OWN, "city"}
    assert (known["city"], known["group"], known["group_since"]) == ("上海", "KA", since.isoformat())
    assert facts.of(customer())["group_since"] is None


@pytest.mark.parametrize("name", facts.OWN)
def test_no_attribute_overrides_what_the_house_knows(name: str) -> None:
    plain = facts.of(customer())[name]
    assert facts.of(customer(attributes={name: "forged"}))[name] == plain


BOOK = rules.Book(rules.read(document()))

STAYS = [
    # rule, days since the change, present group, shortest stay, group that the rules decide, how
    ("held on the last day", 29, "KA", "P30D", "KA", "held"),
    ("free when the stay is over", 30, "KA", "P30D", "ST", "rule"),
    ("held on the first day", 0, "KA", "P30D", "KA", "held"),
    ("free without a shortest stay", 0, "KA", "", "ST", "rule"),
    ("the same group is no change", 0, "ST", "P30D", "ST", "rule"),
    ("free from a group that is no more", 0, "GONE", "P30D", "ST", "rule"),
    ("free from no group", 0, "", "P30D", "ST", "rule"),
    ("a stay of hours", 1, "KA", "PT25H", "KA", "held"),
    ("a stay of hours that is over", 1, "KA", "PT24H", "ST", "rule"),
    ("a stay of months", 29, "KA", "P1M", "KA", "held"),
]


@pytest.mark.parametrize(
    ("days", "present", "shortest", "group", "how"), [row[1:] for row in STAYS], ids=[row[0] for row in STAYS]
)
def test_a_customer_stays(days: int, present: str, shortest: str, group: str, how: str) -> None:
    book = rules.Book(rules.read(document(minimum_stay=shortest)))
    who = customer(current=10, group=present, group_since=NOW - timedelta(days=days))
    decided = groups.decide(book, who, now=NOW)
    assert (decided.group, decided.how) == (group, how)


def test_a_customer_whose_change_has_no_day_is_not_held() -> None:
    decided = BOOK.decide(facts.of(customer(current=10)), now=NOW)
    assert stay.hold(BOOK, customer(current=10, group="KA"), decided, now=NOW) is decided


def test_holding_says_until_when_and_what_the_rules_say_now() -> None:
    who = customer(current=10, group="KA", group_since=NOW - timedelta(days=1))
    said = groups.decide(BOOK, who, now=NOW).says
    assert said["en"].startswith("because a customer stays in Key accounts until 2026-05-30 after a change")
    assert "the rules now say Standard (because value is 10, below 40 (rule R3)" in said["en"]
    assert said["zh-CN"].startswith("因为变更客户群后至少停留到 2026-05-30；按规则现在应为Standard群（因为")


HANDS = [
    # rule, group, last day, the group that holds
    ("until tomorrow", "KA", date(2026, 5, 2), ("KA", "override")),
    ("up to and including today", "KA", date(2026, 5, 1), ("KA", "override")),
    ("not after its day", "KA", date(2026, 4, 30), ("ST", "rule")),
    ("not into a group that is no more", "GONE", date(2026, 6, 1), ("ST", "rule")),
]


@pytest.mark.parametrize(("group", "until", "expected"), [row[1:] for row in HANDS], ids=[row[0] for row in HANDS])
def test_a_hand_decides(group: str, until: date, expected: tuple[str, str]) -> None:
    said = {"group": group, "reason": "strategic partner", "until": until.isoformat(), "by": "li"}
    decided = groups.decide(BOOK, customer(current=10, decided={"override": said}), now=NOW)
    assert (decided.group, decided.how) == expected


def test_a_hands_decision_still_tells_what_every_rule_would_have_said() -> None:
    said = {"group": "KA", "reason": "strategic partner", "until": "2026-06-01", "by": "li"}
    decided = groups.decide(BOOK, customer(current=10, decided={"override": said}), now=NOW)
    assert [one.rule for one in decided.hits] == ["R3"] and decided.inputs["value"] == 10
    assert decided.says["zh-CN"] == "因为 li 人工指定至 2026-06-01：strategic partner"


@settings(max_examples=60, deadline=None)
@given(
    current=st.integers(min_value=0, max_value=200),
    contract=st.sampled_from(["none", "silver", "gold"]),
    churn=st.floats(min_value=0, max_value=1),
    present=st.sampled_from(["", "KA", "GR", "ST", "PR", "GONE"]),
    days=st.integers(min_value=0, max_value=60),
)
def test_deciding_twice_at_one_moment_changes_nothing_more(
    current: int, contract: str, churn: float, present: str, days: int
) -> None:
    who = customer(
        current=current, contract=contract, churn=churn, group=present, group_since=NOW - timedelta(days=days)
    )
    once, moved = groups.regrouped(BOOK, who, now=NOW)
    assert moved == (once.group != present) and once.group in BOOK.groups
    again, moved_again = groups.regrouped(BOOK, once, now=NOW)
    assert again is once and not moved_again
