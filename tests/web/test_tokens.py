"""Access for programs: a token is shown once, works until it is taken back, and is nobody else's business."""

import re
from collections.abc import Callable

import pytest

from engine.people import agents, api_tokens
from engine.people.agent import Agent
from tests.house import House
from tests.web.conftest import Browser, words
from web.api.app import create_api


def made(browser: Browser, person: str, **form: str) -> str:
    data = {"name": "Shop", "days": "90", "scopes": "write", **form}
    answer = browser.post(f"/tokens/{person}", data, page=f"/tokens/{person}")
    assert answer.status_code == 200, words(answer)
    found = re.search(r'value="(crm_[^"]+)"', answer.text)
    assert found
    return found[1]


def test_a_token_is_shown_once_and_opens_the_api(desk: House, sign_in: Callable[[str], Browser]) -> None:
    robot = sign_in("robot")
    token = made(robot, "robot")
    assert token not in robot.get("/tokens/robot").text
    api = create_api(desk.engine).test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert api.get("/v1/instances", headers=headers).status_code == 200


def test_a_token_that_was_taken_back_opens_nothing(desk: House, sign_in: Callable[[str], Browser]) -> None:
    robot = sign_in("robot")
    token = made(robot, "robot")
    (row,) = api_tokens.held(desk.engine, person="robot", agent=_agent(desk, "robot"))
    answer = robot.post(f"/tokens/robot/{row.id}/revoke", page="/tokens/robot")
    assert answer.status_code == 303
    assert "taken back" in words(robot.get("/tokens/robot"))
    api = create_api(desk.engine).test_client()
    assert api.get("/v1/instances", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_ends_when_its_time_is_over(desk: House, sign_in: Callable[[str], Browser]) -> None:
    token = made(sign_in("robot"), "robot", days="30")
    assert api_tokens.find(desk.engine, token=token, now=desk.now) is not None
    desk.pass_time(days=31)
    assert api_tokens.find(desk.engine, token=token, now=desk.now) is None


def test_an_administrator_gives_tokens_to_others_and_staff_do_not(sign_in: Callable[[str], Browser]) -> None:
    assert made(sign_in("boss"), "robot")
    anna = sign_in("anna")
    assert anna.get("/tokens/robot").status_code == 403
    assert anna.post("/tokens/robot", {"name": "x", "scopes": "read"}, page="/tokens/anna").status_code == 403
    assert made(anna, "anna")


def test_an_unknown_person_has_no_tokens(sign_in: Callable[[str], Browser]) -> None:
    assert sign_in("boss").get("/tokens/nobody").status_code == 404


@pytest.mark.parametrize("scopes", ["", "everything", "read;drop"])
def test_a_scope_that_does_not_exist_is_refused_in_words(scopes: str, sign_in: Callable[[str], Browser]) -> None:
    robot = sign_in("robot")
    answer = robot.post("/tokens/robot", {"name": "x", "scopes": scopes}, page="/tokens/robot")
    assert answer.status_code == 422
    assert "read, write, admin" in words(answer)


def test_nobody_takes_back_another_persons_token(desk: House, sign_in: Callable[[str], Browser]) -> None:
    made(sign_in("robot"), "robot")
    (row,) = api_tokens.held(desk.engine, person="robot", agent=_agent(desk, "robot"))
    assert sign_in("anna").post(f"/tokens/robot/{row.id}/revoke", page="/tokens/anna").status_code == 403
    assert sign_in("anna").post(f"/tokens/anna/{row.id}/revoke", page="/tokens/anna").status_code == 404


def _agent(desk: House, key: str) -> Agent:
    with desk.engine.store.reading() as tx:
        return agents.of(agents.found(tx, key))
