"""Versions of the customer groups and their rules; changes of group."""

from datetime import datetime

import sqlalchemy as sa

from engine import variation
from engine.store import raw, rows
from engine.store.tables.customers import group_move, group_rule
from engine.store.types import micros

_RULES = rows.columns(variation.GroupRules, group_rule)
_RELEASED = raw.Read(
    variation.GroupRules,
    group_rule,
    "WHERE status = 'released' AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to > ?) "
    "ORDER BY n DESC LIMIT 1",
)
_MOVE = rows.columns(variation.GroupMove, group_move)


class Groups:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def released(self, at: datetime) -> variation.GroupRules | None:
        moment = micros(at)
        return _RELEASED.first(self._db, moment, moment)

    def versions(self) -> list[variation.GroupRules]:
        found = self._db.execute(sa.select(*_RULES).order_by(group_rule.c.n.desc()))
        return [rows.record(variation.GroupRules, row) for row in found]

    def version(self, n: int) -> variation.GroupRules | None:
        row = self._db.execute(sa.select(*_RULES).where(group_rule.c.n == n)).first()
        return rows.maybe(variation.GroupRules, row)

    def put(self, version: variation.GroupRules) -> None:
        values = rows.values(version, group_rule)
        if not self._db.execute(group_rule.update().where(group_rule.c.n == version.n).values(values)).rowcount:
            self._db.execute(group_rule.insert().values(values))

    def unfinished(self, now: datetime) -> list[variation.GroupRules]:
        waits = sa.and_(
            group_rule.c.status == "released", group_rule.c.regrouped_at.is_(None), group_rule.c.valid_from <= now
        )
        found = self._db.execute(sa.select(*_RULES).where(waits).order_by(group_rule.c.n))
        return [rows.record(variation.GroupRules, row) for row in found]

    def add_move(self, move: variation.GroupMove) -> None:
        """Two moves at one moment are one: from where the first began to where the second led."""
        here = (group_move.c.customer_id == move.customer_id) & (group_move.c.at == move.at)
        again = {"new": move.new, "decided": move.decided, "followed_at": None}
        if not self._db.execute(group_move.update().where(here).values(again)).rowcount:
            self._db.execute(group_move.insert().values(rows.values(move, group_move)))

    def moves(self, customer_id: str) -> list[variation.GroupMove]:
        found = self._db.execute(
            sa.select(*_MOVE).where(group_move.c.customer_id == customer_id).order_by(group_move.c.at.desc())
        )
        return [rows.record(variation.GroupMove, row) for row in found]
