"""Whom a page or a program means by an id or a number."""

from engine import errors, records
from engine.ports import Transaction


def customer(tx: Transaction, customer_id: str) -> records.Customer:
    """By id or number. Raises NotFound."""
    found = tx.customers.get(customer_id) or tx.customers.by_number(customer_id)
    if found is None:
        raise errors.NotFound(
            "customer_unknown", zh="没有此客户。", en="There is no such customer.", customer=customer_id
        )
    return found
