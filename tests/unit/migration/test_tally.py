"""A dry run page by page, and what became of a migration in numbers."""

from typing import Any

import pytest

from engine import errors
from engine.migration import plans, tally
from tests.house import ANNA, BOSS, House
from tests.unit.migration.test_bulk import V1, V2, at_b, begin, finish, line, order

GONE = line("a", "c")
"""Without ``b``: who is at it, or has done it, is in the way."""


@pytest.fixture
def crowd(house: House) -> list[str]:
    """Seven at ``a``, two at ``b``."""
    house.release(V1)
    made = sorted([house.start() for _ in range(7)] + [at_b(house) for _ in range(2)])
    house.release(V2)
    return made


def pages(house: House, size: int, monkeypatch: pytest.MonkeyPatch, **more: Any) -> list[plans.DryRun]:
    monkeypatch.setattr(plans, "MOST_LOOKED_AT", size)
    found = [plans.dry_run(house.engine, order=order(**more), agent=BOSS, now=house.now)]
    while found[-1].next:
        wanted = order(after=found[-1].next, **more)
        found.append(plans.dry_run(house.engine, order=wanted, agent=BOSS, now=house.now))
    return found


@pytest.mark.parametrize(("size", "lengths"), [(4, [4, 4, 1]), (3, [3, 3, 3]), (9, [9]), (100, [9]), (1, [1] * 9)])
def test_every_instance_is_on_exactly_one_page_of_a_dry_run(
    house: House, crowd: list[str], size: int, lengths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pages(house, size, monkeypatch)
    assert [len(page.prospects) for page in found] == lengths
    assert sorted(one.instance_id for page in found for one in page.prospects) == crowd
    assert {page.running for page in found} == {9} and found[-1].next == ""


def test_chosen_instances_are_found_wherever_they_stand_in_the_list(
    house: House, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those beyond the first page: they were passed over once."""
    monkeypatch.setattr(plans, "MOST_LOOKED_AT", 3)
    wanted = order(instances=(crowd[8], crowd[5], "nobody", crowd[8]))
    found = plans.dry_run(house.engine, order=wanted, agent=BOSS, now=house.now)
    assert [one.instance_id for one in found.prospects] == [crowd[5], crowd[8]] and found.next == ""


def counted(house: House, plan_id: str) -> tally.Tally:
    return tally.tally(house.engine, plan_id=plan_id, agent=BOSS)


def test_all_are_counted_by_class_and_status(house: House, crowd: list[str]) -> None:
    done = begin(house, order())
    assert counted(house, done.plan.id).classes == {"compliant": {"moved": 9}}
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now, instances=crowd[:4])
    house.settle()
    assert counted(house, done.plan.id).classes == {"compliant": {"moved": 5, "undone": 4}}


def test_what_nobody_has_looked_at_yet_has_no_class(house: House, crowd: list[str]) -> None:
    begun = plans.begin(house.engine, order=order(), reason="r", agent=BOSS, now=house.now)
    assert counted(house, begun.plan.id) == tally.Tally(classes={"": {"waiting": 9}}, causes=())


def test_causes_are_told_once_each_with_how_many_and_the_most_frequent_first(house: House, crowd: list[str]) -> None:
    for instance_id in crowd[:1]:
        items = [one.node for one in house.items(instance_id)]
        if "a" in items:
            finish(house, instance_id, "a")
    house.release(GONE)
    done = begin(house, order(new=GONE))
    found = counted(house, done.plan.id)
    assert sum(sum(by.values()) for by in found.classes.values()) == 9
    assert [one.count for one in found.causes] == sorted((one.count for one in found.causes), reverse=True)
    stays = [one for one in found.causes if one.status == "stays"]
    assert stays and sum(one.count for one in stays) >= found.classes.get("adjustable", {}).get("stays", 0)
    assert {one.node for one in stays} == {"b"}
    assert all(one.text["zh-CN"] and one.text["en"] for one in found.causes)
    assert len({(one.code, one.node, one.status) for one in found.causes}) == len(found.causes)


def test_more_moves_than_are_read_at_a_time_are_all_counted(
    house: House, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.release(GONE)
    done = begin(house, order(new=GONE))
    whole = counted(house, done.plan.id)
    monkeypatch.setattr(tally, "AT_A_TIME", 2)
    assert counted(house, done.plan.id) == whole


def test_only_who_may_move_cases_sees_the_numbers_and_an_unknown_migration_is_told(house: House) -> None:
    with pytest.raises(errors.Forbidden):
        tally.tally(house.engine, plan_id="x", agent=ANNA)
    with pytest.raises(errors.NotFound):
        counted(house, "x")
