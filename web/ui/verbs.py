"""What one does with a task beside its form: hand it on, ask others to sign, send it back, urge, copy, comment."""

from typing import cast, get_args

import flask

from engine import errors
from engine.inbox import doing, verbs
from engine.inbox.doing import Given
from engine.model.handling import Rule
from web.ui import door, inbox, language, tasks, visitor
from web.ui.shelves import Shelf

blueprint = flask.Blueprint("verbs", __name__)
LEAVES: tuple[verbs.Verb, ...] = ("answer", "transfer", "delegate", "add_sign", "send_back", "remove_sign", "hold")
"""After these the task may be somebody else's, or stands still, and the next one opens."""


@blueprint.post("/tasks/<item_id>/actions/<verb>")
@door.needs("task.work")
def do(item_id: str, verb: str) -> flask.typing.ResponseReturnValue:
    if verb not in verbs.VERBS:
        flask.abort(404)
    asked = cast(verbs.Verb, verb)
    detail = inbox.detail_of(item_id)
    shelf = Shelf.asked(inbox.shelf_of(detail))
    following = tasks.following(shelf, item_id) if asked in LEAVES else item_id
    try:
        doing.do(visitor.engine(), asked, work_item_id=item_id, given=_given(), agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.TooLarge) as error:
        return inbox.page(shelf, tasks.Open(inbox.detail_of(item_id)), failed=asked, error=error), 422
    except errors.CrmflowError as error:
        status = 403 if isinstance(error, errors.Forbidden) else 409
        return inbox.page(shelf, tasks.Open(inbox.detail_of(item_id)), failed=asked, error=error), status
    flask.flash(language.t(f"verb.done_{verb}"), "good")
    if asked == "take_back":
        return flask.redirect(flask.url_for("inbox.show", shelf="mine"), 303)
    return flask.redirect(shelf.address(following), 303)


def _given() -> Given:
    form = flask.request.form
    where = form.get("where", "before")
    rule = form.get("rule", "all")
    return Given(
        to=tuple(dict.fromkeys(key for key in form.getlist("to") if key)),
        text=form.get("text", ""),
        node=form.get("node", ""),
        straight=form.get("straight") == "1",
        where=where if where in ("before", "after", "parallel") else "before",  # type: ignore[arg-type]
        awaits=form.get("awaits") == "1",
        rule=rule if rule in get_args(Rule) else "all",  # type: ignore[arg-type]
    )
