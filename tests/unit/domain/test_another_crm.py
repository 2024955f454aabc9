"""Another CRM behind the same ports: quotes, contracts and orders kept elsewhere, the same handlers, equal answers."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import pytest

from engine import deals, ports
from engine.domain import handlers
from engine.ports import JobCall
from engine.store.unit_of_work import Store
from tests.shared import ROOT
from tests.unit.domain.conftest import NOON, a_customer

T = TypeVar("T")
LINE = {"product": "pump", "options": [], "qty": 2, "list_price": 100, "discount": 5}


class Books:
    """Quotes, contracts and orders in the memory of another program."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def lock(self, what: str) -> None:
        pass

    def put(self, record: Any) -> None:
        self.kept[record.id] = record

    def get(self, key: str) -> Any:
        return self.kept.get(key)

    def _by(self, order: str, **same: Any) -> list[Any]:
        found = [one for one in self.kept.values() if all(getattr(one, name) == value for name, value in same.items())]
        return sorted(found, key=lambda one: (getattr(one, order), one.id), reverse=True)


class Quotes(Books):
    def versions(self, number: str) -> list[deals.Quote]:
        return self._by("version", number=number)

    def of_customer(self, customer: str) -> list[deals.Quote]:
        return self._by("drafted_at", customer=customer)

    def last_number(self, series: str) -> str:
        return _last(one.number for one in self.kept.values() if re.fullmatch(rf"{series}\d{{4}}", one.number))

    def find(
        self, text: str, *, status: deals.Standing | None, today: str, after: str, limit: int
    ) -> list[deals.Quote]:
        standing = [one for one in self._by("drafted_at") if status in (None, one.standing(today))]
        return [one for one in standing if text in one.number][:limit]

    def sent(self, since: datetime) -> list[deals.Quote]:
        return [one for one in self._by("drafted_at") if one.sent_at and one.sent_at >= since]


class Contracts(Books):
    def numbered(self, number: str) -> deals.Contract | None:
        return next(iter(self._by("drafted_at", number=number)), None)

    def of_customer(self, customer: str) -> list[deals.Contract]:
        return self._by("drafted_at", customer=customer)

    def last_number(self, series: str) -> str:
        return _last(one.number for one in self.kept.values() if re.fullmatch(rf"{series}\d{{4}}", one.number))


class Orders(Books):
    def of_customer(self, customer: str) -> list[deals.Order]:
        return self._by("taken_at", customer=customer)

    def last_invoice(self, series: str) -> str:
        return _last(one.invoice for one in self.kept.values() if one.invoice.startswith(series))


def _last(found: Iterator[str]) -> str:
    return max(found, default="")


class View:
    """A transaction of the house whose quotes, contracts and orders are the other program's."""

    def __init__(self, tx: ports.Transaction, books: dict[str, Books]) -> None:
        self._tx, self._books = tx, books

    def __getattr__(self, name: str) -> Any:
        return self._books.get(name) or getattr(self._tx, name)


class Elsewhere:
    """The house's store with the other program beside it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.books: dict[str, Books] = {"quotes": Quotes(), "contracts": Contracts(), "orders": Orders()}

    def run(self, work: Callable[[Any], T]) -> T:
        return self.store.run(lambda tx: work(View(tx, self.books)))

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with self.store.reading() as tx:
            yield View(tx, self.books)


def lived(store: Any) -> list[Any]:
    """A quote changed once, accepted, made into a contract and an order: what every handler answered."""
    known = handlers.of(store)

    def ask(handler: str, **given: Any) -> Any:
        job = JobCall(
            id="j", handler=handler, input=given, headers={}, attempt=1, now=NOON, instance_id="i-1", process="TEST",
            business_key=None, customer=a_customer("c-1"),
        )  # fmt: skip
        return known[handler](job).data

    told = [ask("quotes.draft", lines=[LINE], valid_until="2026-03-31", payment_terms="instalments")]
    for version, reply in ((1, "change"), (2, "accept")):
        same = {"number": "BJ-2026-0001", "version": version}
        told.append(ask("quotes.approve", lines=[LINE], **same))
        told.append(ask("quotes.send", document="d", **same))
        told.append(ask("quotes.answer", reply=reply, **same))
        if reply == "change":
            told.append(ask("quotes.draft", number="BJ-2026-0001", lines=[LINE], valid_until="2026-03-31"))
    terms = ask("quotes.terms", quote="BJ-2026-0001")
    told += [terms, ask("contracts.draft", quote="BJ-2026-0001", **terms), ask("contracts.enact")]
    order = {"number": "SO-1", "quote": "BJ-2026-0001", "payment": "prepaid", "requested_date": ""}
    return [*told, ask("orders.take", **order), ask("orders.invoice", number="SO-1")]


@pytest.fixture
def elsewhere(store: Store) -> Elsewhere:
    return Elsewhere(store)


def test_the_same_handlers_give_equal_answers_with_another_crm(store: Store, elsewhere: Elsewhere) -> None:
    abroad = lived(elsewhere)
    with store.reading() as tx:
        assert tx.quotes.versions("BJ-2026-0001") == [] and tx.orders.get("SO-1") is None, "nothing is kept here"
    assert abroad == lived(store)
    with store.reading() as tx:
        at_home = {"quotes": tx.quotes.of_customer("c-1"), "contracts": tx.contracts.of_customer("c-1")}
        at_home["orders"] = tx.orders.of_customer("c-1")  # type: ignore[assignment]
    for name, found in at_home.items():
        books: Any = elsewhere.books[name]
        assert books.of_customer("c-1") == found and found, name


@pytest.mark.parametrize(
    ("name", "protocol"), [("quotes", deals.Quotes), ("contracts", deals.Contracts), ("orders", deals.Orders)]
)
def test_an_adapter_has_all_that_its_port_asks(elsewhere: Elsewhere, name: str, protocol: type) -> None:
    asked = {one for one in vars(protocol) if not one.startswith("_")}
    assert asked and {one for one in asked if not callable(getattr(elsewhere.books[name], one, None))} == set()


def test_every_port_that_the_services_name_is_one(store: Store) -> None:
    told = (ROOT / "docs/catalogue-services.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`tx\.(\w+)`", told))
    assert len(named) > 20
    with store.reading() as tx:
        assert {one for one in named if not hasattr(tx, one) or not hasattr(ports.Transaction, one)} == set()
