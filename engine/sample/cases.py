"""Cases under way in the sample company: started some hours ago and worked on so far by the people concerned."""

from datetime import date, timedelta
from typing import Any

from engine.sample import aftersales, marketing, sales, service, steering
from engine.sample.case import Case, Deed


def _loan(no: str, name: str, amount: int, *, income: int, value: int, **more: Any) -> dict[str, Any]:
    return {
        "applicationNo": no,
        "applicant": {"name": name, "id_no": f"31010119900101{no[-4:]}", "phone": "13800000000"},
        "amount": amount,
        "term_months": 240,
        "income": income,
        "property": {"address": f"上海市浦东新区世纪大道 {no[-3:]} 号", "value": value},
        "documents": ["income_proof", "credit_consent", "deed"],
        "channel": "web",
        **more,
    }


def _lead(no: str, name: str, territory: str, kind: str = "demo", **more: Any) -> dict[str, Any]:
    return {
        "leadNo": no,
        "name": name,
        "phone": "13900000000",
        "need": "想了解产品与价格 / wants to know product and price",
        "lead_kind": kind,
        "territory": territory,
        "product": "crm_cloud",
        "channel": "web",
        **more,
    }


def _ticket(no: str, subject: str, category: str = "login", severity: str = "normal", **more: Any) -> dict[str, Any]:
    told = {"ticketNo": no, "subject": subject, "description": f"{subject}。从今天上午开始。", "category": category}
    return {**told, "severity": severity, "channel": "phone", **more}


def _complaint(no: str, words: str, category: str, amount: int, **more: Any) -> dict[str, Any]:
    told = {"complaintNo": no, "complaint_text": words, "category": category, "demand_amount": amount}
    return {**told, "legal_threat": False, "people_harmed": False, "channel": "phone", **more}


def _need(no: str, need: str) -> dict[str, Any]:
    return {"quoteNo": no, "need": need, "channel": "phone"}


def _offer(product: str, quantity: int, price: float, discount: float, until: date) -> dict[str, Any]:
    line = {"product": product, "options": [], "qty": quantity, "list_price": price, "discount": discount}
    return {"lines": [line], "currency": "CNY", "valid_until": until.isoformat(), "payment_terms": "net_30"}


APOLOGY = {"apology": "非常抱歉给您添了麻烦 / We are sorry for the trouble", "reached_by": "phone"}
FOUND = {"findings": "运输中包装破损，质检记录正常 / damaged in transport", "at_fault": "ours"}
TOUCHED = {"talk": "已通话，约了下周演示 / talked, demo next week", "outcome": "on_hold"}


LOANS = (
    Case("SFA-15", "C-3001", "LN-260001", 3, _loan("LN-260001", "陈建国", 600000, income=15000, value=1000000)),
    Case("SFA-15", "C-3005", "LN-260002", 20, _loan("LN-260002", "David Miller", 450000, income=12000, value=800000)),
    Case("SFA-15", "C-1003", "LN-260003", 5, _loan("LN-260003", "北辰银行", 2400000, income=90000, value=5000000)),
    Case("SFA-15", "C-1506", "LN-260004", 8, _loan("LN-260004", "鼎新食品", 900000, income=30000, value=1500000)),
    Case("SFA-15", "C-4001", "LN-260005", 4, _loan("LN-260005", "刘思远", 300000, income=9000, value=500000)),
    Case(
        "SFA-15",
        "C-3002",
        "LN-260006",
        6,
        _loan("LN-260006", "李秀英", 200000, income=8000, value=400000, documents=["income_proof"]),
    ),
)

