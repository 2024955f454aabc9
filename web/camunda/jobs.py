"""Jobs of the engine itself: services, continuations, timers; and those that failed and wait at an incident."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import flask

from engine import queries, records
from engine.kernel import stimuli
from engine.people import rights
from engine.ports import Transaction
from engine.runtime import deliver, incidents
from web.api import here
from web.camunda import door, moments, names, refusals, scoped, sent

blueprint = flask.Blueprint("jobs", __name__, url_prefix="/job")
_OF_ROWS = ("noRetriesLeft", "withRetriesLeft", "withException")


@blueprint.route("", methods=["GET", "POST"])
def index() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(scoped.paged(_all(tx, _given())))


@blueprint.route("/count", methods=["GET", "POST"])
def count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": _counted(tx, _given())})


@blueprint.get("/<job_id>")
def get(job_id: str) -> flask.Response:
    return flask.jsonify(_one(job_id))


@blueprint.get("/<job_id>/stacktrace")
def stacktrace(job_id: str) -> flask.Response:
    return flask.Response(_one(job_id)["exceptionMessage"] or "", mimetype="text/plain")


@blueprint.put("/<job_id>/retries")
def set_retries(job_id: str) -> tuple[str, int]:
    """More than none takes up what was given up."""
    retries = sent.whole(sent.body(), "retries", 0) or 0
    found = _one(job_id)
    if found["retries"] == 0 and retries > 0:
        _retry(job_id)
    return "", 204


@blueprint.post("/<job_id>/execute")
def execute(job_id: str) -> tuple[str, int]:
    """What was given up, or a timer that is due."""
    found = _one(job_id)
    if found["retries"] == 0:
        _retry(job_id)
        return "", 204
    instance_id, _, number = names.wait(job_id).rpartition(".")
    with here.engine().store.reading() as tx:
        timer = next((one for one in tx.waits.timers(instance_id) if one.wait == int(number)), None)
    if timer is None or timer.due_at > here.now():
        raise refusals.unable("The execution of a job that is under way, or of a timer before its time,")
    rights.need(door.me(), "incident.mend")
    stimulus = stimuli.Fire(agent=door.me().key, wait=timer.wait)
    deliver.deliver(here.engine(), instance_id=instance_id, stimulus=stimulus, now=here.now())
    return "", 204


def _retry(job_id: str) -> None:
    with here.engine().store.reading() as tx:
        found = _stopped(tx, names.wait(job_id))
    if found is None:
        raise _unknown(job_id)
    incidents.retry(here.engine(), incident_id=found.id, agent=door.me(), now=here.now())


def _stopped(tx: Transaction, wait_id: str) -> records.Incident | None:
    instance_id, _, number = wait_id.rpartition(".")
    numbers = ((str(one.job or one.wait), one) for one in tx.waits.incidents(instance_id))
    return next((one for name, one in numbers if name == number), None)


def _one(job_id: str) -> dict[str, Any]:
    with here.engine().store.reading() as tx:
        found = _all(tx, {"jobId": job_id})
    if not found:
        raise _unknown(job_id)
    return found[0]


def _unknown(job_id: str) -> refusals.Refusal:
    return refusals.missing(f"Job with id {job_id} does not exist")


class _Wanted(NamedTuple):
    """Conditions of each kind of row that is a job to Camunda's clients; None: none of this kind."""

    jobs: list[queries.Where] | None
    stopped: list[queries.Where] | None
    timers: list[queries.Where] | None
    ids: set[str] | None


def _wanted(given: Mapping[str, Any]) -> _Wanted:
    where = [*scoped.mine(), *scoped.equal(given, {"processInstanceId": "instance_id", "executionId": "instance_id"})]
    where += scoped.among(given, {"processInstanceIds": "instance_id"})
    named = sent.several(given, "jobIds") or sent.several(given, "jobId")
    ids = {names.wait(one) for one in named} if named is not None else None
    if ids is not None:
        where.append(queries.Where("instance_id", "in", [one.rpartition(".")[0] for one in ids]))
    at = scoped.equal(given, {"activityId": "node"})
    own, timers = not sent.flag(given, "timers"), not sent.flag(given, "messages")
    return _Wanted(
        jobs=[*where, queries.Where("style", "!=", "external"), *at] if own else None,
        stopped=[*where, queries.Where("topic", "=", "")] if own else None,
        timers=[*where, *at] if timers else None,
        ids=ids,
    )


def _counted(tx: Transaction, given: Mapping[str, Any]) -> int:
    """By the database, unless something is asked that only rows can tell."""
    wanted = _wanted(given)
    if wanted.ids is not None or any(sent.flag(given, name) for name in _OF_ROWS):
        return len(_rows(tx, given))
    kinds = ((records.Job, wanted.jobs), (records.Incident, wanted.stopped), (records.Timer, wanted.timers))
    return sum(tx.lists.count(kind, where=where) for kind, where in kinds if where is not None)


def _all(tx: Transaction, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _rows(tx, given)
    definitions, around = names.Definitions(tx), names.instances(tx, [row.instance_id for row in rows])
    return [_shape(row, around.get(row.instance_id), definitions) for row in rows]


def _rows(tx: Transaction, given: Mapping[str, Any]) -> list["_Row"]:
    wanted, rows = _wanted(given), []
    for job in tx.lists.find(records.Job, where=wanted.jobs) if wanted.jobs is not None else ():
        due = job.held_at or job.run_at
        rows.append(_Row(job.id, job.instance_id, job.node, due, job.retries, job.error or None))
    for stopped in tx.lists.find(records.Incident, where=wanted.stopped) if wanted.stopped is not None else ():
        job_id = f"{stopped.instance_id}.{stopped.job or stopped.wait}"
        rows.append(_Row(job_id, stopped.instance_id, stopped.node, None, 0, stopped.message["en"]))
    for timer in tx.lists.find(records.Timer, where=wanted.timers) if wanted.timers is not None else ():
        due = timer.held_at or timer.due_at
        rows.append(_Row(f"{timer.instance_id}.{timer.wait}", timer.instance_id, timer.node, due, 3, None))
    return [row for row in rows if (wanted.ids is None or row.id in wanted.ids) and _fits(row, given)]


class _Row(NamedTuple):
    id: str
    instance_id: str
    node: str
    due: datetime | None
    retries: int
    message: str | None


def _fits(row: _Row, given: Mapping[str, Any]) -> bool:
    if sent.flag(given, "noRetriesLeft") and row.retries > 0:
        return False
    if sent.flag(given, "withRetriesLeft") and row.retries <= 0:
        return False
    return not sent.flag(given, "withException") or row.message is not None


def _shape(row: _Row, instance: records.Instance | None, definitions: names.Definitions) -> dict[str, Any]:
    return {
        "id": names.of_wait(row.id),
        "jobDefinitionId": None,
        "processInstanceId": row.instance_id,
        "processDefinitionId": definitions.id_of(instance),
        "processDefinitionKey": instance.process if instance else None,
        "executionId": row.instance_id,
        "exceptionMessage": row.message,
        "failedActivityId": row.node if row.message else None,
        "retries": row.retries,
        "dueDate": moments.told(row.due),
        "suspended": instance.suspended if instance else False,
        "priority": 0,
        "tenantId": None,
        "createTime": None,
        "batchId": None,
    }


def _given() -> Mapping[str, Any]:
    return sent.body() if flask.request.method == "POST" else sent.query()
