"""Tokens of programs: who may give them, to whom, for what, how long, and that nothing of them lies in the database."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace

import pytest

from engine import errors
from engine.people import Agent, api_tokens, users
from engine.people.agent import SYSTEM
from tests.unit.people.conftest import NOW

LI = Agent(key="li", name="Li", roles=frozenset({"staff"}))
BOSS = Agent(key="boss", name="Boss", roles=frozenset({"admin"}))
NOBODY = Agent(key="li", name="Li")


def issued(engine: SimpleNamespace, person: str = "li", agent: Agent = LI, scopes=("read",), **more):
    return api_tokens.issue(engine, person=person, name="CRM", scopes=scopes, agent=agent, now=NOW, **more)


def found(engine: SimpleNamespace, token: str, **later: float):
    return api_tokens.find(engine, token=token, now=NOW + timedelta(**later))


@pytest.mark.parametrize("scopes", [("read",), ("write",), ("admin",), ("read", "write", "admin")])
def test_a_token_carries_the_scopes_it_was_given(engine: SimpleNamespace, scopes: tuple[str, ...]) -> None:
    token, row = issued(engine, scopes=scopes)
    agent, carried = found(engine, token)
    assert (agent.key, agent.roles, agent.groups, carried) == ("li", {"staff"}, {"sales-approval"}, scopes)
    assert row.scopes == scopes


@pytest.mark.parametrize("scopes", [(), ("root",), ("read", "root"), ("READ",), ("",)])
def test_a_scope_that_is_none_is_refused_with_those_there_are(engine: SimpleNamespace, scopes) -> None:
    with pytest.raises(errors.Invalid) as raised:
        issued(engine, scopes=scopes)
    assert raised.value.code == "scope_unknown"
    assert raised.value.text["en"] == "expected scopes among read, write, admin"
    assert raised.value.text["zh-CN"] == "权限范围须为 read、write、admin 之一。"


def test_the_database_keeps_a_fingerprint_and_not_the_token(engine: SimpleNamespace) -> None:
    token, row = issued(engine)
    assert token.startswith("crm_") and len(token) == 4 + 43
    assert row.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    (kept,) = api_tokens.held(engine, person="li", agent=LI)
    assert token not in repr(kept)


def test_no_two_tokens_are_the_same(engine: SimpleNamespace) -> None:
    assert len({issued(engine)[0] for _ in range(20)}) == 20


@pytest.mark.parametrize("wrong", ["", "crm_", "crm_x", " ", "Bearer x", "\x00", "李" * 50, "x" * 10_000])
def test_what_is_no_token_opens_nothing(engine: SimpleNamespace, wrong: str) -> None:
    issued(engine)
    assert found(engine, wrong) is None


def test_a_token_of_another_case_or_with_a_space_is_another(engine: SimpleNamespace) -> None:
    token, _ = issued(engine)
    assert [found(engine, other) for other in (token.swapcase(), f" {token}", f"{token}\n", token[4:])] == [None] * 4


def test_a_name_is_cut_to_what_a_list_can_show(engine: SimpleNamespace) -> None:
    _, row = api_tokens.issue(engine, person="li", name=f"  {'x' * 99} ", scopes=("read",), agent=LI, now=NOW)
    assert row.name == "x" * 80


@pytest.mark.parametrize(("seconds", "works"), [(-1, True), (0, False), (1, False)])
def test_a_token_ends_at_its_moment(engine: SimpleNamespace, seconds: int, works: bool) -> None:
    token, _ = issued(engine, expires_at=NOW + timedelta(days=30))
    assert (found(engine, token, days=30, seconds=seconds) is not None) == works


def test_a_token_without_an_end_works_for_years(engine: SimpleNamespace) -> None:
    token, _ = issued(engine)
    assert found(engine, token, days=3650) is not None


def test_who_left_has_no_working_token_and_who_comes_back_has(engine: SimpleNamespace) -> None:
    token, _ = issued(engine)
    for active in (False, True):
        profile = users.Profile(name="Li")
        users.change_user(engine, key="li", profile=profile, active=active, agent=SYSTEM, now=NOW)
        assert (found(engine, token) is not None) == active


def test_a_token_speaks_with_the_roles_its_person_has_now(engine: SimpleNamespace) -> None:
    token, _ = issued(engine)
    profile = users.Profile(name="Li", roles=("designer",), locale="en")
    users.change_user(engine, key="li", profile=profile, active=True, agent=SYSTEM, now=NOW)
    agent, _ = found(engine, token)
    assert (agent.roles, agent.groups, agent.locale) == ({"designer"}, frozenset(), "en")


def test_when_it_was_used_last_is_noted_at_most_once_a_minute(engine: SimpleNamespace) -> None:
    token, _ = issued(engine)
    noted = []
    for seconds in (0, 30, 59, 60, 61, 119, 120):
        assert found(engine, token, seconds=seconds)
        (row,) = api_tokens.held(engine, person="li", agent=LI)
        noted.append((row.used_at - NOW).total_seconds())
    assert noted == [0, 0, 0, 60, 60, 60, 120]


def test_a_token_that_was_never_used_says_so(engine: SimpleNamespace) -> None:
    issued(engine)
    (row,) = api_tokens.held(engine, person="li", agent=LI)
    assert (row.used_at, row.revoked_at, row.created_at) == (None, None, NOW)


WHO_GIVES = [
    ("li", LI, None),
    ("li", BOSS, None),
    ("boss", BOSS, None),
    ("boss", LI, errors.Forbidden),
    ("nobody", LI, errors.Forbidden),
    ("nobody", BOSS, errors.NotFound),
    ("li", NOBODY, errors.Forbidden),  # one's own, but without the right to use the API
]


@pytest.mark.parametrize(("person", "agent", "refused"), WHO_GIVES)
def test_who_may_give_a_token_to_whom(engine: SimpleNamespace, person, agent, refused) -> None:
    if refused is None:
        assert issued(engine, person, agent)[1].person == person
        return
    with pytest.raises(refused):
        issued(engine, person, agent)


WHO_SEES = [("li", LI, None), ("li", BOSS, None), ("boss", LI, errors.Forbidden), ("nobody", BOSS, errors.NotFound)]


@pytest.mark.parametrize(("person", "agent", "refused"), WHO_SEES)
def test_who_may_see_whose_tokens(engine: SimpleNamespace, person, agent, refused) -> None:
    if refused is None:
        assert api_tokens.held(engine, person=person, agent=agent) == []
        return
    with pytest.raises(refused):
        api_tokens.held(engine, person=person, agent=agent)


@pytest.mark.parametrize(("owner", "by", "works"), [("li", LI, False), ("li", BOSS, False), ("boss", LI, True)])
def test_who_may_take_a_token_back(engine: SimpleNamespace, owner: str, by: Agent, works: bool) -> None:
    token, row = issued(engine, owner, BOSS)
    if works:
        with pytest.raises(errors.NotFound) as raised:  # whether it exists is not told either
            api_tokens.revoke(engine, token_sha256=row.token_sha256, agent=by, now=NOW)
        assert raised.value.code == "token_unknown"
    else:
        api_tokens.revoke(engine, token_sha256=row.token_sha256, agent=by, now=NOW)
    assert (found(engine, token) is not None) == works


def test_taking_back_twice_keeps_the_first_moment(engine: SimpleNamespace) -> None:
    _, row = issued(engine)
    for minutes in (1, 2):
        moment = NOW + timedelta(minutes=minutes)
        api_tokens.revoke(engine, token_sha256=row.token_sha256, agent=LI, now=moment)
    (kept,) = api_tokens.held(engine, person="li", agent=LI)
    assert kept.revoked_at == NOW + timedelta(minutes=1)


def test_what_nobody_gave_cannot_be_taken_back(engine: SimpleNamespace) -> None:
    with pytest.raises(errors.NotFound):
        api_tokens.revoke(engine, token_sha256="0" * 64, agent=BOSS, now=NOW)


def test_taking_one_back_leaves_the_others(engine: SimpleNamespace) -> None:
    (first, row), (second, _) = issued(engine), issued(engine)
    api_tokens.revoke(engine, token_sha256=row.token_sha256, agent=LI, now=NOW)
    assert (found(engine, first), found(engine, second) is not None) == (None, True)
    assert len(api_tokens.held(engine, person="li", agent=LI)) == 2


def test_tokens_are_listed_the_newest_first(engine: SimpleNamespace) -> None:
    for day in (2, 0, 1):
        moment = NOW + timedelta(days=day)
        api_tokens.issue(engine, person="li", name=str(day), scopes=("read",), agent=LI, now=moment)
    assert [row.name for row in api_tokens.held(engine, person="li", agent=LI)] == ["2", "1", "0"]
