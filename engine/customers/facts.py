"""What rules and processes know of a customer: its facts at one moment, as JSON."""

from typing import Any

from engine import records

OWN = ("id", "number", "name", "kind", "owner", "language", "group", "values", "group_since")
"""Names of our own facts: no attribute of a customer may have one of them."""


def of(customer: records.Customer) -> dict[str, Any]:
    """Each attribute under its own name; ``values`` holds the scores as plain numbers."""
    return {
        **customer.attributes,
        "id": customer.id,
        "number": customer.number,
        "name": customer.name,
        "kind": customer.kind,
        "owner": customer.owner,
        "language": customer.language,
        "group": customer.group,
        "group_since": customer.group_since.isoformat() if customer.group_since else None,
        "values": {
            name: score.get("value") if isinstance(score, dict) else score for name, score in customer.scores.items()
        },
    }
