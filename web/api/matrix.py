"""The matrix, process x customer group."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.variants import matrix
from web.api import access, here
from web.api.body import Answer
from web.api.values import plain

blueprint = APIBlueprint("matrix", __name__, url_prefix="/v1", tag="Variants")
Texts = dict[str, str]


class Changes(Answer):
    """How many operations change each element of the process."""

    activity: int
    logic: int
    way: int
    performer: int
    service_level: int


class Cell(Answer):
    group: str
    state: str = Field(description="own, inherited, base, draft (never released), or nothing (no released base)")
    variant: str = Field(description="Id; empty: the base.")
    n: int
    fingerprint: Changes
    program: str
    running: int
    draft: int = Field(description="Number of the version on its way to release; 0: none.")
    problems: int
    valid_from: datetime | None = Field(description="When that version will be released by itself.")


class Row(Answer):
    process: str
    pillar: str
    texts: Texts
    base_n: int
    running: int
    behind: int = Field(description="Variants in use that stand on an older base: see the board.")
    cells: list[Cell]


class Group(Answer):
    key: str
    parent: str
    names: Texts


class Matrix(Answer):
    groups: list[Group]
    rows: list[Row]


@blueprint.get("/matrix")
@blueprint.output(Matrix)
@blueprint.doc(responses={409: "No group rules are released yet"})
@access.needs("matrix.see")
def show_matrix() -> dict[str, Any]:
    """Process x customer group: which variant each group gets, how different it is, and how many cases run it."""
    shape: dict[str, Any] = plain(matrix.matrix(here.engine(), agent=access.me()))
    shape["groups"] = [{"parent": "", **group} for group in shape["groups"]]
    return shape
