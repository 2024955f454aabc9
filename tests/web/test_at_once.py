"""Two people press at the same moment, or one presses twice: one deed, the other is told, nothing is half done."""

import threading
from collections import Counter
from collections.abc import Callable

import flask
import pytest

from engine.people import users
from engine.people.agent import SYSTEM
from engine.runtime import instances
from tests.house import House
from tests.web.conftest import Browser, words

Enter = Callable[[str], Browser]
GOOD = {"f/rate": "10", "f/comment": "fine", "f/outcome": "approved"}


def at_once(*deeds: Callable[[], int]) -> list[int]:
    """Each in a thread of its own, let go together; their statuses in order."""
    barrier, found = threading.Barrier(len(deeds)), [0] * len(deeds)

    def run(number: int) -> None:
        barrier.wait()
        found[number] = deeds[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def presser(browser: Browser, address: str, data: dict[str, str] | None = None) -> Callable[[], int]:
    """The page is loaded before; only the press itself is in the race."""
    sent = {"csrf_token": browser.token("/account"), **(data or {})}
    return lambda: browser.client.post(address, data=sent).status_code


@pytest.fixture
def task(desk: House) -> str:
    return desk.item(desk.start("quote", amount=1200), "approve").id


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(sign_in: Enter, desk: House, task: str) -> None:
    anna, bo = sign_in("anna"), sign_in("bo")
    statuses = at_once(presser(anna, f"/tasks/{task}/claim"), presser(bo, f"/tasks/{task}/claim"))
    assert sorted(statuses) == [303, 409]
    holder = desk.items(task.rpartition(".")[0])[0].assignee
    assert holder == ("anna" if statuses[0] == 303 else "bo")
    told = [fact.verb for fact in desk.facts(task.rpartition(".")[0]) if type(fact).__name__ == "WorkItemActed"]
    assert told == ["claim"]


def test_of_two_who_complete_at_once_one_does_it(sign_in: Enter, desk: House, task: str) -> None:
    anna, bo = sign_in("anna"), sign_in("bo")
    statuses = at_once(presser(anna, f"/tasks/{task}", GOOD), presser(bo, f"/tasks/{task}", GOOD))
    assert sorted(statuses) == [303, 409]
    assert desk.told(task.rpartition(".")[0]).count("WorkItemCompleted approve") == 1


def test_a_double_click_completes_once_and_is_no_error(sign_in: Enter, desk: House, task: str) -> None:
    anna = sign_in("anna")
    press = presser(anna, f"/tasks/{task}", GOOD)
    assert at_once(press, press) == [303, 303]
    assert desk.told(task.rpartition(".")[0]).count("WorkItemCompleted approve") == 1


def test_a_double_click_on_start_is_one_case(sign_in: Enter, desk: House) -> None:
    desk.customer()
    anna = sign_in("anna")
    press = presser(anna, "/start/quote", {"customer": "C-1", "once": "page-1", "do": "start", "f/amount": "1200"})
    assert set(at_once(press, press, press)) == {303}
    assert len(instances.search(desk.engine, query=instances.Query(process="quote"))) == 1


def test_two_pages_are_two_cases(sign_in: Enter, desk: House) -> None:
    desk.customer()
    anna = sign_in("anna")
    for once in ("page-1", "page-2"):
        sent = {"customer": "C-1", "once": once, "do": "start", "f/amount": "1200"}
        assert anna.post("/start/quote", sent).status_code == 303
    assert len(instances.search(desk.engine, query=instances.Query(process="quote"))) == 2


def test_the_back_button_after_a_start_finds_the_case_that_was_started(sign_in: Enter, desk: House) -> None:
    """The form that stands in the browser's history is sent again, changed: still no second case."""
    desk.customer()
    anna = sign_in("anna")
    sent = {"customer": "C-1", "once": "page-1", "do": "start", "f/amount": "1200"}
    first = anna.post("/start/quote", sent)
    again = anna.post("/start/quote", {**sent, "f/amount": "9999"})
    assert first.headers["Location"] == again.headers["Location"]
    assert "It had been started already" in words(anna.get(again.headers["Location"]))


def test_the_back_button_after_a_completed_task_shows_that_it_is_done(sign_in: Enter, desk: House, task: str) -> None:
    anna = sign_in("anna")
    anna.post(f"/tasks/{task}/claim")
    anna.post(f"/tasks/{task}", GOOD)
    shown = anna.get(f"/tasks/{task}")
    assert shown.status_code == 200 and f'action="/tasks/{task}/claim"' not in shown.text
    assert "no-store" in shown.headers["Cache-Control"]


def test_of_two_administrators_who_cancel_at_once_one_does_it(sign_in: Enter, desk: House, task: str) -> None:
    profile = users.Profile(name="Eve", roles=("admin",), locale="en")
    users.add_user(desk.engine, key="eve", profile=profile, password="correct horse 9", agent=SYSTEM, now=desk.now)
    case = task.rpartition(".")[0]
    boss, eve = sign_in("boss"), sign_in("eve")
    statuses = at_once(
        presser(boss, f"/cases/{case}/cancel", {"reason": "one"}),
        presser(eve, f"/cases/{case}/cancel", {"reason": "other"}),
    )
    assert sorted(statuses) == [303, 409]
    assert desk.told(case).count("InstanceCancelled") == 1


def test_who_completes_what_is_cancelled_at_once_is_told_or_was_first(sign_in: Enter, desk: House, task: str) -> None:
    case = task.rpartition(".")[0]
    anna, boss = sign_in("anna"), sign_in("boss")
    statuses = at_once(presser(anna, f"/tasks/{task}", GOOD), presser(boss, f"/cases/{case}/cancel", {"reason": "no"}))
    assert statuses[0] in (303, 409) and statuses[1] in (303, 409)
    facts = Counter(line.split()[0] for line in desk.told(case))
    assert facts["WorkItemCompleted"] == (1 if statuses[0] == 303 else 0)
    assert desk.instance(case).status in ("cancelled", "active")


def test_a_person_made_inactive_while_working_is_out_at_the_next_press(
    sign_in: Enter, desk: House, task: str, app: flask.Flask
) -> None:
    anna, boss = sign_in("anna"), sign_in("boss")
    press = presser(anna, f"/tasks/{task}/claim")
    sent = {"name": "Anna", "locale": "en", "roles": "staff", "groups": "sales"}
    assert boss.post("/people/anna", sent, page="/people/anna").status_code == 303
    assert press() == 302
    assert desk.items(task.rpartition(".")[0])[0].assignee is None


def test_two_who_add_the_same_person_at_once_make_one(sign_in: Enter, desk: House) -> None:
    one, other = sign_in("boss"), sign_in("boss")
    sent = {"key": "eva", "name": "Eva", "password": "a long enough one", "locale": "en", "roles": "staff"}
    assert sorted(at_once(presser(one, "/people/new", sent), presser(other, "/people/new", sent))) == [303, 409]
    assert "eva" in users.names(desk.engine)
