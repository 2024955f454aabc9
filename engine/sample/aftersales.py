"""What happens after the sale: goods that came back, new customers, calls that were asked for, visits, agreements."""

from datetime import datetime, timedelta
from typing import Any

from engine import care
from engine.ports import Transaction
from engine.sample.case import Case, Deed

DELIVERED = (
    ("SO-5001", "C-1503", "gateway", 4, 1500, "device", 5),
    ("SO-5002", "C-3006", "gateway", 1, 1500, "device", 20),
    ("SO-5003", "C-3003", "analytics", 1, 8000, "software", 3),
    ("SO-5004", "C-1002", "crm_server", 2, 48000, "device", 60),
)
"""Order, customer's number, sku, pieces, price, category, days ago."""


def deliver(tx: Transaction, now: datetime) -> None:
    for order, number, sku, qty, price, category, days in DELIVERED:
        customer = tx.customers.by_number(number)
        if customer is not None:
            line = care.DeliveredLine(
                order_no=order,
                sku=sku,
                customer=customer.id,
                qty=qty,
                unit_price=price,
                category=category,
                delivered_at=now - timedelta(days=days),
            )
            tx.returns.deliver(line)


def _return(no: str, order: str, sku: str, reason: str, wish: str = "refund") -> dict[str, Any]:
    told = {"returnNo": no, "orderNo": order, "lines": [{"sku": sku, "qty": 1}], "reason": reason, "wish": wish}
    return {**told, "channel": "web", "language": "zh-CN"}


RETURNS = (
    Case("CSS-04", "C-1503", "RT-9101", 30, _return("RT-9101", "SO-5001", "gateway", "changed_mind")),
    Case("CSS-04", "C-3006", "RT-9102", 6, _return("RT-9102", "SO-5002", "gateway", "changed_mind")),
    Case("CSS-04", "C-3003", "RT-9103", 2, _return("RT-9103", "SO-5003", "analytics", "other")),
    Case(
        "CSS-04",
        "C-1002",
        "RT-9104",
        50,
        _return("RT-9104", "SO-5004", "crm_server", "defective", "exchange"),
        (Deed("replace_goods", {"replacement_waybill": "SF1002003001"}, 90),),
    ),
)


def _beginning(no: str, users: int, contact: str) -> dict[str, Any]:
    people = [{"name": contact, "role": "IT", "phone": "13700000000"}]
    return {"onboardingNo": no, "users_count": users, "contacts": people, "channel": "api", "language": "zh-CN"}


PAPERS = Deed("collect_documents", {"documents": ["licence", "tax_data", "privacy", "bank", "users"]}, 600)

ONBOARDING = (
    Case("X-01", "C-1004", "ON-9201", 40, _beginning("ON-9201", 120, "钱进"), (PAPERS,)),
    Case(
        "X-01",
        "C-1504",
        "ON-9202",
        60,
        _beginning("ON-9202", 15, "孔敏"),
        (PAPERS, Deed("check_compliance", {"outcome": "passed"}, 300)),
    ),
    Case("X-01", "C-3002", "ON-9203", 5, _beginning("ON-9203", 2, "韩雪")),
)


def _call(no: str, topic: str, phone: str) -> dict[str, Any]:
    told = {"followUpNo": no, "kind": "call_back", "topic": topic, "phone": phone}
    return {**told, "channel": "web", "language": "zh-CN"}


FOLLOW_UPS = (
    Case("CSS-09", "C-3005", "FU-9301", 0.3, _call("FU-9301", "安装预约", "13600000000")),
    Case("CSS-09", "C-1506", "FU-9302", 0.1, _call("FU-9302", "Delivery date", "13600000001")),
    Case("CSS-09", "C-1003", "FU-9303", 0.05, _call("FU-9303", "合同续签", "13600000002")),
)


def _visit(no: str, fault: str, sku: str, skill: str, **more: Any) -> dict[str, Any]:
    told = {"visitNo": no, "site_address": "苏州工业园区星湖街 1 号", "asset_no": f"A-{no[-3:]}", "fault": fault}
    parts = [{"sku": sku, "qty": 1}]
    return {
        **told,
        "skills_wanted": [skill],
        "parts": parts,
        "warranty_until": "2099-12-31",
        "channel": "phone",
        **more,
    }


VISITS = (
    Case("CSS-05", "C-1002", "FV-9401", 1, _visit("FV-9401", "网关离线", "gateway", "network", severity="high")),
    Case("CSS-05", "C-1505", "FV-9402", 4, _visit("FV-9402", "Server does not start", "gateway", "server")),
    Case("CSS-05", "C-3007", "FV-9403", 7, _visit("FV-9403", "设备有异响", "gateway", "hardware")),
)

AGREED = {
    "level": "gold",
    "calendar": "cn-24x7",
    "first_response_minutes": 15,
    "resolution_minutes": 240,
    "included_calls": 30,
    "monthly_fee": 8000,
    "penalty_percent": 5,
    "valid_from": "2026-01-01",
    "valid_to": "2099-12-31",
}

AGREEMENTS = (
    Case(
        "CSS-06",
        "C-1001",
        "SA-9501",
        30,
        {"agreementNo": "SA-9501", "channel": "api"},
        (Deed("enter_terms", AGREED, 90),),
    ),
    Case("CSS-06", "C-1508", "SA-9502", 3, {"agreementNo": "SA-9502", "channel": "api"}),
)


def _article(no: str, title: str, problem: str, solution: str) -> dict[str, Any]:
    told = {"title": title, "problem": problem, "solution": solution, "audience": "public", "ticketNo": no}
    return {**told, "channel": "api", "language": "zh-CN"}


KNOWLEDGE = (
    Case("CSS-07", "", "KA-9601", 9, _article("TK-9002", "报表数据不对", "昨日数据缺失", "重新同步接口")),
    Case("CSS-07", "", "KA-9602", 4, _article("TK-9007", "网关固件崩溃", "反复重启", "升级到 2.4")),
)


def _portal(no: str, kind: str, subject: str, **more: Any) -> dict[str, Any]:
    told = {"requestNo": no, "request_type": kind, "subject": subject, "orderNo": "", "case_no": "", "new_address": ""}
    return {**told, "talk_to_person": False, "channel": "web", "language": "zh-CN", **more}


SELF_SERVICE = (
    Case("CSS-08", "C-3003", "PS-9701", 2, _portal("PS-9701", "case_progress", "进度如何", case_no="TK-9003")),
    Case("CSS-08", "C-3004", "PS-9702", 1, _portal("PS-9702", "change_address", "搬家了", new_address="杭州市 8 号")),
)
