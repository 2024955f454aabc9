"""The ports that another system may keep over REST. Locks stay here: whoever writes comes through this house.

What is the house's own of a deal, its moves, reviews and the rivals met, stays here, too.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from engine import agenda, deals
from engine.elsewhere.books import Books, Place, Where
from engine.ports import Transaction

_FIRST = datetime.min.replace(tzinfo=UTC)


class Orders(Books[deals.Order]):
    def __init__(self, tx: Transaction, place: Place) -> None:
        super().__init__(tx, kind=deals.Order, place=place)

    def lock(self, what: str) -> None:
        self._tx.contacts.lock(f"order {what}")

    def of_customer(self, customer: str) -> list[deals.Order]:
        found = self.find(Where(field="customer", values=(customer,)))
        return sorted(found, key=lambda one: (one.taken_at, one.id), reverse=True)

    def last_invoice(self, series: str) -> str:
        found = self.find(Where(field="invoice", how="starts", values=(series,)))
        return max((one.invoice for one in found), default="")


class Contracts(Books[deals.Contract]):
    def __init__(self, tx: Transaction, place: Place) -> None:
        super().__init__(tx, kind=deals.Contract, place=place)

    def lock(self, what: str) -> None:
        self._tx.contacts.lock(f"contract {what}")

    def numbered(self, number: str) -> deals.Contract | None:
        return next(iter(self.find(Where(field="number", values=(number,)))), None)

    def last_number(self, series: str) -> str:
        """Of those with four digits behind the series: others were typed by hand."""
        found = self.find(Where(field="number", how="starts", values=(series,)))
        return max((one.number for one in found if _four_digits(one.number.removeprefix(series))), default="")

    def of_customer(self, customer: str) -> list[deals.Contract]:
        found = self.find(Where(field="customer", values=(customer,)))
        return sorted(found, key=lambda one: (one.drafted_at, one.id), reverse=True)


class Registrations(Books[deals.Registration]):
    def __init__(self, tx: Transaction, place: Place) -> None:
        super().__init__(tx, kind=deals.Registration, place=place)

    def lock(self, core: str) -> None:
        self._tx.contacts.lock(f"registration {core}")

    def of_core(self, core: str) -> list[deals.Registration]:
        found = self.find(Where(field="core", values=(core,)))
        return sorted(found, key=lambda one: (one.asked_at, one.id))


class Opportunities(Books[deals.Opportunity]):
    def __init__(self, tx: Transaction, place: Place) -> None:
        super().__init__(tx, kind=deals.Opportunity, place=place)
        self._own = tx.opportunities

    def lock(self, opportunity_id: str) -> None:
        self._own.lock(opportunity_id)

    def of_leads(self, leads: Sequence[str]) -> list[deals.Opportunity]:
        return self._oldest_first(Where(field="lead", values=tuple(leads))) if leads else []

    def of_customer(self, customer: str) -> list[deals.Opportunity]:
        return self._oldest_first(Where(field="customer", values=(customer,)))

    def open(self) -> list[deals.Opportunity]:
        closed: tuple[deals.Stage, ...] = ("won", "lost")
        stages = tuple(stage for stage in deals.CHANCES if stage not in closed)
        return [one for one in self._oldest_first(Where(field="stage", values=stages)) if one.closed_at is None]

    def closed(self, since: str, until: str) -> list[deals.Opportunity]:
        first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (since, until))
        found = self.find(
            Where(field="closed_at", how="from", values=(first,)),
            Where(field="closed_at", how="before", values=(last,)),
        )
        return sorted(found, key=lambda one: (one.closed_at or _FIRST, one.id))

    def moved(self, move: deals.Move) -> bool:
        return self._own.moved(move)

    def moves(self, opportunity_id: str) -> list[deals.Move]:
        return self._own.moves(opportunity_id)

    def review(self, record: deals.Review) -> None:
        self._own.review(record)

    def reviewed(self, opportunity_id: str) -> list[deals.Review]:
        return self._own.reviewed(opportunity_id)

    def know_rival(self, key: str, name: str, review_id: str, now: datetime) -> bool:
        return self._own.know_rival(key, name, review_id, now)

    def _oldest_first(self, where: Where) -> list[deals.Opportunity]:
        return sorted(self.find(where), key=lambda one: (one.opened_at, one.id))


class Diary(Books[agenda.Appointment]):
    def __init__(self, tx: Transaction, place: Place) -> None:
        super().__init__(tx, kind=agenda.Appointment, place=place)

    def lock(self, person: str) -> None:
        self._tx.contacts.lock(f"diary {person}")

    def booked(self, people: Sequence[str], since: datetime, until: datetime) -> list[agenda.Appointment]:
        if not people:
            return []
        found = self.find(
            Where(field="attendees", how="has", values=tuple(people)),
            Where(field="starts_at", how="before", values=(until,)),
            Where(field="ends_at", how="after", values=(since,)),
            Where(field="status", values=("booked",)),
        )
        return sorted(found, key=lambda one: (one.starts_at, one.id))

    def of_customer(self, customer: str, limit: int) -> list[agenda.Appointment]:
        found = self.find(Where(field="customer", values=(customer,)))
        return sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.starts_at, reverse=True)[:limit]


REST: Mapping[str, Callable[[Transaction, Place], Any]] = {
    "contracts": Contracts,
    "diary": Diary,
    "opportunities": Opportunities,
    "orders": Orders,
    "registrations": Registrations,
}


def _four_digits(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()
