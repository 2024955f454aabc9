"""Business calendars on their pages: seen, changed, tried out; nothing typed is lost and nobody is overrun."""

import io
import json
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.hours import document, keep
from engine.people.agent import SYSTEM
from tests.house import House
from tests.web.conftest import Browser, words

OCTOBER = "/calendars/cn-5x8?month=2026-10"
Enter = Callable[[str], Browser]


@pytest.fixture
def boss(sign_in: Enter) -> Browser:
    return sign_in("boss")


def week(**more: str) -> dict[str, str]:
    hours = {f"hours-{day}": "09:00-12:00, 13:00-18:00" for day in document.DAYS[:5]}
    return {"do": "week", "revision": "0", "name-zh-CN": "五天", "name-en": "Five days", "zone": "Asia/Shanghai",
            "makeup": "09:00-18:00", **hours, **more}  # fmt: skip


def kept(desk: House, key: str = "cn-5x8") -> dict[str, object]:
    return document.write(keep.get(desk.engine, key=key, agent=SYSTEM).calendar)


def classes(page: TestResponse, day: str) -> str:
    found = re.search(rf'<td class="([^"]*)">\s*<a href="[^"]*day={day}', page.text)
    assert found, day
    return found[1]


def test_a_month_shows_what_each_day_is_in_words_and_not_by_colour_alone(boss: Browser) -> None:
    page = boss.get(OCTOBER)
    assert "October 2026" in words(page)
    assert classes(page, "2026-10-01").startswith("holiday")
    assert classes(page, "2026-10-10").startswith("workday")
    assert classes(page, "2026-10-11").startswith("closed")
    assert classes(page, "2026-10-12").startswith("open")
    assert "National Day" in words(page) and "Make-up day" in words(page)


def test_the_months_before_and_after_are_linked(boss: Browser) -> None:
    page = boss.get("/calendars/cn-5x8?month=2026-12").text
    assert "month=2026-11" in page and "month=2027-01" in page


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12", "2026-1-1"])
def test_a_month_that_is_none_is_this_month(boss: Browser, month: str) -> None:
    assert boss.get("/calendars/cn-5x8", query_string={"month": month, "day": "2026-02-30"}).status_code == 200


def test_a_day_becomes_a_holiday_and_as_usual_again(boss: Browser, desk: House) -> None:
    day = {"do": "day", "day": "2026-10-13", "month": "2026-10", "name-zh-CN": "厂庆", "name-en": "Founding day"}
    answer = boss.post("/calendars/cn-5x8", {**day, "kind": "holiday", "revision": "0"})
    assert answer.headers["Location"] == "/calendars/cn-5x8?month=2026-10"
    page = boss.get(OCTOBER)
    assert classes(page, "2026-10-13").startswith("holiday") and "Founding day" in words(page)
    assert boss.post("/calendars/cn-5x8", {**day, "kind": "usual", "revision": "1"}).status_code == 303
    assert classes(boss.get(OCTOBER), "2026-10-13").startswith("open")


def test_the_week_is_changed_as_people_write_it(boss: Browser, desk: House) -> None:
    answer = boss.post(
        "/calendars/cn-5x8", week(**{"hours-sat": "9:00至12:00", "hours-mon": "08:00-12:00，14:00-18:00"})
    )
    assert answer.status_code == 303
    hours = kept(desk)["hours"]
    assert isinstance(hours, dict)
    assert hours["sat"] == ["09:00-12:00"] and hours["mon"] == ["08:00-12:00", "14:00-18:00"] and "sun" not in hours


def test_what_is_wrong_is_told_at_its_box_and_nothing_typed_is_lost(boss: Browser, desk: House) -> None:
    before = kept(desk)
    answer = boss.post("/calendars/cn-5x8", week(**{"hours-tue": "12:00-09:00", "zone": "Asia/Peking", "name-en": ""}))
    page = words(answer)
    assert answer.status_code == 422
    assert "there is no such time zone" in page and "ends after it begins" in page and "expected a name" in page
    assert 'value="12:00-09:00"' in answer.text and 'value="Asia/Peking"' in answer.text
    assert kept(desk) == before


