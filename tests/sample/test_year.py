"""The year before today: lived by the engine itself, with nothing stuck and nothing in the future."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import app, ports, records
from engine.customers import register
from engine.model.text import EN
from engine.people.agent import SYSTEM
from engine.sample import clients, company, crowd, habits, year
from engine.settings import Settings
from engine.simulation.scenario import Begin, Scenario
from tests.house import migrated
from tests.processes import shipped

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
CASES = 30
TOLD = Scenario(start=Begin(business_key="T-1", at=datetime(2026, 3, 2, 9, tzinfo=UTC)))


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, int, int]]) -> Iterator[ports.Engine]:
    folder: Path = tmp_path_factory.mktemp("year")
    migrated(folder / "crmflow.db")
    built = app.build(Settings(data_dir=folder, queue="inline"), dispatcher=False)
    company.load(built, now=NOW, told=lambda what, done, of: told.append((what, done, of)), year=CASES)
    yield built
    built.close()


def cases(engine: ports.Engine) -> list[records.Instance]:
    with engine.store.reading() as tx:
        found: list[records.Instance] = tx.lists.find(records.Instance, where=[], order=[], first=0, limit=10_000)
    return found


def test_most_cases_of_the_year_came_to_an_end_and_those_of_many_processes(engine: ports.Engine) -> None:
    past = [case for case in cases(engine) if case.started_at < NOW - timedelta(days=14)]
    ended = [case for case in past if case.status != "active"]

    assert len(past) >= CASES
    assert len(ended) >= 0.7 * len(past)
    assert len({case.process for case in ended}) >= 8


def test_they_are_spread_over_the_year(engine: ports.Engine) -> None:
    months = {case.started_at.strftime("%Y-%m") for case in cases(engine)}

    assert len(months) >= 9
    assert min(case.started_at for case in cases(engine)) >= NOW - timedelta(days=year.DAYS)


def test_nothing_happens_tomorrow(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        for case in cases(engine):
            assert all(row.at <= NOW for row in tx.facts.of_instance(case.id)), case.business_key


def test_people_did_the_work_in_working_hours(engine: ports.Engine) -> None:
    done = []
    with engine.store.reading() as tx:
        for case in cases(engine):
            if case.started_at < NOW - timedelta(days=30):
                done += [row for row in tx.facts.of_instance(case.id) if type(row.fact).__name__ == "WorkItemCompleted"]
    hours = Counter(row.at.astimezone(year.ZONE).hour for row in done if row.agent != "system")

    assert sum(hours.values()) >= CASES / 2
    assert set(hours) <= set(range(9, 19))
    assert len({row.agent for row in done}) >= 8, "several people work here"


def test_nothing_is_stuck(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        stuck = tx.lists.find(records.Incident, where=[], order=[], first=0, limit=100)

    assert [(one.node, one.message[EN]) for one in stuck] == []


def test_the_progress_of_the_year_is_told_to_the_end(engine: ports.Engine, told: list[tuple[str, int, int]]) -> None:
    days = [(done, of) for what, done, of in told if what == "a year of work"]

    assert days[-1] == (year.DAYS, year.DAYS)
    assert [done for done, _ in days] == sorted(done for done, _ in days)


def test_a_year_is_lived_once(engine: ports.Engine) -> None:
    before = len(cases(engine))
    company.load(engine, now=NOW, year=CASES)

    assert len(cases(engine)) == before


def test_the_crowd_is_the_same_every_time_and_nobody_is_there_twice() -> None:
    everybody = list(crowd.clients())
    known = {client.number for client in clients.CLIENTS}

    assert everybody == list(crowd.clients())
    assert len(everybody) + len(known) >= 250
    assert len({client.number for client in everybody} | known) == len(everybody) + len(known)
    assert len({client.name for client in everybody}) == len(everybody)


def test_a_customer_of_the_crowd_is_one_that_the_house_takes(engine: ports.Engine) -> None:
    for place, client in enumerate(crowd.clients(), 10_000):
        document = clients.document(client, place) | {"number": f"Z-{place}"}
        if place % 40 == 0:
            register.register(engine, data=document, agent=SYSTEM, now=NOW)


def test_the_crowd_is_in_the_groups_it_was_made_for(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        found = {one.number: one.group for one in tx.customers.search(text="", group="", after="", limit=1000)}
    wanted = {"C-11": "KA", "C-16": "GR", "C-31": "ST", "C-32": "ST", "C-41": "PR", "C-46": "PR-R"}
    astray = {
        client.number: found[client.number]
        for client in crowd.clients()
        if found[client.number] != wanted[client.number[:4]]
    }

    assert len(astray) <= 2, astray


def test_habits_are_learnt_from_every_process_that_people_start() -> None:
    learnt = habits.learn(shipped.PROCESSES)

    assert set(learnt) == {key for key in shipped.KEYS if list((shipped.PROCESSES / key / "scenarios").glob("*.json"))}
    assert all(beginning.told.start.node == "" for kept in learnt.values() for beginning in kept.beginnings)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("T-1", "T-77"),
        ("about T-1", "about T-1"),
        ("2026-03-31", "2026-05-02"),
        ("2026-03-02T09:00:00+08:00", "2026-04-03T09:00:00+08:00"),
        (["T-1", {"no": "T-1", "until": "2026-03-03"}], ["T-77", {"no": "T-77", "until": "2026-04-04"}]),
        (7, 7),
        (None, None),
    ],
)
def test_data_of_a_scenario_is_said_of_the_new_case(said: object, heard: object) -> None:
    assert habits.speak(said, TOLD, key="T-77", begun=datetime(2026, 4, 3, 9, tzinfo=UTC)) == heard


@given(
    st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 12, 31), timezones=st.just(year.ZONE)),
    st.integers(min_value=0, max_value=400),
)
def test_people_work_on_working_days_from_nine_to_six(moment: datetime, hours: int) -> None:
    found = habits.later(moment, hours)

    assert found.weekday() <= 4
    assert 9 <= found.hour < 18
    assert found >= moment.replace(minute=0, second=0, microsecond=0) - timedelta(hours=9)
