"""The inbox for programs: what is to do, and the verbs."""

from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine.inbox import act, direct, listing, live
from web.api import access, again, here, shapes, tags
from web.api.body import Answer, Body, Query

blueprint = APIBlueprint("tasks", __name__, url_prefix="/v1/tasks", tag="Tasks")


class TaskFilter(Query):
    shelf: Literal["mine", "claimable", "done"] = "mine"
    process: str = ""
    customer_id: str = ""
    group: str = Field(default="", description="The customer's group.")
    node: str = ""
    overdue: bool = False
    awaits_customer: bool = Field(default=False, description="Only what is on hold until the customer answers.")
    after: str = Field(default="", description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class Tasks(Answer):
    items: list[shapes.Task]
    next: str


class Counts(Answer):
    mine: int = Field(description=f"At most {listing.MOST_COUNTED}: so many or more; so are the others.")
    claimable: int
    overdue: int = Field(description="Of mine.")


class Data(Body):
    data: dict[str, Any] = Field(default={}, description="What the task's form asks for.")


class Completion(Data):
    revision: int | None = Field(default=None, description="Refuse when the task is no longer as you saw it.")
    done_at: AwareDatetime | None = Field(
        default=None, strict=False, description="When it was done, where it arrives later: told beside the arrival."
    )


class Assignment(Body):
    to: str | None = Field(default=None, max_length=40, description="Key of a person.")


class Completed(Answer):
    instance_id: str
    status: str = Field(description="Of the instance: active, or completed when this was the last step.")


SHELVES = {"mine": listing.mine, "claimable": listing.claimable, "done": listing.done}


@blueprint.get("")
@blueprint.input(TaskFilter, location="query")
@blueprint.output(Tasks)
@access.needs("task.work")
def search(query_data: TaskFilter) -> dict[str, Any]:
    """Your tasks, those you may claim, or those you did; the most urgent first."""
    wanted = query_data.model_dump(exclude={"shelf", "after", "limit"})
    page = SHELVES[query_data.shelf](
        here.engine(),
        agent=access.me(),
        now=here.now(),
        where=listing.Filter(**wanted),
        after=query_data.after,
        limit=query_data.limit,
    )
    return {"items": [shapes.task(row) for row in page.rows], "next": page.cursor}


@blueprint.get("/counts")
@blueprint.output(Counts)
@access.needs("task.work")
def counts() -> dict[str, Any]:
    """How much there is to do."""
    return shapes.whole(listing.counts(here.engine(), agent=access.me(), now=here.now()))


class Look(Query):
    shelf: listing.Shelf = "mine"


class Glance(Answer):
    since: int = Field(description="Rises with every change of anything.")
    mark: str = Field(description="Changes with what the list shows.")
    mine: int
    claimable: int
    overdue: int


@blueprint.get("/live")
@blueprint.input(Look, location="query")
@blueprint.output(Glance)
@access.needs("task.work")
def glance(query_data: Look) -> dict[str, Any]:
    """Whether your list has changed: ask now and then, and read it again when `mark` is another."""
    return shapes.whole(live.glance(here.engine(), shelf=query_data.shelf, agent=access.me(), now=here.now()))


@blueprint.get("/<task_id>")
@blueprint.output(shapes.TaskDetail)
@access.needs("task.work")
def get(task_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One task with its form, what the form shows, and what you may do with it. Its ETag is its revision."""
    return tags.tagged(_detail(task_id))


@blueprint.post("/<task_id>/claim")
@blueprint.output(shapes.TaskDetail)
@blueprint.doc(responses={409: "Somebody else was faster: `ids.by` says who"})
@access.needs("task.work", "write")
@again.by_key
def claim(task_id: str) -> dict[str, Any]:
    """Take it off everybody else's list."""
    act.claim(here.engine(), work_item_id=task_id, agent=access.me(), now=here.now())
    return _detail(task_id)


@blueprint.post("/<task_id>/release")
@blueprint.output(shapes.TaskDetail)
@blueprint.doc(responses={409: "It is not yours to give back"})
@access.needs("task.work", "write")
@again.by_key
def release(task_id: str) -> dict[str, Any]:
    """Give it back to those who may claim it."""
    act.release(here.engine(), work_item_id=task_id, agent=access.me(), now=here.now())
    return _detail(task_id)


@blueprint.put("/<task_id>/draft")
@blueprint.input(Data)
@blueprint.output(shapes.TaskDetail)
@blueprint.doc(responses={409: "It is not yours"})
@access.needs("task.work", "write")
def save_draft(task_id: str, json_data: Data) -> dict[str, Any]:
    """Keep what is filled in so far, right or wrong."""
    act.save_draft(here.engine(), work_item_id=task_id, data=json_data.data, agent=access.me(), now=here.now())
    return _detail(task_id)


@blueprint.post("/<task_id>/complete")
@blueprint.input(Completion)
@blueprint.output(Completed)
@blueprint.doc(
    responses={409: "It is over, or somebody else's: `ids.by` says whose", 412: "It is not as `If-Match` says"}
)
@access.needs("task.work", "write")
@again.by_key
def complete(task_id: str, json_data: Completion) -> dict[str, Any]:
    """Hand the form in; the process goes on. `If-Match` with the task's ETag refuses (412) what was changed since."""
    done = act.complete(
        here.engine(),
        work_item_id=task_id,
        data=json_data.data,
        agent=access.me(),
        now=here.now(),
        revision=tags.seen(json_data.revision),
        done_at=json_data.done_at,
    )
    return {"instance_id": done.instance_id, "status": done.status}


@blueprint.post("/<task_id>/assign")
@blueprint.input(Assignment)
@blueprint.output(shapes.Task)
@blueprint.doc(responses={409: "It is over"})
@access.needs("case.variables", "write")
@again.by_key
def assign(task_id: str, json_data: Assignment) -> dict[str, Any]:
    """Give it to somebody, or with null back to those who may claim it; four eyes hold."""
    direct.assign(here.engine(), work_item_id=task_id, to=json_data.to, agent=access.me(), now=here.now())
    return shapes.task(listing.get(here.engine(), work_item_id=task_id, agent=access.me(), now=here.now()).row)


def _detail(task_id: str) -> dict[str, Any]:
    return shapes.task_detail(listing.get(here.engine(), work_item_id=task_id, agent=access.me(), now=here.now()))
