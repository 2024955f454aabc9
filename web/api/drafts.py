"""Drawing without the browser: a new process, a version to draw on, what is wrong with a drawing, and its saves."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.definitions import drafts
from web.api import access, again, here, problems, processes
from web.api.body import Answer, Body

blueprint = APIBlueprint("drafts", __name__, url_prefix="/v1", tag="Processes")


class Begun(Body):
    key: str = Field(
        max_length=64, examples=["SFA-21"], description="Letters, digits, `-`, `_` and `.`; never changed."
    )
    names: dict[str, str] = Field(description="zh-CN, en or both.")
    pillar: str = Field(default="X", description="MA, SFA, CSS or X.")


class Drawing(Body):
    drawing: str = Field(max_length=drafts.LARGEST_DRAWING, description="BPMN 2.0 XML.")


class Saved(Drawing):
    seen: str = Field(min_length=1, max_length=100, description="`seen` of what was opened or saved last.")


class Opened(Answer):
    drawing: str
    seen: str = Field(description="Names what the newest version is now; a save says it again.")
    translated: bool = Field(description="It is not the uploaded file: that one speaks another vendor's words.")


class Kept(Answer):
    version: processes.Version
    seen: str
    problems: list[problems.Place]


@blueprint.post("/processes")
@blueprint.input(Begun)
@blueprint.output(processes.Version, status_code=201)
@blueprint.doc(responses={409: "There is such a process already"})
@access.needs("process.draw", "write")
@again.by_key
def begin(json_data: Begun) -> dict[str, Any]:
    """A new process of one step, as the draft of its first version."""
    version = drafts.begin(
        here.engine(),
        key=json_data.key,
        names=json_data.names,
        pillar=json_data.pillar,
        agent=access.me(),
        now=here.now(),
    )
    return processes.version_shape(version)


@blueprint.get("/processes/<key>/versions/<int:n>/drawing")
@blueprint.output(Opened)
@access.needs("process.draw")
def opened(key: str, n: int) -> dict[str, Any]:
    """A version to draw on: BPMN whose particulars are in the house's own words."""
    found = drafts.opened(here.engine(), process=key, n=n, agent=access.me())
    drawing = found.drawing.decode("utf-8", errors="replace")
    return {"drawing": drawing, "seen": found.seen, "translated": found.translated}


@blueprint.post("/processes/<key>/versions/<int:n>/check")
@blueprint.input(Drawing)
@blueprint.output(processes.Found)
@access.needs("process.see")
def check(key: str, n: int, json_data: Drawing) -> dict[str, Any]:
    """What is wrong with a drawing beside the forms and decisions of a version; nothing is kept."""
    found = drafts.check(here.engine(), process=key, n=n, drawing=json_data.drawing.encode(), agent=access.me())
    return {"items": [problems.place(problem) for problem in found]}


@blueprint.put("/processes/<key>/versions/<int:n>/drawing")
@blueprint.input(Saved)
@blueprint.output(Kept)
@blueprint.doc(responses={409: "Somebody else has saved since"})
@access.needs("process.draw", "write")
def save(key: str, n: int, json_data: Saved) -> dict[str, Any]:
    """Over the draft that is the newest version, else as the draft of the next one."""
    made = drafts.save(
        here.engine(),
        process=key,
        n=n,
        drawing=json_data.drawing.encode(),
        seen=json_data.seen,
        agent=access.me(),
        now=here.now(),
    )
    version = next(one for one in made.versions if one.process == key)
    found = [problems.place(problem) for problem in made.problems]
    return {"version": processes.version_shape(version), "seen": version.resource_id, "problems": found}
