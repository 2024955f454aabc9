"""The story of a case or of a customer, from the facts alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from engine import errors, facts, ports, records
from engine.analytics import telling
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
        known = _names(tx, instance.program, people, rows)
        return [moment for row in rows for moment in moments(row, known)]


def of_customer(engine: ports.Engine, *, customer_id: str, people: Mapping[str, str], limit: int = 200) -> list[Moment]:
    """Newest first, over all of the customer's cases."""
    with engine.store.reading() as tx:
        rows = tx.facts.of_customer(customer_id, limit=limit)
        programs = {
            key: instance.program for key in {row.instance_id for row in rows} if (instance := tx.instances.get(key))
        }
        known = {program: _names(tx, program, people, rows) for program in set(programs.values())}
    return [moment for row in rows for moment in moments(row, known[programs[row.instance_id]])]


def _names(
    tx: ports.Transaction, sha256: str, people: Mapping[str, str], rows: Sequence[records.FactRow]
) -> telling.Names:
    """Steps of the program, of what it called, and of what the case ran before it moved. Raises NotFound."""
    program = tx.programs.get(sha256)
    if program is None:
        raise errors.NotFound("program_unknown", zh="没有此执行方案。", en="There is no such program.", program=sha256)
    known = telling.names(program, people)
    moved = [row.fact for row in rows if isinstance(row.fact, facts.InstanceMigrated)]
    others = {sha for fact in moved for sha in (fact.old, fact.new)}
    others |= {item.program for key in {row.instance_id for row in rows} for item in tx.waits.work_items(key)}
    for other in sorted(others - {sha256}):
        found = tx.programs.get(other)
        if found is not None:
            its = telling.names(found, people)
            known = telling.Names({**its.nodes, **known.nodes}, {**its.forms, **known.forms}, people)
    return known


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
