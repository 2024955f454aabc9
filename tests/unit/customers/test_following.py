"""When new rules hold, every customer is looked at anew, once; no running case moves without being asked about."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import records, variation
from engine.customers import following, groups
from engine.migration import plans
from engine.people.agent import SYSTEM
from engine.runtime import instances
from tests import house as houses
from tests.house import BOSS, House
from tests.kernel.models import message, node, program
from tests.unit.customers.books import document
from tests.unit.customers.test_drafts import higher, released
from tests.unit.migration.test_bulk import finish
from tests.unit.migration.test_group_change import BASE, FOR_KA, variant


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    with houses.house(tmp_path) as made:
        groups.publish(made.engine, document=document(minimum_stay="P0D"), agent=SYSTEM, now=made.now)
        made.pass_time(hours=1)
        yield made


def add(desk: House, key: str = "c-1", value: int = 90, group: str = "KA", **more: Any) -> None:
    known = {"scores": {"current": value, "potential": 0}, "attributes": {"contract": "gold", "churn": 0}}
    desk.customer(key, group=group, group_since=desk.now, kind="customer", **{**known, **more})


def get(desk: House, key: str = "c-1") -> records.Customer:
    with desk.engine.store.reading() as tx:
        found = tx.customers.get(key)
    assert found is not None
    return found


def moves(desk: House, key: str = "c-1") -> list[variation.GroupMove]:
    with desk.engine.store.reading() as tx:
        return tx.groups.moves(key)


def stricter() -> dict[str, Any]:
    return higher() | {"minimum_stay": "P0D"}


def test_customers_change_group_when_the_rules_do_and_their_history_says_which(desk: House) -> None:
    add(desk, "c-1", 90)
    add(desk, "c-2", 99)
    released(desk, stricter())
    assert get(desk).group == "KA", "not before the round"
    desk.settle()
    assert (get(desk).group, get(desk, "c-2").group) == ("GR", "KA")
    (move,) = moves(desk)
    assert (move.old, move.new, move.decided["released"], move.decided["rule"]) == ("KA", "GR", 2, "R2")
    assert moves(desk, "c-2") == []


def test_rules_for_later_move_nobody_before_their_moment(desk: House) -> None:
    add(desk)
    released(desk, stricter(), valid_from=desk.now + timedelta(days=1))
    desk.settle()
    assert get(desk).group == "KA"
    desk.pass_time(days=1)
    desk.settle()
    assert get(desk).group == "GR"


def test_every_customer_is_looked_at_once_however_many_there_are(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 4)
    for number in range(11):
        add(desk, f"c-{number:02}")
    released(desk, stricter())
    looked = []
    while done := following.regroup_due(desk.engine, now=desk.now, limit=1):
        looked.append(done)
    assert looked == [4, 4, 3]
    assert {get(desk, f"c-{number:02}").group for number in range(11)} == {"GR"}
    assert following.regroup_due(desk.engine, now=desk.now, limit=1) == 0


def test_a_version_that_others_went_past_is_followed_no_further(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 1)
    for number in range(3):
        add(desk, f"c-{number}")
    released(desk, stricter())
    following.regroup_due(desk.engine, now=desk.now, limit=1)
    desk.pass_time(minutes=1)
    released(desk, document(minimum_stay="P0D"))
    desk.settle()
    assert {get(desk, f"c-{number}").group for number in range(3)} == {"KA"}
    with desk.engine.store.reading() as tx:
        assert tx.groups.unfinished(desk.now) == []


def test_a_hand_and_the_minimum_stay_go_before_new_rules(desk: House) -> None:
    add(desk, "c-1")
    groups.override(
        desk.engine, customer_id="c-1", group="KA", reason="decided by the board", until=date(2026, 12, 31),
        agent=BOSS, now=desk.now,
    )  # fmt: skip
    add(desk, "c-2")
    released(desk, higher() | {"minimum_stay": "P30D"})
    desk.settle()
    assert (get(desk, "c-1").group, get(desk, "c-2").group) == ("KA", "KA")
    assert get(desk, "c-2").decided["how"] == "held"


def test_whom_no_rule_fits_stays_where_they_are_and_holds_up_nobody(desk: House) -> None:
    add(desk, "c-1", scores={})
    add(desk, "c-2")
    released(desk, stricter())
    desk.settle()
    assert (get(desk, "c-1").group, get(desk, "c-2").group) == ("KA", "GR")


@pytest.mark.parametrize("policy", ["finish", "move", "ask"])
def test_a_release_moves_no_running_case_by_itself(desk: House, policy: str) -> None:
    desk.release(BASE, when_group_changes=policy)
    add(desk, value=50, group="GR")
    case = desk.start()
    finish(desk, case, "a")
    variant(desk, "KA", FOR_KA)
    lower = document(minimum_stay="P0D")
    lower["rules"][0]["when"]["value"] = ">= 45"
    lower["rules"][1]["when"]["value"] = "[40..45)"
    lower["rules"][3]["when"]["value"] = ">= 45"
    released(desk, lower)
    desk.settle()
    assert get(desk).group == "KA" and desk.instance(case).program == BASE.sha256
    proposed = [one.plan.patient for one in plans.listed(desk.engine, agent=BOSS)]
    assert proposed == ([] if policy == "finish" else [False])


def test_who_has_running_cases_is_announced_to_the_process_for_it(desk: House) -> None:
    begin = node("start changed", triggers=(message(following.MESSAGE),))
    desk.release(BASE)
    desk.release(program(begin, "user hear", "end e", flow=["changed > hear > e"], key="x"))
    add(desk, "c-1")
    add(desk, "c-2")
    desk.start()
    released(desk, stricter())
    desk.settle()
    assert get(desk, "c-2").group == "GR"
    with desk.engine.store.reading() as tx:
        (begun,) = tx.instances.search(where={"process": "x"}, after="", limit=10)
    assert begun.customer_id == "c-1"
    seen = instances.get(desk.engine, instance_id=begun.id).variables
    assert (seen["from_group"], seen["source"]) == ("KA", "group rules v2")
