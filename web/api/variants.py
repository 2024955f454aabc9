"""Variants: versions with their differences in words, drafts, approval and release."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine import variation
from engine.definitions import publish
from engine.variants import approval, author, compose, drawn, look, release
from web.api import access, here, matrix, problems
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("variants", __name__, url_prefix="/v1", tag="Variants")
Texts = dict[str, str]
OPERATIONS = "As in schemas/variant.json (docs/process-folder.md), in their order."


class Deed(Answer):
    at: datetime
    by: str
    did: str
    note: str


class Version(Answer):
    n: int
    status: str = Field(description="draft, checked, approved, released or retired")
    submitted: bool = Field(description="Waits for somebody else's approval.")
    base_n: int
    sha256: str = Field(description="Of the operations; send it as `seen` with your next change.")
    program: str = Field(description="SHA-256; empty while something stands against a release.")
    created_at: datetime
    created_by: str
    released_at: datetime | None
    released_by: str
    valid_from: datetime | None = Field(description="From when an approved version is to be in use.")
    history: list[Deed]


class Variant(Answer):
    id: str = Field(examples=["CSS-03:key-accounts"])
    process: str
    customer_group: str
    context: list[dict[str, Any]] = Field(description="Circumstances of a start that must all hold.")
    priority: int
    texts: Texts
    versions: list[Version] = Field(description="Newest first.")


class Variants(Answer):
    items: list[Variant]


class Line(Answer):
    operation: str
    kind: str
    element: str = Field(description="activity, logic, way, performer or service_level")
    says: Texts
    reason: Texts
    touches: list[str]
    refused: Texts = Field(description="Why it cannot be applied; empty when it is.")


class Marks(Answer):
    """Ids of nodes and flows, for a drawing."""

    inserted: list[str]
    deleted: list[str]
    moved: list[str]
    changed: dict[str, list[str]]


class VersionDetail(Version):
    variant_id: str
    process: str
    reason: Texts
    operations: list[dict[str, Any]]
    lines: list[Line] = Field(description="The difference in words, against what the group would run otherwise.")
    marks: Marks | None
    fingerprint: matrix.Changes | None
    chain: list[dict[str, Any]]
    problems: list[problems.Place]


class Circumstance(Body):
    name: str = Field(min_length=1, max_length=64, description="Of a variable that the start brings.")
    type: Literal["number", "string", "boolean", "date"]
    test: str = Field(min_length=1, max_length=2000, examples=['"phone"'], description="A FEEL unary test.")
    names: Texts = Field(default_factory=dict)


class Draft(Body):
    process: str = Field(min_length=1, max_length=80)
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", examples=["key-accounts"])
    group: str = Field(default="", max_length=64, description="Empty: chosen by name only.")
    context: list[Circumstance] = Field(
        default_factory=list, max_length=20, description="Circumstances of a start that must all hold."
    )
    priority: int = Field(default=0, ge=0, le=1000, description="Of the variants that fit the higher wins.")
    names: Texts
    reason: Texts
    operations: list[dict[str, Any]] = Field(max_length=200, description=OPERATIONS)


class Saving(Draft):
    seen: str | None = Field(
        default=None,
        max_length=64,
        description="`sha256` of the version last seen; 409 when somebody changed it since.",
    )
    note: str = Field(default="", max_length=2000)


class Drawing(Body):
    process: str = Field(min_length=1, max_length=80)
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", examples=["key-accounts"])
    group: str = Field(default="", max_length=64)
    bpmn: str = Field(min_length=1, max_length=publish.LARGEST_FILE, description="BPMN 2.0 XML.")
    file: str = Field(default="drawing.bpmn", min_length=1, max_length=200)
    reason: Texts = Field(default_factory=dict, description="Put to each operation; default: the file's name.")


class Inferred(Answer):
    process: str
    base_n: int
    exact: bool = Field(description="The operations make exactly what was drawn.")
    operations: list[dict[str, Any]] = Field(description=OPERATIONS)
    lines: list[Line]
    marks: Marks
    fingerprint: matrix.Changes
    remains: list[problems.Place] = Field(description="Where the drawing is not what comes of the operations.")
    renamed: dict[str, str] = Field(description="What is called otherwise than in the drawing: its id there, and here.")
    reading: list[problems.Place] = Field(description="What the reader told of the file.")


class Note(Body):
    note: str = Field(default="", max_length=2000, description="Kept in the history.")


class Reason(Body):
    note: str = Field(min_length=1, max_length=2000, description="Why; kept in the history.")


class Releasing(Note):
    valid_from: AwareDatetime | None = Field(
        default=None, strict=False, description="A moment to come; default and past moments: now."
    )


class Which(Query):
    process: str = Field(default="", max_length=80)


@blueprint.get("/variants")
@blueprint.input(Which, location="query")
@blueprint.output(Variants)
@access.needs("matrix.see")
def index(query_data: Which) -> dict[str, Any]:
    """The variants of one process, or all, with their versions."""
    found = look.variants(here.engine(), process=query_data.process, agent=access.me())
    return {"items": [_variant(one, versions) for one, versions in found]}


@blueprint.post("/variants")
@blueprint.input(Saving)
@blueprint.output(VersionDetail, status_code=201)
@blueprint.doc(responses={409: "Somebody else changed it meanwhile, or the group has another variant"})
@access.needs("variant.edit", "write")
def save(json_data: Saving) -> dict[str, Any]:
    """Save a draft, however wrong: its problems are in the answer. Into the version being written, or the next one."""
    saved = author.save(
        here.engine(),
        order=_order(json_data),
        seen=json_data.seen,
        note=json_data.note,
        agent=access.me(),
        now=here.now(),
    )
    return _detail(saved.variant_id, saved.n)


@blueprint.post("/variants/check")
@blueprint.input(Draft)
@blueprint.output(VersionDetail)
@access.needs("variant.edit")
def check(json_data: Draft) -> dict[str, Any]:
    """The same as saving, but nothing is stored: differences, and every problem of words, bounds, rules and proof."""
    return _seen(look.dry_run(here.engine(), order=_order(json_data), agent=access.me(), now=here.now()))


@blueprint.post("/variants/infer")
@blueprint.input(Drawing)
@blueprint.output(Inferred)
@blueprint.doc(responses={409: "No version of the process is released"})
@access.needs("variant.edit")
def infer(json_data: Drawing) -> dict[str, Any]:
    """What a copy that was drawn elsewhere changes, as the fewest operations, and what none expresses. Nothing is
    stored: send the operations on as a draft."""
    sketch = drawn.Sketch(
        process=json_data.process,
        name=json_data.name,
        group=json_data.group,
        file=json_data.file,
        data=json_data.bpmn.encode(),
        reason=json_data.reason,
    )
    found = drawn.propose(here.engine(), sketch=sketch, agent=access.me(), now=here.now())
    return {
        **plain(found),
        "exact": found.exact,
        "lines": plain(found.difference.lines),
        "marks": plain(found.difference.marks),
        "fingerprint": _changes(found.difference.fingerprint),
        "remains": [problems.place(problem) for problem in found.remains],
        "reading": [problems.place(problem) for problem in found.reading],
    }


@blueprint.get("/variants/<variant_id>")
@blueprint.output(Variant)
@access.needs("matrix.see")
def get(variant_id: str) -> dict[str, Any]:
    """One variant with all its versions."""
    return _variant(*look.get(here.engine(), variant_id=variant_id, agent=access.me()))


@blueprint.get("/variants/<variant_id>/versions/<int:n>")
@blueprint.output(VersionDetail)
@access.needs("matrix.see")
def version(variant_id: str, n: int) -> dict[str, Any]:
    """One version: operations, differences in words, marks for a drawing, problems, and who did what."""
    return _detail(variant_id, n)


@blueprint.post("/variants/<variant_id>/versions/<int:n>/submit")
@blueprint.input(Note)
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "It is not being written"})
@access.needs("variant.edit", "write")
def submit(variant_id: str, n: int, json_data: Note) -> dict[str, Any]:
    """Hand it in for approval; refused with every problem while anything is wrong."""
    approval.submit(here.engine(), **_which(variant_id, n), note=json_data.note)
    return _detail(variant_id, n)


@blueprint.post("/variants/<variant_id>/versions/<int:n>/approve")
@blueprint.input(Note)
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "It was not submitted, or what it stands on changed since"})
@access.needs("variant.approve", "write")
def approve(variant_id: str, n: int, json_data: Note) -> dict[str, Any]:
    """By somebody who did not write at it."""
    approval.approve(here.engine(), **_which(variant_id, n), note=json_data.note)
    return _detail(variant_id, n)


@blueprint.post("/variants/<variant_id>/versions/<int:n>/send-back")
@blueprint.input(Note)
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "It is neither submitted nor approved"})
@access.needs("variant.approve", "write")
def send_back(variant_id: str, n: int, json_data: Note) -> dict[str, Any]:
    """To its author, with a note that says what is to be done."""
    approval.send_back(here.engine(), **_which(variant_id, n), note=json_data.note)
    return _detail(variant_id, n)


@blueprint.post("/variants/<variant_id>/versions/<int:n>/release")
@blueprint.input(Releasing)
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "It is not approved, or what it stands on changed since"})
@access.needs("process.release", "write")
def release_version(variant_id: str, n: int, json_data: Releasing) -> dict[str, Any]:
    """From now on, or from a moment, the group's cases start with it; running ones keep theirs."""
    release.release(here.engine(), **_which(variant_id, n), valid_from=json_data.valid_from, note=json_data.note)
    return _detail(variant_id, n)


