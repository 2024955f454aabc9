"""A customer's beginning: nothing is asked for twice, and the first value is dated once."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.domain import onboarding
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

DAY = timedelta(days=1)
NEEDED = ["licence", "tax_data", "privacy"]


@pytest.fixture
def opened(ask: Run) -> None:
    ask("onboarding.open", onboarding="ON-1", needed=NEEDED)


@pytest.mark.parametrize(
    ("needed", "received", "left"),
    [
        ([], [], []),
        (["a"], [], ["a"]),
        (["a", "b"], ["b", "x"], ["a"]),
        (["b", "a"], [], ["b", "a"]),
        (["a"], ["a"], []),
    ],
)
def test_what_is_missing_keeps_the_order_of_the_list(needed: list[str], received: list[str], left: list[str]) -> None:
    assert onboarding.missing(needed, received) == left


def test_an_opened_onboarding_misses_everything_and_stays_as_it_was_opened(ask: Run, opened: None) -> None:
    assert ask("onboarding.open", onboarding="ON-1", needed=["other"]).data == {
        "onboardingNo": "ON-1",
        "missing": NEEDED,
    }


def test_documents_add_up_over_the_rounds(ask: Run, opened: None) -> None:
    first = ask("onboarding.receive", job="j-1", onboarding="ON-1", documents=["licence"]).data
    assert first == {"missing": ["tax_data", "privacy"], "complete": False, "rounds": 1}
    second = ask("onboarding.receive", job="j-2", onboarding="ON-1", documents=["privacy", "tax_data"]).data
    assert second == {"missing": [], "complete": True, "rounds": 2}


def test_a_round_that_runs_twice_is_one_round(ask: Run, opened: None) -> None:
    told = [ask("onboarding.receive", job="j-1", onboarding="ON-1", documents=["licence"]).data for _ in range(2)]
    assert told[0] == told[1]


@given(st.lists(st.lists(st.sampled_from([*NEEDED, "extra"]), max_size=4), max_size=4))
@settings(max_examples=50, deadline=None)
def test_in_whatever_rounds_they_come_missing_is_what_never_came(rounds: list[list[str]]) -> None:
    received: list[str] = []
    for documents in rounds:
        received = list(dict.fromkeys([*received, *documents]))
    assert set(onboarding.missing(NEEDED, received)) == set(NEEDED) - {one for some in rounds for one in some}


def test_the_first_value_is_dated_once(ask: Run, opened: None, store: Store) -> None:
    told = [ask("onboarding.first_value", onboarding="ON-1", now=NOON + days * DAY).data for days in (12, 20)]
    assert told == [{"days_to_value": 12}, {"days_to_value": 12}]


def test_how_it_ended_is_kept_with_its_first_moment(ask: Run, opened: None, store: Store) -> None:
    for days, outcome in ((3, "live"), (4, "live")):
        ask("onboarding.end", onboarding="ON-1", outcome=outcome, now=NOON + days * DAY)
    with store.reading() as tx:
        kept = tx.onboardings.get("ON-1")
    assert kept is not None and (kept.outcome, kept.ended_at, kept.customer) == ("live", NOON + 3 * DAY, "c-1")


@pytest.mark.parametrize("handler", ["onboarding.receive", "onboarding.first_value", "onboarding.end"])
def test_an_onboarding_that_nobody_opened_is_told_in_both_languages(ask: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        ask(handler, onboarding="ON-9", outcome="live")
    assert len([words for words in caught.value.text.values() if "ON-9" in words]) == 2


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("onboarding.open", {}, "onboarding"),
        ("onboarding.open", {"onboarding": "ON-2", "needed": "all"}, "needed"),
        ("onboarding.receive", {"onboarding": "ON-1", "documents": "licence"}, "documents"),
        ("onboarding.end", {"onboarding": "ON-1"}, "outcome"),
        ("onboarding.end", {"onboarding": 5, "outcome": "live"}, "onboarding"),
    ],
)
def test_what_is_none_is_named(ask: Run, opened: None, handler: str, values: dict[str, object], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
