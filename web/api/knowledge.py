"""Knowledge articles: found by full text, read, rated."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.domain import library
from web.api import access, again, here
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("knowledge", __name__, url_prefix="/v1/articles", tag="Customers")


class Filter(Query):
    text: str = Field(default="", max_length=200, description="A question in any language; the best answers first.")
    status: str = Field(default="", max_length=20, description="published (where none is named), hidden or retired.")
    after: str = Field(default="", max_length=100, description="`key` of the last one seen; without `text` alone.")
    limit: int = Field(default=50, ge=1, le=200)


class Rating(Body):
    useful: bool


class Words(Answer):
    key: str
    version: int
    title: str
    titles: dict[str, str]
    problem: dict[str, str]
    solution: dict[str, str]
    body: str
    keywords: list[str]
    audience: str = Field(description="internal, partner or public.")
    status: str
    product: str
    customer: str = Field(description="Whom alone it is for; empty: everybody of its audience.")
    review_on: str
    useful: int
    useless: int


class Item(Answer):
    article: Words
    customer_name: str
    late: bool = Field(description="The day of its review has passed.")


class Items(Answer):
    items: list[Item]


@blueprint.get("")
@blueprint.input(Filter, location="query")
@blueprint.output(Items)
@access.needs("customer.see")
def search(query_data: Filter) -> dict[str, Any]:
    """What answers best; without a text, all by key."""
    asked = query_data.model_dump()
    return {"items": plain(library.search(here.engine(), agent=access.me(), now=here.now(), **asked))}


@blueprint.get("/<key>")
@blueprint.output(Item)
@blueprint.doc(responses={404: "There is no such article"})
@access.needs("customer.see")
def show(key: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(library.get(here.engine(), key=key, agent=access.me(), now=here.now()))
    return found


@blueprint.post("/<key>/rating")
@blueprint.input(Rating)
@blueprint.output(Item)
@blueprint.doc(responses={404: "There is no such article", 409: "It is not published"})
@access.needs("customer.see", "write")
@again.by_key
def rate(key: str, json_data: Rating) -> dict[str, Any]:
    """Counted once for each person and version; what many find of no use is looked at again."""
    rated = library.rate(here.engine(), key=key, useful=json_data.useful, agent=access.me(), now=here.now())
    found: dict[str, Any] = plain(rated)
    return found