@blueprint.post("/variants/<variant_id>/versions/<int:n>/unschedule")
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "No moment is set"})
@access.needs("process.release", "write")
def unschedule(variant_id: str, n: int) -> dict[str, Any]:
    """The moment is off; the version stays approved."""
    release.unschedule(here.engine(), **_which(variant_id, n))
    return _detail(variant_id, n)


@blueprint.post("/variants/<variant_id>/discard")
@blueprint.output(Variant)
@blueprint.doc(responses={409: "No version is on its way to release"})
@access.needs("variant.edit", "write")
def discard(variant_id: str) -> dict[str, Any]:
    """Throw away the version that is being written; what is released stays."""
    author.discard(here.engine(), variant_id=variant_id, agent=access.me(), now=here.now())
    return _variant(*look.get(here.engine(), variant_id=variant_id, agent=access.me()))


@blueprint.post("/variants/<variant_id>/retire")
@blueprint.input(Reason)
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "No version is in use"})
@access.needs("process.release", "write")
def retire(variant_id: str, json_data: Reason) -> dict[str, Any]:
    """Out of use: the group falls back to the group above it, or to the base."""
    gone = release.retire(here.engine(), variant_id=variant_id, agent=access.me(), now=here.now(), note=json_data.note)
    return _detail(variant_id, gone.n)


