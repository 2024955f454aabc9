"""What you were told, and what was copied to you."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine import records
from engine.inbox import post
from web.api import access, again, here
from web.api.body import Answer, Query
from web.api.values import plain

blueprint = APIBlueprint("post", __name__, url_prefix="/v1", tag="Tasks")
Texts = dict[str, str]


class Page(Query):
    before: AwareDatetime | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=post.MOST - 1)


class Notice(Answer):
    id: str
    instance_id: str
    customer_id: str | None
    to: str = Field(description="You, or one of your groups.")
    subject: Texts
    text: Texts
    created_at: datetime
    read_at: datetime | None


class Notices(Answer):
    items: list[Notice]
    unread: int = Field(description="Of all, not of this page alone.")
    next: datetime | None = Field(description="Hand it in as `before`; null on the last page.")


class Copy(Answer):
    instance_id: str
    number: str
    process: str
    customer_name: str
    by: str = Field(description="Key of a person.")
    text: str
    at: datetime
    read_at: datetime | None = Field(description="When you first looked at the case in the browser; null: not yet.")


class Copies(Answer):
    items: list[Copy]
    next: datetime | None = Field(description="Hand it in as `before`; null on the last page.")


class Read(Answer):
    unread: int


@blueprint.get("/notices")
@blueprint.input(Page, location="query")
@blueprint.output(Notices)
@access.needs("case.see")
def notices(query_data: Page) -> dict[str, Any]:
    """What you and your groups were told, newest first."""
    limit = query_data.limit
    found = post.notices(here.engine(), agent=access.me(), before=query_data.before, limit=limit + 1)
    return {
        "items": [_shape(one, Notice) for one in found[:limit]],
        "unread": post.unread(here.engine(), agent=access.me()),
        "next": found[limit - 1].created_at if len(found) > limit else None,
    }


@blueprint.post("/notices/read")
@blueprint.output(Read)
@access.needs("case.see", "write")
@again.by_key
def read() -> dict[str, Any]:
    """All of them count as read; what was told to a group counts for the whole group."""
    post.read(here.engine(), agent=access.me(), now=here.now())
    return {"unread": post.unread(here.engine(), agent=access.me())}


@blueprint.get("/copies")
@blueprint.input(Page, location="query")
@blueprint.output(Copies)
@access.needs("case.see")
def copies(query_data: Page) -> dict[str, Any]:
    """Cases that others showed you, newest first."""
    limit = query_data.limit
    found = post.copies(here.engine(), agent=access.me(), before=query_data.before, limit=limit + 1)
    return {
        "items": [_shape(one, Copy) for one in found[:limit]],
        "next": found[limit - 1].at if len(found) > limit else None,
    }


def _shape(one: records.Notice | post.Copy, answer: type[Answer]) -> dict[str, Any]:
    return {name: plain(getattr(one, name)) for name in answer.model_fields}
