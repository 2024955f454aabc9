"""The resolution tester: which variant a customer, or given facts, would get, and why not another."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine.variants import tryout
from web.api import access, here, matrix
from web.api.body import Answer, Body
from web.api.values import plain

blueprint = APIBlueprint("resolutions", __name__, url_prefix="/v1", tag="Variants")
Texts = dict[str, str]


class Try(Body):
    process: str = Field(min_length=1, max_length=80)
    customer_id: str = Field(default="", max_length=64)
    facts: dict[str, Any] = Field(
        default_factory=dict,
        description="Replace single facts of the customer, or stand alone.",
        examples=[{"values": {"current": 80}, "contract": "gold"}],
    )
    data: dict[str, Any] = Field(default_factory=dict, description="What the start would bring.")
    at: AwareDatetime | None = Field(default=None, strict=False, description="Default: now.")


class Outcome(Answer):
    group: str
    names: Texts
    state: str = Field(description="won, hit (another goes before it), missed, or none (no rule leads here)")
    rule: str
    why: Texts


class Special(Answer):
    variant: str
    state: str = Field(description="won, hit (another goes before it), missed, or group (for other customers)")
    why: Texts


class Tried(Answer):
    process: str
    at: datetime
    group: str
    how: str = Field(
        description="rule, default, override (by hand), held (minimum stay) or tie (the group above several)"
    )
    variant: str
    n: int
    base_n: int
    program: str
    fingerprint: matrix.Changes
    chain: list[dict[str, Any]]
    sentence: Texts
    inputs: dict[str, Any]
    groups: list[Outcome]
    special: list[Special] = Field(description="Variants for circumstances of the start, and whether those held.")


@blueprint.post("/resolutions/try")
@blueprint.input(Try)
@blueprint.output(Tried)
@blueprint.doc(responses={409: "Nothing was released then"})
@access.needs("matrix.see")
def try_out(json_data: Try) -> dict[str, Any]:
    """Which variant this customer, or these facts, would get on a date; why, and why not another. Nothing is stored."""
    tried = tryout.try_out(
        here.engine(),
        process=json_data.process,
        customer_id=json_data.customer_id,
        facts=json_data.facts,
        data=json_data.data,
        at=json_data.at,
        agent=access.me(),
        now=here.now(),
    )
    shape: dict[str, Any] = plain(tried)
    return shape
