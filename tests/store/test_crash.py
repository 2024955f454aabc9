"""A crash at any statement of a step leaves the step done whole, or not begun; tried again, it is done once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from engine import facts
from engine.inbox import act
from engine.model.nodes import Work
from engine.model.performer import Escalation, Performer, Promise
from engine.runtime import instances
from engine.store import steps
from tests.house import ANNA, House
from tests.kernel.models import literal, message, node, program, timer

RICH = program(
    "start s",
    node("user one", performer=Performer(groups=(literal("sales"),)), promise=Promise(duration="PT1H", ladder=(
        Escalation(at_percent=50, action="warn"),))),
    node("boundary late", attached_to="one", triggers=(timer("P1D"),)),
    "and fork", node("throw tell", triggers=(message("m"),)), node("service do", work=Work(handler="log")),
    "user two", node("catch hear", triggers=(message("n"),)), "end e",
    flow=["s > one > fork", "fork > tell > e", "fork > do > e", "fork > two > e", "fork > hear > e", "late > e"],
)  # fmt: skip


class Crash(Exception):
    """The process is gone: nothing after this statement happens."""


class Fragile:
    """A driver's cursor that breaks at the n-th statement of its transaction."""

    def __init__(self, cursor: Any, count: Callable[[], None]) -> None:
        self._cursor = cursor
        self._count = count

    def execute(self, *said: Any) -> Any:
        self._count()
        return self._cursor.execute(*said)

    def executemany(self, *said: Any) -> Any:
        self._count()
        return self._cursor.executemany(*said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@contextmanager
def breaking_at(number: int, patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """``number`` 0 never breaks; the list counts the statements."""
    seen = [0]

    def count() -> None:
        seen[0] += 1
        if seen[0] == number:
            raise Crash

    def fragile(whole: Callable[[sa.Connection], Any]) -> Callable[[sa.Connection], Any]:
        return lambda connection: Fragile(whole(connection), count)

    with patch.context() as inner:
        for name in ("cursor", "numbering_cursor"):
            inner.setattr(steps, name, fragile(getattr(steps, name)))
        yield seen


def everything(home: House, case: str) -> Any:
    """All that is kept of a case."""
    with home.engine.store.reading() as tx:
        kept = tx.steps.read(case)
        reads = (tx.waits.work_items, tx.waits.timers, tx.waits.jobs, tx.waits.subscriptions, tx.facts.of_instance)
        return kept, [read(case) for read in reads], tx.due.mail(home.now, 50), tx.changes.last()


def test_a_crash_at_any_statement_of_a_step_undoes_it_whole(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    home.release(RICH)
    case = home.start()
    work_item_id = home.item(case, "one").id
    before = everything(home, case)
    number = 0
    while True:
        number += 1
        with breaking_at(number, monkeypatch) as seen:
            try:
                act.complete(home.engine, work_item_id=work_item_id, data={"n": 1}, agent=ANNA, now=home.now)
            except Crash:
                assert everything(home, case) == before, f"after a crash at statement {number}"
                continue
        break
    # PostgreSQL gets all writes in one statement.
    assert seen[0] == number - 1 >= (10 if home.engine.store.database.engine.dialect.name == "sqlite" else 3)  # type: ignore[attr-defined]
    told = Counter(map(type, home.facts(case)))
    assert told[facts.WorkItemCompleted] == 1
    assert [item.node for item in home.items(case)] == ["two"]


def test_a_crash_at_any_statement_of_a_start_leaves_no_trace(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    home.release(RICH)
    home.customer()
    number = 0
    while True:
        number += 1
        with breaking_at(number, monkeypatch):
            try:
                case = home.start(business_key="k")
            except Crash:
                assert instances.search(home.engine) == ()
                continue
        break
    assert number > 4
    assert [one.id for one in instances.search(home.engine)] == [case]
    assert home.instance(case).number == "p-000001"
