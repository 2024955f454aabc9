"""Lists in the order of urgency, filtered, counted, page by page without gap or double."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.inbox import act, listing
from engine.model.performer import Performer
from tests.house import ANNA, BO, CHEN, House
from tests.kernel.models import feel, literal, node, program


def many(home: House, count: int) -> list[str]:
    """Instances whose task is due after ``hours``, descending, with priorities."""
    task = node(
        "user t",
        performer=Performer(groups=(literal("sales"), literal("legal")), users=(literal("anna"),)),
        due=feel("due"),
        priority=feel("prio"),
    )
    home.release(program("start s", task, "end e", flow=["s > t > e"]))
    return [
        home.start(due=(home.now + timedelta(hours=count - number // 2)).isoformat(), prio=50 + number % 2)
        for number in range(count)
    ]


def pages(home: House, agent: Any, size: int) -> list[list[str]]:
    found, after = [], ""
    while True:
        page = listing.claimable(home.engine, agent=agent, now=home.now, after=after, limit=size)
        found.append([row.item.instance_id for row in page.rows])
        after = page.cursor
        if not after:
            return found


def test_pages_hold_everything_once_in_the_order_of_urgency(home: House) -> None:
    cases = many(home, 7)
    whole = pages(home, ANNA, 200)[0]
    # due: 7 7 6 6 5 5 4 hours; of two with the same due the higher priority (odd number) comes first
    assert whole == [cases[number] for number in (6, 5, 4, 3, 2, 1, 0)]
    for size in (1, 2, 3, 7):
        assert [one for page in pages(home, ANNA, size) for one in page] == whole


def test_who_may_claim_by_several_ways_sees_it_once(home: House) -> None:
    many(home, 2)
    counts = listing.counts(home.engine, agent=ANNA, now=home.now)
    assert (counts.mine, counts.claimable) == (0, 2)
    assert len(pages(home, ANNA, 50)[0]) == 2
    assert len(pages(home, CHEN, 50)[0]) == 2


def test_filters_narrow_pages(home: House) -> None:
    cases = many(home, 4)
    home.customer("c-2", group="KA")

    def found(**where: Any) -> list[str]:
        page = listing.claimable(home.engine, agent=BO, now=home.now, where=listing.Filter(**where))
        return [row.item.instance_id for row in page.rows]

    assert len(found(process="p", customer_id="c-1", node="t")) == 4
    assert found(process="q") == found(customer_id="c-2") == found(group="KA") == found(node="u") == []
    home.clock.advance(timedelta(hours=3, minutes=30))
    assert found(overdue=True) == [cases[3], cases[2]]


def test_overdue_work_of_mine_is_counted_and_marked(home: House) -> None:
    cases = many(home, 2)
    for case in cases:
        act.claim(home.engine, work_item_id=home.item(case, "t").id, agent=ANNA, now=home.now)
    home.clock.advance(timedelta(hours=2, seconds=1))
    counts = listing.counts(home.engine, agent=ANNA, now=home.now)
    assert (counts.mine, counts.claimable, counts.overdue) == (2, 0, 2)
    rows = listing.mine(home.engine, agent=ANNA, now=home.now).rows
    assert [row.breached for row in rows] == [True, True]
    assert {(row.number, row.customer_name) for row in rows} == {("p-000001", "李先生"), ("p-000002", "李先生")}


def test_done_is_latest_first_page_by_page(home: House) -> None:
    cases = many(home, 3)
    for case in cases:
        home.clock.advance(timedelta(minutes=1))
        act.complete(home.engine, work_item_id=home.item(case, "t").id, data={}, agent=ANNA, now=home.now)
    first = listing.done(home.engine, agent=ANNA, now=home.now, limit=2)
    rest = listing.done(home.engine, agent=ANNA, now=home.now, limit=2, after=first.cursor)
    assert [row.item.instance_id for row in (*first.rows, *rest.rows)] == cases[::-1]
    assert rest.cursor == ""


def test_all_items_of_a_case_in_the_order_they_came(home: House) -> None:
    (case,) = many(home, 1)
    rows = listing.of_instance(home.engine, instance_id=case, agent=ANNA, now=home.now)
    assert [row.item.node for row in rows] == ["t"]


@pytest.mark.parametrize("cursor", ["x", "!!", "bm9wZQ", "W10", "WyJhIiwiYiIsMV0"])
def test_a_strange_cursor_is_refused(home: House, cursor: str) -> None:
    with pytest.raises(errors.Invalid):
        listing.mine(home.engine, agent=ANNA, now=home.now, after=cursor)
