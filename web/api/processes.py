"""Definitions: what there is, what it looks like, new files and their release."""

import base64
import binascii
from datetime import datetime
from typing import Any

import flask
from apiflask import APIBlueprint
from pydantic import Field

from engine import errors, records
from engine.definitions import bundle, catalogue, hold, mends, publish, rehearsal, withdraw
from engine.model.problem import Problem
from engine.model.text import both
from engine.runtime import retention
from engine.runtime import start as starting
from web.api import access, again, drawn, handlers, here, problems
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("processes", __name__, url_prefix="/v1", tag="Processes")


class Version(Answer):
    process: str
    n: int
    program: str = Field(description="SHA-256; empty while the file cannot be read at all.")
    version_tag: str
    status: str
    problems: list[problems.Place]
    created_at: datetime
    created_by: str
    released_at: datetime | None
    released_by: str
    suspended: bool = Field(description="On hold: nothing starts with it.")
    played: str = Field(description="The program that was last played to an end in the sandbox; empty: none was.")


class Rehearsal(Body):
    wanted: bool | None = Field(description="null: as the house says (`CRMFLOW_PLAY_BEFORE_RELEASE`).")


class Asked(Answer):
    play_before_release: bool


class Process(Answer):
    key: str
    pillar: str = Field(description="MA, SFA, CSS, or X for what crosses them.")
    texts: dict[str, str]
    owner: str
    released: int | None = Field(description="Number of the released base version.")


class Round(Answer):
    node: str = Field(description="The start event.")
    texts: dict[str, str]
    customer_group: str = Field(description="Whose rounds, by a variant with a timer of its own; empty: those for all.")
    next_at: datetime | None = Field(description="null: just released, found within seconds.")
    cycle: str = Field(description="ISO 8601 cycle or cron line; empty: once.")
    calendar: str


class ProcessDetail(Process):
    details: dict[str, Any]
    play_before_release: bool = Field(description="A version is released only after it was played to an end.")
    keep_ended_days: int = Field(description="Cases are deleted with their history so long after they ended; 0: never.")
    rounds: list[Round] = Field(description="What the calendar begins, and when next.")
    versions: list[Version]


class Processes(Answer):
    items: list[Process]


class File(Body):
    name: str = Field(min_length=1, max_length=255, examples=["quote.bpmn"])
    content: str = Field(description="The file's bytes in base64, or its text when `encoding` is `text`.")
    encoding: str = Field(default="base64", pattern="^(base64|text)$")


class Deployment(Body):
    name: str = Field(min_length=1, max_length=255)
    files: list[File] = Field(min_length=1, max_length=publish.MOST_FILES)
    release: bool = Field(
        default=False, description="Release at once; nothing is stored when an error stands in the way."
    )


class StartFor(Query):
    customer_id: str = Field(default="", max_length=100, description="Id or number of the customer.")


class StartForm(Answer):
    form: dict[str, Any] | None = Field(description="JSON Schema 2020-12 with `x-ui` hints; null: it asks nothing.")
    program: str = Field(description="SHA-256 of the program that would run.")
    sentence: dict[str, str] = Field(description="Why this one, in zh-CN and en.")


class Withdrawal(Query):
    cascade: bool = Field(default=False, description="Delete the instances too, with their history.")


class Deployed(Answer):
    id: str
    name: str
    versions: list[Version]
    problems: list[problems.Place]
    missing_handlers: list[handlers.Place] = Field(description="Work that nobody does yet: see `/handlers`.")


class Choice(Body):
    fix: str = Field(min_length=1, max_length=100, description="`fix` of the problem.")
    element: str = Field(default="", max_length=10_000, description="`element` of the problem.")


class Mend(Body):
    fixes: list[Choice] | None = Field(default=None, max_length=10_000, description="Which; all when left away.")


class Mended(Answer):
    version: Version
    mended: list[problems.Place] = Field(description="What is wrong no more.")


class Found(Answer):
    items: list[problems.Place]


