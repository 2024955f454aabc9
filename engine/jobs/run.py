"""Runs due jobs: lease, handle outside any transaction, settle with the step that the answer causes.

A handler may run twice (its worker died, its lease ended); its answer is taken once: the fence of the lease decides.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from engine import errors, facts, records
from engine.jobs import fitness, retry
from engine.kernel import codec, stimuli, view
from engine.model.text import EN, Text, both
from engine.ports import Engine, Failed, JobAnswer, JobCall, Transaction
from engine.runtime import deliver

OWN = ("builtin", "continue", "unbound")
"""Styles that the engine runs itself; ``external`` ones are fetched by their workers."""
CALL_LEASE = timedelta(seconds=60)
"""Longer than any call or letter may take (25 s), whatever ``lease_seconds`` says."""
_LOG = structlog.get_logger("crmflow.jobs")


def run_due(engine: Engine, *, now: datetime, worker: str = "engine", limit: int = 20) -> int:
    """Takes up to ``limit`` due jobs that wait for nobody outside and runs them; how many it took."""
    until = now + timedelta(seconds=engine.settings.lease_seconds)
    return _run(engine, worker=worker, until=until, now=now, limit=limit, outside=False)


def call_due(engine: Engine, *, now: datetime, worker: str = "engine") -> int:
    """Takes one due job that waits for somebody outside; 0 or 1. No lease runs out while another job is answered."""
    with engine.store.reading() as tx:
        due = tx.jobs.calls_due(OWN, now=now)
    if not due:
        return 0
    until = now + max(timedelta(seconds=engine.settings.lease_seconds), CALL_LEASE)
    return _run(engine, worker=worker, until=until, now=now, limit=1, outside=True)


def _run(engine: Engine, *, worker: str, until: datetime, now: datetime, limit: int, outside: bool) -> int:
    jobs = engine.store.run(
        lambda tx: tx.jobs.claim(
            styles=OWN, handlers=None, worker=worker, until=until, now=now, limit=limit, outside=outside
        )
    )
    for job in jobs:
        perform(engine, job, now=now)
    return len(jobs)


def perform(engine: Engine, job: records.Job, *, now: datetime) -> bool:
    """Runs one leased job; False when its lease had gone to somebody else meanwhile."""
    if job.style == "continue":
        return settle(engine, job, stimuli.Complete(wait=job.wait), now=now)
    with engine.store.reading() as tx:
        bound = None if job.handler in engine.handlers else tx.bindings.get(job.handler)
        instance = tx.instances.get(job.instance_id)
        variables = _seen(tx, job) if job.style == "unbound" else {}
        customer = tx.customers.get(instance.customer_id) if instance and instance.customer_id else None
    if bound is not None and bound.kind == "topic":
        return _hand_over(engine, job, topic=bound.target, now=now)
    handler = engine.handlers.get(bound.target if bound else job.handler)
    if handler is None:
        return settle(engine, job, _unbound(job), now=now)
    call = JobCall(
        id=job.id,
        handler=job.handler,
        input=job.input,
        headers=job.headers,
        attempt=job.attempts,
        now=now,
        instance_id=job.instance_id,
        process=job.process,
        business_key=job.business_key,
        customer=customer,
        variables=variables,
    )
    try:
        answer = handler(call)
    except Failed as error:
        later, left = max(now, engine.clock.now()), 0 if error.hopeless else None
        return failed(engine, job, text=_words(error), now=later, retries=left, after=error.after)
    except Exception as error:  # a handler is somebody else's code: whatever it raises is a failed try
        _LOG.warning("job failed", job=job.id, handler=job.handler, attempt=job.attempts, error=repr(error))
        return failed(engine, job, text=_words(error), now=max(now, engine.clock.now()))
    later = max(now, engine.clock.now())
    try:
        fit = fitness.fit(answer, handler=job.handler)
    except errors.Invalid as error:  # the deed may be done: it is not done again without a person's look
        return failed(engine, job, text=_words(error), now=later, retries=0)
    return answered(engine, job, fit, now=later)


def _seen(tx: Transaction, job: records.Job) -> Mapping[str, Any]:
    kept = tx.steps.read(job.instance_id)
    return view.visible(codec.decode(kept.state), job.wait) if kept is not None else {}


def _hand_over(engine: Engine, job: records.Job, *, topic: str, now: datetime) -> bool:
    """From now on it is an external job of that topic; this lease was no try."""
    given = msgspec.structs.replace(job, handler=topic, style="external", run_at=now, worker="")

    def work(tx: Transaction) -> bool:
        tx.ring("topic", topic)
        return tx.jobs.change(given)

    return engine.store.run(work)


def answered(engine: Engine, job: records.Job, answer: JobAnswer, *, now: datetime) -> bool:
    """What the handler told people and what it gave back are written together."""

    def tell(tx: Transaction) -> None:
        kept = tx.instances.get(job.instance_id) if answer.notifications else None
        for number, note in enumerate(answer.notifications):
            notice = records.Notice(
                id=job.id if number == 0 else f"{job.id}.{number}",
                instance_id=job.instance_id,
                customer_id=kept.customer_id if kept else None,
                channel=note.channel,
                to=note.to,
                subject=note.subject,
                text=note.text,
                created_at=now,
            )
            tx.notices.add(notice)

    stimulus: stimuli.AnyStimulus = stimuli.Complete(wait=job.wait, data=dict(answer.data))
    if answer.error:
        stimulus = stimuli.Fail(
            wait=job.wait, kind="error", code=answer.error, message=answer.message, data=dict(answer.data)
        )
    return settle(engine, job, stimulus, now=now, before=tell)


def failed(
    engine: Engine,
    job: records.Job,
    *,
    text: Text,
    now: datetime,
    retries: int | None = None,
    after: timedelta | None = None,
) -> bool:
    """One try less: again after a back-off, or an incident when none is left. ``retries`` overrides what is left."""
    message, left = " / ".join(dict.fromkeys(text.values())), job.retries - 1 if retries is None else retries
    if left <= 0:
        stimulus = stimuli.Fail(wait=job.wait, kind="technical", message=message, text=text)
        return settle(engine, job, stimulus, now=now)
    again = now + (retry.delay(job.attempts) if after is None else after)
    changed = msgspec.structs.replace(job, retries=left, run_at=again, worker="", error=message)

    def work(tx: Transaction) -> bool:
        if not tx.jobs.change(changed):
            return False
        fact = facts.JobFailed(node=job.node, wait=job.wait, message=message, retries_left=left)
        tx.facts.append(job.instance_id, [fact], agent="system", now=now)
        tx.ring("timer")
        return True

    return engine.store.run(work)


def settle(
    engine: Engine,
    job: records.Job,
    stimulus: stimuli.AnyStimulus,
    *,
    now: datetime,
    before: Callable[[Transaction], None] | None = None,
) -> bool:
    """The step that ends the job, if the lease still is ours; ``before`` writes into the same transaction."""

    def work(tx: Transaction) -> bool:
        kept = tx.steps.read(job.instance_id)
        stored = tx.jobs.get(job.instance_id, job.wait)
        if stored is None or stored.fence != job.fence:
            _LOG.info("late answer", job=job.id, fence=job.fence)
            return False
        if before is not None:
            before(tx)
        deliver.within(engine, tx, instance_id=job.instance_id, stimulus=stimulus, now=now, kept=kept)
        return True

    return engine.store.run(work)


def _unbound(job: records.Job) -> stimuli.Fail:
    text = both(
        zh=f"还没有人处理“{job.handler}”：请先绑定，然后重试",
        en=f"nobody does {job.handler!r} yet: bind it, then retry",
    )
    return stimuli.Fail(wait=job.wait, kind="technical", code="handler_unbound", message=text[EN], text=text)


def _words(error: Exception) -> Text:
    """At most 1,000 characters each: an incident is read by people."""
    if isinstance(error, errors.CrmflowError | Failed):
        return {locale: words[:1000] for locale, words in error.text.items()}
    words = f"{type(error).__name__}: {error}"[:1000]
    return both(zh=words, en=words)
