"""Released marketing material, for fields that name it."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.domain import assets
from web.api import access, here
from web.api.body import Answer, Query
from web.api.values import plain

blueprint = APIBlueprint("materials", __name__, url_prefix="/v1/materials", tag="Customers")


class MaterialFilter(Query):
    text: str = Field(default="", max_length=200, description="Part of the key or of the title.")
    limit: int = Field(default=50, ge=1, le=200)


class Material(Answer):
    key: str
    n: int = Field(description="Its newest version.")
    kind: str
    language: str
    title: str
    subject: str
    body: str = Field(description="With `{{places}}` for what is known of a customer.")
    valid_until: str = Field(description="Its last day; empty: for ever.")
    released_at: datetime


class Materials(Answer):
    items: list[Material]


@blueprint.get("")
@blueprint.input(MaterialFilter, location="query")
@blueprint.output(Materials)
@access.needs("customer.see")
def search(query_data: MaterialFilter) -> dict[str, Any]:
    """What is released and may be used today, by part of its key or title, ordered by key."""
    found = assets.search(
        here.engine(), text=query_data.text, agent=access.me(), now=here.now(), limit=query_data.limit
    )
    return {"items": plain(found)}
