"""The story of a case or of a customer, from the facts alone."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine import ports, records
from engine.analytics import telling, wording
from engine.model.text import Text
from engine.people import scope

LONGEST = 2000


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    instance_id: str
    number: int
    at: datetime
    agent: str
    """Key of who did it; ``system`` for what nobody did."""
    text: Text
    detail: Text = {}
    earlier: datetime | None = None
    icon: telling.Icon
    tone: telling.Tone = ""


def of_instance(engine: ports.Engine, *, instance_id: str, people: Mapping[str, str]) -> list[Moment]:
    """Oldest first. ``people``: key -> name. Raises NotFound."""
    with engine.store.reading() as tx:
        instance = tx.instances.get(instance_id)
        if instance is None:
            raise scope.unknown(instance_id)
        rows = tx.facts.of_instance(instance_id, limit=LONGEST)
        known = wording.Wording(tx, instance, people, rows)
        return [moment for row in rows for moment in moments(row, known.of(row.fact))]


def of_customer(engine: ports.Engine, *, customer_id: str, people: Mapping[str, str], limit: int = 200) -> list[Moment]:
    """Newest first, over all of the customer's cases."""
    with engine.store.reading() as tx:
        rows = tx.facts.of_customer(customer_id, limit=limit)
        known = wording.of_cases(tx, people, rows)
        return [moment for row in rows for moment in moments(row, known[row.instance_id, row.seq])]


def moments(row: records.FactRow, known: telling.Names) -> list[Moment]:
    said = telling.tell(row.fact, known)
    if said is None:
        return []
    return [
        Moment(
            instance_id=row.instance_id,
            number=row.seq,
            at=row.at,
            agent=row.agent,
            text=said.text,
            detail=said.detail,
            earlier=said.earlier,
            icon=said.icon,
            tone=said.tone,
        )
    ]
