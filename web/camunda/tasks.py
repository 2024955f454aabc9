"""Human tasks: found, claimed, handed over, completed."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import flask

from engine import queries, records
from engine.inbox import act, direct
from engine.kernel import codec, view
from engine.ports import Transaction
from web.api import here
from web.camunda import door, moments, names, refusals, scoped, sent, typed

blueprint = flask.Blueprint("tasks", __name__, url_prefix="/task")

_ORDER = {
    "created": "created_at",
    "dueDate": "due_at",
    "followUpDate": "follow_up_at",
    "priority": "priority",
    "name": "name",
    "nameCaseInsensitive": "name",
    "assignee": "assignee",
    "id": "instance_id",
    "instanceId": "instance_id",
    "executionId": "instance_id",
    "taskDefinitionKey": "node",
}


@blueprint.route("", methods=["GET", "POST"])
def index() -> flask.Response:
    given = _given()
    with here.engine().store.reading() as tx:
        definitions = names.Definitions(tx)
        first, most = sent.page()
        found = search(tx, given, order=sent.sorting(given, _ORDER), first=first, most=most)
        around = names.instances(tx, [one.instance_id for one in found])
        return flask.jsonify([shape(one, definitions.id_of(around.get(one.instance_id))) for one in found])


@blueprint.route("/count", methods=["GET", "POST"])
def count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": counted(tx, _given())})


@blueprint.get("/report/candidate-group-count")
def by_candidate_group() -> flask.Response:
    """How many open tasks each group could claim; tasks of nobody in particular stand under null."""
    with here.engine().store.reading() as tx:
        found = search(tx, {}, order=[], first=0, most=None)
    groups = Counter(group for one in found for group in (one.groups or (None,)))
    ordered = sorted(groups.items(), key=lambda pair: pair[0] or "")
    return flask.jsonify([{"groupName": group, "taskCount": count} for group, count in ordered])


@blueprint.get("/<task_id>")
def get(task_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        item = opened(tx, task_id)
        return flask.jsonify(shape(item, names.Definitions(tx).id_of(tx.instances.get(item.instance_id))))


@blueprint.put("/<task_id>")
def update(task_id: str) -> tuple[str, int]:
    """Priority and dates; what the drawing says of a task (its name, its form) cannot be changed from outside."""
    body = sent.body()
    item = _item(task_id)
    changed: dict[str, Any] = {}
    if "priority" in body:
        changed["priority"] = sent.whole(body, "priority", item.priority)
    for name, column in (("due", "due_at"), ("followUp", "follow_up_at")):
        if name in body:
            changed[column] = moments.read(body[name], name) if body[name] else None
    direct.change(here.engine(), work_item_id=item.id, agent=door.me(), now=here.now(), **changed)
    if "assignee" in body and (body["assignee"] or None) != item.assignee:
        _assign(item, sent.text(body, "assignee"))
    return "", 204


@blueprint.post("/<task_id>/claim")
def claim(task_id: str) -> tuple[str, int]:
    """By the person who asks, or for somebody else by one who directs work."""
    item = _item(task_id)
    user = sent.text(sent.body(), "userId")
    if user is None:
        return unclaim(task_id)
    if item.assignee not in (None, user):
        raise refusals.Refusal(
            500, f"Task '{task_id}' is already claimed by someone else.", kind="TaskAlreadyClaimedException"
        )
    if item.assignee == user:
        return "", 204
    if direct.may(door.me()):
        direct.assign(here.engine(), work_item_id=item.id, to=user, agent=door.me(), now=here.now(), free_only=True)
    else:
        _only_oneself(user)
        act.claim(here.engine(), work_item_id=item.id, agent=door.me(), now=here.now())
    return "", 204


@blueprint.post("/<task_id>/unclaim")
def unclaim(task_id: str) -> tuple[str, int]:
    item = _item(task_id)
    if item.assignee is not None:
        _assign(item, None)
    return "", 204


@blueprint.post("/<task_id>/assignee")
def assignee(task_id: str) -> tuple[str, int]:
    _assign(_item(task_id), sent.text(sent.body(), "userId"))
    return "", 204


def _assign(item: records.WorkItem, user: str | None) -> None:
    if direct.may(door.me()):
        direct.assign(here.engine(), work_item_id=item.id, to=user, agent=door.me(), now=here.now())
    elif user is None:
        act.release(here.engine(), work_item_id=item.id, agent=door.me(), now=here.now())
    else:
        _only_oneself(user)
        act.claim(here.engine(), work_item_id=item.id, agent=door.me(), now=here.now())


def _only_oneself(user: str) -> None:
    if user != door.me().key:
        message = f"The user '{door.me().key}' may claim tasks for themselves only, not for '{user}'."
        raise refusals.Refusal(403, message, kind="AuthorizationException")


@blueprint.post("/<task_id>/complete")
@blueprint.post("/<task_id>/submit-form", endpoint="submit_form")
def complete(task_id: str) -> flask.Response:
    """``complete`` takes the variables as they are, as Camunda does; ``submit-form`` asks the form. Staff fill in
    forms either way."""
    body = sent.body()
    item = _item(task_id)
    data = typed.values(body.get("variables"))
    if direct.may(door.me()):
        direct.complete(
            here.engine(),
            work_item_id=item.id,
            data=data,
            agent=door.me(),
            now=here.now(),
            checked=flask.request.path.endswith("/submit-form"),
        )
    else:
        act.complete(here.engine(), work_item_id=item.id, data=data, agent=door.me(), now=here.now())
    if not sent.flag(body, "withVariablesInReturn"):
        return flask.Response(status=204)
    with here.engine().store.reading() as tx:
        kept = tx.steps.read(item.instance_id)
    return flask.jsonify(typed.shapes(view.variables(codec.decode(kept.state)) if kept else {}))


def opened(tx: Transaction, task_id: str) -> records.WorkItem:
    """Raises Refusal 404 for one that is over, unknown, or not the caller's to see."""
    where = [scoped.waits([names.wait(task_id)]), queries.Where("status", "=", "open"), *scoped.mine()]
    found = tx.lists.find(records.WorkItem, where=where, limit=1)
    if not found:
        raise refusals.missing(f"No matching task with id {task_id}")
    return found[0]


