"""The unit of work commits whole or not at all, and rings only for what is committed."""

import threading

import pytest

from engine import errors
from engine.ports import Ring
from engine.repositories import Stale
from engine.store.unit_of_work import Store, Transaction
from tests.store.rows import NOW, Rings, customer


def test_what_left_the_block_is_there(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(customer(attributes={"city": "上海"}))
    with store.reading() as tx:
        found = tx.customers.get("c-1")
    assert found == customer(attributes={"city": "上海"})


def test_an_error_undoes_everything_and_rings_nothing(store: Store, rings: Rings) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.customers.add(customer())
        tx.ring("job", "1")
        raise ZeroDivisionError
    with store.reading() as tx:
        assert tx.customers.get("c-1") is None
    assert rings == []


def test_the_bell_rings_after_commit(store: Store, rings: Rings) -> None:
    with store.transaction() as tx:
        tx.ring("job", "1")
        assert rings == []
    assert rings == [Ring("job", "1")]


def test_a_transaction_inside_another_is_refused(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError), store.transaction():
        pass
    with store.transaction() as tx:
        tx.customers.add(customer())


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"), store.reading() as tx:
        tx.customers.add(customer())


def test_stale_work_is_tried_again(store: Store) -> None:
    tries = []

    def work(tx: object) -> int:
        tries.append(tx)
        if len(tries) < 3:
            raise Stale
        return len(tries)

    assert store.run(work) == 3


def test_work_that_is_always_overtaken_says_so(store: Store) -> None:
    def work(tx: object) -> None:
        raise Stale

    with pytest.raises(errors.Conflict) as caught:
        store.run(work)
    assert caught.value.code == "always_overtaken"


def test_many_threads_count_without_losing_one(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(customer(scores={"n": 0}))

    def add_ten() -> None:
        def add(tx: Transaction) -> None:
            found = tx.customers.get("c-1")
            assert found is not None
            tx.customers.change(customer(scores={"n": found.scores["n"] + 1}, revision=found.revision))

        for _ in range(10):
            store.run(add)

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        found = tx.customers.get("c-1")
    assert found is not None
    assert found.scores["n"] == 40


def test_ids_sort_by_age(store: Store) -> None:
    ids = [store.new_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert NOW.tzinfo is not None


def test_a_customer_changed_meanwhile_is_stale(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(customer())
        tx.customers.change(customer(name="Mrs Li"))
    with pytest.raises(Stale), store.transaction() as tx:
        tx.customers.change(customer(name="Mr Wang", revision=1))
