"""Out of office, on its page and through the API: said, shown at the work, refused in words, called off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.inbox import act
from engine.people.agent import Agent
from tests.house import House
from tests.web.conftest import Browser, words

ANNA = Agent(key="anna", name="Anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
WEEK = {"starts_at": "2026-03-02T08:00", "ends_at": "2026-03-09T18:00", "substitute": "bo"}


def say(browser: Browser, key: str = "anna", **more: Any) -> Any:
    return browser.post(f"/absences/{key}", {**WEEK, **more}, page="/account")


def test_who_says_they_are_away_sees_it_and_the_substitute_has_the_work(
    desk: House, anna: Browser, bo: Browser
) -> None:
    case = desk.start("quote", amount=5)
    act.claim(desk.engine, work_item_id=desk.item(case, "approve").id, agent=ANNA, now=desk.now)
    assert say(anna, open_too="true", note="Spring").status_code == 303
    shown = words(anna.get("/absences/anna"))
    assert "博文" in shown and "Spring" in shown and "All work" in shown
    assert "What others have for you now" in shown and "Approve the discount" in shown
    inbox = words(bo.get("/inbox"))
    assert "代 Anna 办理" in inbox
    task = words(bo.get(f"/tasks/{desk.item(case, 'approve').id}?shelf=mine"))
    assert "代 Anna 办理" in task
    assert "Anna：" in words(bo.get("/absences"))


def test_ending_it_brings_the_work_back(desk: House, anna: Browser) -> None:
    case = desk.start("quote", amount=5)
    act.claim(desk.engine, work_item_id=desk.item(case, "approve").id, agent=ANNA, now=desk.now)
    say(anna, open_too="true")
    assert desk.item(case, "approve").assignee == "bo"
    with desk.engine.store.reading() as tx:
        (absence,) = tx.absences.ahead()
    answer = anna.post(f"/absences/anna/{absence.id}/end")
    assert answer.status_code == 303 and desk.item(case, "approve").assignee == "anna"
    anna.post(f"/absences/anna/{absence.id}/end")
    assert "This absence is over already." in words(anna.get("/absences/anna"))
    assert "stands in for Anna" in words(anna.get(f"/cases/{case}"))


@pytest.mark.parametrize(
    ("sent", "field", "en"),
    [
        ({"starts_at": ""}, "starts_at", "Enter a date and a time."),
        ({"ends_at": "tomorrow"}, "ends_at", "Enter a date and a time."),
        ({"substitute": "anna"}, "substitute", "Nobody stands in for themselves."),
        ({"ends_at": "2026-03-01T00:00"}, "ends_at", "The end must be after the beginning."),
        ({"note": "x" * 201}, "note", "The note has at most 200 characters."),
        ({"processes": "none"}, "processes", "There is no process none."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    anna: Browser, sent: dict[str, str], field: str, en: str
) -> None:
    answer = say(anna, **{"note": "my words", **sent})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and en in words(answer)
    if "note" not in sent:
        assert 'value="my words"' in answer.text


def test_times_are_on_the_house_s_clock(desk: House, anna: Browser) -> None:
    say(anna)
    with desk.engine.store.reading() as tx:
        (absence,) = tx.absences.ahead()
    assert absence.ends_at - absence.starts_at == timedelta(days=7, hours=10)
    assert absence.starts_at.isoformat() == "2026-03-02T00:00:00+00:00"  # 08:00 in Shanghai


def test_an_administrator_says_it_for_somebody_else_and_staff_do_not(
    desk: House, anna: Browser, sign_in: Callable[[str], Browser]
) -> None:
    boss = sign_in("boss")
    assert say(boss, "chen", substitute="anna").status_code == 303
    assert "Chen: away and standing in" in words(boss.get("/absences/chen"))
    assert anna.get("/absences/chen").status_code == 403
    assert say(anna, "bo", substitute="chen").status_code == 403
    assert boss.get("/absences/nobody").status_code == 404


def test_how_much_somebody_can_take_is_kept_and_bad_numbers_are_refused(
    desk: House, sign_in: Callable[[str], Browser]
) -> None:
    boss = sign_in("boss")
    profile = {"name": "Anna", "roles": "staff", "groups": "sales", "locale": "en", "active": "true"}
    assert boss.post("/people/anna", {**profile, "capacity": "7"}).status_code == 303
    with desk.engine.store.reading() as tx:
        person = tx.people.get("anna")
    assert person is not None and person.capacity == 7
    for wrong in ("-1", "many", "10001", "1" * 30):
        answer = boss.post("/people/anna", {**profile, "capacity": wrong})
        assert answer.status_code == 422 and "A whole number from 0 to 10000." in words(answer)
