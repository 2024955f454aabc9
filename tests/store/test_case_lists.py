"""Lists of cases page by page: whoever asks, whatever is asked for, each case once, and none by walking through all."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from engine import records
from engine.inbox import act, listing
from engine.people import scope
from engine.people.agent import Agent
from engine.runtime import instances
from engine.store.unit_of_work import Store
from tests.house import ANNA, BO, CHEN, House
from tests.kernel.models import literal, node, program
from tests.store.test_crash import Performer

NOBODY = Agent(key="nobody", roles=frozenset({"staff"}))
OWNER = Agent(key="owner", roles=frozenset({"staff"}))


def asks(key: str, group: str) -> Any:
    """Two tasks side by side for the group."""
    to = Performer(groups=(literal(group),))
    return program(
        "start s", node("and f"), node("user one", performer=to), node("user two", performer=to), "end e", "end d",
        flow=["s > f", "f > one > e", "f > two > d"], key=key,
    )  # fmt: skip


@pytest.fixture
def full(home: House) -> House:
    """Cases of two processes, of two customers, begun by two people; some over, on hold, held, done or copied."""
    home.release(asks("p", "sales"))
    home.release(asks("q", "legal"))
    home.customer()
    home.customer("c-2", owner="owner")
    cases = [home.start("p" if number % 3 else "q") for number in range(14)]
    store = home.engine.store
    with store.transaction() as tx:
        table = sa.table("instance", sa.column("id"), sa.column("customer_id"), sa.column("started_by"))
        for number, case in enumerate(cases):
            values = {"customer_id": f"c-{1 + number % 2}", "started_by": "bo" if number % 4 else "anna"}
            tx.connection.execute(table.update().where(table.c.id == case).values(values))  # type: ignore[attr-defined]
    for number, case in enumerate(cases):
        agent = ANNA if number % 3 else CHEN
        if number % 5 == 1:
            for name in ("one", "two"):
                item = home.item(case, name).id
                act.complete(home.engine, work_item_id=item, data={}, agent=agent, now=home.now)
        elif number % 5 == 2:
            act.claim(home.engine, work_item_id=home.item(case, "one").id, agent=agent, now=home.now)
        elif number % 5 == 3:
            held = {"by": "boss", "at": home.now, "reason": "r", "awaits_customer": number % 2 == 0}
            store.run(lambda tx, case=case, held=held: tx.instances.suspend(case, **held))  # type: ignore[misc]
    return home


def pages(home: House, *, limit: int, **where: Any) -> list[str]:
    """All pages one after the other."""
    found: list[str] = []
    while True:
        with home.engine.store.reading() as tx:
            page = tx.instances.search(where=where, after=found[-1] if found else "", limit=limit)
        found += [one.id for one in page]
        if len(page) < limit:
            return found


def everything(home: House) -> list[records.Instance]:
    with home.engine.store.reading() as tx:
        return tx.instances.search(where={}, after="", limit=1000)


FILTERS: Sequence[dict[str, Any]] = (
    {}, {"status": "active"}, {"status": "completed"}, {"status": "cancelled"}, {"process": "p"}, {"process": "q"},
    {"process": "p", "status": "completed"}, {"process": "none"}, {"started_by": "anna"}, {"customer_id": "c-2"},
    {"suspended": True}, {"incidents": True}, {"process": "q", "started_by": "bo"}, {"suspended": True, "process": "p"},
    {"awaits_customer": True},
)  # fmt: skip


def fits(one: records.Instance, where: dict[str, Any]) -> bool:
    return all(
        bool(getattr(one, name)) if value is True else getattr(one, name) == value for name, value in where.items()
    )


@pytest.mark.parametrize("oldest", [False, True])
@pytest.mark.parametrize("agent", [None, ANNA, BO, CHEN, OWNER, NOBODY], ids=lambda one: one.key if one else "all")
def test_every_page_of_every_list_is_what_one_may_see_in_order(full: House, agent: Agent | None, oldest: bool) -> None:
    """Compared with the plain question, case by case."""
    who = scope.of(agent) if agent else ()
    with full.engine.store.reading() as tx:
        seen = {one.id for one in everything(full) if agent is None or scope.sees(tx, instance_id=one.id, agent=agent)}
    for where, limit in itertools.product(FILTERS, (1, 4, 50)):
        expected = sorted(
            (one.id for one in everything(full) if one.id in seen and fits(one, where)), reverse=not oldest
        )
        assert pages(full, limit=limit, seen_by=who, ascending=oldest, **where) == expected, (where, limit)


SORTS: Sequence[instances.Sort] = ("ended_at", "number", "business_key")


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_a_list_goes_by_end_number_or_business_key_and_leaves_out_what_has_none(
    full: House, sort: instances.Sort, ascending: bool
) -> None:
    """Two cases that share a key or a moment go by their ids."""
    with full.engine.store.transaction() as tx:
        table = sa.table("instance", sa.column("id"), sa.column("business_key"), sa.column("once"))
        for number, one in enumerate(everything(full)[::2]):
            values = {"business_key": f"K {number // 2}", "once": False}
            tx.connection.execute(table.update().where(table.c.id == one.id).values(values))  # type: ignore[attr-defined]
    everyone = everything(full)
    for agent, where, limit in itertools.product((None, ANNA, OWNER), SORTED, (2, 50)):
        who = scope.of(agent) if agent else ()
        seen = set(pages(full, limit=50, seen_by=who, **where))
        fitting = [one for one in everyone if one.id in seen and getattr(one, sort) is not None]
        expected = sorted(((getattr(one, sort), one.id) for one in fitting), reverse=not ascending)
        query = instances.Query(**where, sort=sort, ascending=ascending, seen_by=who)
        assert _followed(full, query, limit) == [case for _, case in expected], (where, limit)


SORTED: Sequence[dict[str, Any]] = ({}, {"process": "p"}, {"status": "completed"}, {"customer_id": "c-2"})


def _followed(home: House, query: instances.Query, limit: int) -> list[str]:
    """All pages by their cursors."""
    found: list[str] = []
    after = ""
    while True:
        page = instances.search(home.engine, query=query, after=after, limit=limit)
        found += [one.id for one in page]
        if len(page) < limit:
            return found
        after = instances.cursor(page[-1], query.sort)


def test_a_page_goes_on_though_the_case_before_it_is_gone(full: House) -> None:
    """The oldest are purged while somebody turns the pages."""
    query = instances.Query(sort="ended_at", ascending=True)
    whole = [one.id for one in instances.search(full.engine, query=query)]
    (first,) = instances.search(full.engine, query=query, limit=1)
    with full.engine.store.transaction() as tx:
        tx.instances.forget([first.id])
    after = instances.cursor(first, "ended_at")
    assert [one.id for one in instances.search(full.engine, query=query, after=after)] == whole[1:]


def test_people_see_different_cases(full: House) -> None:
    """Else the rule above would say nothing."""
    counts = {
        agent.key: len(pages(full, limit=50, seen_by=scope.of(agent))) for agent in (ANNA, BO, CHEN, OWNER, NOBODY)
    }
    assert counts["nobody"] == 0
    assert len(set(counts.values())) >= 4, counts


def test_two_steps_of_one_case_are_one_case(full: House) -> None:
    """However many places lead to a case, a page of others is not cut short by it."""
    mine = pages(full, limit=2, seen_by=scope.of(ANNA))
    assert len(mine) == len(set(mine))


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ({"status": "completed"}, "ix_instance_status_id"),
        ({"process": "p"}, "ix_instance_process_status_id"),
        ({"process": "p", "status": "active"}, "ix_instance_process_status_id"),
        ({"started_by": "anna"}, "ix_instance_started_by_id"),
        ({"program": "x"}, "ix_instance_program_id"),
        ({"incidents": True}, "ix_instance_incidents"),
        ({"suspended": True}, "ix_instance_suspended"),
        ({"awaits_customer": True}, "ix_instance_awaits_customer"),
        ({"sort": "ended_at"}, "ix_instance_ended_at"),
        ({"sort": "ended_at", "process": "p"}, "ix_instance_ended"),
        ({"sort": "business_key"}, "ix_instance_business_key"),
        ({"seen_by": scope.of(ANNA)}, "ix_candidate_who_instance_id"),
        ({"seen_by": scope.of(ANNA)}, "ix_work_item_cases "),
        ({"seen_by": scope.of(ANNA)}, "ix_work_item_cases_done"),
        ({"seen_by": scope.of(ANNA)}, "ix_customer_owner"),
        ({"seen_by": scope.of(ANNA), "status": "active"}, "ix_instance_started_by_id"),
        ({"seen_by": scope.of(ANNA), "process": "p"}, "ix_instance_started_by_id"),
    ],
)
def test_a_list_goes_along_an_index(where: dict[str, Any], index: str, full: House) -> None:
    plan = planned(full, where)
    assert any(index in line for line in plan), plan
    walks = [line for line in plan if line.startswith(("SCAN instance", "SCAN work_item", "SCAN candidate"))]
    assert not [line for line in walks if "INDEX" not in line], plan


def planned(home: House, where: dict[str, Any]) -> list[str]:
    """SQLite tells the ways that it takes, however little there is."""
    store: Store = home.engine.store  # type: ignore[assignment]
    if store.database.engine.dialect.name != "sqlite":
        pytest.importorskip("psycopg")
        return [index for index in _names(store) for index in (f"{index} ",)]
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, text: str, values: Any, context: Any, many: bool) -> None:
        asked.append((text, values))

    with store.reading() as tx:
        sa.event.listen(store.database.engine, "before_cursor_execute", note)
        tx.instances.search(where=where, after="", limit=9)
        sa.event.remove(store.database.engine, "before_cursor_execute", note)
        text, values = asked[-1]
        return [row[-1] + " " for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]


def _names(store: Store) -> list[str]:
    """PostgreSQL walks through tables as small as a test's whatever indexes there are: that they are there is all."""
    with store.reading() as tx:
        return list(tx.connection.scalars(sa.text("SELECT indexname FROM pg_indexes")))


