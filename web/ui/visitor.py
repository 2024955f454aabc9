"""What every page knows about the request: the engine, the moment, and who is looking."""

from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

import flask
from werkzeug.exceptions import HTTPException

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


def place() -> str:
    """The address of the page that is looked at, to come back to.

    What a refused form answers stands at an address that only takes forms: then the page that it was sent from, else
    the nearest page above.
    """
    asked = flask.request
    if asked.method == "GET":
        return asked.full_path.rstrip("?")
    before = urlsplit(asked.referrer or "")
    if before.netloc == asked.host and _is_page(before.path):
        return before.path + (f"?{before.query}" if before.query else "")
    parts = asked.path.rstrip("/").split("/")
    above = ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
    return next(filter(_is_page, above), "/")


def _is_page(path: str) -> bool:
    try:
        flask.current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True
