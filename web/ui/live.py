"""What the inbox asks for while it is looked at: whether its list has changed. Only of the reader's own lists."""

import flask

from engine.inbox import live
from web.ui import door, kept, visitor
from web.ui.shelves import SHELVES
from web.watch import Watch

blueprint = flask.Blueprint("live", __name__)
PARK_SECONDS = 20.0
AGAIN_SECONDS = 5
"""When to ask again without a seat to wait on."""


@blueprint.get("/inbox/<shelf>/live")
@door.needs("task.work")
def glance(shelf: str) -> flask.typing.ResponseReturnValue:
    """``since`` as the last answer said; waits a while when nothing has changed since."""
    if shelf not in SHELVES:
        flask.abort(404)
    since = flask.request.args.get("since", 0, type=int)
    again = 0
    if since and live.last(visitor.engine()) <= since:
        watch: Watch = flask.current_app.extensions["watch"]
        again = 0 if watch.wait(since, flask.current_app.config["PARK_SECONDS"]) else AGAIN_SECONDS
    name = kept.LISTS[shelf]
    found = live.glance(
        visitor.engine(),
        shelf="mine" if name == "drafts" else name,
        agent=visitor.me(),
        now=visitor.engine().clock.now(),
    )
    return {
        "since": found.since,
        "mark": found.mark,
        "mine": found.mine,
        "open": found.claimable,
        "late": found.overdue,
        "again": again,
    }
