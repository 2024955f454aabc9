"""Leads that came in today, and campaigns under way."""

from datetime import date, timedelta
from typing import Any

from engine.sample.case import Case, Deed


def _lead(no: str, name: str, company: str, phone: str, **more: Any) -> dict[str, Any]:
    told = {"leadNo": no, "name": name, "company": company, "phone": phone, "source": "web", "lead_kind": "demo"}
    return {**told, "need": "想看产品演示 / would like a demo", "territory": "east", "consent": True, **more}


LEADS = (
    Case("MA-06", "", "LD-2001", 1, _lead("LD-2001", "周敏", "青禾科技服务", "13912340001", campaignId="CMP-2599")),
    Case("MA-06", "", "LD-2002", 2, _lead("LD-2002", "钱伟", "山河重工", "1391234", territory="north")),
    Case(
        "MA-06",
        "",
        "LD-2003",
        3,
        _lead("LD-2003", "Julia Stone", "Lakeside Hotels Ltd.", "+4930123456", territory="abroad", language="en"),
    ),
    Case(
        "MA-06",
        "C-1004",
        "LD-2004",
        0.1,
        _lead("LD-2004", "Mei Tan", "Northwind Robotics Pte. Ltd.", "+6561234567", source="fair", language="en"),
    ),
    Case(
        "MA-06",
        "C-4003",
        "LD-2005",
        5,
        _lead("LD-2005", "孙悦", "宏图建筑", "13912340005", source="partner", territory="south"),
    ),
)


def _brief(today: date, budget: int, **more: Any) -> dict[str, Any]:
    return {
        "start_date": (today + timedelta(days=14)).isoformat(),
        "end_date": (today + timedelta(days=45)).isoformat(),
        "audience_groups": ["GR", "ST"],
        "selector": [],
        "channels": ["email"],
        "contact_channel": "email",
        "contact_priority": 60,
        "budget": budget,
        "expected_leads": 25,
        "expected_roi": 3,
        "message_text": "新版上线，老客户升级优惠 / the new version, at a special price for you",
        **more,
    }


def campaigns(today: date) -> tuple[Case, ...]:
    """One waits for its approval, two for their brief; one is approved and waits for the release of its first wave; one
    has gone out, and is judged."""
    upgrade = {"campaignId": "CMP-2601", "name": "新版升级 / Upgrade to the new version", "goal": "cross_sell"}
    back = {"campaignId": "CMP-2602", "name": "老客户激活 / Bring them back", "goal": "activate"}
    day = {"campaignId": "CMP-2603", "name": "大客户体验日 / A day for key accounts", "goal": "retain"}
    training = {"campaignId": "CMP-2600", "name": "春季培训 / Spring training", "goal": "activate"}
    visit = {"campaignId": "CMP-2599", "name": "新春回访 / A new year's call", "goal": "retain"}
    approved = (
        Deed("fill_brief", _brief(today, 12000)),
        Deed("approve_manager", {"outcome": "approved"}, 90),
        Deed("content_check", {"outcome": "approved", "claims_proved": True, "opt_out_named": True}, 120),
        Deed("assign_tasks", {"runner": "hemei", "tasks": []}, 30),
    )
    return (
        Case("MA-02", "", "CMP-2601", 20, upgrade, (Deed("fill_brief", _brief(today, 36000)),)),
        Case("MA-02", "", "CMP-2602", 4, back),
        Case("MA-02", "", "CMP-2603", 2, {**day, "audience_groups": ["KA"]}),
        Case("MA-02", "", "CMP-2600", 48, training, approved),
        Case("MA-04", "", "CMP-2600-1", 3, WAVE),
        Case("MA-02", "", "CMP-2599", 72, visit, approved),
        Case(
            "MA-04",
            "",
            "CMP-2599-1",
            50,
            {**WAVE, "campaignId": "CMP-2599"},
            (Deed("release_wave", {"outcome": "go"}),),
        ),
        Case("MA-05", "", "EVAL-2599", 0.5, {"campaignId": "CMP-2599", "estimated_cost": 12000}),
    )


WAVE: dict[str, Any] = {
    "campaignId": "CMP-2600",
    "wave": 1,
    "contact_channel": "email",
    "contact_priority": 60,
    "selector": [],
    "letter_subject": "{{name}}：春季培训 / Spring training",
    "letter_text": "您好 {{name}}，春季培训开始报名，老客户优先。/ Hello {{name}}, spring training is open.",
    "test_recipients": ["marketing@example.com"],
    "throttle_per_min": 100,
    "quiet_hours": "21:00-08:00",
    "stop_rule": {"complaints_pct": 0.3, "bounce_pct": 5},
}


