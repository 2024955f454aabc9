"""Jobs that workers outside fetch by topic: lease, answer, lengthen, give back. A lost lease is a Conflict."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine import errors, records
from engine.jobs import run
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, JobAnswer
from engine.runtime import ids


def fetch(
    engine: Engine, *, topics: Sequence[str], worker: str, lease: timedelta, limit: int, agent: Agent, now: datetime
) -> list[records.Job]:
    """Due jobs of these topics, each leased to ``worker`` until ``now + lease``."""
    rights.need(agent, "api.use")
    return engine.store.run(
        lambda tx: tx.jobs.claim(
            styles=("external",), handlers=topics, worker=worker, until=now + lease, now=now, limit=limit
        )
    )


def complete(engine: Engine, *, job_id: str, worker: str, data: Mapping[str, Any], agent: Agent, now: datetime) -> None:
    job = _leased(engine, job_id, worker, agent, now)
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
    job = _leased(engine, job_id, worker, agent, now)
    _taken(run.answered(engine, job, JobAnswer(data=data, error=code, message=message), now=now), job)


def fail(
    engine: Engine,
    *,
    job_id: str,
    worker: str,
    message: str,
    retries: int,
    after: timedelta,
    agent: Agent,
    now: datetime,
) -> None:
    """A technical failure: the worker says how many tries are left and when the next one is; 0 is an incident."""
    job = _leased(engine, job_id, worker, agent, now)
    _taken(run.failed(engine, job, message=message[:1000], now=now, retries=retries, after=after), job)


def lengthen(engine: Engine, *, job_id: str, worker: str, lease: timedelta, agent: Agent, now: datetime) -> None:
    job = _leased(engine, job_id, worker, agent, now)
    changed = msgspec.structs.replace(job, run_at=now + lease)
    _taken(engine.store.run(lambda tx: tx.jobs.change(changed)), job)


def unlock(engine: Engine, *, job_id: str, worker: str, agent: Agent, now: datetime) -> None:
    """Gives the job back at once, without counting a try."""
    job = _leased(engine, job_id, worker, agent, now)
    changed = msgspec.structs.replace(job, run_at=now, worker="")
    _taken(engine.store.run(lambda tx: tx.jobs.change(changed)), job)


def _leased(engine: Engine, job_id: str, worker: str, agent: Agent, now: datetime) -> records.Job:
    rights.need(agent, "api.use")
    instance_id, wait = ids.split(job_id, missing=unknown(job_id))
    with engine.store.reading() as tx:
        job = tx.jobs.get(instance_id, wait)
    if job is None or job.style != "external":
        raise unknown(job_id)
    if job.worker != worker or job.run_at <= now:
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
