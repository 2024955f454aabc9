"""Jobs that workers outside fetch by topic: lease, answer, lengthen, give back.

Whoever leased a job last may answer it, also late, as long as nobody else has leased it since: else a Conflict.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine import errors, facts, queries, records
from engine.jobs import run
from engine.kernel import codec, stimuli, view
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, JobAnswer, Transaction
from engine.runtime import deliver, ids, incidents

LOOKED_AT = 20
"""How many jobs are looked at for each one wanted, where a topic asks for values of variables."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A job as its worker sees it."""

    job: records.Job
    instance: records.Instance
    variables: dict[str, Any]
    """Those that the activity sees, with its input parameters."""
    local: dict[str, Any]
    """The activity's input parameters."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    message: str
    retries: int
    """Tries left; 0 is an incident."""
    after: timedelta
    """When the next one is."""
    details: str = ""


def ready(engine: Engine, *, topics: Sequence[str], now: datetime) -> set[str]:
    """Those of ``topics`` for which something may be taken now. One read, no lock."""
    with engine.store.reading() as tx:
        return tx.jobs.topics(topics, now=now)


def fetch(
    engine: Engine,
    *,
    topics: Sequence[queries.Topic],
    worker: str,
    limit: int,
    agent: Agent,
    now: datetime,
    by_priority: bool = True,
    newest: bool = False,
) -> list[Task]:
    """Due jobs of these topics, each leased to ``worker`` for its topic's lease; the oldest first."""
    rights.need(agent, "job.work")
    if not ready(engine, topics=[topic.name for topic in topics], now=now):
        return []
    leases = {topic.name: topic.lease for topic in reversed(topics)}
    demanding = any(topic.variables for topic in topics)

    def work(tx: Transaction) -> list[Task]:
        taken: list[Task] = []
        most = limit * LOOKED_AT if demanding else limit
        for job in tx.jobs.pick(topics, now=now, limit=most, by_priority=by_priority, newest=newest):
            task = _task(tx, job)
            if demanding and not any(_meets(topic, task) for topic in topics):
                continue
            leased = tx.jobs.lease(job, worker=worker, until=now + leases[job.handler])
            if leased is not None:
                taken.append(msgspec.structs.replace(task, job=leased))
            if len(taken) == limit:
                break
        return taken

    return engine.store.run(work)


def get(engine: Engine, *, job_id: str, agent: Agent) -> records.Job:
    """Raises errors.NotFound."""
    rights.need(agent, "job.work")
    instance_id, wait = ids.split(job_id, missing=unknown(job_id))
    with engine.store.reading() as tx:
        job = tx.jobs.get(instance_id, wait)
    if job is None or job.style != "external":
        raise unknown(job_id)
    return job


def lock(engine: Engine, *, job_id: str, worker: str, lease: timedelta, agent: Agent, now: datetime) -> records.Job:
    """Leases this very job; errors.Conflict while it is another worker's."""
    job = get(engine, job_id=job_id, agent=agent)
    if job.held_at is not None:
        raise deliver.suspended(job.instance_id)
    if job.worker not in ("", worker) and job.run_at > now:
        raise _lost(job)
    leased = engine.store.run(lambda tx: tx.jobs.lease(job, worker=worker, until=now + lease))
    if leased is None:
        raise _lost(job)
    return leased


def complete(engine: Engine, *, job_id: str, worker: str, data: Mapping[str, Any], agent: Agent, now: datetime) -> None:
    job = _held(engine, job_id, worker, agent)
    _taken(run.answered(engine, job, JobAnswer(data=data), now=now), job)


def error(
    engine: Engine,
    *,
    job_id: str,
    worker: str,
    code: str,
    message: str,
    data: Mapping[str, Any],
    agent: Agent,
    now: datetime,
) -> None:
    """A BPMN error: the process says what happens then."""
    job = _held(engine, job_id, worker, agent)
    _taken(run.answered(engine, job, JobAnswer(data=data, error=code, message=message), now=now), job)


