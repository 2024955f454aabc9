"""Adding and changing people, and what each role may do."""

from types import SimpleNamespace

import pytest

from engine import errors
from engine.people import Agent, api_tokens, groups, rights, users
from engine.people.agent import ROLES, SYSTEM
from tests.unit.people.conftest import NOW, PASSWORD

STAFF = Agent(key="li", name="Li", roles=frozenset({"staff"}))


def add(engine, key="wang", agent=SYSTEM, password=PASSWORD, **profile):
    asked = users.Profile(**({"name": "Wang"} | profile))
    return users.add_user(engine, key=key, profile=asked, password=password, agent=agent, now=NOW)


def test_what_is_added_is_found_again(engine: SimpleNamespace) -> None:
    add(engine, email="wang@example.com", groups=("sales-approval",), roles=("staff", "designer"), locale="en")
    found = users.user(engine, key="wang", agent=SYSTEM)
    assert (found.name, found.email, found.groups, found.roles, found.locale, found.active) == (
        "Wang",
        "wang@example.com",
        ("sales-approval",),
        ("staff", "designer"),
        "en",
        True,
    )


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"key": "王"}, "/key"),
        ({"key": "system"}, "/key"),
        ({"key": "groups"}, "/key"),
        ({"key": " New "}, "/key"),
        ({"key": "x"}, "/key"),
        ({"name": " "}, "/name"),
        ({"roles": ()}, "/roles"),
        ({"roles": ("root",)}, "/roles"),
        ({"groups": ("no-such",)}, "/groups"),
        ({"locale": "fr"}, "/locale"),
        ({"manager": "nobody"}, "/manager"),
        ({"password": "short"}, "/password"),
    ],
)
def test_each_wrong_detail_is_named_and_nobody_is_added(engine: SimpleNamespace, wrong: dict, pointer: str) -> None:
    before = len(users.users(engine, agent=SYSTEM))
    with pytest.raises(errors.Invalid) as raised:
        add(engine, **wrong)
    assert raised.value.problems[0].pointer == pointer
    assert set(raised.value.problems[0].text) == {"zh-CN", "en"}
    assert len(users.users(engine, agent=SYSTEM)) == before


def test_a_login_name_is_given_once(engine: SimpleNamespace) -> None:
    with pytest.raises(errors.Conflict):
        add(engine, key="LI")


def test_the_last_administrator_cannot_go(engine: SimpleNamespace) -> None:
    for change in ({"active": False, "roles": ("admin",)}, {"active": True, "roles": ("staff",)}):
        profile = users.Profile(name="Boss", roles=change["roles"])
        with pytest.raises(errors.Conflict) as raised:
            users.change_user(engine, key="boss", profile=profile, active=change["active"], agent=SYSTEM, now=NOW)
        assert raised.value.code == "last_admin"


def test_one_changes_ones_own_password_only_with_the_present_one(engine: SimpleNamespace) -> None:
    with pytest.raises(errors.Invalid) as raised:
        users.change_password(engine, old="wrong one", new="another good one", agent=STAFF)
    assert raised.value.code == "password_wrong"
    users.change_password(engine, old=PASSWORD, new="another good one", agent=STAFF)
    with pytest.raises(errors.Invalid):
        users.change_password(engine, old=PASSWORD, new="yet another one", agent=STAFF)


@pytest.mark.parametrize("act", ["add", "change", "reset", "list", "group"])
def test_only_administrators_manage_people(engine: SimpleNamespace, act: str) -> None:
    texts = {"zh-CN": "组", "en": "Group"}
    acts = {
        "add": lambda: add(engine, agent=STAFF),
        "change": lambda: users.change_user(
            engine, key="li", profile=users.Profile(name="Li", roles=("admin",)), active=True, agent=STAFF, now=NOW
        ),
        "reset": lambda: users.reset_password(engine, key="boss", password="another good one", agent=STAFF),
        "list": lambda: users.users(engine, agent=STAFF),
        "group": lambda: groups.put_group(engine, key="new", texts=texts, agent=STAFF),
    }
    with pytest.raises(errors.Forbidden):
        acts[act]()


def test_a_group_has_a_name_in_both_languages(engine: SimpleNamespace) -> None:
    with pytest.raises(errors.Invalid) as raised:
        groups.put_group(engine, key="Bad Key", texts={"en": "Only English"}, agent=SYSTEM)
    assert [problem.pointer for problem in raised.value.problems] == ["/key", "/zh-CN"]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_only_what_the_table_says(role) -> None:
    agent = Agent(key="x", roles=frozenset({role}))
    for action in rights.ACTIONS:
        if action in rights.TABLE[role]:
            rights.need(agent, action)
        else:
            with pytest.raises(errors.Forbidden) as raised:
                rights.need(agent, action)
            assert rights.ROLE_NAMES["admin"]["en"] in raised.value.text["en"]


def test_staff_can_neither_manage_people_nor_release_nor_see_every_case() -> None:
    assert not {"people.manage", "process.release", "case.see_all", "case.cancel"} & rights.TABLE["staff"]


def test_a_token_speaks_for_its_person_until_it_is_taken_back(engine: SimpleNamespace) -> None:
    token, row = api_tokens.issue(engine, person="li", name="CRM", scopes=("read",), agent=SYSTEM, now=NOW)
    agent, scopes = api_tokens.find(engine, token=token, now=NOW)
    assert (agent.key, scopes) == ("li", ("read",))
    assert api_tokens.find(engine, token=token[:-1], now=NOW) is None
    api_tokens.revoke(engine, token_sha256=row.token_sha256, agent=SYSTEM, now=NOW)
    assert api_tokens.find(engine, token=token, now=NOW) is None


def test_nobody_issues_a_token_for_somebody_else_or_with_a_scope_that_is_none(engine: SimpleNamespace) -> None:
    with pytest.raises(errors.Forbidden):
        api_tokens.issue(engine, person="boss", name="x", scopes=("read",), agent=STAFF, now=NOW)
    with pytest.raises(errors.Invalid):
        api_tokens.issue(engine, person="li", name="x", scopes=("root",), agent=STAFF, now=NOW)
