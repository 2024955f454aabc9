"""Leads that came in today."""

from typing import Any

from engine.sample.case import Case


def _lead(no: str, name: str, company: str, phone: str, **more: Any) -> dict[str, Any]:
    told = {"leadNo": no, "name": name, "company": company, "phone": phone, "source": "web", "lead_kind": "demo"}
    return {**told, "need": "想看产品演示 / would like a demo", "territory": "east", "consent": True, **more}


LEADS = (
    Case("MA-06", "", "LD-2001", 1, _lead("LD-2001", "周敏", "青禾科技服务", "13912340001")),
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
