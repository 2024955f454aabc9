"""What is worth tidying up among the variants of a process, and what is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import errors
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import smells
from tests.house import House
from tests.unit.customers.books import document
from tests.unit.customers.books import text as named
from tests.unit.variants.desk import ANN, LI, LIMIT, PHONE, bring, desk
from tests.unit.variants.models import text


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    rules = document()
    rules["groups"].append({"key": "KA1", "parent": "KA", "priority": 50, "names": named("Key of keys")})
    with desk(tmp_path, rules) as made:
        yield made


def found(house: House, kind: str = "") -> list[smells.Smell]:
    told = smells.smells(house.engine, process="SFA-03", agent=ANN, now=house.now)
    return [one for one in told if not kind or one.kind == kind]


def of(group: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {**operation, "id": f"{group.lower()}_{operation['kind']}"}


def test_what_siblings_share_could_go_up(house: House) -> None:
    for group in ("KA", "GR", "ST"):
        bring(house, of(group, LIMIT), group=group)
    (one,) = found(house, "shared")
    assert one.variants == ("SFA-03:gr", "SFA-03:ka", "SFA-03:st")
    assert one.operations == ("gr_set_parameter", "ka_set_parameter", "st_set_parameter")
    assert one.says == {
        "zh-CN": "GR, KA, ST 都有同样的变更（set_parameter）：可以上移到All群",
        "en": "GR, KA, ST all have the same change (set_parameter): it could go up to All",
    }


@pytest.mark.parametrize(
    ("first", "second", "groups"),
    [
        (LIMIT, {**LIMIT, "value": 51}, ("KA", "GR")),
        (LIMIT, PHONE, ("KA", "GR")),
        (LIMIT, LIMIT, ("KA", "KA1")),
    ],
    ids=["another value", "another kind", "child and parent"],
)
def test_what_differs_or_is_inherited_is_not_shared(
    house: House, first: dict[str, Any], second: dict[str, Any], groups: tuple[str, str]
) -> None:
    for group, operation in zip(groups, (first, second), strict=True):
        bring(house, of(group, operation), group=group)
    assert found(house, "shared") == []


def test_reasons_and_ids_do_not_make_two_operations_different(house: House) -> None:
    bring(house, of("KA", LIMIT))
    bring(house, {**of("GR", LIMIT), "reason": text("quite another reason")}, group="GR")
    assert len(found(house, "shared")) == 1


def test_an_operation_that_changes_nothing_is_told(house: House) -> None:
    bring(house, {**LIMIT, "value": 10}, PHONE)
    (one,) = found(house, "needless")
    assert (one.variants, one.operations) == (("SFA-03:ka",), ("ka_limit",))
    assert one.says["en"] == "SFA-03:ka: “limit: 10 (was 10)” changes nothing"


def test_an_operation_that_a_later_one_overrides_is_needless(house: House) -> None:
    bring(house, {**LIMIT, "id": "ka_first", "value": 20}, LIMIT)
    assert [one.operations for one in found(house, "needless")] == [("ka_first",)]


def test_one_that_repeats_its_parent_is_needless(house: House) -> None:
    bring(house, LIMIT)
    bring(house, {**LIMIT, "id": "ka1_limit"}, group="KA1")
    assert [one.variants for one in found(house, "needless")] == [("SFA-03:ka1",)]


def test_a_useful_one_is_not_told(house: House) -> None:
    bring(house, LIMIT, PHONE)
    assert found(house) == []


def begin(house: House, count: int, hours: float, gold: bool) -> None:
    """Cases of a key account, or of somebody who gets the base, that take so long."""
    key = "gold" if gold else "plain"
    with house.engine.store.reading() as tx:
        known = tx.customers.get(key)
    if known is None:
        contract = "gold" if gold else "none"
        scores = {"current": 90 if gold else 10, "potential": 0}
        house.customer(key, group="KA" if gold else "ST", scores=scores, attributes={"contract": contract, "churn": 0})
    begun = [
        start.start(
            house.engine, process="SFA-03", customer_id=key, business_key=None, data={"discount": 1}, agent=SYSTEM,
            now=house.now,
        ).instance.id
        for _ in range(count)
    ]  # fmt: skip
    house.clock.advance(timedelta(hours=hours))
    for instance_id in begun:
        finish(house, instance_id)


def finish(house: House, instance_id: str) -> None:
    """Ended now, whatever is left to do: only how long it took counts here."""
    with house.engine.store.transaction() as tx:
        moment = int(house.now.timestamp() * 1_000_000)
        tx.connection.execute(  # type: ignore[attr-defined]
            sa.text("UPDATE instance SET status = 'completed', ended_at = :at WHERE id = :id"),
            {"at": moment, "id": instance_id},
        )


def test_a_variant_without_cases_is_told_after_four_weeks(house: House) -> None:
    bring(house, LIMIT)
    house.clock.advance(timedelta(days=27))
    assert found(house, "idle") == []
    house.clock.advance(timedelta(days=1))
    (one,) = found(house, "idle")
    assert one.says == {"zh-CN": "SFA-03:ka 近 28 天没有办件", "en": "SFA-03:ka: no case in 28 days"}
    begin(house, 1, 1, gold=True)
    assert found(house, "idle") == []
    house.clock.advance(timedelta(days=28))
    assert len(found(house, "idle")) == 1


@pytest.mark.parametrize(
    ("base_hours", "own_hours", "count", "told"),
    [(10, 12, 20, True), (10, 11, 20, False), (10, 8, 20, False), (10, 30, 19, False)],
    ids=["worse", "within a tenth", "better", "too few cases"],
)
def test_a_variant_that_is_slower_than_the_base_is_told(
    house: House, base_hours: float, own_hours: float, count: int, told: bool
) -> None:
    bring(house, LIMIT)
    begin(house, 20, base_hours, gold=False)
    begin(house, count, own_hours, gold=True)
    said = found(house, "worse")
    assert bool(said) is told
    if told:
        assert said[0].says["en"] == "SFA-03:ka: its cases take 12.0 hours in the middle, the base's 10.0"
        assert "12.0 小时" in said[0].says["zh-CN"]


def test_staff_are_not_told(house: House) -> None:
    with pytest.raises(errors.Forbidden):
        smells.smells(house.engine, process="SFA-03", agent=LI, now=house.now)
