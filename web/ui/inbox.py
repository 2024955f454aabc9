"""The inbox: lists by urgency, one task beside them; claim, release, complete, and drafts as one types."""

from typing import Any

import flask
import markupsafe

from engine import errors
from engine.inbox import act, listing, verbs
from engine.people import rights
from web.ui import door, filling, known, language, sheet, tasks, visitor
from web.ui.shelves import SHELVES, Shelf

blueprint = flask.Blueprint("inbox", __name__)


def waiting() -> int:
    """The number beside the inbox in the navigation."""
    agent = visitor.agent()
    if agent is None or not rights.may(agent, "task.work"):
        return 0
    return tasks.counts().mine


@blueprint.get("/inbox")
@blueprint.get("/inbox/<shelf>")
@door.needs("task.work")
def show(shelf: str = "mine") -> flask.typing.ResponseReturnValue:
    if shelf not in SHELVES:
        flask.abort(404)
    return page(Shelf.asked(shelf), None)


@blueprint.get("/tasks/<item_id>")
@door.needs("task.work")
def task(item_id: str) -> flask.typing.ResponseReturnValue:
    detail = detail_of(item_id)
    return page(Shelf.asked(shelf_of(detail)), tasks.Open(detail))


@blueprint.post("/tasks/<item_id>")
@door.needs("task.work")
def complete(item_id: str) -> flask.typing.ResponseReturnValue:
    """Completes, saves a draft, or changes the rows of the form, by the button that was pressed."""
    detail = detail_of(item_id)
    shelf = Shelf.asked(shelf_of(detail))
    data, refused = tasks.sent(detail)
    pressed = flask.request.form.get("do", "")
    if pressed.startswith(("add:", "remove:")):
        return page(shelf, tasks.Open(detail, data=tasks.rows_changed(data, pressed)))
    if refused:
        return page(shelf, tasks.Open(detail, data=data, problems=refused)), 422
    if pressed in ("draft", filling.KEEP):
        return _draft(item_id, detail, data, shelf)
    following = tasks.following(shelf, item_id)
    try:
        act.complete(visitor.engine(), work_item_id=item_id, data=data, agent=visitor.me(), now=visitor.now())
    except errors.Invalid as error:
        return page(shelf, tasks.Open(detail, data=data, problems=error.problems)), 422
    except errors.Conflict as error:
        if tasks.done_by_me(error):
            # The second press of a double click: it is done, and that is what was wanted.
            return _on(shelf, detail, following)
        return page(shelf, tasks.Open(detail_of(item_id), data=data, conflict=tasks.who(error), kept=True)), 409
    return _on(shelf, detail, following)


@blueprint.post("/tasks/<item_id>/draft")
@door.needs("task.work")
def draft(item_id: str) -> flask.typing.ResponseReturnValue:
    """As one types, from web/static/js/draft.js."""
    data = tasks.typed(tasks.sent(detail_of(item_id))[0], detail_of(item_id))
    act.save_draft(visitor.engine(), work_item_id=item_id, data=data, agent=visitor.me(), now=visitor.now())
    return "", 204


@blueprint.post("/tasks/<item_id>/claim")
@door.needs("task.work")
def claim(item_id: str) -> flask.typing.ResponseReturnValue:
    try:
        act.claim(visitor.engine(), work_item_id=item_id, agent=visitor.me(), now=visitor.now())
    except errors.Conflict as error:
        detail = detail_of(item_id)
        return page(Shelf.asked(shelf_of(detail)), tasks.Open(detail, conflict=tasks.who(error))), 409
    flask.flash(language.t("inbox.claimed"), "good")
    return flask.redirect(flask.url_for("inbox.task", item_id=item_id, shelf="mine"), 303)


@blueprint.post("/tasks/<item_id>/release")
@door.needs("task.work")
def release(item_id: str) -> flask.typing.ResponseReturnValue:
    act.release(visitor.engine(), work_item_id=item_id, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("inbox.released"), "good")
    return flask.redirect(flask.url_for("inbox.show", shelf="mine"), 303)


def _draft(
    item_id: str, detail: listing.Detail, data: dict[str, Any], shelf: Shelf
) -> flask.typing.ResponseReturnValue:
    kept = tasks.typed(data, detail)
    try:
        act.save_draft(visitor.engine(), work_item_id=item_id, data=kept, agent=visitor.me(), now=visitor.now())
    except errors.Conflict as error:
        return page(shelf, tasks.Open(detail_of(item_id), data=data, conflict=tasks.who(error), kept=True)), 409
    flask.flash(language.t("inbox.draft_saved"), "good")
    return flask.redirect(shelf.address(item_id), 303)


def _on(shelf: Shelf, detail: listing.Detail, following: str) -> flask.typing.ResponseReturnValue:
    """The next task opens by itself; when none is left the list says so. What was done may be taken back at once."""
    tell_done(detail.row.item.id, tasks.title(detail.row.item))
    return flask.redirect(shelf.address(following), 303)


def tell_done(item_id: str, title: str) -> None:
    told = flask.render_template("inbox/done.html", title=title, item_id=item_id)
    flask.flash(markupsafe.Markup(told), "good")


def detail_of(item_id: str) -> listing.Detail:
    return listing.get(visitor.engine(), work_item_id=item_id, agent=visitor.me(), now=visitor.now())


def shelf_of(detail: listing.Detail) -> str:
    """The list that a task stands in, when the address does not say."""
    asked = flask.request.args.get("shelf", "")
    if asked in SHELVES:
        return asked
    item, me = detail.row.item, visitor.me().key
    if item.status != "open":
        return "done"
    return "mine" if item.assignee == me else "open"


def page(
    shelf: Shelf,
    opened: tasks.Open | None,
    *,
    failed: verbs.Verb | None = None,
    error: errors.CrmflowError | None = None,
) -> str:
    """``failed``: the verb that was refused, and why; its form is open with what was typed."""
    found = shelf.page(after=flask.request.args.get("after", "")[:400])
    if opened is not None and not opened.in_list(found):
        opened.beside = True
    return flask.render_template(
        "inbox/show.html",
        shelf=shelf.name,
        shelves=SHELVES,
        counts=tasks.shelf_counts(),
        rows=tasks.lines(found.rows, shelf, opened),
        more=shelf.list_address(after=found.cursor) if found.cursor else "",
        filters=shelf.filters,
        filtered=shelf.filtered,
        processes=tasks.process_choices(),
        colleagues=[pair for pair in known.Lookups().people("") if pair[0] != visitor.me().key],
        groups=tasks.group_choices(),
        open=opened,
        sheet=sheet.Sheet(opened, failed, error) if opened else None,
        shelf_state=shelf,
    )
