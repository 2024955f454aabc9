"""Where we stand with a customer."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.domain import standing
from web.api import access, here
from web.api.body import Answer
from web.api.values import plain

blueprint = APIBlueprint("standing", __name__, url_prefix="/v1", tag="Customers")


class Paper(Answer):
    kind: str = Field(description="deal, contract, order, agreement or return.")
    number: str
    status: str
    note: str = Field(description="Name of a deal, level of an agreement, order of a return, why one was cancelled.")
    amount: float | None
    day: str = Field(description="Expected closing, end of the term, wanted delivery, or when a return was asked for.")
    owner: str


class Stop(Answer):
    id: str
    reason: str
    since: datetime


class Contact(Answer):
    id: str
    campaign: str
    channel: str
    priority: int
    status: str = Field(description="reserved or used.")
    reserved_at: datetime
    expires_at: datetime


class Meeting(Answer):
    id: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    attendees: list[str]
    place: str


class Kin(Answer):
    kind: str = Field(
        description="What the other one is: parent, partner, agent, supplier; of_parent: a subsidiary ..."
    )
    customer: str
    name: str


class Standing(Answer):
    papers: list[Paper]
    stops: list[Stop] = Field(description="Why no advertising goes to it now.")
    contacts: list[Contact] = Field(description="What its contact budget was taken for in seven days, newest first.")
    meetings: list[Meeting] = Field(description="Booked and not over, the next first.")
    kin: list[Kin]


@blueprint.get("/customers/<customer_id>/standing")
@blueprint.output(Standing)
@blueprint.doc(responses={404: "There is no such customer"})
@access.needs("customer.see")
def of_customer(customer_id: str) -> dict[str, Any]:
    """Open deals, contracts, orders, service agreements and returns; who may write to it and who meets it."""
    told: dict[str, Any] = plain(
        standing.of_customer(here.engine(), customer_id=customer_id, agent=access.me(), now=here.now())
    )
    return told
