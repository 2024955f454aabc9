"""How often a token may ask."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import app
from engine.clock import HandClock
from engine.settings import Settings
from tests.web.api.conftest import MONDAY, Programs
from web.api.pace import MOST_TOKENS, Pace


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Programs]:
    """60 a minute, 6 at once."""
    clock = HandClock(MONDAY)
    wanted = Settings(data_dir=tmp_path, queue="inline", api_requests_per_minute=60)
    engine = app.build(wanted, clock=clock, dispatcher=False)
    try:
        programs = Programs(engine, clock)
        programs.person("ada", "admin")
        programs.person("ivy", "integrator")
        yield programs
    finally:
        engine.close()


def test_who_asks_too_often_is_told_when_to_come_again(slow: Programs) -> None:
    assert [slow.get("/me").status_code for _ in range(6)] == [200] * 6
    refused = slow.get("/me")
    assert (refused.status_code, refused.json["code"]) == (429, "http_429")
    assert refused.headers["Retry-After"] == "1"
    assert refused.json["text"]["zh-CN"] == "请求过于频繁，请稍后再试"
    slow.clock.advance(timedelta(seconds=int(refused.headers["Retry-After"])))
    assert slow.get("/me").status_code == 200


def test_each_token_has_a_pace_of_its_own(slow: Programs) -> None:
    while slow.get("/me").status_code == 200:
        pass
    assert slow.get("/me", by="ivy").status_code == 200


def test_who_has_no_valid_token_uses_up_nobody_s(slow: Programs) -> None:
    for _ in range(20):
        assert slow.client.get("/v1/me", headers={"Authorization": "Bearer crm_wrong"}).status_code == 401
    assert slow.get("/me").status_code == 200


def test_health_is_asked_without_a_token_as_often_as_one_likes(slow: Programs) -> None:
    assert {slow.client.get("/v1/health/live").status_code for _ in range(50)} == {200}


def test_no_limit_is_none() -> None:
    pace = Pace(0)
    assert {pace.wait_seconds("t", MONDAY) for _ in range(1000)} == {0}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=200), st.integers(60, 1200))
def test_never_more_than_the_burst_and_what_filled_since(pauses_ms: list[int], per_minute: int) -> None:
    pace, now, passed = Pace(per_minute), MONDAY, 0
    for pause in pauses_ms:
        now += timedelta(milliseconds=pause)
        passed += pace.wait_seconds("t", now) == 0
    most = max(1, per_minute / 10) + sum(pauses_ms) / 1000 * per_minute / 60
    assert passed <= most + 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 1200), st.integers(0, 50))
def test_who_waits_as_long_as_told_may_pass(per_minute: int, more: int) -> None:
    pace, now = Pace(per_minute), MONDAY
    while not (wait := pace.wait_seconds("t", now)):
        pass
    assert pace.wait_seconds("t", now + timedelta(seconds=wait + more)) == 0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    pace = Pace(60)
    while not pace.wait_seconds("t", MONDAY):
        pass
    assert pace.wait_seconds("t", MONDAY - timedelta(hours=1)) > 0
    assert pace.wait_seconds("t", MONDAY) > 0


def test_tokens_that_were_not_seen_for_long_are_forgotten() -> None:
    pace = Pace(60)
    for number in range(MOST_TOKENS + 10):
        pace.wait_seconds(str(number), MONDAY)
    assert len(pace._left) == MOST_TOKENS
