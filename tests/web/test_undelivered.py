"""Messages that could not be delivered: the page, its two buttons, and where it is led to from."""

from collections.abc import Callable

import msgspec
import pytest

from engine import records
from tests.house import House
from tests.web.conftest import Browser, words
from tests.web.furnished import furnish
from tests.web.test_pages import speak

Enter = Callable[[str], Browser]


@pytest.fixture
def boss(desk: House, sign_in: Enter) -> Browser:
    desk.made = furnish(desk)  # type: ignore[attr-defined]
    with desk.engine.store.transaction() as tx:
        for number, name in enumerate(("order.paid", "<b>odd</b>")):
            tx.messages.post(
                records.Mail(
                    id=f"m-{number}",
                    instance_id=desk.made["trouble"] if number else None,  # type: ignore[attr-defined]
                    trigger="message",
                    name=name,
                    business_key="B-7",
                    data={"sum": "<script>7</script>"},
                    attempts=36,
                    error={"zh-CN": "有两个在等", "en": "two wait for it"},
                    due_at=records.NEVER,
                    dead_at=desk.now,
                )
            )
    return sign_in("boss")


def test_it_lists_what_was_given_up_with_the_reason_its_data_and_its_case(boss: Browser, desk: House) -> None:
    answer = boss.get("/undelivered")
    page = words(answer)
    assert "order.paid" in page and "two wait for it" in page and "36 tries" in page and "For B-7" in page
    assert desk.instance(desk.made["trouble"]).number in page  # type: ignore[attr-defined]
    assert "<b>odd" not in answer.text and "<script>7" not in answer.text


def test_operations_and_the_designers_page_lead_there(boss: Browser, sign_in: Enter) -> None:
    assert "Undelivered messages 2" in words(boss.get("/operations"))
    assert "2 messages could not be delivered" in words(boss.get("/designer"))
    boss.post("/undelivered/m-0/discard", {"reason": "old"})
    boss.post("/undelivered/m-1/discard", {"reason": "old"})
    for page in ("/operations", "/designer"):
        assert "/undelivered" not in boss.get(page).text
    assert "Every message was delivered" in words(boss.get("/undelivered"))


def test_sent_again_it_is_on_its_way(boss: Browser, desk: House) -> None:
    assert boss.post("/undelivered/m-0/retry").status_code == 303
    page = words(boss.get("/undelivered"))
    assert "order.paid is on its way again." in page
    with desk.engine.store.reading() as tx:
        assert [one.id for one in tx.due.mail(desk.now, 9)] == ["m-0"]
    assert boss.post("/undelivered/m-0/retry").status_code == 404


def test_what_fails_still_is_listed_with_its_next_try(boss: Browser, desk: House) -> None:
    boss.post("/undelivered/m-0/retry")
    with desk.engine.store.transaction() as tx:
        (letter,) = tx.due.mail(desk.now, 9)
        nobody = {"en": "nobody there", "zh-CN": "无人"}
        tx.messages.put_off(letter, msgspec.structs.replace(letter, attempts=3, error=nobody))
    page = words(boss.get("/undelivered"))
    assert "Tried again" in page and "nobody there" in page and "3 tries" in page


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_reason_is_needed_to_discard_and_what_was_typed_stays(boss: Browser, reason: str) -> None:
    answer = boss.post("/undelivered/m-1/discard", {"reason": reason})
    assert answer.status_code in (413, 422) and 'aria-invalid="true"' in answer.text
    assert "order.paid" in words(boss.get("/undelivered"))


def test_in_chinese(boss: Browser, desk: House) -> None:
    speak(desk, "boss", "zh-CN")
    page = words(boss.get("/undelivered"))
    assert "未送达的消息" in page and "有两个在等" in page and "尝试 36 次" in page
