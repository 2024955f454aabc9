"""Released material for the boxes that look it up."""

import flask

from engine.domain import assets
from web.ui import door, visitor

blueprint = flask.Blueprint("materials", __name__, url_prefix="/materials")
SUGGESTIONS = 8


@blueprint.get("/suggest")
@door.needs("customer.see")
def suggest() -> flask.typing.ResponseReturnValue:
    """Options for the field that asked, whatever its name: what may be used today, in its newest version."""
    typed = next((value for key, value in flask.request.args.items() if key != "field"), "")
    engine, me, now = visitor.engine(), visitor.me(), visitor.now()
    found = assets.search(engine, text=typed, agent=me, now=now, limit=SUGGESTIONS) if typed.strip() else []
    return flask.render_template("customers/materials.html", materials=found)
