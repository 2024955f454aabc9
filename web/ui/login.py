"""Signing in and out, and the language switch. Everything else stands behind this door."""

from urllib.parse import urlsplit

import flask

from engine import errors
from engine.model.text import LOCALES
from engine.people import login, rights, sessions, users
from web.ui import language, visitor

blueprint = flask.Blueprint("login", __name__)
OPEN = {"login.show", "login.enter", "login.switch", "static", "shell.worker", "shell.manifest", "shell.none"}
ASKED_BY_SCRIPTS = {"offline.pack", "offline.send"}
"""Answered with 401, for the page says itself that one has to sign in again."""


def recognise() -> flask.typing.ResponseReturnValue | None:
    """Before every request: who is it? Strangers are sent to the login and come back afterwards."""
    if flask.request.endpoint == "static":
        return None
    token = flask.session.get(visitor.COOKIE)
    if token:
        flask.g.agent = sessions.find(visitor.engine(), token=token, now=visitor.now())
    if visitor.agent() is not None or flask.request.endpoint in OPEN or flask.request.endpoint is None:
        return None
    if flask.request.endpoint in ASKED_BY_SCRIPTS:
        return {"state": "signed_out", "text": language.t("offline.signed_out")}, 401
    wanted = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else ""
    return flask.redirect(flask.url_for("login.show", next=wanted or None))


@blueprint.get("/login")
def show() -> flask.typing.ResponseReturnValue:
    if visitor.agent() is not None:
        return flask.redirect(flask.url_for("login.home"))
    return flask.render_template("login.html", key="", error="", next=_inside(flask.request.args.get("next", "")))


@blueprint.post("/login")
def enter() -> flask.typing.ResponseReturnValue:
    form = flask.request.form
    key, wanted = form.get("key", "")[:100], _inside(form.get("next", ""))
    try:
        agent = login.authenticate(
            visitor.engine(),
            key=key,
            password=form.get("password", "")[:1000],
            now=visitor.now(),
            source=flask.request.remote_addr or "",
        )
    except errors.Forbidden as error:
        page = flask.render_template("login.html", key=key, error=language.said(error.text), next=wanted)
        return page, 403
    # A new session for a new identity: what a stranger may have planted in the old one is gone.
    flask.session.clear()
    flask.session[visitor.COOKIE] = sessions.begin(visitor.engine(), agent=agent, now=visitor.now())
    flask.g.agent = agent
    wrong = login.wrong_ones(visitor.engine(), agent=agent, source=flask.request.remote_addr or "")
    if wrong is not None:
        where, when = wrong.place, language.when(wrong.at)
        flask.flash(language.t("login.wrong_ones", n=wrong.count, when=when, where=where), "warn")
    return flask.redirect(wanted or flask.url_for("login.home"), 303)


@blueprint.post("/logout")
def leave() -> flask.typing.ResponseReturnValue:
    sessions.end(visitor.engine(), token=flask.session[visitor.COOKIE])
    locale = language.locale()
    flask.session.clear()
    flask.session["locale"] = locale
    return flask.redirect(flask.url_for("login.show"), 303)


@blueprint.post("/language")
def switch() -> flask.typing.ResponseReturnValue:
    """Stays on the page that it was pressed on."""
    wanted = flask.request.form.get("locale", "")
    if wanted not in LOCALES:
        flask.abort(400)
    agent = visitor.agent()
    if agent is not None:
        users.set_locale(visitor.engine(), locale=wanted, agent=agent)
    flask.session["locale"] = wanted
    return flask.redirect(_inside(flask.request.form.get("next", "")) or flask.url_for("login.home"), 303)


@blueprint.get("/")
def home() -> flask.typing.ResponseReturnValue:
    """Where each role begins its day: admins at the matrix, others with their work."""
    agent = visitor.me()
    page = "matrix.show" if "admin" in agent.roles else "inbox.show"
    return flask.redirect(flask.url_for(page if rights.may(agent, "task.work") else "processes.index"))


def _inside(address: str) -> str:
    """``address`` when it is a page of this house, else nothing: a login must not send people elsewhere."""
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if safe and "\\" not in address and address.isprintable() else ""