VALUES = (
    Case(
        "MA-01",
        "C-1501",
        "VAL-2601",
        6,
        {
            "history_margin": 820000,
            "run_rate": 60000,
            "horizon_months": 36,
            "discount_rate": 0.1,
            "retention": 0.85,
            "potential_items": [{"type": "cross_sell", "amount": 300000, "probability": 0.4}],
            "need_answers": {"wants_service": True, "grows": True},
            "channel": "api",
        },
    ),
)


TO_TOUCH = (
    Case(
        "MA-07",
        "C-1001",
        "LD-2010",
        1,
        {
            "leadNo": "LD-2010",
            "name": "华星集团物流事业部",
            "phone": "13912340010",
            "need": "仓库盘点也想用 / wants it for the warehouse, too",
            "lead_kind": "demo",
            "fit": 80,
            "budget": "unknown",
            "authority": "unknown",
            "timing": "m3",
            "channel": "email",
        },
    ),
)


def material(today: date) -> tuple[Case, ...]:
    """A letter waits for legal, a case study for its designer; the training letter is released."""
    until = (today + timedelta(days=200)).isoformat()
    letter = {
        "wanted": "new",
        "asset_type": "letter",
        "asset_language": "zh-CN",
        "brief": "春季服务安排 / spring service",
    }
    written = Deed(
        "produce",
        {
            "subject": "{{name}}：春季检修 / Spring service",
            "body": "您好 {{name}}，春季检修可以预约。",
            "valid_until": until,
        },
        240,
    )
    product = Deed("review_product", {"product_verdict": "approved"}, 90)
    legal = Deed("review_legal", {"legal_verdict": "approved"}, 60)
    study = {"assetKey": "CASE-RETAIL", "title": "零售客户案例 / A case of retail", "asset_type": "case_study"}
    return (
        Case(
            "MA-10",
            "",
            "MAT-2601",
            30,
            {**letter, "assetKey": "SERVICE-26", "title": "春季服务信函"},
            (written, product),
        ),
        Case("MA-10", "", "MAT-2602", 3, {**letter, **study}),
        Case(
            "MA-10",
            "",
            "MAT-2600",
            96,
            {**letter, "assetKey": "TRAINING-26", "title": "春季培训信函 / Spring training"},
            (written, product, legal),
        ),
    )


def events(today: date) -> tuple[Case, ...]:
    """A fair whose staff confirm their duty, and a seminar that waits for its approval."""
    first = today + timedelta(days=40)
    fair = {
        "event_type": "fair",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=1)).isoformat(),
        "venue": "上海 3 号馆 / Shanghai, hall 3",
        "budget": 42000,
        "target_contacts": 60,
        "staff": [{"person": "lina"}, {"person": "sophie"}],
        "marketing_lead": "hemei",
        "audience_groups": ["ST", "GR"],
        "selector": [],
        "invitation_subject": "{{name}}：展会见 / See you at the fair",
        "invitation_text": "您好 {{name}}，我们在 3 号馆等您。/ Hello {{name}}, find us in hall 3.",
        "outcome": "submit",
    }
    seminar = {**fair, "event_type": "seminar", "budget": 12000, "venue": "南京 / Nanjing", "audience_groups": ["GR"]}
    return (
        Case(
            "MA-09",
            "",
            "FAIR-2601",
            60,
            {"eventNo": "FAIR-2601", "event_name": "华东智造展 / East China Manufacturing"},
            (Deed("propose", fair), Deed("approve_event", {"outcome": "approved"}, 120)),
        ),
        Case(
            "MA-09",
            "",
            "SEM-2601",
            7,
            {"eventNo": "SEM-2601", "event_name": "零售数字化研讨会 / Retail seminar"},
            (Deed("propose", seminar),),
        ),
    )


POTENTIAL = (
    Case("MA-11", "C-1504", "DEV-2601", 20, {"caseNo": "DEV-2601", "product_gap": ["analytics"], "channel": "api"}),
    Case("MA-11", "C-1002", "DEV-2602", 8, {"caseNo": "DEV-2602", "lever": "referral", "channel": "phone"}),
)
