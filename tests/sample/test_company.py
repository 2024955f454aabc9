"""The sample company in a real house: live work for many, of every process, and nothing stuck."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import app, ports
from engine.inbox import listing
from engine.people import agents, login
from engine.sample import cases, clients, company, staff
from engine.settings import Settings

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ports.Engine]:
    folder: Path = tmp_path_factory.mktemp("sample")
    built = app.build(Settings(database_url=f"sqlite:///{folder}/crmflow.db", queue="inline"), dispatcher=False)
    company.load(built, now=NOW)
    yield built
    built.close()


def open_work(engine: ports.Engine) -> dict[str, list[tuple[str, str]]]:
    """By person: (process, step) of what is theirs or theirs to claim."""
    found = {}
    for member in staff.PEOPLE:
        with engine.store.reading() as tx:
            person = tx.people.get(member.key)
        assert person is not None
        agent = agents.of(person)
        mine = listing.mine(engine, agent=agent, now=NOW).rows
        free = listing.claimable(engine, agent=agent, now=NOW).rows
        found[member.key] = [(row.item.process, row.item.node) for row in (*mine, *free)]
    return found


def test_the_customers_are_spread_over_the_groups(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        found = tx.customers.search(text="", group="", after="", limit=500)

    assert len(found) == len(clients.CLIENTS)
    assert Counter(customer.group for customer in found) == {"KA": 8, "GR": 10, "ST": 12, "PR": 6, "PR-R": 4}


def test_every_process_has_live_work_and_most_people_have_some(engine: ports.Engine) -> None:
    work = open_work(engine)

    assert {process for rows in work.values() for process, _ in rows} == {
        "CSS-01",
        "CSS-02",
        "CSS-03",
        "CSS-04",
        "CSS-05",
        "CSS-09",
        "CSS-10",
        "MA-02",
        "MA-03",
        "MA-06",
        "MA-08",
        "SFA-01",
        "SFA-02",
        "SFA-03",
        "SFA-04",
        "SFA-15",
        "X-01",
    }
    assert sum(1 for rows in work.values() if rows) >= 20


def test_nothing_is_stuck(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        started = [tx.instances.by_key(case.process, case.key) for case in cases.cases(NOW.date())]

    assert all(started)
    assert [instance.number for instance in started if instance and instance.incidents] == []


def test_a_key_account_and_a_private_customer_get_different_work(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        key_account, private = tx.instances.by_key("CSS-02", "TK-9001"), tx.instances.by_key("CSS-02", "TK-9003")
        assert key_account is not None and private is not None
        teams = [tx.waits.work_items(instance.id)[0].groups for instance in (key_account, private)]

    assert teams == [("ka_service",), ("agents_l1",)]
    assert key_account.program != private.program
    assert "Key accounts" in key_account.sentence["en"] and "大客户" in key_account.sentence["zh-CN"]


def test_loading_twice_changes_nothing(engine: ports.Engine) -> None:
    before = open_work(engine)
    company.load(engine, now=NOW)

    assert open_work(engine) == before


def test_the_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    built = app.build(Settings(database_url=f"sqlite:///{tmp_path}/crmflow.db", queue="inline"), dispatcher=False)
    company.load(built, now=NOW, told=lambda what, done, total: told.append((what, done, total)))
    built.close()

    ended = {what for what, done, total in told if done == total}
    assert ended == {"people", "processes", "customers", "cases"}


def test_everybody_can_sign_in_with_the_password_that_is_told(engine: ports.Engine) -> None:
    member = staff.PEOPLE[0]

    assert login.authenticate(engine, key=member.key, password=staff.PASSWORD, now=NOW).name == member.name


def test_who_asks_again_is_linked_to_the_open_ticket(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        asked = tx.instances.by_key("CSS-01", "RQ-6007")
        assert asked is not None
        told = tx.notices.of_instance(asked.id)

    assert asked.status == "completed"
    assert [note.subject["en"] for note in told] == ["Added to TK-9003"]
