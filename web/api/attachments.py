"""Files of cases: added, listed, read and removed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec

import flask
from apiflask import APIBlueprint
from pydantic import Field

from engine.attachments import keep
from web import download
from web.api import access, again, here, shapes
from web.api.body import Answer, Query

blueprint = APIBlueprint("attachments", __name__, url_prefix="/v1", tag="Cases")
FILE: dict[Any, Any] = {
    200: {
        "description": "The bytes of the file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


P = ParamSpec("P")


class Attachment(Answer):
    id: str = Field(description="What a field with `format: attachment` holds.")
    instance_id: str | None = Field(description="Null while it waits for a start.")
    node: str = Field(description="The step at which it was added; empty: to the case.")
    name: str
    type: str = Field(description="Media type, by the content.", examples=["application/pdf"])
    size: int = Field(description="In bytes.")
    sha256: str
    added_by: str
    added_at: datetime


class Attachments(Answer):
    items: list[Attachment]


class Named(Query):
    name: str = Field(min_length=1, max_length=255, description="With its ending, which says what it has to be.")


class Removal(Query):
    reason: str = Field(default="", max_length=1000)


def _takes_a_file(view: Callable[P, Any]) -> Callable[P, Any]:
    view.takes_a_file = True  # type: ignore[attr-defined]
    return view


@blueprint.get("/instances/<instance_id>/attachments")
@blueprint.output(Attachments)
@access.needs("case.see")
def index(instance_id: str) -> dict[str, Any]:
    """Files of a case, oldest first."""
    found = keep.of_case(here.engine(), instance_id=instance_id, agent=access.me())
    return {"items": [shapes.whole(one) for one in found]}


@blueprint.post("/instances/<instance_id>/attachments")
@blueprint.input(Named, location="query")
@blueprint.output(Attachment, status_code=201)
@blueprint.doc(responses={409: "The case has too many", 413: "The file is too large"})
@access.needs("case.see", "write")
@_takes_a_file
@again.by_key
def add(instance_id: str, query_data: Named) -> tuple[dict[str, Any], int]:
    """Add a file to a case: its bytes are the body."""
    return _added(instance_id, query_data.name), 201


@blueprint.post("/attachments")
@blueprint.input(Named, location="query")
@blueprint.output(Attachment, status_code=201)
@blueprint.doc(responses={409: "Too many wait", 413: "The file is too large"})
@access.needs("case.start", "write")
@_takes_a_file
@again.by_key
def add_for_start(query_data: Named) -> tuple[dict[str, Any], int]:
    """Add a file for a start: name its id in the start's data within a day. Its bytes are the body."""
    return _added(None, query_data.name), 201


@blueprint.get("/attachments/<attachment_id>")
@blueprint.doc(responses=FILE)
@access.needs("case.see")
def content(attachment_id: str) -> flask.Response:
    """The file itself, byte for byte."""
    found, data = keep.read(here.engine(), attachment_id=attachment_id, agent=access.me())
    return download.answer(data, name=found.name, media_type=found.type, etag=found.sha256)


@blueprint.delete("/attachments/<attachment_id>")
@blueprint.input(Removal, location="query")
@blueprint.output({}, status_code=204)
@access.needs("case.see", "write")
def remove(attachment_id: str, query_data: Removal) -> str:
    """By who added it while the case runs, or by an administrator; the history keeps name and reason."""
    keep.remove(here.engine(), attachment_id=attachment_id, reason=query_data.reason, agent=access.me(), now=here.now())
    return ""


def _added(instance_id: str | None, name: str) -> dict[str, Any]:
    file = keep.File(name, flask.request.get_data())
    return shapes.whole(keep.add(here.engine(), instance_id=instance_id, file=file, agent=access.me(), now=here.now()))
