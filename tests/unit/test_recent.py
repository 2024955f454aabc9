"""What was found a moment ago is believed for that moment, and no longer."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import recent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "later", "found"),
    [(1, 0, True), (1, 0.999, True), (1, 1, False), (1, 60, False), (1, -0.001, False), (0, 0, False)],
)
def test_a_value_is_kept_for_its_time_and_a_clock_that_goes_back_ends_it(
    seconds: float, later: float, found: bool
) -> None:
    kept: recent.Recent[str] = recent.Recent(seconds)
    kept.put("k", "v", NOW)
    assert kept.get("k", NOW + timedelta(seconds=later)) == ("v" if found else None)


def test_what_is_put_anew_begins_anew() -> None:
    kept: recent.Recent[str] = recent.Recent(1)
    kept.put("k", "old", NOW)
    kept.put("k", "new", NOW + timedelta(seconds=0.9))
    assert kept.get("k", NOW + timedelta(seconds=1.5)) == "new"


def test_a_change_forgets_all_at_once() -> None:
    kept: recent.Recent[str] = recent.Recent(1)
    for key in "abc":
        kept.put(key, key, NOW)
    kept.forget()
    assert [kept.get(key, NOW) for key in "abc"] == [None, None, None]


def test_there_are_never_more_than_the_limit_and_the_first_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST", 3)
    kept: recent.Recent[int] = recent.Recent(1)
    for number in range(5):
        kept.put(str(number), number, NOW)
    assert [kept.get(str(number), NOW) for number in range(5)] == [None, None, 2, 3, 4]
