"""A filter that leaves little is answered from what it leaves; nobody can tell by the answer."""

from typing import Any

import pytest

from engine import records
from engine.inbox import act, listing
from engine.model.performer import Performer
from engine.people.agent import SYSTEM, Agent
from engine.runtime import start
from engine.store import narrow
from tests.house import ANNA, House
from tests.kernel.models import literal, node, program

WU = Agent(key="wu", name="Wu", roles=frozenset({"staff"}), groups=frozenset({"sales", "legal"}))
LI = Agent(key="li", name="Li", roles=frozenset({"staff"}))
FILTERS: dict[str, dict[str, Any]] = {
    "one process": {"process": "p"},
    "a process with nothing open": {"process": "q"},
    "no process": {"process": "none"},
    "a step of several processes": {"node": "look"},
    "a step of one process": {"process": "r", "node": "look"},
    "no step": {"node": "none"},
    "a customer": {"customer_id": "c-2"},
    "no customer": {"customer_id": "none"},
    "a customer and a process": {"customer_id": "c-2", "process": "p"},
    "a step and a group of customers": {"node": "look", "group": "KA"},
    "what is late": {"node": "look", "overdue": True},
}


@pytest.fixture
def home(home: House) -> House:
    """Sales, or legal, or both may look, and Li by name too; some of it is taken or over."""
    for key in "pqr":
        asked = Performer(
            groups=(literal("sales"), *((literal("legal"),) if key != "q" else ())),
            users=(literal("li"),) if key == "r" else (),
        )
        steps = [node(f"user {name}", performer=asked) for name in ("look", "sign")]
        home.release(program("start s", *steps, "end e", flow=["s > look > sign > e"], key=key))
    for number in (1, 2):
        home.customer(f"c-{number}", group="KA" if number == 1 else "B")
    for key, customer, count in (("p", "c-1", 4), ("p", "c-2", 3), ("r", "c-2", 3), ("q", "c-1", 1)):
        for _ in range(count):
            start.start(home.engine, process=key, customer_id=customer, data={}, agent=SYSTEM, now=home.now)
    for agent in (ANNA, WU, LI):
        home.person(agent)
    for item in _open(home):
        if item.process == "q" or item.id == _open(home)[0].id:
            _done(home, item.id, twice=item.process == "q")
    act.claim(home.engine, work_item_id=_open(home)[-1].id, agent=ANNA, now=home.now)
    return home


def _open(home: House) -> list[records.WorkItem]:
    with home.engine.store.reading() as tx:
        return [item for item in tx.lists.find(records.WorkItem) if item.status == "open" and not item.assignee]


def _done(home: House, item: str, *, twice: bool) -> None:
    act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now)
    if twice:
        _done(home, home.item(item.rpartition(".")[0], "sign").id, twice=False)


def _listed(home: House, agent: Agent, where: listing.Filter, *, limit: int = 2) -> list[str]:
    """Page by page to the end."""
    found, after = [], ""
    while True:
        page = listing.claimable(home.engine, agent=agent, now=home.now, where=where, after=after, limit=limit)
        found += [row.item.id for row in page.rows]
        after = page.cursor
        if not after:
            return found


def _all(home: House, agent: Agent, where: listing.Filter) -> tuple[list[str], int, int]:
    """What is listed, and the count with a low and a high limit."""
    low, high = (
        listing.count(home.engine, shelf="claimable", where=where, agent=agent, now=home.now, most=most)
        for most in (2, 50)
    )
    return _listed(home, agent, where), low, high


@pytest.mark.parametrize("name", FILTERS)
def test_both_ways_to_a_list_give_the_same_pages_and_counts(
    name: str, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = listing.Filter(**FILTERS[name])
    for agent in (ANNA, WU, LI):
        monkeypatch.setattr(narrow, "FEW", 10_000)
        few = _all(home, agent, where)
        assert (few[1], few[2]) == (min(2, len(few[0])), len(few[0]))
        for most in (-1, 3):
            monkeypatch.setattr(narrow, "FEW", most)
            assert _all(home, agent, where) == few


@pytest.mark.parametrize(
    ("name", "who", "count"),
    [
        ("one process", ANNA, 7),
        ("a process with nothing open", ANNA, 0),
        ("a step of several processes", WU, 8),
        ("a step of several processes", LI, 2),
        ("a step of one process", WU, 2),
        ("a customer", ANNA, 5),
        ("a customer and a process", ANNA, 3),
        ("a step and a group of customers", ANNA, 3),
        ("what is late", ANNA, 0),
    ],
)
def test_a_filter_leaves_what_it_says(name: str, who: Agent, count: int, home: House) -> None:
    found = _listed(home, who, listing.Filter(**FILTERS[name]))
    assert len(found) == len(set(found)) == count


def test_ways_are_only_there_where_little_is_left(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.engine.store.reading() as tx:

        def ways(**where: str) -> list[str | None] | None:
            found = narrow.ways(tx.connection, where)  # type: ignore[attr-defined]
            return None if found is None else sorted(way.get("process", "") for way in found)

        assert (ways(process="p"), ways(process="q"), ways(node="look")) == (["p"], [], ["p", "r"])
        assert (ways(node="none"), ways(customer_id="c-1"), ways(excluding="x"), ways()) == ([], [""], None, None)
        monkeypatch.setattr(narrow, "FEW", 7)  # of p 7 are open, of r 3, one of them taken
        assert (ways(process="p"), ways(node="look"), ways(customer_id="c-2")) == (["p"], None, [""])
        monkeypatch.setattr(narrow, "FEW", 5)
        assert (ways(process="p"), ways(customer_id="c-2"), ways(process="none")) == (None, None, [])
