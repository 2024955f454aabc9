"""Access tokens of programs: issued here, shown once, taken back here. One's own; anybody's for an administrator."""

from datetime import timedelta

import flask

from engine import errors
from engine.people import api_tokens, rights, users
from web.ui import door, language, visitor

blueprint = flask.Blueprint("tokens", __name__, url_prefix="/tokens")

DAYS = (30, 90, 365)


@blueprint.get("/<person>")
@door.needs("api.use")
def show(person: str) -> flask.typing.ResponseReturnValue:
    return _page(person)


@blueprint.post("/<person>")
@door.needs("api.use")
def issue(person: str) -> flask.typing.ResponseReturnValue:
    """The token stands in this answer only: neither its address nor the session keeps it."""
    sent = flask.request.form
    days = sent.get("days", type=int)
    try:
        token, _ = api_tokens.issue(
            visitor.engine(),
            person=person,
            name=sent.get("name", ""),
            scopes=tuple(sent.getlist("scopes")),
            agent=visitor.me(),
            now=visitor.now(),
            expires_at=visitor.now() + timedelta(days=days) if days in DAYS else None,
        )
    except errors.Invalid as error:
        return _page(person, wrong=language.said(error.text)), 422
    return _page(person, token=token)


@blueprint.post("/<person>/<token_id>/revoke")
@door.needs("api.use")
def revoke(person: str, token_id: str) -> flask.typing.ResponseReturnValue:
    held = api_tokens.held(visitor.engine(), person=person, agent=visitor.me())
    found = next((row for row in held if row.id == token_id), None)
    if found is None:
        flask.abort(404)
    api_tokens.revoke(visitor.engine(), token_sha256=found.token_sha256, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("tokens.revoked", name=found.name or token_id), "good")
    return flask.redirect(flask.url_for("tokens.show", person=person), 303)


def _page(person: str, *, token: str = "", wrong: str = "") -> str:
    me = visitor.me()
    held = api_tokens.held(visitor.engine(), person=person, agent=me)
    name = users.names(visitor.engine()).get(person, person)
    return flask.render_template(
        "tokens/show.html",
        person=person,
        name=name,
        held=held,
        token=token,
        wrong=wrong,
        days=DAYS,
        scopes=api_tokens.SCOPES,
        now=visitor.now(),
        others=person != me.key and rights.may(me, "people.manage"),
    )
