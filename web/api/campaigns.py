"""What campaigns brought for what they cost, and the one history of a customer."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.analytics import history, returns
from web.api import access, here
from web.api.body import Answer
from web.api.values import plain

blueprint = APIBlueprint("campaigns", __name__, url_prefix="/v1", tag="Customers")


class Slice(Answer):
    key: str = Field(description="Customer group or source; empty: all.")
    journeys: int
    orders: int = Field(description="Journeys that came to an order.")
    cost: float = Field(description="The work that these journeys took, in money.")
    revenue: float
    conversion: float | None = Field(description="Journeys that came to an order, in per cent.")
    cost_per_order: float | None


class Return(Answer):
    campaign: str
    name: str
    status: str
    budget: float
    sent: int
    answers: int
    leads: int
    won: int = Field(description="Opportunities of its leads that were won.")
    whole: Slice
    cost: float = Field(description="Budget and the work on its journeys.")
    revenue: float
    roi: float | None = Field(description="(revenue - cost) / cost; null without cost.")
    groups: list[Slice]
    sources: list[Slice]


class Returns(Answer):
    items: list[Return]


class Event(Answer):
    at: datetime
    kind: str
    text: dict[str, str]
    ref: str
    amount: float | None


class History(Answer):
    items: list[Event] = Field(description="Newest first.")


@blueprint.get("/campaigns/returns")
@blueprint.output(Returns)
@access.needs("customer.see")
def campaigns() -> dict[str, Any]:
    """The measured return of every campaign, the best first."""
    return {"items": plain(returns.of_all(here.engine(), agent=access.me()))}


@blueprint.get("/customers/<customer_id>/history")
@blueprint.output(History)
@blueprint.doc(responses={404: "There is no such customer"})
@access.needs("customer.see")
def of_customer(customer_id: str) -> dict[str, Any]:
    """Campaigns, deals, contracts, orders, service and opinions of one customer, by id or number."""
    return {"items": plain(history.of_customer(here.engine(), customer_id=customer_id, agent=access.me()))}
