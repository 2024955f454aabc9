"""The sample company in a real house: live work for many, of every process, and nothing stuck."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import app, dispatch, ports
from engine.clock import HandClock
from engine.inbox import act, listing
from engine.messages import correlate
from engine.people import agents, api_tokens, login
from engine.people.agent import SYSTEM
from engine.sample import cases, clients, company, staff
from engine.settings import Settings
from engine.simulation import scenario
from tests.processes import shipped
from web.api.app import create_api

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, int, int]]) -> Iterator[ports.Engine]:
    folder: Path = tmp_path_factory.mktemp("sample")
    built = app.build(Settings(database_url=f"sqlite:///{folder}/crmflow.db", queue="inline"), dispatcher=False)
    company.load(built, now=NOW, told=lambda what, done, total: told.append((what, done, total)))
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
        "CSS-06",
        "CSS-07",
        "CSS-08",
        "CSS-09",
        "CSS-10",
        "MA-01",
        "MA-02",
        "MA-03",
        "MA-04",
        "MA-05",
        "MA-06",
        "MA-07",
        "MA-08",
        "MA-09",
        "MA-10",
        "MA-11",
        "SFA-01",
        "SFA-02",
        "SFA-03",
        "SFA-04",
        "SFA-05",
        "SFA-06",
        "SFA-07",
        "SFA-08",
        "SFA-09",
        "SFA-10",
        "SFA-11",
        "SFA-12",
        "SFA-13",
        "SFA-14",
        "SFA-15",
        "SFA-16",
        "X-01",
        "X-02",
        "X-03",
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


def test_a_campaign_goes_the_way_of_the_group_that_it_is_for(engine: ports.Engine) -> None:
    with engine.store.reading() as tx:
        for_one, for_two = tx.instances.by_key("MA-02", "CMP-2603"), tx.instances.by_key("MA-04", "CMP-2600-1")
        assert for_one is not None and for_two is not None
        chains = [tx.resolutions.of_instance(one.id) for one in (for_one, for_two)]

    assert "Key accounts" in for_one.sentence["en"] and "大客户" in for_one.sentence["zh-CN"]
    assert "several groups (Growth, Standard)" in for_two.sentence["en"]
    assert [one and one.chain[-1]["id"] for one in chains] == ["MA-02:key-accounts", "MA-04"]


def test_loading_twice_changes_nothing(engine: ports.Engine) -> None:
    before = open_work(engine)
    company.load(engine, now=NOW)

    assert open_work(engine) == before


def test_the_progress_is_told_to_the_end(engine: ports.Engine, told: list[tuple[str, int, int]]) -> None:
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


def test_a_released_wave_goes_out_and_who_answers_becomes_a_lead(engine: ports.Engine) -> None:
    engine = dataclasses.replace(engine, clock=HandClock(NOW))
    with engine.store.reading() as tx:
        wave = tx.instances.by_key("MA-04", "CMP-2600-1")
        james = tx.people.get("james")
        assert wave is not None and james is not None
        (item,) = tx.waits.work_items(wave.id)
    act.complete(engine, work_item_id=item.id, data={"outcome": "go"}, agent=agents.of(james), now=NOW)
    settle(engine)
    with engine.store.reading() as tx:
        outcomes = tx.campaigns.outcomes("CMP-2600", 1)
        reached = sorted(tx.campaigns.reached("CMP-2600", 1))
        letters = [note for note in tx.notices.of_instance(wave.id) if note.channel == "email"]
    assert set(outcomes) == {"sent"} and outcomes["sent"] == len(reached) > 5
    assert len(letters) == outcomes["sent"] + 1, "each target, and the test"

    answer = {"customer": reached[0], "kind": "reply", "words": "请报个价 / a price, please"}
    said = correlate.Letter(name="campaign.response", key="CMP-2600", data={"answer": answer})
    correlate.correlate(engine, letter=said, agent=SYSTEM, now=NOW)
    settle(engine)
    with engine.store.reading() as tx:
        assert tx.campaigns.responses("CMP-2600") == {"reply": 1}
        told = [note.subject["en"] for note in tx.notices.of_instance(wave.id)]
    assert any(words.endswith("has a new need") for words in told), "a customer's own manager hears of it (MA-06)"


def settle(engine: ports.Engine) -> None:
    while dispatch.once(engine, now=NOW) + dispatch.call(engine, now=NOW):
        pass


def test_every_process_starts_by_rest_with_its_sample_payload(engine: ports.Engine) -> None:
    boss = next(member.key for member in staff.PEOPLE if "admin" in member.roles)
    token, _ = api_tokens.issue(
        engine, person=boss, name="rest", scopes=("admin",), agent=SYSTEM, now=engine.clock.now()
    )
    client, headers = create_api(engine).test_client(), {"Authorization": f"Bearer {token}"}
    numbers = {"KA": "C-1001", "GR": "C-1501", "ST": "C-3008", "PR": "C-4002"}
    refused = {}
    for key in shipped.KEYS:
        paths = sorted((shipped.PROCESSES / key / "scenarios").glob("*.json"))
        told = next(one for path in paths if not (one := scenario.decode(path.read_bytes())).start.node)
        group = (told.group or str((told.customer or {}).get("group")))[:2]
        customer = numbers[group] if told.customer else None
        order = {"process": key, "customer_id": customer, "business_key": f"REST-{key}", "data": told.start.data}
        first, again = (client.post("/v1/instances", json=order, headers=headers) for _ in range(2))
        if (first.status_code, again.status_code) != (201, 200):
            refused[key] = first.json
        else:
            assert first.get_json()["instance"]["id"] == again.get_json()["instance"]["id"]
    assert refused == {}
