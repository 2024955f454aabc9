"""Puts everything together: the only module that sees all rooms. Importing it does nothing; ``build`` does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import dispatch, errors, plugins, ports, records
from engine.bell import Bell
from engine.bpmn import read, survey, write
from engine.clock import Clock, SystemClock
from engine.connectors import handlers as connectors
from engine.domain import handlers as domain
from engine.elsewhere import plugs
from engine.evaluation import HouseEvaluator
from engine.hours.shelf import Shelf
from engine.inbox.assign import HouseAssigner
from engine.jobs import handlers
from engine.queue import Inline, Rq, Threads, Work
from engine.recent import Recent
from engine.runtime.plans import PlanCache
from engine.settings import Settings
from engine.store.unit_of_work import Store
from engine.trust import vault
from engine.variants.choose import VariantChooser

CALLERS_SECONDS = 1.0
"""How long another process may still trust a token that was taken back in this one, and not know who went away."""


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    more_handlers: Mapping[str, ports.Handler] | None = None,
    dispatcher: bool = True,
) -> ports.Engine:
    """Opens and upgrades the database, wires the ports, begins to dispatch. Whoever builds it closes it.

    ``dispatcher`` False leaves due work to others: for the command line, and for web servers beside workers.
    """
    _check(settings)
    queue = _queue(settings)
    bell = Bell()
    bell.listen(queue.ring)
    callers: Recent[Any] = Recent(seconds=CALLERS_SECONDS)
    absences: Recent[tuple[records.Absence, ...]] = Recent(seconds=CALLERS_SECONDS)
    bell.listen(_forgetting(callers, absences))
    clock = clock or SystemClock()
    store = Store(settings.database, bell=bell.ring, elsewhere=plugs.of(settings))
    store.upgrade()
    evaluator = HouseEvaluator()
    calendars = Shelf(store, clock)
    bell.listen(calendars.heard)
    engine = ports.Engine(
        settings=settings,
        clock=clock,
        store=store,
        queue=queue,
        evaluator=evaluator,
        plans=PlanCache(),
        chooser=VariantChooser(store.new_id),
        assigner=HouseAssigner(absences),
        reader=read.read,
        mender=survey.mended,
        writer=write.write,
        handlers=connectors.Handlers(
            {**plugins.handlers(), **handlers.BUILTIN, **domain.of(store), **(more_handlers or {})},
            store=store,
            settings=settings,
        ),
        calendars=calendars,
        bell=bell,
        callers=callers,
        closing=(evaluator.close,),
    )
    if dispatcher:
        _begin(queue, dispatch.Dispatcher(engine), dispatch.Couriers(engine))
    return engine


def _check(settings: Settings) -> None:
    """What would fail hours later, in the middle of a case. Raises errors.Invalid."""
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.Invalid(
            "time_zone_unknown",
            zh=f"CRMFLOW_TIME_ZONE={settings.time_zone}：没有这个时区，例如 Asia/Shanghai",
            en=f"CRMFLOW_TIME_ZONE={settings.time_zone}: no such time zone; one is Asia/Shanghai",
        ) from None
    if settings.credentials_key:
        vault.of(settings)


def _forgetting(*known: Recent[Any]) -> Callable[[Sequence[ports.Ring]], None]:
    """What is known of people, when any of them changes."""

    def people_changed(rings: Sequence[ports.Ring]) -> None:
        if any(ring.kind == "people" for ring in rings):
            for recent in known:
                recent.forget()

    return people_changed


def _begin(queue: Inline | Threads | Rq, rounds: Work, couriers: Work) -> None:
    """What listens outside may take its time: couriers have threads of their own."""
    if isinstance(queue, Inline):
        queue.begin(lambda: rounds() + couriers())
    else:
        queue.begin(rounds)
        queue.begin(couriers)


def _queue(settings: Settings) -> Inline | Threads | Rq:
    if settings.queue == "inline":
        return Inline()
    if settings.queue == "rq":
        try:
            return Rq(settings.redis_url)
        except ValueError:
            raise errors.Invalid(
                "redis_url_invalid",
                zh="CRMFLOW_REDIS_URL 不是 Redis 地址，应形如 redis://127.0.0.1:6379/0",
                en="CRMFLOW_REDIS_URL is no address of a Redis; expected one like redis://127.0.0.1:6379/0",
            ) from None
    return Threads(threads=settings.threads, sweep_seconds=settings.sweep_seconds)