@blueprint.get("/processes")
@blueprint.output(Processes)
@access.needs("process.see")
def index() -> dict[str, Any]:
    """Every process, by key."""
    return {"items": [_process(entry.process, entry.released) for entry in catalogue.processes(here.engine())]}


@blueprint.get("/processes/<key>")
@blueprint.output(ProcessDetail)
@access.needs("process.see")
def get(key: str) -> dict[str, Any]:
    """One process with all versions of its base, the newest first."""
    process, versions = catalogue.get(here.engine(), process=key)
    released = next((version for version in versions if version.status == "released"), None)
    return {
        **_process(process, released),
        "details": plain(process.details),
        "keep_ended_days": retention.days(process, house=here.engine().settings.keep_ended_days),
        "play_before_release": rehearsal.asked(here.engine(), process),
        "rounds": [_round(one) for one in catalogue.rounds(here.engine(), process=key)],
        "versions": [version_shape(version) for version in versions],
    }


@blueprint.get("/processes/<key>/versions/<int:n>/bpmn")
@blueprint.doc(responses=drawn.ANSWER)
@access.needs("process.see")
def bpmn(key: str, n: int) -> flask.Response:
    """The drawing of a base version."""
    return drawn.of_bytes(catalogue.xml(here.engine(), process=key, n=n))


@blueprint.get("/processes/<key>/versions/<int:n>/bundle")
@blueprint.doc(responses={200: {"description": "A zip file", "content": {"application/zip": {}}}})
@access.needs("process.see")
def packed(key: str, n: int) -> flask.Response:
    """A version with all its parts as one zip file; `POST /deployments` takes it again."""
    content = bundle.pack(here.engine(), process=key, n=n, agent=access.me())
    return flask.Response(content, mimetype="application/zip")


@blueprint.get("/processes/<key>/start-form")
@blueprint.input(StartFor, location="query")
@blueprint.output(StartForm)
@blueprint.doc(responses={409: "Nothing is released, or it is on hold"})
@access.needs("case.start")
def start_form(key: str, query_data: StartFor) -> dict[str, Any]:
    """What a start asks for, and which program this customer would get, and why."""
    found = starting.preview(here.engine(), process=key, customer_id=query_data.customer_id or None, now=here.now())
    return {"form": found.form, "program": found.program, "sentence": found.sentence}


@blueprint.get("/programs/<sha256>/bpmn")
@blueprint.doc(responses=drawn.ANSWER)
@access.needs("process.see")
def program(sha256: str) -> flask.Response:
    """Any program that ever ran, a variant's too, as a drawing."""
    return drawn.answer(sha256)


@blueprint.post("/processes/<key>/versions/<int:n>/suspend")
@blueprint.output(Version)
@access.needs("process.release", "write")
@again.by_key
def suspend(key: str, n: int) -> dict[str, Any]:
    """On hold: nothing starts with it, nor with variants that stand on it; what runs goes on."""
    return version_shape(hold.suspend(here.engine(), process=key, n=n, agent=access.me(), now=here.now()))


@blueprint.post("/processes/<key>/versions/<int:n>/resume")
@blueprint.output(Version)
@access.needs("process.release", "write")
@again.by_key
def resume(key: str, n: int) -> dict[str, Any]:
    """It may start again."""
    return version_shape(hold.resume(here.engine(), process=key, n=n, agent=access.me(), now=here.now()))


@blueprint.delete("/deployments/<deployment_id>")
@blueprint.input(Withdrawal, location="query")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={409: "Variants stand on it, or instances run"})
@access.needs("process.release", "write")
def delete_deployment(deployment_id: str, query_data: Withdrawal) -> str:
    """Take it back; what was released before is released again."""
    withdraw.withdraw(
        here.engine(), deployment_id=deployment_id, cascade=query_data.cascade, agent=access.me(), now=here.now()
    )
    return ""


