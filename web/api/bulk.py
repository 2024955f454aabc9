"""One verb for many tasks, each with its own result."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine.inbox import bulk
from web.api import access, again, here
from web.api.body import Answer, Body

blueprint = APIBlueprint("bulk", __name__, url_prefix="/v1", tag="Tasks")
Texts = dict[str, str]


class Bulk(Body):
    verb: bulk.Verb
    ids: list[str] = Field(min_length=1, max_length=bulk.MOST, description="Tasks; one named twice counts once.")
    to: str = Field(default="", max_length=40, description="For `transfer`: key of a person.")
    text: str = Field(default="", max_length=1000, description="A reason, or what is said when urging.")
    due_at: AwareDatetime | None = Field(default=None, strict=False, description="For `due`.")


class BulkResult(Answer):
    id: str
    done: bool
    code: str = Field(description="Of the refusal; empty when it was done.")
    text: Texts


class BulkResults(Answer):
    items: list[BulkResult]
    done: int
    refused: int


@blueprint.post("/tasks/bulk")
@blueprint.input(Bulk)
@blueprint.output(BulkResults)
@access.needs("task.work", "write")
@again.by_key
def do(json_data: Bulk) -> dict[str, Any]:
    """Claim, release, transfer, approve, urge or due, for each by itself: a refusal undoes nothing that went well."""
    order = bulk.Order(verb=json_data.verb, to=json_data.to, text=json_data.text, due_at=json_data.due_at)
    found = bulk.do(here.engine(), order=order, work_item_ids=json_data.ids, agent=access.me(), now=here.now())
    items = [{"id": one.work_item_id, "done": one.done, "code": one.code, "text": dict(one.text)} for one in found]
    done = sum(one.done for one in found)
    return {"items": items, "done": done, "refused": len(items) - done}
