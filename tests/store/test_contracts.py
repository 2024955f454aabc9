"""Contracts on both databases."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from engine import deals
from engine.store.unit_of_work import Store
from tests.store.rows import NOW


def contract(key: str, number: str, **more: Any) -> deals.Contract:
    values = {"customer": "c-1", "amount": 0.1, "term_from": "2026-01-01", "term_to": "2026-12-31"}
    return deals.Contract(
        **{"id": key, "number": number, "template": "frame", "drafted_at": NOW} | values | more  # type: ignore[arg-type]
    )


def test_a_contract_comes_back_as_it_was_put_and_the_last_stays(store: Store) -> None:
    first = contract("i-1", "K-1", payments=({"n": 1, "date": "2026-01-01", "amount": 0.1},), auto_renew=True)
    last = msgspec.structs.replace(first, status="effective", settled_at=NOW)
    for record in (first, last):
        with store.transaction() as tx:
            tx.contracts.put(record)
        with store.reading() as tx:
            assert tx.contracts.get("i-1") == record == tx.contracts.numbered("K-1")
            assert tx.contracts.get("K-1") is None and tx.contracts.numbered("i-1") is None


def test_two_contracts_never_have_one_number(store: Store) -> None:
    with store.transaction() as tx:
        tx.contracts.put(contract("i-1", "K-1"))
    with pytest.raises(sa.exc.IntegrityError), store.transaction() as tx:
        tx.contracts.put(contract("i-2", "K-1"))


def test_a_customer_s_contracts_come_newest_first(store: Store) -> None:
    with store.transaction() as tx:
        for day, key in enumerate(("b", "a", "c")):
            tx.contracts.put(contract(key, key, drafted_at=NOW + timedelta(days=day)))
        tx.contracts.put(contract("other", "other", customer="c-2"))
    with store.reading() as tx:
        assert [one.id for one in tx.contracts.of_customer("c-1")] == ["c", "a", "b"]
        assert tx.contracts.of_customer("c-9") == []


def test_the_last_number_of_a_series_has_four_digits_behind_it(store: Store) -> None:
    with store.transaction() as tx:
        for key in ("HT-2026-0009", "HT-2026-0010", "HT-2026-00999", "HT-2026-ABCD", "HT-2025-9999"):
            tx.contracts.put(contract(key, key))
    with store.reading() as tx:
        assert tx.contracts.last_number("HT-2026-") == "HT-2026-0010"
        assert tx.contracts.last_number("HT-2024-") == ""
