"""The page of packs: shipped processes with their variants as one zip file, and such a file into this house."""

from collections.abc import Sequence

import flask

from engine import errors, files
from engine.model.problem import Problem
from engine.variants import packs
from web.ui import door, language, visitor

blueprint = flask.Blueprint("packs", __name__, url_prefix="/packs")
MOST = 200


@blueprint.get("")
@door.needs("process.draw")
def show() -> flask.typing.ResponseReturnValue:
    return _page()


@blueprint.get("/file")
@door.needs("process.draw")
def file() -> flask.typing.ResponseReturnValue:
    """Never shown by the browser."""
    keys = flask.request.args.getlist("key")[:MOST]
    if not keys:
        return _page(language.t("packs.none_chosen")), 422
    try:
        made = packs.collect(files.shipped("processes"), keys)
    except errors.NotFound as error:
        return _page(language.said(error.text)), error.status
    answer = flask.Response(packs.write(made), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{made.processes[0]}.zip")
    return answer


@blueprint.post("")
@door.needs("process.release")
def install() -> flask.typing.ResponseReturnValue:
    """Whatever is wrong with the file is told by its place, and nothing of it is installed."""
    sent = flask.request.files.get("pack")
    if sent is None or not sent.filename:
        return _page(language.t("designer.no_file")), 422
    try:
        held = packs.read(sent.read(), file=sent.filename[:200])
        done = packs.install(visitor.engine(), pack=held, agent=visitor.me(), now=visitor.now())
    except errors.Invalid as error:
        return _page(language.said(error.text), error.problems), error.status
    except (errors.TooLarge, errors.Conflict, errors.NotFound) as error:
        return _page(language.said(error.text)), error.status
    words = language.t("packs.installed", n=len(done.processes), variants=len(done.variants))
    flask.flash(words, "good")
    return flask.redirect(flask.url_for("processes.index"), 303)


def _page(wrong: str = "", problems: Sequence[Problem] = ()) -> str:
    offered = packs.offered(files.shipped("processes"))
    return flask.render_template("designer/packs.html", offered=offered, wrong=wrong, problems=problems)
