"""Open deals, and what selling comes to: by stage and seller, against quotas, in forecasts."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.domain import outlook
from web.api import access, here
from web.api.body import Answer, Query
from web.api.values import plain

blueprint = APIBlueprint("sales", __name__, url_prefix="/v1", tag="Customers")


class Filter(Query):
    stage: str = Field(default="", max_length=20, description="visit, needs, solution, quote or negotiation.")
    owner: str = Field(default="", max_length=100, description="Key of a person.")
    late: bool = Field(default=False, description="Only those whose expected day has passed.")
    after: str = Field(default="", max_length=100, description="`id` of the last one seen.")
    limit: int = Field(default=50, ge=1, le=200)


class Deal(Answer):
    id: str
    customer: str
    lead: str
    name: str
    amount: float
    expected_close: str
    owner: str
    stage: str
    probability: int = Field(description="In per cent.")
    opened_at: datetime


class Item(Answer):
    deal: Deal
    customer_name: str
    late: bool = Field(description="The day it was expected on has passed.")


class Items(Answer):
    items: list[Item]


class Sum(Answer):
    key: str = Field(description="A stage, or the key of a person.")
    deals: int
    amount: float
    expected: float = Field(description="Each amount weighed by its probability.")


class Aim(Answer):
    plan: str
    holder: str = Field(description="Key of a person; empty: the whole team of `group`.")
    group: str
    quota: float
    won: float
    reached: float | None = Field(description="In per cent; null without a quota.")
    ends: str


class Forecast(Answer):
    id: str
    begins: str
    ends: str
    totals: dict[str, float] = Field(description="By category, and `forecast`: what is expected after all.")
    adjusted: float
    reason: str
    locked_at: datetime


class Series(Answer):
    team: str
    forecasts: list[Forecast] = Field(description="Newest first.")


class Outlook(Answer):
    stages: list[Sum]
    sellers: list[Sum]
    late: int = Field(description="Open deals whose expected day has passed.")
    aims: list[Aim] = Field(description="Quotas in force that you may see, and what was won against them.")
    forecasts: list[Series]


@blueprint.get("/deals")
@blueprint.input(Filter, location="query")
@blueprint.output(Items)
@access.needs("customer.see")
def search(query_data: Filter) -> dict[str, Any]:
    """Open deals, what is expected first first."""
    asked = query_data.model_dump()
    return {"items": plain(outlook.search(here.engine(), agent=access.me(), now=here.now(), **asked))}


@blueprint.get("/sales/outlook")
@blueprint.output(Outlook)
@access.needs("customer.see")
def told() -> dict[str, Any]:
    """Open deals by stage and seller; quotas and forecasts of your own and of whom you lead."""
    found: dict[str, Any] = plain(outlook.outlook(here.engine(), agent=access.me(), now=here.now()))
    return found
