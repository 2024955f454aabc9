"""What can be sold, for fields that name a product."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.domain import products
from web.api import access, here
from web.api.body import Answer, Query
from web.api.values import plain

blueprint = APIBlueprint("products", __name__, url_prefix="/v1/products", tag="Customers")


class ProductFilter(Query):
    text: str = Field(default="", max_length=200, description="Part of the key or of a name.")
    limit: int = Field(default=50, ge=1, le=200)


class Product(Answer):
    key: str
    texts: dict[str, str]
    list_price: float
    stock: int
    lead_days: int = Field(description="How long it takes when the stock does not suffice.")


class Products(Answer):
    items: list[Product]


@blueprint.get("")
@blueprint.input(ProductFilter, location="query")
@blueprint.output(Products)
@access.needs("customer.see")
def search(query_data: ProductFilter) -> dict[str, Any]:
    """Products by part of their key or name, ordered by key."""
    found = products.search(here.engine(), text=query_data.text, agent=access.me(), limit=query_data.limit)
    return {"items": plain(found)}
