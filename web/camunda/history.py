"""History: instances, tasks, variables, activities and incidents, running and over. Read from rows and facts."""

from collections.abc import Mapping
from typing import Any

import flask

from engine import facts, queries, records
from engine.ports import Transaction
from web.api import here
from web.camunda import history_facts, moments, names, refusals, scoped, sent, typed

blueprint = flask.Blueprint("history", __name__, url_prefix="/history")

_STATES = {"active": "ACTIVE", "completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED"}
_INSTANCE_ORDER = {
    "instanceId": "id",
    "definitionKey": "process",
    "definitionId": "program",
    "businessKey": "business_key",
    "startTime": "started_at",
    "endTime": "ended_at",
}
_TASK_ORDER = {
    "taskId": "instance_id",
    "processInstanceId": "instance_id",
    "startTime": "created_at",
    "endTime": "ended_at",
    "taskName": "name",
    "assignee": "assignee",
    "dueDate": "due_at",
    "priority": "priority",
    "taskDefinitionKey": "node",
}


@blueprint.route("/process-instance", methods=["GET", "POST"])
def process_instances() -> flask.Response:
    given = _given()
    with here.engine().store.reading() as tx:
        first, most = sent.page()
        order = sent.sorting(given, _INSTANCE_ORDER)
        found = _instances(tx, given, order, first, most)
        definitions = names.Definitions(tx)
        return flask.jsonify([_instance(tx, one, definitions) for one in found])


@blueprint.route("/process-instance/count", methods=["GET", "POST"])
def process_instance_count() -> flask.Response:
    with here.engine().store.reading() as tx:
        given = _given()
        if sent.conditions(given.get("variables")):  # those stand in the facts of each instance
            return flask.jsonify({"count": len(_instances(tx, given, [], 0, None))})
        return flask.jsonify({"count": tx.lists.count(records.Instance, where=_instance_filters(tx, given))})


