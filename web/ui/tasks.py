"""One task as the inbox shows it: its line in the list, its form, and what stands beside it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import flask

from engine import errors, records
from engine.analytics import picture
from engine.inbox import left, listing, verbs
from engine.model import handling
from engine.model.problem import Problem
from web.ui import attachments, filling, known, language, uploads, visitor, words
from web.ui.shelves import Shelf


@dataclass(frozen=True)
class Line:
    id: str
    address: str
    title: str
    customer: str
    number: str
    group: str
    process: str
    queue: str
    due: words.Due | None
    ended_at: datetime | None
    behalf: str
    """Name of the person in whose stead I have it."""
    current: bool


def lines(rows: Sequence[listing.Row], shelf: Shelf, opened: "Open | None") -> list[Line]:
    hours = left.of_items(visitor.engine(), [row.item for row in rows], visitor.now())
    return [line(row, shelf, opened, hours.get(row.item.id)) for row in rows]


def line(row: listing.Row, shelf: Shelf, opened: "Open | None", hours: left.Left | None = None) -> Line:
    item = row.item
    return Line(
        id=item.id,
        address=shelf.address(item.id),
        title=title(item),
        customer=row.customer_name,
        number=row.number,
        group=row.customer_group,
        process=known.process(item.process),
        queue=queue(item) if shelf.name == "open" else "",
        due=words.due(item, hours) if item.status == "open" and (item.due_at or item.goal_at or item.held) else None,
        ended_at=item.ended_at,
        behalf=known.person(behalf) if (behalf := verbs.behalf(item, visitor.me())) else "",
        current=opened is not None and opened.item.id == item.id,
    )


def title(item: records.WorkItem) -> str:
    return language.said(item.texts, item.name)


def queue(item: records.WorkItem) -> str:
    names = [known.staff_group(key) for key in item.groups] + [known.person(key) for key in item.users]
    return language.t("app.list_join").join(names)


@dataclass
class Open:
    """The task that is open beside the list. ``data``: what was typed and is not done with."""

    detail: listing.Detail
    data: dict[str, Any] | None = None
    problems: Sequence[Problem] = ()
    conflict: str = ""
    kept: bool = False
    """What was typed is shown to be copied: it can no longer be handed in."""
    beside: bool = field(default=False)
    """The task stands in none of the rows that are listed."""

    def __post_init__(self) -> None:
        signing = verbs.mine(self.item, visitor.me())
        draft = signing.data if signing else self.item.draft if self.item.assignee == visitor.me().key else None
        values = {**self.detail.data, **(self.data if self.data is not None else draft or {})}
        self.drawn = filling.Drawn(self.schema, values, self.problems, phrases=self.working)
        self.files = attachments.listed(self.item.instance_id)
        self.picture = picture.of_instance(visitor.engine(), instance_id=self.item.instance_id, people=known.people())

    @property
    def item(self) -> records.WorkItem:
        return self.detail.row.item

    @property
    def schema(self) -> dict[str, Any]:
        return dict(self.detail.form or filling.EMPTY)

    @property
    def title(self) -> str:
        return title(self.item)

    @property
    def seen(self) -> str:
        return seen(self.detail)

    @property
    def holder(self) -> str:
        """Who has it: nobody, me, or somebody else by name."""
        item = self.item
        if item.status == "completed" and item.ended_at:
            return language.t("inbox.done_by", name=known.person(item.ended_by), when=language.when(item.ended_at))
        if item.status != "open":
            return language.t("inbox.no_longer")
        if item.shared.signatures:
            names = language.t("app.list_join").join(map(known.person, handling.active(item.shared.signatures)))
            return language.t("inbox.with_you") if self.mine else language.t("verb.turn", names=names)
        if item.assignee is None:
            return language.t("inbox.queue", names=queue(item))
        if item.assignee == visitor.me().key:
            return language.t("inbox.with_you")
        return language.t("inbox.held_by", name=known.person(item.assignee))

    @property
    def due(self) -> words.Due:
        hours = left.of_items(visitor.engine(), [self.item], visitor.now())
        return words.due(self.item, hours.get(self.item.id))

    @property
    def behalf(self) -> str:
        """Key of the person in whose stead I have it."""
        return verbs.behalf(self.item, visitor.me())

    @property
    def mine(self) -> bool:
        me = visitor.me()
        return self.item.status == "open" and (self.item.assignee == me.key or verbs.mine(self.item, me) is not None)

    @property
    def working(self) -> bool:
        """The form may be handed in now."""
        return self.mine and self.may("complete")

    def may(self, verb: str) -> bool:
        return verb in self.detail.actions and self.detail.actions[verb] is None

    def in_list(self, page: listing.Page) -> bool:
        return any(row.item.id == self.item.id for row in page.rows)


def seen(detail: listing.Detail) -> str:
    """A mark of the form and of what it shows: another one means that something else is to be decided."""
    form = detail.form or filling.EMPTY
    shown = {name: detail.data.get(name) for name in form.get("properties", {})}
    return hashlib.sha256(json.dumps([form, shown], sort_keys=True, default=str).encode()).hexdigest()[:16]


def files(instance_id: str) -> list[records.Attachment]:
    """Of the case, as far as they are the visitor's to see."""
    return [one for one, _ in attachments.listed(instance_id)]


