"""External tasks: fetch and lock, answer, look at them."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import flask

from engine import errors, queries, records
from engine.jobs import external
from engine.ports import Transaction
from web.api import here
from web.camunda import door, external_tasks, names, refusals, sent, typed
from web.camunda.gone import gone
from web.camunda.waiting import Hall

blueprint = flask.Blueprint("external", __name__, url_prefix="/external-task")

LONGEST_WAIT_MS = 1_800_000
LONGEST_LOCK_MS = 10**12
MOST_TASKS = 1000
GLANCE_SECONDS = 5.0
"""How often one who waits is asked whether they are still there."""


@blueprint.post("/fetchAndLock")
def fetch_and_lock() -> flask.Response:
    wanted = _Wanted(sent.body())
    deadline = time.monotonic() + wanted.wait_ms / 1000
    found = wanted.fetch()
    if found is None and wanted.wait_ms:
        found = _wait(wanted, deadline)
    return flask.jsonify(found or [])


def _wait(wanted: "_Wanted", deadline: float) -> list[dict[str, Any]] | None:
    hall: Hall = flask.current_app.extensions["hall"]
    ticket = hall.enter(wanted.names)
    if ticket is None:
        return None
    try:
        found = wanted.fetch()  # what came between the first look and taking a seat rang for nobody
        while found is None:
            rest = deadline - time.monotonic()
            if rest <= 0 or here.engine().bell.closed or gone(flask.request.environ):
                return None
            if not ticket.wait(min(rest, GLANCE_SECONDS)):
                continue
            if gone(flask.request.environ):
                hall.pass_on(ticket)
                return None
            found = wanted.fetch()
            if found is not None or wanted.choosy:
                hall.pass_on(ticket)
        return found
    finally:
        hall.leave(ticket)


class _Wanted:
    """A fetch, read once and tried as often as it takes."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.worker = _worker(body)
        self.limit = max(0, min(sent.whole(body, "maxTasks", 0) or 0, MOST_TASKS))
        self.wait_ms = sent.whole(body, "asyncResponseTimeout", 0) or 0
        if self.wait_ms > LONGEST_WAIT_MS:
            raise refusals.wrong(
                f"The asynchronous response timeout cannot be set above {LONGEST_WAIT_MS} milliseconds"
            )
        self._by_priority = sent.flag(body, "usePriority", True)
        order = sent.sorting(body, {"createTime": "created_at"})
        self._newest = order[:1] == ["-created_at"]
        given = body.get("topics") or []
        if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
            raise refusals.wrong("'topics' must be a list of objects")
        self._given = {str(one.get("topicName")): one for one in reversed(given)}
        with here.engine().store.reading() as tx:
            self._topics = [_topic(tx, one) for one in given]
        self.names = [topic.name for topic in self._topics]
        self.choosy = any(
            topic.variables or topic.business_key or topic.processes or topic.programs for topic in self._topics
        )

    def fetch(self) -> list[dict[str, Any]] | None:
        """None when there is nothing."""
        if not self._topics or not self.limit:
            return None
        tasks = external.fetch(
            here.engine(),
            topics=self._topics,
            worker=self.worker,
            limit=self.limit,
            agent=door.me(),
            now=here.engine().clock.now(),
            by_priority=self._by_priority,
            newest=self._newest,
        )
        if not tasks:
            return None
        with here.engine().store.reading() as tx:
            definitions = names.Definitions(tx)
            return [_locked(tx, definitions, task, self._given[task.job.handler]) for task in tasks]


