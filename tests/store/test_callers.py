"""Whom a token speaks for is asked once a second, and whatever changes that is known at once in this process."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import app, ports
from engine.clock import HandClock
from engine.people import api_tokens, groups, tokens, users
from engine.people.agent import SYSTEM
from engine.settings import Settings
from tests.house import MONDAY

PASSWORD = "a long enough password 7"


class Installation:
    def __init__(self, url: str, folder: Any) -> None:
        self.clock = HandClock(MONDAY)
        settings = Settings(database_url=url, data_dir=folder, queue="inline")
        self.engine: ports.Engine = app.build(settings, clock=self.clock, dispatcher=False)

    def find(self, token: str) -> Any:
        return api_tokens.find(self.engine, token=token, now=self.clock.now())

    def asked(self, work: Callable[[], Any]) -> int:
        """How many statements ``work`` said."""
        seen: list[str] = []

        def count(*said: Any) -> None:
            seen.append(said[2])

        database = self.engine.store.database.engine  # type: ignore[attr-defined]
        sa.event.listen(database, "before_cursor_execute", count)
        work()
        sa.event.remove(database, "before_cursor_execute", count)
        return len(seen)


@pytest.fixture
def here(url: str, tmp_path: Any) -> Iterator[Installation]:
    made = Installation(url, tmp_path)
    yield made
    made.engine.close()


@pytest.fixture
def token(here: Installation) -> str:
    groups.put_group(here.engine, key="sales", texts={"en": "Sales", "zh-CN": "销售"}, agent=SYSTEM)
    profile = users.Profile(name="Bo", roles=("staff",), groups=())
    users.add_user(here.engine, key="bo", profile=profile, password=PASSWORD, agent=SYSTEM, now=here.clock.now())
    made, _ = api_tokens.issue(
        here.engine, person="bo", name="t", scopes=("read",), agent=SYSTEM, now=here.clock.now(),
        expires_at=here.clock.now() + timedelta(hours=1),
    )  # fmt: skip
    here.find(made)  # notes its first use
    return made


def changed(here: Installation, *, active: bool, groups: tuple[str, ...] = ()) -> None:
    profile = users.Profile(name="Bo", roles=("staff",), groups=groups)
    users.change_user(here.engine, key="bo", profile=profile, active=active, agent=SYSTEM, now=here.clock.now())


def test_a_second_request_within_a_second_asks_the_database_nothing(here: Installation, token: str) -> None:
    first = here.find(token)
    assert here.asked(lambda: here.find(token)) == 0
    assert here.find(token) == first


def test_after_a_second_it_is_asked_again(here: Installation, token: str) -> None:
    here.find(token)
    here.clock.advance(timedelta(seconds=1))
    assert here.asked(lambda: here.find(token)) > 0


def test_an_unknown_token_is_never_believed_and_never_kept(here: Installation, token: str) -> None:
    for _ in range(2):
        assert here.find("crm_nobody") is None
        assert here.asked(lambda: here.find("crm_nobody")) > 0


def test_a_token_taken_back_here_is_refused_at_once(here: Installation, token: str) -> None:
    assert here.find(token) is not None
    api_tokens.revoke(here.engine, token_sha256=tokens.fingerprint(token), agent=SYSTEM, now=here.clock.now())
    assert here.find(token) is None


def test_a_token_taken_back_by_another_process_is_refused_within_a_second(
    here: Installation, token: str, url: str, tmp_path: Any
) -> None:
    assert here.find(token) is not None
    other = Installation(url, tmp_path)
    api_tokens.revoke(other.engine, token_sha256=tokens.fingerprint(token), agent=SYSTEM, now=here.clock.now())
    other.engine.close()
    here.clock.advance(timedelta(seconds=app.CALLERS_SECONDS))
    assert here.find(token) is None


def test_a_person_who_left_is_refused_at_once(here: Installation, token: str) -> None:
    profile = users.Profile(name="Boss", roles=("admin",))
    users.add_user(here.engine, key="boss", profile=profile, password=PASSWORD, agent=SYSTEM, now=here.clock.now())
    assert here.find(token) is not None
    changed(here, active=False)
    assert here.find(token) is None


def test_new_groups_of_a_person_count_at_once(here: Installation, token: str) -> None:
    profile = users.Profile(name="Boss", roles=("admin",))
    users.add_user(here.engine, key="boss", profile=profile, password=PASSWORD, agent=SYSTEM, now=here.clock.now())
    found = here.find(token)
    assert found is not None and found[0].groups == frozenset()
    changed(here, active=True, groups=("sales",))
    found = here.find(token)
    assert found is not None and found[0].groups == {"sales"}


def test_a_token_whose_time_is_over_is_refused_though_it_is_known(here: Installation, token: str) -> None:
    here.clock.advance(timedelta(minutes=59, seconds=59.5))
    assert here.find(token) is not None
    here.clock.advance(timedelta(seconds=0.5))
    assert here.asked(lambda: here.find(token)) == 0, "it was still known"
    assert here.find(token) is None


def test_a_change_that_was_undone_forgets_nobody(here: Installation, token: str) -> None:
    here.find(token)
    with pytest.raises(RuntimeError, match="undone"), here.engine.store.transaction() as tx:
        row = tx.people.token(tokens.fingerprint(token))
        assert row is not None
        tx.people.put_token(row)
        raise RuntimeError("undone")
    assert here.asked(lambda: here.find(token)) == 0


def test_a_house_that_nobody_told_to_remember_asks_each_time(here: Installation, token: str) -> None:
    plain = ports.Engine(**{**vars(here.engine), "callers": ports.Recent()})
    api_tokens.find(plain, token=token, now=here.clock.now())
    assert here.asked(lambda: api_tokens.find(plain, token=token, now=here.clock.now())) > 0
