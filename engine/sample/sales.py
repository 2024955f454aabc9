"""Leads that are being qualified, opportunities, contracts and orders on their way, deals that are looked at again."""

from datetime import date, datetime, timedelta

from engine import deals, selling
from engine.ports import Transaction
from engine.sample.case import Case, Deed

SIGNED = (
    ("HT-2601", "C-1503", "lina", 96000, 80),
    ("HT-2602", "C-4501", "sunlei", 36000, 70),
    ("HT-2603", "C-3011", "gaoyan", 9800, 25),
)
"""Contracts whose end is near: number, customer, who looks after it, amount, days left."""
EARNED = (
    ("SO-7801", "C-1504", 64000, (("lina", 60), ("chenjie", 40))),
    ("SO-7802", "C-1510", 45000, (("sunlei", 100),)),
    ("SO-7803", "C-3010", 7200, (("gaoyan", 100),)),
)
"""Orders that were paid last week: number, customer, amount, who sold it for how many per cent."""


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


def contracts(today: date) -> tuple[Case, ...]:
    begins, ends = today + timedelta(days=20), today + timedelta(days=385)

    def wanted(client: str, no: str, hours: float, subject: str, amount: int, *deeds: Deed) -> Case:
        data = {"contract_subject": subject, "amount": amount, "auto_renew": False, "channel": "phone"}
        return Case("SFA-04", client, no, hours, data, deeds)

    def drafted(amount: int, *clauses: str) -> Deed:
        plan = [{"date": begins.isoformat(), "amount": amount // 2}, {"date": ends.isoformat(), "amount": amount // 2}]
        term = {"term_from": begins.isoformat(), "term_to": ends.isoformat(), "template": "frame"}
        told = {"contract_subject": "年度服务 / a year of service", "amount": amount, "payment_plan": plan}
        return Deed("draft", {**told, **term, "clauses_changed": list(clauses), "seal_required": True}, 90)

    agreed = Deed("manager_approval", {"outcome": "agreed"}, 60)
    return (
        wanted("C-1503", "CT-6001", 3, "电商客服一年 / service for a web shop", 120000),
        wanted("C-1504", "CT-6002", 20, "Field service for dealers", 96000, drafted(96000, "7.2")),
        wanted("C-1001", "CT-6003", 26, "集团框架合同 / frame contract", 880000, drafted(880000, "3.1"), agreed),
        wanted("C-3008", "CT-6004", 5, "门店会员系统 / membership", 18000),
    )


def opportunities(today: date) -> tuple[Case, ...]:
    close, step = (today + timedelta(days=60)).isoformat(), (today + timedelta(days=7)).isoformat()

    def pursued(client: str, no: str, hours: float, subject: str, amount: int, *deeds: Deed) -> Case:
        data = {"opportunityNo": no, "subject": subject, "amount": amount, "expected_close": close}
        return Case("SFA-02", client, no, hours, {**data, "channel": "phone"}, deeds)

    agreed = {"next_action": "约演示 / arrange the demo", "next_action_on": step}
    visited = Deed("first_visit", {**agreed, "win_plan": "先见决策人 / decision maker first", "visit_outcome": "go_on"})
    needs = {"needs_document": "三十座席 / thirty seats", "customer_signed_off": True, "needs_outcome": "go_on"}
    shown = Deed("confirm_needs", {**agreed, **needs}, 300)
    return (
        pursued("C-1502", "OP-7001", 6, "车间看板 / boards for the workshop", 180000),
        pursued("C-1510", "OP-7002", 30, "备件门户 / a portal for spare parts", 260000, visited),
        pursued("C-1509", "OP-7003", 50, "Dealer service desk", 90000, visited, shown),
        pursued("C-1004", "OP-7004", 9, "Fleet of robots: service contracts", 950000),
    )


def orders(today: date) -> tuple[Case, ...]:
    wanted = (today + timedelta(days=15)).isoformat()

    def placed(client: str, no: str, hours: float, product: str, quantity: int, price: float) -> Case:
        lines = [{"sku": product, "qty": quantity, "price": price}]
        data = {"orderNo": no, "lines": lines, "payment": "on_account", "requested_date": wanted}
        return Case("SFA-05", client, no, hours, {**data, "ship_to": "公司仓库 / our warehouse", "channel": "web"})

    return (
        placed("C-1502", "SO-8001", 5, "gateway", 12, 1500),
        placed("C-1507", "SO-8002", 2, "crm_server", 2, 48000),
        placed("C-1510", "SO-8003", 26, "gateway", 30, 1500),
        placed("C-3008", "SO-8004", 3, "call_centre", 5, 1200),
    )


def reviews() -> tuple[Case, ...]:
    def closed(client: str, no: str, hours: float, amount: int, result: str, rival: str = "") -> Case:
        data = {"opportunityNo": no, "opportunity_id": no, "subject": "呼叫中心 / call centre", "amount": amount}
        return Case("SFA-12", client, no, hours, {**data, "result": result, "competitor": rival, "channel": "api"})

    return (
        closed("C-1503", "OP-6901", 20, 320000, "won"),
        closed("C-1505", "OP-6902", 44, 90000, "lost", "Acme"),
    )


def records() -> tuple[Case, ...]:
    def wanted(no: str, hours: float, name: str, city: str, **more: bool) -> Case:
        data = {"partyNo": no, "party_name": name, "party_type": "customer", "city": city, "channel": "phone"}
        return Case("SFA-06", "", no, hours, {**data, **more})

    return (
        wanted("C-9001", 3, "海岳仪器 / Haiyue Instruments", "north"),
        wanted("C-9002", 6, "Blue Harbour Logistics", "abroad", strategic=True),
    )


def visits() -> tuple[Case, ...]:
    def due(client: str, no: str, hours: float, purpose: str) -> Case:
        return Case("SFA-07", client, no, hours, {"visitNo": no, "purpose": purpose, "channel": "api"})

    return (
        due("C-1001", "V-5001", 3, "季度回顾 / quarterly review"),
        due("C-1504", "V-5002", 5, "Roadmap for the dealers"),
        due("C-4501", "V-5003", 2, "续约前的沟通 / before the renewal"),
    )


def call_lists(today: date) -> tuple[Case, ...]:
    people = (("郑先生", "13800001001"), ("Ms Rossi", "13800001002"), ("高女士", "13800001003"))
    numbers = [{"name": name, "phone": phone, "consent": True} for name, phone in people]
    script = "您好，我是……请问方便吗？ / Hello, this is ... Is it a good moment?"
    data = {"callList": "CL-4001", "list_end": (today + timedelta(days=10)).isoformat(), "script": script}
    return (Case("SFA-08", "", "CL-4001", 4, {**data, "candidates": numbers, "channel": "phone"}),)


def territories(today: date) -> tuple[Case, ...]:
    begins = (today + timedelta(days=20)).isoformat()
    rules = [{"attr": "customer", "op": "begins", "value": "C-301"}]
    drafted = {"territory": "north", "rules": rules, "members": ["zhaomin"], "effective": begins}
    kept = {"open_item_policy": "by_stage", "introduce_in_person": False}
    data = {"realignmentNo": "TR-3001", "territory": "north", "channel": "web"}
    return (Case("SFA-09", "", "TR-3001", 7, data, (Deed("edit_draft", {**drafted, **kept}, 60),)),)


def quotas(today: date) -> tuple[Case, ...]:
    begins = today + timedelta(days=30)
    span = {"begins": begins.isoformat(), "ends": (begins + timedelta(days=90)).isoformat()}
    data = {"quotaPlan": "QP-2001", "period": "下季度 / next quarter", **span, "channel": "web"}
    units = [{"unit": "team_east", "manager": "liuyang"}, {"unit": "team_north", "manager": "liuyang"}]
    told = {"parent_target": 1200000, "units": units, "why": "去年加一成 / a tenth more than last year"}
    locked = (begins - timedelta(days=5)).isoformat()
    return (Case("SFA-10", "", "QP-2001", 9, {**data, "lock_on": locked}, (Deed("enter_target", told, 90),)),)


def forecasts() -> tuple[Case, ...]:
    data = {"forecastNo": "FC-1001", "team": "team_east", "manager": "liuyang", "channel": "web"}
    return (Case("SFA-11", "", "FC-1001", 3, data),)


def earn(tx: Transaction, now: datetime) -> None:
    """What the settlement of commissions is about."""
    for order, number, amount, split in EARNED:
        customer = tx.customers.by_number(number)
        if customer is not None:
            tx.commissions.earn(
                selling.Earning(
                    id=f"order:{order}",
                    customer=customer.id,
                    order=order,
                    kind="order",
                    amount=amount,
                    split=tuple({"user": user, "pct": pct} for user, pct in split),
                    facts={"group": customer.group, "first": False, "renewal": False, "won_back": False},
                    day=(now - timedelta(days=7)).date().isoformat(),
                )
            )


def commissions(today: date) -> tuple[Case, ...]:
    span = {"begins": (today - timedelta(days=30)).isoformat(), "ends": today.isoformat()}
    data = {"runNo": "CM-3001", "period": "上月 / last month", **span, "channel": "web"}
    return (Case("SFA-13", "", "CM-3001", 6, {**data, "lock_on": (today + timedelta(days=12)).isoformat()}),)


def registrations(today: date) -> tuple[Case, ...]:
    def registered(client: str, no: str, hours: float, end_customer: str, amount: int, *deeds: Deed) -> Case:
        close = (today + timedelta(days=70)).isoformat()
        told = {"registrationNo": no, "partnerId": client, "end_customer": end_customer, "product": "call_centre"}
        proof = {"amount": amount, "expected_close": close, "evidence": "已拜访两次 / visited twice"}
        return Case("SFA-14", client, no, hours, {**told, **proof, "channel": "web"}, deeds)

    return (
        registered("C-1508", "PR-2001", 4, "江南轴承 / Jiangnan Bearings", 60000),
        registered("C-1509", "PR-2002", 9, "Harbour Cranes", 320000),
    )


def sign(tx: Transaction, now: datetime) -> None:
    """Contracts that are in force and near their end."""
    for number, client, owner, amount, left in SIGNED:
        customer, ends = tx.customers.by_number(client), now.date() + timedelta(days=left)
        if customer is not None and tx.contracts.numbered(number) is None:
            begins = ends - timedelta(days=364)
            paid = {"n": 1, "date": begins.isoformat(), "amount": amount, "paid_on": begins.isoformat()}
            tx.contracts.put(
                deals.Contract(
                    id=number,
                    number=number,
                    customer=customer.id,
                    status="effective",
                    amount=amount,
                    term_from=begins.isoformat(),
                    term_to=ends.isoformat(),
                    template="standard",
                    payments=(paid,),
                    owner=owner,
                    drafted_at=now - timedelta(days=364 - left),
                )
            )


def renewals(today: date) -> tuple[Case, ...]:
    def near(number: str, client: str, owner: str, amount: int, left: int) -> Case:
        ends = today + timedelta(days=left)
        term = {"term_from": (ends - timedelta(days=364)).isoformat(), "term_to": ends.isoformat()}
        told = {"contractNo": number, "amount": amount, **term, "auto_renew": False, "owner": owner}
        return Case("SFA-16", client, number, 5, {**told, "channel": "api"})

    return tuple(near(*one) for one in SIGNED)
