"""What brings a variant's version into use and out of it: submit, approve, release now or from a moment, go back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask

from engine import errors, variation
from engine.variants import approval, release
from web.ui import cell, door, language, visitor

blueprint = flask.Blueprint("rollout", __name__, url_prefix="/variants")
LONGEST_NOTE = 2000


@blueprint.post("/<key>/<group>/submit")
@door.needs("variant.edit")
def submit(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, approval.submit, note=_note())


@blueprint.post("/<key>/<group>/approve")
@door.needs("variant.approve")
def approve(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, approval.approve, note=_note())


@blueprint.post("/<key>/<group>/send-back")
@door.needs("variant.approve")
def send_back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, approval.send_back, note=_note())


@blueprint.post("/<key>/<group>/release")
@door.needs("process.release")
def release_it(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """At once, or from a moment of the reader's clock."""
    asked = flask.request.form.get("valid_from", "").strip()
    try:
        valid_from = datetime.fromisoformat(asked).replace(tzinfo=language.zone()) if asked else None
    except ValueError:
        flask.flash(language.t("change.no_moment", said=asked[:40]), "bad")
        return cell.back(key, group)
    return _moved(key, group, release.release, valid_from=valid_from, note=_note())


@blueprint.post("/<key>/<group>/unschedule")
@door.needs("process.release")
def unschedule(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, release.unschedule)


@blueprint.post("/<key>/<group>/roll-back")
@door.needs("process.release")
def roll_back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    variant_id = cell.page(key, group).version.variant_id
    engine, agent, now = visitor.engine(), visitor.me(), visitor.now()
    try:
        back = release.roll_back(engine, variant_id=variant_id, agent=agent, now=now, note=_note())
    except (errors.Conflict, errors.Invalid) as refused:
        flask.flash(language.said(refused.text), "bad")
    else:
        flask.flash(language.t("change.rolled_back", n=back.n), "good")
    return cell.back(key, group)


@blueprint.post("/<key>/<group>/retire")
@door.needs("process.release")
def retire(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """The group falls back to the group above it, or to the base; a reason has to be given."""
    if not _note():
        flask.flash(language.t("change.why_needed"), "bad")
        return cell.back(key, group)
    variant_id = cell.page(key, group).version.variant_id
    engine, agent, now = visitor.engine(), visitor.me(), visitor.now()
    try:
        gone = release.retire(engine, variant_id=variant_id, agent=agent, now=now, note=_note())
    except (errors.Conflict, errors.Invalid) as refused:
        flask.flash(language.said(refused.text), "bad")
    else:
        flask.flash(language.t("change.retired", n=gone.n), "good")
    return cell.back(key, group)


def _moved(
    key: str, group: str, act: Callable[..., variation.VariantVersion], **more: Any
) -> flask.typing.ResponseReturnValue:
    found = cell.page(key, group).version
    which = {"variant_id": found.variant_id, "n": found.n, "agent": visitor.me(), "now": visitor.now()}
    try:
        done = act(visitor.engine(), **which, **more)
    except (errors.Conflict, errors.Forbidden, errors.Invalid) as refused:
        flask.flash(language.said(refused.text), "bad")
    else:
        flask.flash(language.t(f"change.did_{done.history[-1].did}"), "good")
    return cell.back(key, group)


def _note() -> str:
    return flask.request.form.get("note", "").strip()[:LONGEST_NOTE]
