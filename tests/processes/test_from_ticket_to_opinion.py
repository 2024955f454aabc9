"""A request in a real house: a ticket of which a journey hears, an incident that is solved, and an opinion."""

from collections.abc import Iterator

import pytest

from engine import steering
from engine.facts import InstanceStarted
from tests.processes.life import Life, living

NEEDED = ("CSS-01", "CSS-02", "CSS-03", "CSS-05", "CSS-09")
REQUEST = {
    "requestNo": "RQ-1",
    "subject": "无法登录",
    "description": "登录后页面空白 / an empty page",
    "kind": "fault",
    "urgency": "normal",
    "fault_category": "login",
    "language": "en",
}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("ticket"), NEEDED) as alive:
        yield alive


def journeys(life: Life, **reached: tuple[str, ...]) -> None:
    """Of the customer, each with the stages that it has reached."""
    with life.engine.store.transaction() as tx:
        for key, stages in reached.items():
            told = tuple({"stage": one, "ref": "r", "cost": 0, "revenue": 0} for one in stages)
            name = key.replace("_", "-")
            tx.journeys.put(steering.Journey(id=name, customer="C-1", stages=told, started_at=life.now))


def test_a_fault_is_told_solved_and_asked_about_once(life: Life) -> None:
    journeys(life, J_1=(), J_2=("lead",), J_3=("lead", "opportunity"), J_4=("lead", "opportunity", "order"))
    life.begin("CSS-01", "RQ-1", channel="phone", **REQUEST)
    with life.engine.store.reading() as tx:
        told = [tx.messages.early(name="ticket.created", key=key, now=life.now) for key in ("J-1", "J-2", "J-3", "J-4")]
    assert [[one.data for one in letters] for letters in told] == [
        [],
        [{"ticketNo": "RQ-1"}],
        [{"ticketNo": "RQ-1"}],
        [],
    ]

    life.does("diagnose", outcome="solved", cause="缓存过期 / stale cache")
    life.does("resolve", resolution="清除缓存 / cleared the cache", kb_article="KB-12", time_spent=30)
    assert life.instances("CSS-09") == []
    life.hears("incident.confirmed", "RQ-1", customer_confirmed="yes")
    assert [one.status for one in life.instances("CSS-01")] == ["completed"]

    (asked,) = life.instances("CSS-09")
    with life.engine.store.reading() as tx:
        (begun,) = [row.fact for row in tx.facts.of_instance(asked.id) if isinstance(row.fact, InstanceStarted)]
    assert asked.customer_id == "C-1"
    given = {"followUpNo": "RQ-1-F", "kind": "survey", "topic": "RQ-1", "channel": "phone", "language": "en"}
    assert {name: begun.data[name] for name in given} == given
    life.passes(days=2)
    life.hears("survey.answered", "RQ-1-F", score=4)
    assert [one.status for one in life.instances("CSS-09")] == ["completed"]
    assert not any(one.incidents for process in NEEDED for one in life.instances(process))


def test_a_visit_is_asked_for_with_what_the_request_said(life: Life) -> None:
    asked = {"subject": "机器漏水", "description": "从今天上午起 / since this morning", "kind": "on_site"}
    life.begin(
        "CSS-01", "RQ-2", channel="web", site_address="苏州市星湖街 1 号", **{**REQUEST, "requestNo": "RQ-2", **asked}
    )
    assert set(life.waiting()) == {"remote_help"}