INCIDENTS = (
    Case("CSS-02", "C-1001", "TK-9001", 0.1, _ticket("TK-9001", "生产系统中断", "outage", "critical")),
    Case(
        "CSS-02",
        "C-1502",
        "TK-9002",
        3,
        _ticket("TK-9002", "报表数据不对", "data", "high"),
        (Deed("diagnose", {"outcome": "second_line", "cause": "接口延迟"}, 30),),
    ),
    Case(
        "CSS-02",
        "C-1510",
        "TK-9007",
        6,
        _ticket("TK-9007", "网关固件崩溃", "hardware", "high"),
        (
            Deed("diagnose", {"outcome": "second_line"}, 30),
            Deed("work_l2", {"outcome": "third_line", "cause": "固件缺陷"}, 60),
        ),
    ),
    Case("CSS-02", "C-3003", "TK-9003", 5, _ticket("TK-9003", "无法登录")),
    Case(
        "CSS-02",
        "C-3010",
        "TK-9004",
        26,
        _ticket("TK-9004", "Slow search", "performance", language="en"),
        (
            Deed("diagnose", {"outcome": "ask_customer"}, 60),
            Deed("ask_customer", {"question": "Which browser, and since when? / 哪个浏览器？"}, 10),
        ),
    ),
    Case(
        "CSS-02",
        "C-1509",
        "TK-9005",
        20,
        _ticket("TK-9005", "How to export contacts", "usage", "low", language="en"),
        (
            Deed("diagnose", {"outcome": "solved", "cause": "missing permission"}, 40),
            Deed(
                "resolve",
                {"resolution": "The export right was granted. / 已开通导出权限", "kb_article": "KB-7"},
                15,
            ),
        ),
    ),
    Case("CSS-02", "C-4502", "TK-9006", 0.5, _ticket("TK-9006", "打印模板丢失", "other")),
)

COMPLAINTS = (
    Case("CSS-03", "C-1002", "CP-7001", 1, _complaint("CP-7001", "交货迟了十天，影响装船。", "delivery", 20000)),
    Case(
        "CSS-03",
        "C-3006",
        "CP-7002",
        28,
        _complaint("CP-7002", "设备有划痕，退一部分款。", "product", 600),
        (Deed("register", APOLOGY, 40), Deed("investigate", FOUND, 300)),
    ),
    Case(
        "CSS-03",
        "C-3012",
        "CP-7003",
        26,
        _complaint("CP-7003", "客服两次没有回电。", "service", 80),
        (Deed("register", APOLOGY, 40), Deed("investigate", FOUND, 300)),
    ),
    Case(
        "CSS-03",
        "C-4503",
        "CP-7004",
        5,
        _complaint("CP-7004", "The invoice was wrong three times.", "price", 900, language="en"),
        (Deed("register", APOLOGY, 60),),
    ),
    Case(
        "CSS-03",
        "C-3011",
        "CP-7006",
        50,
        _complaint("CP-7006", "培训内容与宣传不符，要求退费。", "service", 8000),
        (
            Deed("register", APOLOGY, 40),
            Deed("investigate", FOUND, 600),
            Deed("propose_redress", {"redress": "refund", "redress_amount": 8000, "offer_text": "全额退费"}, 60),
        ),
    ),
    Case("CSS-03", "C-3009", "CP-7005", 0.7, _complaint("CP-7005", "技师态度差。", "staff", 0)),
)


def cases(today: date) -> tuple[Case, ...]:
    return (
        *LOANS,
        *_leads(today),
        *_quotes(today),
        *INCIDENTS,
        *COMPLAINTS,
        *_campaigns(today),
        *service.REQUESTS,
        *aftersales.RETURNS,
        *aftersales.ONBOARDING,
        *aftersales.FOLLOW_UPS,
        *aftersales.VISITS,
        *aftersales.AGREEMENTS,
        *aftersales.KNOWLEDGE,
        *aftersales.SELF_SERVICE,
        *service.LEAVING,
        *marketing.LEADS,
        *marketing.campaigns(today),
        *marketing.VALUES,
        *marketing.TO_TOUCH,
        *marketing.material(today),
        *marketing.events(today),
        *marketing.POTENTIAL,
        *sales.leads(today),
        *sales.opportunities(today),
        *sales.contracts(today),
        *sales.orders(today),
        *sales.reviews(),
        *sales.records(),
        *sales.visits(),
        *sales.call_lists(today),
        *sales.territories(today),
        *steering.JOURNEYS,
        *steering.REVIEWS,
        *sales.quotas(today),
        *sales.forecasts(),
        *steering.ROLLOUTS,
        *sales.commissions(today),
        *sales.registrations(today),
        *sales.renewals(today),
    )


