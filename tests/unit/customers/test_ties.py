"""Rules that do not decide: the group above those that tie, told in the decision, in the resolution, and to admins."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors, records, variation
from engine.customers import groups, rules
from engine.people import users
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import choose, replay, tryout
from tests.house import House
from tests.unit.customers.books import NOW, document, text
from tests.unit.variants.desk import PHONE, bring, desk


def tree(**parents: str) -> list[dict[str, Any]]:
    return [
        {"key": key, "names": text(key)} | ({"parent": parent} if parent else {}) for key, parent in parents.items()
    ]


def book(default: str = "", **parents: str) -> rules.Book:
    """Every group has a rule of its name: it is hit when the customer's attribute of that name is true."""
    keys = [key for key in parents if key[0].isupper()]
    return rules.Book(
        rules.read(
            {
                "groups": tree(**parents),
                "inputs": [{"name": key, "expression": key, "type": "boolean", "names": text(key)} for key in keys],
                "rules": [{"id": f"R{key}", "when": {key: "true"}, "group": key} for key in keys],
                **({"default": default} if default else {}),
            }
        )
    )


def decided(held: rules.Book, *hit: str) -> rules.Decision:
    return held.decide({key: key in hit for key in held.inputs}, now=NOW)


FAMILY = {"ALL": "", "EU": "ALL", "DE": "EU", "FR": "EU", "US": "ALL", "NY": "US"}


@pytest.mark.parametrize(
    ("hit", "group", "tied"),
    [
        (("DE",), "DE", ()),
        (("DE", "EU"), "DE", ()),
        (("DE", "FR"), "EU", ("DE", "FR")),
        (("FR", "DE"), "EU", ("DE", "FR")),
        (("DE", "NY"), "ALL", ("DE", "NY")),
        (("DE", "FR", "NY"), "ALL", ("DE", "FR", "NY")),
        (("EU", "US"), "ALL", ("EU", "US")),
        (("EU", "US", "NY"), "NY", ()),
        (("DE", "FR", "ALL"), "EU", ("DE", "FR")),
    ],
)
def test_the_nearest_group_above_those_that_tie_is_taken(
    hit: tuple[str, ...], group: str, tied: tuple[str, ...]
) -> None:
    found = decided(book(**FAMILY), *hit)
    assert (found.group, found.tied, found.how) == (group, tied, "tie" if tied else "rule")


def test_a_tie_is_told_with_each_rule_in_both_languages() -> None:
    says = decided(book(**FAMILY), "DE", "FR").says
    assert says["en"].startswith("because several groups fit and the rules do not decide between them")
    for words in (says["en"], says["zh-CN"]):
        assert "RDE" in words and "RFR" in words and "RNY" not in words


def test_without_a_group_above_the_default_is_taken_and_without_that_nothing_is_decided() -> None:
    found = decided(book(default="B", A="", B="", C=""), "A", "C")
    assert (found.group, found.how) == ("B", "tie")
    with pytest.raises(errors.Conflict, match="no group is above them") as refused:
        decided(book(A="", B=""), "A", "B")
    assert refused.value.code == "groups_tie" and "没有共同的上级" in refused.value.text["zh-CN"]


@pytest.mark.parametrize("seed", range(60))
def test_a_decision_never_depends_on_the_order_of_the_rules(seed: int) -> None:
    dice = random.Random(seed)
    keys = [f"G{number}" for number in range(8)]
    parents = {"ALL": ""} | {key: dice.choice(["ALL", *keys[:at]]) for at, key in enumerate(keys)}
    hit = dice.sample(keys, dice.randint(1, 4))
    held = book(**parents)
    turned = rules.Book(
        rules.GroupRules(
            groups=held.rules.groups, inputs=held.rules.inputs, rules=tuple(reversed(held.rules.rules)), default=""
        )
    )
    one, other = decided(held, *hit), decided(turned, *hit)
    assert one.group == other.group and set(one.tied) == set(other.tied)
    if one.tied:
        assert all(one.group in held.ancestors(key) for key in one.tied)
        deeper = [key for key in held.groups if one.group in held.ancestors(key)]
        assert not [key for key in deeper if all(key in held.chain(each) for each in one.tied)], "none nearer"


# --- at a start ----------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two groups of one rank whose tests overlap, released past the check, as where it could not decide."""
    with desk(tmp_path) as made:
        rules_of = document()
        rules_of["groups"][4]["priority"] = 40  # prospects tie with key accounts
        with made.engine.store.transaction() as tx:
            tx.groups.put(
                variation.GroupRules(
                    n=2, rules=rules_of, status="released", valid_from=made.now, created_at=made.now, created_by="ann"
                )
            )
        profile = users.Profile(name="Boss", roles=("admin",), locale="en")
        users.add_user(made.engine, key="boss", profile=profile, password="correct horse 9", agent=SYSTEM, now=made.now)
        profile = users.Profile(name="Li", roles=("staff",), locale="en")
        users.add_user(made.engine, key="li", profile=profile, password="correct horse 9", agent=SYSTEM, now=made.now)
        yield made


