"""How long a process keeps what ended, by its own word or the house's."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import dispatch
from engine.inbox import act
from engine.runtime import instances, retention
from engine.settings import Settings
from tests.house import ANNA, House
from tests.kernel.models import literal, node, program
from tests.store.test_crash import Performer

DAY = timedelta(days=1)


def asks(key: str) -> Any:
    worker = Performer(groups=(literal("sales"),))
    return program("start s", node("user one", performer=worker), "end e", flow=["s > one > e"], key=key)


def ended(home: House, process: str) -> str:
    case = home.start(process)
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    return case


def left(home: House) -> set[str]:
    return {one.id for one in instances.search(home.engine, limit=200)}


def of_house(home: House, days: int) -> Any:
    """The engine of a house that keeps what ended so long."""
    settings = home.engine.settings.model_copy(update={"keep_ended_days": days})
    return dataclasses.replace(home.engine, settings=settings)


def test_what_nobody_limits_is_kept_for_ever(home: House) -> None:
    home.release(asks("p"))
    case = ended(home, "p")
    home.clock.advance(20_000 * DAY)
    assert retention.forget_old(home.engine, now=home.now) == 0
    assert left(home) == {case}


def test_each_process_keeps_its_cases_as_long_as_it_says(home: House) -> None:
    home.release(asks("short"), keep_ended_days=30)
    home.release(asks("long"), keep_ended_days=400)
    home.release(asks("ever"))
    cases = {key: ended(home, key) for key in ("short", "long", "ever")}
    home.clock.advance(30 * DAY)
    assert retention.forget_old(home.engine, now=home.now) == 0, "the moment itself is not before it"
    home.clock.advance(DAY)
    assert retention.forget_old(home.engine, now=home.now) == 1
    assert left(home) == {cases["long"], cases["ever"]}
    home.clock.advance(400 * DAY)
    assert retention.forget_old(home.engine, now=home.now) == 1
    assert left(home) == {cases["ever"]}


def test_the_house_speaks_for_processes_that_say_nothing(home: House) -> None:
    home.release(asks("own"), keep_ended_days=100)
    home.release(asks("none"))
    cases = {key: ended(home, key) for key in ("own", "none")}
    home.clock.advance(50 * DAY)
    assert retention.forget_old(of_house(home, 10), now=home.now) == 1
    assert left(home) == {cases["own"]}


def test_what_runs_is_kept_however_old_it_is(home: House) -> None:
    home.release(asks("p"), keep_ended_days=1)
    running = home.start("p")
    home.clock.advance(3_000 * DAY)
    assert retention.forget_old(home.engine, now=home.now) == 0
    assert left(home) == {running}


def test_it_takes_a_few_at_a_time_and_goes_on_the_next_time(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "MOST", 2)
    home.release(asks("p"), keep_ended_days=1)
    for _ in range(7):
        ended(home, "p")
    home.clock.advance(2 * DAY)
    assert [retention.forget_old(home.engine, now=home.now) for _ in range(3)] == [4, 3, 0]


def test_the_oldest_go_first(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr(retention, "MOST", 1)
    home.release(asks("p"), keep_ended_days=1)
    first, second = home.start("p"), home.start("p")
    for case in (second, first):  # the one that began last ended first
        act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
        home.clock.advance(timedelta(hours=1))
    home.clock.advance(2 * DAY)
    retention.forget_old(home.engine, now=home.now)
    assert left(home) == {first}


def test_the_dispatchers_sweep_does_it(home: House) -> None:
    home.release(asks("p"), keep_ended_days=1)
    ended(home, "p")
    rounds = dispatch.Dispatcher(home.engine)
    home.clock.advance(2 * DAY)
    rounds()
    assert left(home) == set()


@pytest.mark.parametrize(("said", "house", "days"), [(None, 0, 0), (None, 9, 9), (5, 9, 5), (5, 0, 5), (0, 9, 9)])
def test_the_processs_own_word_wins(said: int | None, house: int, days: int, home: House) -> None:
    home.release(asks("p"), **({} if said is None else {"keep_ended_days": said}))
    with home.engine.store.reading() as tx:
        process = tx.processes.get("p")
    assert process is not None
    assert retention.days(process, house=house) == days


@pytest.mark.parametrize("wrong", [-1, 36_501, "long"])
def test_a_house_names_a_number_of_days(wrong: Any) -> None:
    with pytest.raises(ValueError, match="keep_ended_days"):
        Settings(keep_ended_days=wrong)


def test_many_processes_are_looked_at_by_their_own_index(home: House) -> None:
    """However much others keep, a process's old cases are found at once."""
    with home.engine.store.reading() as tx:
        asked = (
            "EXPLAIN QUERY PLAN SELECT ended_at, id FROM instance WHERE process = 'p' AND ended_at < 5 ORDER BY 1, 2"
        )
        (plan,) = tx.connection.exec_driver_sql(asked).all()  # type: ignore[attr-defined]
    assert "ix_instance_ended" in str(plan)


def moments(home: House, process: str, **more: Any) -> list[datetime]:
    with home.engine.store.reading() as tx:
        return [when for when, _ in tx.instances.ended(process, limit=10, **more)]


def test_ended_cases_are_listed_by_their_moment_and_paged_behind_the_last(home: House) -> None:
    home.release(asks("p"))
    begun = home.now
    for _ in range(3):
        ended(home, "p")
        home.clock.advance(DAY)
    assert moments(home, "p", before=home.now) == [begun, begun + DAY, begun + 2 * DAY]
    assert moments(home, "p", before=begun + DAY) == [begun]
    with home.engine.store.reading() as tx:
        first = tx.instances.ended("p", before=home.now, limit=1)[0]
        assert len(tx.instances.ended("p", before=home.now, after=first, limit=10)) == 2
    assert moments(home, "other", before=home.now) == []
