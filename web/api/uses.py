"""Where something is used, for programs: asked before it is changed or goes."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.definitions import uses
from web.api import access, here
from web.api.body import Answer, Query
from web.api.values import plain

blueprint = APIBlueprint("uses", __name__, url_prefix="/v1/uses", tag="Processes")


class Asked(Query):
    process: str = Field(default="", max_length=64, description="Whose decision or form it is.")
    key: str = Field(default="", max_length=uses.LONGEST_KEY, description="Without it, what there is of the kind.")


class Place(Answer):
    kind: str
    key: str
    node: str = Field(description="Empty for the process as a whole.")
    texts: dict[str, str]
    how: dict[str, str]


class Use(Answer):
    process: str
    variant: str = Field(description="Its id; empty for the base.")
    group: str
    n: int
    status: str
    running: int = Field(description="Cases that run with this version now.")
    named: Place


class Known(Answer):
    key: str
    process: str
    places: int


class Uses(Answer):
    items: list[Use]
    keys: list[Known]


@blueprint.get("/<kind>")
@blueprint.input(Asked, location="query")
@blueprint.output(Uses)
@access.needs("process.see")
def of(kind: str, query_data: Asked) -> dict[str, Any]:
    """Places of living versions that name a process, decision, form, group, person, rule, message, signal, handler,
    topic, calendar, mail template or credential; without a key, everything of the kind that is named anywhere."""
    engine, me = here.engine(), access.me()
    if not query_data.key:
        return {"items": [], "keys": plain(uses.keys(engine, kind=kind, agent=me))}
    found = uses.of(engine, kind=kind, key=query_data.key, process=query_data.process, agent=me)
    return {"items": plain(found), "keys": []}
