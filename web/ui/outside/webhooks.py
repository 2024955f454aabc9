"""Webhooks: who is told, the secret once, and the log of what was sent with its replay."""

from datetime import timedelta

import flask

from engine import errors
from engine.webhooks import events, keep
from web.ui import door, language, visitor
from web.ui.outside import fields
from web.ui.outside.fields import Field

blueprint = flask.Blueprint("webhooks", __name__, url_prefix="/outside/webhooks")

SHOWN = 50
OVERLAP = timedelta(hours=24)
FIELDS = (
    Field("name", needed=True),
    Field("url", needed=True),
    Field("events", "lines"),
    Field("processes", "lines"),
    Field("groups", "lines"),
    Field("with_data", "check"),
)


@blueprint.get("/new")
@door.needs("outside.manage")
def new() -> flask.typing.ResponseReturnValue:
    usual = {"url": "https://", "events": ["instance.*", "task.*", "incident.*"]}
    return _form(fields.shown(FIELDS, usual), {})


@blueprint.post("/new")
@door.needs("outside.manage")
def add() -> flask.typing.ResponseReturnValue:
    """The secret stands in this answer only."""
    try:
        made, secret = keep.add(visitor.engine(), draft=_draft(), agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.Conflict) as error:
        return _form(fields.sent(FIELDS), fields.wrong(error, FIELDS)), error.status
    return _page(made.id, secret=secret)


@blueprint.get("/<webhook_id>")
@door.needs("outside.manage")
def show(webhook_id: str) -> flask.typing.ResponseReturnValue:
    return _page(webhook_id)


@blueprint.post("/<webhook_id>")
@door.needs("outside.manage")
def change(webhook_id: str) -> flask.typing.ResponseReturnValue:
    keep.get(visitor.engine(), webhook_id=webhook_id, agent=visitor.me())
    try:
        keep.change(visitor.engine(), webhook_id=webhook_id, draft=_draft(), agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.Conflict) as error:
        return _page(webhook_id, values=fields.sent(FIELDS), wrong=fields.wrong(error, FIELDS)), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("webhooks.show", webhook_id=webhook_id), 303)


@blueprint.post("/<webhook_id>/rotate")
@door.needs("outside.manage")
def rotate(webhook_id: str) -> flask.typing.ResponseReturnValue:
    _, secret = keep.rotate(
        visitor.engine(), webhook_id=webhook_id, overlap=OVERLAP, agent=visitor.me(), now=visitor.now()
    )
    return _page(webhook_id, secret=secret)


@blueprint.post("/<webhook_id>/<deed>")
@door.needs("outside.manage")
def act(webhook_id: str, deed: str) -> flask.typing.ResponseReturnValue:
    """One of stop, start, test, replay, drop."""
    engine, me, now = visitor.engine(), visitor.me(), visitor.now()
    if deed == "stop":
        keep.stop(engine, webhook_id=webhook_id, agent=me, now=now)
    elif deed == "start":
        keep.go_on(engine, webhook_id=webhook_id, agent=me, now=now)
    elif deed == "test":
        keep.test(engine, webhook_id=webhook_id, agent=me, now=now)
    elif deed == "replay":
        one = flask.request.form.get("delivery", "")
        keep.replay(engine, webhook_id=webhook_id, delivery_id=one, agent=me, now=now)
    elif deed == "drop":
        keep.drop(engine, webhook_id=webhook_id, agent=me, now=now)
        flask.flash(language.t("outside.webhook_dropped"), "good")
        return flask.redirect(flask.url_for("outside.index"), 303)
    else:
        flask.abort(404)
    flask.flash(language.t(f"outside.done_{deed}"), "good")
    return flask.redirect(flask.url_for("webhooks.show", webhook_id=webhook_id), 303)


def _draft() -> keep.Draft:
    found = fields.read(FIELDS)
    return keep.Draft(
        name=found.get("name", ""),
        url=found.get("url", ""),
        events=tuple(found.get("events", ())),
        processes=tuple(found.get("processes", ())),
        groups=tuple(found.get("groups", ())),
        with_data=bool(found.get("with_data")),
    )


def _form(values: dict[str, str], wrong: dict[str, list[str]]) -> str:
    return flask.render_template(
        "outside/form.html",
        title=language.t("outside.new_webhook"),
        lead=language.t("outside.events_lead", names=language.t("app.list_join").join(events.TYPES)),
        fields=FIELDS,
        values=values,
        wrong=wrong,
        action=flask.url_for("webhooks.add"),
        drop="",
    )


def _page(
    webhook_id: str,
    *,
    secret: str = "",
    values: dict[str, str] | None = None,
    wrong: dict[str, list[str]] | None = None,
) -> str:
    engine, me = visitor.engine(), visitor.me()
    one = keep.get(engine, webhook_id=webhook_id, agent=me)
    status = flask.request.args.get("status", "")
    log = keep.deliveries(
        engine,
        webhook_id=webhook_id,
        status=status if status in keep.STATUSES else "",
        after=flask.request.args.get("after", ""),
        limit=SHOWN,
        agent=me,
    )
    kept = one.webhook
    stand = {name: getattr(kept, name) for name in ("name", "url", "events", "processes", "groups")}
    stand["with_data"] = "true" if kept.with_data else ""
    more = (
        flask.url_for("webhooks.show", webhook_id=webhook_id, status=status, after=log[-1].id)
        if len(log) == SHOWN
        else ""
    )
    return flask.render_template(
        "outside/webhook.html",
        one=kept,
        counts=one.counts,
        log=log,
        more=more,
        status=status,
        statuses=("", *keep.STATUSES),
        secret=secret,
        fields=FIELDS,
        values=values or fields.shown(FIELDS, stand),
        wrong=wrong or {},
    )