# --- counts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 2, 5, 100])
def test_a_count_ends_at_the_most_that_was_asked_for(full: House, most: int) -> None:
    with full.engine.store.reading() as tx:
        who = ["g:sales", "g:legal", "u:anna"]
        exact = tx.items.count(shelf="claimable", who=who, where={}, most=1000)
        assert exact > 5
        assert tx.items.count(shelf="claimable", who=who, where={}, most=most) == min(exact, most)


@pytest.mark.parametrize("shelf", ["mine", "claimable", "done"])
def test_a_count_is_the_length_of_the_list(full: House, shelf: str) -> None:
    with full.engine.store.reading() as tx:
        who = ["g:sales", "g:legal"] if shelf == "claimable" else ["anna", "chen"]
        page = tx.items.page(shelf=shelf, who=who, where={}, after=None, limit=500)
        assert page
        assert tx.items.count(shelf=shelf, who=who, where={}, most=500) == len(page)


def test_whom_two_groups_offer_the_same_is_offered_it_once(home: House) -> None:
    both = Performer(groups=(literal("sales"), literal("legal")))
    home.release(program("start s", node("user one", performer=both), "end e", flow=["s > one > e"]))
    home.start()
    agent = Agent(key="x", roles=frozenset({"staff"}), groups=frozenset({"sales", "legal"}))
    assert listing.counts(home.engine, agent=agent, now=home.now).claimable == 1


def test_the_inbox_counts_no_further_than_it_says(full: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    counts = listing.counts(full.engine, agent=ANNA, now=full.now)
    assert counts.claimable == 3
