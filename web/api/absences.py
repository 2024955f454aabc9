"""Out of office: who is away when, from what, and who stands in."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine import records
from engine.inbox import absences
from web.api import access, again, here
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("absences", __name__, url_prefix="/v1", tag="People")


class Absence(Answer):
    id: str
    person: str
    substitute: str = Field(description="Empty: nobody stands in.")
    starts_at: datetime
    ends_at: datetime
    processes: list[str]
    groups: list[str] = Field(description="Customer groups; empty: all.")
    open_too: bool
    note: str
    status: str = Field(description="planned, running or over")
    set_by: str
    created_at: datetime


class Absences(Answer):
    items: list[Absence]


class Away(Answer):
    id: str
    instance_id: str
    node: str
    name: str
    assignee: str | None


class Standing(Answer):
    own: list[Absence] = Field(description="The latest first.")
    for_others: list[Absence] = Field(description="Those in which the person stands in.")
    away: list[Away] = Field(description="Tasks that others have in the person's stead now.")


class Whose(Query):
    person: str = Field(default="", max_length=40, description="Key of a person; empty: your own.")


class Plan(Body):
    person: str = Field(default="", max_length=40, description="Key of a person; empty: you.")
    substitute: str = Field(default="", max_length=40, description="Key of who stands in; empty: nobody.")
    starts_at: AwareDatetime = Field(strict=False)
    ends_at: AwareDatetime = Field(strict=False)
    processes: list[str] = Field(default=[], max_length=100, description="Only work of these; empty: of all.")
    groups: list[str] = Field(default=[], max_length=50, description="Only for these customer groups; empty: all.")
    open_too: bool = Field(default=False, description="What is open when it begins goes to the substitute, too.")
    note: str = Field(default="", max_length=absences.LONGEST_NOTE)


@blueprint.get("/absences")
@blueprint.output(Absences)
@access.needs("people.manage")
def index() -> dict[str, Any]:
    """Everybody's that run or are still to come."""
    return {"items": [_shape(one) for one in absences.ahead(here.engine(), agent=access.me())]}


@blueprint.get("/absences/standing")
@blueprint.input(Whose, location="query")
@blueprint.output(Standing)
@access.needs("task.work")
def standing(query_data: Whose) -> dict[str, Any]:
    """Your absences, those in which you stand in, what others have in your stead; an administrator sees anybody's."""
    person = query_data.person or access.me().key
    found = absences.standing(here.engine(), person=person, agent=access.me())
    return {
        "own": [_shape(one) for one in found.own],
        "for_others": [_shape(one) for one in found.for_others],
        "away": [{name: getattr(one, name) for name in Away.model_fields} for one in found.away],
    }


@blueprint.post("/absences")
@blueprint.input(Plan)
@blueprint.output(Absence, status_code=201)
@access.needs("task.work", "write")
@again.by_key
def declare(json_data: Plan) -> tuple[dict[str, Any], int]:
    """Say that you are away, and who stands in; an administrator says it for anybody."""
    sent = json_data.model_dump(exclude={"person"})
    plan = absences.Plan(**{**sent, "processes": tuple(sent["processes"]), "groups": tuple(sent["groups"])})
    person = json_data.person or access.me().key
    return _shape(absences.declare(here.engine(), person=person, plan=plan, agent=access.me(), now=here.now())), 201


@blueprint.post("/absences/<absence_id>/end")
@blueprint.output(Absence)
@blueprint.doc(responses={409: "It is over already"})
@access.needs("task.work", "write")
@again.by_key
def end(absence_id: str) -> dict[str, Any]:
    """Back early: what others have in the person's stead comes back at once."""
    return _shape(absences.end(here.engine(), absence_id=absence_id, agent=access.me(), now=here.now()))


def _shape(one: records.Absence) -> dict[str, Any]:
    return {name: plain(getattr(one, name)) for name in Absence.model_fields}
