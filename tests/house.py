"""A whole house in a test: a real database, a hand clock, and people. Nothing in it is a fake."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from engine import dispatch, ports, records
from engine.bpmn import survey, write
from engine.clock import HandClock
from engine.definitions import starts
from engine.inbox import listing
from engine.inbox.assign import HouseAssigner
from engine.jobs import handlers
from engine.model.program import Program
from engine.people.agent import SYSTEM, Agent
from engine.runtime import start
from engine.runtime.plans import PlanCache
from engine.schedule import calendars
from engine.settings import Settings
from engine.store.unit_of_work import Store
from engine.variants.choose import VariantChooser
from tests.kernel.evaluator import PlainEvaluator

SQLITE = "sqlite:///"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Agent(key="anna", name="Anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
BO = Agent(key="bo", name="Bo", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
CHEN = Agent(key="chen", name="Chen", roles=frozenset({"staff"}), groups=frozenset({"legal"}))
BOSS = Agent(key="boss", name="Boss", roles=frozenset({"admin"}), locale="en")


def no_reader(data: bytes, *, file: str) -> ports.Reading:
    raise AssertionError(f"this house reads no models: {file}")


class House:
    """Ports wired as ``engine.app`` wires them, with a hand clock and rounds that the test calls."""

    def __init__(self, url: str, more: Mapping[str, ports.Handler] | None = None, **wired: Any) -> None:
        self.rings: list[ports.Ring] = []
        self.clock = HandClock(MONDAY)
        if url.startswith(SQLITE):
            migrated(Path(url.removeprefix(SQLITE)))
        store = Store(url, bell=self.rings.extend)
        store.upgrade()
        parts: dict[str, Any] = {
            "settings": Settings(lease_seconds=60),
            "clock": self.clock,
            "store": store,
            "queue": self,
            "evaluator": PlainEvaluator(),
            "plans": PlanCache(),
            "chooser": VariantChooser(store.new_id),
            "assigner": HouseAssigner(),
            "reader": no_reader,
            "mender": survey.mended,
            "writer": write.write,
            "handlers": {**handlers.BUILTIN, **(more or {})},
            "calendars": calendars.BUILT_IN,
        }
        self.engine = ports.Engine(**{**parts, **wired})

    def ring(self, rings: Any) -> None:
        self.rings.extend(rings)

    def close(self) -> None:
        pass

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, **span: float) -> None:
        """The clock goes on, and what is due by then happens."""
        self.clock.advance(timedelta(**span))
        self.settle()

    def settle(self) -> int:
        """Rounds until nothing is due; how many things happened."""
        total = 0
        while done := dispatch.once(self.engine, now=self.now) + dispatch.call(self.engine, now=self.now):
            total += done
        return total

    def release(self, program: Program, **details: Any) -> str:
        """The program becomes the released base of the process of its key."""
        with self.engine.store.transaction() as tx:
            process = records.Process(
                key=program.key,
                prefix=program.key,
                pillar="SFA",
                texts={"en": program.key},
                details=details,
                created_at=self.now,
            )
            tx.processes.put(process)
            sha256 = tx.programs.add(program, process=program.key, now=self.now)
            number = len(tx.processes.versions(program.key)) + 1
            here = f"{program.key}-{number}"
            deployment = records.Deployment(id=here, name=here, created_at=self.now, created_by="boss")
            resource = records.Resource(id=here, deployment_id=here, name="p.bpmn", kind="bpmn", content=b"", sha256="")
            tx.processes.deploy(deployment, [resource])
            version = records.BaseVersion(
                process=program.key,
                n=number,
                resource_id=here,
                program=sha256,
                status="released",
                created_at=self.now,
                created_by="boss",
                released_at=self.now,
            )
            tx.processes.put_version(version)
            starts.arm(self.engine, tx, process=program.key, program=program, now=self.now)
        return sha256

    def customer(self, key: str = "c-1", **more: Any) -> records.Customer:
        values = {"id": key, "number": key.upper(), "name": "李先生", "created_at": self.now, "changed_at": self.now}
        customer = records.Customer(**{**values, **more})
        with self.engine.store.transaction() as tx:
            tx.customers.add(customer)
        return customer

    def person(self, agent: Agent, **more: Any) -> None:
        values = {"key": agent.key, "name": agent.name, "locale": agent.locale, "roles": tuple(agent.roles)}
        with self.engine.store.transaction() as tx:
            known = {group.key for group in tx.people.groups()}
            for group in sorted(agent.groups - known):
                tx.people.put_group(records.StaffGroup(key=group, texts={"en": group}, manager="boss"))
            tx.people.put(
                records.Person(**{**values, "groups": tuple(sorted(agent.groups)), "created_at": self.now, **more})
            )

    def start(self, process: str = "p", business_key: str | None = None, **data: Any) -> str:
        """An instance for customer c-1, who is made when nobody made them; its id."""
        with self.engine.store.reading() as tx:
            known = tx.customers.get("c-1")
        if known is None:
            self.customer()
        begun = start.start(
            self.engine,
            process=process,
            customer_id="c-1",
            business_key=business_key,
            data=data,
            agent=SYSTEM,
            now=self.now,
        )
        return begun.instance.id

    def instance(self, instance_id: str) -> records.Instance:
        with self.engine.store.reading() as tx:
            found = tx.instances.get(instance_id)
        assert found is not None
        return found

    def items(self, instance_id: str, status: str = "open") -> list[records.WorkItem]:
        with self.engine.store.reading() as tx:
            return [item for item in tx.waits.work_items(instance_id) if item.status == status]

    def item(self, instance_id: str, node: str) -> records.WorkItem:
        """The open work item at the node."""
        return next(item for item in self.items(instance_id) if item.node == node)

    def mine(self, agent: Agent) -> list[str]:
        return [row.item.node for row in listing.mine(self.engine, agent=agent, now=self.now).rows]

    def claimable(self, agent: Agent) -> list[str]:
        return [row.item.node for row in listing.claimable(self.engine, agent=agent, now=self.now).rows]

    def facts(self, instance_id: str) -> list[Any]:
        with self.engine.store.reading() as tx:
            return [row.fact for row in tx.facts.of_instance(instance_id)]

    def told(self, instance_id: str) -> list[str]:
        """The names of the facts with their nodes, as ``Name node``."""
        return [f"{type(fact).__name__} {fact.node}".strip() for fact in self.facts(instance_id)]


@cache
def empty() -> bytes:
    """An empty database of SQLite at today's migration, made once: migrating takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/empty.db", bell=lambda rings: None)
        store.upgrade()
        store.close()
        return Path(folder, "empty.db").read_bytes()


def migrated(file: Path) -> None:
    """Puts an empty database there, unless there is one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_bytes(empty())


@contextmanager
def house(folder: Path, more: Mapping[str, ports.Handler] | None = None, **wired: Any) -> Iterator[House]:
    made = House(f"sqlite:///{folder}/house.db", more, **wired)
    try:
        yield made
    finally:
        made.engine.store.close()
