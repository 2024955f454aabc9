"""Files of cases: added, given out and removed."""

import flask

from engine import errors, records
from engine.attachments import keep, kinds
from engine.people import scope
from web import download
from web.ui import door, language, uploads, visitor

blueprint = flask.Blueprint("attachments", __name__)
MOST_AT_ONCE = 20


@blueprint.get("/attachments/<attachment_id>")
@door.needs("case.see")
def content(attachment_id: str) -> flask.typing.ResponseReturnValue:
    """The file itself, to be saved. Nothing of it can run: no script, no style, not even in a frame of its own."""
    found, data = keep.read(visitor.engine(), attachment_id=attachment_id, agent=visitor.me())
    answer = download.answer(data, name=found.name, media_type=found.type, etag=found.sha256)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/cases/<instance_id>/attachments")
@door.needs("case.see")
def add(instance_id: str) -> flask.typing.ResponseReturnValue:
    scope.need(visitor.engine(), instance_id=instance_id, agent=visitor.me())
    into = uploads.Uploads(instance_id)
    sent = [file for file in flask.request.files.getlist("file") if file.filename][:MOST_AT_ONCE]
    for file in sent:
        try:
            into.add(file.filename or "", file.read())
        except (errors.Invalid, errors.TooLarge, errors.Conflict) as error:
            flask.flash(language.said(error.text), "bad")
        else:
            flask.flash(language.t("file.added", name=kinds.cleaned(file.filename or "")), "good")
    if not sent:
        flask.flash(language.t("file.none_chosen"), "bad")
    return _back(instance_id)


@blueprint.post("/attachments/<attachment_id>/remove")
@door.needs("case.see")
def remove(attachment_id: str) -> flask.typing.ResponseReturnValue:
    found, _ = keep.read(visitor.engine(), attachment_id=attachment_id, agent=visitor.me())
    reason = flask.request.form.get("reason", "")[:1000]
    keep.remove(visitor.engine(), attachment_id=attachment_id, reason=reason, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("file.removed", name=found.name), "good")
    return _back(found.instance_id or "")


def listed(instance_id: str) -> list[tuple[records.Attachment, bool]]:
    """Those of a case, and whether the visitor may remove each; none of a case that is not the visitor's to see."""
    me = visitor.me()
    with visitor.engine().store.reading() as tx:
        if not scope.sees(tx, instance_id=instance_id, agent=me):
            return []
        return [(one, keep.removable(tx, one, me)) for one in tx.attachments.of_instance(instance_id)]


def _back(instance_id: str) -> flask.typing.ResponseReturnValue:
    """To the task that it was done beside, else to the case."""
    task = flask.request.form.get("task", "")[:80]
    if task.startswith(f"{instance_id}."):
        return flask.redirect(flask.url_for("inbox.task", item_id=task, _anchor="files"), 303)
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id, _anchor="files"), 303)