def _topic(tx: Transaction, given: Mapping[str, Any]) -> queries.Topic:
    lease = sent.whole(given, "lockDuration")
    if not sent.text(given, "topicName") or lease is None or lease <= 0:
        raise refusals.wrong("A topic needs a topicName and a lockDuration above 0.")
    keys = sent.several(given, "processDefinitionKeyIn") or []
    ids = sent.several(given, "processDefinitionIdIn") or []
    if sent.text(given, "processDefinitionKey"):
        keys.append(str(given["processDefinitionKey"]))
    if sent.text(given, "processDefinitionId"):
        ids.append(str(given["processDefinitionId"]))
    programs = names.programs(tx, ids) if ids else None
    tag = sent.text(given, "processDefinitionVersionTag")
    if tag:
        tagged = tx.lists.find(records.BaseVersion, where=[queries.Where("version_tag", "=", tag)])
        programs = tuple(one.program for one in tagged if programs is None or one.program in programs)
    variables = given.get("processVariables") or {}
    if not isinstance(variables, Mapping):
        raise refusals.wrong("'processVariables' must be an object")
    return queries.Topic(
        name=str(given["topicName"]),
        lease=timedelta(milliseconds=min(lease, LONGEST_LOCK_MS)),
        business_key=sent.text(given, "businessKey"),
        processes=tuple(keys),
        programs=programs,
        variables={name: _plain(value) for name, value in variables.items()},
    )


def _plain(value: Any) -> Any:
    """Some clients send the value as it is, others with its type."""
    return typed.value(value) if isinstance(value, Mapping) and "value" in value else value


def _locked(
    tx: Transaction, definitions: names.Definitions, task: external.Task, given: Mapping[str, Any]
) -> dict[str, Any]:
    seen = task.local if sent.flag(given, "localVariables") else task.variables
    wanted = sent.several(given, "variables")
    if wanted is not None:
        seen = {name: seen[name] for name in wanted if name in seen}
    shape = external_tasks.shape(task.job, task.instance, definitions)
    notes = _notes(tx, task) if sent.flag(given, "includeExtensionProperties") else {}
    details = task.job.details or None
    return {**shape, "errorDetails": details, "variables": typed.shapes(seen), "extensionProperties": notes}


def _notes(tx: Transaction, task: external.Task) -> dict[str, str]:
    """The properties that the drawing gives the task."""
    program = tx.programs.get(task.instance.program)
    node = next((one for one in program.nodes if one.id == task.job.node), None) if program else None
    return {**(dict(node.notes) if node else {}), **task.job.headers}


@blueprint.post("/<task_id>/complete")
def complete(task_id: str) -> tuple[str, int]:
    body = sent.body()
    data = {**typed.values(body.get("variables")), **typed.values(body.get("localVariables"))}
    with _answering(task_id, body, "completed"):
        external.complete(
            here.engine(), job_id=names.wait(task_id), worker=_worker(body), data=data, agent=door.me(), now=here.now()
        )
    return "", 204


@blueprint.post("/<task_id>/failure")
def failure(task_id: str) -> tuple[str, int]:
    body = sent.body()
    failed = external.Failure(
        message=sent.text(body, "errorMessage") or "",
        details=sent.text(body, "errorDetails") or "",
        retries=_retries(body, "retries"),
        after=_milliseconds(body, "retryTimeout"),
    )
    with _answering(task_id, body, "failed"):
        external.fail(
            here.engine(),
            job_id=names.wait(task_id),
            worker=_worker(body),
            failure=failed,
            agent=door.me(),
            now=here.now(),
        )
    return "", 204


@blueprint.post("/<task_id>/bpmnError")
def bpmn_error(task_id: str) -> tuple[str, int]:
    body = sent.body()
    code = sent.text(body, "errorCode")
    if code is None:
        raise refusals.wrong("errorCode is null")
    with _answering(task_id, body, "reported as bpmn error"):
        external.error(
            here.engine(),
            job_id=names.wait(task_id),
            worker=_worker(body),
            code=code,
            message=sent.text(body, "errorMessage") or "",
            data=typed.values(body.get("variables")),
            agent=door.me(),
            now=here.now(),
        )
    return "", 204


@blueprint.post("/<task_id>/lock")
def lock(task_id: str) -> tuple[str, int]:
    return _leased(task_id, external.lock, "lockDuration", "locked")


@blueprint.post("/<task_id>/extendLock")
def extend_lock(task_id: str) -> tuple[str, int]:
    return _leased(task_id, external.lengthen, "newDuration", "extended")


