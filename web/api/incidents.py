"""What went wrong and waits for somebody to mend it."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine import errors, queries, records
from engine.runtime import incidents as mending
from engine.runtime import instances
from web.api import access, again, here, shapes
from web.api.body import Answer, Body, Query

blueprint = APIBlueprint("incidents", __name__, url_prefix="/v1/incidents", tag="Incidents")


class IncidentFilter(Query):
    process: str = Field(default="", max_length=100)
    node: str = Field(default="", max_length=255)
    code: str = Field(default="", max_length=100)
    after: str = Field(default="", max_length=100, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Incidents(Answer):
    items: list[shapes.Incident]
    next: str


class Retry(Body):
    data: dict[str, Any] = Field(default={}, description="Variables to set first.")


class Skip(Body):
    reason: str = Field(min_length=1, max_length=1000)


@blueprint.get("")
@blueprint.input(IncidentFilter, location="query")
@blueprint.output(Incidents)
@access.needs("operations.see")
def index(query_data: IncidentFilter) -> dict[str, Any]:
    """Open ones, by the instances they stop."""
    wanted = query_data.model_dump(include={"process", "node", "code"})
    where = [queries.Where(name, "=", value) for name, value in wanted.items() if value]
    if query_data.after:
        where.append(_behind(query_data.after))
    with here.engine().store.reading() as tx:
        found = tx.lists.find(records.Incident, where=where, order=["instance_id"], limit=query_data.limit)
    full = len(found) == query_data.limit
    return {"items": [shapes.incident(one) for one in found], "next": found[-1].id if full else ""}


def _behind(cursor: str) -> queries.Where:
    instance_id, _, wait = cursor.rpartition(".")
    if not wait.isascii() or not wait.isdigit() or len(wait) > 9:
        raise errors.Invalid(
            "cursor_unknown",
            zh="翻页标记无效，请从第一页开始。",
            en="The page cursor is none; begin at the first page.",
        )
    same = [queries.Where("instance_id", "=", instance_id), queries.Where("wait", ">", int(wait))]
    return queries.Where("", "or", [[queries.Where("instance_id", ">", instance_id)], same])


@blueprint.post("/<incident_id>/retry")
@blueprint.input(Retry)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "The instance is over, or on hold"})
@access.needs("incident.mend", "write")
@again.by_key
def retry(incident_id: str, json_data: Retry) -> dict[str, Any]:
    """Try the failed step again. The answer shows whether it worked: `open_incidents`."""
    mending.retry(here.engine(), incident_id=incident_id, data=json_data.data, agent=access.me(), now=here.now())
    return _case(incident_id)


@blueprint.post("/<incident_id>/skip")
@blueprint.input(Skip)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "The instance is over, or on hold"})
@access.needs("incident.mend", "write")
@again.by_key
def skip(incident_id: str, json_data: Skip) -> dict[str, Any]:
    """Go on behind the failed step; the reason stays in the history."""
    mending.skip(here.engine(), incident_id=incident_id, reason=json_data.reason, agent=access.me(), now=here.now())
    return _case(incident_id)


def _case(incident_id: str) -> dict[str, Any]:
    return shapes.case(instances.get(here.engine(), instance_id=incident_id.partition(".")[0]))