@blueprint.post("/deployments")
@blueprint.input(Deployment)
@blueprint.output(Deployed, status_code=201)
@access.needs("process.draw", "write")
@again.by_key
def deploy(json_data: Deployment) -> tuple[dict[str, Any], int]:
    """Store BPMN, DMN and form files together as drafts, with everything that is wrong in them; or release at once."""
    files = {file.name: _content(file, number) for number, file in enumerate(json_data.files)}
    make = publish.deploy_and_release if json_data.release else publish.deploy
    files = bundle.unpacked(files)
    made = make(here.engine(), name=json_data.name, files=files, agent=access.me(), now=here.now(), source="api")
    return {
        "id": made.deployment.id,
        "name": made.deployment.name,
        "versions": [version_shape(version) for version in made.versions],
        "problems": [problems.place(problem) for problem in made.problems],
        "missing_handlers": plain(made.missing),
    }


@blueprint.get("/processes/<key>/versions/<int:n>/problems")
@blueprint.output(Found)
@access.needs("process.see")
def found(key: str, n: int) -> dict[str, Any]:
    """What is wrong with a version; a problem with a `fix` can be mended by `mend`."""
    items = mends.problems(here.engine(), process=key, n=n, agent=access.me())
    return {"items": [problems.place(problem) for problem in items]}


@blueprint.post("/processes/<key>/versions/<int:n>/mend")
@blueprint.input(Mend)
@blueprint.output(Mended, status_code=201)
@access.needs("process.draw", "write")
@again.by_key
def mend(key: str, n: int, json_data: Mend) -> dict[str, Any]:
    """A new draft with the chosen mends of this one; nothing of what its author wrote is lost."""
    chosen = json_data.fixes
    fixes = None if chosen is None else [mends.Choice(fix=one.fix, element=one.element) for one in chosen]
    made = mends.mend(here.engine(), process=key, n=n, fixes=fixes, agent=access.me(), now=here.now())
    return {"version": version_shape(made.version), "mended": [problems.place(problem) for problem in made.mended]}


@blueprint.post("/processes/<key>/versions/<int:n>/release")
@blueprint.output(Version)
@blueprint.doc(responses={409: "It is retired already"})
@access.needs("process.release", "write")
@again.by_key
def release(key: str, n: int) -> dict[str, Any]:
    """From now on starts get this version; running instances keep theirs."""
    return version_shape(publish.release(here.engine(), process=key, n=n, agent=access.me(), now=here.now()))


@blueprint.put("/processes/<key>/play-before-release")
@blueprint.input(Rehearsal)
@blueprint.output(Asked)
@access.needs("process.release", "write")
def ask_play(key: str, json_data: Rehearsal) -> dict[str, Any]:
    """Whether versions of this process must have been played to an end in the sandbox before they are released."""
    made = rehearsal.ask(here.engine(), process=key, wanted=json_data.wanted, agent=access.me(), now=here.now())
    return {"play_before_release": rehearsal.asked(here.engine(), made)}


def _process(process: records.Process, released: records.BaseVersion | None) -> dict[str, Any]:
    return {
        "key": process.key,
        "pillar": process.pillar,
        "texts": process.texts,
        "owner": process.owner,
        "released": released.n if released else None,
    }


def _round(found: catalogue.Round) -> dict[str, Any]:
    timer = found.timer
    return {
        "node": timer.node,
        "texts": dict(found.texts),
        "customer_group": timer.customer_group,
        "next_at": found.next_at,
        "cycle": timer.cycle,
        "calendar": timer.calendar,
    }


def version_shape(version: records.BaseVersion) -> dict[str, Any]:
    shape: dict[str, Any] = plain(version)
    shape["problems"] = [problems.place(problem) for problem in version.problems]
    return shape


def _content(file: File, number: int) -> bytes:
    if file.encoding == "text":
        return file.content.encode()
    try:
        return base64.b64decode(file.content, validate=True)
    except (binascii.Error, ValueError) as damaged:
        text = both(zh="内容不是有效的 base64", en="this is not base64")
        place = Problem(code="base64_wrong", text=text, pointer=f"/files/{number}/content", file=file.name)
        raise errors.Invalid(
            "request_invalid", zh="文件内容无法读取", en="a file's content cannot be read", problems=(place,)
        ) from damaged
