"""Migrations: running instances go on with another version; dry run, mapping, progress, undo."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.migration import assess, plans, standing, tally
from web.api import access, again, here
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("migrations", __name__, url_prefix="/v1/migrations", tag="Migrations")
Texts = dict[str, str]
SHA = Field(min_length=1, max_length=64, description="SHA-256 of a program.")
STATES = "proposed, waiting, moved, stays, returning, undone or declined"


class Which(Query):
    process: str = Field(default="", max_length=80)


class Pairing(Query):
    process: str = Field(min_length=1, max_length=80)
    old: str = SHA
    new: str = SHA


class Page(Query):
    status: str = Field(default="", max_length=20, description=STATES)
    after: str = Field(default="", max_length=64)
    limit: int = Field(default=100, ge=1, le=500)


class Order(Body):
    process: str = Field(min_length=1, max_length=80)
    old: str = SHA
    new: str = SHA
    nodes: dict[str, str] = Field(
        default_factory=dict, description="Old id to new id; an empty new id has no place. Others keep their ids."
    )
    allow: list[assess.Allowance] = Field(
        default_factory=list,
        description="What an adjustable instance may need: `back`, open steps that nobody began are taken back; `owed`,"
        " missed steps become to-dos; `surplus`, done steps that the new version lacks may stand; `order`, so may steps"
        " done in another order.",
    )
    timers: Literal["keep", "again"] = Field(default="keep", description="Due dates stay, or count from now.")
    values: dict[str, Any] = Field(default_factory=dict, description="Variables for instances that lack them.")
    instances: list[str] | None = Field(default=None, max_length=10_000, description="Null: all that run `old`.")


class Migration(Order):
    reason: str = Field(max_length=plans.LONGEST_REASON, description="Stays in the history of each instance.")
    patient: bool = Field(default=False, description="Those that cannot move now are tried again as they go on.")


class DryOrder(Order):
    after: str = Field(default="", max_length=64, description="`next` of the answer before: the instances after those.")


class Those(Body):
    instances: list[str] | None = Field(default=None, max_length=10_000, description="Null: all.")


class Standing(Answer):
    process: str
    program: str
    title: Texts
    running: int
    oldest: datetime
    target: str = Field(description="Program of what was released since; empty when there is none.")
    target_title: Texts


class Older(Answer):
    items: list[Standing]


class Reason(Answer):
    code: str
    node: str
    text: Texts


class Prospect(Answer):
    instance_id: str
    number: str
    customer_id: str | None
    kind: str = Field(description="compliant, adjustable or not")
    moves: bool
    needs: list[str]
    reasons: list[Reason]
    work: list[Reason] = Field(
        description="What becomes of open steps for which the new program names others: `offered` to those, or `kept`."
    )


class Pair(Answer):
    old: str
    new: str
    why: str = Field(description="origin (the same operation made both), name, or empty: nothing is proposed")


class DryRun(Answer):
    process: str
    old: str
    new: str
    title: Texts
    running: int
    counts: dict[str, int]
    prospects: list[Prospect]
    pairs: list[Pair] = Field(description="Steps of the old version whose id the new one lacks.")
    next: str = Field(description="Send it as `after` for those that were not looked at; empty: there are none.")


class Mapping(Answer):
    nodes: dict[str, str]


class Progress(Answer):
    id: str
    process: str
    occasion: str = Field(description="release or group")
    old: str
    new: str
    title: Texts
    terms: dict[str, Any]
    reason: str
    patient: bool
    created_at: datetime
    created_by: str
    counts: dict[str, int] = Field(description=f"By state: {STATES}.")
    total: int
    open: int = Field(description="Those still to be looked at.")


class Migrations(Answer):
    items: list[Progress]


class Move(Answer):
    instance_id: str
    status: str = Field(description=STATES)
    kind: str
    reasons: list[Reason]
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    settled_by: str


class Cause(Answer):
    code: str
    node: str
    status: str = Field(description=STATES)
    text: Texts
    count: int


class Tally(Answer):
    classes: dict[str, dict[str, int]] = Field(
        description="By class (compliant, adjustable, not; empty: not looked at yet) and state."
    )
    causes: list[Cause] = Field(description="Why instances stayed or were adjusted, the most frequent first.")


class Moves(Answer):
    items: list[Move]


@blueprint.get("/older")
@blueprint.input(Which, location="query")
@blueprint.output(Older)
@access.needs("case.migrate")
def older(query_data: Which) -> dict[str, Any]:
    """Running instances on versions that are no longer released, and what was released since."""
    return {"items": plain(standing.older(here.engine(), process=query_data.process, agent=access.me()))}


@blueprint.get("/mapping")
@blueprint.input(Pairing, location="query")
@blueprint.output(Mapping)
@access.needs("case.migrate")
def mapping(query_data: Pairing) -> dict[str, Any]:
    """What ids and provenance suggest for steps that changed their id."""
    pairing = query_data.model_dump()
    return {"nodes": plans.propose(here.engine(), **pairing, agent=access.me(), now=here.now())}


@blueprint.post("/dry-run")
@blueprint.input(DryOrder)
@blueprint.output(DryRun)
@access.needs("case.migrate")
def dry_run(json_data: DryOrder) -> dict[str, Any]:
    """What would become of each instance, with the step in the way of those that stay; 500 at a time. Nothing is
    written."""
    shown = plans.dry_run(here.engine(), order=_order(json_data), agent=access.me(), now=here.now())
    return {**plain(shown), "counts": shown.counts}


@blueprint.post("")
@blueprint.input(Migration)
@blueprint.output(Progress, status_code=202)
@access.needs("case.migrate", "write")
@again.by_key
def begin(json_data: Migration) -> dict[str, Any]:
    """Move them, one by one in the background; what cannot move stays on its program and says why."""
    begun = plans.begin(
        here.engine(), order=_order(json_data), reason=json_data.reason, agent=access.me(), now=here.now()
    )
    return _progress(begun)


@blueprint.get("")
@blueprint.input(Which, location="query")
@blueprint.output(Migrations)
@access.needs("case.migrate")
def index(query_data: Which) -> dict[str, Any]:
    """The migrations of one process, or of all, newest first."""
    found = plans.listed(here.engine(), process=query_data.process, agent=access.me())
    return {"items": [_progress(one) for one in found]}


@blueprint.get("/<plan_id>")
@blueprint.output(Progress)
@access.needs("case.migrate")
def get(plan_id: str) -> dict[str, Any]:
    """How far it is."""
    return _progress(plans.get(here.engine(), plan_id=plan_id, agent=access.me()))


@blueprint.get("/<plan_id>/tally")
@blueprint.output(Tally)
@access.needs("case.migrate")
def show_tally(plan_id: str) -> dict[str, Any]:
    """How many moved, stayed or went back, by class, and why."""
    shape: dict[str, Any] = plain(tally.tally(here.engine(), plan_id=plan_id, agent=access.me()))
    return shape


@blueprint.get("/<plan_id>/instances")
@blueprint.input(Page, location="query")
@blueprint.output(Moves)
@access.needs("case.migrate")
def instances(plan_id: str, query_data: Page) -> dict[str, Any]:
    """What became of each instance, in the order of their ids."""
    page = query_data.model_dump()
    return {"items": plain(plans.moves(here.engine(), plan_id=plan_id, agent=access.me(), **page))}


@blueprint.post("/<plan_id>/undo")
@blueprint.input(Those)
@blueprint.output(Progress, status_code=202)
@blueprint.doc(responses={409: "None of them has moved"})
@access.needs("case.migrate", "write")
def undo(plan_id: str, json_data: Those) -> dict[str, Any]:
    """Back to where they were; who has gone on since goes back as far as the old version allows."""
    return _shift(plans.undo, plan_id, json_data)


@blueprint.post("/<plan_id>/again")
@blueprint.input(Those)
@blueprint.output(Progress, status_code=202)
@blueprint.doc(responses={409: "None of them stayed"})
@access.needs("case.migrate", "write")
def look_again(plan_id: str, json_data: Those) -> dict[str, Any]:
    """Look once more at those that stayed."""
    return _shift(plans.again, plan_id, json_data)


@blueprint.post("/<plan_id>/accept")
@blueprint.input(Those)
@blueprint.output(Progress, status_code=202)
@blueprint.doc(responses={409: "Nothing is proposed"})
@access.needs("case.migrate", "write")
def accept(plan_id: str, json_data: Those) -> dict[str, Any]:
    """Do what was proposed when a customer changed group."""
    return _shift(plans.accept, plan_id, json_data)


@blueprint.post("/<plan_id>/decline")
@blueprint.input(Those)
@blueprint.output(Progress)
@blueprint.doc(responses={409: "Nothing is proposed"})
@access.needs("case.migrate", "write")
def decline(plan_id: str, json_data: Those) -> dict[str, Any]:
    """Let the instances finish on their program."""
    return _shift(plans.decline, plan_id, json_data)


@blueprint.post("/<plan_id>/stop")
@blueprint.output(Progress)
@blueprint.doc(responses={409: "Nothing waits any more"})
@access.needs("case.migrate", "write")
def stop(plan_id: str) -> dict[str, Any]:
    """What has not moved yet stays."""
    return _progress(plans.stop(here.engine(), plan_id=plan_id, agent=access.me(), now=here.now()))


def _order(sent: Order) -> plans.Order:
    terms = assess.Terms(nodes=sent.nodes, allow=frozenset(sent.allow), timers=sent.timers, values=sent.values)
    return plans.Order(
        process=sent.process,
        old=sent.old,
        new=sent.new,
        terms=terms,
        instances=tuple(sent.instances) if sent.instances is not None else None,
        after=sent.after if isinstance(sent, DryOrder) else "",
        patient=sent.patient if isinstance(sent, Migration) else False,
    )


def _shift(act: Callable[..., plans.Progress], plan_id: str, those: Those) -> dict[str, Any]:
    done = act(here.engine(), plan_id=plan_id, agent=access.me(), now=here.now(), instances=those.instances)
    return _progress(done)


def _progress(found: plans.Progress) -> dict[str, Any]:
    shape: dict[str, Any] = plain(plans.summary(found))
    return shape