def sent(detail: listing.Detail) -> tuple[dict[str, Any], Sequence[Problem]]:
    """The form's values, and what is wrong with the files that came along; those that are right are kept."""
    files = uploads.Uploads(detail.row.item.instance_id, detail.row.item.node)
    return filling.sent(detail.form or filling.EMPTY, detail.data, files), files.problems


def typed(data: dict[str, Any], detail: listing.Detail) -> dict[str, Any]:
    """Without what is only shown: a draft keeps what its author typed."""
    properties = (detail.form or filling.EMPTY).get("properties", {})
    return {name: value for name, value in data.items() if not properties.get(name, {}).get("readOnly")}


def rows_changed(data: dict[str, Any], what: str) -> dict[str, Any]:
    return filling.rows_changed(data, what) or data


def following(shelf: Shelf, item_id: str) -> str:
    """The task below this one in its list, else the one above; empty when it stands alone."""
    if item_id in shelf.row:
        rest = shelf.row[shelf.row.index(item_id) + 1 :]
        return rest[0] if rest else ""
    ids = [row.item.id for row in shelf.page().rows]
    if item_id not in ids:
        return ids[0] if ids and shelf.name != "done" else ""
    place = ids.index(item_id)
    rest = ids[place + 1 :] or ids[:place][-1:]
    return rest[0] if rest else ""


def done_by_me(error: errors.Conflict) -> bool:
    return error.code == "work_item_over" and error.ids.get("by") == visitor.me().key


def who(error: errors.Conflict) -> str:
    """The conflict in the words of the desk: names for keys, moments in the reader's zone."""
    by, at = str(error.ids.get("by", "")), str(error.ids.get("at", ""))
    if error.code not in ("work_item_over", "claimed_by_another") or not by:
        return language.said(error.text)
    when = language.when(datetime.fromisoformat(at)) if at else ""
    key = "inbox.taken" if error.code == "claimed_by_another" else f"inbox.over_{error.ids.get('status', 'completed')}"
    return language.t(key, name=known.person(by), when=when)


def counts() -> listing.Counts:
    if "inbox_counts" not in flask.g:
        flask.g.inbox_counts = listing.counts(visitor.engine(), agent=visitor.me(), now=visitor.now())
    found: listing.Counts = flask.g.inbox_counts
    return found


def shelf_counts() -> dict[str, int | None]:
    found = counts()
    return {"mine": found.mine, "open": found.claimable, "drafts": None, "done": None}


def process_choices() -> list[tuple[str, str]]:
    return [(key, known.process(key)) for key in known.processes()]


def group_choices() -> list[tuple[str, str]]:
    return list(known.customer_groups().items())
