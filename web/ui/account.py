"""One's own account: who I am here, and another password."""

import flask

from engine import errors
from engine.people import groups, shortcuts, users
from web.ui import language, visitor

blueprint = flask.Blueprint("account", __name__)


@blueprint.get("/account")
def show() -> flask.typing.ResponseReturnValue:
    return _page({})


@blueprint.post("/account/password")
def change() -> flask.typing.ResponseReturnValue:
    form = flask.request.form
    try:
        users.change_password(
            visitor.engine(), old=form.get("old", ""), new=form.get("password", ""), agent=visitor.me()
        )
    except errors.Invalid as error:
        wrong: dict[str, list[str]] = {}
        for problem in error.problems:
            wrong.setdefault(problem.pointer.strip("/"), []).append(language.said(problem.text))
        return _page(wrong), 422
    locale = language.locale()
    flask.session.clear()
    flask.session["locale"] = locale
    flask.flash(language.t("account.changed"), "good")
    return flask.redirect(flask.url_for("login.show"), 303)


@blueprint.get("/account/keys")
def keys() -> flask.typing.ResponseReturnValue:
    return _keys(shortcuts.chosen(visitor.me()), shortcuts.OFF not in dict(visitor.me().shortcuts), {})


@blueprint.post("/account/keys")
def change_keys() -> flask.typing.ResponseReturnValue:
    """``do``: ``save``, or ``shipped``: all as they came."""
    form = flask.request.form
    shipped = form.get("do") == "shipped"
    typed = {} if shipped else {command: form.get(command, "").strip() for command in shortcuts.DEFAULTS}
    on = shipped or "on" in form
    try:
        shortcuts.change(visitor.engine(), keys=typed, on=on, agent=visitor.me())
    except errors.Invalid as error:
        wrong = {one.pointer.rpartition("/")[2]: language.said(one.text) for one in error.problems}
        return _keys(typed, on, wrong), 422
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("account.keys"), 303)


def _keys(typed: dict[str, str], on: bool, wrong: dict[str, str]) -> str:
    return flask.render_template("account_keys.html", keys=typed, on=on, wrong=wrong)


def _page(wrong: dict[str, list[str]]) -> str:
    names = groups.names(visitor.engine(), language.locale())
    return flask.render_template("account.html", errors=wrong, groups=names)
