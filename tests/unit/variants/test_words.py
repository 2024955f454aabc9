"""A difference is told with the names that the house uses, in both languages; what nobody named keeps its key."""

from pathlib import Path
from typing import Any

import pytest

from engine.definitions.process import Parameter
from engine.model.text import both
from engine.people import groups
from engine.people.agent import SYSTEM
from engine.variants import diff, look
from engine.variants.operations import kinds
from engine.variants.words import Words
from tests.unit.variants.desk import ANN, desk, write
from tests.unit.variants.models import quote

WORDS = Words(
    parameters={
        "limit": Parameter(value=5, names=both(zh="折扣上限", en="Discount limit"), unit="%"),
        "pause": Parameter(value="P90D", names=both(zh="停顿", en="Pause")),
        "days": Parameter(value=3, names=both(zh="宽限", en="Grace"), unit="d"),
        "rule": Parameter(
            value="rotation",
            names=both(zh="规则", en="Rule"),
            labels={"rotation": both(zh="按次序", en="by turns"), "skill": {"zh-CN": "看经验"}},
        ),
    },
    staff={"desk": both(zh="报价台", en="Quote desk"), "legal": {"zh-CN": "法务"}},
    processes={"CSS-02": both(zh="事件处理", en="Incident resolution")},
)

PEOPLE: list[tuple[dict[str, Any], str, str]] = [
    ({}, "-", "-"),
    ({"groups": ["desk"]}, "报价台", "Quote desk"),
    ({"groups": ["desk", "night_shift"]}, "报价台、night_shift", "Quote desk, night_shift"),
    ({"groups": ["legal"]}, "法务", "法务"),
    ({"assignee": "=customer.owner"}, "客户负责人", "the customer's account manager"),
    ({"assignee": "=request.by", "users": ["li"]}, "request.by、li", "request.by, li"),
    ({"groups": ["desk"], "rule": "least_busy"}, "报价台、手头最少的人", "Quote desk, whoever has least to do"),
    ({"rule": "round_robin", "skill": "english"}, "轮流、english", "in turn, english"),
]


@pytest.mark.parametrize(("performer", "zh", "en"), PEOPLE)
def test_whom_a_performer_names(performer: dict[str, Any], zh: str, en: str) -> None:
    assert WORDS.people(performer) == both(zh=zh, en=en)


VALUES: list[tuple[str, Any, str, str]] = [
    ("limit", 15, "15 %", "15 %"),
    ("limit", 0, "0 %", "0 %"),
    ("days", 2, "2 天", "2 days"),
    ("pause", "P1DT2H", "1 天 2 小时", "1 day 2 hours"),
    ("pause", "R/PT2H", "2 小时", "2 hours"),
    ("pause", "R3/P1D", "1 天", "1 day"),
    ("pause", "Paris", "Paris", "Paris"),
    ("unknown", "desk", "报价台", "Quote desk"),
    ("unknown", ["desk", "legal"], "报价台、法务", "Quote desk, 法务"),
    ("unknown", "owner", "客户负责人", "the customer's account manager"),
    ("pause", "P", "P", "P"),
    ("unknown", True, "是", "yes"),
    ("unknown", False, "否", "no"),
    ("unknown", [], "无", "none"),
    ("unknown", ["a", True, "PT5M"], "a、是、5 分钟", "a, yes, 5 minutes"),
    ("unknown", None, "无", "none"),
]


@pytest.mark.parametrize(("key", "given", "zh", "en"), VALUES)
def test_what_a_parameter_is_set_to(key: str, given: Any, zh: str, en: str) -> None:
    assert WORDS.value(key, given) == both(zh=zh, en=en)


def test_a_process_is_called_by_its_key_and_name() -> None:
    assert WORDS.process("CSS-02") == both(zh="CSS-02 “事件处理”", en="CSS-02 “Incident resolution”")
    assert WORDS.process("X-9") == both(zh="X-9", en="X-9")


def test_all_lines_of_a_difference_use_them() -> None:
    base = quote()
    operations = [
        {"id": "a", "kind": "set_performer", "target": "Approve", "performer": {"groups": ["desk"]}, "reason": {}},
        {"id": "b", "kind": "set_performer", "target": "Approve", "performer": {"rule": "owner"}, "reason": {}},
    ]
    told = diff.diff(base, kinds.read(operations), words=WORDS).lines
    assert [line.says["zh-CN"].partition("由")[2] for line in told] == ["报价台承担", "客户负责人承担"]
    assert [line.says["en"].partition(" is ")[2] for line in told] == [
        "done by Quote desk",
        "done by the customer's account manager",
    ]


def test_who_looks_at_a_variant_reads_the_names_of_the_house(tmp_path: Path) -> None:
    order = {"id": "ka_who", "kind": "set_performer", "target": "Approve", "performer": {"groups": ["deal_desk"]}}
    with desk(tmp_path) as house:
        groups.put_group(house.engine, key="deal_desk", texts=both(zh="报价台", en="Quote desk"), agent=SYSTEM)
        saved = write(house, {**order, "reason": both(zh="快", en="fast")})
        seen = look.see(house.engine, variant_id=saved.variant_id, n=saved.n, agent=ANN, now=house.now)
        assert seen.difference is not None
        (line,) = seen.difference.lines
        assert line.says == both(zh="「Approve。」由报价台承担", en="Approve is done by Quote desk")


@pytest.mark.parametrize(
    ("key", "value", "zh", "en"),
    [
        ("rule", "rotation", "按次序", "by turns"),
        ("rule", "skill", "看经验", "看经验"),
        ("rule", "other", "other", "other"),
        ("rule", ["rotation", "other"], "按次序、other", "by turns, other"),
        ("rule", [], "无", "none"),
        ("rule", 3, "3", "3"),
        ("pause", "rotation", "rotation", "rotation"),
    ],
)
def test_a_value_is_called_as_its_parameter_labels_it(key: str, value: Any, zh: str, en: str) -> None:
    assert WORDS.value(key, value) == both(zh=zh, en=en)
