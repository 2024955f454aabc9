"""Two versions of a process: what differs, for programs."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.variants import versions
from web.api import access, here
from web.api.body import Answer, Query

blueprint = APIBlueprint("comparison", __name__, url_prefix="/v1", tag="Processes")


class Pair(Query):
    old: int = Field(ge=1, le=2**31 - 1, description="Number of a base version.")
    new: int = Field(ge=1, le=2**31 - 1)


class Change(Answer):
    kind: str = Field(description="inserted, deleted, moved or changed")
    elements: list[str] = Field(description="Ids; the first is the one that the line speaks of.")
    says: dict[str, str]


class Compared(Answer):
    old: int
    new: int
    changes: list[Change] = Field(description="Empty where both mean the same.")


@blueprint.get("/processes/<key>/comparison")
@blueprint.input(Pair, location="query")
@blueprint.output(Compared)
@access.needs("process.see")
def compare(key: str, query_data: Pair) -> dict[str, Any]:
    """What changed from one version of the base to another, line by line."""
    found = versions.compare(here.engine(), process=key, old=query_data.old, new=query_data.new, agent=access.me())
    lines = [{"kind": one.kind, "elements": list(one.elements), "says": one.says} for one in found.changes]
    return {"old": found.old.n, "new": found.new.n, "changes": lines}
