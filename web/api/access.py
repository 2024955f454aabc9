"""Who calls: ``Authorization: Bearer crm_...``, a token with scopes that speaks for a person or an integration."""

import functools
from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar

import flask
from werkzeug.exceptions import Unauthorized

from engine import errors
from engine.people import api_tokens, rights
from engine.people.agent import Agent
from web.api import here, pace

P = ParamSpec("P")
R = TypeVar("R")

Scope = Literal["read", "write", "admin"]
IMPLIES: dict[str, frozenset[str]] = {
    "read": frozenset({"read"}),
    "write": frozenset({"read", "write"}),
    "admin": frozenset({"read", "write", "admin"}),
}


def recognise() -> None:
    """Before each request: the token's agent, or 401. Health and the API's own description need none."""
    if flask.request.method == "OPTIONS" or flask.request.endpoint in OPEN:
        return
    kind, _, token = flask.request.headers.get("Authorization", "").partition(" ")
    found = None
    if kind.lower() == "bearer" and token:
        found = api_tokens.find(here.engine(), token=token.strip(), now=here.now())
    if found is None:
        raise Unauthorized
    pace.keep(token.strip())
    flask.g.agent, scopes = found
    flask.g.scopes = frozenset().union(*(IMPLIES.get(scope, frozenset()) for scope in scopes))


OPEN = frozenset({"health.live", "health.ready", "health.dispatcher", "openapi.spec"})


def me() -> Agent:
    agent: Agent = flask.g.agent
    return agent


def needs(action: rights.Action, scope: Scope = "read") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The person's right and the token's scope: both."""

    def around(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            rights.need(me(), action)
            if scope not in flask.g.scopes:
                raise errors.Forbidden(
                    "scope_missing",
                    zh=f"此令牌没有 {scope} 范围的权限。",
                    en=f"this token lacks the scope {scope!r}",
                    scope=scope,
                )
            return view(*args, **kwargs)

        return guarded

    return around
