"""Lists beside the work itself: what I started, what was copied to me, what I was told."""

import flask

from engine import errors
from engine.inbox import post, returning
from engine.runtime import instances
from web.ui import cases, door, feedback, known, language, tasks, visitor

blueprint = flask.Blueprint("mine", __name__)
PAGE = 50


def unread() -> int:
    """The number beside the notices in the navigation."""
    agent = visitor.agent()
    if agent is None:
        return 0
    if "unread" not in flask.g:
        flask.g.unread = post.unread(visitor.engine(), agent=agent) + feedback.unseen()
    return int(flask.g.unread)


@blueprint.get("/inbox/started")
@door.needs("case.start")
def started() -> flask.typing.ResponseReturnValue:
    asked = flask.request.args
    query = instances.Query(started_by=visitor.me().key, status=asked.get("status", "")[:20])
    found = instances.search(visitor.engine(), query=query, after=asked.get("after", "")[:64], limit=PAGE + 1)
    shown = found[:PAGE]
    more = flask.url_for("mine.started", **{**asked, "after": shown[-1].id}) if len(found) > PAGE else ""
    return flask.render_template(
        "inbox/started.html",
        cases=[(case, known.customer(case.customer_id)) for case in shown],
        asked=asked,
        counts=tasks.shelf_counts(),
        more=more,
    )


@blueprint.get("/inbox/copied")
@door.needs("case.see")
def copied() -> flask.typing.ResponseReturnValue:
    before = post.moment(flask.request.args.get("before", ""))
    found = post.copies(visitor.engine(), agent=visitor.me(), before=before, limit=PAGE + 1)
    more = flask.url_for("mine.copied", before=found[PAGE - 1].at.isoformat()) if len(found) > PAGE else ""
    return flask.render_template(
        "inbox/copied.html", copies=_cases(found[:PAGE]), counts=tasks.shelf_counts(), more=more
    )


@blueprint.get("/notices")
@door.needs("case.see")
def notices() -> flask.typing.ResponseReturnValue:
    before = post.moment(flask.request.args.get("before", ""))
    found = post.notices(visitor.engine(), agent=visitor.me(), before=before, limit=PAGE + 1)
    more = flask.url_for("mine.notices", before=found[PAGE - 1].created_at.isoformat()) if len(found) > PAGE else ""
    return flask.render_template("inbox/notices.html", notices=found[:PAGE], more=more, new_answers=feedback.unseen())


@blueprint.post("/notices/read")
@door.needs("case.see")
def read() -> flask.typing.ResponseReturnValue:
    post.read(visitor.engine(), agent=visitor.me(), now=visitor.now())
    return flask.redirect(flask.url_for("mine.notices"), 303)


@blueprint.post("/cases/<instance_id>/withdraw")
@door.needs("case.start")
def withdraw(instance_id: str) -> flask.typing.ResponseReturnValue:
    reason = flask.request.form.get("reason", "")
    try:
        returning.withdraw(
            visitor.engine(), instance_id=instance_id, reason=reason, agent=visitor.me(), now=visitor.now()
        )
    except errors.Invalid:
        return cases.page(instance_id, reason_missing=True), 422
    except errors.Conflict as error:
        flask.flash(tasks.who(error), "bad")
        return cases.page(instance_id), 409
    flask.flash(language.t("verb.done_withdraw"), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id), 303)


def _cases(found: list[post.Copy]) -> list[tuple[post.Copy, str, str]]:
    """With the process's and the sender's name."""
    return [(one, known.process(one.process), known.person(one.by)) for one in found]
