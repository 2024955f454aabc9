"""The contract of each port that another system may keep: checks that any adapter has to pass.

A check is given a ``Store`` whose transactions have the adapter for the port. Whoever writes an adapter runs
``for check in contract.of("orders"): check(store)`` on an empty system, each check on one of its own.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from engine import deals
from engine.ports import Store
from tests.ports import samples
from tests.ports.samples import DAY, NOON

Check = Callable[[Store], None]
KEYS = {"quotes": ("Q-1/1", "Q-1/2")}
"""Two ids of records of a port, where they are not free."""


def of(port: str) -> list[Check]:
    """In the order in which they stand here; those of every port first, where the port has what they ask."""
    here = inspect.getmembers(sys.modules[__name__], inspect.isfunction)
    own = [check for name, check in here if name.startswith(f"{port}_")]
    return [*_of_all(port), *sorted(own, key=lambda one: one.__code__.co_firstlineno)]


def put(store: Store, port: str, *records: Any) -> None:
    def work(tx: Any) -> None:
        for record in records:
            _write(getattr(tx, port), record)

    store.run(work)


def look(store: Store, ask: Callable[[Any], Any]) -> Any:
    with store.reading() as tx:
        return ask(tx)


def _write(books: Any, record: Any) -> None:
    (books.keep if hasattr(books, "keep") and not hasattr(books, "put") else books.put)(record)


def _read(books: Any, record: Any) -> Any:
    if hasattr(books, "get"):
        return books.get(record.id)
    return next((one for one in books.versions(record.id) if one.n == record.n), None)


def _of_all(port: str) -> Iterator[Check]:
    for rule in (comes_back_whole, is_overwritten, is_seen_at_once, is_undone, only_reads, takes_turns):

        def check(store: Store, rule: Any = rule) -> None:
            rule(store, port)

        check.__name__ = f"{port}_{rule.__name__}"
        yield check


# --- of every port ---------------------------------------------------------------------------------------------------


def comes_back_whole(store: Store, port: str) -> None:
    """Every field as it was put; nothing under another id."""
    key, other = KEYS.get(port, ("k-1", "键/2 ?"))
    record = samples.WHOLE[port](key)
    put(store, port, record)
    assert look(store, lambda tx: _read(getattr(tx, port), record)) == record
    odd = samples.WHOLE[port](other)
    assert look(store, lambda tx: _read(getattr(tx, port), odd)) is None
    put(store, port, odd)
    assert look(store, lambda tx: _read(getattr(tx, port), odd)) == odd


def is_overwritten(store: Store, port: str) -> None:
    """By the one of the same id, whole."""
    key = KEYS.get(port, ("k-1",))[0]
    field = {
        "registrations": "product",
        "territories": "realignment",
        "forecasts": "reason",
        "visits": "engineer",
        "surveys": "comment",
        "agreements": "calendar",
    }.get(port, "customer")
    record = samples.WHOLE[port](key)
    put(store, port, record)
    changed = msgspec.structs.replace(record, **{field: "另一个"})
    put(store, port, changed)
    assert look(store, lambda tx: _read(getattr(tx, port), record)) == changed


def is_seen_at_once(store: Store, port: str) -> None:
    """By whoever wrote it, in the same transaction."""
    record = samples.WHOLE[port](KEYS.get(port, ("k-1",))[0])

    def work(tx: Any) -> Any:
        _write(getattr(tx, port), record)
        return _read(getattr(tx, port), record)

    assert store.run(work) == record


def is_undone(store: Store, port: str) -> None:
    """With the transaction that fails."""
    record = samples.WHOLE[port](KEYS.get(port, ("k-1",))[0])
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        _write(getattr(tx, port), record)
        raise ZeroDivisionError
    assert look(store, lambda tx: _read(getattr(tx, port), record)) is None


def only_reads(store: Store, port: str) -> None:
    """A view takes nothing."""
    record = samples.WHOLE[port](KEYS.get(port, ("k-1",))[0])
    with pytest.raises(Exception), store.reading() as tx:  # noqa: B017 - each says it in its own way
        _write(getattr(tx, port), record)
    assert look(store, lambda tx: _read(getattr(tx, port), record)) is None


def takes_turns(store: Store, port: str) -> None:
    """Who holds the lock sees what those before wrote: none of eight changes is lost."""
    if port == "surveys":
        return  # one case writes one survey: nobody changes another's
    key = KEYS.get(port, ("k-1",))[0]
    counted = {"forecasts": "adjusted", "territories": "realignment", "visits": "visit_no", "diary": "place"}
    field = counted.get(port, {"quotes": "document", "agreements": "calendar"}.get(port, "amount"))
    field = {"orders": "ship_to", "registrations": "product", "contracts": "template", "opportunities": "name"}.get(
        port, field
    )
    start = 0.0 if field == "adjusted" else "0"
    put(store, port, samples.WHOLE[port](key, **{field: start}))

    def raise_it(tx: Any) -> None:
        books = getattr(tx, port)
        books.lock() if port == "territories" else books.lock(key)
        seen = _read(books, samples.WHOLE[port](key))
        now = getattr(seen, field)
        _write(books, msgspec.structs.replace(seen, **{field: now + 1 if field == "adjusted" else str(int(now) + 1)}))

    with ThreadPoolExecutor(max_workers=4) as pool:
        [one.result() for one in [pool.submit(store.run, raise_it) for _ in range(8)]]
    assert getattr(look(store, lambda tx: _read(getattr(tx, port), samples.WHOLE[port](key))), field) in (8, "8")


# --- orders ----------------------------------------------------------------------------------------------------------


def orders_of_a_customer_newest_first(store: Store) -> None:
    late = {"taken_at": NOON + DAY}
    put(
        store,
        "orders",
        samples.order("b"),
        samples.order("a"),
        samples.order("c", **late),
        samples.order("x", customer="c-2"),
    )
    assert [one.id for one in look(store, lambda tx: tx.orders.of_customer("c-1"))] == ["c", "b", "a"]
    assert look(store, lambda tx: tx.orders.of_customer("c%")) == []


def orders_last_invoice_of_a_series(store: Store) -> None:
    numbers = ("FP-2026-0009", "FP-2026-0010", "FP-2025-0099", "FP_2026-9999", "")
    put(store, "orders", *(samples.order(f"o-{n}", invoice=number) for n, number in enumerate(numbers)))
    assert look(store, lambda tx: tx.orders.last_invoice("FP-2026-")) == "FP-2026-0010"
    assert look(store, lambda tx: tx.orders.last_invoice("FP-2024-")) == ""


# --- contracts -------------------------------------------------------------------------------------------------------


def contracts_by_number_and_customer(store: Store) -> None:
    put(store, "contracts", samples.contract("a"), samples.contract("b", drafted_at=NOON + DAY), samples.contract("c"))
    assert look(store, lambda tx: tx.contracts.numbered("HT-b")).id == "b"
    assert look(store, lambda tx: tx.contracts.numbered("HT-")) is None
    assert [one.id for one in look(store, lambda tx: tx.contracts.of_customer("c-1"))] == ["b", "c", "a"]


def contracts_last_number_passes_over_what_was_typed_by_hand(store: Store) -> None:
    numbers = ("HT-2026-0007", "HT-2026-0011", "HT-2026-00015", "HT-2026-99", "HT-2026-abcd", "HT-2025-0100")
    put(store, "contracts", *(samples.contract(f"k-{n}", number=number) for n, number in enumerate(numbers)))
    assert look(store, lambda tx: tx.contracts.last_number("HT-2026-")) == "HT-2026-0011"
    assert look(store, lambda tx: tx.contracts.last_number("XX-")) == ""


# --- registrations ---------------------------------------------------------------------------------------------------


def registrations_of_a_core_oldest_first(store: Store) -> None:
    put(
        store,
        "registrations",
        samples.registration("b", asked_at=NOON + DAY),
        samples.registration("c"),
        samples.registration("a"),
        samples.registration("x", core="别家"),
    )
    assert [one.id for one in look(store, lambda tx: tx.registrations.of_core("远景"))] == ["a", "c", "b"]


# --- opportunities ---------------------------------------------------------------------------------------------------


def opportunities_are_listed_oldest_first(store: Store) -> None:
    late = samples.opportunity("b", opened_at=NOON + DAY, lead="L-2")
    put(store, "opportunities", late, samples.opportunity("c"), samples.opportunity("a", customer="c-2"))
    assert [one.id for one in look(store, lambda tx: tx.opportunities.of_leads(["L-1", "L-2"]))] == ["a", "c", "b"]
    assert look(store, lambda tx: tx.opportunities.of_leads([])) == []
    assert [one.id for one in look(store, lambda tx: tx.opportunities.of_customer("c-1"))] == ["c", "b"]


def opportunities_are_open_or_closed_on_a_day(store: Store) -> None:
    def closed(key: str, days: int) -> deals.Opportunity:
        return samples.opportunity(key, stage="won" if days else "lost", closed_at=NOON + days * DAY)

    put(store, "opportunities", closed("c-0", 0), closed("c-1", 1), closed("c-2", 2), samples.opportunity("o"))
    assert [one.id for one in look(store, lambda tx: tx.opportunities.open())] == ["o"]
    found = look(store, lambda tx: tx.opportunities.closed("2026-03-02", "2026-03-04"))
    assert [one.id for one in found] == ["c-0", "c-1"], "the first day counts, the last does not"


def opportunities_move_once_for_each_job(store: Store) -> None:
    put(store, "opportunities", samples.opportunity("o"))
    told = {"opportunity": "o", "probability": 1, "amount": 2.0, "expected_close": ""}

    def move(job: str, stage: Any, days: int) -> bool:
        made = deals.Move(job=job, stage=stage, moved_at=NOON + days * DAY, **told)
        return bool(store.run(lambda tx: tx.opportunities.moved(made)))

    assert [move("j-2", "quote", 2), move("j-1", "needs", 1), move("j-2", "won", 3)] == [True, True, False]
    assert [one.stage for one in look(store, lambda tx: tx.opportunities.moves("o"))] == ["needs", "quote"]


def opportunities_learn_of_a_rival_once(store: Store) -> None:
    put(store, "opportunities", samples.opportunity("o"))
    review = deals.Review(id="r", opportunity="o", result="lost", reasons=("price",), rival="X", reviewed_at=NOON)
    store.run(lambda tx: tx.opportunities.review(review))
    assert look(store, lambda tx: tx.opportunities.reviewed("o")) == [review]
    met = [store.run(lambda tx, r=r: tx.opportunities.know_rival("x", "X", r, NOON)) for r in ("r", "r", "other")]
    assert met == [True, True, False]


# --- diary -----------------------------------------------------------------------------------------------------------


def diary_finds_who_is_booked_in_a_span(store: Store) -> None:
    hour = DAY / 24
    put(
        store,
        "diary",
        samples.appointment("b"),
        samples.appointment("a"),
        samples.appointment("gone", status="cancelled"),
        samples.appointment("late", starts_at=NOON + hour, ends_at=NOON + 2 * hour, attendees=("bo",)),
    )

    def booked(people: tuple[str, ...], begin: float, end: float) -> list[str]:
        return [
            one.id for one in look(store, lambda tx: tx.diary.booked(people, NOON + begin * hour, NOON + end * hour))
        ]

    assert booked(("anna", "bo"), 0, 3) == ["a", "b", "late"]
    assert booked(("anna",), 0, 3) == ["a", "b"]
    assert booked(("bo",), 1, 3) == ["late"], "what ends as the span begins does not touch it"
    assert booked(("bo",), -1, 0) == []
    assert booked(("ann",), 0, 3) == booked((), 0, 3) == []


def diary_of_a_customer_newest_first(store: Store) -> None:
    late = {"starts_at": NOON + DAY, "ends_at": NOON + 2 * DAY}
    put(
        store,
        "diary",
        samples.appointment("b"),
        samples.appointment("a"),
        samples.appointment("z", **late, status="missed"),
    )
    assert [one.id for one in look(store, lambda tx: tx.diary.of_customer("c-1", 2))] == ["z", "a"]


# --- quotes ----------------------------------------------------------------------------------------------------------


def quotes_have_versions_and_numbers(store: Store) -> None:
    put(
        store,
        "quotes",
        samples.quote("BJ-0001/1"),
        samples.quote("BJ-0001/2"),
        samples.quote("BJ-0002/1"),
        samples.quote("BJ-00030/1"),
    )
    assert [one.version for one in look(store, lambda tx: tx.quotes.versions("BJ-0001"))] == [2, 1]
    assert look(store, lambda tx: tx.quotes.last_number("BJ-")) == "BJ-0002"


def quotes_are_found_by_standing(store: Store) -> None:
    open_one = {"status": "sent", "settled_at": None}
    put(
        store,
        "quotes",
        samples.quote("Q-1/1", status="superseded"),
        samples.quote("Q-1/2", **open_one),
        samples.quote("Q-2/1", **open_one, valid_until="2026-01-01"),
        samples.quote("Q-3/1", drafted_at=NOON + DAY),
    )

    def found(status: Any = None, text: str = "", after: str = "", limit: int = 9) -> list[str]:
        asked = {"status": status, "today": "2026-03-02", "after": after, "limit": limit}
        return [one.id for one in look(store, lambda tx: tx.quotes.find(text, **asked))]

    assert found() == ["Q-3/1", "Q-2/1", "Q-1/2"]
    assert found(after="Q-3/1", limit=1) == ["Q-2/1"]
    assert (found("expired"), found("sent"), found("superseded")) == (["Q-2/1"], ["Q-1/2"], ["Q-1/1"])
    assert found(text="-3") == ["Q-3/1"] and found(text="%") == []
    assert [one.id for one in look(store, lambda tx: tx.quotes.sent(NOON))] == ["Q-1/2", "Q-2/1", "Q-3/1"]
    assert look(store, lambda tx: tx.quotes.sent(NOON + 2 * DAY)) == []


# --- service ---------------------------------------------------------------------------------------------------------


def agreements_have_versions_and_one_is_active(store: Store) -> None:
    put(
        store,
        "agreements",
        samples.agreement("a", status="replaced"),
        samples.agreement("a", n=2),
        samples.agreement("b"),
        samples.agreement("x", customer="c-2"),
    )
    assert [one.n for one in look(store, lambda tx: tx.agreements.versions("a"))] == [2, 1]
    assert [(one.id, one.n) for one in look(store, lambda tx: tx.agreements.of_customer("c-1"))] == [("a", 2), ("b", 1)]


def visits_are_found_by_number_and_engineer(store: Store) -> None:
    hour = DAY / 24
    late = {"starts_at": NOON + hour, "ends_at": NOON + 2 * hour}
    put(
        store,
        "visits",
        samples.visit("b", **late),
        samples.visit("a"),
        samples.visit("x", status="cancelled", visit_no="V-2"),
    )
    assert [one.id for one in look(store, lambda tx: tx.visits.of_number("V-1"))] == ["a", "b"]
    booked = look(store, lambda tx: tx.visits.booked(["zhu"], NOON, NOON + hour))
    assert [one.id for one in booked] == ["a"]


def surveys_are_listed_newest_first(store: Store) -> None:
    silent = {"answered_at": None, "score": None, "nps": None}
    put(
        store,
        "surveys",
        samples.survey("b", asked_at=NOON + DAY, **silent),
        samples.survey("a"),
        samples.survey("x", customer="c-2"),
    )
    assert [one.id for one in look(store, lambda tx: tx.surveys.of_customer("c-1", 9))] == ["b", "a"]
    assert {one.id for one in look(store, lambda tx: tx.surveys.answered(NOON, 9))} == {"a", "x"}


# --- selling ---------------------------------------------------------------------------------------------------------


def territories_are_listed_by_key(store: Store) -> None:
    put(store, "territories", samples.territory("b"), samples.territory("a"))
    assert [one.id for one in look(store, lambda tx: tx.territories.all())] == ["a", "b"]


def forecasts_of_a_team_are_the_locked_ones_newest_first(store: Store) -> None:
    late = {"locked_at": NOON + DAY}
    put(
        store,
        "forecasts",
        samples.forecast("a"),
        samples.forecast("b", **late),
        samples.forecast("c", status="open"),
        samples.forecast("x", team="west"),
    )
    assert [one.id for one in look(store, lambda tx: tx.forecasts.of_team("east", 9))] == ["b", "a"]
    assert [one.id for one in look(store, lambda tx: tx.forecasts.of_team("east", 1))] == ["b"]
