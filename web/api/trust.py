"""Credentials, openings, and the record of who decided them. No answer ever holds a secret that was put in."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.outward import Credential as Kept
from engine.trust import credentials, deeds, openings
from web.api import access, again, here, shapes
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("trust", __name__, url_prefix="/v1", tag="Outside")


class Credential(Answer):
    name: str
    kind: str
    user: str = Field(description="The user's name (basic) or the header's (header).")
    hosts: list[str] = Field(description="Where the secret may be sent, and nowhere else.")
    note: str
    revision: int
    created_at: datetime
    created_by: str
    rotated_at: datetime = Field(description="When the secret was last set.")


class Credentials(Answer):
    items: list[Credential]


class Change(Body):
    kind: Literal["bearer", "basic", "header"]
    user: str = Field(default="", max_length=200)
    hosts: list[str] = Field(examples=[["api.example.com", "*.example.org"]], max_length=credentials.MOST_HOSTS)
    note: str = Field(default="", max_length=500)
    revision: int | None = Field(default=None, description="Refuse when somebody else changed it since.")


class Registration(Body):
    name: str = Field(max_length=60, examples=["erp-login"])
    kind: Literal["bearer", "basic", "header"]
    user: str = Field(default="", max_length=200)
    hosts: list[str] = Field(max_length=credentials.MOST_HOSTS)
    note: str = Field(default="", max_length=500)
    secret: str = Field(max_length=credentials.LONGEST_SECRET, description="Kept encrypted and never answered.")


class Rotation(Body):
    secret: str = Field(max_length=credentials.LONGEST_SECRET)
    hosts: list[str] | None = Field(default=None, description="New places need the secret again, hence here.")


class Opening(Answer):
    place: str = Field(examples=["erp.internal:8443"])
    note: str
    opened_at: datetime
    opened_by: str


class Openings(Answer):
    items: list[Opening]


class Open(Body):
    place: str = Field(max_length=300, description="A host, an address or a network, with a port if you like.")
    note: str = Field(default="", max_length=500)


class Place(Query):
    place: str = Field(min_length=1, max_length=300)


class Deed(Answer):
    id: str
    at: datetime
    agent: str
    what: str = Field(examples=["credential.rotated"])
    about: str
    details: dict[str, Any]


class Deeds(Answer):
    items: list[Deed]
    next: str


class DeedFilter(Query):
    what: str = Field(default="", max_length=60, description="What they begin with: `webhook.`")
    about: str = Field(default="", max_length=300, description="The name of the thing.")
    after: str = Field(default="", max_length=64, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


def shown(one: Kept) -> dict[str, Any]:
    """Everything but what is sealed."""
    shape = shapes.whole(one)
    del shape["sealed"]
    return shape


@blueprint.get("/credentials")
@blueprint.output(Credentials)
@access.needs("outside.manage")
def credentials_index() -> dict[str, Any]:
    """Credentials by name, without their secrets."""
    return {"items": [shown(one) for one in credentials.all_of(here.engine(), agent=access.me())]}


@blueprint.post("/credentials")
@blueprint.input(Registration)
@blueprint.output(Credential, status_code=201)
@blueprint.doc(responses={409: "The name is taken"})
@access.needs("outside.manage", "admin")
@again.by_key
def credentials_add(json_data: Registration) -> dict[str, Any]:
    """Put a credential in. Connectors use it by its name."""
    draft = credentials.Draft(
        kind=json_data.kind, user=json_data.user, hosts=tuple(json_data.hosts), note=json_data.note
    )
    made = credentials.add(
        here.engine(), name=json_data.name, draft=draft, secret=json_data.secret, agent=access.me(), now=here.now()
    )
    return shown(made)


@blueprint.get("/credentials/<name>")
@blueprint.output(Credential)
@access.needs("outside.manage")
def credentials_get(name: str) -> dict[str, Any]:
    """One credential, without its secret."""
    return shown(credentials.get(here.engine(), name=name, agent=access.me()))


@blueprint.put("/credentials/<name>")
@blueprint.input(Change)
@blueprint.output(Credential)
@blueprint.doc(responses={409: "Somebody else changed it since, or new places need the secret again"})
@access.needs("outside.manage", "admin")
def credentials_change(name: str, json_data: Change) -> dict[str, Any]:
    """Change everything but the secret; the places may become fewer, not more."""
    draft = credentials.Draft(
        kind=json_data.kind, user=json_data.user, hosts=tuple(json_data.hosts), note=json_data.note
    )
    changed = credentials.change(
        here.engine(), name=name, draft=draft, agent=access.me(), now=here.now(), revision=json_data.revision
    )
    return shown(changed)


@blueprint.post("/credentials/<name>/rotate")
@blueprint.input(Rotation)
@blueprint.output(Credential)
@access.needs("outside.manage", "admin")
@again.by_key
def credentials_rotate(name: str, json_data: Rotation) -> dict[str, Any]:
    """A new secret from now on."""
    draft = None
    if json_data.hosts is not None:
        kept = credentials.get(here.engine(), name=name, agent=access.me())
        draft = credentials.Draft(kind=kept.kind, user=kept.user, hosts=tuple(json_data.hosts), note=kept.note)
    changed = credentials.rotate(
        here.engine(), name=name, secret=json_data.secret, draft=draft, agent=access.me(), now=here.now()
    )
    return shown(changed)


@blueprint.delete("/credentials/<name>")
@blueprint.output({}, status_code=204)
@access.needs("outside.manage", "admin")
def credentials_drop(name: str) -> str:
    """Forget a credential; what uses it fails from now on."""
    credentials.drop(here.engine(), name=name, agent=access.me(), now=here.now())
    return ""


# --- openings ------------------------------------------------------------------------------------------------------


@blueprint.get("/openings")
@blueprint.output(Openings)
@access.needs("outside.manage")
def openings_index() -> dict[str, Any]:
    """Inner places that calls may go to, and places that may be called without encryption."""
    return {"items": plain(openings.all_of(here.engine(), agent=access.me()))}


@blueprint.put("/openings")
@blueprint.input(Open)
@blueprint.output(Opening)
@access.needs("outside.manage", "admin")
def openings_add(json_data: Open) -> dict[str, Any]:
    """Open a place; opening it again renews the note."""
    made = openings.add(here.engine(), place=json_data.place, note=json_data.note, agent=access.me(), now=here.now())
    return shapes.whole(made)


@blueprint.delete("/openings")
@blueprint.input(Place, location="query")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "It is not open"})
@access.needs("outside.manage", "admin")
def openings_drop(query_data: Place) -> str:
    """Close a place again."""
    openings.drop(here.engine(), place=query_data.place, agent=access.me(), now=here.now())
    return ""


@blueprint.get("/deeds")
@blueprint.input(DeedFilter, location="query")
@blueprint.output(Deeds)
@access.needs("outside.manage")
def deeds_index(query_data: DeedFilter) -> dict[str, Any]:
    """What administrators did to credentials, openings, connectors and webhooks, the newest first."""
    found = deeds.listed(
        here.engine(),
        agent=access.me(),
        prefix=query_data.what,
        about=query_data.about,
        after=query_data.after,
        limit=query_data.limit,
    )
    full = len(found) == query_data.limit
    return {"items": plain(found), "next": found[-1].id if full else ""}
