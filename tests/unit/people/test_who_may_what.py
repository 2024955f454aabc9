"""Roles by table, who sees which cases, agents as they are stored, groups, doors, and passwords one rule at a time."""

import threading
from datetime import timedelta
from itertools import combinations
from types import SimpleNamespace

import argon2
import msgspec
import pytest

from engine import errors
from engine.people import Agent, agents, groups, login, passwords, rights, scope, sessions, users
from engine.people.agent import ROLES, SYSTEM
from tests.unit.people.conftest import NOW, PASSWORD

EVERYBODY = {"case.start", "case.see", "customer.see", "process.see", "api.use"}
ONLY = {
    # action: the roles that may, but for the administrator, who may everything
    "task.work": {"staff", "designer"},
    "case.see_all": {"designer", "integrator"},
    "case.variables": {"designer", "integrator"},
    "case.hold": {"staff", "designer"},
    "case.cancel": set(),
    "case.modify": set(),
    "case.migrate": set(),
    "incident.mend": set(),
    "message.send": {"designer", "integrator"},
    "job.work": {"integrator"},
    "customer.change": {"staff", "integrator"},
    "group.decide": set(),
    "process.draw": {"designer"},
    "process.release": {"designer"},
    "matrix.see": {"designer"},
    "variant.edit": {"designer"},
    "variant.approve": {"designer"},
    "people.manage": set(),
    "calendar.edit": set(),
    "operations.see": set(),
    "outside.manage": set(),
}


def acting(*roles: str, key: str = "x", **more) -> Agent:
    return Agent(key=key, roles=frozenset(roles), **more)


def test_every_action_is_told_here() -> None:
    assert EVERYBODY | set(ONLY) == set(rights.ACTIONS)
    assert not EVERYBODY & set(ONLY)


@pytest.mark.parametrize("action", sorted(ONLY))
def test_an_action_is_for_the_roles_that_this_table_names(action) -> None:
    assert {role for role in ROLES if rights.may(acting(role), action)} == ONLY[action] | {"admin"}


@pytest.mark.parametrize("action", sorted(EVERYBODY))
def test_what_everybody_with_a_role_may(action) -> None:
    assert all(rights.may(acting(role), action) for role in ROLES)


@pytest.mark.parametrize("pair", list(combinations(ROLES, 2)))
def test_who_has_two_roles_may_what_either_may(pair: tuple[str, str]) -> None:
    for action in rights.ACTIONS:
        assert rights.may(acting(*pair), action) == any(rights.may(acting(role), action) for role in pair)


@pytest.mark.parametrize("action", rights.ACTIONS)
def test_without_a_role_nothing_is_allowed_and_the_system_may_everything(action) -> None:
    assert not rights.may(acting(), action)
    rights.need(SYSTEM, action)


def test_who_may_not_is_told_who_could_in_both_languages() -> None:
    with pytest.raises(errors.Forbidden) as raised:
        rights.need(acting("staff", key="li"), "process.draw")
    assert raised.value.text == {
        "en": "This needs one of these roles: Designer, Administrator.",
        "zh-CN": "此操作需要以下角色之一：流程设计、管理员。",
    }
    assert raised.value.ids == {"action": "process.draw", "agent": "li"}
    assert raised.value.status == 403


SEEN = [
    (acting("staff", key="li"), ("li", "u:li", "s:li", "d:li", "a:li")),
    (acting("staff", key="li", groups=frozenset({"b", "a"})), ("li", "u:li", "s:li", "d:li", "a:li", "g:a", "g:b")),
    (acting(key="li"), ("li", "u:li", "s:li", "d:li", "a:li")),
    (acting("designer", key="li"), ()),
    (acting("admin", key="li", groups=frozenset({"a"})), ()),
    (acting("integrator", key="li"), ()),
    (acting("staff", "designer", key="li"), ()),
    (SYSTEM, ()),
]


@pytest.mark.parametrize(("agent", "names"), SEEN)
def test_staff_see_cases_under_their_own_names_and_others_every_case(agent: Agent, names: tuple[str, ...]) -> None:
    assert scope.of(agent) == names


def test_a_case_that_does_not_exist_is_not_found_and_without_the_right_it_is_not_even_looked_for(engine) -> None:
    for agent in (acting("staff"), acting("admin")):
        with pytest.raises(errors.NotFound) as raised:
            scope.need(engine, instance_id="nowhere", agent=agent)
        assert raised.value.code == "instance_unknown"
    with pytest.raises(errors.Forbidden):
        scope.need(engine, instance_id="nowhere", agent=acting())


def test_a_stored_role_that_is_none_any_more_is_dropped(engine: SimpleNamespace) -> None:
    with engine.store.reading() as tx:
        person = tx.people.get("li")
    assert agents.of(msgspec.structs.replace(person, roles=("king",))).roles == frozenset()


