"""One page for all of it, and what needs no page of its own: openings; and credentials."""

import flask

from engine import errors
from engine.connectors import keep as connectors
from engine.trust import credentials, deeds, openings
from engine.webhooks import keep as webhooks
from web.ui import door, language, visitor
from web.ui.outside import fields
from web.ui.outside.fields import Field

blueprint = flask.Blueprint("outside", __name__, url_prefix="/outside")
DEEDS = 20


@blueprint.get("")
@door.needs("outside.manage")
def index() -> flask.typing.ResponseReturnValue:
    return _index()


def _index(*, place: str = "", note: str = "", wrong: str = "") -> str:
    engine, me = visitor.engine(), visitor.me()
    return flask.render_template(
        "outside/index.html",
        webhooks=webhooks.all_of(engine, agent=me),
        connectors=connectors.all_of(engine, agent=me),
        templates=connectors.templates(engine, agent=me),
        credentials=credentials.all_of(engine, agent=me),
        openings=openings.all_of(engine, agent=me),
        deeds=deeds.listed(engine, agent=me, limit=DEEDS),
        place=place,
        note=note,
        wrong=wrong,
    )


@blueprint.post("/openings")
@door.needs("outside.manage")
def open_place() -> flask.typing.ResponseReturnValue:
    place, note = flask.request.form.get("place", ""), flask.request.form.get("note", "")
    try:
        openings.add(visitor.engine(), place=place, note=note, agent=visitor.me(), now=visitor.now())
    except errors.Invalid as error:
        return _index(place=place, note=note, wrong=language.said(error.text)), 422
    flask.flash(language.t("outside.opened", place=place.strip()), "good")
    return flask.redirect(flask.url_for("outside.index") + "#openings", 303)


@blueprint.post("/openings/close")
@door.needs("outside.manage")
def close_place() -> flask.typing.ResponseReturnValue:
    place = flask.request.form.get("place", "")
    openings.drop(visitor.engine(), place=place, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("outside.closed", place=place), "good")
    return flask.redirect(flask.url_for("outside.index") + "#openings", 303)


# --- credentials ---------------------------------------------------------------------------------------------------


def _fields(new: bool) -> list[Field]:
    kinds = [(kind, language.t(f"outside.kind_{kind}")) for kind in ("bearer", "basic", "header")]
    return [
        *([Field("name", needed=True)] if new else []),
        Field("kind", "choice", needed=True, options=kinds),
        Field("user"),
        Field("hosts", "lines", needed=True),
        Field("secret", "secret", needed=new),
        Field("note"),
    ]


@blueprint.get("/credentials/new")
@door.needs("outside.manage")
def new_credential() -> flask.typing.ResponseReturnValue:
    return _credential(None, fields.shown(_fields(True), {"kind": "bearer"}), {})


@blueprint.post("/credentials/new")
@door.needs("outside.manage")
def add_credential() -> flask.typing.ResponseReturnValue:
    name = flask.request.form.get("name", "").strip()
    try:
        credentials.add(
            visitor.engine(),
            name=name,
            draft=_draft(),
            secret=flask.request.form.get("secret", ""),
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict) as error:
        found = fields.wrong(error, _fields(True))
        if error.code == "name_invalid":
            found = {"name": found[""]}
        return _credential(None, fields.sent(_fields(True)), found), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("outside.index") + "#credentials", 303)


@blueprint.get("/credentials/<name>")
@door.needs("outside.manage")
def credential(name: str) -> flask.typing.ResponseReturnValue:
    kept = credentials.get(visitor.engine(), name=name, agent=visitor.me())
    values = {"kind": kept.kind, "user": kept.user, "hosts": kept.hosts, "note": kept.note}
    return _credential(name, fields.shown(_fields(False), values), {})


@blueprint.post("/credentials/<name>")
@door.needs("outside.manage")
def change_credential(name: str) -> flask.typing.ResponseReturnValue:
    """With a secret it is rotated; without one everything else changes."""
    secret = flask.request.form.get("secret", "")
    try:
        if secret:
            credentials.rotate(
                visitor.engine(), name=name, secret=secret, draft=_draft(), agent=visitor.me(), now=visitor.now()
            )
        else:
            credentials.change(visitor.engine(), name=name, draft=_draft(), agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.Conflict) as error:
        sent = {**fields.sent(_fields(False)), "secret": ""}
        return _credential(name, sent, fields.wrong(error, _fields(False))), error.status
    flask.flash(language.t("outside.rotated" if secret else "app.saved"), "good")
    return flask.redirect(flask.url_for("outside.index") + "#credentials", 303)


@blueprint.post("/credentials/<name>/drop")
@door.needs("outside.manage")
def drop_credential(name: str) -> flask.typing.ResponseReturnValue:
    credentials.drop(visitor.engine(), name=name, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("outside.dropped", name=name), "good")
    return flask.redirect(flask.url_for("outside.index"), 303)


def _draft() -> credentials.Draft:
    found = fields.read(_fields(False))
    kind = found.get("kind", "")
    return credentials.Draft(
        kind=kind if kind in ("basic", "header") else "bearer",
        user=found.get("user", ""),
        hosts=tuple(found.get("hosts", ())),
        note=found.get("note", ""),
    )


def _credential(name: str | None, values: dict[str, str], wrong: dict[str, list[str]]) -> str:
    values["secret"] = ""
    return flask.render_template(
        "outside/form.html",
        title=name or language.t("outside.new_credential"),
        lead=language.t("outside.credential_lead"),
        fields=_fields(name is None),
        values=values,
        wrong=wrong,
        action=flask.url_for("outside.change_credential", name=name)
        if name
        else flask.url_for("outside.add_credential"),
        drop=flask.url_for("outside.drop_credential", name=name) if name else "",
        used_as=("credential", name),
        held_by=_connectors(name) if name else [],
    )


def _connectors(credential: str) -> list[str]:
    """Names of those that log in with it, used by a process or not."""
    found = connectors.all_of(visitor.engine(), agent=visitor.me())
    return [one.name for one in found if one.settings.get("credential") == credential]
