"""What the company does about itself: processes that are reviewed, the CRM brought to its units."""

from typing import Any

from engine.sample.case import Case, Deed

_SAID: dict[str, Any] = {
    "channels": ["phone", "email"],
    "improvements": "一次说清，不再转三道 / said once, not handed on three times",
    "telesales": True,
    "direct_mail": False,
}
_AGREED = {"outcome": "agreed", "commitment": "每周两小时，预算一百万 / two hours a week and a million"}
_RESULT = {"member": "lina", "expected_result": "少录一遍 / typed in once"}


def _rollout(no: str, unit: str, hours: float, *deeds: Deed) -> Case:
    aim = "统一客户资料与服务 / one record and one desk"
    told = {"programmeNo": no, "unit": unit, "sponsor": "director", "aim": aim, "expected_roi": 0.2, "channel": "api"}
    return Case("X-02", "", no, hours, told, deeds)


ROLLOUTS = (
    _rollout("RP-9901", "华东区 / East", 20),
    _rollout("RP-9902", "海外部 / Abroad", 60, Deed("commit", _AGREED, 120), *[Deed("name_team", _RESULT)] * 5),
    _rollout(
        "RP-9903",
        "服务中心 / Service centre",
        120,
        Deed("commit", _AGREED, 120),
        *[Deed("name_team", _RESULT)] * 5,
        *[Deed("survey", {"answers": _SAID}, 300)] * 3,
    ),
)


def _journey(no: str, client: str, hours: float, need: str, **more: Any) -> Case:
    told = {"correlationId": no, "campaignId": "CMP-2601", "leadNo": f"{no}-L", "need": need, "lead_kind": "demo"}
    return Case(
        "X-03",
        client,
        no,
        hours,
        {
            **told,
            "territory": "east",
            "interest": "crm_cloud",
            "source": "mail",
            "consent": True,
            "channel": "web",
            **more,
        },
    )


JOURNEYS = (
    _journey("JN-9701", "C-1501", 30, "统一客户资料与工单 / one record and one desk"),
    _journey("JN-9702", "C-1502", 54, "车间看板 / boards for the workshop"),
    _journey("JN-9703", "C-1001", 12, "集团统一客服 / one desk for the group", lead_kind="quote"),
)

REVIEWS = (
    Case(
        "X-06",
        "",
        "PR-9801",
        6,
        {"process": "CSS-02", "reason_for_review": "二线响应慢 / the second line is slow", "channel": "api"},
    ),
)
