"""The rules of the customer groups: what holds, the draft, what its release would do; a group decided by hand."""

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine import variation
from engine.customers import drafts, groups
from engine.variants import regrouping
from web.api import access, customers, here, shapes
from web.api.body import Answer, Body
from web.api.values import plain

blueprint = APIBlueprint("group_rules", __name__, url_prefix="/v1", tag="Customers")
Texts = dict[str, str]


class Deed(Answer):
    at: datetime
    by: str
    did: str
    note: str = ""


class Version(Answer):
    n: int
    status: str = Field(description="draft, released or retired")
    submitted: bool = Field(description="Waits for somebody else, who releases it or sends it back.")
    valid_from: datetime | None
    created_at: datetime
    created_by: str
    history: list[Deed]
    rules: dict[str, Any] = Field(description="As schemas/group-rules.json says: groups, inputs, rules, default.")


class Shelf(Answer):
    present: Version | None
    coming: Version | None = Field(description="Released for a moment to come.")
    draft: Version | None
    seen: str = Field(description="Say it with the next save.")
    customers: dict[str, int] = Field(description="How many are in each group.")


class Document(Body):
    rules: dict[str, Any] = Field(description="A whole version, as `GET` tells it.")


class Saved(Document):
    seen: str = Field(default="", max_length=100, description="`seen` of what was read.")
    note: str = Field(default="", max_length=2000)


class Word(Body):
    note: str = Field(default="", max_length=2000)


class Release(Word):
    valid_from: AwareDatetime | None = Field(
        default=None, strict=False, description="A moment to come, with its zone; else from now on."
    )


class Findings(Answer):
    problems: list[dict[str, Any]] = Field(description="Each with its place; overlaps and gaps with a customer.")


class Way(Answer):
    old: str
    new: str
    customers: int


class Example(Answer):
    customer_id: str
    number: str
    name: str
    old: str
    new: str
    before: Texts = Field(description="Why it is in the old group.")
    why: Texts = Field(description="Why it would be in the new one.")
    cases: int = Field(description="Running for it now.")


class Touched(Answer):
    process: str
    cases: int
    differing: int = Field(description="Of these: the new group has another variant than the old one.")
    policy: str = Field(description="finish: they go on as they are; ask: a migration is proposed.")


class Preview(Answer):
    customers: int
    looked_at: int = Field(description="Fewer than all when there are very many.")
    moving: int
    held: int = Field(description="Stay for now because of the minimum stay.")
    ways: list[Way]
    before: dict[str, int]
    after: dict[str, int]
    examples: list[Example]
    touched: list[Touched]
    lost: list[str] = Field(description="Variants in use whose group would be no more.")


class ByHand(Body):
    group: str = Field(max_length=100)
    reason: str = Field(max_length=2000, description="At least ten letters.")
    until: date = Field(strict=False, description="The last day.")


@blueprint.get("/group-rules")
@blueprint.output(Shelf)
@access.needs("matrix.see")
def show() -> dict[str, Any]:
    """What holds, what is to come, and the draft."""
    found = drafts.shelf(here.engine(), agent=access.me(), now=here.now())
    return {
        "present": _version(found.present),
        "coming": _version(found.coming),
        "draft": _version(found.draft),
        "seen": found.seen,
        "customers": dict(found.customers),
    }


@blueprint.get("/group-rules/versions/<int:n>")
@blueprint.output(Version)
@access.needs("matrix.see")
def get(n: int) -> dict[str, Any] | None:
    """One version."""
    return _version(drafts.version(here.engine(), n=n, agent=access.me()))


@blueprint.put("/group-rules/draft")
@blueprint.input(Saved)
@blueprint.output(Version)
@blueprint.doc(responses={409: "Somebody else saved or released meanwhile"})
@access.needs("variant.edit", "write")
def save(json_data: Saved) -> dict[str, Any] | None:
    """Save the draft, or begin one; overlaps and gaps may still be in it."""
    made = drafts.save(
        here.engine(),
        document=json_data.rules,
        seen=json_data.seen,
        note=json_data.note,
        agent=access.me(),
        now=here.now(),
    )
    return _version(made)


