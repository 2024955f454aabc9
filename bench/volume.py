"""W5 to W8: much of everything. Rows in bulk are copies of what one real step wrote."""

import statistics
import threading
import time
from datetime import timedelta
from typing import Any

from bench import world
from bench.copies import cloned
from engine import dispatch, files
from engine.analytics import timeline
from engine.bpmn import read
from engine.customers import register
from engine.inbox import act, listing
from engine.kernel import plan
from engine.messages import correlate
from engine.people.agent import SYSTEM, Agent
from engine.proof import prove
from engine.sample import clients
from engine.store import purge
from engine.timers import fire
from engine.variants import shipped

GROUPS = 300


def p95(times: list[float]) -> float:
    return world.rounded(sorted(times)[int(len(times) * 0.95)] * 1000)


def timed(work: Any, repeats: int = 15) -> dict[str, float]:
    times = []
    for _ in range(repeats):
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    return {"p50_ms": world.rounded(statistics.median(times) * 1000), "p95_ms": p95(times)}


# --- W5 ------------------------------------------------------------------------------------------------------------


def due(store: str, size: float) -> dict[str, Any]:
    count = max(40, int(100_000 * size))
    with world.world(store) as place:
        world.release(place.engine, world.pause())
        world.release(place.engine, world.letter())
        cloned(place, world.begin(place, "pause"), count - 1, ["timer"])
        now = place.now + timedelta(seconds=2)
        begun, cpu, fired = time.perf_counter(), time.process_time(), 0
        while done := fire.fire_due(place.engine, now=now, limit=dispatch.BATCH):
            fired += done
        wall = time.perf_counter() - begun
        if fired != count:
            raise RuntimeError(f"expected {count} timers to fire, but {fired} did")
        found: dict[str, Any] = {
            "timers": count,
            "timers_per_second": world.rounded(count / wall),
            "cpu_ms_a_timer": world.rounded((time.process_time() - cpu) / count * 1000),
        }
        waiting = world.begin(place, "letter", number="n-0")
        cloned(place, waiting, count - 1, ["subscription"], key=lambda number: f"n-{number + 1}")
        numbers = iter(range(count))

        def correlated() -> None:
            letter = correlate.Letter(name="reply", key=f"n-{next(numbers)}")
            if correlate.correlate(place.engine, letter=letter, agent=SYSTEM, now=now).outcome != "delivered":
                raise RuntimeError("the message was not delivered")

        found["correlation"] = timed(correlated, 30)
        return found


# --- W6 ------------------------------------------------------------------------------------------------------------


