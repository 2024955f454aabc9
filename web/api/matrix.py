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
    state: str = Field(
        description="own, inherited, base, draft, blocked (cannot be released, or on hold), or nothing (no base)"
    )
    variant: str = Field(description="Id; empty: the base.")
    n: int
    fingerprint: Changes
    program: str
    running: int
    draft: int = Field(description="Number of the version on its way to release; 0: none.")
    problems: int
    valid_from: datetime | None = Field(description="When that version will be released by itself.")
    finished: int = Field(description="Cases completed with it in the last 90 days.")
    mean_seconds: float = Field(description="How long they took on average; 0 without any.")
    against_base: float = Field(
        description="That as a part of the base's: 0.8 is a fifth quicker; 0: nothing to compare."
    )


class Special(Answer):
    """A variant that is chosen by the circumstances of a start, or by its name only."""

    id: str
    name: str
    texts: Texts
    group: str
    says: Texts = Field(description="Under which circumstances; empty: chosen by name.")
    n: int = Field(description="Version in use; 0: none.")
    fingerprint: Changes
    running: int
    draft: int
    problems: int


class Row(Answer):
    process: str
    pillar: str
    texts: Texts
    base_n: int
    running: int
    behind: int = Field(description="Variants in use that stand on an older base: see the board.")
    suspended: bool = Field(description="On hold: nothing starts.")
    cells: list[Cell]
    special: list[Special]


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
