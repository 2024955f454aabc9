"""From facts to deliveries: whoever asked for a fact gets one, in the transaction that takes the trace away."""

from datetime import datetime

from engine.outward import Delivery, Outgoing, Webhook
from engine.ports import Engine, Transaction
from engine.webhooks import events

BATCH = 100


def expand(engine: Engine, *, now: datetime, limit: int = BATCH) -> int:
    """Up to ``limit`` traces of steps; how many it took. Nothing is lost or doubled when it is stopped at any point."""

    def work(tx: Transaction) -> int:
        traces = tx.webhooks.outgoing(limit)
        active = [one for one in tx.webhooks.all() if one.active] if traces else []
        for trace in traces:
            tx.webhooks.add(_deliveries(engine, tx, trace, active, now))
        tx.webhooks.taken(traces)
        return len(traces)

    return engine.store.run(work)


def _deliveries(
    engine: Engine, tx: Transaction, trace: Outgoing, active: list[Webhook], now: datetime
) -> list[Delivery]:
    instance = tx.instances.get(trace.instance_id)
    if instance is None or not active:
        return []  # purged meanwhile, or nobody asks any more
    customer = tx.customers.get(instance.customer_id) if instance.customer_id else None
    rows = tx.facts.of_instance(trace.instance_id, after=trace.first - 1, limit=trace.last - trace.first + 1)
    made = []
    for row in rows:
        event = events.type_of(row.fact)
        for webhook in active if event else ():
            if events.wanted(webhook, event, process=instance.process, group=customer.group if customer else ""):
                body = events.of_fact(row, instance, customer, with_data=webhook.with_data)
                made.append(
                    Delivery(
                        id=engine.store.new_id(),
                        webhook_id=webhook.id,
                        instance_id=row.instance_id,
                        seq=row.seq,
                        event=events.event_id(row.instance_id, row.seq),
                        type=event,
                        body=body,
                        due_at=now,
                        created_at=now,
                    )
                )
    return made
