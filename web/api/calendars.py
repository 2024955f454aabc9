"""Business calendars: which hours count, on which days not."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.hours import document, keep, trial
from engine.schedule import holidays
from web.api import access, here
from web.api.body import Answer, Body, Query

blueprint = APIBlueprint("calendars", __name__, url_prefix="/v1", tag="Calendars")
Texts = dict[str, str]


class Calendar(Answer):
    key: str
    names: Texts
    zone: str
    hours: dict[str, list[str]] = Field(description="Open spans by day, mon to sun; a day left out is closed.")
    makeup_hours: list[str] = Field(description="Hours of the days in `workdays`.")
    holidays: dict[str, Texts]
    workdays: dict[str, Texts] = Field(description="Days of a weekend that are worked.")
    shipped: bool = Field(description="There is a built-in one of this key.")
    changed: bool = Field(description="It is the house's own, perhaps in the place of the built-in one.")
    revision: int
    changed_at: datetime
    changed_by: str


class Calendars(Answer):
    items: list[Calendar]


class Change(Body):
    names: Texts
    zone: str = Field(max_length=64, examples=["Asia/Shanghai"])
    hours: dict[str, list[str]] = Field(examples=[{"mon": ["09:00-12:00", "13:00-18:00"]}])
    makeup_hours: list[str] = []
    holidays: dict[str, str | Texts] = Field(default={}, examples=[{"2026-10-01": "国庆节"}])
    workdays: dict[str, str | Texts] = {}
    revision: int | None = Field(default=None, description="Refuse when somebody else changed it since; 0: a new one.")


class Asked(Query):
    start: datetime = Field(description="With its zone.")
    span: str = Field(min_length=1, max_length=40, examples=["PT4H", "P2D"], description="ISO 8601 duration.")


class Stretch(Answer):
    day: str
    begin: datetime
    end: datetime
    seconds: int


class Trial(Answer):
    start: datetime
    due_at: datetime
    seconds: int = Field(description="Open time between them.")
    stretches: list[Stretch] = Field(description="What counts of each day; empty for more than 400 days.")


class Year(Query):
    year: int = Field(ge=2000, le=2100)


class Holidays(Answer):
    holidays: dict[str, Texts]
    workdays: dict[str, Texts]


@blueprint.get("/calendars")
@blueprint.output(Calendars)
@access.needs("process.see")
def index() -> dict[str, Any]:
    """Every calendar by key, the shipped ones as well."""
    return {"items": [_shape(entry) for entry in keep.all_of(here.engine(), agent=access.me())]}


@blueprint.get("/calendars/<key>")
@blueprint.output(Calendar)
@access.needs("process.see")
def get(key: str) -> dict[str, Any]:
    """One calendar."""
    return _shape(keep.get(here.engine(), key=key, agent=access.me()))


@blueprint.put("/calendars/<key>")
@blueprint.input(Change)
@blueprint.output(Calendar)
@blueprint.doc(responses={409: "Somebody else changed it since"})
@access.needs("calendar.edit", "admin")
def put(key: str, json_data: Change) -> dict[str, Any]:
    """Add a calendar or change it; promises made from now on count by it."""
    given = {"key": key, **json_data.model_dump(exclude={"revision"})}
    keep.put(here.engine(), given=given, agent=access.me(), now=here.now(), seen=json_data.revision)
    return _shape(keep.get(here.engine(), key=key, agent=access.me()))


@blueprint.delete("/calendars/<key>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={409: "It is the house's alone"})
@access.needs("calendar.edit", "admin")
def put_back(key: str) -> str:
    """The built-in calendar of this key counts again."""
    keep.put_back(here.engine(), key=key, agent=access.me(), now=here.now())
    return ""


@blueprint.get("/calendars/<key>/due")
@blueprint.input(Asked, location="query")
@blueprint.output(Trial)
@access.needs("process.see")
def due(key: str, query_data: Asked) -> dict[str, Any]:
    """What would be due: a promise made at that moment, day by day."""
    entry = keep.get(here.engine(), key=key, agent=access.me())
    found = trial.try_out(keep.plain(entry.calendar), start=query_data.start, span=query_data.span)
    return {
        "start": found.start,
        "due_at": found.due_at,
        "seconds": found.seconds,
        "stretches": [
            {"day": one.day.isoformat(), "begin": one.begin, "end": one.end, "seconds": one.seconds}
            for one in found.stretches
        ],
    }


@blueprint.get("/holidays/<country>")
@blueprint.input(Year, location="query")
@blueprint.output(Holidays)
@access.needs("process.see")
def of_country(country: str, query_data: Year) -> dict[str, Any]:
    """Public holidays and make-up days that the program knows: CN, DE, FR, GB, US."""
    year = query_data.year
    return {
        "holidays": {day.isoformat(): what for day, what in holidays.of(country, year).items()},
        "workdays": {day.isoformat(): what for day, what in holidays.makeup(country, year).items()},
    }


def _shape(entry: keep.Entry) -> dict[str, Any]:
    calendar = entry.calendar
    return {
        **document.write(calendar),
        "shipped": entry.shipped,
        "changed": entry.changed,
        "revision": calendar.revision,
        "changed_at": calendar.changed_at,
        "changed_by": calendar.changed_by,
    }
