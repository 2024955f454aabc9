"""Connectors and what letters say."""

import sqlalchemy as sa

from engine.outward import Connector, Template
from engine.store import rows
from engine.store.tables.outward import connector, template


class Connectors:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, name: str) -> Connector | None:
        return rows.maybe(Connector, self._db.execute(sa.select(connector).where(connector.c.name == name)).first())

    def all(self) -> list[Connector]:
        found = self._db.execute(sa.select(connector).order_by(connector.c.name))
        return [rows.record(Connector, row) for row in found]

    def put(self, record: Connector) -> None:
        rows.put(self._db, connector, connector.c.name == record.name, record)

    def drop(self, name: str) -> bool:
        return self._db.execute(connector.delete().where(connector.c.name == name)).rowcount == 1

    def template(self, name: str) -> Template | None:
        return rows.maybe(Template, self._db.execute(sa.select(template).where(template.c.name == name)).first())

    def templates(self) -> list[Template]:
        found = self._db.execute(sa.select(template).order_by(template.c.name))
        return [rows.record(Template, row) for row in found]

    def put_template(self, record: Template) -> None:
        rows.put(self._db, template, template.c.name == record.name, record)

    def drop_template(self, name: str) -> bool:
        return self._db.execute(template.delete().where(template.c.name == name)).rowcount == 1
