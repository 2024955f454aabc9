"""Cases: the list, and one case with its story, its drawing, the reason why, and what an administrator may mend."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flask

from engine import errors, moving, records
from engine.analytics import picture
from engine.inbox import holding, left, post, reminding, returning, verbs
from engine.people import rights, scope
from engine.runtime import cancel, incidents, instances
from web.ui import attachments, door, drawings, known, language, shelves, visitor

blueprint = flask.Blueprint("cases", __name__, url_prefix="/cases")
PAGE = 50
RELATED = 5
FILTERS = ("process", "status", "number", "trouble")
ON_HOLD = ("held", "customer")
"""What the page calls a state, too: on hold, and on hold until the customer answers."""


@blueprint.get("")
@door.needs("case.see")
def index() -> flask.typing.ResponseReturnValue:
    asked = flask.request.args
    status = asked.get("status", "")[:20]
    query = instances.Query(
        process=asked.get("process", "")[:100],
        status="" if status in ON_HOLD else status,
        number=asked.get("number", "").strip()[:100],
        incidents=asked.get("trouble") == "1",
        suspended=status == "held",
        awaits_customer=status == "customer",
        seen_by=scope.of(visitor.me()),
    )
    found = instances.search(visitor.engine(), query=query, after=asked.get("after", "")[:64], limit=PAGE + 1)
    shown = found[:PAGE]
    return flask.render_template(
        "cases/index.html",
        cases=[(case, known.customer(case.customer_id)) for case in shown],
        asked=asked,
        more=shelves.more("cases.index", FILTERS, after=shown[-1].id) if len(found) > PAGE else "",
    )


@blueprint.get("/<instance_id>")
@door.needs("case.see")
def show(instance_id: str) -> flask.typing.ResponseReturnValue:
    return page(instance_id)


@blueprint.get("/<instance_id>/drawing")
@door.needs("case.see")
def drawing(instance_id: str) -> flask.typing.ResponseReturnValue:
    """BPMN with its diagram, and how each element is to be marked."""
    scope.need(visitor.engine(), instance_id=instance_id, agent=visitor.me())
    seen = picture.of_instance(visitor.engine(), instance_id=instance_id, people=known.people())
    return drawings.answer(seen.program, dict(seen.marks))


@blueprint.post("/<instance_id>/cancel")
@door.needs("case.cancel")
def stop(instance_id: str) -> flask.typing.ResponseReturnValue:
    scope.need(visitor.engine(), instance_id=instance_id, agent=visitor.me())
    reason = flask.request.form.get("reason", "").strip()[:1000]
    if not reason:
        return page(instance_id, reason_missing=True), 422
    cancel.cancel(visitor.engine(), instance_id=instance_id, reason=reason, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("case.cancelled"), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id), 303)


@blueprint.post("/<instance_id>/comment")
@door.needs("case.see")
def comment(instance_id: str) -> flask.typing.ResponseReturnValue:
    """Into the story of the case; who is mentioned is told. What was refused stays in its box."""
    text = flask.request.form.get("text", "")
    try:
        reminding.remark(
            visitor.engine(),
            instance_id=instance_id,
            text=text,
            answered="answered" in flask.request.form,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.TooLarge) as error:
        return page(instance_id, refused=error), error.status
    flask.flash(language.t("verb.done_comment"), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id) + "#story", 303)


@blueprint.post("/<instance_id>/hold")
@door.needs("case.hold")
def hold(instance_id: str) -> flask.typing.ResponseReturnValue:
    deed = partial(holding.hold, awaits_customer="awaits_customer" in flask.request.form)
    return _held(deed, instance_id, "case.held")


@blueprint.post("/<instance_id>/resume")
@door.needs("case.hold")
def resume(instance_id: str) -> flask.typing.ResponseReturnValue:
    return _held(holding.resume, instance_id, "case.resumed")


@blueprint.post("/<instance_id>/incidents/<int:number>/retry")
@door.needs("incident.mend")
def retry(instance_id: str, number: int) -> flask.typing.ResponseReturnValue:
    scope.need(visitor.engine(), instance_id=instance_id, agent=visitor.me())
    incidents.retry(visitor.engine(), incident_id=f"{instance_id}.{number}", agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("case.retried"), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id), 303)


@blueprint.post("/<instance_id>/incidents/<int:number>/skip")
@door.needs("incident.mend")
def skip(instance_id: str, number: int) -> flask.typing.ResponseReturnValue:
    scope.need(visitor.engine(), instance_id=instance_id, agent=visitor.me())
    reason = flask.request.form.get("reason", "").strip()[:1000]
    if not reason:
        return page(instance_id, reason_missing=True), 422
    incidents.skip(
        visitor.engine(),
        incident_id=f"{instance_id}.{number}",
        reason=reason,
        agent=visitor.me(),
        now=visitor.now(),
    )
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id), 303)


def page(
    instance_id: str,
    *,
    reason_missing: bool = False,
    refused: errors.CrmflowError | None = None,
    not_held: errors.CrmflowError | None = None,
) -> str:
    """``refused``: a comment; ``not_held``: a hold or its end."""
    engine, me = visitor.engine(), visitor.me()
    scope.need(engine, instance_id=instance_id, agent=me)
    seen = picture.of_instance(engine, instance_id=instance_id, people=known.people())
    post.receipt(engine, instance_id=instance_id, agent=me, now=visitor.now())
    variables: dict[str, Any] = {}
    if rights.may(me, "case.variables"):
        variables = instances.get(engine, instance_id=instance_id).variables
    works = rights.may(me, "task.work")
    return flask.render_template(
        "cases/show.html",
        p=seen,
        open_to_me={item.id for item in seen.work_items if works and verbs.concerns(item, me)},
        hours=left.of_items(engine, seen.work_items, visitor.now()),
        variables=sorted(variables.items()),
        reason_missing=reason_missing,
        refused=language.said(refused.text) if refused else "",
        typed=flask.request.form.get("text", "") if refused else "",
        answered="answered" in flask.request.form,
        may_hold=holding.may(seen.instance, seen.work_items, me),
        not_held=language.said(not_held.text) if not_held else "",
        files=attachments.listed(instance_id),
        related=_related(seen.instance),
        proposals=_proposals(instance_id) if rights.may(me, "case.migrate") else [],
        withdrawable=returning.may_withdraw(engine, instance=seen.instance, agent=me),
    )


def _related(case: records.Instance) -> list[records.Instance]:
    """The newest other cases of the customer, of those that the visitor sees."""
    if not case.customer_id:
        return []
    query = instances.Query(customer_id=case.customer_id, seen_by=scope.of(visitor.me()))
    found = instances.search(visitor.engine(), query=query, limit=RELATED + 1)
    return [one for one in found if one.id != case.id][:RELATED]


def _held(deed: Callable[..., object], instance_id: str, said: str) -> flask.typing.ResponseReturnValue:
    reason = flask.request.form.get("reason", "")
    try:
        deed(visitor.engine(), instance_id=instance_id, reason=reason, agent=visitor.me(), now=visitor.now())
    except errors.NotFound:
        raise
    except errors.CrmflowError as error:
        return page(instance_id, not_held=error), error.status
    flask.flash(language.t(said), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id), 303)


def _proposals(instance_id: str) -> list[moving.Plan]:
    """Migrations of this case that wait for a yes: its customer changed group."""
    with visitor.engine().store.reading() as tx:
        asked = tx.moves.page(instance_id=instance_id, status="proposed")
        return [plan for move in asked if (plan := tx.moves.plan(move.plan_id)) is not None]