def _item(task_id: str) -> records.WorkItem:
    """For deeds: Camunda answers 500 when the task is not there."""
    try:
        with here.engine().store.reading() as tx:
            return opened(tx, task_id)
    except refusals.Refusal as unknown:
        raise refusals.Refusal(500, f"Cannot find task with id {task_id}: task is null") from unknown


def search(
    tx: Transaction, given: Mapping[str, Any], *, order: list[str], first: int, most: int | None
) -> list[records.WorkItem]:
    where = _where(tx, given)
    process = sent.conditions(given.get("processVariables"))
    local = sent.conditions(given.get("taskVariables"))
    if not process and not local:
        return tx.lists.find(records.WorkItem, where=where, order=order, first=first, limit=most)
    found = [one for one in tx.lists.find(records.WorkItem, where=where, order=order) if _fits(tx, one, process, local)]
    return found[first:] if most is None else found[first : first + most]


def counted(tx: Transaction, given: Mapping[str, Any]) -> int:
    """By the database, unless variables are asked for: those stand in the state of each instance."""
    if sent.conditions(given.get("processVariables")) or sent.conditions(given.get("taskVariables")):
        return len(search(tx, given, order=[], first=0, most=None))
    return tx.lists.count(records.WorkItem, where=_where(tx, given))


