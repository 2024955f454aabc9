"""External tasks to look at: open ones, and those given up, which wait at an incident with no tries left."""

from collections.abc import Mapping
from typing import Any

import flask

from engine import queries, records
from engine.ports import Transaction
from web.api import here
from web.camunda import moments, names, refusals, scoped, sent

blueprint = flask.Blueprint("external_tasks", __name__, url_prefix="/external-task")


@blueprint.get("/topic-names")
def topic_names() -> flask.Response:
    with here.engine().store.reading() as tx:
        jobs = tx.lists.find(records.Job, where=[*_scope(), *_filters(tx, sent.query())])
    return flask.jsonify(sorted({job.handler for job in jobs}))


@blueprint.route("", methods=["GET", "POST"])
def index() -> flask.Response:
    return flask.jsonify(scoped.paged(_all(_given())))


@blueprint.route("/count", methods=["GET", "POST"])
def count() -> flask.Response:
    given = _given()
    if sent.flag(given, "noRetriesLeft"):
        return flask.jsonify({"count": len(_all(given))})
    with here.engine().store.reading() as tx:
        waiting = tx.lists.count(records.Job, where=[*_scope(), *_filters(tx, given)])
        return flask.jsonify({"count": waiting + (0 if _only_open(given) else len(_given_up(tx, given)))})


@blueprint.get("/<task_id>")
def get(task_id: str) -> flask.Response:
    found = _all({"externalTaskId": task_id})
    if not found:
        raise unknown(task_id)
    return flask.jsonify(found[0])


@blueprint.get("/<task_id>/errorDetails")
def error_details(task_id: str) -> flask.Response:
    """Also of one that was given up: what stopped it is the reason to ask."""
    wait_id = names.wait(task_id)
    instance_id, _, number = wait_id.rpartition(".")
    with here.engine().store.reading() as tx:
        scoped.need(tx, instance_id, unknown(task_id))
        job = tx.jobs.get(instance_id, int(number)) if number.isdigit() else None
        stopped = [one for one in tx.waits.incidents(instance_id) if number == str(one.job)]
    if job is None and not stopped:
        raise unknown(task_id)
    details = job.details if job else stopped[0].details
    return flask.Response(details, mimetype="text/plain") if details else flask.Response(status=204)


def _given() -> Mapping[str, Any]:
    return sent.body() if flask.request.method == "POST" else sent.query()


def _all(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Open tasks, and those given up: they have no retries left and wait at an incident."""
    with here.engine().store.reading() as tx:
        definitions = names.Definitions(tx)
        order = sent.sorting(given, _ORDER)
        jobs = tx.lists.find(records.Job, where=[*_scope(), *_filters(tx, given)], order=order)
        jobs += [] if _only_open(given) else _given_up(tx, given)
        if sent.flag(given, "noRetriesLeft"):
            jobs = [job for job in jobs if job.told and job.retries <= 0]
        around = names.instances(tx, [job.instance_id for job in jobs])
        return [shape(job, around.get(job.instance_id), definitions) for job in jobs]


_ORDER = {
    "id": "instance_id",
    "lockExpirationTime": "run_at",
    "processInstanceId": "instance_id",
    "processDefinitionKey": "process",
    "taskPriority": "priority",
    "createTime": "created_at",
}


def _scope() -> list[queries.Where]:
    return [queries.Where("style", "=", "external"), *scoped.mine()]


def _only_open(given: Mapping[str, Any]) -> bool:
    return any(sent.flag(given, name) for name in ("locked", "notLocked", "withRetriesLeft")) or bool(
        sent.text(given, "workerId")
    )


def _filters(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    found = scoped.equal(
        given, {"topicName": "handler", "workerId": "worker", "activityId": "node", "processInstanceId": "instance_id"}
    )
    found += scoped.among(given, {"activityIdIn": "node", "processInstanceIdIn": "instance_id"})
    found += scoped.equal(given, {"processDefinitionKey": "process"})
    ids = [one for name in ("externalTaskId",) if (one := sent.text(given, name))]
    ids += sent.several(given, "externalTaskIdIn") or []
    if ids:
        found.append(scoped.waits([names.wait(one) for one in ids]))
    if sent.text(given, "processDefinitionId"):
        programs = names.programs(tx, [str(given["processDefinitionId"])])
        found.append(queries.Where("instance.program", "in", programs))
    for name, suspended in (("suspended", True), ("active", False)):
        if sent.flag(given, name):
            found.append(queries.Where("held_at", "is", True if suspended else None))
    if sent.flag(given, "locked"):
        found += [queries.Where("worker", "!=", ""), queries.Where("run_at", ">", here.now())]
    if sent.flag(given, "notLocked"):
        found.append(queries.Where("run_at", "<=", here.now()))
    for name, how in (("lockExpirationBefore", "<"), ("lockExpirationAfter", ">")):
        if sent.text(given, name):
            found.append(queries.Where("run_at", how, moments.read(given[name], name)))
    for name, how in (("priorityHigherThanOrEquals", ">="), ("priorityLowerThanOrEquals", "<=")):
        if sent.text(given, name):
            found.append(queries.Where("priority", how, sent.whole(given, name)))
    return found


def _given_up(tx: Transaction, given: Mapping[str, Any]) -> list[records.Job]:
    where = [queries.Where("topic", "!=", ""), *scoped.mine()]
    where += scoped.equal(given, {"topicName": "topic", "activityId": "node", "processInstanceId": "instance_id"})
    where += scoped.among(given, {"activityIdIn": "node", "processInstanceIdIn": "instance_id"})
    where += scoped.equal(given, {"processDefinitionKey": "process"})
    wanted = sent.several(given, "externalTaskIdIn") or sent.several(given, "externalTaskId")
    ids = {names.wait(one) for one in wanted} if wanted is not None else None
    found = []
    for one in tx.lists.find(records.Incident, where=where):
        job_id = f"{one.instance_id}.{one.job}"
        if ids is None or job_id in ids:
            found.append(_stopped(one, job_id, tx))
    return found


def _stopped(one: records.Incident, job_id: str, tx: Transaction) -> records.Job:
    instance = tx.instances.get(one.instance_id)
    return records.Job(
        id=job_id,
        instance_id=one.instance_id,
        wait=one.job,
        process=one.process,
        business_key=instance.business_key if instance else None,
        node=one.node,
        handler=one.topic,
        style="external",
        retries=0,
        told=True,
        error=one.message["en"],
        details=one.details,
        run_at=one.created_at,
        created_at=one.created_at,
    )


def shape(job: records.Job, instance: records.Instance | None, definitions: names.Definitions) -> dict[str, Any]:
    version = definitions.of(instance) if instance else None
    return {
        "id": names.of_wait(job.id),
        "topicName": job.handler,
        "workerId": job.worker or None,
        "lockExpirationTime": moments.told(job.held_at or job.run_at) if job.worker else None,
        "retries": job.retries if job.told else None,
        "errorMessage": job.error or None,
        "activityId": job.node,
        "activityInstanceId": f"{job.node}:{names.of_wait(job.id)}",
        "executionId": job.instance_id,
        "processInstanceId": job.instance_id,
        "processDefinitionId": names.of_definition(version) if version else None,
        "processDefinitionKey": job.process,
        "processDefinitionVersionTag": (version.version_tag or None) if version else None,
        "tenantId": None,
        "suspended": instance.suspended if instance else False,
        "priority": job.priority,
        "businessKey": job.business_key,
        "createTime": moments.told(job.created_at),
    }


def unknown(task_id: str) -> refusals.Refusal:
    return refusals.Refusal(404, f"External task with id {task_id} does not exist")
