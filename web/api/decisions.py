"""Decision tables of a version for programs: the sheet, what is wrong with it, and its save."""

from typing import Any

import msgspec
from apiflask import APIBlueprint
from pydantic import Field

from engine import errors
from engine.definitions import decisions
from engine.dmn import sheet
from web.api import access, here, processes
from web.api.body import Answer, Body
from web.api.values import plain

blueprint = APIBlueprint("decisions", __name__, url_prefix="/v1", tag="Processes")


class Table(Body):
    sheet: dict[str, Any] = Field(description="As `GET` tells it: inputs, outputs, rows and trials.")


class Saved(Table):
    seen: str = Field(min_length=1, max_length=100, description="`seen` of what was opened or saved last.")


class Opened(Answer):
    sheet: dict[str, Any]
    seen: str


class Findings(Answer):
    wrong: list[dict[str, Any]] = Field(description="Each wrong cell, in zh-CN and en, with its place.")
    findings: list[dict[str, Any]] = Field(description="Overlaps and gaps, each with an example.")
    undecided: list[dict[str, str]]
    passed: list[bool] = Field(description="One for each test row.")


class Kept(Answer):
    version: processes.Version
    seen: str


@blueprint.get("/processes/<key>/versions/<int:n>/decisions/<decision>")
@blueprint.output(Opened)
@access.needs("process.see")
def opened(key: str, n: int, decision: str) -> dict[str, Any]:
    """A decision table with its test rows."""
    found = decisions.opened(here.engine(), process=key, n=n, key=decision, agent=access.me())
    return {"sheet": plain(found.sheet), "seen": found.seen}


@blueprint.post("/processes/<key>/versions/<int:n>/decisions/<decision>/check")
@blueprint.input(Table)
@blueprint.output(Findings)
@access.needs("process.see")
def check(key: str, n: int, decision: str, json_data: Table) -> dict[str, Any]:
    """Wrong cells, overlaps, gaps and test rows of a table; nothing is kept."""
    found = sheet.examine(_sheet(decision, json_data.sheet))
    return {
        "wrong": plain(found.wrong),
        "findings": [{"kind": one.kind, "rules": list(one.rules), "text": one.text} for one in found.analysis.findings],
        "undecided": list(found.analysis.undecided),
        "passed": list(found.passed),
    }


@blueprint.put("/processes/<key>/versions/<int:n>/decisions/<decision>")
@blueprint.input(Saved)
@blueprint.output(Kept)
@blueprint.doc(responses={409: "Somebody else has saved since"})
@access.needs("process.draw", "write")
def save(key: str, n: int, decision: str, json_data: Saved) -> dict[str, Any]:
    """Into the draft that is the newest version, else into the draft of the next one."""
    table = _sheet(decision, json_data.sheet)
    made = decisions.save(
        here.engine(), process=key, n=n, table=table, seen=json_data.seen, agent=access.me(), now=here.now()
    )
    version = next(one for one in made.versions if one.process == key)
    return {"version": processes.version_shape(version), "seen": version.resource_id}


def _sheet(decision: str, sent: dict[str, Any]) -> sheet.Sheet:
    try:
        return msgspec.convert({**sent, "key": decision}, sheet.Sheet)
    except msgspec.ValidationError as fault:
        raise errors.Invalid("sheet_unreadable", zh="决策表的结构不对。", en=f"This is no table: {fault}") from fault
