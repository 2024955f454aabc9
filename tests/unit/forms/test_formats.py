"""Formats accept what a date picker and a mail server accept, and nothing else that Python could read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms import check, formats

GOOD = {
    "date": ["2026-05-01", "2024-02-29", "0001-01-01", "9999-12-31"],
    "time": ["09:30", "00:00", "23:59:59", "09:30:00.5", "09:30Z", "09:30:00+08:00", "09:30-05:30"],
    "date-time": [
        "2026-05-01T09:30",  # a picker's
        "2026-05-01T09:30:00",
        "2026-05-01T09:30:00Z",
        "2026-05-01T09:30:00.123456+08:00",
        "2024-02-29T00:00:00-11:00",
    ],
    "email": ["li@example.com", "li.lei+crm@mail.example.co.uk", "李雷@例子.中国", "a@b.c", "x" * 64 + "@example.com"],
    "uri": ["http://a", "https://example.com/", "https://example.com/a?b=c#d", "http://127.0.0.1:80/x"],
    "attachment": ["0190f3c2-0000-7000-8000-000000000001"],
    "phone": ["+86 138 0013 8000", "13800138000", "010-62770334", "1 (555) 0100", "123456"],
}
BAD = {
    "date": [
        "2026-02-30",
        "2025-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-5-1",
        "20260501",
        "2026-W18-5",
        "2026-121",
        "2026-05-01T00:00",
        " 2026-05-01",
        "2026-05-01 ",
        "2026-05-01\n",
        "２０２６-０５-０１",
        "01.05.2026",
        "today",
        "",
    ],
    "time": [
        "24:00",
        "9:30",
        "09:60",
        "0930",
        "09",
        "T09:30",
        "09:30:60",
        "09:30 Z",
        "09:30+8",
        "09.30",
        "09:30\n",
        "",
    ],
    "date-time": [
        "2026-05-01",
        "2026-05-01 09:30",
        "2026-05-01T09",
        "20260501T0930",
        "2026-W18-5T09:30",
        "2026-05-01T24:00",
        "2026-02-30T09:30",
        "2026-05-01T09:30:00Zulu",
        "2026-05-01t09:30",
        "2026-05-01T09:30:00+25:00",
        "",
    ],
    "email": [
        "li",
        "li@",
        "@example.com",
        "li@example",
        "li@@example.com",
        "a b@example.com",
        "li@exa mple.com",
        "li@.com",
        "li@example..com",
        "x" * 65 + "@example.com",
        "li@example.com\n",
        "a@" + "b" * 64 + ".com",
        "a@b" + ".c" * 300,
        "",
    ],
    "uri": [
        "example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://a b",
        "HTTP://a",
        "",
    ],
    "attachment": ["", "x", "0190f3c2", "../../etc/passwd", "0190F3C2-0000-7000-8000-000000000001", "0" * 37],
    "phone": [
        "12345",
        "++123456",
        "abc",
        "123-",
        "-123456",
        "1" * 40,
        "138 0013 8000x",
        "１３８００１３８０００",
        "123\n456",
        "",
    ],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_what_a_format_accepts(name: str, value: str) -> None:
    assert formats.obeys(name, value)
    assert check.check({"properties": {"x": {"type": "string", "format": name}}}, {"x": value}) == []


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_what_a_format_refuses(name: str, value: str) -> None:
    assert not formats.obeys(name, value)
    (problem,) = check.check({"properties": {"x": {"type": "string", "format": name}}}, {"x": value})
    assert (problem.code, problem.pointer) == ("form_format", "/x")


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, 5, True, [], {}])
def test_what_is_no_text_has_no_format_to_obey(name: str, value: object) -> None:
    assert formats.obeys(name, value)


@pytest.mark.parametrize("name", ["ipv4", "hostname", "regex", "x-own", ""])
def test_a_format_that_forms_do_not_know_asks_nothing(name: str) -> None:
    assert formats.obeys(name, "anything at all")


def test_every_format_has_its_cases_here() -> None:
    assert set(formats.FORMATS) == set(GOOD) == set(BAD)


@given(st.dates())
@settings(max_examples=50, deadline=None)
def test_every_day_there_is_is_a_date(day) -> None:
    assert formats.obeys("date", day.isoformat())


@given(st.datetimes(timezones=st.none() | st.timezones()))
@settings(max_examples=50, deadline=None)
def test_every_moment_python_writes_to_the_minute_of_its_offset_is_a_date_time(moment) -> None:
    text = moment.isoformat()
    offset = text[19:].lstrip(".0123456789")
    assert formats.obeys("date-time", text) == (len(offset) in (0, 6))  # offsets of 1883 had seconds


@given(st.text(max_size=30), st.sampled_from(sorted(formats.FORMATS)))
@settings(max_examples=200, deadline=None)
def test_whatever_was_typed_a_format_says_yes_or_no(text: str, name: str) -> None:
    assert formats.obeys(name, text) in (True, False)
