"""What differs, in the words of a manager: no keys, no expressions, no notation."""

import re

import pytest

from engine.handbook import plain
from engine.model.text import EN, ZH
from tests.shared import ROOT


def said(sentence: str, locale: str, *, condition: str = "", when: str = "", people: bool = False) -> str:
    return plain.said(sentence, condition=condition, when=when, people=people, locale=locale)


@pytest.mark.parametrize(
    ("sentence", "zh", "en"),
    [
        ("P90D (P180D)", "90 天 (180 天)", "90 days (180 days)"),
        ("R/PT2H", "2 小时", "2 hours"),
        ("R3/P1DT4H.", "1 天 4 小时.", "1 day 4 hours."),
        ("P1Y", "1 年", "1 year"),
        ("PR, P, PT, TP9D", "PR, P, PT, TP9D", "PR, P, PT, TP9D"),
    ],
)
def test_spans_are_words(sentence: str, zh: str, en: str) -> None:
    assert (said(sentence, ZH), said(sentence, EN)) == (zh, en)


@pytest.mark.parametrize(
    ("sentence", "told", "locale"),
    [
        ("Approve is done by the system (auto_credit)", "Approve is done by the system", EN),
        ("「批准」由系统自动完成（auto_credit）", "「批准」由系统自动完成", ZH),
        ("Invite is done by the service notify", "Invite is done by the system in another way", EN),
        ("「邀请」由服务 surveys.plan 完成", "「邀请」由系统另行完成", ZH),
        ("Route follows the decision own_route", "Route follows a decision of its own", EN),
        ("「分派」按决策表 own_route", "「分派」按另一张决策表", ZH),
        ("Overdue fires at =first_touch", "Overdue comes at another time", EN),
        ("「超时」的时间改为 =first_touch * 2", "「超时」的时间另定", ZH),
        ("Overdue fires at P2D", "Overdue fires at 2 days", EN),
        ("Letter (SFA-14) uses the form Terms", "Letter (SFA-14) uses the form Terms", EN),
    ],
)
def test_services_decisions_and_computed_times_are_not_told_by_their_keys(
    sentence: str, told: str, locale: str
) -> None:
    assert said(sentence, locale) == told


def test_a_condition_is_told_by_the_name_of_its_way_else_its_reason_speaks() -> None:
    sentence, condition = "after Usable?: if source = 1, to Gone", "source = 1"
    assert said(sentence, EN, condition=condition, when="refused") == "after Usable?: if refused, to Gone"
    assert said(sentence, EN, condition=condition) == "after Usable?: if this holds, to Gone"
    assert said("仅当 x > 3 时才做「拜访」", ZH, condition="x > 3") == "仅当以下情形时才做「拜访」"
    told = said("「可用？」之后若 source = 1，转到「作废」", ZH, condition=condition, when="不接受")
    assert told == "「可用？」之后若不接受，转到「作废」"
    assert said(sentence, EN) == sentence, "nothing explains it: it stays"


def test_a_person_whom_the_case_names_is_no_key() -> None:
    assert said("Hand over is done by new_owner", EN, people=True) == "Hand over is done by whom the case names"
    told = said("「交接」由new_owner、大客户经理承担", ZH, people=True)
    assert told == "「交接」由办件中指定的人、大客户经理承担"
    assert said("Levers: cross_sell", EN) == "Levers: cross_sell"


def test_of_two_that_set_the_same_only_the_last_is_told() -> None:
    operations = {
        "a": {"kind": "set_sla", "target": "x"},
        "b": {"kind": "set_sla", "target": "y"},
        "c": {"kind": "set_sla", "target": "x"},
        "d": {"kind": "set_form", "target": "x"},
        "e": {"kind": "delete", "target": "z"},
        "f": {"kind": "add_branch", "target": "z"},
        "g": {"kind": "add_branch", "target": "z"},
    }
    assert plain.lasting(operations, operations) == {"b", "c", "d", "e", "f", "g"}


@pytest.mark.parametrize("short", ["zh", "en"])
def test_no_difference_in_the_handbook_is_told_in_notation(short: str) -> None:
    notation = re.compile(r"\b(?:null|True|False)\b|customer\.|(?<!\w)R?/?PT?\d+[YMWDHS]\b|[!&]=| = |\bcount\(")
    pages = sorted((ROOT / "docs" / "catalogue" / short).glob("*-*.md"))
    lines = [
        line for page in pages for line in page.read_text("utf-8").splitlines() if re.match(r"\* \*\*[ALWPS]\*", line)
    ]
    assert len(lines) > 300
    assert [line for line in lines if notation.search(line)] == []


@pytest.mark.parametrize(
    ("sentence", "locale", "expected"),
    [
        ("按日历 cn-24x7 计时", ZH, "按日历「全天候（中国时间）」计时"),
        ("cn-5x10", ZH, "「五天十小时（午休一小时）」"),
        ("by 24x7 alone", EN, "by “Around the clock (UTC)” alone"),
        ("by cn-5x8", EN, "by “Five days of eight hours, an hour for lunch”"),
        ("our-cn-24x7x", EN, "our-cn-24x7x"),
        ("our-cn-5x8 und cn-5x8-b", EN, "our-cn-5x8 und cn-5x8-b"),
    ],
)
def test_a_calendar_is_called_by_its_name(sentence: str, locale: str, expected: str) -> None:
    assert plain.calendars(sentence, locale) == expected
