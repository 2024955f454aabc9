"""One round of everything that happens by itself: letters, timers, rungs of promises, releases, absences, jobs.

What the threads of the embedded queue and the workers call. Cheap when nothing is due: one read, no lock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from engine.attachments import keep as attachments
from engine.customers import following
from engine.inbox import absences, untouched
from engine.jobs import run
from engine.messages import carry
from engine.migration import carry as migration
from engine.migration import follow
from engine.ports import Engine, Ring, Transaction
from engine.runtime import retention
from engine.timers import begin, escalate, fire
from engine.variants import release
from engine.webhooks import expand, keep, send

BATCH = 20
FORGET_CHANGES = timedelta(minutes=30)
SWEEP_EVERY = timedelta(minutes=5)
LOOK_EVERY = timedelta(minutes=1)
"""How exact the moment is at which work that nobody touches is taken away."""
ROUNDS: tuple[tuple[str, Callable[..., int]], ...] = (
    ("mail", carry.carry_due),
    ("timer", fire.fire_due),
    ("start", begin.begin_due),
    ("regroup", following.regroup_due),
    ("follow", follow.follow_due),
    ("move", migration.carry_due),
    ("rung", escalate.escalate_due),
    ("release", release.release_due),
    ("absence", absences.turn_due),
)
"""Each is begun only when something of its kind is due."""
_LOG = structlog.get_logger("crmflow.dispatch")


def once(engine: Engine, *, now: datetime, worker: str = "engine", jobs: bool = True) -> int:
    """Does what is due, at most a batch of each kind; how many things it did. Errors are logged, the round goes on.

    What waits for somebody outside is left to couriers (``call``, ``outward``).

    ``jobs`` False leaves jobs to others and rings for those that are due.
    """
    with engine.store.reading() as tx:
        due = {kind for kind, moment in tx.due.soonest().items() if moment <= now}
    if not due:
        return 0
    if not jobs:
        engine.queue.ring([Ring("job")])
    done = 0
    for kind, work in ROUNDS:
        if kind in due:
            done += _round(partial(work, engine, now=now, limit=BATCH))
    if jobs and (done or "job" in due):  # what the others did may have left jobs
        done += _round(lambda: run.run_due(engine, now=now, worker=worker, limit=BATCH))
    return done


def call(engine: Engine, *, now: datetime, worker: str = "engine") -> int:
    """One job that waits for somebody outside: a call, a letter, a connector; 0 or 1."""
    return _round(lambda: run.call_due(engine, now=now, worker=worker))


def outward(engine: Engine, *, now: datetime) -> int:
    """What is told to the world outside, which may take its time to listen."""
    with engine.store.reading() as tx:
        due = tx.webhooks.next()
    if due is None or due > now:
        return 0
    return _round(lambda: expand.expand(engine, now=now)) + _round(lambda: send.send_due(engine, now=now))


def settle(engine: Engine, *, now: datetime, rounds: int) -> bool:
    """Rounds until nothing is due at ``now``, outside work included; False when something still is after so many."""
    return any(not once(engine, now=now) + call(engine, now=now) for _ in range(rounds))


def next_due(engine: Engine) -> datetime | None:
    """When the next thing becomes due; None when nothing waits for a moment."""
    with engine.store.reading() as tx:
        return tx.due.next()


def sweep(engine: Engine, *, now: datetime) -> None:
    """Throws away what has had its time: early messages, dead letters, hints for screens, answers to repeated requests,
    files for starts that did not come, ended cases that their process keeps no longer."""

    def work(tx: Transaction) -> None:
        tx.messages.expire(now)
        carry.sweep(tx, now)
        tx.changes.sweep(now - FORGET_CHANGES)
        tx.repeats.sweep(now)
        attachments.sweep(tx, now)
        keep.sweep(tx, now)

    engine.store.run(work)
    gone = retention.forget_old(engine, now=now)
    if gone:
        _LOG.info("ended cases were kept long enough", instances=gone)


class Dispatcher:
    """Rounds by the engine's clock, with a sweep now and then. Safe to call from several threads."""

    def __init__(self, engine: Engine, worker: str = "engine", *, jobs: bool = True) -> None:
        self._engine = engine
        self._jobs = jobs
        self._worker = worker
        self._next_sweep = engine.clock.now() + SWEEP_EVERY
        self._next_look = engine.clock.now() + LOOK_EVERY

    def __call__(self) -> int:
        now = self._engine.clock.now()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_EVERY
            sweep(self._engine, now=now)
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            _round(partial(untouched.return_due, self._engine, now=now))
        return once(self._engine, now=now, worker=self._worker, jobs=self._jobs)


class Couriers:
    """Rounds of ``call`` and ``outward``, in threads of their own: who is slow outside holds up no timer.

    Safe to call from several threads.
    """

    def __init__(self, engine: Engine, worker: str = "engine") -> None:
        self._engine = engine
        self._worker = worker

    def __call__(self) -> int:
        called = call(self._engine, now=self._engine.clock.now(), worker=self._worker)
        return called + outward(self._engine, now=self._engine.clock.now())


def _round(work: Callable[[], int]) -> int:
    try:
        return work()
    except Exception as error:  # the dispatcher outlives whatever went wrong; the rows are still there
        _LOG.exception("round failed", error=repr(error))
        return 0