def fail(
    engine: Engine,
    *,
    job_id: str,
    worker: str,
    failure: Failure,
    agent: Agent,
    now: datetime,
) -> None:
    """A technical failure; with no tries left an incident."""
    job = _held(engine, job_id, worker, agent)
    failed = msgspec.structs.replace(
        job,
        retries=max(failure.retries, 0),
        told=True,
        error=failure.message[:1000],
        details=failure.details[:100_000],
        run_at=now + failure.after,
    )
    if failure.retries <= 0:
        _taken(_give_up(engine, failed, failed.error, now), job)
        return

    def work(tx: Transaction) -> bool:
        if not tx.jobs.change(failed):
            return False
        fact = facts.JobFailed(node=job.node, wait=job.wait, message=failed.error, retries_left=failed.retries)
        tx.facts.append(job.instance_id, [fact], agent=agent.key, now=now)
        tx.ring("topic", job.handler)
        return True

    _taken(engine.store.run(work), job)


def set_retries(engine: Engine, *, job_id: str, retries: int, agent: Agent, now: datetime) -> None:
    """By hand: 0 gives the job up, more than 0 takes up one that was given up."""
    rights.need(agent, "job.work")
    instance_id, wait = ids.split(job_id, missing=unknown(job_id))
    with engine.store.reading() as tx:
        job = tx.jobs.get(instance_id, wait)
        stopped = next((one for one in tx.waits.incidents(instance_id) if one.job == wait), None)
    if job is None and stopped is not None:
        if retries > 0:
            incidents.retry(engine, incident_id=stopped.id, agent=agent, now=now)
        return
    if job is None or job.style != "external":
        raise unknown(job_id)
    changed = msgspec.structs.replace(job, retries=retries, told=True)
    if retries <= 0:
        _taken(_give_up(engine, changed, job.error or "no tries left", now), job)
        return
    _taken(_changed(engine, changed), job)


def set_priority(engine: Engine, *, job_id: str, priority: int, agent: Agent) -> None:
    job = get(engine, job_id=job_id, agent=agent)
    _taken(_changed(engine, msgspec.structs.replace(job, priority=priority)), job)


def lengthen(engine: Engine, *, job_id: str, worker: str, lease: timedelta, agent: Agent, now: datetime) -> None:
    job = _held(engine, job_id, worker, agent)
    _taken(_changed(engine, msgspec.structs.replace(job, run_at=now + lease)), job)


def unlock(engine: Engine, *, job_id: str, agent: Agent, now: datetime) -> None:
    """Gives the job back at once, without counting a try; whoever leased it."""
    job = get(engine, job_id=job_id, agent=agent)
    _taken(_changed(engine, msgspec.structs.replace(job, run_at=now, worker="")), job)


def _give_up(engine: Engine, job: records.Job, message: str, now: datetime) -> bool:
    """An incident; what the worker said goes to it by the job's row."""

    def note(tx: Transaction) -> None:
        tx.jobs.change(job)

    stimulus = stimuli.Fail(wait=job.wait, kind="technical", message=message)
    return run.settle(engine, job, stimulus, now=now, before=note)


def _changed(engine: Engine, job: records.Job) -> bool:
    def work(tx: Transaction) -> bool:
        tx.ring("topic", job.handler)
        return tx.jobs.change(job)

    return engine.store.run(work)


def _task(tx: Transaction, job: records.Job) -> Task:
    instance, kept = tx.instances.get(job.instance_id), tx.steps.read(job.instance_id)
    if instance is None or kept is None:
        raise deliver.unknown(job.instance_id)
    seen = view.visible(codec.decode(kept.state), job.wait)
    return Task(job=job, instance=instance, variables={**seen, **job.input}, local=job.input)


def _meets(topic: queries.Topic, task: Task) -> bool:
    wanted = topic.variables.items()
    return topic.name == task.job.handler and all(task.variables.get(name) == value for name, value in wanted)


def _held(engine: Engine, job_id: str, worker: str, agent: Agent) -> records.Job:
    job = get(engine, job_id=job_id, agent=agent)
    if job.worker != worker:
        raise _lost(job)
    return job


def _taken(done: bool, job: records.Job) -> None:
    if not done:
        raise _lost(job)


def _lost(job: records.Job) -> errors.Conflict:
    return errors.Conflict(
        "lease_lost",
        zh=f"作业 {job.id} 的租约已不在此工作者手中。",
        en=f"The lease of the job {job.id} is not this worker's any more.",
        job=job.id,
        worker=job.worker,
    )


def unknown(job_id: str) -> errors.NotFound:
    return errors.NotFound(
        "job_unknown", zh=f"找不到作业 {job_id}。", en=f"There is no open job {job_id!r}.", job=job_id
    )
