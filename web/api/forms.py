"""The forms of a version for programs: the schema, what is wrong with it or with what is filled in, and its save."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.definitions import forms
from engine.forms import check, steps
from engine.model import problem as problems_of
from web.api import access, here, problems, processes
from web.api.body import Answer, Body

blueprint = APIBlueprint("forms", __name__, url_prefix="/v1", tag="Processes")
STEP = "Id of a user task or start event: the form as this step has it."


class Checked(Body):
    form: dict[str, Any] = Field(description="JSON Schema 2020-12 with `x-ui` hints.")
    data: dict[str, Any] | None = Field(default=None, description="Filled in as a trial; nothing is kept.")
    step: str = Field(default="", max_length=200, description=STEP)


class Saved(Body):
    form: dict[str, Any] = Field(description="JSON Schema 2020-12 with `x-ui` hints.")
    seen: str = Field(min_length=1, max_length=100, description="`seen` of what was opened or saved last.")
    shown_at: list[str] | None = Field(
        default=None, max_length=200, description="Ids of the steps that show it from now on; without it they stay."
    )


class Opened(Answer):
    form: dict[str, Any]
    shown_at: list[str]
    seen: str


class Found(Answer):
    problems: list[problems.Place]
    trial: list[problems.Place] | None = Field(default=None, description="What the form says to `data`.")


class Kept(Answer):
    version: processes.Version
    seen: str
    problems: list[problems.Place]


@blueprint.get("/processes/<key>/versions/<int:n>/forms/<form>")
@blueprint.output(Opened)
@access.needs("process.see")
def opened(key: str, n: int, form: str) -> dict[str, Any]:
    """A form and the steps that show it."""
    found = forms.opened(here.engine(), process=key, n=n, key=form, agent=access.me())
    return {
        "form": found.schema,
        "shown_at": [node.id for node in forms.users(found.program, form)],
        "seen": found.seen,
    }


@blueprint.post("/processes/<key>/versions/<int:n>/forms/<form>/check")
@blueprint.input(Checked)
@blueprint.output(Found)
@access.needs("process.see")
def try_out(key: str, n: int, form: str, json_data: Checked) -> dict[str, Any]:
    """What is wrong with a form, and with data that somebody might fill in; nothing is kept."""
    found = forms.problems(forms.readable(here.engine(), process=key, n=n), json_data.form)
    answer: dict[str, Any] = {"problems": [problems.place(one) for one in found]}
    if json_data.data is not None and not problems_of.errors(found):
        said = check.check(steps.at(json_data.form, json_data.step), json_data.data)
        answer["trial"] = [problems.place(one) for one in said]
    return answer


@blueprint.put("/processes/<key>/versions/<int:n>/forms/<form>")
@blueprint.input(Saved)
@blueprint.output(Kept)
@blueprint.doc(responses={409: "Somebody else has saved since"})
@access.needs("process.draw", "write")
def save(key: str, n: int, form: str, json_data: Saved) -> dict[str, Any]:
    """Into the draft that is the newest version, else into the draft of the next one."""
    shown = tuple(json_data.shown_at) if json_data.shown_at is not None else None
    wanted = forms.Form(key=form, schema=json_data.form, shown_at=shown)
    made = forms.save(
        here.engine(), process=key, n=n, form=wanted, seen=json_data.seen, agent=access.me(), now=here.now()
    )
    version = next(one for one in made.versions if one.process == key)
    found = [problems.place(one) for one in made.problems]
    return {"version": processes.version_shape(version), "seen": version.resource_id, "problems": found}
