"""The year before today: lived by the engine itself, with nothing stuck and nothing in the future."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import app, facts, ports, records
from engine.customers import register
from engine.model.text import EN
from engine.people.agent import SYSTEM
from engine.sample import clients, company, crowd, habits, inherited, staff, year
from engine.settings import Settings
from engine.simulation import scenario
from engine.simulation.scenario import Begin, Scenario
from tests.house import migrated
from tests.processes import shipped
from tests.store import rows

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
CASES = 41
"""One of each process that people begin, and some twice."""
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


PARTS = {
    "MA-01-round", "MA-10-watch", "SFA-04-watch", "SFA-08-call", "SFA-10-unit", "SFA-15-before", "X-02-phase",
    "X-02-selection",
}  # fmt: skip
"""Of other processes: what these do not come to in the year has no case of its own."""


def test_every_process_of_the_catalogue_has_a_case_in_the_year(engine: ports.Engine) -> None:
    lived = {case.process for case in cases(engine) if case.started_at < NOW - timedelta(days=year.QUIET_DAYS)}

    assert len(set(shipped.KEYS) - PARTS) == 43
    assert set(shipped.KEYS) - PARTS - lived == set()


def test_nothing_goes_round_for_ever(engine: ports.Engine) -> None:
    """Whoever does a step again does it as the case's own scenario does it last; who has done it too often closes."""
    done: Counter[tuple[str, str]] = Counter()
    with engine.store.reading() as tx:
        for case in cases(engine):
            for row in tx.facts.of_instance(case.id):
                if isinstance(row.fact, facts.WorkItemCompleted):
                    done[f"{case.process} {case.business_key}", row.fact.node] += 1

    assert done.most_common(1)[0][1] <= year.PATIENCE, done.most_common(3)


def test_contracts_from_before_come_to_their_end_and_are_renewed_once_each(engine: ports.Engine) -> None:
    began = (NOW - timedelta(days=year.DAYS)).date().isoformat()
    renewals = [case.business_key or "" for case in cases(engine) if case.process == "SFA-16"]
    with engine.store.reading() as tx:
        known = [one for key in renewals if (one := tx.contracts.numbered(key)) is not None]
    inherited_ones = [one.number for one in known if one.term_from < began and one.number.split("-")[2] >= "9000"]

    assert len(inherited_ones) == len(set(inherited_ones)) == year.CONTRACTS
    assert len(renewals) == len(set(renewals))


def test_people_work_on_what_began_by_itself(engine: ports.Engine) -> None:
    """Cases that other cases or a clock began come to an end as those that people began."""
    ours = [case for case in cases(engine) if case.process in ("SFA-16", "SFA-12") and case.started_by == "system"]
    old = [case for case in ours if case.started_at < NOW - timedelta(days=90)]

    assert len([case for case in old if case.status == "completed"]) >= 0.6 * len(old) > 0


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
        ("rep_1", "lina"),
        ("rep_2", "chenjie"),
        ("rep_7", "lina"),
        ({"owner": "am_2"}, {"owner": "oliver"}),
        ("ombuds_1", "anna"),
        ("rep_one", "rep_one"),
        ("net_30", "net_30"),
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


@pytest.mark.parametrize(
    ("told_in", "of", "likely"),
    [(0, 4, 0.0), (1, 10, 0.05), (2, 10, 0.1), (1, 3, habits.USUAL), (4, 4, habits.USUAL)],
)
def test_what_few_scenarios_hear_is_written_seldom(told_in: int, of: int, likely: float) -> None:
    kept = habits.Habits("T")
    for n in range(of):
        deeds = [{"message": "changed", "key": "T-1", "after": "P1D"}] if n < told_in else []
        document = {"process": "T", "names": {"zh-CN": "一", "en": "one"}, "start": {"at": "2026-03-02T09:00:00+08:00"}}
        kept.learn(scenario.decode(json.dumps({**document, "steps": deeds, "expect": {"ended": True}}).encode()))
    assert kept.likely("changed") == pytest.approx(likely)


def test_who_does_a_step_again_says_what_the_own_scenario_says_last() -> None:
    other = Scenario(start=Begin(business_key="T-2"))
    shelf = [habits.Answer({"n": n}, other if n % 2 else TOLD) for n in range(8)]
    said = {"key": "T-77", "begun": datetime(2026, 4, 3, 9, tzinfo=UTC)}

    for seed in range(20):
        again = habits.answers(shelf, **said, chance=random.Random(seed), like=TOLD)
        assert again[0] == {"n": 6} and {one["n"] for one in again} == set(range(8))
    firsts = {habits.answers(shelf, **said, chance=random.Random(seed))[0]["n"] for seed in range(40)}
    assert len(firsts) > 4, "the first time anything may be said"
    assert len(habits.answers(shelf, **said, chance=random.Random(1), like=Scenario())) == 8


def test_the_parts_of_the_scenarios_are_played_by_people_of_the_house() -> None:
    for group in habits.CAST.values():
        assert any(group in one.groups.split() for one in staff.PEOPLE), group


@pytest.mark.parametrize("count", [0, 1, 12])
def test_inherited_contracts_end_one_after_the_other_within_the_year(count: int) -> None:
    since, until = NOW - timedelta(days=365), NOW
    customers = [rows.customer(f"c-{n}") for n in range(count)]
    found = inherited.contracts(customers, since=since, until=until)
    ends = [date.fromisoformat(one.term_to) for one in found]

    assert [one.customer for one in found] == [one.id for one in customers]
    assert ends == sorted(set(ends)) and len({one.number for one in found}) == count
    assert all(since.date() < one - timedelta(days=90) < until.date() for one in ends)
    assert all(one.term_from < since.date().isoformat() and one.status == "effective" for one in found)
