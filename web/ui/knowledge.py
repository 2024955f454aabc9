"""Knowledge articles: searched, read, said to be of use or not."""

import flask

from engine.domain import library
from web.ui import door, language, shelves, visitor

blueprint = flask.Blueprint("knowledge", __name__, url_prefix="/knowledge")
PAGE = 50
FILTERS = ("q", "status")


@blueprint.get("")
@door.needs("customer.see")
def index() -> flask.typing.ResponseReturnValue:
    asked = flask.request.args
    found = library.search(
        visitor.engine(), agent=visitor.me(), now=visitor.now(), text=asked.get("q", ""),
        status=asked.get("status", ""), after=asked.get("after", ""), limit=PAGE + 1,
    )  # fmt: skip
    shown, goes_on = found[:PAGE], len(found) > PAGE and not asked.get("q", "").strip()
    return flask.render_template(
        "knowledge/index.html",
        found=shown,
        states=library.STATES,
        asked=asked,
        more=shelves.more("knowledge.index", FILTERS, after=shown[-1].article.key) if goes_on else "",
    )


@blueprint.get("/<key>")
@door.needs("customer.see")
def show(key: str) -> flask.typing.ResponseReturnValue:
    found = library.get(visitor.engine(), key=key, agent=visitor.me(), now=visitor.now())
    return flask.render_template("knowledge/show.html", found=found, article=found.article)


@blueprint.post("/<key>/rating")
@door.needs("customer.see")
def rate(key: str) -> flask.typing.ResponseReturnValue:
    useful = flask.request.form.get("useful") == "yes"
    library.rate(visitor.engine(), key=key, useful=useful, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("knowledge.rated"), "good")
    return flask.redirect(flask.url_for("knowledge.show", key=key), 303)
