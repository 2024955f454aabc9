"""Filters kept on the server: one's own and shared ones, with what they find for whoever reads them."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.inbox import filters, listing
from engine.model.performer import Performer, Promise
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program
from tests.unit.inbox.desk import PEOPLE


def furnished(home: House) -> None:
    """Two processes with work for sales, one of them due in four hours."""
    for agent in PEOPLE:
        home.person(agent)
    home.customer("c-1", group="KA")
    home.customer("c-2", group="ST")
    sales = Performer(groups=(literal("sales"),))
    for key, promise in (("p", Promise(duration="PT4H")), ("q", None)):
        step = node("user one", performer=sales, promise=promise)
        home.release(program("start s", step, "end e", flow=["s > one > e"], key=key))
        home.start(key)


def save(home: House, agent: Agent = ANNA, **more: Any) -> str:
    wanted = filters.Wanted(**{"name": "Mine", "shelf": "claimable", **more})
    return filters.save(home.engine, wanted=wanted, agent=agent, now=home.now).id


def found(home: House, agent: Agent = ANNA) -> list[tuple[str, int, bool]]:
    return [(one.kept.name, one.count, one.own) for one in filters.shown(home.engine, agent=agent, now=home.now)]


COUNTS = [
    ({}, 2),
    ({"process": "p"}, 1),
    ({"group": "KA"}, 2),
    ({"group": "ST"}, 0),
    ({"customer_id": "c-1"}, 2),
    ({"customer_id": "c-2"}, 0),
    ({"node": "one"}, 2),
    ({"node": "two"}, 0),
    ({"due": "today"}, 1),
    ({"due": "late"}, 0),
    ({"process": "q", "due": "today"}, 0),
    ({"shelf": "mine"}, 0),
    ({"shelf": "done"}, 0),
    ({"shelf": "drafts"}, 0),
]


@pytest.mark.parametrize(("conditions", "count"), COUNTS)
def test_each_counts_what_its_list_would_show(home: House, conditions: dict[str, str], count: int) -> None:
    furnished(home)
    save(home, **conditions)
    assert found(home) == [("Mine", count, True)]


def test_the_count_follows_the_clock(home: House) -> None:
    furnished(home)
    save(home, name="Late", due="late")
    home.clock.advance(timedelta(hours=5))
    assert found(home) == [("Late", 1, True)]


def test_further_than_a_hundred_nobody_counts(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(home)
    monkeypatch.setattr(filters, "COUNTED", 1)
    save(home)
    assert found(home) == [("Mine", 1, True)]
    assert listing.counts(home.engine, agent=ANNA, now=home.now).claimable == 2


def test_a_shared_one_is_seen_by_the_group_and_counts_for_its_reader(home: House) -> None:
    furnished(home)
    save(home, staff_group="sales")
    save(home, name="Alone")
    assert found(home, BO) == [("Mine", 2, False)]
    assert found(home, CHEN) == []
    assert found(home) == [("Alone", 2, True), ("Mine", 2, True)]


def test_the_same_name_again_replaces_it(home: House) -> None:
    furnished(home)
    first = save(home, process="p")
    assert save(home, name="  Mine ", process="q") == first
    assert found(home) == [("Mine", 1, True)]
    assert save(home, BO) != first


def test_one_removes_one_s_own_and_an_administrator_any(home: House) -> None:
    furnished(home)
    kept = save(home, staff_group="sales")
    for agent, gone in ((BO, kept), (ANNA, "nothing")):
        with pytest.raises(errors.NotFound):
            filters.remove(home.engine, filter_id=gone, agent=agent)
    filters.remove(home.engine, filter_id=kept, agent=BOSS)
    assert found(home) == []


WRONG = [
    ({"name": "  "}, "/name"),
    ({"name": "x" * 61}, "/name"),
    ({"due": "soon"}, "/due"),
    ({"staff_group": "legal"}, "/staff_group"),
    ({"process": "none"}, "/process"),
    ({"customer_id": "none"}, "/customer_id"),
    ({"node": "x" * 101}, "/group"),
]


@pytest.mark.parametrize(("wanted", "pointer"), WRONG)
def test_what_is_wrong_is_told_at_its_place_in_both_languages(
    home: House, wanted: dict[str, str], pointer: str
) -> None:
    furnished(home)
    with pytest.raises(errors.Invalid) as raised:
        save(home, **wanted)
    (problem,) = raised.value.problems
    assert problem.pointer == pointer and set(problem.text) == {"zh-CN", "en"}
    assert found(home) == []


def test_nobody_keeps_more_than_fifty(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(home)
    monkeypatch.setattr(filters, "MOST", 2)
    save(home, name="a")
    save(home, name="b")
    with pytest.raises(errors.Invalid):
        save(home, name="c")
    save(home, name="b", process="p")
