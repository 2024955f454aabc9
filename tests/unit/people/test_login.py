"""Who gets in, who does not, and that nobody learns why not."""

from datetime import timedelta
from types import SimpleNamespace

import argon2
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


@pytest.fixture
def quick(engine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a password costs is tested elsewhere; here many are tried."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", cheap)
    users.reset_password(engine, key="li", password=PASSWORD, agent=SYSTEM)


HOME, AWAY = "192.0.2.7", "203.0.113.9"


def wrong(engine: SimpleNamespace, source: str, now=NOW, key: str = "li") -> str:
    with pytest.raises(errors.Forbidden) as raised:
        login.authenticate(engine, key=key, password="wrong password", now=now, source=source)
    return raised.value.code


def enters(engine: SimpleNamespace, source: str, now=NOW) -> bool:
    try:
        return login.authenticate(engine, key="li", password=PASSWORD, now=now, source=source).key == "li"
    except errors.Forbidden:
        return False


def test_nobody_shuts_the_door_for_whoever_sits_elsewhere(engine: SimpleNamespace) -> None:
    assert [wrong(engine, AWAY) for _ in range(6)] == ["login_refused"] * 5 + ["login_blocked"]
    assert enters(engine, HOME) and not enters(engine, AWAY)
    assert enters(engine, AWAY, NOW + timedelta(seconds=30))


def test_a_name_that_nobody_has_is_shut_alike(engine: SimpleNamespace) -> None:
    for key in ("li", "nobody", "x" * 300):
        assert [wrong(engine, AWAY, key=key) for _ in range(6)] == ["login_refused"] * 5 + ["login_blocked"]


def guessed_from_everywhere(engine: SimpleNamespace, times: int, now=NOW) -> None:
    """Each from another address, as fast as they are let."""
    for number in range(times):
        assert wrong(engine, f"198.51.{number // 200}.{number % 200}", now) == "login_refused"


@pytest.mark.usefixtures("quick")
def test_guesses_from_everywhere_slow_down_strange_places_and_not_the_persons_own(engine: SimpleNamespace) -> None:
    assert enters(engine, HOME)
    guessed_from_everywhere(engine, 29)
    assert enters(engine, AWAY, NOW), "one from which nobody has guessed"
    guessed_from_everywhere(engine, 1)
    assert wrong(engine, "192.0.2.99") == "login_blocked"
    assert enters(engine, HOME) and enters(engine, AWAY)
    assert not enters(engine, "192.0.2.98", NOW + timedelta(seconds=59))
    assert enters(engine, "192.0.2.98", NOW + timedelta(minutes=1))


@pytest.mark.usefixtures("quick")
def test_a_place_is_strange_again_after_thirty_days_and_wrong_ones_are_forgotten_after_one(
    engine: SimpleNamespace,
) -> None:
    assert enters(engine, HOME)
    later = NOW + timedelta(days=31)
    guessed_from_everywhere(engine, 30, later)
    assert not enters(engine, HOME, later)
    assert wrong(engine, "192.0.2.50", later + login.QUIET) == "login_refused"
    assert enters(engine, "192.0.2.51", later + login.QUIET), "counted anew"


@pytest.mark.usefixtures("quick")
def test_who_comes_in_often_stays_at_home_there(engine: SimpleNamespace) -> None:
    for day in range(0, 60, 5):
        assert enters(engine, HOME, NOW + timedelta(days=day))
    later = NOW + timedelta(days=60)
    guessed_from_everywhere(engine, 30, later)
    assert enters(engine, HOME, later)


@pytest.mark.parametrize(("failures", "minutes"), [(29, None), (30, 1), (99, 1), (100, 5), (10_000, 5)])
def test_the_slower_limit_has_two_steps(failures, minutes) -> None:
    assert login.slow_after(failures) == (minutes and timedelta(minutes=minutes))


PLACES = [
    # an address, the place that it stands for
    ("203.0.113.9", "203.0.113.9"),
    ("::ffff:203.0.113.9", "203.0.113.9"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
    ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ("fe80::1%eth0", "fe80::/64"),
    ("", ""),
    ("unix:" + "x" * 90, "unix:" + "x" * 59),
]


@pytest.mark.parametrize(("address", "place"), PLACES)
def test_a_place_is_an_address_or_the_network_of_one_household(address: str, place: str) -> None:
    assert login.place_of(address) == place


def told(engine: SimpleNamespace, source: str = HOME) -> tuple[int, str] | None:
    found = login.wrong_ones(engine, agent=login.Agent(key="li", name="Li"), source=source)
    return (found.count, found.place) if found else None


def test_a_person_is_told_once_of_wrong_passwords(engine: SimpleNamespace) -> None:
    for number, source in enumerate((HOME, AWAY, AWAY)):
        wrong(engine, source, NOW + timedelta(seconds=number))
    assert enters(engine, AWAY), "a good password forgets no wrong one that nobody was told of"
    assert told(engine) == (3, AWAY)
    assert told(engine) is None


def test_ones_own_few_slips_are_not_worth_a_word(engine: SimpleNamespace) -> None:
    for count in (1, 2, 3):
        for _ in range(count):
            wrong(engine, HOME)
        assert told(engine) == ((3, HOME) if count == 3 else None)
        users.reset_password(engine, key="li", password=PASSWORD, agent=SYSTEM)
    wrong(engine, HOME)
    assert told(engine, AWAY) == (1, HOME)


@pytest.mark.usefixtures("quick")
def test_a_new_password_opens_every_door(engine: SimpleNamespace) -> None:
    guessed_from_everywhere(engine, 30)
    assert not enters(engine, HOME)
    users.reset_password(engine, key="li", password=PASSWORD, agent=SYSTEM)
    assert enters(engine, HOME) and told(engine) is None


def test_what_is_long_past_is_swept_when_somebody_comes_in(engine: SimpleNamespace) -> None:
    wrong(engine, AWAY, key="nobody")
    assert enters(engine, HOME, NOW + timedelta(days=29))
    with engine.store.reading() as tx:
        assert tx.people.tries("nobody", AWAY).failures == 1
    assert enters(engine, AWAY, NOW + timedelta(days=31))
    with engine.store.reading() as tx:
        assert tx.people.tries("nobody", AWAY).seen_at is None and tx.people.tries("li", HOME).seen_at is not None


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
