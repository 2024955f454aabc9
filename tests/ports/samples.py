"""Records of every kind that another system may keep, whole: each field differs from what it is without."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import agenda, care, deals, selling

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = {"sku": "pump", "qty": 2, "price": 99.5}


def order(key: str, **more: Any) -> deals.Order:
    told = {"customer": "c-1", "status": "shipped", "lines": (LINE,), "total": 199.0, "payment": "on_account"}
    sent = {"shipments": ({"job": "j", "at": "2026-03-02", "tracking": "t", "lines": {"pump": 1}},), "invoice": "FP-1"}
    said = {"requested_date": "2026-04-01", "ship_to": "上海 / Shanghai", "quote": "Q-1", "reason": "晚了"}
    times = {"instance_id": "i", "invoiced_at": NOON + DAY, "taken_at": NOON}
    return deals.Order(**{"id": key, **told, **sent, **said, **times, **more})


def contract(key: str, **more: Any) -> deals.Contract:
    told = {"number": f"HT-{key}", "customer": "c-1", "status": "effective", "amount": 12.5, "template": "standard"}
    terms = {"term_from": "2026-01-01", "term_to": "2026-12-31", "payments": ({"n": 1, "date": "2026-02-01"},)}
    said = {"auto_renew": True, "owner": "anna", "quote": "Q-1", "team": ("anna", "bo"), "settled_at": NOON + DAY}
    return deals.Contract(**{"id": key, **told, **terms, **said, "drafted_at": NOON, **more})


def registration(key: str, **more: Any) -> deals.Registration:
    told = {"partner": "p-1", "end_customer": "远景科技", "core": "远景", "product": "pump", "amount": 7.0}
    said = {"status": "protected", "protected_until": "2026-06-01", "asked_at": NOON}
    return deals.Registration(**{"id": key, **told, **said, **more})


def opportunity(key: str, **more: Any) -> deals.Opportunity:
    told = {"customer": "c-1", "lead": "L-1", "name": "泵", "amount": 9.5, "expected_close": "2026-05-01"}
    said = {"owner": "anna", "history": ("a", "b"), "stage": "quote", "probability": 61, "rival": "X"}
    return deals.Opportunity(**{"id": key, **told, **said, "opened_at": NOON, **more})


def appointment(key: str, **more: Any) -> agenda.Appointment:
    span = {"starts_at": NOON, "ends_at": NOON + DAY / 24, "booked_at": NOON - DAY}
    told = {"customer": "c-1", "kind": "visit", "attendees": ("anna", "bo"), "place": "大厅"}
    return agenda.Appointment(**{"id": key, **span, **told, "override_reason": "they ask", "result": "ok", **more})


def quote(key: str, **more: Any) -> deals.Quote:
    number, _, version = key.partition("/")
    line = {"product": "pump", "options": ["hose"], "qty": 2, "list_price": 100, "discount": 5}
    told = {"number": number, "version": int(version), "instance_id": "i", "customer": "c-1", "lines": (line,)}
    sums = {"total": 190.0, "discount": 5.0, "discount_limit": 10.0, "margin": 21.5, "valid_until": "2026-03-31"}
    said = {"payment_terms": "net_30", "lead_days": 3, "owner": "anna", "document": "d", "reason": "r"}
    times = {"drafted_at": NOON, "sent_at": NOON + DAY, "settled_at": NOON + 2 * DAY}
    return deals.Quote(**{"id": key, **told, **sums, **said, **times, "status": "accepted", **more})


def agreement(key: str, **more: Any) -> care.Agreement:
    minutes = {"first_response_minutes": 60, "resolution_minutes": 480, "included_calls": 4}
    told = {
        "n": 1,
        "customer": "c-1",
        "level": "gold",
        "calendar": "cn-5x8",
        "monthly_fee": 9.5,
        "penalty_percent": 2.0,
    }
    term = {"valid_from": "2026-01-01", "valid_to": "2026-12-31", "activated_at": NOON}
    return care.Agreement(**{"id": key, **minutes, **told, **term, **more})


def visit(key: str, **more: Any) -> care.Visit:
    span = {"starts_at": NOON, "ends_at": NOON + DAY / 24}
    return care.Visit(**{"id": key, "engineer": "zhu", "customer": "c-1", "visit_no": "V-1", **span, **more})


def survey(key: str, **more: Any) -> care.Survey:
    said = {"score": 4, "nps": 9, "comment": "很好", "answered_at": NOON + DAY}
    return care.Survey(**{"id": key, "customer": "c-1", "topic": "visit", "asked_at": NOON, **said, **more})


def territory(key: str, **more: Any) -> selling.Territory:
    rule = {"attr": "city", "op": "in", "value": ["上海"]}
    told = {"rules": (rule,), "members": ("anna", "bo"), "realignment": "R-1", "since": NOON}
    return selling.Territory(**{"id": key, **told, **more})


def forecast(key: str, **more: Any) -> selling.Forecast:
    told = {"team": "east", "begins": "2026-03-01", "ends": "2026-03-31", "status": "locked", "made_at": NOON}
    sums = {"totals": {"commit": 1.5, "forecast": 2.0}, "adjusted": -1.0, "reason": "r", "locked_at": NOON}
    return selling.Forecast(**{"id": key, **told, **sums, **more})


WHOLE: Mapping[str, Callable[..., Any]] = {
    "orders": order,
    "contracts": contract,
    "registrations": registration,
    "opportunities": opportunity,
    "diary": appointment,
    "quotes": quote,
    "agreements": agreement,
    "visits": visit,
    "surveys": survey,
    "territories": territory,
    "forecasts": forecast,
}
"""By port."""
