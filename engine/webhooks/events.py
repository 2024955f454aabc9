"""Facts as CloudEvents 1.0 (https://cloudevents.io). Pure."""

from typing import Any

import msgspec

from engine import facts, records
from engine.outward import Webhook

PREFIX = "dev.crmflow."
TEST = "test"
LARGEST = 256 * 1024
"""Bytes of an event; a larger one goes without what was entered."""
TYPES: dict[str, type[facts.Fact]] = {
    "instance.started": facts.InstanceStarted,
    "instance.completed": facts.InstanceEnded,
    "instance.cancelled": facts.InstanceCancelled,
    "instance.migrated": facts.InstanceMigrated,
    "instance.suspended": facts.InstanceSuspended,
    "instance.resumed": facts.InstanceResumed,
    "instance.modified": facts.TokenMoved,
    "variant.chosen": facts.VariantChosen,
    "variables.set": facts.VariablesSet,
    "activity.started": facts.ActivityStarted,
    "activity.completed": facts.ActivityCompleted,
    "activity.cancelled": facts.ActivityCancelled,
    "task.opened": facts.WorkItemOpened,
    "task.completed": facts.WorkItemCompleted,
    "task.cancelled": facts.WorkItemCancelled,
    "task.acted": facts.WorkItemActed,
    "task.done_earlier": facts.DoneEarlier,
    "promise.escalated": facts.EscalationReached,
    "job.failed": facts.JobFailed,
    "timer.fired": facts.TimerFired,
    "event.caught": facts.EventCaught,
    "event.thrown": facts.EventThrown,
    "decision.made": facts.DecisionMade,
    "incident.raised": facts.IncidentRaised,
    "incident.resolved": facts.IncidentResolved,
    "message.undelivered": facts.MessageUndelivered,
    "comment.added": facts.Commented,
    "attachment.added": facts.AttachmentAdded,
    "attachment.removed": facts.AttachmentRemoved,
}
"""What may be asked for. Flows and the making of waits are the engine's own affair."""
_NAMES = {kind: name for name, kind in TYPES.items()}
_ENTERED = ("data", "values", "result", "reason", "text", "message", "sentence")
"""Fields that hold what people entered or what was computed from it."""


def type_of(fact: facts.Fact) -> str:
    """Empty for a fact that is not told."""
    return _NAMES.get(type(fact), "")


def known(pattern: str) -> bool:
    """A type, or the beginning of one or more that ends in a star."""
    return any(_fits(pattern, name) for name in TYPES)


def wanted(webhook: Webhook, event: str, *, process: str, group: str) -> bool:
    if webhook.events and not any(_fits(pattern, event) for pattern in webhook.events):
        return False
    if webhook.processes and process not in webhook.processes:
        return False
    return not webhook.groups or group in webhook.groups


def _fits(pattern: str, event: str) -> bool:
    return event.startswith(pattern[:-1]) if pattern.endswith("*") else event == pattern


def event_id(instance_id: str, seq: int) -> str:
    """The same for ever, for every webhook: what a receiver knows a twin by. Without full stops: they are signed."""
    return f"{instance_id}_{seq}"


def of_fact(
    row: records.FactRow, instance: records.Instance, customer: records.Customer | None, *, with_data: bool
) -> str:
    """The event as JSON text."""
    body = _event(row, instance, customer, with_data=with_data)
    if len(body) > LARGEST:
        body = _event(row, instance, customer, with_data=False, shortened=True)
    return body.decode()


def _event(
    row: records.FactRow,
    instance: records.Instance,
    customer: records.Customer | None,
    *,
    with_data: bool,
    shortened: bool = False,
) -> bytes:
    fact: dict[str, Any] = msgspec.to_builtins(row.fact)
    fact.pop("type", None)
    kept = {name: value for name, value in fact.items() if with_data or name not in _ENTERED}
    data = {
        "instance": {
            "id": instance.id,
            "number": instance.number,
            "process": instance.process,
            "business_key": instance.business_key,
        },
        "customer": {"id": customer.id, "number": customer.number, "group": customer.group} if customer else None,
        "agent": row.agent,
        "fact": {"type": type(row.fact).__name__, "seq": row.seq, **kept},
        **({"shortened": True} if shortened else {}),
    }
    return _cloud_event(
        event=event_id(row.instance_id, row.seq),
        kind=type_of(row.fact),
        source=f"/processes/{instance.process}",
        subject=instance.id,
        time=row.at,
        data=data,
        sequence=f"{row.seq:010d}",
    )


def test(event: str, webhook: Webhook, time: Any) -> str:
    """What ``Send a test`` sends."""
    data = {"webhook": {"id": webhook.id, "name": webhook.name}}
    return _cloud_event(event=event, kind=TEST, source="/webhooks", subject=webhook.id, time=time, data=data).decode()


def _cloud_event(*, event: str, kind: str, source: str, subject: str, time: Any, data: Any, **extensions: str) -> bytes:
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": event,
            "source": source,
            "type": PREFIX + kind,
            "subject": subject,
            "time": time,
            "datacontenttype": "application/json",
            **extensions,
            "data": data,
        }
    )
