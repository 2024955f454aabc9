"""Quotes, each version a row; a row of ``contact_budget`` is the lock, as for the contact budget."""

from datetime import datetime

import sqlalchemy as sa

from engine import deals
from engine.store import contacts, rows
from engine.store import series as series_of
from engine.store.tables.customers import customer
from engine.store.tables.deals import quote


class Quotes:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, number: str) -> None:
        contacts.lock(self._db, f"quote {number}")

    def put(self, record: deals.Quote) -> None:
        rows.put(self._db, quote, quote.c.id == record.id, record)

    def get(self, quote_id: str) -> deals.Quote | None:
        found = sa.select(quote).where(quote.c.id == quote_id)
        return rows.maybe(deals.Quote, self._db.execute(found).first())

    def versions(self, number: str) -> list[deals.Quote]:
        return self._all(sa.select(quote).where(quote.c.number == number).order_by(quote.c.version.desc()))

    def last_number(self, series: str) -> str:
        return series_of.last_number(self._db, quote.c.number, series)

    def of_customer(self, customer_id: str) -> list[deals.Quote]:
        return self._all(_newest_first(sa.select(quote).where(quote.c.customer == customer_id)))

    def find(
        self, text: str, *, status: deals.Standing | None, today: str, after: str, limit: int
    ) -> list[deals.Quote]:
        found = sa.select(quote).where(_stands(status, today))
        if text:
            named = sa.select(customer.c.id).where(customer.c.name.icontains(text, autoescape=True))
            found = found.where(quote.c.number.icontains(text, autoescape=True) | quote.c.customer.in_(named))
        if after:
            last = self.get(after)
            found = found.where(_behind(last)) if last else found
        return self._all(_newest_first(found).limit(limit))

    def sent(self, since: datetime) -> list[deals.Quote]:
        found = sa.select(quote).where(quote.c.sent_at >= since, quote.c.status != "superseded")
        return self._all(found.order_by(quote.c.sent_at, quote.c.id))

    def _all(self, found: sa.Select[tuple[object, ...]]) -> list[deals.Quote]:
        return [rows.record(deals.Quote, row) for row in self._db.execute(found)]


def _newest_first(found: sa.Select[tuple[object, ...]]) -> sa.Select[tuple[object, ...]]:
    return found.order_by(quote.c.drafted_at.desc(), quote.c.id.desc())


def _behind(last: deals.Quote) -> sa.ColumnElement[bool]:
    same_moment = (quote.c.drafted_at == last.drafted_at) & (quote.c.id < last.id)
    return (quote.c.drafted_at < last.drafted_at) | same_moment


def _stands(status: deals.Standing | None, today: str) -> sa.ColumnElement[bool]:
    lapsed = (quote.c.status == "sent") & (quote.c.valid_until < today)
    if status is None:
        return quote.c.status != "superseded"
    if status == "expired":
        return (quote.c.status == "expired") | lapsed
    return (quote.c.status == status) & ~lapsed
