"""Customers: register, change, find; the group of each with the rule that decided it."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.customers import register
from web.api import access, again, here, shapes, tags
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("customers", __name__, url_prefix="/v1/customers", tag="Customers")


class Contact(Body):
    name: str = Field(max_length=200)
    role: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=100)
    email: str = Field(default="", max_length=254)


class Change(Body):
    """Only what is named changes; attributes and scores one by one, an attribute of null goes."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    kind: Literal["customer", "prospect"] | None = None
    owner: str | None = Field(default=None, description="Key of the person who looks after this customer.")
    language: Literal["zh-CN", "en"] | None = None
    contacts: list[Contact] | None = None
    attributes: dict[str, Any] | None = Field(default=None, description="What group rules and processes look at.")
    scores: dict[str, Any] | None = Field(default=None, description="historical, current, potential ...")


class Registration(Change):
    number: str = Field(min_length=1, max_length=64, description="Your own number for the customer.")


class Update(Change):
    revision: int | None = Field(default=None, description="Refuse when somebody else changed the customer since.")


class Customer(Answer):
    id: str
    number: str
    name: str
    kind: str
    owner: str
    language: str
    contacts: list[dict[str, Any]]
    attributes: dict[str, Any]
    scores: dict[str, Any]
    group: str
    decided: dict[str, Any] = Field(description="How the group was decided: the rule, and what it says.")
    group_since: datetime | None
    revision: int
    created_at: datetime
    changed_at: datetime


class CustomerFilter(Query):
    text: str = Field(default="", max_length=200, description="Part of the name or number.")
    group: str = ""
    after: str = Field(default="", description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Customers(Answer):
    items: list[Customer]
    next: str


@blueprint.post("")
@blueprint.input(Registration)
@blueprint.output(Customer, status_code=201)
@blueprint.doc(responses={409: "The number is taken"})
@access.needs("customer.change", "write")
@again.by_key
def create(json_data: Registration) -> dict[str, Any]:
    """Register a customer; the group is decided at once."""
    made = register.register(here.engine(), data=_named(json_data), agent=access.me(), now=here.now())
    return shapes.whole(made)


@blueprint.get("")
@blueprint.input(CustomerFilter, location="query")
@blueprint.output(Customers)
@access.needs("customer.see")
def search(query_data: CustomerFilter) -> dict[str, Any]:
    """Customers by part of their name or number."""
    found = register.search(
        here.engine(),
        agent=access.me(),
        text=query_data.text,
        group=query_data.group,
        after=query_data.after,
        limit=query_data.limit,
    )
    full = len(found) == query_data.limit
    return {"items": plain(found), "next": found[-1].id if full and found else ""}


@blueprint.get("/<customer_id>")
@blueprint.output(Customer)
@access.needs("customer.see")
def get(customer_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One customer, by id or number. Its ETag is its revision."""
    return tags.tagged(shapes.whole(register.get(here.engine(), customer_id=customer_id, agent=access.me())))


@blueprint.patch("/<customer_id>")
@blueprint.input(Update)
@blueprint.output(Customer)
@blueprint.doc(responses={409: "Somebody else changed the customer since", 412: "It is not as `If-Match` says"})
@access.needs("customer.change", "write")
def change(customer_id: str, json_data: Update) -> dict[str, Any]:
    """Change what is named; the group is decided anew."""
    data = _named(json_data)
    changed = register.change(
        here.engine(),
        customer_id=customer_id,
        revision=tags.seen(data.pop("revision", None)),
        data=data,
        agent=access.me(),
        now=here.now(),
    )
    return shapes.whole(changed)


def _named(body: Change) -> dict[str, Any]:
    """Without what was not sent; null says as much."""
    return {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