def _leads(today: date) -> tuple[Case, ...]:
    touched = {**TOUCHED, "first_touch_at": f"{today.isoformat()}T09:30:00+08:00"}
    return (
        Case("MA-08", "C-4002", "LD-1001", 2, _lead("LD-1001", "赵天宇", "east")),
        Case("MA-08", "C-4003", "LD-1002", 1, _lead("LD-1002", "宏图建筑", "south", "quote")),
        Case("MA-08", "C-4004", "LD-1003", 3, _lead("LD-1003", "Bright Labs", "abroad", language="en")),
        Case("MA-08", "C-1501", "LD-1004", 1.5, _lead("LD-1004", "青禾科技", "east"), (Deed("first_touch", touched),)),
        Case("MA-08", "C-1001", "LD-1005", 0.2, _lead("LD-1005", "华星集团", "east", "quote")),
        Case("MA-08", "C-3009", "LD-1007", 2, _lead("LD-1007", "顺风汽修", "west")),
        Case("MA-08", "C-3003", "LD-1008", 3, _lead("LD-1008", "安居物业", "north")),
        Case("MA-08", "C-4005", "LD-1006", 4, _lead("LD-1006", "瑞丰农业", "north", strategic=True)),
    )


def _quotes(today: date) -> tuple[Case, ...]:
    until = today + timedelta(days=30)
    approved = {"outcome": "approved"}

    def quote(client: str, no: str, hours: float, need: str, *deeds: Deed) -> Case:
        return Case("SFA-03", client, no, hours, _need(no, need), deeds)

    def configured(product: str, quantity: int, price: float, discount: float) -> Deed:
        return Deed("configure", _offer(product, quantity, price, discount, until), 60)

    return (
        quote("C-1502", "QT-5001", 4, "二十个座席的呼叫中心 / a call centre for twenty"),
        quote("C-1503", "QT-5002", 6, "电商客服与分析 / service and analytics", configured("analytics", 10, 8000, 18)),
        quote(
            "C-1006",
            "QT-5003",
            7,
            "CRM cloud for 300 shop assistants",
            configured("crm_cloud", 300, 900, 32),
            Deed("approve_discount", approved, 60),
        ),
        quote("C-1507", "QT-5004", 30, "车队物联网关 / gateways for the fleet", configured("gateway", 40, 1500, 8)),
        quote("C-3008", "QT-5005", 2, "门店会员系统 / membership for the shops"),
        quote("C-4501", "QT-5006", 3, "续约并增加座席 / renewal with more seats"),
        quote("C-1508", "QT-5007", 1, "粉丝运营平台 / a platform for fans"),
        quote(
            "C-1506",
            "QT-5008",
            9,
            "门店分析 / analytics for the shops",
            configured("analytics", 8, 8000, 38),
            Deed("approve_discount", approved, 60),
            Deed("approve_director", approved, 60),
        ),
    )


def _campaigns(today: date) -> tuple[Case, ...]:
    campaign = {
        "contact_channel": "email",
        "contact_priority": 60,
        "purpose": "promotion",
        "campaign_end": (today + timedelta(days=20)).isoformat(),
        "exclude": ["dnc", "open_complaint"],
        "policy": {"max_per_week": 2, "min_gap_hours": 24},
    }
    return (
        Case(
            "MA-03",
            "",
            "CMP-2601-1",
            2,
            {"campaignId": "CMP-2601", "audience_groups": ["GR", "ST"], "selector": [], **campaign},
        ),
        Case(
            "MA-03",
            "",
            "CMP-2602-1",
            1,
            {
                "campaignId": "CMP-2602",
                "audience_groups": ["KA"],
                "selector": [{"attribute": "industry", "operator": "eq", "value": "manufacturing"}],
                **campaign,
            },
        ),
    )
