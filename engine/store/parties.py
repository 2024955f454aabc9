"""Relations among customers, and records that were merged."""

import sqlalchemy as sa

from engine import parties
from engine.store import rows
from engine.store.tables.parties import party_merge, party_relation


class Parties:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def relate(self, relation: parties.Relation) -> None:
        table = party_relation.c
        same = (table.party == relation.party) & (table.other == relation.other) & (table.kind == relation.kind)
        if self._db.scalar(sa.select(table.party).where(same)) is None:
            self._db.execute(party_relation.insert().values(rows.values(relation, party_relation)))

    def relations(self, party: str) -> list[parties.Relation]:
        either = (party_relation.c.party == party) | (party_relation.c.other == party)
        in_order = sa.select(party_relation).where(either).order_by(party_relation.c.since, party_relation.c.other)
        return [rows.record(parties.Relation, row) for row in self._db.execute(in_order)]

    def merged(self, merge_id: str) -> parties.Merge | None:
        found = sa.select(party_merge).where(party_merge.c.id == merge_id)
        return rows.maybe(parties.Merge, self._db.execute(found).first())

    def merge(self, record: parties.Merge) -> None:
        rows.put(self._db, party_merge, party_merge.c.id == record.id, record)
