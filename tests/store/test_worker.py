"""Workers in processes of their own: woken through Redis, sweeping without it, ended cleanly."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import app, ports, worker
from engine.model.nodes import Work
from engine.people.agent import SYSTEM, Agent
from engine.runtime import instances, start
from engine.settings import Settings
from engine.trust import openings
from tests import outside_world, redis_server
from tests.kernel.models import mapping, node, program
from tests.store.test_app import until
from tests.store.test_kill import release

JOB = program("start s", node("service do", work=Work(handler="log")), "end e", flow=["s > do > e"], key="logging")


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server.server() as url:
        yield url


def begin(engine: ports.Engine, process: str = "logging") -> str:
    now = engine.clock.now()
    return start.start(engine, process=process, customer_id=None, data={}, agent=SYSTEM, now=now).instance.id


def works(settings: Settings) -> None:
    """A case started here is finished by the worker; the worker ends when it is told to."""
    engine = app.build(settings, dispatcher=False)
    release(engine, JOB)
    stop = threading.Event()
    working = threading.Thread(target=worker.work, args=(settings,), kwargs={"stop": stop})
    working.start()
    try:
        for _ in range(3):
            case = begin(engine)
            until(lambda case=case: instances.get(engine, instance_id=case).instance.status == "completed")  # type: ignore[misc]
    finally:
        stop.set()
        working.join(20)
        engine.close()
    assert not working.is_alive()


def test_a_ring_through_redis_wakes_the_worker(tmp_path: Path, redis_url: str) -> None:
    works(Settings(data_dir=tmp_path, queue="rq", redis_url=redis_url, sweep_seconds=1000, threads=1))


def test_without_redis_the_sweep_finds_the_work(tmp_path: Path) -> None:
    works(Settings(data_dir=tmp_path, queue="rq", redis_url="redis://127.0.0.1:1/0", sweep_seconds=0.05, threads=1))


def test_a_worker_beside_an_embedded_server_sweeps_too(tmp_path: Path) -> None:
    works(Settings(data_dir=tmp_path, queue="threads", sweep_seconds=0.05, threads=1))


def test_a_slow_target_holds_up_no_other_job_of_the_worker(tmp_path: Path, redis_url: str) -> None:
    settings = Settings(data_dir=tmp_path, queue="rq", redis_url=redis_url, sweep_seconds=1000, threads=1)
    asked, go, stop = threading.Event(), threading.Event(), threading.Event()

    def answer(heard: outside_world.Heard) -> outside_world.Reply:
        asked.set()
        go.wait(20)
        return outside_world.Reply()

    engine = app.build(settings, dispatcher=False)
    working = threading.Thread(target=worker.work, args=(settings,), kwargs={"stop": stop})

    def over(case: str) -> bool:
        return instances.get(engine, instance_id=case).instance.status == "completed"

    with outside_world.web() as web:
        web.says(answer)
        call = Work(handler="http", parameters=(mapping("url", f'"{web.url}"'),))
        release(engine, program("start s", node("service do", work=call), "end e", flow=["s > do > e"], key="calling"))
        release(engine, JOB)
        boss = Agent(key="boss", roles=frozenset({"admin"}))
        openings.add(engine, place="127.0.0.1", note="", agent=boss, now=engine.clock.now())
        working.start()
        try:
            first = begin(engine)
            until(lambda: over(first))
            slow = begin(engine, "calling")
            assert asked.wait(20)
            quick = begin(engine)
            until(lambda: over(quick))
            assert not over(slow)
            go.set()
            until(lambda: over(slow))
        finally:
            go.set()
            stop.set()
            working.join(20)
            engine.close()
    assert not working.is_alive()
