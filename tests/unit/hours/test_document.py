"""A calendar as a document: what is written reads back, and every wrong place is told in both languages."""

import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.hours import document

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "key": "desk",
    "names": {"zh-CN": "服务台", "en": "Service desk"},
    "zone": "Asia/Shanghai",
    "hours": {"mon": ["09:00-12:00", "13:00-18:00"], "sat": ["09:00-12:00"]},
    "makeup_hours": ["09:00-17:00"],
    "holidays": {"2026-10-01": {"zh-CN": "国庆节", "en": "National Day"}},
    "workdays": {"2026-10-10": {"zh-CN": "调休上班", "en": "Make-up day"}},
}


def read(given: object) -> Any:
    return document.read(given, now=NOW, agent="boss")


def wrong(**more: Any) -> list[str]:
    """Pointers of what is wrong with the good one so changed; every problem speaks both languages."""
    with pytest.raises(errors.Invalid) as caught:
        read({**copy.deepcopy(GOOD), **more})
    assert all(problem.text["zh-CN"] and problem.text["en"] for problem in caught.value.problems)
    return [problem.pointer for problem in caught.value.problems]


def test_a_document_is_read_into_minutes_and_dates() -> None:
    made = read(GOOD)
    assert made.weeks == (((540, 720), (780, 1080)), (), (), (), (), ((540, 720),), ())
    assert (made.makeup, made.zone) == (((540, 1020),), "Asia/Shanghai")
    assert made.holidays == {date(2026, 10, 1): {"zh-CN": "国庆节", "en": "National Day"}}
    assert made.workdays == {date(2026, 10, 10): {"zh-CN": "调休上班", "en": "Make-up day"}}
    assert (made.changed_at, made.changed_by, made.revision) == (NOW, "boss", 0)


def test_what_is_written_reads_back_equal() -> None:
    assert document.write(read(GOOD)) == GOOD
    assert read(document.write(read(GOOD))) == read(GOOD)


SPANS = [
    ("09:00-12:00", (540, 720)),
    (" 9:00 - 12:30 ", (540, 750)),
    ("09：00–12：00", (540, 720)),
    ("09:00至12:00", (540, 720)),
    ("09:00~12:00", (540, 720)),
    ("00:00-24:00", (0, 1440)),
]


@pytest.mark.parametrize(("text", "span"), SPANS)
def test_a_span_is_read_as_people_write_it(text: str, span: tuple[int, int]) -> None:
    assert read({**GOOD, "hours": {"mon": [text]}}).weeks[0] == (span,)


NO_SPANS = ["", "9-12", "12:00-09:00", "09:00-09:00", "09:60-10:00", "09:00-24:01", "25:00-26:00", "09:00", 9, None,
            "09:00-12:00 13:00-18:00", "x" * 1000]  # fmt: skip


@pytest.mark.parametrize("text", NO_SPANS)
def test_what_is_no_span_is_told_at_its_place(text: object) -> None:
    assert wrong(hours={"mon": ["08:00-09:00", text]}) == ["/hours/mon/1"]
    assert wrong(makeup_hours=[text]) == ["/makeup_hours/0", "/makeup_hours"]


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"key": ""}, ["/key"]),
    ({"key": "a b"}, ["/key"]),
    ({"key": "../x"}, ["/key"]),
    ({"key": "x" * 65}, ["/key"]),
    ({"key": 7}, ["/key"]),
    ({"names": {"zh-CN": "只有中文"}}, ["/names/en"]),
    ({"names": {"zh-CN": " ", "en": "x" * 101}}, ["/names/zh-CN", "/names/en"]),
    ({"names": "Desk"}, ["/names/zh-CN", "/names/en"]),
    ({"zone": "Asia/Peking"}, ["/zone"]),
    ({"zone": "../../etc/passwd"}, ["/zone"]),
    ({"zone": ""}, ["/zone"]),
    ({"zone": None}, ["/zone"]),
    ({"hours": []}, ["/hours", "/hours"]),
    ({"hours": {"monday": ["09:00-12:00"]}}, ["/hours", "/hours"]),
    ({"hours": {}}, ["/hours"]),
    ({"hours": {"mon": "09:00-12:00"}}, ["/hours/mon", "/hours"]),
    ({"hours": {"mon": ["09:00-10:00"] * 9}}, ["/hours/mon", "/hours"]),
    ({"hours": {"mon": ["09:00-12:00", "11:00-13:00"]}}, ["/hours/mon/1"]),
    ({"hours": {"mon": ["13:00-14:00", "09:00-12:00"]}}, ["/hours/mon/1"]),
    ({"makeup_hours": []}, ["/makeup_hours"]),
    ({"holidays": ["2026-10-01"]}, ["/holidays"]),
    ({"holidays": {"2026-02-30": "x"}}, ["/holidays/2026-02-30"]),
    ({"holidays": {"20261001": "x"}}, ["/holidays/20261001"]),
    ({"holidays": {"1999-12-31": "x"}}, ["/holidays/1999-12-31"]),
    ({"holidays": {"2026-10-01": 7}}, ["/holidays/2026-10-01"]),
    ({"holidays": {"2026-10-01": {"fr": "x"}}}, ["/holidays/2026-10-01"]),
    ({"holidays": {"2026-10-01": "x" * 101}}, ["/holidays/2026-10-01"]),
    ({"holidays": {"2026-10-10": "x"}}, ["/workdays/2026-10-10"]),
    ({"holiday": {}}, ["/holiday"]),
    ({"<script>": 1}, ["/<script>"]),
]


@pytest.mark.parametrize(("more", "places"), WRONG)
def test_every_wrong_place_is_told(more: dict[str, Any], places: list[str]) -> None:
    assert wrong(**more) == places


@pytest.mark.parametrize("given", [None, [], "x", 7, {}])
def test_what_is_no_calendar_at_all_is_refused(given: object) -> None:
    with pytest.raises(errors.Invalid):
        read(given)


def test_more_days_than_anybody_needs_are_refused() -> None:
    days = {f"20{year:02}-{month:02}-{day:02}": "x" for year in range(100) for month in (1, 2) for day in range(1, 29)}
    assert wrong(holidays=days) == ["/holidays"]


def test_a_plain_name_of_a_day_is_the_same_in_both_languages() -> None:
    made = read({**GOOD, "holidays": {"2026-10-01": " 国庆 "}})
    assert made.holidays[date(2026, 10, 1)] == {"zh-CN": "国庆", "en": "国庆"}


SPAN = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(SPAN, max_size=1),
    st.dictionaries(st.dates(document.FIRST, document.LAST), st.text(max_size=9), max_size=5),
)
def test_any_calendar_survives_the_way_out_and_in(spans: list[tuple[int, int]], days: dict[date, str]) -> None:
    given = {**GOOD, "hours": {"mon": ["09:00-10:00"], "tue": [document.spoken(span) for span in spans]}}
    given |= {"holidays": {day.isoformat(): name for day, name in days.items()}, "workdays": {}}
    made = read(given)
    assert made.weeks[1] == tuple(spans)
    assert set(made.holidays) == set(days)
    assert read(document.write(made)) == made