@blueprint.get("/process-instance/<instance_id>")
def process_instance(instance_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        unknown = refusals.missing(f"Historic process instance with id {instance_id} does not exist")
        found = scoped.need(tx, instance_id, unknown)
        return flask.jsonify(_instance(tx, found, names.Definitions(tx)))


@blueprint.route("/task", methods=["GET", "POST"])
def tasks() -> flask.Response:
    given = _given()
    with here.engine().store.reading() as tx:
        first, most = sent.page()
        order = sent.sorting(given, _TASK_ORDER)
        found = tx.lists.find(records.WorkItem, where=_task_filters(tx, given), order=order, first=first, limit=most)
        definitions, around = names.Definitions(tx), names.instances(tx, [one.instance_id for one in found])
        return flask.jsonify([_task(one, definitions.id_of(around.get(one.instance_id))) for one in found])


@blueprint.route("/task/count", methods=["GET", "POST"])
def task_count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": tx.lists.count(records.WorkItem, where=_task_filters(tx, _given()))})


def _instances(
    tx: Transaction, given: Mapping[str, Any], order: list[str], first: int, most: int | None
) -> list[records.Instance]:
    where = _instance_filters(tx, given)
    wanted = sent.conditions(given.get("variables"))
    if not wanted:
        return tx.lists.find(records.Instance, where=where, order=order, first=first, limit=most)
    found = [
        one
        for one in tx.lists.find(records.Instance, where=where, order=order)
        if all(typed.meets(history_facts.last_values(tx, one.id), *condition) for condition in wanted)
    ]
    return found[first:] if most is None else found[first : first + most]


def _instance_filters(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    where = [*scoped.mine()]
    where += scoped.equal(
        given,
        {
            "processInstanceId": "id",
            "processInstanceBusinessKey": "business_key",
            "processDefinitionKey": "process",
            "startedBy": "started_by",
        },
    )
    where += scoped.among(
        given,
        {
            "processInstanceIds": "id",
            "processDefinitionKeyIn": "process",
            "processInstanceBusinessKeyIn": "business_key",
        },
    )
    where += scoped.like(given, {"processInstanceBusinessKeyLike": "business_key"})
    where += scoped.when(
        given,
        {
            "startedBefore": ("started_at", "<"),
            "startedAfter": ("started_at", ">"),
            "finishedBefore": ("ended_at", "<"),
            "finishedAfter": ("ended_at", ">"),
        },
    )
    if sent.text(given, "processDefinitionId"):
        where.append(queries.Where("program", "in", names.programs(tx, [str(given["processDefinitionId"])])))
    for name, statuses in (
        ("finished", ("completed", "cancelled")),
        ("completed", ("completed",)),
        ("unfinished", ("active",)),
        ("active", ("active",)),
        ("externallyTerminated", ("cancelled",)),
        ("internallyTerminated", ()),
        ("suspended", ("active",)),
    ):
        if sent.flag(given, name):
            where.append(queries.Where("status", "in", statuses))
    for name, suspended in (("suspended", True), ("active", False)):
        if sent.flag(given, name):
            where.append(queries.Where("suspended", "=", suspended))
    if sent.flag(given, "withIncidents"):
        where.append(queries.Where("incidents", ">", 0))
    return where


def _instance(tx: Transaction, one: records.Instance, definitions: names.Definitions) -> dict[str, Any]:
    version = definitions.of(one)
    program = tx.programs.get(one.program)
    return {
        "id": one.id,
        "businessKey": one.business_key,
        "processDefinitionId": names.of_definition(version) if version else None,
        "processDefinitionKey": one.process,
        "processDefinitionName": (program.name or None) if program else None,
        "processDefinitionVersion": version.n if version else None,
        "startTime": moments.told(one.started_at),
        "endTime": moments.told(one.ended_at),
        "removalTime": None,
        "durationInMillis": history_facts.span(one.started_at, one.ended_at),
        "startUserId": one.started_by,
        "startActivityId": None,
        "deleteReason": _reason(tx, one),
        "rootProcessInstanceId": one.id,
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": None,
        "state": "SUSPENDED" if one.suspended and one.status == "active" else _STATES[one.status],
        "restartedProcessInstanceId": None,
    }


def _reason(tx: Transaction, one: records.Instance) -> str | None:
    if one.status != "cancelled":
        return None
    told = [row.fact for row in tx.facts.of_instance(one.id, limit=history_facts.ALL)]
    return next((fact.reason for fact in reversed(told) if isinstance(fact, facts.InstanceCancelled)), None)


def _task_filters(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    where = [*scoped.mine()]
    where += scoped.equal(
        given,
        {
            "processInstanceId": "instance_id",
            "processInstanceBusinessKey": "instance.business_key",
            "processDefinitionKey": "process",
            "taskDefinitionKey": "node",
            "taskAssignee": "assignee",
            "taskName": "name",
            "executionId": "instance_id",
        },
    )
    where += scoped.among(
        given, {"taskDefinitionKeyIn": "node", "processInstanceBusinessKeyIn": "instance.business_key"}
    )
    where += scoped.like(given, {"taskNameLike": "name", "taskAssigneeLike": "assignee"})
    where += scoped.when(
        given,
        {
            "startedBefore": ("created_at", "<"),
            "startedAfter": ("created_at", ">"),
            "finishedBefore": ("ended_at", "<"),
            "finishedAfter": ("ended_at", ">"),
            "taskDueDateBefore": ("due_at", "<"),
            "taskDueDateAfter": ("due_at", ">"),
        },
    )
    for name, column, how, value in (
        ("finished", "status", "!=", "open"),
        ("unfinished", "status", "=", "open"),
        ("assigned", "assignee", "is", True),
        ("unassigned", "assignee", "is", None),
        ("processFinished", "instance.status", "!=", "active"),
        ("processUnfinished", "instance.status", "=", "active"),
        ("withoutTaskDueDate", "due_at", "is", None),
    ):
        if sent.flag(given, name):
            where.append(queries.Where(column, how, value))
    if sent.text(given, "taskId"):
        where.append(scoped.waits([names.wait(str(given["taskId"]))]))
    if sent.text(given, "taskPriority"):
        where.append(queries.Where("priority", "=", sent.whole(given, "taskPriority")))
    if sent.text(given, "processDefinitionId"):
        programs = names.programs(tx, [str(given["processDefinitionId"])])
        where.append(queries.Where("instance.program", "in", programs))
    return where


def _task(one: records.WorkItem, definition_id: str | None) -> dict[str, Any]:
    return {
        "id": names.of_wait(one.id),
        "processDefinitionKey": one.process,
        "processDefinitionId": definition_id,
        "processInstanceId": one.instance_id,
        "executionId": one.instance_id,
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "activityInstanceId": f"{one.node}:{names.of_wait(f'{one.instance_id}.{one.token}')}",
        "name": one.name,
        "description": None,
        "deleteReason": {"completed": "completed", "cancelled": "deleted"}.get(one.status),
        "owner": None,
        "assignee": one.assignee,
        "startTime": moments.told(one.created_at),
        "endTime": moments.told(one.ended_at),
        "duration": history_facts.span(one.created_at, one.ended_at),
        "taskDefinitionKey": one.node,
        "priority": one.priority,
        "due": moments.told(one.due_at),
        "parentTaskId": None,
        "followUp": moments.told(one.follow_up_at),
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": one.instance_id,
        "taskState": {"open": "Created", "completed": "Completed", "cancelled": "Deleted"}[one.status],
    }


def _given() -> Mapping[str, Any]:
    return sent.body() if flask.request.method == "POST" else sent.query()
