"""All variants of a process side by side: step by group, and how many of them differ where."""

from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.variants import differences
from engine.variants.operations.operation import Element
from web.api import access, here
from web.api.body import Answer
from web.api.values import plain

blueprint = APIBlueprint("differences", __name__, url_prefix="/v1", tag="Variants")
Texts = dict[str, str]


class Group(Answer):
    key: str
    names: Texts


class Cell(Answer):
    """One step as one group gets it."""

    group: str = Field(description="Empty: the base.")
    presence: Literal["there", "absent", "new"]
    differs: list[Element] = Field(description="In what it differs from the base.")
    performer: list[str] = Field(description="Staff groups, people, and expressions (with a `=`); none: the system.")
    way: str = Field(description="Form, service, decision or called process, by key.")
    promise: str = Field(description="ISO 8601 duration; empty: none.")
    goal: str = Field(description="As `promise`: when it should be done.")
    calendar: str


class Step(Answer):
    element: str
    names: Texts
    base: Cell | None = Field(description="null: only variants have it.")
    cells: list[Cell] = Field(description="One for each of `groups`, in their order.")


class Differences(Answer):
    process: str
    texts: Texts
    base_n: int
    groups: list[Group] = Field(description="Those that have a variant.")
    steps: list[Step]
    touched: dict[str, int] = Field(description="Element of the base: how many variants differ there.")
    cases: dict[str, int] = Field(description="The same, weighted by the cases that run now.")


@blueprint.get("/processes/<key>/differences")
@blueprint.output(Differences)
@blueprint.doc(responses={409: "Nothing is released yet"})
@access.needs("matrix.see")
def show(key: str) -> dict[str, Any]:
    """What each step is for each group: done or not, by whom, how, and how fast."""
    shape: dict[str, Any] = plain(differences.differences(here.engine(), process=key, agent=access.me()))
    shape["groups"] = [{"key": group, "names": names} for group, names in shape["groups"]]
    return shape
