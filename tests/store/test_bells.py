"""What every queue promises, and what no queue has to: rings may be lost, doubled, late and in any order."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine import app, dispatch, ports, worker
from engine.model.nodes import Work
from engine.people.agent import SYSTEM
from engine.queue import Inline, Rq, Threads
from engine.runtime import instances, start
from engine.settings import Settings
from tests import redis_server
from tests.kernel.models import message, node, program, timer
from tests.store.test_app import until
from tests.store.test_kill import release

CASES = 12
ALL = program(
    "start s", node("service first", work=Work(handler="effect", retries=5)),
    node("throw tell", triggers=(message("nobody.hears"),)),
    node("catch pause", triggers=(timer("PT0.01S"),)),
    node("service second", work=Work(handler="effect", retries=5)), "end e",
    flow=["s > first > tell > pause > second > e"], key="all",
)  # fmt: skip


class Effects:
    """A handler that counts how often it was called for which job."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, call: ports.JobCall) -> ports.JobAnswer:
        with self._lock:
            self.seen[call.id] += 1
        return ports.JobAnswer()


class Hostile:
    """A bell that loses, doubles, delays and reorders what it should hand on."""

    def __init__(self, queue: Any, seed: int) -> None:
        self.queue = queue
        self._chance = random.Random(seed)
        self._held: list[Sequence[ports.Ring]] = []
        self.lost = 0

    def begin(self, work: Callable[[], int]) -> None:
        self.queue.begin(work)

    def ring(self, rings: Sequence[ports.Ring]) -> None:
        fate = self._chance.random()
        if fate < 0.4:
            self.lost += 1
        elif fate < 0.6:
            self._held.append(rings)
        else:
            self.queue.ring([*reversed(rings), *rings])
            self._chance.shuffle(self._held)
            while self._held and self._chance.random() < 0.5:
                self.queue.ring(self._held.pop())

    def close(self) -> None:
        self.queue.close()


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server.server() as url:
        yield url


@pytest.fixture(params=["inline", "threads", "rq"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Nobody sweeps within a test."""
    more = {"redis_url": request.getfixturevalue("redis_url")} if request.param == "rq" else {}
    return Settings(data_dir=tmp_path, queue=request.param, sweep_seconds=1000, threads=2, **more)


@contextmanager
def running(settings: Settings, effects: Effects) -> Iterator[ports.Engine]:
    """An engine whose due work is done by whoever hears its bell: for rq a worker that has its own engine."""
    engine = app.build(settings, more_handlers={"effect": effects})
    stop = threading.Event()
    work = {"settings": settings, "stop": stop, "more_handlers": {"effect": effects}}
    working = threading.Thread(target=worker.work, kwargs=work)
    if settings.queue == "rq":
        working.start()
    try:
        release(engine, ALL)
        yield engine
    finally:
        stop.set()
        if working.ident:
            working.join(30)
        engine.close()


def begin(engine: ports.Engine, count: int) -> list[str]:
    now = engine.clock.now()
    return [
        start.start(engine, process="all", customer_id=None, data={}, agent=SYSTEM, now=now).instance.id
        for _ in range(count)
    ]


def done(engine: ports.Engine) -> int:
    return len(instances.search(engine, query=instances.Query(status="completed"), limit=200))


def test_a_ring_has_due_jobs_done_each_once(settings: Settings) -> None:
    effects = Effects()
    with running(settings, effects) as engine:
        begin(engine, CASES)
        until(lambda: len(effects.seen) >= CASES)
    assert set(effects.seen.values()) == {1}


def test_a_later_ring_finds_what_became_due_since(settings: Settings) -> None:
    effects = Effects()
    with running(settings, effects) as engine:
        begin(engine, 3)
        until(lambda: len(effects.seen) >= 3)

        def finished() -> bool:
            engine.queue.ring([ports.Ring("timer")])
            return done(engine) == 3

        until(finished)
    assert sorted(effects.seen.values()) == [1] * 6


def test_a_thousand_rings_for_nothing_do_nothing(settings: Settings) -> None:
    effects = Effects()
    with running(settings, effects) as engine:
        for _ in range(200):
            engine.queue.ring([ports.Ring("job")] * 5)
        begin(engine, 1)
        until(lambda: len(effects.seen) >= 1)
    assert set(effects.seen.values()) == {1}


def test_a_ring_that_nobody_is_meant_to_hear_harms_nobody(settings: Settings) -> None:
    with running(settings, Effects()) as engine:
        engine.queue.ring([])
        engine.queue.ring([ports.Ring("change", "i-1")])


def test_a_closed_queue_leaves_no_thread(settings: Settings) -> None:
    before = set(threading.enumerate())
    with running(settings, Effects()):
        pass
    until(lambda: not set(threading.enumerate()) - before)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", ["inline", "threads", "rq"])
def test_with_a_hostile_bell_everything_happens_once(
    kind: str, seed: int, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = app._queue
    made: list[Hostile] = []

    def hostile(settings: Settings) -> Any:
        if made:  # the worker's own engine
            return whole(settings)
        made.append(Hostile(whole(settings), seed))
        return made[0]

    monkeypatch.setattr(app, "_queue", hostile)
    more = {"redis_url": request.getfixturevalue("redis_url")} if kind == "rq" else {}
    settings = Settings(data_dir=tmp_path, queue=kind, sweep_seconds=0.05, threads=2, **more)  # type: ignore[arg-type]
    effects = Effects()
    with running(settings, effects) as engine:
        begin(engine, CASES)

        def finished() -> bool:
            if kind == "inline":  # it has no sweep of its own
                dispatch.Dispatcher(engine)()
            return done(engine) == CASES

        until(finished)
        assert made[0].lost > 0
    assert sorted(effects.seen.values()) == [1] * (2 * CASES)


def test_a_redis_that_dies_and_comes_back_costs_time_and_no_work(tmp_path: Path) -> None:
    """Nor a thread that asks for it for ever."""
    effects, before = Effects(), set(threading.enumerate())
    with redis_server.server() as url:
        settings = Settings(data_dir=tmp_path, queue="rq", redis_url=url, sweep_seconds=0.05, threads=1)
        with running(settings, effects) as engine:
            begin(engine, 3)
            redis_server.flush(url)
            begin(engine, 3)
            until(lambda: done(engine) == 6)
            redis_server.shut_down(url)
            begin(engine, 3)
            until(lambda: done(engine) == 9)
    assert sorted(effects.seen.values()) == [1] * 18
    until(lambda: not set(threading.enumerate()) - before)


def test_the_three_adapters_have_one_shape() -> None:
    def doors(queue: type) -> set[str]:
        return {name for name in vars(queue) if name in ("begin", "ring", "close")}

    assert doors(Inline) == doors(Threads) == doors(Rq) == {"begin", "ring", "close"}
