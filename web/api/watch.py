"""How the engine is doing: what waits, what stands still and why, and who did what."""

from datetime import datetime
from typing import Any

import flask
from apiflask import APIBlueprint
from pydantic import Field

from engine import errors
from engine.runtime import incidents
from engine.watch import audit, health, metrics, stuck
from web.api import access, again, here, shapes
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("watch", __name__, url_prefix="/v1", tag="Operations")


class Queue(Answer):
    kind: str
    next: datetime
    late: bool


class Health(Answer):
    queues: list[Queue] = Field(description="Those in which something waits, the most urgent first.")
    counts: dict[str, int]
    late: bool = Field(description="Work has been due for more than two minutes and nobody took it.")


class Standing(Answer):
    instance_id: str
    number: str
    process: str
    node: str
    wait: int = Field(description="What waits there; 0 where nothing does.")
    why: str = Field(description="incident, overdue_timer, nobody or nothing_waits")
    text: dict[str, str]
    since: datetime
    incident: str


class Stuck(Answer):
    items: list[Standing]


class Several(Body):
    incidents: list[str] = Field(min_length=1, max_length=200, description="Ids of incidents.")


class Tried(Answer):
    incident: str
    error: dict[str, str] | None = Field(description="Why it was not tried; null when it was.")


class TriedAll(Answer):
    items: list[Tried]


class Asked(Query):
    since: datetime | None = None
    until: datetime | None = None
    agent: str = Field(default="", max_length=100, description="Key of who did it.")
    type: str = Field(default="", max_length=60, examples=["WorkItemCompleted"])
    process: str = Field(default="", max_length=100)
    number: str = Field(default="", max_length=100, description="Of a case.")
    customer_id: str = Field(default="", max_length=64)
    after: str = Field(default="", max_length=200, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=500)


class Entry(Answer):
    instance_id: str
    number: str
    process: str
    seq: int
    at: datetime
    agent: str
    fact: dict[str, Any]


class History(Answer):
    items: list[Entry]
    next: str


@blueprint.get("/operations/health")
@blueprint.output(Health)
@access.needs("operations.see")
def how() -> dict[str, Any]:
    """What waits, what is due next, and whether somebody takes it."""
    return shapes.whole(health.of(here.engine(), agent=access.me(), now=here.now()))


@blueprint.get("/operations/metrics")
@blueprint.doc(responses={200: {"description": "Text of Prometheus, format 0.0.4", "content": {"text/plain": {}}}})
@access.needs("operations.see")
def measured() -> flask.Response:
    """The same for Prometheus, which asks with a token: cases, tasks, incidents, jobs, and how late they are."""
    return flask.Response(metrics.of(here.engine(), agent=access.me(), now=here.now()), content_type=metrics.MEDIA_TYPE)


@blueprint.get("/operations/stuck")
@blueprint.output(Stuck)
@access.needs("operations.see")
def standing() -> dict[str, Any]:
    """Cases that do not go on although nobody put them on hold, each with the reason."""
    return {"items": plain(stuck.stuck(here.engine(), agent=access.me(), now=here.now()))}


@blueprint.post("/incidents/retry")
@blueprint.input(Several)
@blueprint.output(TriedAll)
@access.needs("incident.mend", "write")
@again.by_key
def retry_all(json_data: Several) -> dict[str, Any]:
    """Try several again, each by itself."""
    done = incidents.retry_all(here.engine(), incident_ids=json_data.incidents, agent=access.me(), now=here.now())
    return {"items": plain(done)}


@blueprint.get("/history")
@blueprint.input(Asked, location="query")
@blueprint.output(History)
@access.needs("operations.see")
def history(query_data: Asked) -> dict[str, Any]:
    """Who did what, when, to which case: facts of all cases, newest first."""
    wanted = audit.Search(**query_data.model_dump(exclude={"after", "limit"}))
    found = audit.search(
        here.engine(), wanted=wanted, agent=access.me(), after=_cursor(query_data.after), limit=query_data.limit
    )
    full = len(found) == query_data.limit
    return {"items": [_entry(one) for one in found], "next": _after(found[-1]) if full else ""}


def _entry(one: audit.Entry) -> dict[str, Any]:
    return {**shapes.whole(one.row), "number": one.number, "process": one.process}


def _after(one: audit.Entry) -> str:
    moment, instance, seq = audit.cursor(one)
    return f"{moment.isoformat()}~{instance}~{seq}"


def _cursor(text: str) -> audit.Cursor | None:
    if not text:
        return None
    try:
        moment, instance, seq = text.split("~")
        found = datetime.fromisoformat(moment), instance, int(seq)
    except ValueError:
        raise _no_cursor() from None
    if found[0].tzinfo is None:
        raise _no_cursor()
    return found


def _no_cursor() -> errors.Invalid:
    return errors.Invalid(
        "cursor_unknown",
        zh="翻页标记无效，请从第一页开始。",
        en="The page cursor is none; begin at the first page.",
    )
