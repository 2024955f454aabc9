"""Filters kept under a name: chosen above the list, saved from what is chosen now, thrown away."""

import flask

from engine import errors, records
from engine.inbox import filters, listing
from web.ui import door, known, language, visitor
from web.ui.shelves import SHELVES

blueprint = flask.Blueprint("kept", __name__)
SHELF: dict[listing.Kept, str] = {"mine": "mine", "claimable": "open", "drafts": "drafts", "done": "done"}
"""What the engine calls a list, and what the address does."""
LISTS: dict[str, listing.Kept] = {address: name for name, address in SHELF.items()}


@blueprint.get("/inbox/filters")
@door.needs("task.work")
def index() -> flask.typing.ResponseReturnValue:
    """The chosen lists with their counts, which the inbox asks for once it is shown."""
    found = filters.shown(visitor.engine(), agent=visitor.me(), now=visitor.now())
    return flask.render_template("inbox/kept.html", found=[(one, address(one.kept)) for one in found])


@blueprint.post("/inbox/<shelf>/filters")
@door.needs("task.work")
def save(shelf: str) -> flask.typing.ResponseReturnValue:
    if shelf not in SHELVES:
        flask.abort(404)
    sent = flask.request.form
    wanted = filters.Wanted(
        name=sent.get("name", ""),
        staff_group=sent.get("staff_group", "")[:100],
        shelf=LISTS[shelf],
        process=sent.get("process", "")[:100],
        customer_id=known.customer_id(sent.get("customer", "")[:100]) if sent.get("customer") else "",
        group=sent.get("group", "")[:100],
        due=sent.get("due", "")[:20],
    )
    try:
        kept = filters.save(visitor.engine(), wanted=wanted, agent=visitor.me(), now=visitor.now())
    except errors.Invalid as error:
        for problem in error.problems:
            flask.flash(language.said(problem.text), "bad")
        return flask.redirect(flask.url_for("inbox.show", shelf=shelf), 303)
    flask.flash(language.t("filter.saved", name=kept.name), "good")
    return flask.redirect(address(kept), 303)


@blueprint.post("/inbox/filters/<filter_id>/remove")
@door.needs("task.work")
def remove(filter_id: str) -> flask.typing.ResponseReturnValue:
    filters.remove(visitor.engine(), filter_id=filter_id, agent=visitor.me())
    flask.flash(language.t("filter.removed"), "good")
    return flask.redirect(flask.url_for("inbox.show"), 303)


def address(kept: records.SavedFilter) -> str:
    conditions = {"process": kept.process, "group": kept.group, "customer": kept.customer_id, "due": kept.due}
    chosen = {name: value for name, value in conditions.items() if value}
    return flask.url_for("inbox.show", shelf=SHELF[kept.shelf], **chosen)
