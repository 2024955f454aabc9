"""A new base: the board of a process's variants, what is decided about conflicts, carrying over, undoing, smells."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine import variation
from engine.variants import board, carry, smells, upgrade
from engine.variants.operations import kinds
from web.api import access, here, problems
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("boards", __name__, url_prefix="/v1", tag="Variants")
Texts = dict[str, str]


class Change(Answer):
    """One change of the base."""

    kind: str = Field(description="inserted, deleted, moved or changed")
    elements: list[str]
    says: Texts


class Decision(Answer):
    variant_id: str
    base_n: int
    signature: str
    kind: str
    operation: str
    choice: str = Field(description="keep, drop or reanchor")
    by: str
    at: datetime
    note: str


class Conflict(Answer):
    signature: str = Field(description="Equal for the same conflict of sibling variants.")
    kind: str
    operation: str
    elements: list[str]
    says: Texts = Field(description="What the operation does.")
    because: Texts = Field(description="What stands in its way.")
    offered: str = Field(description="The usual choice; ask: none.")
    choices: dict[str, Texts]
    decided: Decision | None
    proposed: Decision | None = Field(description="How the same conflict of a sibling was decided.")
    problems: list[problems.Place]


class Row(Answer):
    variant: str
    group: str
    n: int
    status: str
    base_n: int
    state: str = Field(description="current, clean, look, decide or blocked")
    carried: bool = Field(description="On this base by the board, and on its way to release.")
    marks: list[str] = Field(description="One for each change: flows, look, decide, same, or empty.")
    conflicts: list[Conflict]
    blocked: list[problems.Place] = Field(description="Why the merged process would be wrong.")
    looks: list[Texts] = Field(description="Operations that apply although their surroundings changed.")
    drops: list[Texts] = Field(description="Operations that the new base makes needless.")
    operations: list[dict[str, Any]] = Field(description="What the variant would be on the new base.")
    program: str = Field(description="SHA-256 of that; empty while something has to be decided.")


class Board(Answer):
    process: str
    texts: Texts
    base_n: int
    released: bool = Field(description="False: a look ahead at a base that is not released yet.")
    from_n: int
    changes: list[Change]
    rows: list[Row]


class Which(Query):
    base_n: int = Field(default=0, ge=0, le=1_000_000, description="Default: the newest released base.")


class Choice(Body):
    choice: str = Field(max_length=20, examples=["keep"], description="One of the conflict's choices.")
    note: str = Field(default="", max_length=2000)


class Carry(Body):
    variants: list[str] = Field(default_factory=list, max_length=1000, description="Ids; empty: all that are ready.")
    note: str = Field(default="", max_length=2000)


class Carried(Answer):
    variant_id: str
    n: int = Field(description="The new version; 0: refused.")
    refused: Texts


class AllCarried(Answer):
    items: list[Carried]


class Decisions(Answer):
    items: list[Decision]


class Note(Body):
    note: str = Field(default="", max_length=2000)


class Undone(Answer):
    variant_id: str
    n: int
    status: str
    base_n: int


class Smell(Answer):
    kind: str = Field(description="shared, needless, idle or worse")
    variants: list[str]
    operations: list[str]
    says: Texts


class Smells(Answer):
    items: list[Smell]


@blueprint.get("/processes/<key>/board")
@blueprint.input(Which, location="query")
@blueprint.output(Board)
@blueprint.doc(responses={409: "No base is released"})
@access.needs("matrix.see")
def show(key: str, query_data: Which) -> dict[str, Any]:
    """Every variant of the process against a new base: what flows in, what is worth a look, what has to be decided."""
    found = board.board(here.engine(), process=key, base_n=query_data.base_n, agent=access.me())
    return {
        "process": found.process,
        "texts": found.texts,
        "base_n": found.base.n,
        "released": found.base.status == "released",
        "from_n": found.from_n,
        "changes": [_change(one) for one in found.changes],
        "rows": [_row(one) for one in found.rows],
    }


@blueprint.put("/processes/<key>/board/<variant_id>/conflicts/<signature>")
@blueprint.input(Choice)
@blueprint.output(Decision)
@access.needs("variant.edit", "write")
def decide(key: str, variant_id: str, signature: str, json_data: Choice) -> dict[str, Any]:
    """Decide about one conflict with the newest base; the same one is proposed to siblings from then on."""
    made = carry.decide(
        here.engine(),
        process=key,
        variant_id=variant_id,
        signature=signature,
        choice=json_data.choice,
        note=json_data.note,
        agent=access.me(),
        now=here.now(),
    )
    return _decision(made)


@blueprint.delete("/processes/<key>/board/<variant_id>/conflicts/<signature>")
@blueprint.output({}, status_code=204)
@access.needs("variant.edit", "write")
def undecide(key: str, variant_id: str, signature: str) -> str:
    """The conflict is open again."""
    which = {"process": key, "variant_id": variant_id, "signature": signature}
    carry.undecide(here.engine(), **which, agent=access.me(), now=here.now())
    return ""


@blueprint.post("/processes/<key>/board/accept")
@blueprint.output(Decisions)
@access.needs("variant.edit", "write")
def accept(key: str) -> dict[str, Any]:
    """Every open conflict that was decided for a sibling is decided the same way."""
    made = carry.accept(here.engine(), process=key, agent=access.me(), now=here.now())
    return {"items": [_decision(one) for one in made]}


@blueprint.post("/processes/<key>/board/carry")
@blueprint.input(Carry)
@blueprint.output(AllCarried)
@access.needs("variant.edit", "write")
def carry_over(key: str, json_data: Carry) -> dict[str, Any]:
    """New versions on the newest base, submitted for approval; each for itself, with why one was refused."""
    made = carry.carry(
        here.engine(),
        process=key,
        variants=json_data.variants,
        note=json_data.note,
        agent=access.me(),
        now=here.now(),
    )
    return {"items": [plain(one) for one in made]}


@blueprint.post("/variants/<variant_id>/undo")
@blueprint.input(Note)
@blueprint.output(Undone)
@blueprint.doc(responses={409: "It was not carried to another base"})
@access.needs("variant.edit", "write")
def undo(variant_id: str, json_data: Note) -> dict[str, Any]:
    """As before it was carried to another base."""
    back = carry.undo(here.engine(), variant_id=variant_id, note=json_data.note, agent=access.me(), now=here.now())
    return {"variant_id": back.variant_id, "n": back.n, "status": back.status, "base_n": back.base_n}


@blueprint.get("/processes/<key>/smells")
@blueprint.output(Smells)
@access.needs("matrix.see")
def show_smells(key: str) -> dict[str, Any]:
    """What is worth tidying up: shared by siblings, without effect, without cases, slower than the base."""
    found = smells.smells(here.engine(), process=key, agent=access.me(), now=here.now())
    return {"items": [{"operations": (), **plain(one)} for one in found]}


def _change(one: upgrade.Change) -> dict[str, Any]:
    shape: dict[str, Any] = plain(one)
    return shape


def _row(row: board.Row) -> dict[str, Any]:
    return {
        "variant": row.variant.id,
        "group": row.variant.customer_group,
        "n": row.version.n,
        "status": row.version.status,
        "base_n": row.version.base_n,
        "state": row.state,
        "carried": row.carried,
        "marks": list(row.marks),
        "conflicts": [_asked(one) for one in row.asked],
        "blocked": [problems.place(one) for one in row.blocked.problems] if row.blocked else [],
        "looks": list(row.looks),
        "drops": list(row.drops),
        "operations": kinds.write(row.operations),
        "program": row.program,
    }


def _asked(asked: board.Asked) -> dict[str, Any]:
    conflict = asked.conflict
    return {
        "signature": conflict.signature,
        "kind": conflict.kind,
        "operation": conflict.operation,
        "elements": list(conflict.elements),
        "says": asked.says,
        "because": conflict.says,
        "offered": conflict.offered,
        "choices": dict(asked.choices),
        "decided": _decision(asked.decided) if asked.decided else None,
        "proposed": _decision(asked.proposed) if asked.proposed else None,
        "problems": [problems.place(one) for one in conflict.problems],
    }


def _decision(one: variation.ConflictDecision) -> dict[str, Any]:
    shape: dict[str, Any] = plain(one)
    return shape
