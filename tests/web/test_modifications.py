"""Changing a running case by hand: tried first, carried out as tried, and only by who may."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.people import users
from engine.people.agent import SYSTEM
from engine.runtime import instances
from tests.house import House
from tests.web.conftest import PASSWORD, Browser, words

Enter = Callable[[str], Browser]


@pytest.fixture
def boss(sign_in: Enter) -> Browser:
    return sign_in("boss")


@pytest.fixture
def case(desk: House) -> str:
    desk.customer()
    return desk.start("quote", amount=1200)


def page(case: str) -> str:
    return f"/cases/{case}/modify"


def token(boss: Browser, case: str) -> str:
    found = re.search(r'name="(token/\d+)"', boss.get(page(case)).text)
    assert found
    return found[1]


def tried(boss: Browser, case: str, **sent: str) -> TestResponse:
    return boss.post(page(case), {"do": "try", "reason": "customer asked", **sent})


def carried_out(boss: Browser, case: str, answer: TestResponse, **sent: str) -> TestResponse:
    hidden = dict(re.findall(r'name="(revision|seen)" value="([^"]*)"', answer.text))
    return boss.post(page(case), {"do": "carry_out", "reason": "customer asked", **hidden, **sent})


def nodes(desk: House, case: str) -> list[str]:
    return [item.node for item in desk.items(case)]


def test_the_page_shows_where_the_case_stands_and_where_it_could(boss: Browser, case: str) -> None:
    shown = words(boss.get(page(case)))
    assert "Approve the discount" in shown and "under way" in shown and "Legal check" in shown
    assert "Change by hand" in words(boss.get(f"/cases/{case}"))


def test_a_try_changes_nothing_and_says_what_would_come_of_it(boss: Browser, desk: House, case: str) -> None:
    answer = tried(boss, case, **{token(boss, case): "to/check"})
    shown = words(answer)
    assert answer.status_code == 200 and "Nothing has been changed yet." in shown
    assert re.search(r"Ends Approve the discount.*Begins Legal check", shown), shown
    assert nodes(desk, case) == ["approve"]


def test_what_was_tried_is_carried_out_with_its_reason(boss: Browser, desk: House, case: str) -> None:
    sent = {token(boss, case): "to/check"}
    answer = carried_out(boss, case, tried(boss, case, **sent), **sent)
    assert answer.status_code == 303 and nodes(desk, case) == ["check"]
    moved = [fact for fact in desk.facts(case) if type(fact).__name__ == "TokenMoved"]
    assert moved and {fact.reason for fact in moved} == {"customer asked"}
    assert "Carried out." in words(boss.get(answer.headers["Location"]))


def test_a_step_is_added_beside_the_others(boss: Browser, desk: House, case: str) -> None:
    carried_out(boss, case, tried(boss, case, start="check"), start="check")
    assert sorted(nodes(desk, case)) == ["approve", "check"]


def test_a_step_is_ended(boss: Browser, desk: House, case: str) -> None:
    sent = {token(boss, case): "end"}
    answer = tried(boss, case, **sent)
    assert "The case would be over." in words(answer)
    carried_out(boss, case, answer, **sent)
    assert desk.instance(case).status == "completed"


def test_data_are_set(boss: Browser, desk: House, case: str) -> None:
    sent = {"name/0": "amount", "value/0": "7", "name/2": "tags", "value/2": '["a", {"b": null}]'}
    answer = tried(boss, case, **sent)
    assert "amount" in words(answer)
    carried_out(boss, case, answer, **sent)
    found = instances.get(desk.engine, instance_id=case).variables
    assert found["amount"] == 7 and found["tags"] == ["a", {"b": None}]


def test_what_was_changed_on_the_page_since_the_try_is_tried_first(boss: Browser, desk: House, case: str) -> None:
    sent = {token(boss, case): "to/check"}
    answer = carried_out(boss, case, tried(boss, case, **sent), **sent, start="check")
    assert answer.status_code == 200 and "Nothing has been changed yet." in words(answer)
    assert nodes(desk, case) == ["approve"]


def test_nothing_is_carried_out_when_the_case_has_moved_on(boss: Browser, desk: House, case: str) -> None:
    sent = {"start": "check"}
    answer = tried(boss, case, **sent)
    carried_out(boss, case, tried(boss, case, **{"name/0": "x", "value/0": "1"}), **{"name/0": "x", "value/0": "1"})
    late = carried_out(boss, case, answer, **sent)
    assert late.status_code == 409 and "moved on since the dry run" in words(late)
    assert "selected" in late.text and nodes(desk, case) == ["approve"]


WRONG = [
    ({}, "There is nothing to change."),
    ({"start": "check", "reason": " "}, "Please give a reason."),
    ({"name/0": "x", "value/0": "words"}, "This is no JSON"),
    ({"name/0": "x", "value/0": ""}, "This is no JSON"),
    ({"name/0": "x", "value/0": "[" * 5000}, "This is no JSON"),
    ({"value/1": "1"}, "Say which variable."),
    ({"name/0": "x", "value/0": '"' + "y" * 100_001 + '"'}, "At most 100000 characters."),
]


@pytest.mark.parametrize(("sent", "said"), WRONG)
def test_what_is_wrong_is_told_where_it_is_and_everything_stays(
    boss: Browser, desk: House, case: str, sent: dict[str, str], said: str
) -> None:
    answer = boss.post(page(case), {"do": "try", "reason": "keep this", **sent})
    assert answer.status_code == 422 and said in words(answer)
    assert "keep this" in answer.text or sent.get("reason") == " "
    assert nodes(desk, case) == ["approve"]


@pytest.mark.parametrize("sent", [{"start": "nowhere"}, {"token/99999": "end"}])
def test_a_place_that_does_not_exist_is_told(boss: Browser, desk: House, case: str, sent: dict[str, str]) -> None:
    answer = tried(boss, case, **sent)
    assert answer.status_code == 409 and nodes(desk, case) == ["approve"]
    assert 'role="alert"' in answer.text


def test_only_who_may_changes_a_case(anna: Browser, case: str) -> None:
    assert anna.get(page(case)).status_code == 403
    assert anna.post(page(case), {"do": "try", "start": "check", "reason": "x"}).status_code == 403
    assert "Change by hand" not in words(anna.get(f"/cases/{case}"))


def test_a_case_that_does_not_exist_is_not_found(boss: Browser) -> None:
    assert boss.get("/cases/nothing/modify").status_code == 404


def test_an_ended_case_offers_no_change_and_takes_none(boss: Browser, desk: House, case: str) -> None:
    sent = {token(boss, case): "end"}
    carried_out(boss, case, tried(boss, case, **sent), **sent)
    assert "Change by hand" not in words(boss.get(f"/cases/{case}"))
    assert tried(boss, case, start="check").status_code == 409


def test_pressing_enter_tries_and_never_carries_out(boss: Browser, case: str) -> None:
    """A browser presses the first button of a form."""
    answer = tried(boss, case, start="check")
    buttons = re.findall(r'<button[^>]*name="do" value="(\w+)"', answer.text)
    assert buttons == ["try", "carry_out", "try"]


def test_everything_is_said_in_chinese_too(sign_in: Enter, desk: House, case: str) -> None:
    profile = users.Profile(name="管理员", roles=("admin",), groups=(), locale="zh-CN")
    users.add_user(desk.engine, key="guan", profile=profile, password=PASSWORD, agent=SYSTEM, now=desk.now)
    boss = sign_in("guan")
    shown = words(tried(boss, case, start="check"))
    for said in ("人工调整", "试运行的结果", "还没有改动任何东西", "法务核对", "执行", "另外从这里开始"):
        assert said in shown, said
