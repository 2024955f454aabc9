"""Messages to one instance, signals to all; and what could not be delivered."""

from datetime import datetime, timedelta
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.messages import correlate, undelivered
from web.api import access, again, here, shapes
from web.api.body import Answer, Body, Query

blueprint = APIBlueprint("messages", __name__, url_prefix="/v1", tag="Messages")

LONGEST_SECONDS = 30 * 24 * 3600


class Message(Body):
    name: str = Field(min_length=1, max_length=255)
    key: str | None = Field(default=None, description="Correlation key that the instance waits with.", max_length=255)
    business_key: str | None = Field(default=None, max_length=255)
    instance_id: str | None = Field(default=None, max_length=100)
    customer_id: str | None = Field(
        default=None, description="For processes that begin with this message.", max_length=100
    )
    data: dict[str, Any] = {}
    keep_seconds: int = Field(
        default=3600, ge=0, le=LONGEST_SECONDS, description="How long an early message waits for somebody; 0: not."
    )


class Correlated(Answer):
    outcome: str = Field(description="delivered, started or kept")
    instance_id: str = ""


class Signal(Body):
    name: str = Field(min_length=1, max_length=255)
    customer_id: str | None = Field(default=None, max_length=100)
    data: dict[str, Any] = {}


class Signalled(Answer):
    reached: int


class Wanted(Query):
    status: undelivered.Status = Field(
        default="dead", description="dead: given up after the last try; failing: tried again at `due_at`."
    )
    after: str = Field(default="", max_length=64, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Undelivered(Answer):
    id: str
    trigger: str = Field(description="message or signal")
    name: str
    instance_id: str | None = Field(description="The instance that threw it, or that it is for (`wait` is not 0).")
    number: str = Field(description="Of that case; empty when there is none any more.")
    process: str
    key: str | None
    business_key: str | None
    wait: int
    data: dict[str, Any]
    attempts: int
    error: dict[str, str] = Field(description="Why the last try failed.")
    due_at: datetime | None = Field(description="The next try; null of a dead one.")
    dead_at: datetime | None


class AllUndelivered(Answer):
    items: list[Undelivered]
    next: str


class Discard(Body):
    reason: str = Field(min_length=1, max_length=undelivered.LONGEST_REASON)


@blueprint.post("/messages")
@blueprint.input(Message)
@blueprint.output(Correlated)
@blueprint.doc(responses={404: "Nobody waits and it is not kept", 409: "Several wait: `ids.candidates`"})
@access.needs("message.send", "write")
@again.by_key
def send(json_data: Message) -> dict[str, Any]:
    """Deliver a message: exactly one instance takes it, or one is started, or it is kept for a while."""
    letter = correlate.Letter(**json_data.model_dump(exclude={"keep_seconds"}))
    done = correlate.correlate(
        here.engine(),
        letter=letter,
        agent=access.me(),
        now=here.now(),
        keep=timedelta(seconds=json_data.keep_seconds),
    )
    return {"outcome": done.outcome, "instance_id": done.instance_id}


@blueprint.post("/signals")
@blueprint.input(Signal)
@blueprint.output(Signalled)
@access.needs("message.send", "write")
@again.by_key
def signal(json_data: Signal) -> dict[str, Any]:
    """To everybody who waits for it."""
    reached = correlate.signal(
        here.engine(),
        name=json_data.name,
        data=json_data.data,
        customer_id=json_data.customer_id,
        agent=access.me(),
        now=here.now(),
    )
    return {"reached": reached}


@blueprint.get("/messages/undelivered")
@blueprint.input(Wanted, location="query")
@blueprint.output(AllUndelivered)
@access.needs("message.send")
def failing(query_data: Wanted) -> dict[str, Any]:
    """Messages and signals of instances that could not be delivered, the newest first."""
    found = undelivered.listed(here.engine(), agent=access.me(), **query_data.model_dump())
    full = len(found) == query_data.limit
    return {"items": [_undelivered(one) for one in found], "next": found[-1].letter.id if full else ""}


@blueprint.post("/messages/undelivered/<letter_id>/retry")
@blueprint.output(Undelivered)
@blueprint.doc(responses={404: "It is no dead one (any more)"})
@access.needs("message.send", "write")
@again.by_key
def retry(letter_id: str) -> dict[str, Any]:
    """Send a dead one again, at once and with all its tries."""
    sent = undelivered.send_again(here.engine(), letter_id=letter_id, agent=access.me(), now=here.now())
    return _undelivered(sent)


@blueprint.post("/messages/undelivered/<letter_id>/discard")
@blueprint.input(Discard)
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "It is no dead one (any more)"})
@access.needs("message.send", "write")
@again.by_key
def discard(letter_id: str, json_data: Discard) -> str:
    """Take a dead one away; the reason stays on record."""
    undelivered.discard(here.engine(), letter_id=letter_id, reason=json_data.reason, agent=access.me(), now=here.now())
    return ""


def _undelivered(one: undelivered.Undelivered) -> dict[str, Any]:
    letter = shapes.whole(one.letter)
    due_at = None if one.letter.dead_at else one.letter.due_at
    return {**letter, "due_at": due_at, "number": one.number, "process": one.process}
