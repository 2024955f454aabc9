"""Filters of the inbox kept under a name: one's own, and those that colleagues share with a staff group."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.inbox import filters
from web.api import access, again, here
from web.api.body import Answer, Body

blueprint = APIBlueprint("filters", __name__, url_prefix="/v1", tag="Tasks")


class Filter(Answer):
    id: str
    owner: str
    name: str
    staff_group: str = Field(description="Whose members see it too; empty: nobody else.")
    shelf: str
    process: str
    customer_id: str
    group: str = Field(description="The customer's group.")
    node: str
    due: str = Field(description="late, today, customer (on hold until they answer) or empty")
    created_at: datetime


class Counted(Filter):
    own: bool
    count: int = Field(description=f"Of your own list; {filters.COUNTED}: as many or more.")


class Filters(Answer):
    items: list[Counted]


class NewFilter(Body):
    name: str = Field(min_length=1, max_length=filters.LONGEST_NAME)
    staff_group: str = Field(default="", max_length=100, description="Share it with this staff group of yours.")
    shelf: Literal["mine", "claimable", "drafts", "done"] = "mine"
    process: str = Field(default="", max_length=100)
    customer_id: str = Field(default="", max_length=64)
    group: str = Field(default="", max_length=100, description="The customer's group.")
    node: str = Field(default="", max_length=100)
    due: Literal["", "late", "today", "customer"] = ""


@blueprint.get("/task-filters")
@blueprint.output(Filters)
@access.needs("task.work")
def index() -> dict[str, Any]:
    """Yours and those shared with your staff groups, by name, each with how much it finds for you."""
    found = filters.shown(here.engine(), agent=access.me(), now=here.now())
    return {"items": [{**_shape(one.kept), "own": one.own, "count": one.count} for one in found]}


@blueprint.post("/task-filters")
@blueprint.input(NewFilter)
@blueprint.output(Filter, status_code=201)
@access.needs("task.work", "write")
@again.by_key
def save(json_data: NewFilter) -> tuple[dict[str, Any], int]:
    """Keep it under its name; what you kept under that name before is replaced."""
    wanted = filters.Wanted(**json_data.model_dump())
    return _shape(filters.save(here.engine(), wanted=wanted, agent=access.me(), now=here.now())), 201


@blueprint.delete("/task-filters/<filter_id>")
@blueprint.output({}, status_code=204)
@access.needs("task.work", "write")
def remove(filter_id: str) -> str:
    """One of yours; an administrator removes anybody's."""
    filters.remove(here.engine(), filter_id=filter_id, agent=access.me())
    return ""


def _shape(kept: Any) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in Filter.model_fields}