def _leased(task_id: str, lease: Callable[..., object], name: str, verb: str) -> tuple[str, int]:
    """``lease``: external.lock or external.lengthen; ``name``: how the body calls the milliseconds."""
    body = sent.body()
    given = _milliseconds(body, name, least=1)
    with _answering(task_id, body, verb):
        lease(
            here.engine(),
            job_id=names.wait(task_id),
            worker=_worker(body),
            lease=given,
            agent=door.me(),
            now=here.now(),
        )
    return "", 204


@blueprint.post("/<task_id>/unlock")
def unlock(task_id: str) -> tuple[str, int]:
    with _answering(task_id, {}, "unlocked"):
        external.unlock(here.engine(), job_id=names.wait(task_id), agent=door.me(), now=here.now())
    return "", 204


@blueprint.put("/<task_id>/retries")
def set_retries(task_id: str) -> tuple[str, int]:
    retries = _retries(sent.body(), "retries")
    with _answering(task_id, {}, "given new retries"):
        external.set_retries(
            here.engine(), job_id=names.wait(task_id), retries=retries, agent=door.me(), now=here.now()
        )
    return "", 204


@blueprint.put("/retries")
def set_all_retries() -> tuple[str, int]:
    body = sent.body()
    retries = _retries(body, "retries")
    ids = [names.wait(one) for one in sent.several(body, "externalTaskIds") or []]
    for one in sent.several(body, "processInstanceIds") or []:
        with here.engine().store.reading() as tx:
            ids += [job.id for job in tx.waits.jobs(one) if job.style == "external"]
            ids += [f"{one}.{incident.job}" for incident in tx.waits.incidents(one) if incident.topic]
    if not ids:
        raise refusals.wrong("externalTaskIds is empty: name tasks or process instances")
    for job_id in ids:
        with _answering(job_id, {}, "given new retries"):
            external.set_retries(here.engine(), job_id=job_id, retries=retries, agent=door.me(), now=here.now())
    return "", 204


@blueprint.put("/<task_id>/priority")
def set_priority(task_id: str) -> tuple[str, int]:
    priority = sent.whole(sent.body(), "priority")
    if priority is None:
        raise refusals.wrong("priority is null")
    with _answering(task_id, {}, "given a priority"):
        external.set_priority(here.engine(), job_id=names.wait(task_id), priority=priority, agent=door.me())
    return "", 204


class _answering:
    """What stands in the way of a worker's answer, in the words that workers know."""

    def __init__(self, task_id: str, body: Mapping[str, Any], verb: str) -> None:
        self._task_id, self._worker, self._verb = task_id, sent.text(body, "workerId"), verb

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, errors.NotFound):
            raise external_tasks.unknown(self._task_id) from error
        if isinstance(error, errors.Conflict) and error.code == "lease_lost":
            holder = error.ids.get("worker") or "null"
            message = (
                f"External Task {self._task_id} cannot be {self._verb} by worker '{self._worker}'. "
                f"It is locked by worker '{holder}'."
            )
            raise refusals.Refusal(400, message) from error


def _worker(body: Mapping[str, Any]) -> str:
    worker = sent.text(body, "workerId")
    if worker is None or len(worker) > 100:
        raise refusals.wrong("workerId is null" if worker is None else "workerId is longer than 100 characters")
    return worker


def _retries(body: Mapping[str, Any], name: str) -> int:
    """A worker that says nothing about tries gives up."""
    retries = sent.whole(body, name, 0) or 0
    if retries < 0:
        raise refusals.wrong("The number of retries cannot be negative")
    return min(retries, 10**6)


def _milliseconds(body: Mapping[str, Any], name: str, least: int = 0) -> timedelta:
    given = sent.whole(body, name, 0) or 0
    if given < least:
        raise refusals.wrong(f"Cannot set {name} to {given}: at least {least} milliseconds")
    return timedelta(milliseconds=min(given, LONGEST_LOCK_MS))
