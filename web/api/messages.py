"""Messages to one instance, signals to all."""

from datetime import timedelta
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.messages import correlate
from web.api import access, again, here
from web.api.body import Answer, Body

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
