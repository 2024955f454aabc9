"""Before group rules are released they say who would change group and why, and which cases that touches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import errors
from engine.customers import drafts, groups, register
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import regrouping, shipped
from tests.house import House
from tests.unit.customers.books import document
from tests.unit.customers.test_drafts import higher
from tests.unit.variants.desk import ANN, BEN, LI, LIMIT, bring, desk


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path, document(minimum_stay="P0D")) as made:
        yield made


def add(house: House, number: str, value: int = 90, **more: Any) -> str:
    data = {
        "number": number,
        "name": f"客户 {number}",
        "kind": "customer",
        "scores": {"current": value, "potential": 0},
        "attributes": {"contract": "gold", "churn": 0},
    }
    return register.register(house.engine, data={**data, **more}, agent=ANN, now=house.now).id


def look(house: House, said: dict[str, Any] | None = None) -> regrouping.Preview:
    rules = said or higher() | {"minimum_stay": "P0D"}
    return regrouping.preview(house.engine, document=rules, agent=ANN, now=house.now)


def begin(house: House, customer_id: str) -> str:
    return start.start(
        house.engine, process="SFA-03", customer_id=customer_id, business_key=None, data={"discount": 1},
        agent=SYSTEM, now=house.now,
    ).instance.id  # fmt: skip


def test_the_same_rules_move_nobody(house: House) -> None:
    add(house, "C-1")
    found = look(house, document(minimum_stay="P0D"))
    assert (found.customers, found.looked_at, found.moving, found.ways, found.examples) == (1, 1, 0, (), ())
    assert found.before == found.after == {"KA": 1}


def test_counts_from_and_to_with_examples_and_why(house: House) -> None:
    for number, value in enumerate((90, 92, 94, 93, 99, 50)):
        add(house, f"C-{number}", value)
    found = look(house)
    assert [(way.old, way.new, way.customers) for way in found.ways] == [("KA", "GR", 4)]
    assert (found.before, found.after) == ({"GR": 1, "KA": 5}, {"GR": 5, "KA": 1})
    assert len(found.examples) == regrouping.EXAMPLES_OF_EACH
    told = found.examples[0]
    assert "at least 85" in told.before["en"] and "rule R1" in told.before["en"]
    assert "rule R2" in told.why["en"] and "规则 R2" in told.why["zh-CN"]


def test_nothing_is_written(house: House) -> None:
    customer = add(house, "C-1")
    look(house)
    with house.engine.store.reading() as tx:
        kept = tx.customers.get(customer)
        assert kept is not None and kept.group == "KA"
        assert [one.n for one in tx.groups.versions()] == [1] and tx.groups.moves(customer)[0].new == "KA"


@pytest.mark.parametrize(("policy", "told"), [("finish", "finish"), ("move", "ask"), ("ask", "ask")])
def test_running_cases_are_counted_by_process_and_by_whether_anything_would_differ(
    house: House, policy: str, told: str
) -> None:
    with house.engine.store.transaction() as tx:
        process = tx.processes.get("SFA-03")
        assert process is not None
        tx.processes.put(msgspec.structs.replace(process, details={"when_group_changes": policy}))
    bring(house, LIMIT)
    one, two = add(house, "C-1"), add(house, "C-2")
    add(house, "C-3")
    stays = add(house, "C-4", 99)
    for customer in (one, one, two, stays):
        begin(house, customer)
    (touched,) = look(house).touched
    assert (touched.process, touched.cases, touched.differing, touched.policy) == ("SFA-03", 3, 3, told)
    assert sorted(example.cases for example in look(house).examples) == [0, 1, 2]


def test_a_case_whose_variant_is_the_same_in_both_groups_does_not_differ(house: House) -> None:
    begin(house, add(house, "C-1"))
    (touched,) = look(house).touched
    assert (touched.cases, touched.differing) == (1, 0)


def test_the_minimum_stay_holds_customers_back_and_says_how_many(house: House) -> None:
    add(house, "C-1")
    found = look(house, higher() | {"minimum_stay": "P30D"})
    assert (found.moving, found.held, found.after) == (0, 1, {"KA": 1})


def test_whom_no_rule_fits_is_in_no_group(house: House) -> None:
    house.customer("c-9")
    found = look(house)
    assert found.before == {"": 1} and found.after == {"": 1} and found.moving == 0


def test_what_is_wrong_with_the_rules_is_told_instead(house: House) -> None:
    said = document()
    said["groups"][4]["priority"] = 40
    with pytest.raises(errors.Invalid) as refused:
        look(house, said)
    assert "rules_overlap" in [one.code for one in refused.value.problems]
    with pytest.raises(errors.Forbidden):
        regrouping.preview(house.engine, document=document(), agent=LI, now=house.now)


def test_variants_in_use_of_a_group_that_goes_are_named(house: House) -> None:
    bring(house, LIMIT)
    said = document(default="ST")
    said["groups"] = [group for group in said["groups"] if group["key"] != "KA"]
    said["rules"] = [rule for rule in said["rules"] if rule["group"] != "KA"]
    assert look(house, said).lost == ("SFA-03:ka",)
    assert look(house).lost == ()


def test_of_very_many_customers_the_first_are_looked_at_and_the_rest_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrouping, "MOST", 5)
    monkeypatch.setattr(regrouping, "PAGE", 2)
    for number in range(8):
        add(house, f"C-{number}")
    found = look(house)
    assert (found.customers, found.looked_at, found.moving) == (8, 5, 5)


def test_without_any_rules_the_first_ones_give_everybody_a_group(house: House) -> None:
    with house.engine.store.transaction() as tx:
        present = tx.groups.version(1)
        assert present is not None
        tx.groups.put(msgspec.structs.replace(present, status="retired"))
    house.customer("c-1", scores={"current": 50, "potential": 0}, attributes={"contract": "gold", "churn": 0})
    assert [(way.old, way.new) for way in look(house).ways] == [("", "GR")]


def test_what_the_preview_says_is_what_the_release_does(house: House) -> None:
    customers = {add(house, f"C-{value}", value): value for value in (30, 60, 84, 85, 94, 95, 100)}
    said = higher() | {"minimum_stay": "P0D"}
    found = look(house, said)
    seen = drafts.shelf(house.engine, agent=ANN, now=house.now).seen
    house.pass_time(minutes=1)
    drafts.save(house.engine, document=said, seen=seen, agent=ANN, now=house.now)
    drafts.submit(house.engine, agent=ANN, now=house.now)
    drafts.release(house.engine, agent=BEN, now=house.now)
    house.settle()
    with house.engine.store.reading() as tx:
        assert tx.customers.by_group() == found.after
        moved = [customer for customer in customers if len(tx.groups.moves(customer)) > 1]
    assert len(moved) == found.moving


def test_a_house_that_released_its_own_rules_keeps_them_when_the_catalogue_comes_again(house: House) -> None:
    groups.publish(house.engine, document=higher(), agent=ANN, now=house.now)
    with house.engine.store.transaction() as tx:
        shipped._groups(tx, document(), SYSTEM, house.now)
        present = tx.groups.released(house.now)
    assert present is not None and present.rules == higher()
