"""What campaigns brought for what they cost, of all and by customer group and source."""

import flask

from engine.analytics import returns
from web.ui import door, visitor

blueprint = flask.Blueprint("campaigns", __name__, url_prefix="/campaigns")


@blueprint.get("")
@door.needs("customer.see")
def index() -> flask.typing.ResponseReturnValue:
    found = returns.of_all(visitor.engine(), agent=visitor.me())
    return flask.render_template("campaigns/index.html", campaigns=found)