@blueprint.post("/variants/<variant_id>/roll-back")
@blueprint.input(Note)
@blueprint.output(VersionDetail)
@blueprint.doc(responses={409: "No version was released before"})
@access.needs("process.release", "write")
def roll_back(variant_id: str, json_data: Note) -> dict[str, Any]:
    """The version that was released before is released again, as it was."""
    back = release.roll_back(
        here.engine(), variant_id=variant_id, agent=access.me(), now=here.now(), note=json_data.note
    )
    return _detail(variant_id, back.n)


def _which(variant_id: str, n: int) -> dict[str, Any]:
    return {"variant_id": variant_id, "n": n, "agent": access.me(), "now": here.now()}


def _order(sent: Draft) -> author.Order:
    return author.Order(
        process=sent.process,
        name=sent.name,
        group=sent.group,
        context=tuple(variation.Circumstance(**one.model_dump()) for one in sent.context),
        priority=sent.priority,
        texts=sent.names,
        reason=sent.reason,
        operations=sent.operations,
    )


def _variant(one: variation.Variant, versions: list[variation.VariantVersion]) -> dict[str, Any]:
    return {**plain(one), "versions": [_version(version) for version in versions]}


def _version(one: variation.VariantVersion) -> dict[str, Any]:
    return {**plain(one), "submitted": one.submitted}


def _detail(variant_id: str, n: int) -> dict[str, Any]:
    return _seen(look.see(here.engine(), variant_id=variant_id, n=n, agent=access.me(), now=here.now()))


def _seen(seen: look.Seen) -> dict[str, Any]:
    difference = seen.difference
    return {
        **_version(seen.version),
        "lines": plain(difference.lines) if difference else [],
        "marks": plain(difference.marks) if difference else None,
        "fingerprint": _changes(difference.fingerprint) if difference else None,
        "problems": [problems.place(problem) for problem in seen.version.problems],
    }


def _changes(fingerprint: compose.Fingerprint) -> dict[str, int]:
    shape: dict[str, int] = plain(fingerprint)
    return shape
