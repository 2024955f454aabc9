"""Messages between cases that could not be delivered: sent again, or discarded with a reason."""

import flask

from engine import errors
from engine.messages import undelivered
from web.ui import door, language, visitor

blueprint = flask.Blueprint("undelivered", __name__, url_prefix="/undelivered")
SHOWN = 50


@blueprint.get("")
@door.needs("process.draw")
def show() -> flask.typing.ResponseReturnValue:
    return _page()


@blueprint.post("/<letter_id>/retry")
@door.needs("process.draw")
def retry(letter_id: str) -> flask.typing.ResponseReturnValue:
    sent = undelivered.send_again(visitor.engine(), letter_id=letter_id, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("undelivered.sent", name=sent.letter.name), "good")
    return flask.redirect(flask.url_for("undelivered.show"), 303)


@blueprint.post("/<letter_id>/discard")
@door.needs("process.draw")
def discard(letter_id: str) -> flask.typing.ResponseReturnValue:
    reason = flask.request.form.get("reason", "")
    try:
        undelivered.discard(visitor.engine(), letter_id=letter_id, reason=reason, agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.TooLarge) as error:
        return _page(letter_id, language.said(error.text), reason), error.status
    flask.flash(language.t("undelivered.discarded"), "good")
    return flask.redirect(flask.url_for("undelivered.show"), 303)


def _page(wrong_at: str = "", wrong: str = "", reason: str = "") -> str:
    engine, me = visitor.engine(), visitor.me()
    after = flask.request.args.get("after", "")[:64]
    dead = undelivered.listed(engine, agent=me, after=after, limit=SHOWN + 1)
    failing = [] if after else undelivered.listed(engine, agent=me, status="failing", limit=SHOWN)
    shown = dead[:SHOWN]
    return flask.render_template(
        "operations/undelivered.html",
        dead=shown,
        failing=failing,
        more=flask.url_for("undelivered.show", after=shown[-1].letter.id) if len(dead) > SHOWN else "",
        longest=undelivered.LONGEST_REASON,
        wrong_at=wrong_at,
        wrong=wrong,
        reason=reason,
    )
