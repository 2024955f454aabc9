"""Two versions of a process beside each other: what differs on both drawings, and the same in words."""

import flask

from engine.variants import versions
from web.ui import door, drawings, known, visitor

blueprint = flask.Blueprint("comparison", __name__, url_prefix="/designer")
SIDES = ("old", "new")


@blueprint.get("/<key>/compare/<int:old>/<int:new>")
@door.needs("process.draw")
def show(key: str, old: int, new: int) -> flask.typing.ResponseReturnValue:
    return flask.render_template(
        "designer/comparison.html", process=known.processes().get(key), key=key, found=_found(key, old, new)
    )


@blueprint.get("/<key>/compare")
@door.needs("process.draw")
def choose(key: str) -> flask.typing.ResponseReturnValue:
    """From the form in which both are chosen."""
    asked = [flask.request.args.get(name, type=int) or 0 for name in SIDES]
    return flask.redirect(flask.url_for("comparison.show", key=key, old=asked[0], new=asked[1]))


@blueprint.get("/<key>/compare/<int:old>/<int:new>/<any(old, new):side>")
@door.needs("process.draw")
def pane(key: str, old: int, new: int, side: str) -> flask.typing.ResponseReturnValue:
    found = _found(key, old, new)
    of_old = side == "old"
    return drawings.answer(found.before if of_old else found.after, found.marks(of_old=of_old))


def _found(key: str, old: int, new: int) -> versions.Compared:
    return versions.compare(visitor.engine(), process=key, old=old, new=new, agent=visitor.me())