def test_who_is_not_there_is_named(engine: SimpleNamespace) -> None:
    with engine.store.reading() as tx, pytest.raises(errors.NotFound) as raised:
        agents.found(tx, "nobody")
    assert raised.value.text == {"en": "There is no user “nobody”.", "zh-CN": "没有用户“nobody”。"}


GROUPS = [
    ("sales", {"zh-CN": "销售", "en": "Sales"}, []),
    ("a", {"zh-CN": "组", "en": "G"}, []),
    ("2nd-line.eu_x", {"zh-CN": "组", "en": "G"}, []),
    ("x" * 60, {"zh-CN": "组", "en": "G"}, []),
    ("x" * 61, {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("", {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("Sales", {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("-a", {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("a b", {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("a\n", {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("销售", {"zh-CN": "组", "en": "G"}, ["/key"]),
    ("a", {}, ["/zh-CN", "/en"]),
    ("a", {"zh-CN": "组"}, ["/en"]),
    ("a", {"zh-CN": "  ", "en": "G"}, ["/zh-CN"]),
    ("a", {"zh-CN": "组" * 60, "en": "G" * 61}, ["/en"]),
    ("A", {"en": ""}, ["/key", "/zh-CN", "/en"]),
]


@pytest.mark.parametrize(("key", "texts", "wrong"), GROUPS)
def test_a_group_has_a_plain_key_and_a_name_in_each_language(engine, key, texts, wrong) -> None:
    if not wrong:
        assert groups.put_group(engine, key=key, texts=texts, agent=SYSTEM).key == key
        assert key in groups.names(engine)
        return
    with pytest.raises(errors.Invalid) as raised:
        groups.put_group(engine, key=key, texts=texts, agent=SYSTEM)
    assert [problem.pointer for problem in raised.value.problems] == wrong
    assert all(set(problem.text) == {"zh-CN", "en"} for problem in raised.value.problems)


def test_a_group_is_renamed_by_its_key_and_groups_are_listed_by_it(engine: SimpleNamespace) -> None:
    for key, name in (("z", "Last"), ("a", "First"), ("z", " Renamed ")):
        groups.put_group(engine, key=key, texts={"zh-CN": "组", "en": name}, agent=SYSTEM, manager="boss")
    assert [group.key for group in groups.groups(engine)] == ["a", "sales-approval", "z"]
    assert groups.names(engine) == {"a": "First", "sales-approval": "Sales approval", "z": "Renamed"}
    assert groups.names(engine, "zh-CN")["sales-approval"] == "销售审批"
    assert groups.names(engine, "fr")["a"] == "First"  # a language that is not there falls back to English


PASSWORDS = [
    ("correct horse 9", "li", []),
    ("1234567890", "li", []),
    ("密码密码一二三四五六", "li", []),
    ("a" * 7 + "bcd", "li", []),
    ("x1y2" * 64, "li", []),
    ("", "li", ["Use at least 10 characters."]),
    ("123456789", "li", ["Use at least 10 characters."]),
    ("x1y2" * 64 + "z", "li", ["Use at most 256 characters."]),
    ("aaaaaaaaaa", "li", ["Use at least 4 different characters."]),
    ("ababcabcab", "li", ["Use at least 4 different characters."]),
    ("aaaa", "li", ["Use at least 10 characters.", "Use at least 4 different characters."]),
    ("wang-is-here", "wang", ["The password must not contain the login name."]),
    ("WANG-is-here", "wang", ["The password must not contain the login name."]),
    ("WangWang", "wang", ["Use at least 10 characters.", "The password must not contain the login name."]),
    ("correct horse 9", "", []),  # of nobody
]


@pytest.mark.parametrize(("password", "key", "told"), PASSWORDS)
def test_what_a_password_must_not_be_is_told_all_at_once(password: str, key: str, told: list[str]) -> None:
    if not told:
        passwords.check(password, key=key)
        return
    with pytest.raises(errors.Invalid) as raised:
        passwords.check(password, key=key)
    assert [problem.text["en"] for problem in raised.value.problems] == told
    assert {problem.pointer for problem in raised.value.problems} == {"/password"}
    assert all(problem.text["zh-CN"].startswith("密码") for problem in raised.value.problems)


def test_a_stored_password_matches_itself_alone() -> None:
    stored = passwords.hashed(PASSWORD)
    wrong = ["", PASSWORD[:-1], PASSWORD + " ", PASSWORD.upper(), stored]
    assert passwords.matches(stored, PASSWORD)
    assert not any(passwords.matches(stored, other) for other in wrong)
    assert passwords.hashed(PASSWORD) != stored, "each with a salt of its own"


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_what_is_no_stored_password_matches_nothing(stored: str) -> None:
    assert not passwords.matches(stored, PASSWORD)
    assert not passwords.matches(stored, "")
    assert not passwords.matches(stored, "the password of nobody")


def test_a_password_of_weaker_days_is_kept_stronger_at_the_next_login(engine: SimpleNamespace) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with engine.store.transaction() as tx:
        tx.people.put(msgspec.structs.replace(tx.people.get("li"), password_hash=weak))
    assert passwords.outdated(weak)
    assert login.authenticate(engine, key="li", password=PASSWORD, now=NOW).key == "li"
    with engine.store.reading() as tx:
        stored = tx.people.get("li").password_hash
    assert not passwords.outdated(stored) and passwords.matches(stored, PASSWORD)


def test_how_long_the_door_stays_shut_is_told_in_whole_minutes(engine: SimpleNamespace) -> None:
    moment, told = NOW, []
    tries = [5, 1, 1, 1, 1, 1, 1]
    for wrong in tries:
        for _ in range(wrong):
            assert refused(engine, moment).code == "login_refused"
        blocked = refused(engine, moment)
        told.append((blocked.code, blocked.ids["minutes"], blocked.text["en"]))
        moment += login.LONGEST_BLOCK
    assert told == [
        ("login_blocked", n, f"Too many wrong passwords. Try again in {n} min.") for n in (1, 1, 2, 4, 8, 15, 15)
    ]


def refused(engine: SimpleNamespace, moment) -> errors.Forbidden:
    with pytest.raises(errors.Forbidden) as raised:
        login.authenticate(engine, key="li", password="wrong", now=moment)
    return raised.value


def test_sessions_that_are_over_are_swept_when_somebody_signs_in(engine: SimpleNamespace) -> None:
    agent = acting("staff", key="li")
    old = sessions.begin(engine, agent=agent, now=NOW)
    sessions.begin(engine, agent=agent, now=NOW + timedelta(days=1))
    assert sessions.find(engine, token=old, now=NOW) is None, "twelve hours idle: it is not there any more"


def test_being_seen_is_written_no_more_often_than_every_five_minutes(engine: SimpleNamespace) -> None:
    token = sessions.begin(engine, agent=acting("staff", key="li"), now=NOW)
    idle = timedelta(hours=12)
    assert sessions.find(engine, token=token, now=NOW + timedelta(minutes=4, seconds=59))
    assert sessions.find(engine, token=token, now=NOW + idle) is None, "the look before was not written"
    assert sessions.find(engine, token=token, now=NOW + timedelta(minutes=5))
    assert sessions.find(engine, token=token, now=NOW + timedelta(minutes=4) + idle) is not None


def test_of_two_administrators_who_dismiss_each_other_at_once_one_remains(engine: SimpleNamespace) -> None:
    profile = users.Profile(name="Second", roles=("admin",))
    users.add_user(engine, key="second", profile=profile, password=PASSWORD, agent=SYSTEM, now=NOW)
    both_ready = threading.Barrier(2)
    refused: list[str] = []

    def dismiss(key: str) -> None:
        both_ready.wait()
        try:
            left = users.Profile(name=key)
            users.change_user(engine, key=key, profile=left, active=True, agent=SYSTEM, now=NOW)
        except errors.Conflict as error:
            refused.append(error.code)

    threads = [threading.Thread(target=dismiss, args=(key,)) for key in ("boss", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    admins = [person.key for person in users.users(engine, agent=SYSTEM) if "admin" in person.roles]
    assert (len(admins), refused) == (1, ["last_admin"])


def test_a_login_name_asked_for_twice_at_once_is_given_once(engine: SimpleNamespace) -> None:
    both_ready = threading.Barrier(2)
    outcomes: list[str] = []

    def add() -> None:
        both_ready.wait()
        try:
            profile = users.Profile(name="New")
            users.add_user(engine, key="newcomer", profile=profile, password=PASSWORD, agent=SYSTEM, now=NOW)
            outcomes.append("added")
        except errors.Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "person_exists"]


def test_people_are_listed_by_name_and_those_who_left_come_last(engine: SimpleNamespace) -> None:
    for key, name in (("zz", "adam"), ("yy", "Zoe"), ("xx", "adam")):
        users.add_user(engine, key=key, profile=users.Profile(name=name), password=PASSWORD, agent=SYSTEM, now=NOW)
    users.change_user(engine, key="zz", profile=users.Profile(name="adam"), active=False, agent=SYSTEM, now=NOW)
    assert [person.key for person in users.users(engine, agent=SYSTEM)] == ["xx", "boss", "li", "yy", "zz"]
    assert users.names(engine)["zz"] == "adam", "history still names who left"