def test_who_was_second_is_told(boss: Browser, desk: House) -> None:
    assert boss.post("/calendars/cn-5x8", week()).status_code == 303
    answer = boss.post("/calendars/cn-5x8", week(zone="Europe/Berlin"))
    assert answer.status_code == 409 and "changed the calendar cn-5x8 meanwhile" in words(answer)
    assert 'value="Europe/Berlin"' in answer.text


def test_a_country_s_holidays_are_added(boss: Browser, desk: House) -> None:
    boss.post("/calendars", {"do": "copy", "from": "24x7", "key": "berlin"})
    sent = {"do": "holidays", "country": "DE", "year": "2026", "revision": "1"}
    assert boss.post("/calendars/berlin", sent).status_code == 303
    assert "2026-10-03" in str(kept(desk, "berlin")["holidays"])
    unknown = boss.post("/calendars/berlin", {**sent, "country": "XX", "revision": "2"})
    assert unknown.status_code == 422


def test_the_tester_tells_when_and_why(boss: Browser) -> None:
    page = words(boss.get("/calendars/cn-5x8?start=2026-09-30T17:00&amount=2&unit=hours"))
    assert "Due 2026-10-08 10:00" in page
    assert "17:00–18:00 1 hour" in page and "2026-10-08 Thu 09:00–10:00 1 hour" in page


@pytest.mark.parametrize("asked", ["start=x&amount=2", "start=2026-09-30T17:00&amount=2&unit=years", "start=&amount="])
def test_a_tester_that_is_asked_nonsense_says_so(boss: Browser, asked: str) -> None:
    page = boss.get(f"/calendars/cn-5x8?{asked}")
    assert page.status_code == 200 and "Say a moment and a time." in words(page)


def test_a_calendar_goes_out_and_comes_in_elsewhere(boss: Browser, desk: House) -> None:
    out = boss.get("/calendars/cn-5x8/export")
    assert out.headers["Content-Disposition"] == "attachment; filename=calendar-cn-5x8.json"
    given = {**json.loads(out.data), "key": "copied"}
    data = {
        "csrf_token": boss.token("/account"),
        "do": "import",
        "file": (io.BytesIO(json.dumps(given).encode()), "c.json"),
    }
    answer = boss.client.post("/calendars", data=data, content_type="multipart/form-data")
    assert answer.headers["Location"] == "/calendars/copied"
    assert kept(desk, "copied")["holidays"] == kept(desk)["holidays"]


@pytest.mark.parametrize(
    "data", [b"", b"x", b"[]", b'{"key": "a"}', b"{" * 5000, b"\xff\xfe", b'"' + b"x" * 600_000 + b'"']
)
def test_a_file_that_is_no_calendar_is_refused(boss: Browser, data: bytes) -> None:
    sent = {"csrf_token": boss.token("/account"), "do": "import", "file": (io.BytesIO(data), "c.json")}
    answer = boss.client.post("/calendars", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422 and 'class="notice bad"' in answer.text


@pytest.mark.parametrize(
    ("key", "of", "status"), [("", "24x7", 422), ("a b", "24x7", 422), ("x", "none", 404), ("24x7", "24x7", 409)]
)
def test_a_new_calendar_needs_a_key_of_its_own(boss: Browser, desk: House, key: str, of: str, status: int) -> None:
    if status == 409:
        boss.post("/calendars", {"do": "copy", "from": of, "key": key})
    answer = boss.post("/calendars", {"do": "copy", "from": of, "key": key})
    assert answer.status_code == status


def test_back_to_the_built_in_one(boss: Browser, desk: House) -> None:
    boss.post("/calendars/cn-5x8", week(zone="Europe/Berlin"))
    assert "Back to the built-in calendar" in words(boss.get("/calendars/cn-5x8"))
    assert boss.post("/calendars/cn-5x8/back").status_code == 303
    assert kept(desk)["zone"] == "Asia/Shanghai"
    assert "Back to the built-in calendar" not in words(boss.get("/calendars/cn-5x8"))


def test_a_designer_reads_and_changes_nothing(sign_in: Enter) -> None:
    page = sign_in("dana").get("/calendars/cn-5x8?day=2026-10-01")
    assert "National Day" in words(page)
    assert '<fieldset class="form" disabled>' in page.text and 'value="day"' not in page.text


def test_a_calendar_that_is_not_there(boss: Browser) -> None:
    assert boss.get("/calendars/none").status_code == 404
