"""Instances taken away with all that is kept about them."""

from collections.abc import Sequence

import sqlalchemy as sa

from engine.store import attachments
from engine.store.tables import metadata
from engine.store.tables.attachments import attachment
from engine.store.tables.instances import instance

KEPT = ("case_record", "mail", "message_buffer")
"""Costs and times of cases outlive the cases; letters and early messages have ends of their own."""
OF_INSTANCES = tuple(
    table for table in reversed(metadata.sorted_tables) if "instance_id" in table.c and table.name not in KEPT
)


def forget(connection: sa.Connection, instances: Sequence[str]) -> dict[str, int]:
    """How many rows went, by table."""
    contents = attachments.hashes_of(connection, attachment.c.instance_id.in_(instances))
    gone = {
        table.name: connection.execute(table.delete().where(table.c.instance_id.in_(instances))).rowcount
        for table in OF_INSTANCES
    }
    attachments.forget(connection, contents)
    connection.execute(instance.delete().where(instance.c.id.in_(instances)))
    return gone
