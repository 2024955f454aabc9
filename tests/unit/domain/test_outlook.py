"""What selling comes to: sums by stage and seller, quotas reached, forecasts, and who sees whose."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import deals, errors, records, selling
from engine.domain import outlook
from engine.people.agent import Agent
from tests.house import House, house


def agent(key: str, role: Any = "staff", *groups: str) -> Agent:
    return Agent(key=key, name=key, roles=frozenset({role}), groups=frozenset(groups))


ANNA, BOSS, LEAD = agent("anna", "staff", "east"), agent("boss", "admin"), agent("lead")


def deal(key: str, now: datetime, **more: Any) -> deals.Opportunity:
    told = {"customer": "c-1", "name": f"Deal {key}", "amount": 100.0, "owner": "anna", "opened_at": now}
    return deals.Opportunity(**{"id": key, **told, **more})


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """Anna and Bo of the team east, led by ``lead``; three open deals, two won, one lost; a quota and two forecasts."""
    with house(tmp_path) as made:
        now = made.now
        made.customer("c-1", name="李雷贸易")
        with made.engine.store.transaction() as tx:
            tx.people.put_group(records.StaffGroup(key="east", texts={"zh-CN": "华东", "en": "East"}, manager="lead"))
            tx.people.put_group(records.StaffGroup(key="west", texts={"zh-CN": "西区", "en": "West"}))
            for key, groups in (("anna", ("east",)), ("bo", ("east",)), ("cy", ("west",)), ("lead", ())):
                tx.people.put(records.Person(key=key, name=key, locale="en", groups=groups, created_at=now))
            tx.opportunities.put(deal("d-1", now, stage="visit", probability=10, expected_close="2026-01-31"))
            tx.opportunities.put(
                deal("d-2", now, stage="quote", probability=60, owner="bo", expected_close="2999-01-31")
            )
            tx.opportunities.put(deal("d-3", now, stage="quote", probability=50, amount=0.1))
            closed = {"closed_at": now, "probability": 0}
            for key, stage, owner, amount in (
                ("w-1", "won", "anna", 70), ("w-2", "won", "bo", 30.5), ("l-1", "lost", "anna", 9),
            ):  # fmt: skip
                tx.opportunities.put(deal(key, now, stage=stage, owner=owner, amount=amount, **closed))
            aim(made, tx)
        yield made


def aim(made: House, tx: Any) -> None:
    today = made.now.date()
    span = {"begins": (today - timedelta(days=5)).isoformat(), "ends": today.isoformat()}
    tx.quotas.keep(selling.QuotaPlan(id="QP", period="Q", target=300, status="locked", made_at=made.now, **span))
    rows = (("anna", 100.0), ("bo", 200.0), ("team:east", 300.0))
    tx.quotas.replace("QP", "east", [selling.Quota(plan="QP", unit="east", holder=who, amount=n) for who, n in rows])
    tx.quotas.replace("QP", "west", [selling.Quota(plan="QP", unit="west", holder="cy", amount=0)])
    for n, team in enumerate(("east", "east", "west")):
        locked = {"status": "locked", "locked_at": made.now + timedelta(days=n), "made_at": made.now}
        told = {"totals": {"commit": 10.0 * n, "forecast": 5.0}, "begins": span["begins"], "ends": span["ends"]}
        tx.forecasts.keep(selling.Forecast(id=f"F-{n}", team=team, **told, **locked))
    tx.forecasts.keep(selling.Forecast(id="F-9", team="east", begins="", ends="", made_at=made.now))


def told(home: House, who: Agent = BOSS) -> outlook.Outlook:
    return outlook.outlook(home.engine, agent=who, now=home.now)


def test_open_deals_add_up_by_stage_and_by_seller(home: House) -> None:
    found = told(home)
    assert [(one.key, one.deals, one.amount, one.expected) for one in found.stages] == [
        ("visit", 1, 100, 10), ("needs", 0, 0, 0), ("solution", 0, 0, 0), ("quote", 2, 100.1, 60.05),
        ("negotiation", 0, 0, 0),
    ]  # fmt: skip
    assert [(one.key, one.expected) for one in found.sellers] == [("bo", 60), ("anna", 10.05)]
    assert sum(one.amount for one in found.stages) == sum(one.amount for one in found.sellers)
    assert found.late == 1


EVERYBODY = [("", "east", 300, 100.5, 33.5), ("anna", "east", 100, 70, 70), ("bo", "east", 200, 30.5, 15.2)]
NOBODY = ("cy", "west", 0, 0, None)


@pytest.mark.parametrize(
    ("who", "aims", "teams"),
    [
        (BOSS, [*EVERYBODY, NOBODY], ["east", "west"]),
        (LEAD, EVERYBODY, ["east"]),
        (ANNA, EVERYBODY[:2], ["east"]),
        (agent("cy", "staff", "west"), [NOBODY], ["west"]),
        (agent("stranger"), [], []),
    ],
)
def test_quotas_and_forecasts_are_for_whom_they_are_of_and_who_leads_them(
    home: House, who: Agent, aims: list[tuple[Any, ...]], teams: list[str]
) -> None:
    found = told(home, who)
    shown = sorted((one.holder, one.group, one.quota, one.won, one.reached) for one in found.aims)
    assert shown == sorted(aims)
    assert [one.team for one in found.forecasts] == teams
    assert len(found.stages) == 5, "deals are everybody's"


def test_a_team_s_forecasts_are_the_locked_ones_newest_first(home: House) -> None:
    (east, _) = told(home).forecasts
    assert [one.id for one in east.forecasts] == ["F-1", "F-0"]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({}, ["d-1", "d-2", "d-3"]),
        ({"limit": 1}, ["d-1"]),
        ({"after": "d-1", "limit": 1}, ["d-2"]),
        ({"after": "d-3"}, []),
        ({"after": "gone"}, ["d-1", "d-2", "d-3"]),
        ({"stage": "quote"}, ["d-2", "d-3"]),
        ({"owner": "bo"}, ["d-2"]),
        ({"owner": "' or 1=1"}, []),
        ({"late": True}, ["d-1"]),
    ],
)
def test_open_deals_are_listed_by_the_day_they_are_expected(
    home: House, asked: dict[str, Any], keys: list[str]
) -> None:
    found = outlook.search(home.engine, agent=ANNA, now=home.now, **asked)
    assert [one.deal.id for one in found] == keys
    assert {one.customer_name for one in found} <= {"李雷贸易"}


@pytest.mark.parametrize("stage", ["won", "lost", "x"])
def test_a_stage_that_is_none_is_told_in_both_languages(home: House, stage: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        outlook.search(home.engine, agent=ANNA, now=home.now, stage=stage)
    assert stage in refused.value.text["zh-CN"] and "negotiation" in refused.value.text["en"]


def test_who_may_not_see_customers_sees_no_deals(home: House) -> None:
    nobody = Agent(key="n", name="N", roles=frozenset())
    for ask in (outlook.search, outlook.outlook):
        with pytest.raises(errors.Forbidden):
            ask(home.engine, agent=nobody, now=home.now)
