"""People, groups and tokens through the API: who may, what is refused and where, and nothing that guards a door."""

from datetime import timedelta
from typing import Any

import pytest

from tests.web.api.conftest import Programs

GOOD = {
    "key": "li.lei",
    "name": "李雷",
    "password": "a long enough password 9",
    "roles": ["staff"],
    "groups": ["sales"],
}


def add(api: Programs, by: str = "ada", **more: Any) -> Any:
    return api.post("/people", {**GOOD, **more}, by=by)


def test_a_person_is_added_changed_and_found(api: Programs) -> None:
    made = add(api)
    assert made.status_code == 201
    assert (made.json["key"], made.json["name"], made.json["groups"]) == ("li.lei", "李雷", ["sales"])
    changed = api.call("PUT", "/people/li.lei", json={"name": "Li Lei", "roles": ["designer"], "locale": "en"})
    assert (changed.json["roles"], changed.json["groups"]) == (["designer"], [])
    assert api.get("/people/li.lei").json == changed.json
    assert "li.lei" in [one["key"] for one in api.get("/people").json["items"]]


def test_nothing_that_guards_a_door_is_told(api: Programs) -> None:
    add(api)
    for text in (api.get("/people").data, api.get("/people/li.lei").data, api.get("/me").data):
        assert b"password" not in text
        assert b"argon2" not in text
        assert b"blocked" not in text


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        ({"key": "L"}, 422, "/key"),
        ({"key": "Big Name!"}, 422, "/key"),
        ({"key": "system"}, 422, "/key"),
        ({"name": ""}, 422, "/name"),
        ({"name": "x" * 81}, 422, "/name"),
        ({"roles": []}, 422, "/roles"),
        ({"roles": ["king"]}, 422, "/roles/0"),
        ({"groups": ["none"]}, 422, "/groups"),
        ({"locale": "fr"}, 422, "/locale"),
        ({"manager": "nobody"}, 422, "/manager"),
        ({"password": "short"}, 422, "/password"),
        ({"unknown": 1}, 422, "/unknown"),
    ],
)
def test_what_is_wrong_with_a_person_is_named(api: Programs, more: dict[str, Any], status: int, pointer: str) -> None:
    refused = add(api, **more)
    assert refused.status_code == status
    assert pointer in [one["pointer"] for one in refused.json["problems"]]
    for one in refused.json["problems"]:
        assert one["text"]["zh-CN"] != one["text"]["en"]
    assert len(api.get("/people").json["items"]) == 5


def test_a_login_name_is_taken_once(api: Programs) -> None:
    add(api)
    refused = add(api)
    assert (refused.status_code, refused.json["code"]) == (409, "person_exists")


def test_the_last_administrator_stays(api: Programs) -> None:
    refused = api.call("PUT", "/people/ada", json={"name": "Ada", "roles": ["staff"]})
    assert (refused.status_code, refused.json["code"]) == (409, "last_admin")


def test_who_left_is_let_in_no_more(api: Programs) -> None:
    assert api.get("/me", by="sam").status_code == 200
    assert api.call("PUT", "/people/sam", json={"name": "Sam", "active": False}).json["active"] is False
    assert api.get("/me", by="sam").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/people", None),
        ("POST", "/people", GOOD),
        ("GET", "/people/sam", None),
        ("PUT", "/people/sam", {"name": "Sam"}),
        ("PUT", "/people/sam/password", {"password": "a long enough password 9"}),
        ("PUT", "/staff-groups/new", {"texts": {"zh-CN": "新", "en": "New"}}),
    ],
)
@pytest.mark.parametrize("by", ["ivy", "sue"])
def test_only_administrators_manage_people(api: Programs, method: str, path: str, body: Any, by: str) -> None:
    refused = api.call(method, path, by=by, json=body)
    assert (refused.status_code, refused.json["code"]) == (403, "right_missing")


def test_one_reads_and_changes_one_s_own_account(api: Programs) -> None:
    assert api.get("/me", by="sam").json["key"] == "sam"
    assert api.call("PUT", "/me/language", json={"locale": "en"}, by="sam").status_code == 204
    assert api.get("/me", by="sam").json["locale"] == "en"
    wrong = api.call("PUT", "/me/password", json={"old": "x", "password": "another long password 3"}, by="sam")
    assert (wrong.status_code, wrong.json["problems"][0]["pointer"]) == (422, "/old")
    body = {"old": "a long enough password 7", "password": "another long password 3"}
    assert api.call("PUT", "/me/password", json=body, by="sam").status_code == 204
    assert api.get("/me", by="sam").status_code == 200, "tokens have an end of their own"


