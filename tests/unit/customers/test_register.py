"""Customers come, change, are found and are put into a group by hand; every write decides the group anew."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors, records
from engine.customers import facts, groups, register
from engine.people.agent import SYSTEM, Agent
from tests.house import House, house
from tests.unit.customers.books import document

ANN = Agent(key="ann", name="Ann", roles=frozenset({"admin"}))
INA = Agent(key="ina", name="Ina", roles=frozenset({"integrator"}))
DESIGNER = Agent(key="de", name="De", roles=frozenset({"designer"}))
GOLD: dict[str, Any] = {"attributes": {"contract": "gold", "churn": 0}, "scores": {"current": 90, "potential": 0}}
PLAIN: dict[str, Any] = {"attributes": {"contract": "none", "churn": 0}, "scores": {"current": 10, "potential": 0}}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        groups.publish(made.engine, document=document(), agent=SYSTEM, now=made.now)
        yield made


def add(desk: House, number: str = "C-1", **data: Any) -> records.Customer:
    said = {"number": number, "name": "华星", **(data or PLAIN)}
    return register.register(desk.engine, data=said, agent=ANN, now=desk.now)


def change(desk: House, who: records.Customer, **more: Any) -> records.Customer:
    data, options = more.pop("data"), more
    return register.change(desk.engine, customer_id=who.id, data=data, agent=ANN, now=desk.now, **options)


def moves(desk: House, who: records.Customer) -> list[tuple[str, str]]:
    with desk.engine.store.reading() as tx:
        return [(one.old, one.new) for one in tx.groups.moves(who.id)]


@pytest.mark.parametrize(("data", "group"), [(GOLD, "KA"), (PLAIN, "ST"), ({**PLAIN, "kind": "prospect"}, "PR")])
def test_a_new_customer_has_its_group_with_the_reason_at_once(desk: House, data: dict[str, Any], group: str) -> None:
    who = add(desk, **data)
    assert (who.group, who.group_since, who.decided["how"]) == (group, desk.now, "rule")
    assert who.decided["says"]["en"].startswith("because ") and who.decided["says"]["zh-CN"].startswith("因为")
    assert moves(desk, who) == [("", group)]


def test_a_change_of_group_is_kept_in_its_history(desk: House) -> None:
    who = add(desk, **PLAIN)
    desk.clock.advance(timedelta(days=31))
    better = change(desk, who, data=GOLD)
    assert (better.group, better.group_since) == ("KA", desk.now)
    assert moves(desk, who) == [("ST", "KA"), ("", "ST")]


def test_what_does_not_change_the_group_makes_no_move(desk: House) -> None:
    who = add(desk, **PLAIN)
    changed = change(desk, who, data={"name": "新名字"})
    assert changed.name == "新名字" and moves(desk, who) == [("", "ST")]
    assert changed.revision == register.get(desk.engine, customer_id=who.id, agent=ANN).revision


CHANGES = [
    # what is sent, attributes and scores afterwards
    ({"attributes": {"churn": 0.2}}, {"contract": "none", "churn": 0.2}, {"current": 10, "potential": 0}),
    ({"attributes": {"contract": None}}, {"churn": 0}, {"current": 10, "potential": 0}),
    ({"scores": {"current": 11}}, {"contract": "none", "churn": 0}, {"current": 11, "potential": 0}),
    ({"scores": {"potential": {"value": 7, "model": "clv"}}}, {"contract": "none", "churn": 0},
     {"current": 10, "potential": {"value": 7, "model": "clv"}}),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "attributes", "scores"), CHANGES)
def test_parts_that_are_named_are_replaced_one_by_one(
    desk: House, sent: dict[str, Any], attributes: dict[str, Any], scores: dict[str, Any]
) -> None:
    changed = change(desk, add(desk, **PLAIN), data=sent)
    assert (changed.attributes, changed.scores) == (attributes, scores)


def test_a_change_over_somebody_elses_is_refused(desk: House) -> None:
    who = add(desk)
    change(desk, who, data={"name": "A"}, revision=who.revision)
    with pytest.raises(errors.Conflict) as refused:
        change(desk, who, data={"name": "B"}, revision=who.revision)
    assert refused.value.code == "customer_changed" and "C-1" in refused.value.text["zh-CN"]


WRONG = [
    ({"attributes": {"contract": "platinum"}}, "/attributes/contract"),
    ({"attributes": {"churn": 2}}, "/attributes/churn"),
    ({"attributes": {"owner": "li"}}, "/attributes/owner"),
    ({"attributes": {"unknown": 1}}, "/attributes/unknown"),
    ({"kind": "enemy"}, "/kind"),
    ({"name": ""}, "/name"),
    ({"more": 1}, "/more"),
]


@pytest.mark.parametrize(("data", "pointer"), WRONG)
def test_every_wrong_place_is_named_and_nothing_is_kept(desk: House, data: dict[str, Any], pointer: str) -> None:
    who = add(desk, **PLAIN)
    for write in (lambda: change(desk, who, data=data), lambda: add(desk, "C-2", **{**PLAIN, **data})):
        with pytest.raises(errors.Invalid) as refused:
            write()
        assert any(one.pointer.startswith(pointer) or pointer == "/more" for one in refused.value.problems)
        assert all(one.text["zh-CN"] and one.text["en"] for one in refused.value.problems)
    assert register.get(desk.engine, customer_id=who.id, agent=ANN) == who
    assert register.search(desk.engine, agent=ANN, text="C-2") == []


def test_a_number_is_taken_once(desk: House) -> None:
    add(desk)
    with pytest.raises(errors.Conflict) as refused:
        add(desk)
    assert refused.value.code == "number_taken"


def test_found_by_id_number_and_parts_of_both(desk: House) -> None:
    first, second = add(desk, "C-1", **GOLD), add(desk, "C-2", **PLAIN)
    assert register.get(desk.engine, customer_id="C-1", agent=ANN) == first
    assert register.get(desk.engine, customer_id=second.id, agent=ANN) == second
    found = register.search(desk.engine, agent=ANN, text="华")
    assert [one.id for one in found] == sorted([first.id, second.id])
    assert [one.id for one in register.search(desk.engine, agent=ANN, group="KA")] == [first.id]
    assert len(register.search(desk.engine, agent=ANN, limit=1)) == 1
    assert register.search(desk.engine, agent=ANN, after=found[-1].id) == []
    with pytest.raises(errors.NotFound):
        register.get(desk.engine, customer_id="nobody", agent=ANN)


def by_hand(desk: House, who: records.Customer, **more: Any) -> records.Customer:
    said: dict[str, Any] = {"group": "KA", "reason": "a strategic partner", "until": date(2026, 3, 31)} | more
    agent = said.pop("agent", ANN)
    return groups.override(desk.engine, customer_id=who.id, agent=agent, now=desk.now, **said)


def test_by_hand_until_a_day_and_then_the_rules_again(desk: House) -> None:
    who = by_hand(desk, add(desk, **PLAIN))
    assert (who.group, who.decided["how"], who.decided["override"]["by"]) == ("KA", "override", "ann")
    assert "a strategic partner" in who.decided["says"]["zh-CN"]
    desk.clock.advance(timedelta(days=10))
    assert change(desk, who, data={"name": "x"}).group == "KA", "a change does not end it"
    desk.clock.advance(timedelta(days=21))
    assert change(desk, who, data={"name": "y"}).group == "ST"


BY_HAND = [
    ({"group": "XX"}, ["/group"]),
    ({"until": date(2026, 3, 1)}, ["/until"]),
    ({"reason": "because"}, ["/reason"]),
    ({"reason": "   because   "}, ["/reason"]),
    ({"group": "XX", "until": date(2020, 1, 1), "reason": ""}, ["/group", "/until", "/reason"]),
]


@pytest.mark.parametrize(("more", "pointers"), BY_HAND)
def test_what_cannot_be_decided_by_hand_is_told_all_at_once(
    desk: House, more: dict[str, Any], pointers: list[str]
) -> None:
    who = add(desk, **PLAIN)
    with pytest.raises(errors.Invalid) as refused:
        by_hand(desk, who, **more)
    assert [one.pointer for one in refused.value.problems] == pointers
    assert register.get(desk.engine, customer_id=who.id, agent=ANN) == who


def test_nobody_is_put_anywhere_who_is_not_there(desk: House) -> None:
    ghost = records.Customer(id="none", number="n", name="x", created_at=desk.now, changed_at=desk.now)
    with pytest.raises(errors.NotFound):
        by_hand(desk, ghost)


@pytest.mark.parametrize(
    ("agent", "may"),
    [(ANN, {"change", "see", "decide"}), (INA, {"change", "see"}), (DESIGNER, {"see"})],
    ids=["admin", "integrator", "designer"],
)
def test_who_may_what(desk: House, agent: Agent, may: set[str]) -> None:
    who = add(desk, **PLAIN)
    deeds = {
        "change": lambda: register.change(
            desk.engine, customer_id=who.id, data={"name": "z"}, agent=agent, now=desk.now
        ),
        "see": lambda: register.search(desk.engine, agent=agent),
        "decide": lambda: by_hand(desk, who, agent=agent),
    }
    for name, deed in deeds.items():
        if name in may:
            deed()
            continue
        with pytest.raises(errors.Forbidden):
            deed()


def test_before_any_rules_there_are_no_groups(tmp_path: Path) -> None:
    with house(tmp_path) as bare:
        who = add(bare, **PLAIN)
        assert (who.group, who.decided) == ("", {})
        with bare.engine.store.reading() as tx, pytest.raises(errors.Conflict) as refused:
            groups.book(tx, bare.now)
        assert refused.value.code == "no_group_rules"
        groups.publish(bare.engine, document=document(), agent=SYSTEM, now=bare.now)
        assert change(bare, who, data={"name": "n"}).group == "ST"


def test_new_rules_hold_from_now_on_and_the_old_ones_for_their_time(desk: House) -> None:
    before = desk.now
    desk.clock.advance(timedelta(days=1))
    other = document()
    other["rules"][0]["when"]["value"] = ">= 95"
    other["rules"][3]["when"]["value"] = "[85..95)"
    other["rules"][3]["when"].pop("contract")
    other["rules"].append({"id": "R8", "when": {"value": ">= 95", "contract": 'not("gold")'}, "group": "GR"})
    assert groups.publish(desk.engine, document=other, agent=SYSTEM, now=desk.now).n == 2
    assert add(desk, **GOLD).group == "GR"
    with desk.engine.store.reading() as tx:
        assert [tx.groups.released(at).n for at in (before, desk.now)] == [1, 2]  # type: ignore[union-attr]


def test_a_customers_facts_are_its_own_and_its_attributes(desk: House) -> None:
    who = add(desk, **{**GOLD, "scores": {"current": {"value": 90, "model": "clv"}, "potential": 3}})
    known = facts.of(who)
    assert (known["contract"], known["values"], known["number"]) == ("gold", {"current": 90, "potential": 3}, "C-1")
    assert known["group_since"] == desk.now.isoformat() and set(facts.OWN) <= set(known) | {"id"}
