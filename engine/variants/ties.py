"""Where the rules could not decide between groups, or between variants: whoever keeps them is told, once a day."""

import hashlib
from datetime import datetime

from engine import records
from engine.model.text import both
from engine.people import agents, rights
from engine.ports import Transaction


def tell(tx: Transaction, resolution: records.Resolution, *, now: datetime) -> None:
    """A notice to everybody who may change the rules, with the case that showed it."""
    tied = resolution.facts.get("tied", [])
    if not tied:
        return
    mark = hashlib.sha256(f"{now.date().isoformat()} {' '.join(tied)}".encode()).hexdigest()[:16]
    for person in tx.people.all():
        if not person.active or not rights.may(agents.of(person), "group.decide"):
            continue
        tx.notices.add(
            records.Notice(
                id=f"tie.{mark}.{person.key}"[:64],
                instance_id=resolution.instance_id,
                customer_id=resolution.customer_id,
                channel="desk",
                to=person.key,
                subject=both(
                    zh=f"规则不能决定：{'、'.join(tied)}",
                    en=f"The rules do not decide between {' and '.join(tied)}",
                ),
                text=resolution.sentence,
                created_at=now,
            )
        )
