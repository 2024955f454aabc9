"""Where workloads run: a fresh database of either kind, the engine over it, and clocks for CPU time."""

import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from engine import app, ports
from engine.inbox import act
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from engine.model.triggers import Message, Timer
from engine.people.agent import SYSTEM, Agent
from engine.records import BaseVersion, Deployment, Process, Resource
from engine.runtime import start
from engine.settings import Settings
from tests import postgres

PAYLOAD = {f"field_{number}": "x" * 40 for number in range(20)}
"""About 1 KB of variables."""
ANNA = Agent(key="anna", name="Anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
SALES = Performer(groups=(Expression("sales", "literal"),))
SERVER = {"max_connections": "150", "shared_buffers": "128MB"}
"""As PostgreSQL comes, synchronous commit included; only more connections and some memory."""
HANDLERS: dict[str, ports.Handler] = {"idle": lambda call: ports.JobAnswer()}
_TICK = os.sysconf("SC_CLK_TCK")


class World(msgspec.Struct):
    """An engine on a database of its own; ``database_cpu`` is 0 for SQLite, which runs inside the caller."""

    engine: ports.Engine
    store: str
    settings: Settings
    database_cpu: Callable[[], float]
    bearer: str = ""
    """Of somebody who may call the API, once there is one."""

    @property
    def now(self) -> Any:
        return self.engine.clock.now()


@contextmanager
def world(store: str, *, queue: str = "inline", **more: Any) -> Iterator[World]:
    with (
        TemporaryDirectory(prefix="crmflow-bench-") as folder,
        database(store, Path(folder), furnished=True) as (url, cpu),
    ):
        settings = Settings(data_dir=Path(folder), database_url=url, queue=queue, **more)  # type: ignore[arg-type]
        engine = app.build(settings, more_handlers=HANDLERS, dispatcher=queue == "threads")
        try:
            yield World(engine, store, settings, cpu)
        finally:
            engine.close()


@contextmanager
def database(store: str, folder: Path, *, furnished: bool = False) -> Iterator[tuple[str, Callable[[], float]]]:
    """A URL, and the seconds of CPU that the database's own processes have used. ``furnished``: on PostgreSQL with all
    tables, as a copy, since their making takes longer than a small workload."""
    if store == "sqlite":
        yield f"sqlite:///{folder}/crmflow.db", lambda: 0.0
        return
    with one_server() as cluster:
        url = cluster.database(like=cluster.furnished) if furnished else cluster.database()
        try:
            yield url, lambda: family_cpu(cluster.pid())
        finally:
            cluster.drop(url)


_servers: list[postgres.Cluster] = []


@contextmanager
def one_server() -> Iterator[postgres.Cluster]:
    """The databases that are made inside stand in one server of PostgreSQL."""
    if _servers:
        yield _servers[0]
        return
    with postgres.cluster(SERVER) as cluster:
        _servers.append(cluster)
        try:
            yield cluster
        finally:
            _servers.clear()


def cpu_of(pid: int) -> float:
    """Seconds, those of its children that ended included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(value) for value in fields[11:15]) / _TICK


def family_cpu(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_of(pid) + sum(cpu_of(int(child)) for child in children)


class Costs(msgspec.Struct):
    """Of ``count`` things done one after the other."""

    count: int
    cpu_ms: float
    database_cpu_ms: float
    per_second: float
    p50_ms: float
    p95_ms: float


def costs(world: World, works: list[Callable[[], Any]], cpu: Callable[[], float] = time.process_time) -> Costs:
    times = []
    begun, cpu_begun, database_begun = time.perf_counter(), cpu(), world.database_cpu()
    for work in works:
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    wall = time.perf_counter() - begun
    used, database_used = cpu() - cpu_begun, world.database_cpu() - database_begun
    return told(times, wall, used, database_used)


def told(times: list[float], wall: float, cpu: float, database_cpu: float) -> Costs:
    count = len(times)
    return Costs(
        count=count,
        cpu_ms=rounded(cpu / count * 1000),
        database_cpu_ms=rounded(database_cpu / count * 1000),
        per_second=rounded(count / wall),
        p50_ms=rounded(statistics.median(times) * 1000),
        p95_ms=rounded(sorted(times)[int(count * 0.95)] * 1000),
    )


def rounded(value: float) -> float:
    """Three digits that mean something."""
    return float(f"{value:.3g}")


def release(engine: ports.Engine, program: Program) -> str:
    """The program is the released base of a process of its key, for cases without a customer."""
    now, key = engine.clock.now(), program.key
    with engine.store.transaction() as tx:
        details = {"start": {"customer_required": False}}
        tx.processes.put(Process(key=key, prefix=key, pillar="X", texts={"en": key}, details=details, created_at=now))
        sha256 = tx.programs.add(program, process=key, now=now)
        tx.processes.deploy(
            Deployment(id=key, name=key, created_at=now, created_by="bench"),
            [Resource(id=key, deployment_id=key, name="p.bpmn", kind="bpmn", content=b"", sha256="")],
        )
        version = BaseVersion(
            process=key,
            n=1,
            resource_id=key,
            program=sha256,
            status="released",
            created_at=now,
            created_by="bench",
        )
        tx.processes.put_version(version)
    return sha256


def begin(world: World, process: str, **data: Any) -> str:
    begun = start.start(
        world.engine, process=process, customer_id=None, data={**PAYLOAD, **data}, agent=SYSTEM, now=world.now
    )
    return begun.instance.id


# --- programs ------------------------------------------------------------------------------------------------------


def row(key: str, *inner: Any) -> Program:
    """Start, the nodes one after the other, end."""
    drawn: tuple[Any, ...] = (nodes.StartEvent(id="begin"), *inner, nodes.EndEvent(id="done"))
    ids = [node.id for node in drawn if not isinstance(node, nodes.BoundaryEvent)]
    flows = [Flow(id=f"to_{there}", source=here, target=there) for here, there in itertools.pairwise(ids)]
    return Program(key=key, nodes=drawn, flows=tuple(flows))


def task(name: str) -> nodes.UserTask:
    return nodes.UserTask(id=name, name=name, performer=SALES)


def lead(tasks: int = 20) -> Program:
    return row("lead", *(task(f"task{number}") for number in range(tasks)))


def fan(width: int = 50) -> Program:
    """``width`` user tasks side by side and a join."""
    names = [f"task{number}" for number in range(width)]
    drawn: tuple[Any, ...] = (
        nodes.StartEvent(id="begin"),
        nodes.ParallelGateway(id="fork"),
        *(task(name) for name in names),
        nodes.ParallelGateway(id="join"),
        nodes.EndEvent(id="done"),
    )
    flows = [Flow(id="in", source="begin", target="fork"), Flow(id="out", source="join", target="done")]
    for name in names:
        flows += [Flow(id=f"to_{name}", source="fork", target=name), Flow(id=f"of_{name}", source=name, target="join")]
    return Program(key="fan", nodes=drawn, flows=tuple(flows))


def case() -> Program:
    """Start, script, exclusive gateway, service job, user task with a boundary timer, end."""
    hour = Timer(kind="duration", text=Expression(text="PT4H", language="literal"))
    drawn: tuple[Any, ...] = (
        nodes.StartEvent(id="begin"),
        nodes.ScriptTask(id="script", script="amount * 2", language="feel", result="double"),
        nodes.ExclusiveGateway(id="choice", default="small"),
        nodes.ServiceTask(id="job", work=nodes.Work(handler="idle")),
        task("look"),
        nodes.BoundaryEvent(id="late", attached_to="look", interrupting=True, triggers=(hour,)),
        nodes.EndEvent(id="done"),
    )
    flows = (
        Flow(id="a", source="begin", target="script"),
        Flow(id="b", source="script", target="choice"),
        Flow(id="big", source="choice", target="job", condition=Expression("double > 100")),
        Flow(id="small", source="choice", target="job"),
        Flow(id="c", source="job", target="look"),
        Flow(id="d", source="look", target="done"),
        Flow(id="e", source="late", target="done"),
    )
    return Program(key="case", nodes=drawn, flows=flows)


def pause(seconds: int = 1) -> Program:
    moment = Timer(kind="duration", text=Expression(text=f"PT{seconds}S", language="literal"))
    return row("pause", nodes.CatchEvent(id="wait", triggers=(moment,)))


def letter() -> Program:
    heard = Message(name="reply", key=Expression("number"))
    return row("letter", nodes.CatchEvent(id="wait", triggers=(heard,)))


def waits_of(world: World, process: str) -> list[int]:
    """The numbers of the work items of a row of tasks, in order: the same in each instance."""
    case, found = begin(world, process), []
    while True:
        with world.engine.store.reading() as tx:
            waiting = [item for item in tx.waits.work_items(case) if item.status == "open"]
        if not waiting:
            return found
        found.append(waiting[0].wait)
        act.complete(world.engine, work_item_id=waiting[0].id, data={}, agent=ANNA, now=world.now)
