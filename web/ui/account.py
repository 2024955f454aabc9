"""One's own account: who I am here, and another password."""

import flask

from engine import errors
from engine.people import groups, users
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


def _page(wrong: dict[str, list[str]]) -> str:
    names = groups.names(visitor.engine(), language.locale())
    return flask.render_template("account.html", errors=wrong, groups=names)
