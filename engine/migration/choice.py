"""Which program an instance would get if it began today."""

from datetime import datetime

from engine import records
from engine.ports import Engine, Transaction


def of(engine: Engine, tx: Transaction, *, instance_id: str, now: datetime) -> records.Resolution | None:
    """By the customer's group of today; None for an instance without a customer. Raises Conflict when nothing is
    released any more."""
    instance = tx.instances.get(instance_id)
    process = tx.processes.get(instance.process) if instance else None
    customer = tx.customers.get(instance.customer_id) if instance and instance.customer_id else None
    if process is None or customer is None:
        return None
    return engine.chooser.choose(tx, instance_id=instance_id, process=process, customer=customer, data={}, now=now)
