"""Start processes, look at instances, cancel them."""

from collections.abc import Mapping
from typing import Any, Literal

import flask
from apiflask import APIBlueprint
from pydantic import Field

from engine import errors
from engine.inbox import holding
from engine.people import scope
from engine.runtime import cancel as cancelling
from engine.runtime import instances as reading
from engine.runtime import modify as modifying
from engine.runtime import start as starting
from web.api import access, again, drawn, here, problems, shapes, tags
from web.api.body import Answer, Body, Query
from web.api.values import plain

MOST_STARTS = 100
MOST_FACTS = 2**31 - 1
blueprint = APIBlueprint("instances", __name__, url_prefix="/v1/instances", tag="Instances")


Order = Literal["newest", "oldest", "ended", "-ended", "number", "-number", "business_key", "-business_key"]
_SORTS: Mapping[str, reading.Sort] = {"ended": "ended_at", "number": "number", "business_key": "business_key"}


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
    number: str = Field(default="", description="As people name it.", examples=["SFA-03-000042"])
    program: str = Field(default="", description="SHA-256 of the program that they run.")
    incidents: bool = Field(default=False, description="Only those with open incidents.")
    suspended: bool = Field(default=False, description="Only those on hold.")
    awaits_customer: bool = Field(default=False, description="Only those on hold until the customer answers.")
    order: Order = Field(
        default="newest",
        description="`newest` and `oldest` go by their start. By end, number or business key: only those with one; "
        "with `-` the latest or last first.",
    )
    after: str = Field(default="", description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Instances(Answer):
    items: list[shapes.Instance]
    next: str = Field(default="", description="Hand it in as `after`; empty on the last page.")


class Starts(Body):
    items: list[Start] = Field(min_length=1, max_length=MOST_STARTS)


class Begun(Answer):
    """What became of one item: 201 started, 200 had been started before, else why not."""

    status: int
    instance: shapes.Instance | None = None
    problem: problems.ProblemDocument | None = None


class BulkAnswer(Answer):
    items: list[Begun] = Field(description="In the order of what was sent.")
    started: int
    refused: int


class TimelineFilter(Query):
    after: int = Field(default=0, ge=0, le=MOST_FACTS, description="`next` of the page before.")
    limit: int = Field(default=1000, ge=1, le=1000)


class Hold(Body):
    reason: str = Field(default="", max_length=1000)


class Suspension(Body):
    reason: str = Field(min_length=1, max_length=1000)
    awaits_customer: bool = Field(
        default=False, description="Until the customer answers: a message to it, or a comment that says so, resumes it."
    )


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
    started = _start(json_data)
    answer = {"instance": shapes.instance(started.instance), "created": started.created}
    return answer, 201 if started.created else 200


@blueprint.post("/bulk")
@blueprint.input(Starts)
@blueprint.output(BulkAnswer)
@access.needs("case.start", "write")
@again.of_each_item
def start_many(json_data: Starts) -> dict[str, Any]:
    """Start up to 100, each by itself: one that is refused does not stop the others. Repeatable as a single start is:
    by the items' business keys, or with an Idempotency-Key."""
    items = [_begin(number, item) for number, item in enumerate(json_data.items)]
    refused = sum(item["status"] >= 400 for item in items)
    return {"items": items, "started": len(items) - refused, "refused": refused}


def _begin(number: int, item: Start) -> dict[str, Any]:
    def work() -> tuple[int, Any]:
        started = _start(item)
        return 201 if started.created else 200, shapes.instance(started.instance)

    try:
        status, instance = again.item(number, item.model_dump_json(), work)
    except errors.CrmflowError as refused:
        return {"status": refused.status, "problem": problems.document(refused)}
    return {"status": status, "instance": instance}


def _start(wanted: Start) -> starting.Started:
    return starting.start(
        here.engine(),
        process=wanted.process,
        customer_id=wanted.customer_id,
        business_key=wanted.business_key,
        data=wanted.data,
        agent=access.me(),
        now=here.now(),
    )


@blueprint.get("")
@blueprint.input(InstanceFilter, location="query")
@blueprint.output(Instances)
@access.needs("case.see")
def search(query_data: InstanceFilter) -> dict[str, Any]:
    """Instances that you may see, by when they started unless another order is asked for."""
    wanted = query_data.model_dump(exclude={"after", "limit", "order"})
    sort = _SORTS.get(query_data.order.removeprefix("-"), "")
    ascending = query_data.order in ("oldest", *_SORTS)
    query = reading.Query(**wanted, sort=sort, ascending=ascending, seen_by=scope.of(access.me()))
    found = reading.search(here.engine(), query=query, after=query_data.after, limit=query_data.limit)
    full = len(found) == query_data.limit
    next_ = reading.cursor(found[-1], sort) if full and found else ""
    return {"items": [shapes.instance(one) for one in found], "next": next_}


@blueprint.get("/<instance_id>")
@blueprint.output(shapes.Case)
@access.needs("case.see")
def get(instance_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One instance: where it stands, its variables, its incidents, and why it runs this variant. Its ETag is its
    revision."""
    return tags.tagged(_case(instance_id))


@blueprint.get("/<instance_id>/timeline")
@blueprint.input(TimelineFilter, location="query")
@blueprint.output(shapes.Timeline)
@access.needs("case.see")
def history(instance_id: str, query_data: TimelineFilter) -> dict[str, Any]:
    """What happened, in order, as facts."""
    scope.need(here.engine(), instance_id=instance_id, agent=access.me())
    with here.engine().store.reading() as tx:
        rows = tx.facts.of_instance(instance_id, after=query_data.after, limit=query_data.limit)
    items = [{"at": row.at, "agent": row.agent, "seq": row.seq, "fact": plain(row.fact)} for row in rows]
    return {"items": items, "next": rows[-1].seq if len(rows) == query_data.limit else None}


@blueprint.get("/<instance_id>/bpmn")
@blueprint.doc(responses=drawn.ANSWER)
@access.needs("case.see")
def bpmn(instance_id: str) -> flask.Response:
    """The program that it runs as a drawing."""
    scope.need(here.engine(), instance_id=instance_id, agent=access.me())
    case = reading.get(here.engine(), instance_id=instance_id)
    return drawn.answer(case.instance.program)


@blueprint.post("/<instance_id>/suspend")
@blueprint.input(Suspension)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "It is over"})
@access.needs("case.hold", "write")
@again.by_key
def suspend(instance_id: str, json_data: Suspension) -> dict[str, Any]:
    """Put it on hold while you have a step of it in hand: its timers, jobs, tasks and messages wait until it is
    resumed, its promises stand still. Administrators hold any."""
    holding.hold(here.engine(), instance_id=instance_id, agent=access.me(), now=here.now(), **json_data.model_dump())
    return _case(instance_id)


@blueprint.post("/<instance_id>/resume")
@blueprint.input(Hold)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "It is over"})
@access.needs("case.hold", "write")
@again.by_key
def resume(instance_id: str, json_data: Hold) -> dict[str, Any]:
    """Let it go on; what became due meanwhile is due at once."""
    holding.resume(here.engine(), instance_id=instance_id, reason=json_data.reason, agent=access.me(), now=here.now())
    return _case(instance_id)


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
    return _case(instance_id)


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
    return _case(instance_id)


@blueprint.post("/<instance_id>/modification")
@blueprint.input(Modification)
@blueprint.output(Modified)
@blueprint.doc(
    responses={409: "It is over, or has moved on since the dry run", 412: "It has moved on since `If-Match`"}
)
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
        revision=tags.seen(json_data.revision),
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


def _case(instance_id: str) -> dict[str, Any]:
    scope.need(here.engine(), instance_id=instance_id, agent=access.me())
    return shapes.case(reading.get(here.engine(), instance_id=instance_id))
