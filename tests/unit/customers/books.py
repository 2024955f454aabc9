"""Group rules for the tests: four groups by value and contract, as a company might have them."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from engine import records

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


def text(words: str) -> dict[str, str]:
    return {"zh-CN": words + "群", "en": words}


RULES: dict[str, Any] = {
    "groups": [
        {"key": "ALL", "names": text("All")},
        {"key": "KA", "parent": "ALL", "priority": 40, "names": text("Key accounts")},
        {"key": "GR", "parent": "ALL", "priority": 20, "names": text("Growing")},
        {"key": "ST", "parent": "ALL", "priority": 10, "names": text("Standard")},
        {"key": "PR", "parent": "ALL", "priority": 30, "names": text("Prospects and at risk")},
    ],
    "inputs": [
        {
            "name": "value",
            "expression": "values.current + values.potential",
            "type": "number",
            "values": "[0..1000000]",
            "names": text("value"),
        },
        {"name": "contract", "expression": "contract", "type": "string", "values": '"none","silver","gold"'},
        {"name": "churn", "expression": "churn", "type": "number", "values": "[0..1]", "names": text("churn")},
        {"name": "kind", "expression": "kind", "type": "string", "values": '"customer","prospect"'},
    ],
    "rules": [
        {"id": "R1", "when": {"value": ">= 85", "contract": '"gold"'}, "group": "KA"},
        {"id": "R2", "when": {"value": "[40..85)"}, "group": "GR"},
        {"id": "R3", "when": {"value": "< 40"}, "group": "ST"},
        {"id": "R4", "when": {"value": ">= 85", "contract": 'not("gold")'}, "group": "GR"},
        {"id": "R5", "when": {"kind": '"prospect"'}, "group": "PR"},
        {"id": "R6", "when": {"churn": "> 0.3"}, "group": "PR"},
    ],
    "minimum_stay": "P30D",
    "attributes": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "contract": {"enum": ["none", "silver", "gold"]},
            "churn": {"type": "number", "minimum": 0, "maximum": 1},
        },
    },
}


def document(**changes: Any) -> dict[str, Any]:
    return deepcopy(RULES) | changes


def customer(
    *, current: float = 0, potential: float = 0, contract: str = "none", churn: float = 0, **more: Any
) -> records.Customer:
    fields: dict[str, Any] = {
        "id": "c1",
        "number": "C-1",
        "name": "华星",
        "attributes": {"contract": contract, "churn": churn},
        "scores": {"current": current, "potential": {"value": potential, "model": "clv"}},
        "created_at": NOW,
        "changed_at": NOW,
    }
    return records.Customer(**(fields | more))