def test_groups_are_added_and_renamed(api: Programs) -> None:
    texts = {"zh-CN": "法务", "en": "Legal"}
    assert api.call("PUT", "/staff-groups/legal", json={"texts": texts}).json["texts"] == texts
    assert [one["key"] for one in api.get("/staff-groups").json["items"]] == ["legal", "sales"]
    refused = api.call("PUT", "/staff-groups/legal", json={"texts": {"en": "Legal"}})
    assert (refused.status_code, refused.json["problems"][0]["pointer"]) == (422, "/zh-CN")
    assert api.call("PUT", "/staff-groups/Big%20One", json={"texts": texts}).status_code == 422


# --- tokens


def issue(api: Programs, person: str = "ada", by: str = "ada", **more: Any) -> Any:
    return api.post(f"/people/{person}/tokens", {"name": "robot", "scopes": ["read"], **more}, by=by)


def with_token(api: Programs, token: str, path: str = "/v1/me") -> int:
    return api.client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_and_works_until_it_is_taken_back(api: Programs) -> None:
    made = issue(api)
    assert made.status_code == 201
    assert with_token(api, made.json["token"]) == 200
    listed = next(one for one in api.get("/people/ada/tokens").json["items"] if one["id"] == made.json["id"])
    assert "token" not in listed and listed["name"] == "robot"
    assert b"sha256" not in api.get("/people/ada/tokens").data
    path = f"/people/ada/tokens/{made.json['id']}"
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert with_token(api, made.json["token"]) == 401


def test_a_token_ends_when_its_time_is_over(api: Programs) -> None:
    end = (api.clock.now() + timedelta(hours=1)).isoformat()
    token = issue(api, expires_at=end).json["token"]
    assert with_token(api, token) == 200
    api.clock.advance(timedelta(hours=1))
    assert with_token(api, token) == 401


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["all"]}, "/scopes/0"),
        ({"name": ""}, "/name"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"expires_at": "2027-01-01T00:00:00"}, "/expires_at"),
    ],
)
def test_a_wrong_order_for_a_token_is_named(api: Programs, more: dict[str, Any], pointer: str) -> None:
    refused = issue(api, **more)
    assert refused.status_code == 422
    assert refused.json["problems"][0]["pointer"] == pointer


def test_tokens_of_others_are_for_administrators(api: Programs) -> None:
    assert issue(api, "sam").status_code == 201
    assert issue(api, "sue", by="sam").status_code == 403
    assert api.get("/people/sue/tokens", by="sam").status_code == 403
    assert issue(api, "nobody").status_code == 404
    assert api.call("DELETE", "/people/ada/tokens/none").status_code == 404


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("read", "/people/sam/tokens", 403),
        ("write", "/people/sam/tokens", 403),
        ("admin", "/people/sam/tokens", 200),
        ("read", "/tasks", 200),
        ("write", "/tasks", 200),
    ],
)
def test_a_token_does_what_its_scope_says(api: Programs, scope: str, path: str, status: int) -> None:
    token = issue(api, "sam", scopes=[scope]).json["token"]
    assert with_token(api, token, f"/v1{path}") == status


def test_a_token_that_may_only_write_cannot_make_more_tokens(api: Programs) -> None:
    token = issue(api, "sam", scopes=["write"]).json["token"]
    answer = api.client.post(
        "/v1/people/sam/tokens",
        json={"name": "more", "scopes": ["admin"]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")


def test_one_s_own_keys_of_the_desk(api: Programs) -> None:
    assert api.get("/me/keys", by="ivy").json["keys"]["claim"] == "c"
    assert api.call("PUT", "/me/keys", by="ivy", json={"keys": {"claim": "q"}, "on": False}).status_code == 204
    found = api.get("/me/keys", by="ivy").json
    assert (found["keys"]["claim"], found["keys"]["down"], found["on"]) == ("q", "j", False)
    wrong = api.call("PUT", "/me/keys", by="ivy", json={"keys": {"claim": "a", "fly": "f"}})
    assert (wrong.status_code, wrong.json["code"]) == (422, "keys_wrong")
    assert {one["pointer"] for one in wrong.json["problems"]} == {"/keys/approve", "/keys/fly"}