@blueprint.delete("/group-rules/draft")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={409: "There is no draft"})
@access.needs("variant.edit", "write")
def discard() -> str:
    """Put the draft aside."""
    drafts.discard(here.engine(), agent=access.me(), now=here.now())
    return ""


@blueprint.post("/group-rules/check")
@blueprint.input(Document)
@blueprint.output(Findings)
@access.needs("matrix.see")
def check(json_data: Document) -> dict[str, Any]:
    """Everything that is wrong with rules; for an overlap and for a gap a customer who shows it. Nothing is kept."""
    found = drafts.check(here.engine(), document=json_data.rules, agent=access.me(), now=here.now())
    return {"problems": plain(found)}


@blueprint.post("/group-rules/preview")
@blueprint.input(Document)
@blueprint.output(Preview)
@access.needs("matrix.see")
def preview(json_data: Document) -> dict[str, Any]:
    """Which customers would change group and why, and which running cases that touches. Nothing is kept."""
    found = regrouping.preview(here.engine(), document=json_data.rules, agent=access.me(), now=here.now())
    shape: dict[str, Any] = plain(found)
    return shape


@blueprint.post("/group-rules/draft/submit")
@blueprint.input(Word)
@blueprint.output(Version)
@blueprint.doc(responses={409: "There is no draft"})
@access.needs("variant.edit", "write")
def submit(json_data: Word) -> dict[str, Any] | None:
    """Hand the draft to somebody else."""
    made = drafts.submit(here.engine(), note=json_data.note, agent=access.me(), now=here.now())
    return _version(made)


@blueprint.post("/group-rules/draft/send-back")
@blueprint.input(Word)
@blueprint.output(Version)
@blueprint.doc(responses={409: "Nothing was submitted"})
@access.needs("group.decide", "admin")
def send_back(json_data: Word) -> dict[str, Any] | None:
    """To its authors, with a word of what is to be done."""
    made = drafts.send_back(here.engine(), note=json_data.note, agent=access.me(), now=here.now())
    return _version(made)


@blueprint.post("/group-rules/draft/release")
@blueprint.input(Release)
@blueprint.output(Version)
@blueprint.doc(responses={409: "Nothing was submitted, or other rules were released since"})
@access.needs("group.decide", "admin")
def release(json_data: Release) -> dict[str, Any] | None:
    """Released by somebody who did not write it, from now on or from a moment to come."""
    made = drafts.release(
        here.engine(), note=json_data.note, valid_from=json_data.valid_from, agent=access.me(), now=here.now()
    )
    return _version(made)


@blueprint.post("/group-rules/call-off")
@blueprint.input(Word)
@blueprint.output(Version)
@blueprint.doc(responses={409: "Nothing waits for a moment to come, or there is another draft"})
@access.needs("group.decide", "admin")
def call_off(json_data: Word) -> dict[str, Any] | None:
    """What was released for a moment to come is a draft again."""
    return _version(drafts.call_off(here.engine(), agent=access.me(), now=here.now()))


@blueprint.put("/customers/<customer_id>/group")
@blueprint.input(ByHand)
@blueprint.output(customers.Customer)
@access.needs("group.decide", "admin")
def put_by_hand(customer_id: str, json_data: ByHand) -> dict[str, Any]:
    """Decide a customer's group by hand, up to and including a day, with a reason."""
    sent = json_data.model_dump()
    made = groups.override(here.engine(), customer_id=customer_id, agent=access.me(), now=here.now(), **sent)
    return shapes.whole(made)


@blueprint.delete("/customers/<customer_id>/group")
@blueprint.output(customers.Customer)
@blueprint.doc(responses={409: "Nobody decided it by hand"})
@access.needs("group.decide", "admin")
def lift(customer_id: str) -> dict[str, Any]:
    """The rules decide again."""
    return shapes.whole(groups.lift(here.engine(), customer_id=customer_id, agent=access.me(), now=here.now()))


def _version(found: variation.GroupRules | None) -> dict[str, Any] | None:
    return {**shapes.whole(found), "submitted": found.submitted} if found is not None else None
