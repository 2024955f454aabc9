"""How the engine itself is doing: what failed, what waits, and when something is due next."""

from datetime import timedelta

import flask

from engine.runtime import instances
from web.ui import door, known, visitor

blueprint = flask.Blueprint("operations", __name__, url_prefix="/operations")
SHOWN = 50
LATE = timedelta(minutes=2)
"""Something due that nobody has taken for this long: the dispatcher does not tick."""


@blueprint.get("")
@door.needs("operations.see")
def show() -> flask.typing.ResponseReturnValue:
    engine = visitor.engine()
    troubled = instances.search(engine, query=instances.Query(incidents=True), limit=SHOWN)
    with engine.store.reading() as tx:
        incidents = [
            (case, known.customer(case.customer_id), incident, tx.programs.get(case.program))
            for case in troubled
            for incident in tx.waits.incidents(case.id)
        ]
        next_due = tx.due.next()
    late = next_due is not None and visitor.now() - next_due > LATE
    return flask.render_template(
        "operations/show.html",
        incidents=[
            (case, customer, incident, _step(program, incident.node)) for case, customer, incident, program in incidents
        ],
        next_due=next_due,
        late=late,
        settings=engine.settings,
        database=engine.settings.database.partition(":")[0].partition("+")[0],
    )


def _step(program: object, node: str) -> object:
    for found in getattr(program, "nodes", ()):
        if found.id == node:
            return found.texts or found.name or node
    return node
