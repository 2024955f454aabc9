"""Connectors: calls and letters that an administrator has set up, and what letters say."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.connectors import keep
from web.api import access, here, shapes
from web.api.body import Answer, Body
from web.api.values import plain

blueprint = APIBlueprint("connectors", __name__, url_prefix="/v1", tag="Outside")


class Connector(Answer):
    name: str
    kind: str
    settings: dict[str, Any]
    note: str
    revision: int
    changed_at: datetime
    changed_by: str


class Connectors(Answer):
    items: list[Connector]


class Put(Body):
    kind: Literal["http", "mail"]
    settings: dict[str, Any] = Field(
        description="http: url, method, query, headers, body, credential, seconds, result, error, errors, retry. "
        "mail: host, port, security, credential, sender, sender_name, reply_to, seconds, refused_error."
    )
    note: str = Field(default="", max_length=500)
    revision: int | None = Field(default=None, description="Refuse when it is another one; 0: when there is one.")


class Try(Body):
    input: dict[str, Any] = Field(description="What a job would bring along.")


class Tried(Answer):
    data: dict[str, Any] = Field(description="What would go back into the process.")
    error: str = Field(description="Code of the BPMN error, if it is one.")
    message: str


class Template(Answer):
    name: str
    subject: dict[str, str]
    text: dict[str, str]
    html: dict[str, str]
    revision: int
    changed_at: datetime
    changed_by: str


class Templates(Answer):
    items: list[Template]


class PutTemplate(Body):
    subject: dict[str, str] = Field(examples=[{"en": "Order {{order}}", "zh-CN": "订单 {{order}}"}])
    text: dict[str, str]
    html: dict[str, str] = {}
    revision: int | None = None


@blueprint.get("/connectors")
@blueprint.output(Connectors)
@access.needs("outside.manage")
def index() -> dict[str, Any]:
    """Connectors by name. A drawing names one as `connector:<name>`, or is bound to it."""
    return {"items": plain(keep.all_of(here.engine(), agent=access.me()))}


@blueprint.get("/connectors/<name>")
@blueprint.output(Connector)
@access.needs("outside.manage")
def get(name: str) -> dict[str, Any]:
    """One connector."""
    return shapes.whole(keep.get(here.engine(), name=name, agent=access.me()))


@blueprint.put("/connectors/<name>")
@blueprint.input(Put)
@blueprint.output(Connector)
@blueprint.doc(responses={409: "Somebody else changed it since", 413: "The settings are too large"})
@access.needs("outside.manage", "admin")
def put(name: str, json_data: Put) -> dict[str, Any]:
    """Set a connector up, or change it; jobs use it from the next one on."""
    made = keep.put(
        here.engine(),
        name=name,
        kind=json_data.kind,
        settings=json_data.settings,
        note=json_data.note,
        revision=json_data.revision,
        agent=access.me(),
        now=here.now(),
    )
    return shapes.whole(made)


@blueprint.delete("/connectors/<name>")
@blueprint.output({}, status_code=204)
@access.needs("outside.manage", "admin")
def drop(name: str) -> str:
    """Jobs that name it stop with an incident from now on."""
    keep.drop(here.engine(), name=name, agent=access.me(), now=here.now())
    return ""


@blueprint.post("/connectors/<name>/try")
@blueprint.input(Try)
@blueprint.output(Tried)
@blueprint.doc(responses={409: "It failed, and another try would not help", 503: "It failed; another try may help"})
@access.needs("outside.manage", "admin")
def try_out(name: str, json_data: Try) -> dict[str, Any]:
    """Make the real call with made-up input."""
    answer = keep.try_out(here.engine(), name=name, given=json_data.input, agent=access.me(), now=here.now())
    return {"data": plain(dict(answer.data)), "error": answer.error, "message": answer.message}


# --- templates -----------------------------------------------------------------------------------------------------


@blueprint.get("/mail-templates")
@blueprint.output(Templates)
@access.needs("outside.manage")
def templates() -> dict[str, Any]:
    """What letters say, by name."""
    return {"items": plain(keep.templates(here.engine(), agent=access.me()))}


@blueprint.get("/mail-templates/<name>")
@blueprint.output(Template)
@access.needs("outside.manage")
def template(name: str) -> dict[str, Any]:
    """One template."""
    return shapes.whole(keep.template(here.engine(), name=name, agent=access.me()))


@blueprint.put("/mail-templates/<name>")
@blueprint.input(PutTemplate)
@blueprint.output(Template)
@blueprint.doc(responses={409: "Somebody else changed it since"})
@access.needs("outside.manage", "admin")
def put_template(name: str, json_data: PutTemplate) -> dict[str, Any]:
    """Write or change a template. `{{name}}` and `{{customer.name}}` are filled in, nothing is evaluated."""
    made = keep.put_template(
        here.engine(),
        name=name,
        subject=json_data.subject,
        text=json_data.text,
        html=json_data.html,
        revision=json_data.revision,
        agent=access.me(),
        now=here.now(),
    )
    return shapes.whole(made)


@blueprint.delete("/mail-templates/<name>")
@blueprint.output({}, status_code=204)
@access.needs("outside.manage", "admin")
def drop_template(name: str) -> str:
    """Letters that name it stop with an incident from now on."""
    keep.drop_template(here.engine(), name=name, agent=access.me(), now=here.now())
    return ""
