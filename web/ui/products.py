"""Products for the boxes that look them up."""

import flask

from engine.domain import products
from web.ui import door, visitor

blueprint = flask.Blueprint("products", __name__, url_prefix="/products")
SUGGESTIONS = 8


@blueprint.get("/suggest")
@door.needs("customer.see")
def suggest() -> flask.typing.ResponseReturnValue:
    """Options for the field that asked, whatever its name."""
    typed = next((value for key, value in flask.request.args.items() if key != "field"), "")
    engine, me = visitor.engine(), visitor.me()
    found = products.search(engine, text=typed, agent=me, limit=SUGGESTIONS) if typed.strip() else []
    return flask.render_template("customers/products.html", products=found)
