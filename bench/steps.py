"""W1 to W4: what a step costs, how it ages, how it grows with its width, and whole cases through the queues."""

import shutil
import statistics
import threading
import time
from functools import partial
from typing import Any

from bench import http, world
from bench.step import loop
from engine import worker
from engine.inbox import act
from engine.model import nodes
from engine.model.expression import Expression
from engine.runtime import instances
from tests import redis_server

LONGEST_SECONDS = 600


def _complete(place: world.World, case: str, wait: int, **data: Any) -> None:
    act.complete(place.engine, work_item_id=f"{case}.{wait}", data=data, agent=world.ANNA, now=place.now)


def lead(store: str, size: float) -> dict[str, Any]:
    cases = max(2, int(60 * size))
    with world.world(store) as place:
        world.release(place.engine, world.lead())
        waits = world.waits_of(place, "lead")
        ids: list[str] = []
        begun = world.costs(place, [lambda: ids.append(world.begin(place, "lead"))] * cases)
        works = [partial(_complete, place, case, wait, answer=f"{wait}") for case in ids for wait in waits]
        done = world.costs(place, works)
        with place.engine.store.reading() as tx:
            kept = tx.steps.read(ids[0])
            facts = len(tx.facts.of_instance(ids[0]))
        return {
            "start": begun,
            "step": done,
            "state_bytes": len(kept.state) if kept else 0,
            "facts_a_case": facts,
            "http": http.load(place, clients=(1, 8), cases=cases),
            # SQLite writes one at a time: a second process would only wait for the first.
            **({"http_2_processes": _of_two(place, cases)} if store == "postgresql" else {}),
        }


def _of_two(place: world.World, cases: int) -> dict[str, Any]:
    return http.load(place, clients=(8,), cases=cases, processes=2)


def age(store: str, size: float) -> dict[str, Any]:
    """A window of ten completions around each age, so that one noisy moment does not decide."""
    last = max(60, int(2000 * size))
    with world.world(store) as place:
        world.release(place.engine, loop())
        case, costs = world.begin(place, "loop"), []
        with place.engine.store.reading() as tx:
            wait = tx.waits.work_items(case)[0].wait
        sizes = []
        for _ in range(last + 5):
            before = time.process_time()
            done = act.complete(
                place.engine, work_item_id=f"{case}.{wait}", data={"n": 1}, agent=world.ANNA, now=place.now
            )
            costs.append((time.process_time() - before) * 1000)
            wait = done.written.work_items[0].wait
            with place.engine.store.reading() as tx:
                kept = tx.steps.read(case)
            sizes.append(len(kept.state) if kept else 0)
        ages = sorted({12, 50, min(200, last), last})
        found: dict[str, Any] = {
            f"age_{n}": {
                "cpu_ms": world.rounded(statistics.median(costs[n - 10 : n + 5])),
                "state_bytes": sizes[n - 1],
            }
            for n in ages
        }
        found["oldest_over_youngest"] = world.rounded(found[f"age_{last}"]["cpu_ms"] / found["age_12"]["cpu_ms"])
        return found


def fan(store: str, size: float) -> dict[str, Any]:
    width = 50
    many = nodes.UserTask(
        id="task",
        name="task",
        performer=world.SALES,
        loop=nodes.MultiInstance(cardinality=Expression(str(width))),
    )
    found = {}
    for name, program in (("parallel", world.fan(width)), ("multi_instance", world.row("many", many))):
        with world.world(store) as place:
            world.release(place.engine, program)
            columns = [_one_by_one(place, program.key) for _ in range(max(1, int(5 * size)))]
            at = [statistics.median(costs) for costs in zip(*columns, strict=True)]
            found[name] = {
                "cpu_ms": world.rounded(statistics.mean(at)),
                "first": world.rounded(at[0]),
                "middle": world.rounded(at[width // 2]),
                "last": world.rounded(at[-1]),
            }
    return found


def _one_by_one(place: world.World, process: str) -> list[float]:
    case, costs = world.begin(place, process), []
    with place.engine.store.reading() as tx:
        waits = [item.wait for item in tx.waits.work_items(case)]
    for wait in waits:
        before = time.process_time()
        _complete(place, case, wait)
        costs.append((time.process_time() - before) * 1000)
    return costs


def cases(store: str, size: float) -> dict[str, Any]:
    count = max(8, int(500 * size))
    found = {"threads": _through(store, count)}
    if shutil.which("redis-server") or shutil.which("valkey-server"):
        with redis_server.server() as url:
            found["rq"] = _through(store, count, queue="rq", redis_url=url)
    return found


def _through(store: str, count: int, **settings: Any) -> dict[str, Any]:
    """Whole cases, one client and eight; jobs by whoever hears the bell."""
    with world.world(store, **{"queue": "threads", "sweep_seconds": 1.0, **settings}) as place:
        world.release(place.engine, world.case())
        stop = threading.Event()
        working = threading.Thread(
            target=worker.work, args=(place.settings,), kwargs={"stop": stop, "more_handlers": world.HANDLERS}
        )
        if settings:
            working.start()
        try:
            return {f"cases_per_second_{clients}_clients": _cases(place, count, clients) for clients in (1, 8)}
        finally:
            stop.set()
            if settings:
                working.join(30)


def _cases(place: world.World, count: int, clients: int) -> float:
    before = _over(place)
    each = max(1, count // clients)
    begun = time.perf_counter()

    def client() -> None:
        ids = [world.begin(place, "case", amount=number) for number in range(each)]
        for case in ids:
            _look(place, case)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begun
    if _over(place) - before != each * clients:
        raise RuntimeError(f"expected {each * clients} finished cases")
    return world.rounded(each * clients / wall)


def _look(place: world.World, case: str) -> None:
    """Completes the user task as soon as the job before it is done."""
    end = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end:
        with place.engine.store.reading() as tx:
            waits = [item.wait for item in tx.waits.work_items(case)]
        if waits:
            _complete(place, case, waits[0])
            return
        time.sleep(0.002)
    raise TimeoutError(f"the job of {case} was not done")


def _over(place: world.World) -> int:
    total, after = 0, ""
    while True:
        query = instances.Query(status="completed")
        found = instances.search(place.engine, query=query, after=after, limit=200)
        total += len(found)
        if len(found) < 200:
            return total
        after = found[-1].id
