"""What every page knows about the request: the engine, the moment, and who is looking."""

from datetime import datetime
from typing import cast

import flask

from engine.people.agent import Agent
from engine.ports import Engine

COOKIE = "sid"


def engine() -> Engine:
    return cast(Engine, flask.current_app.extensions["engine"])


def now() -> datetime:
    """One moment for the whole request, so that a page does not contradict itself."""
    if "now" not in flask.g:
        flask.g.now = engine().clock.now()
    return cast(datetime, flask.g.now)


def agent() -> Agent | None:
    """Who is signed in; None for a stranger."""
    return cast("Agent | None", flask.g.get("agent"))


def me() -> Agent:
    """Who is signed in, on pages that strangers never reach."""
    found = agent()
    assert found is not None, "this page stands behind the login"
    return found
