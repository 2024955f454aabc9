"""Start processes, look at instances, cancel them."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.runtime import cancel as cancelling
from engine.runtime import instances as reading
from engine.runtime import start as starting
from web.api import access, again, here, shapes
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("instances", __name__, url_prefix="/v1/instances", tag="Instances")


class Start(Body):
    process: str = Field(description="Key of the process.", examples=["SFA-03"], max_length=100)
    customer_id: str | None = Field(default=None, description="Id or number of the customer.", max_length=100)
    business_key: str | None = Field(
        default=None, description="Your own name for it. The same again answers the same instance.", max_length=255
    )
    data: dict[str, Any] = Field(default={}, description="What the process's start form asks for.")


class InstanceFilter(Query):
    process: str = ""
    customer_id: str = ""
    status: str = Field(default="", pattern="^(|active|completed|cancelled)$")
    business_key: str = ""
    incidents: bool = Field(default=False, description="Only those with open incidents.")
    after: str = Field(default="", description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Instances(Answer):
    items: list[shapes.Instance]
    next: str = Field(default="", description="Hand it in as `after`; empty on the last page.")


class Reason(Body):
    reason: str = Field(min_length=1, max_length=1000)


class Values(Body):
    values: dict[str, Any]
    reason: str = Field(min_length=1, max_length=1000)


@blueprint.post("")
@blueprint.input(Start)
@blueprint.output(shapes.Started, status_code=201)
@blueprint.doc(
    responses={200: "The business key had been started before: this is that instance", 409: "Nothing released"}
)
@access.needs("case.start", "write")
@again.by_key
def start(json_data: Start) -> tuple[dict[str, Any], int]:
    """Start a process for a customer. Which variant runs, and why, is in `sentence`."""
    started = starting.start(
        here.engine(),
        process=json_data.process,
        customer_id=json_data.customer_id,
        business_key=json_data.business_key,
        data=json_data.data,
        agent=access.me(),
        now=here.now(),
    )
    answer = {"instance": shapes.instance(started.instance), "created": started.created}
    return answer, 201 if started.created else 200


@blueprint.get("")
@blueprint.input(InstanceFilter, location="query")
@blueprint.output(Instances)
@access.needs("case.see_all")
def search(query_data: InstanceFilter) -> dict[str, Any]:
    """Instances, the newest first."""
    wanted = query_data.model_dump(exclude={"after", "limit"})
    found = reading.search(here.engine(), query=reading.Query(**wanted), after=query_data.after, limit=query_data.limit)
    full = len(found) == query_data.limit
    return {"items": [shapes.instance(one) for one in found], "next": found[-1].id if full and found else ""}


@blueprint.get("/<instance_id>")
@blueprint.output(shapes.Case)
@access.needs("case.see_all")
def get(instance_id: str) -> dict[str, Any]:
    """One instance: where it stands, its variables, its incidents, and why it runs this variant."""
    return shapes.case(reading.get(here.engine(), instance_id=instance_id))


@blueprint.get("/<instance_id>/timeline")
@blueprint.output(shapes.Timeline)
@access.needs("case.see_all")
def history(instance_id: str) -> dict[str, Any]:
    """What happened, in order, as facts and in words."""
    reading.get(here.engine(), instance_id=instance_id)
    with here.engine().store.reading() as tx:
        rows = tx.facts.of_instance(instance_id)
    return {"items": [{"at": row.at, "agent": row.agent, "seq": row.seq, "fact": plain(row.fact)} for row in rows]}


@blueprint.patch("/<instance_id>/variables")
@blueprint.input(Values)
@blueprint.output(shapes.Case)
@access.needs("case.variables", "write")
def set_variables(instance_id: str, json_data: Values) -> dict[str, Any]:
    """Set variables by hand; the reason stays in the history."""
    reading.set_variables(
        here.engine(),
        instance_id=instance_id,
        values=json_data.values,
        reason=json_data.reason,
        agent=access.me(),
        now=here.now(),
    )
    return shapes.case(reading.get(here.engine(), instance_id=instance_id))


@blueprint.post("/<instance_id>/cancel")
@blueprint.input(Reason)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "It is over already"})
@access.needs("case.cancel", "write")
@again.by_key
def cancel(instance_id: str, json_data: Reason) -> dict[str, Any]:
    """End an instance before its time."""
    cancelling.cancel(
        here.engine(), instance_id=instance_id, reason=json_data.reason, agent=access.me(), now=here.now()
    )
    return shapes.case(reading.get(here.engine(), instance_id=instance_id))
