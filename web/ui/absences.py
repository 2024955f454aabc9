"""Out of office: one's own page, and for administrators anybody's."""

from datetime import datetime, timedelta

import flask

from engine import errors, records
from engine.inbox import absences
from engine.people import rights
from web.ui import door, known, language, tasks, visitor

blueprint = flask.Blueprint("absences", __name__, url_prefix="/absences")


@blueprint.get("")
@door.needs("task.work")
def mine() -> flask.typing.ResponseReturnValue:
    return _page(visitor.me().key, {}, {})


@blueprint.get("/<key>")
@door.needs("task.work")
def show(key: str) -> flask.typing.ResponseReturnValue:
    return _page(key, {}, {})


@blueprint.post("/<key>")
@door.needs("task.work")
def declare(key: str) -> flask.typing.ResponseReturnValue:
    wrong: dict[str, list[str]] = {}
    try:
        absences.declare(visitor.engine(), person=key, plan=_plan(wrong), agent=visitor.me(), now=visitor.now())
    except errors.Invalid as error:
        for problem in error.problems:
            wrong.setdefault(problem.pointer.strip("/"), []).append(language.said(problem.text))
        return _page(key, flask.request.form.to_dict(flat=False), wrong), 422
    flask.flash(language.t("absence.saved"), "good")
    return flask.redirect(flask.url_for("absences.show", key=key), 303)


@blueprint.post("/<key>/<absence_id>/end")
@door.needs("task.work")
def end(key: str, absence_id: str) -> flask.typing.ResponseReturnValue:
    try:
        absences.end(visitor.engine(), absence_id=absence_id, agent=visitor.me(), now=visitor.now())
        flask.flash(language.t("absence.ended"), "good")
    except errors.Conflict as error:
        flask.flash(language.said(error.text), "warn")
    return flask.redirect(flask.url_for("absences.show", key=key), 303)


def _plan(wrong: dict[str, list[str]]) -> absences.Plan:
    """As the form says it, times on the reader's clock; what is no time goes into ``wrong``. Raises errors.Invalid."""
    sent = flask.request.form
    times = {name: language.typed_moment(sent.get(name, "")) for name in ("starts_at", "ends_at")}
    for name, moment in times.items():
        if moment is None:
            wrong.setdefault(name, []).append(language.t("absence.time_wrong"))
    starts_at, ends_at = times["starts_at"], times["ends_at"]
    if starts_at is None or ends_at is None:
        raise errors.Invalid("absence_invalid", zh="请填写时间。", en="Say when.")
    return absences.Plan(
        starts_at=starts_at,
        ends_at=ends_at,
        substitute=sent.get("substitute", ""),
        processes=tuple(sent.getlist("processes")),
        groups=tuple(sent.getlist("groups")),
        open_too=sent.get("open_too") == "true",
        note=sent.get("note", "").strip(),
    )


def _page(key: str, typed: dict[str, list[str]], wrong: dict[str, list[str]]) -> str:
    found = absences.standing(visitor.engine(), person=key, agent=visitor.me())
    return flask.render_template(
        "people/absences.html",
        key=key,
        own=found.own,
        for_others=found.for_others,
        away=[(item, tasks.title(item)) for item in found.away],
        colleagues=[pair for pair in known.Lookups().people("") if pair[0] != key],
        processes=tasks.process_choices(),
        groups=list(known.customer_groups().items()),
        typed=typed or _tomorrow(),
        wrong=wrong,
        scope=_scope,
        others=rights.may(visitor.me(), "people.manage") and key != visitor.me().key,
    )


def _tomorrow() -> dict[str, list[str]]:
    """What the form begins with: the whole of tomorrow."""
    midnight = language.end_of_day(visitor.now())
    return {"starts_at": [_local(midnight)], "ends_at": [_local(midnight + timedelta(days=1))]}


def _local(moment: datetime) -> str:
    return language.local(moment).strftime("%Y-%m-%dT%H:%M")


def _scope(one: records.Absence) -> str:
    """Of what one is away, in words."""
    names = [known.process(key) for key in one.processes] + [known.customer_group(key) or key for key in one.groups]
    return language.t("app.list_join").join(names) or language.t("absence.all_work")
