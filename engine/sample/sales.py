"""Leads that are being qualified."""

from datetime import date, timedelta

from engine.sample.case import Case, Deed


def leads(today: date) -> tuple[Case, ...]:
    def lead(client: str, no: str, hours: float, need: str, *deeds: Deed) -> Case:
        return Case("SFA-01", client, no, hours, {"leadNo": no, "need": need, "channel": "phone"}, deeds)

    def talk(amount: int, budget: str = "yes") -> Deed:
        told = {"budget": budget, "authority_contact": "总经理 / general manager", "amount": amount}
        close = (today + timedelta(days=45)).isoformat()
        need = "统一客户资料与服务工单 / one customer record, one ticket desk"
        return Deed("discovery_call", {**told, "need": need, "expected_close": close, "talk": "很有意向 / keen"}, 90)

    return (
        lead("C-1505", "LQ-3001", 3, "校区客户管理 / CRM for the campuses"),
        lead("C-1506", "LQ-3002", 28, "门店会员 / members of the shops", talk(240000)),
        lead("C-1504", "LQ-3003", 6, "Service desk for dealers", talk(80000)),
        lead("C-1007", "LQ-3004", 5, "医药代表管理 / CRM for medical reps", talk(900000)),
        lead("C-3012", "LQ-3005", 2, "旅行顾问跟进 / follow-up for advisers"),
        lead("C-4004", "LQ-3006", 8, "CRM for a small laboratory"),
    )
