"""Operations and the record of what happened, as administrators see them."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.attachments import keep
from tests.house import ANNA, House
from tests.kernel.models import node, program, timer
from tests.web.conftest import Browser, words
from tests.web.furnished import furnish
from tests.web.test_pages import speak

Enter = Callable[[str], Browser]


@pytest.fixture
def boss(desk: House, sign_in: Enter) -> Browser:
    desk.made = furnish(desk)  # type: ignore[attr-defined]
    return sign_in("boss")


def made(desk: House, name: str) -> str:
    return str(desk.made[name])  # type: ignore[attr-defined]


def test_the_engines_own_steps_are_shown_only_when_asked_for(boss: Browser, desk: House) -> None:
    desk.start("quote", amount=1200)
    inside = "Inside the engine"
    assert inside not in words(boss.get("/audit")) and inside in words(boss.get("/audit?kind=*"))
    assert inside not in boss.get("/audit/history.csv").text and inside in boss.get("/audit/history.csv?kind=*").text
    assert "kind=*" in boss.get("/audit?kind=*").text.replace("%2A", "*")


def test_what_stands_still_is_listed_with_its_reason_and_its_case(boss: Browser, desk: House) -> None:
    page = words(boss.get("/operations"))
    assert "Call Incident" in page and "nobody.does" in page
    assert desk.instance(made(desk, "trouble")).number in page
    assert "Nothing stands still" not in page and "Fine" in page


def test_a_dispatcher_that_does_not_tick_is_an_alert(boss: Browser, desk: House) -> None:
    pause = node("catch pause", triggers=(timer("PT1H"),))
    desk.release(program("start s", pause, "end e", key="w", flow=["s > pause > e"]))
    desk.start("w")
    assert "see whether the dispatcher runs" not in words(boss.get("/operations"))
    desk.clock.advance(timedelta(minutes=63))
    page = words(boss.get("/operations"))
    assert "see whether the dispatcher runs" in page and "Behind" in page and "Missed timer" in page


def test_the_chosen_are_tried_again_and_what_cannot_be_is_told(boss: Browser, desk: House) -> None:
    with desk.engine.store.reading() as tx:
        incident = tx.waits.incidents(made(desk, "trouble"))[0].id
    assert f'value="{incident}"' in boss.get("/operations").text
    answer = boss.post("/operations/retry", {"incident": [incident, "none.1"]})
    assert answer.status_code == 303
    page = words(boss.get("/operations"))
    assert "Tried 1 incident again." in page and "There is no open incident 'none.1'" in page
    assert "Nothing stands still" in page


def test_nothing_chosen_is_said(boss: Browser) -> None:
    boss.post("/operations/retry")
    assert "Choose what to try again first." in words(boss.get("/operations"))


def test_who_did_what_is_found_by_person_kind_and_case(boss: Browser, desk: House) -> None:
    page = words(boss.get("/audit?who=anna&kind=AttachmentAdded"))
    assert "added a file offer.pdf" in page and "took" not in page
    number = desk.instance(made(desk, "trouble")).number
    page = words(boss.get(f"/audit?number={number}"))
    assert "nobody.does" in page and "offer.pdf" not in page
    assert "Nothing found" in words(boss.get("/audit?who=anna&number=none"))


NONSENSE = ["since=x", "until=2026-02-30", "since=0001-01-01", "until=9999-12-31", "after=x~y~z", "after=x"]


@pytest.mark.parametrize("asked", NONSENSE)
def test_nonsense_is_left_out_and_breaks_nothing(boss: Browser, asked: str) -> None:
    page = boss.get(f"/audit?{asked}")
    assert page.status_code == 200 and "offer.pdf" in words(page)
    assert ("could not be read" in words(page)) is not asked.startswith("after")


def test_a_day_is_the_house_s_day_from_its_first_to_its_last_moment(boss: Browser, desk: House) -> None:
    """Monday 2026-03-02, 17:00 in China."""
    assert "offer.pdf" in words(boss.get("/audit?since=2026-03-02&until=2026-03-02"))
    assert "offer.pdf" not in words(boss.get("/audit?until=2026-03-01"))
    assert "offer.pdf" not in words(boss.get("/audit?since=2026-03-03"))


def test_a_long_record_goes_on_on_the_next_page(boss: Browser, desk: House) -> None:
    for _ in range(15):
        desk.start("quote", amount=5)
    page = boss.get("/audit?kind=*").text
    address = page.split('<div class="actions"><a class="button" href="')[-1].split('"')[0].replace("&amp;", "&")
    assert "/audit?kind=*&after=" in address.replace("%2A", "*")
    further = boss.get(address)
    assert further.status_code == 200 and further.text.count("<tr>") > 10


def exported(boss: Browser, asked: str = "") -> list[list[str]]:
    answer = boss.get(f"/audit/history.csv{asked}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=history.csv"
    assert answer.data.startswith(b"\xef\xbb\xbf"), "without the mark a spreadsheet reads no Chinese"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_export_is_a_table_for_spreadsheets(boss: Browser, desk: House) -> None:
    rows = exported(boss, "?who=anna")
    assert rows[0] == ["When", "Who", "Login", "Case", "Process", "What", "Detail", "Event"]
    assert {row[1] for row in rows[1:]} == {"Anna"} and all(len(row) == 8 for row in rows)
    assert ["2026-03-02 17:00:00", "Anna", "anna"] in [row[:3] for row in rows]
    assert len(exported(boss)) > len(rows)


def test_a_chinese_reader_gets_a_chinese_table(desk: House, sign_in: Enter) -> None:
    furnish(desk)
    speak(desk, "boss", "zh-CN")
    rows = exported(sign_in("boss"))
    assert rows[0][0] == "时间" and "添加了附件" in {row[5] for row in rows}


@pytest.mark.parametrize("name", ["=1+1.pdf", "@SUM(A1).pdf", "+1.pdf", "-1.pdf"])
def test_no_cell_is_a_formula(boss: Browser, desk: House, name: str) -> None:
    keep.add(
        desk.engine, instance_id=made(desk, "instance_id"), file=keep.File(name, b"%PDF-"), agent=ANNA, now=desk.now
    )
    cells = {cell for row in exported(boss) for cell in row}
    assert f"'{name}" in cells and name not in cells


def test_only_administrators_read_the_record(desk: House, sign_in: Enter) -> None:
    for who in ("anna", "dana", "robot"):
        assert sign_in(who).get("/audit/history.csv").status_code == 403
