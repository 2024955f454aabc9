"""Handlers: who does the work that drawings only name."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.definitions import bindings
from engine.runtime import bound
from web.api import access, here
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("handlers", __name__, url_prefix="/v1/handlers", tag="Processes")


class Binding(Answer):
    handler: str
    kind: str
    target: str
    bound_at: datetime
    bound_by: str


class Place(Answer):
    process: str
    node: str
    name: str
    handler: str
    line: int


class Handlers(Answer):
    known: list[str] = Field(description="What runs here: built-in handlers and those of installed packages.")
    bindings: list[Binding]
    missing: list[Place] = Field(description="What the newest and the released versions name and nobody does.")


class Bound(Binding):
    retried: int = Field(description="Places in cases that had stopped for want of the handler and go on now.")
    left: int = Field(description="Those that are still stopped: more than one binding sets going again.")


class Bind(Body):
    handler: str = Field(min_length=1, max_length=bindings.LONGEST_NAME, examples=["org.acme.SendMail"])
    kind: Literal["handler", "topic"] = Field(description="One of `known`, or a topic that workers outside ask for.")
    target: str = Field(min_length=1, max_length=bindings.LONGEST_NAME)


class Which(Query):
    handler: str = Field(min_length=1, max_length=bindings.LONGEST_NAME)


@blueprint.get("")
@blueprint.output(Handlers)
@access.needs("process.see")
def index() -> dict[str, Any]:
    """What is known, what is bound, and what is missing."""
    shape: dict[str, Any] = plain(bindings.handlers(here.engine(), agent=access.me()))
    return shape


@blueprint.put("")
@blueprint.input(Bind)
@blueprint.output(Bound)
@access.needs("process.draw", "write")
def bind(json_data: Bind) -> dict[str, Any]:
    """Bind a name to who does it; a later binding replaces an earlier one. Cases that stopped for want of it go on."""
    made = bound.bind(
        here.engine(),
        handler=json_data.handler,
        kind=json_data.kind,
        target=json_data.target,
        agent=access.me(),
        now=here.now(),
    )
    return {**plain(made.binding), "retried": made.retried, "left": made.left}


@blueprint.delete("")
@blueprint.input(Which, location="query")
@blueprint.output({}, status_code=204)
@access.needs("process.draw", "write")
def unbind(query_data: Which) -> str:
    """Nobody does it any more."""
    bindings.unbind(here.engine(), handler=query_data.handler, agent=access.me())
    return ""
