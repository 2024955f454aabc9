"""What you may do with a task, and why not otherwise; sharing.py and tasks.py do it."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.inbox import act, doing, listing, returning
from web.api import access, here
from web.api.body import Answer

blueprint = APIBlueprint("actions", __name__, url_prefix="/v1", tag="Tasks")
Texts = dict[str, str]


class Action(Answer):
    verb: str
    allowed: bool
    why_not: Texts | None
    asks: list[str] = Field(description="What the verb takes of the body.")
    needs: list[str] = Field(description="Those of them that it cannot go without.")


class Target(Answer):
    node: str
    name: str
    texts: Texts
    person: str
    straight: bool
    again: bool


class Actions(Answer):
    items: list[Action]
    targets: list[Target] = Field(description="Steps that the task may be sent back to, in the order they were done.")


@blueprint.get("/tasks/<task_id>/actions")
@blueprint.output(Actions)
@access.needs("task.work")
def index(task_id: str) -> dict[str, Any]:
    """What you may do with it, and why not otherwise."""
    detail = _detail(task_id)
    items = [
        {
            "verb": verb,
            "allowed": why is None,
            "why_not": why,
            "asks": list(doing.TABLE[verb].asks),
            "needs": list(doing.TABLE[verb].needs),
        }
        for verb, why in detail.actions.items()
    ]
    return {"items": items, "targets": _targets(detail)}


def _detail(task_id: str) -> listing.Detail:
    return listing.get(here.engine(), work_item_id=task_id, agent=access.me(), now=here.now())


def _targets(detail: listing.Detail) -> list[dict[str, Any]]:
    if detail.actions["send_back"] is not None:
        return []
    with here.engine().store.reading() as tx:
        item = act.seen(tx, detail.row.item.id, access.me())
        found = returning.targets(here.engine(), tx, item)
    return [
        {name: getattr(one, name) for name in ("node", "name", "texts", "person", "straight", "again")} for one in found
    ]
