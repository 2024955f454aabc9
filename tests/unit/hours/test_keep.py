"""Calendars of the house: before the shipped ones, at once for new promises, never for what is due already."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import app, errors
from engine.clock import HandClock
from engine.hours import document, keep, shelf
from engine.model.performer import Performer, Promise
from engine.people.agent import Agent
from engine.ports import Ring
from engine.schedule import calendars
from engine.settings import Settings
from tests.house import ANNA, BOSS, House, house
from tests.kernel.models import literal, node, program
from tests.unit.hours.test_document import GOOD

DESIGNER = Agent(key="dana", name="Dana", roles=frozenset({"designer"}))
SHANGHAI = ZoneInfo("Asia/Shanghai")
FOUR_HOURS = program(
    "start s",
    node(
        "user one",
        performer=Performer(groups=(literal("sales"),)),
        promise=Promise(duration="PT4H", calendar="cn-5x8"),
    ),
    "end e",
    flow=["s > one > e"],
)


@pytest.fixture
def living(tmp_path: Path) -> Any:
    """A house whose calendars are found as they are found outside tests."""
    with house(tmp_path) as made:
        made.engine.__dict__["calendars"] = shelf.Shelf(made.engine.store, made.clock)
        yield made


def put(home: House, seen: int | None = None, **more: Any) -> int:
    given = {**GOOD, **more}
    return keep.put(home.engine, given=given, agent=BOSS, now=home.now, seen=seen).revision


def due(home: House, case: str) -> datetime:
    found = home.item(case, "one").due_at
    assert found is not None
    return found.astimezone(SHANGHAI)


def test_the_shipped_ones_are_listed_with_their_days(home: House) -> None:
    found = {entry.calendar.key: entry for entry in keep.all_of(home.engine, agent=DESIGNER)}
    assert set(found) == set(calendars.BUILT_IN)
    assert not any(entry.changed for entry in found.values())
    assert "国庆节" in {what["zh-CN"] for what in found["cn-5x8"].calendar.holidays.values()}
    assert all(entry.calendar.texts["zh-CN"] and entry.calendar.texts["en"] for entry in found.values())


@pytest.mark.parametrize("key", sorted(calendars.BUILT_IN))
def test_a_shipped_calendar_as_a_document_is_the_same_calendar(home: House, key: str) -> None:
    given = document.write(keep.get(home.engine, key=key, agent=BOSS).calendar)
    made = keep.put(home.engine, given=given, agent=BOSS, now=home.now)
    plain = keep.plain(made)
    built = calendars.BUILT_IN[key]
    assert (plain.weeks, plain.zone, plain.holidays, plain.workdays) == (
        built.weeks, built.zone, built.holidays, built.workdays,
    )  # fmt: skip


def test_a_calendar_of_the_house_is_added_changed_and_told(home: House) -> None:
    assert put(home) == 1
    assert put(home, seen=1, zone="Europe/Berlin") == 2
    found = keep.get(home.engine, key="desk", agent=BOSS)
    assert (found.calendar.zone, found.changed, found.shipped) == ("Europe/Berlin", True, False)
    with home.engine.store.reading() as tx:
        added, changed = reversed(tx.trust.deeds(prefix="calendar."))
    assert (added.what, changed.what, changed.agent) == ("calendar.added", "calendar.changed", "boss")
    assert changed.details == {"differs": {"zone": {"old": "Asia/Shanghai", "new": "Europe/Berlin"}}}


def test_who_was_second_is_told_and_nothing_is_lost(home: House) -> None:
    put(home)
    put(home, seen=1, zone="Europe/Berlin")
    with pytest.raises(errors.Conflict) as caught:
        put(home, seen=1, zone="Europe/Paris")
    assert caught.value.ids["by"] == "boss"
    with pytest.raises(errors.Conflict):
        put(home, seen=0)
    assert keep.get(home.engine, key="desk", agent=BOSS).calendar.zone == "Europe/Berlin"


@pytest.mark.parametrize("agent", [ANNA, DESIGNER])
def test_only_administrators_change_calendars(home: House, agent: Agent) -> None:
    with pytest.raises(errors.Forbidden):
        keep.put(home.engine, given=GOOD, agent=agent, now=home.now)
    with pytest.raises(errors.Forbidden):
        keep.put_back(home.engine, key="cn-5x8", agent=agent, now=home.now)


def test_a_change_counts_for_the_next_promise_and_not_for_what_is_due_already(living: House) -> None:
    """Monday 2026-03-02, 17:00 in China: one hour left today."""
    living.release(FOUR_HOURS)
    before = living.start()
    assert due(living, before) == datetime(2026, 3, 3, 12, 0, tzinfo=SHANGHAI)
    given = document.write(keep.get(living.engine, key="cn-5x8", agent=BOSS).calendar)
    given["holidays"]["2026-03-03"] = "厂庆"
    keep.put(living.engine, given=given, agent=BOSS, now=living.now)
    living.clock.advance(timedelta(seconds=2))
    after = living.start()
    assert due(living, after) > datetime(2026, 3, 4, 11, 59, tzinfo=SHANGHAI)
    assert due(living, before) == datetime(2026, 3, 3, 12, 0, tzinfo=SHANGHAI)


def test_put_back_the_shipped_one_counts_again(living: House) -> None:
    put(living, key="cn-5x8", holidays={}, workdays={})
    assert living.engine.calendars["cn-5x8"].holidays == frozenset()
    keep.put_back(living.engine, key="cn-5x8", agent=BOSS, now=living.now)
    living.clock.advance(timedelta(seconds=2))
    assert living.engine.calendars["cn-5x8"] == calendars.BUILT_IN["cn-5x8"]
    with pytest.raises(errors.NotFound):
        keep.put_back(living.engine, key="cn-5x8", agent=BOSS, now=living.now)


def test_a_calendar_of_the_house_alone_stays(home: House) -> None:
    put(home)
    with pytest.raises(errors.Conflict) as caught:
        keep.put_back(home.engine, key="desk", agent=BOSS, now=home.now)
    assert caught.value.code == "calendar_own"
    with pytest.raises(errors.NotFound):
        keep.put_back(home.engine, key="none", agent=BOSS, now=home.now)


def test_a_promise_may_name_the_house_s_own_calendar(living: House) -> None:
    promise = Promise(duration="P1D", calendar="desk")
    one = node("user one", performer=Performer(groups=(literal("sales"),)), promise=promise)
    living.release(program("start s", one, "end e", flow=["s > one > e"]))
    put(living)
    found = due(living, living.start())
    assert found == datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI), "Saturday is the next day, closed at 17:00"


def test_the_shelf_forgets_when_the_bell_rings_for_calendars(home: House) -> None:
    found = shelf.Shelf(home.engine.store, home.clock)
    assert "desk" not in found
    put(home)
    assert "desk" not in found, "kept for a second"
    found.heard([Ring("job")])
    assert "desk" not in found
    found.heard([Ring("calendar")])
    assert found["desk"].zone == "Asia/Shanghai"
    assert set(found) == {"desk", *calendars.BUILT_IN} and len(found) == len(calendars.BUILT_IN) + 1


def test_the_running_engine_knows_a_new_calendar_at_once(tmp_path: Path, home: House) -> None:
    engine = app.build(Settings(data_dir=tmp_path / "x", queue="inline"), clock=HandClock(home.now), dispatcher=False)
    try:
        assert "desk" not in engine.calendars
        keep.put(engine, given=GOOD, agent=BOSS, now=home.now)
        assert "desk" in engine.calendars
    finally:
        engine.close()


def test_a_country_s_days_are_added_beside_what_is_set() -> None:
    given = {**GOOD, "holidays": {"2026-10-01": "厂庆", "2026-10-10": "秋游"}, "workdays": {"2026-10-02": "盘点"}}
    found = keep.with_holidays(given, country="CN", years=[2026])
    assert found["holidays"]["2026-10-01"] == "厂庆"
    assert found["holidays"]["2026-02-17"]["zh-CN"] == "春节"
    assert "2026-10-02" not in found["holidays"] and "2026-10-10" not in found["workdays"]
    assert "2026-09-20" in found["workdays"]
    document.read(found, now=datetime(2026, 3, 2, tzinfo=SHANGHAI), agent="boss")
