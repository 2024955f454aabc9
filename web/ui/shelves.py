"""Lists with their filters, as an address says them."""

from collections.abc import Sequence
from dataclasses import dataclass

import flask

from engine.inbox import listing
from web.ui import known, language, visitor

SHELVES = ("mine", "open", "drafts", "done")
_LISTS = {"mine": listing.mine, "open": listing.claimable, "drafts": listing.drafts, "done": listing.done}
FILTERS = ("process", "group", "customer", "due")


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

    @classmethod
    def asked(cls, name: str) -> "Shelf":
        """With the filters of the request's address."""
        asked = flask.request.args
        return cls(name=name, filters=Filters(**{key: asked.get(key, "")[:100] for key in FILTERS}))

    @property
    def filtered(self) -> bool:
        return self.filters != Filters()

    @property
    def query(self) -> dict[str, str]:
        return {key: value for key in FILTERS if (value := getattr(self.filters, key))}

    def page(self, *, after: str = "", limit: int = 50) -> listing.Page:
        where = listing.Filter(
            process=self.filters.process,
            group=self.filters.group,
            customer_id=known.customer_id(self.filters.customer) if self.filters.customer else "",
            overdue=self.filters.due == "late",
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
        return flask.url_for("inbox.show", shelf=self.name, **self.query, **more)


def more(endpoint: str, filters: Sequence[str], *, after: str) -> str:
    """The next page of a list under the filters of the request; nothing else of its address goes along."""
    kept = {name: value for name in filters if (value := flask.request.args.get(name))}
    return flask.url_for(endpoint, **kept, after=after)
