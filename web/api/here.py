"""What every view reaches for: the engine, and the moment of this request."""

from datetime import datetime

import flask

from engine.ports import Engine


def engine() -> Engine:
    found: Engine = flask.current_app.extensions["engine"]
    return found


def now() -> datetime:
    """The same for the whole request."""
    if "now" not in flask.g:
        flask.g.now = engine().clock.now()
    moment: datetime = flask.g.now
    return moment
