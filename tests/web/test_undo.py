"""What one has just done is taken back by one press, as long as nobody has gone on with it."""

import re

import msgspec
import pytest

from engine.inbox import act
from tests.house import CHEN, House
from tests.web.conftest import Browser, quote_program

YES = {"f/outcome": "approved", "f/comment": "<b>fine</b>"}


def done(desk: House, browser: Browser, case: str) -> str:
    """Claims and approves on the page; the page that comes then."""
    task = f"/tasks/{desk.item(case, 'approve').id}"
    browser.post(f"{task}/claim")
    answer = browser.post(task, YES, page=task)
    assert answer.status_code == 303
    return browser.get(answer.headers["Location"]).text


def undo(page: str) -> str:
    found = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert found, "nothing to undo"
    return found[1]


@pytest.mark.parametrize("who", ["anna", "bo"])
def test_one_press_opens_it_again_with_what_was_entered(desk: House, request: pytest.FixtureRequest, who: str) -> None:
    browser: Browser = request.getfixturevalue(who)
    case = desk.start("quote", amount=5)
    page = done(desk, browser, case)
    assert (">Undo<" if who == "anna" else ">撤销<") in page
    assert [item.node for item in desk.items(case)] == ["check"]
    assert browser.post(undo(page)).status_code == 303
    (item,) = desk.items(case)
    assert (item.node, item.assignee) == ("approve", who)
    assert item.draft is not None and item.draft["comment"] == "<b>fine</b>"


def test_too_late_is_told_with_the_reason_and_changes_nothing(desk: House, anna: Browser) -> None:
    case = desk.start("quote", amount=5)
    page = done(desk, anna, case)
    act.claim(desk.engine, work_item_id=desk.item(case, "check").id, agent=CHEN, now=desk.now)
    answer = anna.post(undo(page))
    assert answer.status_code == 409 and 'class="notice bad"' in answer.text
    assert [(item.node, item.assignee) for item in desk.items(case)] == [("check", "chen")]


def test_the_offer_is_told_once(desk: House, anna: Browser) -> None:
    undo(done(desk, anna, desk.start("quote", amount=5)))
    assert 'class="undo"' not in anna.get("/inbox").text


def test_a_name_with_markup_stays_a_name(desk: House, anna: Browser) -> None:
    quote = quote_program()
    _, approve, *rest = quote.nodes
    odd = msgspec.structs.replace(approve, texts={"en": "<i>Sign</i>"})
    desk.release(msgspec.structs.replace(quote, nodes=(quote.nodes[0], odd, *rest)))
    page = done(desk, anna, desk.start("quote", amount=5))
    assert "“&lt;i&gt;Sign&lt;/i&gt;” is done." in page and "<i>" not in page
