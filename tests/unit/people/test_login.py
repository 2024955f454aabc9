"""Who gets in, who does not, and that nobody learns why not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from engine import errors
from engine.people import login, passwords, sessions, users
from engine.people.agent import SYSTEM
from tests.unit.people.conftest import NOW, PASSWORD

LATER = NOW + timedelta(days=1)


def refused(engine: SimpleNamespace, key: str, password: str, now=NOW) -> str:
    with pytest.raises(errors.Forbidden) as raised:
        login.authenticate(engine, key=key, password=password, now=now)
    return raised.value.code


def test_the_right_password_opens(engine: SimpleNamespace) -> None:
    agent = login.authenticate(engine, key=" Li ", password=PASSWORD, now=NOW)
    assert (agent.key, agent.roles, agent.groups) == ("li", {"staff"}, {"sales-approval"})


def test_an_unknown_name_a_wrong_password_and_one_who_left_hear_the_same(engine: SimpleNamespace) -> None:
    profile = users.Profile(name="Li")
    users.change_user(engine, key="li", profile=profile, active=False, agent=SYSTEM, now=NOW)
    answers = {
        refused(engine, "nobody", PASSWORD),
        refused(engine, "boss", "wrong password"),
        refused(engine, "li", PASSWORD),
    }
    assert answers == {"login_refused"}


def test_after_five_wrong_passwords_the_door_stays_shut_even_for_the_right_one(engine: SimpleNamespace) -> None:
    for _ in range(5):
        assert refused(engine, "li", "wrong password") == "login_refused"
    assert refused(engine, "li", PASSWORD, NOW + timedelta(seconds=29)) == "login_blocked"
    assert login.authenticate(engine, key="li", password=PASSWORD, now=NOW + timedelta(seconds=30)).key == "li"


def test_a_good_login_forgets_the_wrong_ones(engine: SimpleNamespace) -> None:
    for _ in range(4):
        refused(engine, "li", "wrong password")
    login.authenticate(engine, key="li", password=PASSWORD, now=NOW)
    for _ in range(4):
        refused(engine, "li", "wrong password")
    assert login.authenticate(engine, key="li", password=PASSWORD, now=NOW).key == "li"


@pytest.mark.parametrize(("failures", "seconds"), [(4, None), (5, 30), (6, 60), (9, 480), (10, 900), (99, 900)])
def test_the_door_stays_shut_twice_as_long_each_time_up_to_a_quarter_of_an_hour(failures, seconds) -> None:
    assert login.block_after(failures) == (seconds and timedelta(seconds=seconds))


def test_the_password_is_kept_as_argon2id_with_19_mib(engine: SimpleNamespace) -> None:
    with engine.store.reading() as tx:
        stored = tx.people.get("li").password_hash
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and PASSWORD not in stored


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "li-is-my-name", "x" * 300])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(errors.Invalid):
        passwords.check(weak, key="li")


def test_a_session_is_found_by_its_token_and_kept_only_as_a_hash(engine: SimpleNamespace) -> None:
    token = sessions.begin(engine, agent=login.authenticate(engine, key="li", password=PASSWORD, now=NOW), now=NOW)
    assert sessions.find(engine, token=token, now=NOW).key == "li"
    assert sessions.find(engine, token=token + "x", now=NOW) is None
    with engine.store.reading() as tx:
        assert tx.people.session(token) is None


def test_a_session_ends_when_idle_for_twelve_hours_or_after_seven_days(engine: SimpleNamespace) -> None:
    agent = login.authenticate(engine, key="li", password=PASSWORD, now=NOW)
    token = sessions.begin(engine, agent=agent, now=NOW)
    assert sessions.find(engine, token=token, now=NOW + timedelta(hours=11)) is not None
    assert sessions.find(engine, token=token, now=NOW + timedelta(hours=22)) is not None
    assert sessions.find(engine, token=token, now=NOW + timedelta(hours=35)) is None
    token = sessions.begin(engine, agent=agent, now=NOW)
    for hour in range(0, 7 * 24, 10):
        assert sessions.find(engine, token=token, now=NOW + timedelta(hours=hour)) is not None
    assert sessions.find(engine, token=token, now=NOW + timedelta(days=7)) is None


def test_leaving_a_new_password_and_deactivation_end_sessions_at_once(engine: SimpleNamespace) -> None:
    agent = login.authenticate(engine, key="li", password=PASSWORD, now=NOW)
    first, second, third = (sessions.begin(engine, agent=agent, now=NOW) for _ in range(3))
    sessions.end(engine, token=first)
    assert sessions.find(engine, token=first, now=NOW) is None
    users.reset_password(engine, key="li", password="another good one", agent=SYSTEM)
    assert sessions.find(engine, token=second, now=NOW) is sessions.find(engine, token=third, now=NOW) is None
    fourth = sessions.begin(engine, agent=agent, now=NOW)
    users.change_user(engine, key="li", profile=users.Profile(name="Li"), active=False, agent=SYSTEM, now=NOW)
    assert sessions.find(engine, token=fourth, now=NOW) is None