def _where(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    where = [queries.Where("status", "=", "open"), *scoped.mine(), *_filters(tx, given)]
    for name, held in (("suspended", True), ("active", False)):
        if sent.flag(given, name):
            where.append(queries.Where("held_at", "is", True if held else None))
    for one in given.get("orQueries") or []:
        groups = [_filters(tx, {name: value}) for name, value in one.items() if value is not None]
        where.append(queries.Where("", "or", [group for group in groups if group]))
    return where


def _fits(
    tx: Transaction, item: records.WorkItem, process: list[tuple[str, str, Any]], local: list[tuple[str, str, Any]]
) -> bool:
    kept = tx.steps.read(item.instance_id)
    if kept is None:
        return False
    state = codec.decode(kept.state)
    outer, inner = view.variables(state), view.visible(state, item.wait)
    return all(typed.meets(outer, *one) for one in process) and all(typed.meets(inner, *one) for one in local)


_EQUAL = {
    "processInstanceId": "instance_id",
    "processInstanceBusinessKey": "instance.business_key",
    "processDefinitionKey": "process",
    "taskDefinitionKey": "node",
    "assignee": "assignee",
    "name": "name",
    "executionId": "instance_id",
}
_AMONG = {
    "processInstanceIdIn": "instance_id",
    "processInstanceBusinessKeyIn": "instance.business_key",
    "processDefinitionKeyIn": "process",
    "taskDefinitionKeyIn": "node",
    "assigneeIn": "assignee",
}
_LIKE = {
    "nameLike": "name",
    "taskDefinitionKeyLike": "node",
    "assigneeLike": "assignee",
    "processInstanceBusinessKeyLike": "instance.business_key",
}
_WHEN = {
    f"{name}{when}": (column, how)
    for name, column in (("due", "due_at"), ("followUp", "follow_up_at"), ("created", "created_at"))
    for when, how in (("Before", "<"), ("After", ">"))
} | {"dueDate": ("due_at", "="), "createdOn": ("created_at", "="), "followUpDate": ("follow_up_at", "=")}


def _filters(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    where = scoped.equal(given, _EQUAL) + scoped.among(given, _AMONG) + scoped.like(given, _LIKE)
    where += scoped.when(given, _WHEN)
    for name, column, value in (
        ("assigned", "assignee", True),
        ("unassigned", "assignee", None),
        ("withoutDueDate", "due_at", None),
    ):
        if sent.flag(given, name):
            where.append(queries.Where(column, "is", value))
    for name, how in (("priority", "="), ("minPriority", ">="), ("maxPriority", "<=")):
        if sent.text(given, name):
            where.append(queries.Where("priority", how, sent.whole(given, name)))
    for name in ("processDefinitionId",):
        if sent.text(given, name):
            where.append(queries.Where("instance.program", "in", names.programs(tx, [str(given[name])])))
    ids = sent.several(given, "taskIdIn") or sent.several(given, "taskId")
    if ids is not None:
        where.append(scoped.waits([names.wait(one) for one in ids]))
    return where + _candidates(tx, given)


def _candidates(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    """Whoever asks for candidates asks for tasks that nobody has, unless they say otherwise."""
    user, groups = sent.text(given, "candidateUser"), list(sent.several(given, "candidateGroups") or [])
    groups += [group] if (group := sent.text(given, "candidateGroup")) else []
    involved = sent.text(given, "involvedUser")
    person = tx.people.get(user or involved or "") if user or involved else None
    who = [f"g:{group}" for group in groups]
    if user or involved:
        who += [f"u:{user or involved}", *(f"g:{group}" for group in (person.groups if person else ()))]
    if not who:
        return []
    offered = queries.Where("", "offered to", who)
    if involved:
        return [queries.Where("", "or", [[offered], [queries.Where("assignee", "=", involved)]])]
    free = [] if sent.flag(given, "includeAssignedTasks") else [queries.Where("assignee", "is", None)]
    return [offered, *free]


def shape(one: records.WorkItem, definition_id: str | None) -> dict[str, Any]:
    return {
        "id": names.of_wait(one.id),
        "name": one.name,
        "assignee": one.assignee,
        "owner": None,
        "created": moments.told(one.created_at),
        "lastUpdated": moments.told(one.claimed_at),
        "due": moments.told(one.due_at),
        "followUp": moments.told(one.follow_up_at),
        "delegationState": None,
        "description": None,
        "executionId": one.instance_id,
        "parentTaskId": None,
        "priority": one.priority,
        "processDefinitionId": definition_id,
        "processInstanceId": one.instance_id,
        "caseExecutionId": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "taskDefinitionKey": one.node,
        "suspended": one.held,
        "formKey": one.form or None,
        "camundaFormRef": None,
        "tenantId": None,
        "taskState": "Updated" if one.claimed_at else "Created",
    }


def _given() -> Mapping[str, Any]:
    return sent.body() if flask.request.method == "POST" else sent.query()
