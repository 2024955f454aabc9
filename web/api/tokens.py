"""Access tokens: issued, shown once, listed without their secret, taken back."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from engine import errors, records
from engine.people import api_tokens
from web.api import access, here, shapes
from web.api.body import Answer, Body

blueprint = APIBlueprint("tokens", __name__, url_prefix="/v1/people/<person>/tokens", tag="People")


class Token(Answer):
    id: str
    person: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None = Field(description="To the minute.")


class Tokens(Answer):
    items: list[Token]


class Issued(Token):
    token: str = Field(description="Shown this once; only its hash is kept.")


class Order(Body):
    name: str = Field(min_length=1, max_length=80, description="What it is for.")
    scopes: list[Literal["read", "write", "admin"]] = Field(min_length=1, max_length=3)
    expires_at: AwareDatetime | None = Field(default=None, strict=False)


@blueprint.get("")
@blueprint.output(Tokens)
@access.needs("api.use", "admin")
def index(person: str) -> dict[str, Any]:
    """One's own tokens, or somebody's for an administrator; the newest first, those taken back too."""
    return {"items": [_token(one) for one in api_tokens.held(here.engine(), person=person, agent=access.me())]}


@blueprint.post("")
@blueprint.input(Order)
@blueprint.output(Issued, status_code=201)
@access.needs("api.use", "admin")
def issue(person: str, json_data: Order) -> tuple[dict[str, Any], int]:
    """A new token. It is never repeated, so an Idempotency-Key means nothing here."""
    token, row = api_tokens.issue(
        here.engine(),
        person=person,
        name=json_data.name,
        scopes=tuple(json_data.scopes),
        agent=access.me(),
        now=here.now(),
        expires_at=json_data.expires_at,
    )
    return {**_token(row), "token": token}, 201


@blueprint.delete("/<token_id>")
@blueprint.output({}, status_code=204)
@access.needs("api.use", "admin")
def revoke(person: str, token_id: str) -> str:
    """Taken back at once; twice is the same as once."""
    held = api_tokens.held(here.engine(), person=person, agent=access.me())
    found = next((one for one in held if one.id == token_id), None)
    if found is None:
        raise errors.NotFound("token_unknown", zh="没有此令牌。", en="There is no such token.", token=token_id)
    api_tokens.revoke(here.engine(), token_sha256=found.token_sha256, agent=access.me(), now=here.now())
    return ""


def _token(one: records.ApiToken) -> dict[str, Any]:
    shape = shapes.whole(one)
    return {name: shape[name] for name in Token.model_fields}
