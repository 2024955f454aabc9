"""Couriers make the calls: who is slow outside holds up no timer, no other job, and outlives no lease."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from engine import dispatch
from engine.definitions import bindings
from engine.model.expression import Mapping
from engine.model.nodes import Work
from engine.queue import Threads
from tests import outside_world as world
from tests.house import BOSS
from tests.kernel.models import mapping, node, program, timer
from tests.outside_world import Heard, Reply
from tests.store.test_app import until
from tests.unit.connectors.conftest import Trading


class Slow:
    """A target that says when it was asked and answers when it is let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()

    def __call__(self, heard: Heard) -> Reply:
        self.asked.set()
        assert self.go.wait(20)
        return Reply.of({"ok": True})


@pytest.fixture
def slow(web: world.Web) -> Iterator[Slow]:
    made = Slow()
    web.says(made)
    yield made
    made.go.set()


def begun(home: Trading, handler: str, *parameters: Mapping, key: str = "p") -> str:
    """A case that stands at a service task, whose job nobody has taken yet."""
    work = Work(handler=handler, parameters=parameters)
    call = node("service call", work=work)
    home.release(program("start s", call, "user look", "end e", flow=["s > call > look > e"], key=key))
    return home.start(key)


def waiting_for(home: Trading, seconds: int) -> str:
    pause = node("catch pause", triggers=(timer(f"PT{seconds}S"),))
    home.release(program("start s", pause, "user later", "end e", flow=["s > pause > later > e"], key="timed"))
    return home.start("timed")


def test_a_timer_and_a_job_go_on_while_a_call_waits(home: Trading, web: world.Web, slow: Slow) -> None:
    home.connector(url=web.url)
    calling = begun(home, "connector:erp")
    timed = waiting_for(home, 20)
    with ExitStack() as ends:
        for rounds in (dispatch.Dispatcher(home.engine), dispatch.Couriers(home.engine)):
            threads = Threads(threads=1, sweep_seconds=0.02)
            threads.begin(rounds)
            ends.callback(threads.close)
        ends.callback(slow.go.set)
        assert slow.asked.wait(20)
        home.clock.advance(timedelta(seconds=30))
        until(lambda: home.at(timed) == ["later"])
        other = begun(home, "nothing", key="other")
        until(lambda: home.at(other) == ["look"])
        assert home.at(calling) == [] and not slow.go.is_set()
        slow.go.set()
        until(lambda: home.at(calling) == ["look"])
    assert len(web.heard) == 1


@pytest.mark.parametrize(
    ("handler", "outside"),
    [
        ("http", True),
        ("email", True),
        ("connector:erp", True),
        ("connector:nobody", True),
        ("org.acme.Send", True),
        ("org.acme.Log", False),
        ("org.acme.Queue", False),
        ("org.acme.Unbound", False),
        ("httpx", False),
        ("nothing", False),
    ],
)
def test_each_job_is_either_the_couriers_or_the_rounds(
    home: Trading, web: world.Web, handler: str, outside: bool
) -> None:
    home.connector(url=web.url)
    for name, kind, target in (
        ("org.acme.Send", "handler", "connector:erp"),
        ("org.acme.Log", "handler", "nothing"),
        ("org.acme.Queue", "topic", "http"),
    ):
        bindings.bind(home.engine, handler=name, kind=kind, target=target, agent=BOSS, now=home.now)  # type: ignore[arg-type]
    begun(home, handler)
    mine, others = (dispatch.call, dispatch.once) if outside else (dispatch.once, dispatch.call)
    assert others(home.engine, now=home.now) == 0
    assert mine(home.engine, now=home.now) == 1
    assert others(home.engine, now=home.now) == 0


def test_nothing_is_leased_while_another_call_waits(home: Trading, web: world.Web) -> None:
    home.connector(url=web.url)
    cases = [begun(home, "connector:erp"), begun(home, "connector:erp", key="second")]
    seen: list[tuple[str, float]] = []

    def look(heard: Heard) -> Reply:
        jobs = [home.waiting(case) for case in cases]
        seen.extend((job.worker, (job.run_at - home.now).total_seconds()) for job in jobs)
        return Reply.of({})

    web.says(look, Reply.of({}))
    settings = home.engine.settings.model_copy(update={"lease_seconds": 1})
    home.engine = type(home.engine)(**{**vars(home.engine), "settings": settings})
    assert dispatch.call(home.engine, now=home.now, worker="mine") == 1
    assert sorted(seen) == [("", 0), ("mine", 60)]
    assert dispatch.call(home.engine, now=home.now, worker="mine") == 1
    assert dispatch.call(home.engine, now=home.now, worker="mine") == 0
    assert [home.at(case) for case in cases] == [["look"], ["look"]]


def test_a_call_from_the_drawing_alone_goes_the_same_way(home: Trading, web: world.Web) -> None:
    web.says(Reply.of({}))
    case = begun(home, "http", mapping("url", f'"{web.url}"'))
    assert dispatch.once(home.engine, now=home.now) == 0
    assert dispatch.Couriers(home.engine)() == 1
    assert home.at(case) == ["look"]
