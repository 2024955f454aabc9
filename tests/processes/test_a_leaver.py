"""Somebody leaves: the administrator's one deed begins the hand-over of their customers (SFA-09)."""

from collections.abc import Iterator

import msgspec
import pytest

from engine import records
from engine.people import users
from engine.people.agent import SYSTEM
from tests.processes.life import Life, living


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("leaver"), ("SFA-09",)) as alive:
        yield alive


def test_who_is_deactivated_has_their_customers_handed_over(life: Life) -> None:
    with life.engine.store.transaction() as tx:
        tx.people.put(records.Person(key="admin", name="Admin", locale="en", roles=("admin",), created_at=life.now))
    gone = users.Profile(name="a")
    users.change_user(life.engine, key="a", profile=gone, active=False, agent=SYSTEM, now=life.now)
    life.settle()
    (begun,) = life.instances("SFA-09")
    assert begun.customer_id is None
    life.people = [life.people[1], msgspec.structs.replace(life.people[1], key="admin")]
    life.does("edit_draft", territory="east", members=["b"], rules=[{"attr": "customer", "op": "is", "value": "C-1"}],
              leaver="a", effective=life.now.date().isoformat(), open_item_policy="move")  # fmt: skip
    life.does("approve", outcome="approved")
    life.passes(days=1)
    with life.engine.store.reading() as tx:
        handed_over = tx.customers.get("C-1")
    assert handed_over is not None and handed_over.owner == "b"
    assert [one.incidents for one in life.instances("SFA-09")] == [0]
