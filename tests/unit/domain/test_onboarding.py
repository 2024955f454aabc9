"""A customer's beginning: nothing is asked for twice, and the first value is dated once."""

import threading
from concurrent import futures
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, records
from engine.domain import onboarding
from engine.store.unit_of_work import Store
from tests.store import rows
from tests.unit.domain.conftest import NOON, Run

DAY = timedelta(days=1)
NEEDED = ["licence", "tax_data", "privacy"]
ALONE = {"joined": False, "awaited": False, "waiting_case": ""}


def case(store: Store, key: str, status: records.InstanceStatus = "active") -> None:
    """That leads an onboarding, or has led it."""
    with store.transaction() as tx:
        if tx.processes.get("SFA-03") is None:
            rows.ground(tx)
        ended = None if status == "active" else NOON
        begun = msgspec.structs.replace(rows.instance(tx, key), status=status, ended_at=ended)
        tx.steps.begin(begun, b"", rows.written())


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
    told = ask("onboarding.open", onboarding="ON-1", needed=["other"]).data
    assert told == {"onboardingNo": "ON-1", "missing": NEEDED, **ALONE}


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


@pytest.mark.parametrize("opens", ["ON-2", "ON-1"])
def test_whatever_comes_second_joins_what_is_under_way(ask: Run, store: Store, opens: str) -> None:
    case(store, "i-1")
    ask("onboarding.open", onboarding="ON-1", needed=NEEDED)
    told = ask("onboarding.open", instance="i-2", onboarding=opens, needed=NEEDED).data
    assert (told["onboardingNo"], told["joined"], told["awaited"], told["missing"]) == ("ON-1", True, False, [])
    with store.reading() as tx:
        assert [one.id for one in tx.onboardings.of_customer("c-1")] == ["ON-1"]


def test_who_waits_is_named_at_the_end_once(ask: Run, store: Store) -> None:
    case(store, "i-1")
    ask("onboarding.open", onboarding="ON-1", needed=NEEDED)
    for waiting in ("i-2", "i-3", "i-2"):
        told = ask("onboarding.open", instance=waiting, onboarding="ON-2", needed=NEEDED, wait=True).data
        assert (told["awaited"], told["waiting_case"]) == (True, waiting)
    ask("onboarding.first_value", onboarding="ON-1", now=NOON + 9 * DAY)
    ended = ask("onboarding.end", onboarding="ON-1", outcome="live", now=NOON + 10 * DAY).data
    closing = {"onboarding_result": "live", "days_to_value": 9}
    assert ended == {**closing, "closing": closing, "awaited_by": ["i-2", "i-3"]}


def test_who_comes_after_a_good_end_is_told_of_it_and_waits_for_nothing(ask: Run, store: Store) -> None:
    ask("onboarding.open", onboarding="ON-1", needed=NEEDED)
    ask("onboarding.end", onboarding="ON-1", outcome="live")
    told = ask("onboarding.open", instance="i-2", onboarding="ON-2", needed=NEEDED, wait=True).data
    assert (told["joined"], told["awaited"], told["onboarding_result"]) == (True, False, "live")
    assert ask("onboarding.open", instance="i-3", onboarding="ON-3", needed=NEEDED, anew=True).data["joined"] is False


@pytest.mark.parametrize("outcome", ["stopped", "dropped"])
def test_after_a_bad_end_it_begins_anew_with_what_had_come(ask: Run, opened: None, outcome: str) -> None:
    ask("onboarding.receive", onboarding="ON-1", documents=["licence"])
    ask("onboarding.end", onboarding="ON-1", outcome=outcome)
    told = ask("onboarding.open", instance="i-2", onboarding="ON-1", needed=NEEDED).data
    assert told == {"onboardingNo": "ON-1", "missing": ["tax_data", "privacy"], **ALONE}


@pytest.mark.parametrize("status", ["cancelled", "completed", None])
def test_a_case_that_is_not_active_leads_nothing(ask: Run, store: Store, status: records.InstanceStatus | None) -> None:
    if status is not None:
        case(store, "i-1", status)
    ask("onboarding.open", onboarding="ON-1", needed=NEEDED)
    told = ask("onboarding.open", instance="i-2", onboarding="ON-2", needed=NEEDED).data
    assert (told["joined"], told["onboardingNo"]) == (False, "ON-2")


def test_customers_do_not_join_each_other_and_share_no_number(ask: Run, store: Store) -> None:
    case(store, "i-1")
    ask("onboarding.open", onboarding="ON-1", needed=NEEDED)
    assert not ask("onboarding.open", customer="c-2", instance="i-2", onboarding="ON-2", needed=NEEDED).data["joined"]
    with pytest.raises(errors.Conflict) as refused:
        ask("onboarding.open", customer="c-2", instance="i-2", onboarding="ON-1", needed=NEEDED)
    assert "ON-1" in refused.value.text["zh-CN"] and "another customer's" in refused.value.text["en"]


def test_of_two_at_the_same_moment_one_leads_and_one_joins(ask: Run, store: Store) -> None:
    for key in ("i-1", "i-2"):
        case(store, key)
    begin = threading.Barrier(2)

    def opens(key: str) -> bool:
        begin.wait(timeout=60)
        return bool(ask("onboarding.open", instance=key, onboarding=f"ON-{key}", needed=NEEDED).data["joined"])

    with futures.ThreadPoolExecutor(2) as people:
        assert sorted(people.map(opens, ("i-1", "i-2"))) == [False, True]
