"""Lists with their filters, as an address says them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import flask

from engine.inbox import listing
from web.ui import known, language, visitor

SHELVES = ("mine", "open", "drafts", "done")
_LISTS = {"mine": listing.mine, "open": listing.claimable, "drafts": listing.drafts, "done": listing.done}
FILTERS = ("process", "group", "customer", "due")
IN_A_ROW = 50
"""Tasks that one address carries."""


@dataclass(frozen=True)
class Filters:
    process: str = ""
    group: str = ""
    customer: str = ""
    """Id of the customer."""
    due: str = ""


@dataclass(frozen=True)
class Shelf:
    name: str
    filters: Filters
    row: tuple[str, ...] = ()
    """Tasks that are opened one after another."""

    @classmethod
    def asked(cls, name: str) -> "Shelf":
        """With the filters of the request's address."""
        asked = flask.request.args
        row = tuple(key for key in asked.get("row", "")[:4000].split(",") if key)
        return cls(name=name, filters=Filters(**{key: asked.get(key, "")[:100] for key in FILTERS}), row=row)

    @property
    def filtered(self) -> bool:
        return self.filters != Filters()

    @property
    def query(self) -> dict[str, str]:
        chosen = {key: value for key in FILTERS if (value := getattr(self.filters, key))}
        return {**chosen, "row": ",".join(self.row)} if self.row else chosen

    def page(self, *, after: str = "", limit: int = 50) -> listing.Page:
        where = listing.Filter(
            process=self.filters.process,
            group=self.filters.group,
            customer_id=known.customer_id(self.filters.customer) if self.filters.customer else "",
            overdue=self.filters.due == "late",
            awaits_customer=self.filters.due == "customer",
            due_before=language.end_of_day(visitor.now()) if self.filters.due == "today" else None,
        )
        find = _LISTS[self.name]
        return find(visitor.engine(), agent=visitor.me(), now=visitor.now(), where=where, after=after, limit=limit)

    def address(self, item_id: str = "") -> str:
        """Of a task in this list, or of the list."""
        if not item_id:
            return self.list_address()
        return flask.url_for("inbox.task", item_id=item_id, shelf=self.name, **self.query)

    def list_address(self, after: str = "") -> str:
        more = {"after": after} if after else {}
        chosen = {key: value for key, value in self.query.items() if key != "row"}
        return flask.url_for("inbox.show", shelf=self.name, **chosen, **more)

    def in_a_row(self, item_ids: Sequence[str]) -> str:
        """The first of these, with the others behind it."""
        row = tuple(item_ids)[:IN_A_ROW]
        return replace(self, row=row).address(row[0])


def more(endpoint: str, filters: Sequence[str], *, after: str) -> str:
    """The next page of a list under the filters of the request; nothing else of its address goes along."""
    kept = {name: value for name in filters if (value := flask.request.args.get(name))}
    return flask.url_for(endpoint, **kept, after=after)
