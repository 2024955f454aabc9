"""What one has to say about a page: written from any page, answered by who owns its process or runs the house."""

import flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from engine import errors, records
from engine.inbox import refusals
from engine.people import rights, scope
from engine.runtime import ids
from engine.watch import feedback
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("feedback", __name__, url_prefix="/feedback")
PAGE = 50


@blueprint.get("")
@door.needs("case.see")
def show() -> flask.typing.ResponseReturnValue:
    """``page``: where one comes from."""
    return _page(flask.request.args.get("page", ""))


@blueprint.post("")
@door.needs("case.see")
def say() -> flask.typing.ResponseReturnValue:
    form = flask.request.form
    page = form.get("page", "")[: feedback.LONGEST_PAGE + 1]
    place = about(page) if form.get("with_page") == "1" else feedback.About()
    try:
        feedback.say(visitor.engine(), text=form.get("text", ""), about=place, agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.TooLarge) as error:
        return _page(page, error, form.get("text", "")), error.status
    flask.flash(language.t("feedback.thanks"), "good")
    return flask.redirect(flask.url_for("feedback.show"), 303)


@blueprint.get("/all")
@door.needs("case.see")
def listed() -> flask.typing.ResponseReturnValue:
    """For who owns processes and for administrators."""
    return _listed()


@blueprint.post("/<feedback_id>/answer")
@door.needs("case.see")
def answer(feedback_id: str) -> flask.typing.ResponseReturnValue:
    text = flask.request.form.get("text", "")
    try:
        feedback.answer(visitor.engine(), feedback_id=feedback_id, text=text, agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.TooLarge, errors.Conflict) as error:
        return _listed(feedback_id, error, text), error.status
    flask.flash(language.t("feedback.answered"), "good")
    return flask.redirect(flask.url_for("feedback.listed"), 303)


def unseen() -> int:
    """Answers to what I said that I have not looked at."""
    return feedback.unseen(visitor.engine(), agent=visitor.me())


def about(page: str) -> feedback.About:
    """The case, process and step that an address of the pages is about, as far as the visitor may see them."""
    path = page.partition("?")[0]
    try:
        _, found = flask.current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        found = {}
    item = _item(str(found.get("item_id", "")))
    case = item.instance_id if item else str(found.get("instance_id", ""))
    key = str(found.get("key", ""))
    with visitor.engine().store.reading() as tx:
        if case and not scope.sees(tx, instance_id=case, agent=visitor.me()):
            item, case = None, ""
    return feedback.About(
        page=page if page.startswith("/") and not page.startswith("//") else "",
        process=key if key in known.processes() else "",
        node=item.node if item else "",
        instance_id=case,
    )


def _item(item_id: str) -> records.WorkItem | None:
    try:
        instance_id, wait = ids.split(item_id, missing=refusals.unknown(item_id))
    except errors.NotFound:
        return None
    with visitor.engine().store.reading() as tx:
        return tx.waits.work_item(instance_id, wait)


def _page(page: str, error: errors.CrmflowError | None = None, text: str = "") -> str:
    engine, me = visitor.engine(), visitor.me()
    before = flask.request.args.get("before", "")[:64]
    found = feedback.mine(engine, agent=me, before=before, limit=PAGE + 1)
    new = {one.id for one in found if one.answered_at and not one.seen_at}
    feedback.see(engine, agent=me, now=visitor.now())
    return flask.render_template(
        "inbox/feedback.html",
        page=page,
        text=text,
        wrong=language.said(error.text) if error else "",
        found=found[:PAGE],
        new=new,
        more=flask.url_for("feedback.show", before=found[PAGE - 1].id) if len(found) > PAGE else "",
        answers=answers(),
    )


def _listed(wrong_at: str = "", error: errors.CrmflowError | None = None, text: str = "") -> str:
    asked = flask.request.args
    open_only = asked.get("all") != "1"
    found = feedback.listed(
        visitor.engine(),
        agent=visitor.me(),
        unanswered=open_only,
        before=asked.get("before", "")[:64],
        limit=PAGE + 1,
    )
    more = (
        flask.url_for("feedback.listed", before=found[PAGE - 1].id, all=asked.get("all")) if len(found) > PAGE else ""
    )
    return flask.render_template(
        "inbox/feedback_all.html",
        found=found[:PAGE],
        open_only=open_only,
        more=more,
        wrong_at=wrong_at,
        wrong=language.said(error.text) if error else "",
        text=text,
    )


def answers() -> bool:
    """Whether the visitor has anything to answer."""
    me = visitor.me()
    return rights.may(me, "operations.see") or bool(feedback.owned(visitor.engine(), agent=me))