def begin(house: House, key: str) -> records.Instance:
    house.customer(
        key, scores={"current": 90, "potential": 0}, attributes={"contract": "gold", "churn": 0.9}
    )  # fmt: skip
    return start.start(
        house.engine, process="SFA-03", customer_id=key, business_key=None, data={"discount": 1}, agent=SYSTEM,
        now=house.now,
    ).instance  # fmt: skip


def told(house: House, person: str) -> list[records.Notice]:
    with house.engine.store.reading() as tx:
        return tx.notices.of_people([person], before=None, limit=10)


def resolution(house: House, instance: records.Instance) -> records.Resolution:
    with house.engine.store.reading() as tx:
        found = tx.resolutions.of_instance(instance.id)
    assert found is not None
    return found


def test_a_start_in_a_tie_gets_the_variant_of_the_group_above_and_says_why(house: House) -> None:
    above = bring(house, PHONE | {"id": "all_phone"}, group="ALL", name="all")
    bring(house, PHONE | {"id": "ka_phone", "channel": "sms"}, group="KA")
    instance = begin(house, "c1")
    assert instance.program == above.program
    assert "the rules do not decide between them" in instance.sentence["en"]
    assert "规则不能决定" in instance.sentence["zh-CN"]


def test_the_stored_resolution_keeps_the_tie_and_repeats_it(house: House) -> None:
    kept = resolution(house, begin(house, "c1"))
    assert kept.facts["tied"] == ["KA", "PR"] and kept.facts["decided"]["how"] == "tie"
    again = replay.replay(kept)
    assert (again.program, again.group) == (kept.program, "ALL")
    assert replay.replay(kept, facts={"churn": 0.1}).group == "KA"


def test_a_resolution_from_before_is_repeated_as_it_was_decided_then(house: House) -> None:
    kept = resolution(house, begin(house, "c1"))
    kept.facts["decided"] = {**kept.facts["decided"], "how": "rule", "group": "KA"}
    assert replay.replay(kept).group == "KA"


def test_those_in_charge_are_told_once_a_day_and_nobody_else(house: House) -> None:
    first = begin(house, "c1")
    begin(house, "c2")
    (notice,) = told(house, "boss")
    assert (
        notice.instance_id == first.id and "KA and PR" in notice.subject["en"] and "KA、PR" in notice.subject["zh-CN"]
    )
    assert told(house, "li") == []
    house.clock.advance(timedelta(days=1))
    begin(house, "c3")
    assert len(told(house, "boss")) == 2


def test_a_start_without_a_tie_tells_nobody(house: House) -> None:
    house.customer("c9", scores={"current": 50, "potential": 0}, attributes={"contract": "none", "churn": 0})
    start.start(
        house.engine, process="SFA-03", customer_id="c9", business_key=None, data={"discount": 1}, agent=SYSTEM,
        now=house.now,
    )  # fmt: skip
    assert told(house, "boss") == []


def test_the_tester_shows_which_groups_tie(house: House) -> None:
    facts = {"values": {"current": 90, "potential": 0}, "contract": "gold", "churn": 0.9, "kind": "customer"}
    tried = tryout.try_out(house.engine, process="SFA-03", facts=facts, agent=SYSTEM, now=house.now)
    why = {one.group: one.why["en"] for one in tried.groups}
    assert (tried.group, tried.how) == ("ALL", "tie")
    assert "fits alike" in why["KA"] and "Prospects" in why["KA"] and "Key accounts" in why["PR"]


# --- circumstances -------------------------------------------------------------------------------------------------


def special(name: str, priority: int = 0) -> choose.Candidate:
    return choose.Candidate(
        id=f"p:{name}", n=1, group="", program=name, base_n=1, fingerprint=choose.compose.Fingerprint(),
        context=(variation.Circumstance(name="channel", type="string", test='"phone"'),), priority=priority,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("offered", "program", "tied"),
    [
        ((special("a"), special("b")), "base", ("p:a", "p:b")),
        ((special("a", 2), special("b", 1)), "a", ()),
        ((special("a", 2), special("b", 2), special("c", 1)), "c", ("p:a", "p:b")),
        ((special("a"),), "a", ()),
    ],
)
def test_variants_for_circumstances_that_tie_are_all_passed_over(
    offered: tuple[choose.Candidate, ...], program: str, tied: tuple[str, ...]
) -> None:
    given = choose.Offer(process="p", names=text("p"), base_n=1, base_program="base", special=offered)
    found = choose.pick_one(given, None, None, data={"channel": "phone"}, now=NOW)
    assert (found.program, found.tied) == (program, tied)
    assert ("none of them was taken" in found.sentence["en"]) is bool(tied)
    assert ("无法决定" in found.sentence["zh-CN"]) is bool(tied)


def test_the_group_that_a_customer_is_kept_in_says_that_it_was_a_tie(house: House) -> None:
    with house.engine.store.reading() as tx:
        held = groups.book(tx, house.now)
    kept, moved = groups.regrouped(held, _customer(), now=house.now)
    assert moved and kept.group == "ALL" and kept.decided["how"] == "tie"


def _customer() -> records.Customer:
    return records.Customer(
        id="x", number="x", name="x", created_at=NOW, changed_at=NOW, group="KA",
        scores={"current": 90, "potential": 0}, attributes={"contract": "gold", "churn": 0.9},
    )  # fmt: skip
