"""Requests for service that came in today."""

from typing import Any

from engine.sample.case import Case


def _request(no: str, subject: str, kind: str, urgency: str = "normal", **more: Any) -> dict[str, Any]:
    told = {"requestNo": no, "subject": subject, "description": f"{subject}。请尽快回复。", "kind": kind}
    return {**told, "urgency": urgency, "channel": "web", "language": "zh-CN", **more}


REQUESTS = (
    Case("CSS-01", "C-1002", "RQ-6001", 0.2, _request("RQ-6001", "接口怎样对接?", "product", "high")),
    Case("CSS-01", "C-1503", "RQ-6002", 0.1, _request("RQ-6002", "想问一件事", "other")),
    Case("CSS-01", "C-3011", "RQ-6003", 2, _request("RQ-6003", "忘记密码", "information")),
    Case("CSS-01", "C-3010", "RQ-6004", 3, _request("RQ-6004", "Reminders by SMS", "product", language="en")),
    Case("CSS-01", "C-4003", "RQ-6005", 4, _request("RQ-6005", "能否与财务软件集成?", "product")),
    Case(
        "CSS-01", "C-4501", "RQ-6006", 1, _request("RQ-6006", "发货单没有同步", "fault", "high", fault_category="data")
    ),
    Case("CSS-01", "C-3003", "RQ-6007", 1, _request("RQ-6007", "无法登录", "fault", fault_category="login")),
)
