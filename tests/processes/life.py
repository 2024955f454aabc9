"""A house with some of the processes in it, its clock, and people who do whatever waits. Nothing in it is a fake."""

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine import app, dispatch, ports, records
from engine.bpmn import read
from engine.clock import HandClock
from engine.customers import register
from engine.inbox import act
from engine.messages import correlate
from engine.people.agent import SYSTEM, Agent
from engine.runtime import start
from engine.settings import Settings
from engine.trade import Product
from engine.variants import shipped as catalogue
from tests.house import migrated
from tests.processes import shipped

BEGIN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
GROUPS = frozenset(
    [
        *("sales_reps", "sales_leads", "sales_managers", "sales_directors", "account_managers", "executives"),
        *("legal", "finance", "delivery", "contract_office", "deal_desk", "win_loss_analysts", "retention"),
        *(
            "agents_l1",
            "agents_l2",
            "cs_leads",
            "order_desk",
            "onboarding",
            "customer_portal",
            "customer_success",
            "cs_managers",
        ),
        "sales_operations",
    ]
)


class Life:
    """The house and its clock; ``people`` do whatever waits, nobody twice where two are needed."""

    def __init__(self, engine: ports.Engine) -> None:
        self.now = BEGIN
        self._engine = engine
        self.people = [Agent(key=key, name=key, roles=frozenset({"staff"}), groups=GROUPS, locale="en") for key in "ab"]
        with engine.store.transaction() as tx:
            for person in self.people:
                tx.people.put(
                    records.Person(
                        key=person.key, name=person.name, locale="en", roles=("staff",), groups=(), created_at=BEGIN
                    )
                )
            tx.ledger.put_product(Product(key="call_centre", texts={}, list_price=1200, stock=400, lead_days=14))

    @property
    def engine(self) -> ports.Engine:
        return dataclasses.replace(self._engine, clock=HandClock(self.now))

    def settle(self) -> None:
        for _ in range(200):
            if not dispatch.once(self.engine, now=self.now) + dispatch.call(self.engine, now=self.now):
                return

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.settle()

    def until(self, day: str) -> None:
        self.now = datetime.fromisoformat(f"{day}T04:00:00+00:00")
        self.settle()

    def begin(self, process: str, key: str, *, customer: str | None = "C-1", **data: Any) -> str:
        begun = start.start(
            self.engine, process=process, customer_id=customer, business_key=key, data=data, agent=SYSTEM, now=self.now
        )
        self.settle()
        return begun.instance.id

    def waiting(self, case: str = "") -> dict[str, records.WorkItem]:
        with self._engine.store.reading() as tx:
            active = tx.instances.search(where={"status": "active"}, after="", limit=50)
            items = [item for one in active if case in ("", one.id) for item in tx.waits.work_items(one.id)]
        return {item.node: item for item in items if item.status == "open"}

    def does(self, node: str, *, case: str = "", **data: Any) -> None:
        """What waits at ``node``; in the instance ``case`` where several wait there."""
        self.passes(hours=1)
        item = self.waiting(case).get(node)
        assert item is not None, f"nobody waits at {node}: {sorted(self.waiting(case))}"
        able = next(one for one in self.people if one.key not in item.excluded)
        act.complete(self.engine, work_item_id=item.id, data=data, agent=able, now=self.now)
        self.settle()

    def hears(self, message: str, key: str, **data: Any) -> None:
        self.passes(hours=1)
        letter = correlate.Letter(name=message, key=key, data=data)
        told = correlate.correlate(self.engine, letter=letter, agent=SYSTEM, now=self.now)
        assert told.outcome == "delivered", (message, key)
        self.settle()

    def instances(self, process: str) -> list[records.Instance]:
        with self._engine.store.reading() as tx:
            return tx.instances.search(where={"process": process}, after="", limit=50)


@contextmanager
def living(folder: Path, needed: Iterable[str], *, current: int = 40, potential: int = 30) -> Iterator[Life]:
    """With the customer C-1, of these scores, and the processes that are ``needed``."""
    (folder / "processes").mkdir()
    for name in (*needed, "groups.json"):
        (folder / "processes" / name).symlink_to(shipped.PROCESSES / name)
    migrated(folder / "crmflow.db")
    built = app.build(Settings(database_url=f"sqlite:///{folder}/crmflow.db", queue="inline"), dispatcher=False)
    catalogue.install(
        built, path=folder / "processes", read=lambda data, name: read.read(data, file=name), agent=SYSTEM, now=BEGIN
    )
    document = {
        "number": "C-1",
        "name": "青禾科技",
        "owner": "a",
        "scores": {"current": current, "potential": potential},
    }
    with built.store.transaction() as tx:
        register.register_within(tx, new_id="C-1", data=document, now=BEGIN)
    yield Life(built)
    built.close()
