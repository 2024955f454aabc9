"""How dates, spans, due times, numbers and names are said, in Chinese and in English, in the house's time zone."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.inbox.left import Left
from engine.people.agent import Agent
from tests.house import MONDAY, House
from tests.store.rows import work_item
from web.ui import language, texts, words

# The hand clock stands at 9:00 UTC of Monday, 2 March 2026; the house lies in Shanghai, where it is 17:00.
ZH, EN = "zh-CN", "en"


@contextmanager
def reading(app: flask.Flask, locale: str) -> Iterator[None]:
    with app.test_request_context("/"):
        flask.g.agent = Agent(key="x", name="X", locale=locale)
        yield


@pytest.fixture
def shanghai(desk: House, app: flask.Flask) -> flask.Flask:
    there = desk.engine.settings.model_copy(update={"time_zone": "Asia/Shanghai"})
    app.extensions["engine"] = dataclasses.replace(desk.engine, settings=there)
    return app


SPANS = [
    (0, "不到 1 分钟", "less than a minute"),
    (59, "不到 1 分钟", "less than a minute"),
    (60, "1 分钟", "1 minute"),
    (119, "1 分钟", "1 minute"),
    (120, "2 分钟", "2 minutes"),
    (3599, "59 分钟", "59 minutes"),
    (3600, "1 小时", "1 hour"),
    (7199, "1 小时", "1 hour"),
    (7200, "2 小时", "2 hours"),
    (86399, "23 小时", "23 hours"),
    (86400, "1 天", "1 day"),
    (172800, "2 天", "2 days"),
    (86400 * 400, "400 天", "400 days"),
    (-7200, "2 小时", "2 hours"),
]


@pytest.mark.parametrize(("seconds", "zh", "en"), SPANS)
def test_a_span_is_said_in_its_largest_unit(shanghai: flask.Flask, seconds: float, zh: str, en: str) -> None:
    for locale, said in ((ZH, zh), (EN, en)):
        with reading(shanghai, locale):
            assert language.span(seconds) == said


MOMENTS = [
    (timedelta(), "今天 17:00", "today 17:00"),
    (timedelta(hours=6, minutes=59), "今天 23:59", "today 23:59"),
    (timedelta(hours=7), "明天 00:00", "tomorrow 00:00"),
    (timedelta(hours=31), "3月4日 00:00", "4 Mar 00:00"),
    (timedelta(hours=-17), "今天 00:00", "today 00:00"),
    (timedelta(hours=-17, minutes=-1), "昨天 23:59", "yesterday 23:59"),
    (timedelta(days=-2), "2月28日 17:00", "28 Feb 17:00"),
    (timedelta(days=-90), "2025年12月2日 17:00", "2 Dec 2025 17:00"),
    (timedelta(days=400), "2027年4月6日 17:00", "6 Apr 2027 17:00"),
]


@pytest.mark.parametrize(("step", "zh", "en"), MOMENTS)
def test_a_moment_is_as_short_as_it_stays_clear(shanghai: flask.Flask, step: timedelta, zh: str, en: str) -> None:
    for locale, said in ((ZH, zh), (EN, en)):
        with reading(shanghai, locale):
            assert language.when(MONDAY + step) == said


DUES = [
    # in hours, words, tone
    (None, "无时限", "No deadline", ""),
    (-0.01, "刚刚超时", "just overdue", "late"),
    (0, "刚刚超时", "just overdue", "late"),
    (-2, "已超 2 小时", "2 hours overdue", "late"),
    (-50, "已超 2 天", "2 days overdue", "late"),
    (1, "今天 18:00", "Today 18:00", "today"),
    (7, "明天 00:00", "Tomorrow 00:00", ""),
    (30, "明天 23:00", "Tomorrow 23:00", ""),
    (31, "3月4日 00:00", "4 Mar 00:00", ""),
]


@pytest.mark.parametrize(("hours", "zh", "en", "tone"), DUES)
def test_what_is_due_has_words_a_tone_and_an_icon(
    shanghai: flask.Flask, hours: float | None, zh: str, en: str, tone: str
) -> None:
    moment = None if hours is None else MONDAY + timedelta(hours=hours)
    for locale, said in ((ZH, zh), (EN, en)):
        with reading(shanghai, locale):
            found = words.due(work_item(due_at=moment))
            exact = language.when(moment) if moment else ""
        assert (found.words, found.tone, found.exact) == (said, tone, exact)
        assert found.icon == ("warning" if tone == "late" else "clock")


AIMS = [
    # goal and deadline in hours from now, words in both languages, tone, icon, and the deadline beside it
    (
        1,
        7,
        "目标 今天 18:00",
        "Goal: Today 18:00",
        "goal",
        "target",
        "最迟 明天 00:00",
        "At the latest: Tomorrow 00:00",
    ),
    (
        7,
        31,
        "目标 明天 00:00",
        "Goal: Tomorrow 00:00",
        "goal",
        "target",
        "最迟 3月4日 00:00",
        "At the latest: 4 Mar 00:00",
    ),
    (1, None, "目标 今天 18:00", "Goal: Today 18:00", "goal", "target", "", ""),
    (0, 1, "今天 18:00 · 已过目标", "Today 18:00 · past its goal", "today", "clock", "", ""),
    (-1, 7, "明天 00:00 · 已过目标", "Tomorrow 00:00 · past its goal", "missed", "clock", "", ""),
    (-1, None, "已过目标", "Past its goal", "missed", "clock", "", ""),
    (-9, -2, "已超 2 小时", "2 hours overdue", "late", "warning", "", ""),
]


@pytest.mark.parametrize(("goal", "due", "zh", "en", "tone", "icon", "then_zh", "then_en"), AIMS)
def test_the_goal_is_counted_down_to_first_and_the_deadline_after_it(
    shanghai: flask.Flask,
    goal: float,
    due: float | None,
    zh: str,
    en: str,
    tone: str,
    icon: str,
    then_zh: str,
    then_en: str,
) -> None:
    due_at = None if due is None else MONDAY + timedelta(hours=due)
    item = work_item(due_at=due_at, goal_at=MONDAY + timedelta(hours=goal))
    for locale, said, then in ((ZH, zh, then_zh), (EN, en, then_en)):
        with reading(shanghai, locale):
            found = words.due(item)
        assert (found.words, found.tone, found.icon, found.then) == (said, tone, icon, then)


def test_working_time_is_told_until_the_goal_then_until_the_deadline(shanghai: flask.Flask) -> None:
    both = Left(goal=timedelta(hours=2), deadline=timedelta(hours=5))
    over = Left(goal=timedelta(hours=-2), deadline=timedelta(hours=1))
    ahead = work_item(goal_at=MONDAY + timedelta(hours=2), due_at=MONDAY + timedelta(hours=5))
    missed = work_item(goal_at=MONDAY - timedelta(hours=2), due_at=MONDAY + timedelta(hours=1))
    with reading(shanghai, ZH):
        assert words.due(ahead, both).left == "距目标 2 小时工作时间"
        assert words.due(missed, over).left == "余 1 小时工作时间"
    with reading(shanghai, EN):
        assert words.due(ahead, both).left == "2 hours of working time to the goal"
        assert words.due(missed, over).left == "1 hour of working time left"


@pytest.mark.parametrize("due_at", [None, MONDAY - timedelta(hours=2)])
def test_what_stands_still_is_neither_due_nor_late(shanghai: flask.Flask, due_at: datetime | None) -> None:
    item = work_item(due_at=due_at, held_at=MONDAY - timedelta(hours=3))
    for locale, said, left in ((ZH, "已暂停计时", "余 1 小时工作时间"), (EN, "Paused", "1 hour of working time left")):
        with reading(shanghai, locale):
            found = words.due(item, Left(deadline=timedelta(hours=1)))
        assert (found.words, found.tone, found.icon, found.left) == (said, "", "pause", left)


@pytest.mark.parametrize(
    ("iso", "zh", "en"),
    [
        ("PT4H", "4 小时", "4 hours"),
        ("PT1H", "1 小时", "1 hour"),
        ("PT30M", "30 分钟", "30 minutes"),
        ("P1D", "1 天", "1 day"),
        ("P2W", "2 周", "2 weeks"),
        ("P1DT4H", "1 天 4 小时", "1 day 4 hours"),
        ("PT1H30M", "1 小时 30 分钟", "1 hour 30 minutes"),
        ("soon", "soon", "soon"),
        ("", "", ""),
        ("P", "P", "P"),
        ("-PT4H", "-PT4H", "-PT4H"),
        ("<b>PT4H</b>", "<b>PT4H</b>", "<b>PT4H</b>"),
    ],
)
def test_a_promise_is_said_in_words_and_what_is_none_as_it_is(
    shanghai: flask.Flask, iso: str, zh: str, en: str
) -> None:
    for locale, said in ((ZH, zh), (EN, en)):
        with reading(shanghai, locale):
            assert words.duration(iso) == said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anna Berg", "AB"),
        ("anna", "A"),
        ("Anna Maria Berg", "AB"),
        ("李雷", "雷"),
        ("欧阳娜娜", "娜"),
        ("Müller", "r"),
        ("", "?"),
        ("   ", "?"),
        ("👩‍💼", "💼"),
        ("a", "A"),
        ("<b>", "<"),
    ],
)
def test_the_letters_of_a_name(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_name_has_letters(name: str) -> None:
    assert 1 <= len(words.initials(name)) <= 3


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0, None, "0"),
        (1200, None, "1,200"),
        (1234567.5, None, "1,234,567.5"),
        (0.1 + 0.2, None, "0.3"),
        (-1200, None, "-1,200"),
        (1200, 2, "1,200.00"),
        (1.005, 0, "1"),
    ],
)
def test_numbers_have_separators_of_thousands(
    shanghai: flask.Flask, value: float, digits: int | None, said: str
) -> None:
    for locale in (ZH, EN):
        with reading(shanghai, locale):
            assert language.number(value, digits) == said


@pytest.mark.parametrize(
    ("value", "currency", "zh", "en"),
    [(1200, "CNY", "¥1,200.00", "CN¥1,200.00"), (99.9, "EUR", "€99.90", "€99.90"), (-5, "USD", "-US$5.00", "-US$5.00")],
)
def test_money_carries_its_currency(shanghai: flask.Flask, value: float, currency: str, zh: str, en: str) -> None:
    for locale, said in ((ZH, zh), (EN, en)):
        with reading(shanghai, locale):
            assert language.money(value, currency) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (91, "91"),
        (91.5, "91.5"),
        ({"value": 91, "model": "m"}, "91"),
        ({"model": "m"}, ""),
        (None, ""),
        ("high", "high"),
    ],
)
def test_a_score_is_its_number(shanghai: flask.Flask, value: Any, said: str) -> None:
    with reading(shanghai, EN):
        assert words.score(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "text"),
        (5, "5"),
        (None, "null"),
        (True, "true"),
        ([1, 2], "[\n  1,\n  2\n]"),
        ({"a": "李"}, '{\n  "a": "李"\n}'),
    ],
)
def test_a_value_is_shown_as_text_or_json(value: Any, said: str) -> None:
    assert words.plain(value) == said


@pytest.mark.parametrize(
    ("key", "said"), [("annual_revenue", "Annual revenue"), ("city", "City"), ("", ""), ("X_Y", "X y")]
)
def test_an_attribute_that_has_no_name_of_ours_is_said_as_it_is_written(
    shanghai: flask.Flask, key: str, said: str
) -> None:
    if f"attribute.{key}" not in texts.ALL:
        with reading(shanghai, EN):
            assert words.attribute_name(key) == said


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ({"zh-CN": "审批", "en": "Approve"}, "审批", "Approve"),
        ({"en": "Approve"}, "Approve", "Approve"),
        ({"zh-CN": "审批"}, "审批", "审批"),
        ({"fr": "Approuver"}, "Approuver", "Approuver"),
        ({"zh-CN": "", "en": "Approve"}, "Approve", "Approve"),
        ({}, "dflt", "dflt"),
        (None, "dflt", "dflt"),
        ("plain", "plain", "plain"),
        ("", "dflt", "dflt"),
    ],
)
def test_a_designer_s_text_is_never_empty_while_there_is_one(
    shanghai: flask.Flask, text: Any, zh: str, en: str
) -> None:
    for locale, said in ((ZH, zh), (EN, en)):
        with reading(shanghai, locale):
            assert language.said(text, "dflt") == said


@pytest.mark.parametrize("value", ["{0}", "{x.__class__}", "%s", "{{", "<b>", "李|雷"])
def test_what_is_filled_into_words_is_never_read_as_a_pattern(shanghai: flask.Flask, value: str) -> None:
    with reading(shanghai, EN):
        assert value in language.t("people.added", name=value)


def test_markup_of_ours_stays_and_what_is_filled_in_is_escaped(shanghai: flask.Flask) -> None:
    with reading(shanghai, EN):
        assert "<b>" not in str(language.h("people.added", name="<b>"))
        assert "&lt;b&gt;" in str(language.h("people.added", name="<b>"))


@pytest.mark.parametrize(
    ("n", "en", "zh"), [(0, "0 active users", "0 名"), (1, "1 active user", "1 名"), (2, "2 active users", "2 名")]
)
def test_english_counts_one_and_many(shanghai: flask.Flask, n: int, en: str, zh: str) -> None:
    with reading(shanghai, EN):
        assert language.t("people.count", n=n) == en
    with reading(shanghai, ZH):
        assert language.t("people.count", n=n).startswith(zh)


def test_a_key_that_nobody_wrote_is_an_error(shanghai: flask.Flask) -> None:
    with reading(shanghai, EN), pytest.raises(KeyError):
        language.t("nav.nowhere")


@pytest.mark.parametrize(
    ("accept", "locale"),
    [
        ("zh-CN,zh;q=0.9", ZH),
        ("zh", ZH),
        ("zh-TW", ZH),
        ("en-US,en;q=0.9", EN),
        ("en", EN),
        ("fr,en;q=0.5", EN),
        ("fr", ZH),
        ("", ZH),
        ("*", ZH),
        ("en;q=0.1,zh;q=0.9", ZH),
        ("zh;q=0.1,en;q=0.9", EN),
        (";;;;q=x", ZH),
    ],
)
def test_a_stranger_is_spoken_to_as_the_browser_asks(shanghai: flask.Flask, accept: str, locale: str) -> None:
    answer = shanghai.test_client().get("/login", headers={"Accept-Language": accept} if accept else {})
    assert f'<html lang="{locale}">' in answer.text


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_moment_can_be_said_in_both_languages(shanghai: flask.Flask, moment: datetime) -> None:
    for locale in (ZH, EN):
        with reading(shanghai, locale):
            for said in (language.when(moment), language.day(moment), words.due(work_item(due_at=moment)).words):
                assert said.strip()
                assert any("\u4e00" <= letter <= "\u9fff" for letter in said) is (locale == ZH) or ":" in said


def test_the_end_of_the_day_is_the_reader_s_midnight(shanghai: flask.Flask) -> None:
    with reading(shanghai, EN):
        assert language.end_of_day(MONDAY) == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
        assert language.end_of_day(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)) == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
