"""How the engine itself is doing: whether it ticks, what waits, what stands still and why, and what failed."""

from itertools import islice

import flask

from engine.analytics import wording
from engine.runtime import incidents
from engine.watch import health, stuck
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("operations", __name__, url_prefix="/operations")
SHOWN = 100
MOST_AT_ONCE = 200


@blueprint.get("")
@door.needs("operations.see")
def show() -> flask.typing.ResponseReturnValue:
    engine, me, now = visitor.engine(), visitor.me(), visitor.now()
    found = stuck.stuck(engine, agent=me, now=now, limit=SHOWN)
    return flask.render_template(
        "operations/show.html",
        health=health.of(engine, agent=me, now=now),
        stuck=[(one, known.customer(_customer(one.instance_id)), _step(one)) for one in islice(found, SHOWN)],
        failed=[one.incident for one in found if one.incident],
        settings=engine.settings,
        database=engine.settings.database.partition(":")[0].partition("+")[0],
    )


@blueprint.post("/retry")
@door.needs("incident.mend")
def retry() -> flask.typing.ResponseReturnValue:
    """Those that were chosen; what could not be tried is told, one by one."""
    chosen = flask.request.form.getlist("incident")[:MOST_AT_ONCE]
    done = incidents.retry_all(visitor.engine(), incident_ids=chosen, agent=visitor.me(), now=visitor.now())
    tried = sum(one.error is None for one in done)
    if not done:
        flask.flash(language.t("operations.none_chosen"), "bad")
    elif tried:
        flask.flash(language.t("operations.retried_many", n=tried), "good")
    for one in done:
        if one.error is not None:
            flask.flash(language.said(one.error), "bad")
    return flask.redirect(flask.url_for("operations.show"), 303)


def _customer(instance_id: str) -> str | None:
    with visitor.engine().store.reading() as tx:
        instance = tx.instances.get(instance_id)
    return instance.customer_id if instance else None


def _step(one: stuck.Stuck) -> str:
    if not one.node:
        return ""
    with visitor.engine().store.reading() as tx:
        instance = tx.instances.get(one.instance_id)
        words = wording.Wording(tx, instance, {}, ()) if instance else None
    return language.said(words.waiting(one.wait).step(one.node)) if words else one.node
