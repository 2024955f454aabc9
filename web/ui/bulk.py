"""What is done with several chosen tasks of a list at once, and opening them one after another."""

import flask

from engine import errors
from engine.inbox import bulk
from web.ui import door, language, tasks, visitor
from web.ui.shelves import SHELVES, Shelf

blueprint = flask.Blueprint("bulk", __name__)
TOLD = 10
"""Refusals that are told one by one."""


@blueprint.post("/inbox/<shelf>/bulk")
@door.needs("task.work")
def do(shelf: str) -> flask.typing.ResponseReturnValue:
    if shelf not in SHELVES:
        flask.abort(404)
    sent = flask.request.form
    chosen = Shelf.asked(shelf)
    named = tuple(sent.getlist("ids"))[: bulk.MOST]
    verb = sent.get("do", "")
    if verb == "open" and named:
        return flask.redirect(chosen.in_a_row(named), 303)
    if verb not in bulk.VERBS:
        flask.flash(language.t("bulk.nothing"), "warn")
        return flask.redirect(chosen.list_address(), 303)
    titles = {row.item.id: tasks.title(row.item) for row in chosen.page().rows}
    due_at = language.typed_moment(sent.get("due_at", ""))
    order = bulk.Order(verb=verb, to=sent.get("to", ""), text=sent.get("text", ""), due_at=due_at)  # type: ignore[arg-type]
    try:
        found = bulk.do(visitor.engine(), order=order, work_item_ids=named, agent=visitor.me(), now=visitor.now())
    except errors.Invalid as error:
        flask.flash(language.said(error.text), "bad")
        return flask.redirect(chosen.list_address(), 303)
    done = sum(one.done for one in found)
    if done:
        flask.flash(language.t(f"bulk.done_{verb}", n=done), "good")
    refused = [one for one in found if not one.done]
    for one in refused[:TOLD]:
        title = titles.get(one.work_item_id, one.work_item_id)
        flask.flash(language.t("bulk.refused", title=title, why=language.said(one.text)), "warn")
    if len(refused) > TOLD:
        flask.flash(language.t("bulk.refused_more", n=len(refused) - TOLD), "warn")
    return flask.redirect(chosen.list_address(), 303)
