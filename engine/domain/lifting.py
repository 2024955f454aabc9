"""Relations that lift treatment: whom a parent's group lifts. The group rules say by how much (``parent_group``)."""

from datetime import datetime

from engine.customers import register
from engine.ports import Transaction
from engine.records import Customer

ATTRIBUTE = "parent_group"
"""Attribute of a customer that belongs to another: the other's group."""


def follow(tx: Transaction, parent: Customer, *, now: datetime, seen: frozenset[str] = frozenset()) -> None:
    """Whoever belongs to ``parent`` knows its group from now on and is grouped anew; so do theirs, each once."""
    passed = seen | {parent.id}
    for relation in tx.parties.relations(parent.id):
        if relation.kind == "parent" and relation.other == parent.id and relation.party not in passed:
            told = {"attributes": {ATTRIBUTE: parent.group or None}}
            child = register.change_within(tx, customer_id=relation.party, data=told, now=now)
            follow(tx, child, now=now, seen=passed)
