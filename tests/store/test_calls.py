"""Calls and blocked numbers on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from engine import agenda
from engine.store.unit_of_work import Store
from tests.store.rows import NOW


def call(key: str, **more: Any) -> agenda.Call:
    values = {"call_list": "L", "phone": "1", "agent": "ann", "attempt": 1, "outcome": "refused", "called_at": NOW}
    return agenda.Call(**{"id": key} | values | more)  # type: ignore[arg-type]


def test_calls_of_a_list_come_in_their_order_and_each_once(store: Store) -> None:
    late, early = call("a", called_at=NOW + timedelta(hours=1)), call("b", notes="忙 / busy")
    with store.transaction() as tx:
        for one in (late, early, early, call("c", call_list="M")):
            tx.calls.add(one)
    with store.reading() as tx:
        assert tx.calls.of_list("L") == [early, late] and tx.calls.of_list("N") == []


def test_a_number_that_many_block_at_once_is_blocked(store: Store) -> None:
    def block(n: int) -> None:
        store.run(lambda tx: tx.calls.block("13800000001", f"r-{n}", NOW))

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(block, range(8)))
    with store.reading() as tx:
        assert tx.calls.blocked(["13800000001", "13800000002"]) == {"13800000001"}
        assert tx.calls.blocked([]) == set()
