"""The inbox while it is looked at: its own news alone, a bounded wait, and the palette with its commands."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import flask
import pytest

from engine.inbox import act, live
from tests.house import ANNA, CHEN, House
from tests.web.conftest import Browser
from web import watch as watching
from web.watch import Watch


def look(browser: Browser, since: int = 0, shelf: str = "mine") -> dict[str, object]:
    answer = browser.get(f"/inbox/{shelf}/live?since={since}")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json
    return found


def test_the_mark_changes_with_one_s_own_list_alone(desk: House, anna: Browser) -> None:
    case = desk.start("quote", amount=5)
    before = look(anna, shelf="open")
    assert (before["open"], before["mine"]) == (1, 0)
    other = desk.start("quote", amount=6)
    after = look(anna, shelf="open")
    assert after["mark"] != before["mark"] and after["open"] == 2
    mine = look(anna)
    act.claim(desk.engine, work_item_id=desk.item(case, "approve").id, agent=ANNA, now=desk.now)
    assert look(anna)["mark"] != mine["mark"]
    act.complete(
        desk.engine, work_item_id=desk.item(other, "approve").id, data={"outcome": "approved"}, agent=ANNA, now=desk.now
    )
    same = look(anna)
    act.claim(desk.engine, work_item_id=desk.item(other, "check").id, agent=CHEN, now=desk.now)
    news = look(anna)
    assert news["mark"] == same["mark"], "what legal does is not seen by sales"
    assert int(str(news["since"])) > int(str(same["since"]))


def test_overdue_is_news_too(desk: House) -> None:
    case = desk.start("quote", amount=5)
    act.claim(desk.engine, work_item_id=desk.item(case, "approve").id, agent=ANNA, now=desk.now)
    before = live.glance(desk.engine, shelf="mine", agent=ANNA, now=desk.now)
    desk.clock.advance(desk.clock.now() - desk.clock.now().replace(hour=0))
    late = live.glance(desk.engine, shelf="mine", agent=ANNA, now=desk.now.replace(day=5))
    assert (before.overdue, late.overdue) == (0, 1) and before.mark != late.mark


def test_an_unchanged_house_answers_the_same(desk: House, anna: Browser) -> None:
    first = look(anna)
    assert look(anna, since=int(str(first["since"]))) == first
    assert anna.get("/inbox/attic/live").status_code == 404
    assert anna.get("/inbox/mine/live?since=many").status_code == 200


# --- seats -----------------------------------------------------------------------------------------------------------


def test_a_change_ends_the_wait_of_all_who_wait_for_it() -> None:
    number = [1]
    watch = Watch(lambda: number[0], seats=3)
    waited: list[bool] = []
    threads = [threading.Thread(target=lambda: waited.append(watch.wait(1, 30))) for _ in range(3)]
    for thread in threads:
        thread.start()
    while watch._waiting < 3:
        pass
    number[0] = 2
    watch.look()
    for thread in threads:
        thread.join(timeout=5)
    assert waited == [True] * 3


def test_who_finds_no_seat_is_told_at_once_and_seats_are_given_back() -> None:
    watch = Watch(lambda: 5, seats=1)
    assert watch.wait(9, 0)
    inside = threading.Thread(target=watch.wait, args=(9, 5))
    inside.start()
    while watch._waiting < 1:
        pass
    assert watch.wait(9, 0) is False
    watch._seen = 10
    with watch._news:
        watch._news.notify_all()
    inside.join(timeout=5)
    assert watch.wait(9, 0)


def test_who_waits_finds_by_themselves_what_another_process_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.watch.LOOK_SECONDS", 0.01)
    found = iter([1, 1, 2])
    watch = Watch(lambda: next(found, 2), seats=1)
    assert watch.wait(1, 5) and watch._seen == 2


def test_somebody_looks_for_all_however_their_waits_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them ever finds itself alone: one has to look all the same."""
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.02)
    number, looks = [1], threading.Semaphore(0)

    def last() -> int:
        looks.release()
        return number[0]

    watch = Watch(last, seats=4)
    watch.look()
    threads = [threading.Thread(target=watch.wait, args=(1, 60.0), daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
        looks.acquire(timeout=20)
    assert all(looks.acquire(timeout=20) for _ in range(5)), "one look follows another"
    number[0] = 2
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_a_parked_screen_holds_no_connection_and_hears_the_news(
    desk: House, anna: Browser, app: flask.Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start("quote", amount=4)
    app.config["PARK_SECONDS"] = 60.0
    watch: Watch = app.extensions["watch"]
    parked, reading, inside = threading.Event(), desk.engine.store.reading, [0]

    @contextlib.contextmanager
    def counted() -> Iterator[Any]:
        inside[0] += 1
        with reading() as tx:
            yield tx
        inside[0] -= 1

    since = int(str(look(anna)["since"]))
    wait = watch.wait
    monkeypatch.setattr(watch, "look", lambda: None)
    monkeypatch.setattr(watch, "wait", lambda *args: (parked.set(), wait(*args))[1])
    monkeypatch.setattr(desk.engine.store, "reading", counted)
    answers: list[dict[str, object]] = []
    thread = threading.Thread(target=lambda: answers.append(look(anna, since, "open")), daemon=True)
    thread.start()
    assert parked.wait(20) and inside == [0] and answers == []
    monkeypatch.undo()
    desk.start("quote", amount=5)
    watch.look()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert answers[0]["open"] == 2 and answers[0]["again"] == 0 and int(str(answers[0]["since"])) > since


def test_a_failing_look_gives_the_seat_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.watch.LOOK_SECONDS", 0.01)

    def away() -> int:
        raise OSError("the database is away")

    watch = Watch(away, seats=1)
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            watch.wait(1, 1)


# --- the palette -----------------------------------------------------------------------------------------------------


def test_the_palette_offers_what_the_reader_may_do(desk: House, anna: Browser, bo: Browser) -> None:
    case = desk.start("quote", amount=5)
    task = desk.item(case, "approve").id
    act.claim(desk.engine, work_item_id=task, agent=ANNA, now=desk.now)
    page = anna.get(f"/tasks/{task}").text
    for offered in (
        'data-verb="transfer"',
        'data-verb="complete"',
        'data-address="/inbox"',
        'data-address="/start/quote"',
    ):
        assert offered in page
    assert 'data-address="/people"' not in page
    chinese = bo.get("/inbox").text
    assert 'data-initials="wddb"' in chinese and 'data-verb="transfer"' not in chinese


def test_the_help_names_every_key_and_how_to_turn_them_off(anna: Browser) -> None:
    page = anna.get("/inbox").text
    for key in ("j", "J", "* a", "Ctrl K", "g s", "?"):
        assert f"<kbd>{key}</kbd>" in page
    assert 'href="/account/keys"' in page
