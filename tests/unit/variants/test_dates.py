"""A release from a moment to come: shown, honoured by the choice, and given back when it cannot be kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors, records
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import approval, matrix, release, tryout, version
from tests.house import House
from tests.unit.variants.desk import ANN, BEN, LI, LIMIT, PHONE, act, approved, base, bring, desk, improved, versions

DAY = timedelta(days=1)
GOLD: dict[str, Any] = {"values": {"current": 90, "potential": 0}, "contract": "gold", "churn": 0}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path) as made:
        yield made


def program_of_a_start(house: House) -> str:
    with house.engine.store.reading() as tx:
        known = tx.customers.get("gold")
    if known is None:
        house.customer("gold", group="KA", scores={"current": 90, "potential": 0}, attributes={"contract": "gold"})
    begun = start.start(
        house.engine, process="SFA-03", customer_id="gold", business_key=None, data={}, agent=SYSTEM, now=house.now
    )
    return begun.instance.program


def row(house: House) -> matrix.Cell:
    return next(one for one in matrix.matrix(house.engine, agent=ANN).rows[0].cells if one.group == "KA")


def test_a_version_is_released_at_its_moment_and_not_before(house: House) -> None:
    first = bring(house, LIMIT)
    second = approved(house, LIMIT, PHONE)
    moment = house.now + DAY
    done = act(house, release.release, BEN, second, valid_from=moment, note="from Tuesday")
    assert (done.status, done.valid_from, done.history[-1].did) == ("approved", moment, "scheduled")
    assert done.history[-1].note == "from Tuesday"
    house.pass_time(hours=23)
    assert program_of_a_start(house) == first.program and versions(house) == {1: "released", 2: "approved"}
    house.pass_time(hours=1)
    assert versions(house) == {1: "retired", 2: "released"}
    assert program_of_a_start(house) == second.program


def test_the_matrix_shows_from_when(house: House) -> None:
    moment = house.now + DAY
    act(house, release.release, BEN, approved(house, LIMIT), valid_from=moment)
    assert (row(house).draft, row(house).valid_from) == (1, moment)
    house.pass_time(days=1)
    assert (row(house).state, row(house).draft, row(house).valid_from) == ("own", 0, None)


def test_the_tester_of_a_day_to_come_knows_what_will_be_in_use(house: House) -> None:
    bring(house, LIMIT)
    moment = house.now + 3 * DAY
    act(house, release.release, BEN, approved(house, LIMIT, PHONE), valid_from=moment)

    def at(when: datetime) -> int:
        return tryout.try_out(house.engine, process="SFA-03", facts=GOLD, at=when, agent=ANN, now=house.now).n

    assert [at(house.now), at(moment - timedelta(seconds=1)), at(moment), at(moment + 300 * DAY)] == [1, 1, 2, 2]


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1), 400 * DAY])
def test_a_moment_that_is_past_is_now(house: House, back: timedelta) -> None:
    done = act(house, release.release, BEN, approved(house, LIMIT), valid_from=house.now - back)
    assert (done.status, done.valid_from, done.released_at) == ("released", None, house.now)


def test_another_moment_replaces_the_first_and_none_takes_it_back(house: House) -> None:
    found = approved(house, LIMIT)
    act(house, release.release, BEN, found, valid_from=house.now + DAY)
    act(house, release.release, BEN, found, valid_from=house.now + 2 * DAY)
    house.pass_time(days=1)
    assert versions(house) == {1: "approved"}
    off = act(house, release.unschedule, ANN, found)
    assert (off.status, off.valid_from, off.history[-1].did) == ("approved", None, "unscheduled")
    house.pass_time(days=5)
    assert versions(house) == {1: "approved"}
    with pytest.raises(errors.Conflict) as refused:
        act(house, release.unschedule, ANN, found)
    assert refused.value.code == "not_scheduled"


@pytest.mark.parametrize("what", ["draft", "submitted", "released"])
def test_only_what_is_approved_gets_a_date(house: House, what: str) -> None:
    from_then = house.now + DAY
    found = bring(house, LIMIT) if what == "released" else act(house, approval.submit, ANN, saved(house))
    if what == "draft":
        act(house, approval.send_back, BEN, found, note="not yet")
    with pytest.raises(errors.Conflict) as refused:
        act(house, release.release, BEN, found, valid_from=from_then)
    assert refused.value.code == "not_approved"
    assert refused.value.text["zh-CN"] and "not approved" in refused.value.text["en"]


def saved(house: House) -> Any:
    from_desk = approved(house, LIMIT)
    return act(house, approval.send_back, BEN, from_desk, note="again")


def test_what_it_stands_on_changed_meanwhile_gives_it_back_with_the_reason(house: House) -> None:
    found = approved(house, LIMIT)
    act(house, release.release, BEN, found, valid_from=house.now + DAY)
    house.release(improved(base(), {"kind": "delete", "target": "Check"}))
    house.pass_time(days=1)
    with house.engine.store.reading() as tx:
        back = version.get(tx, found.variant_id, 1)
    assert (back.status, back.valid_from, back.program) == ("draft", None, "")
    assert [one.did for one in back.history[-2:]] == ["scheduled", "refused"]
    (problem,) = back.problems
    assert problem.code == "ground_changed" and problem.text["zh-CN"]
    house.pass_time(days=1)
    assert versions(house) == {1: "draft"}, "it is not tried again"


def test_sending_back_takes_the_date_with_it(house: House) -> None:
    found = approved(house, LIMIT)
    act(house, release.release, BEN, found, valid_from=house.now + DAY)
    back = act(house, approval.send_back, BEN, found, note="wait")
    assert (back.status, back.valid_from) == ("draft", None)
    house.pass_time(days=2)
    assert versions(house) == {1: "draft"}


def test_released_early_by_hand_it_is_not_released_again(house: House) -> None:
    found = approved(house, LIMIT)
    act(house, release.release, BEN, found, valid_from=house.now + DAY)
    done = act(house, release.release, BEN, found)
    assert (done.status, done.valid_from) == ("released", None)
    house.pass_time(days=2)
    with house.engine.store.reading() as tx:
        assert [one.did for one in version.get(tx, found.variant_id, 1).history].count("released") == 1


def test_a_released_date_is_known_to_whoever_asks_when_the_next_thing_is_due(house: House) -> None:
    moment = house.now + DAY
    act(house, release.release, BEN, approved(house, LIMIT), valid_from=moment)
    with house.engine.store.reading() as tx:
        assert tx.due.next() == moment
        assert tx.variants.scheduled(moment - timedelta(seconds=1), 10) == []
        assert [one.n for one in tx.variants.scheduled(moment, 10)] == [1]


def test_the_earliest_comes_first_and_no_more_than_asked_for(house: House) -> None:
    for days, group in ((3, "KA"), (1, "GR"), (2, "ST")):
        limit = {**LIMIT, "id": f"{group.lower()}_limit"}
        act(house, release.release, BEN, approved(house, limit, group=group), valid_from=house.now + days * DAY)
    with house.engine.store.reading() as tx:
        found = tx.variants.scheduled(house.now + 9 * DAY, 2)
    assert [one.variant_id for one in found] == ["SFA-03:gr", "SFA-03:st"]
    house.pass_time(days=9)
    with house.engine.store.reading() as tx:
        assert len(tx.variants.released("SFA-03")) == 3


def test_out_of_use_the_group_falls_back_and_the_reason_is_kept(house: House) -> None:
    bring(house, LIMIT)
    gone = release.retire(house.engine, variant_id="SFA-03:ka", agent=BEN, now=house.now, note="nobody wants it")
    assert (gone.status, gone.history[-1].did, gone.history[-1].note) == ("retired", "retired", "nobody wants it")
    with house.engine.store.reading() as tx:
        released = tx.processes.released("SFA-03")
    assert isinstance(released, records.BaseVersion)
    assert program_of_a_start(house) == released.program
    with pytest.raises(errors.Conflict) as refused:
        release.retire(house.engine, variant_id="SFA-03:ka", agent=BEN, now=house.now)
    assert refused.value.code == "nothing_released"
    back = release.roll_back(house.engine, variant_id="SFA-03:ka", agent=BEN, now=house.now)
    assert back.status == "released"


@pytest.mark.parametrize("deed", [release.release, release.unschedule])
def test_staff_set_no_dates(house: House, deed: Any) -> None:
    with pytest.raises(errors.Forbidden):
        act(house, deed, LI, approved(house, LIMIT))
    with pytest.raises(errors.Forbidden):
        release.retire(house.engine, variant_id="SFA-03:ka", agent=LI, now=house.now)
