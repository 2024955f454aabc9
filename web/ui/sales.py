"""The page of selling: open deals by stage and seller, quotas and what was won, forecasts with history."""

import flask

from engine.domain import outlook
from web.ui import door, shelves, visitor

blueprint = flask.Blueprint("sales", __name__, url_prefix="/sales")
PAGE = 50
FILTERS = ("stage", "owner", "late")


@blueprint.get("")
@door.needs("customer.see")
def index() -> flask.typing.ResponseReturnValue:
    engine, me, now, asked = visitor.engine(), visitor.me(), visitor.now(), flask.request.args
    found = outlook.search(
        engine, agent=me, now=now, stage=asked.get("stage", ""), owner=asked.get("owner", "")[:100],
        late=asked.get("late") == "1", after=asked.get("after", "")[:100], limit=PAGE + 1,
    )  # fmt: skip
    shown = found[:PAGE]
    return flask.render_template(
        "sales/index.html",
        deals=shown,
        told=outlook.outlook(engine, agent=me, now=now),
        asked=asked,
        more=shelves.more("sales.index", FILTERS, after=shown[-1].deal.id) if len(found) > PAGE else "",
    )
