"""Quotes: found, seen with their versions, answered for the customer, made into orders and contracts."""

from datetime import datetime, timedelta
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.domain import quoting
from engine.messages import correlate
from engine.runtime import start
from web.api import access, again, here
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("quotes", __name__, url_prefix="/v1", tag="Customers")


class Filter(Query):
    text: str = Field(default="", max_length=100, description="Part of a number or of a customer's name.")
    status: str = Field(
        default="",
        max_length=20,
        description="draft, approved, sent, accepted, declined, expired or superseded; empty: all but the last.",
    )
    after: str = Field(default="", max_length=100, description="`id` of the last one seen.")
    limit: int = Field(default=50, ge=1, le=200)


class Said(Body):
    reply: str = Field(min_length=1, max_length=20, description="accept, reject or change.")
    reason: str = Field(default="", max_length=2000, description="In the customer's words, or why.")


class Delivery(Body):
    requested_date: str = Field(max_length=10, description="ISO 8601 day.")
    ship_to: str = Field(max_length=400)


class Version(Answer):
    id: str
    number: str
    version: int
    instance_id: str = Field(description="The case that makes it.")
    customer: str
    status: str
    lines: list[dict[str, Any]]
    currency: str
    total: float
    discount: float = Field(description="The highest of its lines, in per cent.")
    discount_limit: float = Field(description="Up to here nobody had to approve it.")
    margin: float | None = Field(description="In per cent of the total; null where a product's cost is not known.")
    valid_until: str
    payment_terms: str
    lead_days: int
    owner: str
    document: str
    reason: str
    drafted_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


class Item(Answer):
    quote: Version
    standing: str = Field(description="Its status today: what was sent and is valid no longer has expired.")
    customer_name: str


class Items(Answer):
    items: list[Item]


class Came(Answer):
    number: str
    amount: float


class Quote(Answer):
    versions: list[Version] = Field(description="Newest first.")
    contracts: list[Came]
    orders: list[Came]


class Figures(Answer):
    sent: int
    waiting: int
    accepted: int
    declined: int
    expired: int
    conversion: float | None = Field(description="Accepted among those that are over, in per cent.")
    discount: float | None = Field(description="The mean of the highest discounts, in per cent.")
    margin: float | None = Field(description="Of those accepted, in per cent.")


class Told(Answer):
    instance_id: str


class Begun(Answer):
    instance_id: str
    number: str
    created: bool = Field(description="False: it had been begun before.")


@blueprint.get("/quotes")
@blueprint.input(Filter, location="query")
@blueprint.output(Items)
@access.needs("customer.see")
def search(query_data: Filter) -> dict[str, Any]:
    """Newest first."""
    asked = query_data.model_dump()
    return {"items": plain(quoting.search(here.engine(), agent=access.me(), now=here.now(), **asked))}


@blueprint.get("/customers/<customer_id>/quotes")
@blueprint.output(Items)
@blueprint.doc(responses={404: "There is no such customer"})
@access.needs("customer.see")
def of_customer(customer_id: str) -> dict[str, Any]:
    """Those of one customer, by id or number, newest first, without what was superseded."""
    found = quoting.of_customer(here.engine(), customer_id=customer_id, agent=access.me(), now=here.now())
    return {"items": plain(found)}


@blueprint.get("/quotes/figures")
@blueprint.output(Figures)
@access.needs("customer.see")
def figures() -> dict[str, Any]:
    """What became of the quotes sent in the last year: conversion, discount, margin."""
    measured: dict[str, Any] = plain(quoting.figures(here.engine(), agent=access.me(), now=here.now()))
    return measured


@blueprint.get("/quotes/<path:number>")
@blueprint.output(Quote)
@blueprint.doc(responses={404: "There is no such quote"})
@access.needs("customer.see")
def show(number: str) -> dict[str, Any]:
    """One number with all its versions, and the contracts and orders that came of it."""
    told = quoting.get(here.engine(), number=number, agent=access.me())
    return {
        "versions": plain(told.versions),
        "contracts": [{"number": one.number, "amount": one.amount} for one in told.contracts],
        "orders": [{"number": one.id, "amount": one.total} for one in told.orders],
    }


@blueprint.post("/quotes/<path:number>/answer")
@blueprint.input(Said)
@blueprint.output(Told)
@blueprint.doc(responses={404: "There is no such quote", 409: "It does not wait for an answer"})
@access.needs("case.start", "write")
@again.by_key
def answer(number: str, json_data: Said) -> dict[str, Any]:
    """Note what the customer says; the quote's case goes on."""
    engine, me, now = here.engine(), access.me(), here.now()
    told = quoting.answered(engine, number=number, reply=json_data.reply, reason=json_data.reason, agent=me, now=now)
    letter = correlate.Letter(**told)
    done = engine.store.run(lambda tx: correlate.within(engine, tx, letter=letter, agent=me, now=now, keep=timedelta()))
    return {"instance_id": done.instance_id}


@blueprint.post("/quotes/<path:number>/order")
@blueprint.input(Delivery)
@blueprint.output(Begun)
@blueprint.doc(responses={404: "There is no such quote", 409: "It is not accepted"})
@access.needs("case.start", "write")
@again.by_key
def order(number: str, json_data: Delivery) -> dict[str, Any]:
    """Begin an order of what was accepted; asked again, it is the same one."""
    return _begun(
        quoting.order(here.engine(), number=number, agent=access.me(), now=here.now(), **json_data.model_dump())
    )


@blueprint.post("/quotes/<path:number>/contract")
@blueprint.output(Begun)
@blueprint.doc(responses={404: "There is no such quote", 409: "It is not accepted"})
@access.needs("case.start", "write")
@again.by_key
def contract(number: str) -> dict[str, Any]:
    """Begin a contract about what was accepted; asked again, it is the same one."""
    return _begun(quoting.contract(here.engine(), number=number, agent=access.me(), now=here.now()))


def _begun(begun: start.Started) -> dict[str, Any]:
    return {"instance_id": begun.instance.id, "number": begun.instance.number, "created": begun.created}
