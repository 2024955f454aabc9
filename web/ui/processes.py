"""Processes by pillar; one process with its drawing and, in words, what each customer group gets instead."""

import flask

from web.ui import door, known

blueprint = flask.Blueprint("processes", __name__, url_prefix="/processes")
PILLARS = ("MA", "SFA", "CSS", "X")


@blueprint.get("")
@door.needs("process.see")
def index() -> flask.typing.ResponseReturnValue:
    found = known.processes().values()
    pillars = [(key, [process for process in found if process.pillar == key]) for key in PILLARS]
    return flask.render_template("processes/index.html", pillars=[(key, part) for key, part in pillars if part])
