"""Requests for service that came in today, and customers who may leave."""

from typing import Any

from engine.sample.case import Case, Deed


def _request(no: str, subject: str, kind: str, urgency: str = "normal", **more: Any) -> dict[str, Any]:
    told = {"requestNo": no, "subject": subject, "description": f"{subject}。请尽快回复。", "kind": kind}
    return {**told, "urgency": urgency, "channel": "web", "language": "zh-CN", **more}


REQUESTS = (
    Case("CSS-01", "C-1002", "RQ-6001", 0.2, _request("RQ-6001", "接口怎样对接？", "product", "high")),
    Case("CSS-01", "C-1503", "RQ-6002", 0.1, _request("RQ-6002", "想问一件事", "other")),
    Case("CSS-01", "C-3011", "RQ-6003", 2, _request("RQ-6003", "忘记密码", "information")),
    Case("CSS-01", "C-3010", "RQ-6004", 3, _request("RQ-6004", "Reminders by SMS", "product", language="en")),
    Case("CSS-01", "C-4003", "RQ-6005", 4, _request("RQ-6005", "能否与财务软件集成？", "product")),
    Case(
        "CSS-01", "C-4501", "RQ-6006", 1, _request("RQ-6006", "发货单没有同步", "fault", "high", fault_category="data")
    ),
    Case("CSS-01", "C-3003", "RQ-6007", 1, _request("RQ-6007", "无法登录", "fault", fault_category="login")),
)


def _leaving(no: str, risk: int, *drivers: str) -> dict[str, Any]:
    return {"caseNo": no, "risk": risk, "drivers": list(drivers), "cancel_asked": risk >= 90, "channel": "api"}


TOO_DEAR = {"root_cause": "price", "offer_text": "续约一年九折 / 10 % off for a year", "save_cost": 1800}

LEAVING = (
    Case("CSS-10", "C-4501", "CH-8001", 3, _leaving("CH-8001", 72, "price")),
    Case(
        "CSS-10",
        "C-4503",
        "CH-8002",
        20,
        _leaving("CH-8002", 85, "service"),
        (Deed("contact_customer", TOO_DEAR, 120),),
    ),
    Case("CSS-10", "C-1008", "CH-8003", 1, _leaving("CH-8003", 60, "moved")),
    Case("CSS-10", "C-1507", "CH-8004", 5, _leaving("CH-8004", 55, "competitor")),
)
