"""Webhooks: who is told what happens, how it went, and what is sent again."""

from datetime import datetime, timedelta
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.webhooks import events, keep
from web.api import access, again, here, shapes
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("webhooks", __name__, url_prefix="/v1", tag="Webhooks")


class Webhook(Answer):
    id: str
    name: str
    url: str
    events: list[str]
    processes: list[str]
    groups: list[str]
    with_data: bool
    active: bool
    stopped: str = Field(description="Why it is not active, when nobody did that: failing, gone.")
    failures: int = Field(description="In a row.")
    failing_since: datetime | None
    resting_until: datetime | None
    old_until: datetime | None = Field(description="Until then the secret before signs, too.")
    counts: dict[str, int] = Field(description="Deliveries by status: pending, delivered, dead.")
    revision: int
    created_at: datetime
    created_by: str


class WithSecret(Webhook):
    secret: str = Field(description="Shown this once.", examples=["whsec_..."])


class Webhooks(Answer):
    items: list[Webhook]


class Draft(Body):
    name: str = Field(max_length=200)
    url: str = Field(max_length=2000, examples=["https://shop.example.com/hooks/crm"])
    events: list[str] = Field(default=[], description="Types, or beginnings with a star; none: all.", max_length=200)
    processes: list[str] = Field(default=[], description="Keys; none: all.", max_length=200)
    groups: list[str] = Field(default=[], description="Customer groups; none: all.", max_length=200)
    with_data: bool = Field(default=False, description="Whether events carry what was entered.")


class Change(Draft):
    revision: int | None = Field(default=None, description="Refuse when somebody else changed it since.")


class Rotation(Body):
    overlap_hours: float = Field(default=24, ge=0, le=168, description="How long the old secret signs beside it.")


class Delivery(Answer):
    id: str
    webhook_id: str
    instance_id: str
    seq: int
    event: str = Field(description="The event's id, the same at every try: `webhook-id`.")
    type: str
    body: str
    status: str
    attempts: int
    due_at: datetime
    answered: int = Field(description="Status of the last answer; 0: there was none.")
    error: dict[str, str]
    created_at: datetime
    ended_at: datetime | None


class Deliveries(Answer):
    items: list[Delivery]
    next: str


