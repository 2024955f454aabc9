"""Builders of rows: a customer, a process, a program, an instance with what it waits for."""

from datetime import UTC, datetime

from engine import facts, records
from engine.model.program import Program
from engine.ports import Ring
from engine.store.unit_of_work import Store, Transaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Rings(list[Ring]):
    """Hears the bell."""


def customer(key: str = "c-1", **more: object) -> records.Customer:
    values = {"id": key, "number": key.upper(), "name": "Mr Li", "created_at": NOW, "changed_at": NOW} | more
    return records.Customer(**values)  # type: ignore[arg-type]


def process(key: str = "SFA-03") -> records.Process:
    return records.Process(key=key, prefix=key, pillar="SFA", texts={"en": "Quote"}, created_at=NOW)


def ground(tx: Transaction) -> str:
    """A process, its program and a customer; the program's hash."""
    tx.processes.put(process())
    tx.customers.add(customer())
    return tx.programs.add(Program(key="SFA-03"), process="SFA-03", now=NOW)


def instance(tx: Transaction, key: str = "i-1", business_key: str | None = None) -> records.Instance:
    return records.Instance(
        id=key,
        number=tx.processes.number("SFA-03"),
        process="SFA-03",
        program=Program(key="SFA-03").sha256,
        customer_id="c-1",
        business_key=business_key,
        status="active",
        revision=1,
        started_at=NOW,
        started_by="anna",
    )


def work_item(instance_id: str = "i-1", wait: int = 1, **more: object) -> records.WorkItem:
    values = {
        "id": f"{instance_id}.{wait}",
        "instance_id": instance_id,
        "wait": wait,
        "process": "SFA-03",
        "customer_id": "c-1",
        "program": "p",
        "node": "Check",
        "name": "Check",
        "status": "open",
        "created_at": NOW,
    } | more
    return records.WorkItem(**values)  # type: ignore[arg-type]


def job(instance_id: str = "i-1", wait: int = 2, **more: object) -> records.Job:
    values = {
        "id": f"{instance_id}.{wait}",
        "instance_id": instance_id,
        "wait": wait,
        "process": "SFA-03",
        "node": "Send",
        "handler": "notify",
        "style": "builtin",
        "retries": 3,
        "run_at": NOW,
        "created_at": NOW,
    } | more
    return records.Job(**values)  # type: ignore[arg-type]


def written(**more: object) -> records.Written:
    values = {"facts": (facts.ActivityStarted(node="Check", token=1),), "now": NOW} | more
    return records.Written(**values)  # type: ignore[arg-type]


def running(store: Store, key: str = "i-1", **opened: object) -> None:
    """An instance that waits for ``opened``, in a database that may be empty still."""
    with store.transaction() as tx:
        if tx.processes.get("SFA-03") is None:
            ground(tx)
        tx.steps.begin(instance(tx, key), b"state 1", written(**opened))