def inbox(store: str, size: float) -> dict[str, Any]:
    """One group in three hundred holds a tenth of everything: the worst page is that of its members."""
    count = max(200, int(1_000_000 * size))
    with world.world(store) as place:
        world.release(place.engine, world.lead(2))
        case = world.begin(place, "lead")
        with place.engine.store.reading() as tx:
            rank = tx.waits.work_items(case)[0].priority

        def group(number: int) -> int:
            return 0 if number % 10 == 0 else number % GROUPS

        cloned(
            place,
            case,
            count - 1,
            ["work_item", "candidate"],
            who=lambda number: f"g:group{group(number)}",
            groups=lambda number: f'["group{group(number)}"]',
            rank=lambda number: rank + number * 128,
            node=lambda number: f"task{number % 7}",
        )
        keys = {f"group{number}" for number in (0, 1, 2, 3, 4)}
        agent = Agent(key="bench", roles=frozenset({"staff"}), groups=frozenset(keys))
        now = place.now

        def page(**where: Any) -> Any:
            return listing.claimable(place.engine, agent=agent, now=now, where=listing.Filter(**where))

        first = page()
        if len(first.rows) != min(50, count // 10):
            raise RuntimeError(f"expected a full page, but it has {len(first.rows)}")
        return {
            "open_items": count,
            "first_page": timed(page),
            "next_page": timed(lambda: listing.claimable(place.engine, agent=agent, now=now, after=first.cursor)),
            "filter_common": timed(lambda: page(node="task3")),
            "filter_nothing": timed(lambda: page(node="nowhere"), 5),
            "counts": timed(lambda: listing.counts(place.engine, agent=agent, now=now), 5),
        }


# --- W7 ------------------------------------------------------------------------------------------------------------


def choice(store: str, size: float) -> dict[str, Any]:
    """The shipped processes with their variants, of a small run one, for each customer of the sample company."""
    only = () if size >= 0.05 else ("SFA-03",)
    rounds = max(1, int(250 * size))
    with world.world(store) as place:
        engine, now = place.engine, place.now
        shipped.install(
            engine,
            path=files.shipped("processes"),
            read=lambda data, name: read.read(data, file=name),
            agent=SYSTEM,
            now=now,
            only=only,
        )
        known = [
            register.register(engine, data=clients.document(client, number), agent=SYSTEM, now=now)
            for number, client in enumerate(clients.CLIENTS, 1)
        ]
        programs = set()
        with engine.store.reading() as tx:
            process = tx.processes.get("SFA-03")
            assert process is not None
            cpu, times = time.process_time(), []
            for _ in range(rounds):
                for customer in known:
                    before = time.perf_counter()
                    one = engine.chooser.choose(
                        tx, instance_id="i", process=process, customer=customer, data={}, now=now
                    )
                    times.append(time.perf_counter() - before)
                    programs.add(one.program)
            cpu = time.process_time() - cpu
            drawn = [engine.plans.get(tx, program).program for program in sorted(programs)]
        return {
            "choices": len(times),
            "programs_chosen": len(programs),
            "choice_cpu_us": world.rounded(cpu / len(times) * 1e6),
            "choice_p95_us": world.rounded(p95(times) * 1000),
            "compile": timed(lambda: plan.compile_program(drawn[0])),
            "proof": timed(lambda: [prove.prove(program) for program in drawn], 3),
        }


# --- W8 ------------------------------------------------------------------------------------------------------------


def history(store: str, size: float) -> dict[str, Any]:
    with world.world(store) as place:
        world.release(place.engine, world.lead(20))
        case = _finished(place)
        with place.engine.store.reading() as tx:
            each = len(tx.facts.of_instance(case))
        cases = max(20, int(10_000_000 * size) // each)
        ids = cloned(place, case, cases, ["work_item", "fact"])
        page = timed(lambda: timeline.of_instance(place.engine, instance_id=ids[cases // 2], people={}))
        gone: list[int] = []
        purging = threading.Thread(
            target=lambda: gone.append(
                purge.purge(place.engine.store, before=place.now + timedelta(days=1)).instances  # type: ignore[arg-type]
            )
        )
        waits = world.waits_of(place, "lead")[:-1]
        alone, pages = _completions(place, waits)
        begun = time.perf_counter()
        purging.start()
        beside, pages_beside = _completions(place, waits)
        while purging.is_alive():
            for told, more in zip((beside, pages_beside), _completions(place, waits), strict=True):
                told += more
        purging.join()
        wall = time.perf_counter() - begun
        if gone != [cases + 2]:
            raise RuntimeError(f"expected {cases + 2} instances to go, but {gone} did")
        return {
            "cases": cases,
            "facts": cases * each,
            "page_of_a_case": page,
            "purged_cases_per_second": world.rounded(cases / wall),
            "completion_alone": _spread(alone),
            "completion_beside_a_purge": _spread(beside),
            "inbox_alone": _spread(pages),
            "inbox_beside_a_purge": _spread(pages_beside),
        }


def _completions(place: world.World, waits: list[int]) -> tuple[list[float], list[float]]:
    """Seconds of each step of four cases of W1 that are not finished, so that no purge takes them, and of the first
    page of the inbox after each."""
    steps, pages = [], []
    for case in [world.begin(place, "lead") for _ in range(4)]:
        for wait in waits:
            begun = time.perf_counter()
            act.complete(place.engine, work_item_id=f"{case}.{wait}", data={}, agent=world.ANNA, now=place.now)
            steps.append(time.perf_counter() - begun)
            listing.claimable(place.engine, agent=world.ANNA, now=place.now)
            pages.append(time.perf_counter() - begun - steps[-1])
    return steps, pages


def _spread(times: list[float]) -> dict[str, float]:
    return {"count": len(times), "p50_ms": world.rounded(statistics.median(times) * 1000), "p95_ms": p95(times)}


def _finished(place: world.World) -> str:
    """The id of a case that ran to its end."""
    world.waits_of(place, "lead")
    with place.engine.store.reading() as tx:
        return tx.instances.search(where={}, after="", limit=1)[0].id