class DeliveryFilter(Query):
    status: Literal["", "pending", "delivered", "dead"] = ""
    after: str = Field(default="", max_length=64, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Replayed(Answer):
    count: int


class EventTypes(Answer):
    items: list[str]
    prefix: str = Field(description="Stands before each in an event's `type`.")


def shown(one: keep.Shown) -> dict[str, Any]:
    """Everything but what is sealed."""
    shape = shapes.whole(one.webhook)
    del shape["sealed"], shape["old_sealed"]
    return {**shape, "counts": one.counts}


@blueprint.get("/event-types")
@blueprint.output(EventTypes)
@access.needs("outside.manage")
def event_types() -> dict[str, Any]:
    """What a webhook may ask for."""
    return {"items": list(events.TYPES), "prefix": events.PREFIX}


@blueprint.get("/webhooks")
@blueprint.output(Webhooks)
@access.needs("outside.manage")
def index() -> dict[str, Any]:
    """Webhooks by name, with how they fare."""
    return {"items": [shown(one) for one in keep.all_of(here.engine(), agent=access.me())]}


@blueprint.post("/webhooks")
@blueprint.input(Draft)
@blueprint.output(WithSecret, status_code=201)
@blueprint.doc(responses={409: "There are too many"})
@access.needs("outside.manage", "admin")
def add(json_data: Draft) -> dict[str, Any]:
    """Tell somebody what happens from now on. The secret is in this answer only, so it cannot be repeated by a key."""
    made, secret = keep.add(here.engine(), draft=_draft(json_data), agent=access.me(), now=here.now())
    return {**shown(keep.Shown(webhook=made, counts={})), "secret": secret}


@blueprint.get("/webhooks/<webhook_id>")
@blueprint.output(Webhook)
@access.needs("outside.manage")
def get(webhook_id: str) -> dict[str, Any]:
    """One webhook."""
    return _one(webhook_id)


@blueprint.put("/webhooks/<webhook_id>")
@blueprint.input(Change)
@blueprint.output(Webhook)
@blueprint.doc(responses={409: "Somebody else changed it since"})
@access.needs("outside.manage", "admin")
def change(webhook_id: str, json_data: Change) -> dict[str, Any]:
    """Change whom it tells and what; what is waiting goes to the new address, too."""
    keep.change(
        here.engine(),
        webhook_id=webhook_id,
        draft=_draft(json_data),
        revision=json_data.revision,
        agent=access.me(),
        now=here.now(),
    )
    return _one(webhook_id)


@blueprint.delete("/webhooks/<webhook_id>")
@blueprint.output({}, status_code=204)
@access.needs("outside.manage", "admin")
def drop(webhook_id: str) -> str:
    """Forget a webhook and its deliveries."""
    keep.drop(here.engine(), webhook_id=webhook_id, agent=access.me(), now=here.now())
    return ""


@blueprint.post("/webhooks/<webhook_id>/rotate")
@blueprint.input(Rotation)
@blueprint.output(WithSecret)
@blueprint.doc(responses={409: "Somebody else was faster"})
@access.needs("outside.manage", "admin")
def rotate(webhook_id: str, json_data: Rotation) -> dict[str, Any]:
    """A new secret; the old one signs beside it for a while."""
    overlap = timedelta(hours=json_data.overlap_hours)
    _, secret = keep.rotate(here.engine(), webhook_id=webhook_id, overlap=overlap, agent=access.me(), now=here.now())
    return {**_one(webhook_id), "secret": secret}


@blueprint.post("/webhooks/<webhook_id>/stop")
@blueprint.output(Webhook)
@blueprint.doc(responses={409: "Somebody else was faster"})
@access.needs("outside.manage", "admin")
@again.by_key
def stop(webhook_id: str) -> dict[str, Any]:
    """Tell it nothing for now; what is waiting waits."""
    keep.stop(here.engine(), webhook_id=webhook_id, agent=access.me(), now=here.now())
    return _one(webhook_id)


@blueprint.post("/webhooks/<webhook_id>/start")
@blueprint.output(Webhook)
@blueprint.doc(responses={409: "Somebody else was faster"})
@access.needs("outside.manage", "admin")
@again.by_key
def start(webhook_id: str) -> dict[str, Any]:
    """Go on: what was waiting is sent, what happened meanwhile is not."""
    keep.go_on(here.engine(), webhook_id=webhook_id, agent=access.me(), now=here.now())
    return _one(webhook_id)


@blueprint.post("/webhooks/<webhook_id>/test")
@blueprint.output(Delivery, status_code=202)
@access.needs("outside.manage", "admin")
@again.by_key
def test(webhook_id: str) -> tuple[dict[str, Any], int]:
    """Send an event of the type `test`."""
    sent = keep.test(here.engine(), webhook_id=webhook_id, agent=access.me(), now=here.now())
    return shapes.whole(sent), 202


@blueprint.get("/webhooks/<webhook_id>/deliveries")
@blueprint.input(DeliveryFilter, location="query")
@blueprint.output(Deliveries)
@access.needs("outside.manage")
def deliveries(webhook_id: str, query_data: DeliveryFilter) -> dict[str, Any]:
    """What was and will be sent, the newest first."""
    found = keep.deliveries(
        here.engine(),
        webhook_id=webhook_id,
        status=query_data.status,
        after=query_data.after,
        limit=query_data.limit,
        agent=access.me(),
    )
    full = len(found) == query_data.limit
    return {"items": plain(found), "next": found[-1].id if full else ""}


@blueprint.post("/webhooks/<webhook_id>/replay")
@blueprint.output(Replayed)
@access.needs("outside.manage", "admin")
@again.by_key
def replay(webhook_id: str) -> dict[str, int]:
    """Send all dead letters again."""
    return {"count": keep.replay(here.engine(), webhook_id=webhook_id, agent=access.me(), now=here.now())}


@blueprint.post("/webhooks/<webhook_id>/deliveries/<delivery_id>/replay")
@blueprint.output(Replayed)
@access.needs("outside.manage", "admin")
@again.by_key
def replay_one(webhook_id: str, delivery_id: str) -> dict[str, int]:
    """Send one delivery again, whatever became of it."""
    count = keep.replay(
        here.engine(), webhook_id=webhook_id, delivery_id=delivery_id, agent=access.me(), now=here.now()
    )
    return {"count": count}


def _draft(body: Draft) -> keep.Draft:
    return keep.Draft(
        name=body.name,
        url=body.url,
        events=tuple(body.events),
        processes=tuple(body.processes),
        groups=tuple(body.groups),
        with_data=body.with_data,
    )


def _one(webhook_id: str) -> dict[str, Any]:
    return shown(keep.get(here.engine(), webhook_id=webhook_id, agent=access.me()))
