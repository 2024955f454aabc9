"""Start processes, look at instances, cancel them."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.runtime import cancel as cancelling
from engine.runtime import instances as reading
from engine.runtime import modify as modifying
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


class TokenMove(Body):
    """Whatever stands at `source` is cancelled, and something begins at `target`."""

    source: int | str = Field(description="Id of a node, or the number of one activity.")
    target: str = Field(description="Id of the node before which it goes on.", max_length=255)


class Modification(Body):
    move: list[TokenMove] = Field(default=[], max_length=modifying.MOST)
    cancel: list[int | str] = Field(default=[], max_length=modifying.MOST, description="Ids of nodes, or numbers.")
    start: list[str] = Field(default=[], max_length=modifying.MOST, description="Ids of nodes to begin at.")
    variables: dict[str, Any] = Field(default={}, description="Set before any token moves.")
    scope: int = Field(default=0, description="Where the variables are set; 0 is the instance.")
    reason: str = Field(min_length=1, max_length=1000)
    revision: int | None = Field(default=None, description="The answer of a dry run, to apply just what it showed.")
    dry_run: bool = Field(default=True, description="Show what would happen and keep nothing.")


class Place(Answer):
    id: int
    kind: str
    node: str


class Modified(Answer):
    dry_run: bool
    status: str
    revision: int = Field(description="Of a dry run: the instance's present one. Else the one it has now.")
    opened: list[Place] = Field(description="What waits afterwards and did not before.")
    closed: list[Place]
    tokens: list[shapes.Token]
    variables: dict[str, Any]
    facts: list[dict[str, Any]] = Field(description="`type` says what happened.")


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


@blueprint.post("/<instance_id>/modification")
@blueprint.input(Modification)
@blueprint.output(Modified)
@blueprint.doc(responses={409: "It is over, or has moved on since the dry run"})
@access.needs("case.modify", "write")
def modify(instance_id: str, json_data: Modification) -> dict[str, Any]:
    """Move, add and cancel tokens and set variables by hand: first a dry run, then with the revision it answered."""
    moves = json_data.move
    change = modifying.Change(
        cancel=(*(move.source for move in moves), *json_data.cancel),
        start=(*(move.target for move in moves), *json_data.start),
        values=json_data.variables,
        scope=json_data.scope,
    )
    done = modifying.modify(
        here.engine(),
        instance_id=instance_id,
        change=change,
        reason=json_data.reason,
        agent=access.me(),
        now=here.now(),
        dry_run=json_data.dry_run,
        revision=json_data.revision,
    )
    return {
        "dry_run": done.dry_run,
        "status": done.status,
        "revision": done.revision,
        "opened": [{"id": wait.id, "kind": wait.kind, "node": wait.node} for wait in done.opened],
        "closed": [{"id": wait.id, "kind": wait.kind, "node": wait.node} for wait in done.closed],
        "tokens": [{"node": token.node, "path": list(token.path)} for token in done.tokens],
        "variables": plain(done.variables),
        "facts": [plain(fact) for fact in done.facts],
    }
