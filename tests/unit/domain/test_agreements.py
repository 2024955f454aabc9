"""Service agreements: in force version by version, measured in open time, with penalties that have a roof."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import care, errors
from engine.domain import agreements, requests
from engine.facts import InstanceStarted, WorkItemActed, WorkItemCompleted
from engine.hours import keep
from engine.model.program import Program
from engine.records import Instance, Process, Written
from engine.schedule import calendars
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run, a_calendar, a_customer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TERMS: dict[str, Any] = {
    "agreement": "SA-1",
    "level": "silver",
    "calendar": "cn-5x8",
    "first_response_minutes": 60,
    "resolution_minutes": 480,
    "included_calls": 4,
    "monthly_fee": 1000,
    "penalty_percent": 5,
    "valid_from": "2026-03-01",
    "valid_to": "2027-02-28",
}


def versions(store: Store, number: str = "SA-1") -> list[tuple[int, str, int]]:
    with store.reading() as tx:
        return [(one.n, one.status, one.first_response_minutes) for one in tx.agreements.versions(number)]


# --- in force --------------------------------------------------------------------------------------------------------


def test_new_terms_are_a_new_version_and_the_one_before_is_replaced(ask: Run, store: Store) -> None:
    assert ask("agreements.activate", **TERMS).data == {"agreement_version": 1, "valid_to": "2027-02-28"}
    better = TERMS | {"first_response_minutes": 30}
    assert ask("agreements.activate", **better).data["agreement_version"] == 2
    assert versions(store) == [(2, "active", 30), (1, "replaced", 60)]


def test_the_same_terms_again_are_the_same_version_however_late(ask: Run, store: Store) -> None:
    for later in (timedelta(0), DAY):
        assert ask("agreements.activate", now=NOON + later, **TERMS).data["agreement_version"] == 1
    assert versions(store) == [(1, "active", 60)]


def test_an_ended_agreement_is_in_force_no_more_and_may_begin_anew(ask: Run, store: Store) -> None:
    ask("agreements.activate", **TERMS)
    ask("agreements.end", agreement="SA-1")
    with store.reading() as tx:
        assert tx.agreements.of_customer("c-1") == []
    ask("agreements.activate", **TERMS)
    assert versions(store) == [(2, "active", 60), (1, "ended", 60)]


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"level": "platinum"}, "level"),
        ({"level": None}, "level"),
        ({"calendar": "mars"}, "calendar"),
        ({"first_response_minutes": 0}, "first_response_minutes"),
        ({"resolution_minutes": "PT4H"}, "resolution_minutes"),
        ({"valid_from": "1.3.2026"}, "valid_from"),
        ({"valid_to": "2026-02-30"}, "valid_to"),
        ({"valid_to": "2026-02-28"}, "valid_to"),
        ({"included_calls": "many"}, "included_calls"),
        ({"agreement": ""}, "agreement"),
    ],
)
def test_terms_that_are_none_are_named(ask: Run, store: Store, wrong: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask("agreements.activate", **TERMS | wrong)
    assert caught.value.ids == {"handler": "agreements.activate", "parameter": parameter}
    assert parameter in caught.value.text["zh-CN"]
    assert versions(store) == []


@pytest.mark.parametrize("handler", ["agreements.end", "agreements.report"])
def test_an_agreement_that_nobody_made_is_told_in_both_languages(ask: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        ask(handler, agreement="SA-9")
    assert len([words for words in caught.value.text.values() if "SA-9" in words]) == 2


@pytest.mark.parametrize(
    ("today", "until", "covered"),
    [
        ("2026-03-02", "2026-01-31", True),
        ("2027-02-28", "2026-01-31", True),
        ("2027-03-01", "2026-01-31", False),
        ("2027-03-01", None, True),
        ("2026-02-28", "2026-02-28", True),
    ],
)
def test_an_agreement_in_force_entitles_and_without_one_the_term_of_the_customer_counts(
    ask: Run, store: Store, today: str, until: str | None, covered: bool
) -> None:
    attributes = {"service_until": until} if until else {}
    with store.transaction() as tx:
        tx.customers.add(a_customer("c-1", attributes=attributes))
    ask("agreements.activate", **TERMS)
    at = datetime.combine(date.fromisoformat(today), datetime.min.time(), UTC)
    assert ask("service.identify", subject="无法登录", now=at).data["entitled"] is covered


def test_another_s_agreement_entitles_nobody_else(ask: Run, store: Store) -> None:
    ask("agreements.activate", **TERMS)
    with store.reading() as tx:
        assert requests._agreed(tx, a_customer("c-1"), date(2026, 3, 2)) is True
        assert requests._agreed(tx, a_customer("c-2"), date(2026, 3, 2)) is False


# --- measured --------------------------------------------------------------------------------------------------------

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, nine in Shanghai."""
OFFICE = calendars.BUILT_IN["cn-5x8"]
AGREED = care.Agreement(
    id="SA-1", n=1, customer="c-1", level="silver", calendar="cn-5x8", first_response_minutes=60,
    resolution_minutes=480, included_calls=4, valid_from="2026-03-01", valid_to="2027-02-28", activated_at=NINE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("began", "answered", "solved", "now", "expected"),
    [
        (NINE, NINE + HOUR, NINE + 8 * HOUR, NINE + DAY, (True, True)),
        (NINE, NINE + HOUR + timedelta(seconds=1), NINE + 8 * HOUR, NINE + DAY, (False, True)),
        (NINE, None, NINE + 30 * timedelta(minutes=1), NINE + DAY, (True, True)),
        (NINE, NINE, NINE + 9 * HOUR + timedelta(seconds=1), NINE + DAY, (True, False)),
        (NINE, None, None, NINE + timedelta(minutes=59), (True, True)),
        (NINE, None, None, NINE + 2 * HOUR, (False, True)),
        # Friday, half an hour before closing: the rest of the hour is on Monday
        (NINE + 4 * DAY + 8.5 * HOUR, NINE + 7 * DAY + HOUR / 2, None, NINE + 7 * DAY + HOUR, (True, True)),
        (NINE + 4 * DAY + 8.5 * HOUR, NINE + 7 * DAY + HOUR, None, NINE + 7 * DAY + HOUR, (False, True)),
    ],
)
def test_a_promise_is_measured_in_open_time_and_what_is_not_due_is_kept(
    began: datetime, answered: datetime | None, solved: datetime | None, now: datetime, expected: tuple[bool, bool]
) -> None:
    found = agreements.measure(AGREED, OFFICE, began=began, answered=answered, solved=solved, now=now)
    assert (found.answered, found.solved) == expected


@pytest.mark.parametrize(
    ("fee", "percent", "breaches", "expected"),
    [(1000, 5, 0, 0), (1000, 5, 1, 50), (1000, 5, 6, 300), (1000, 5, 7, 300), (0, 5, 3, 0), (99.99, 3, 1, 3.0)],
)
def test_a_penalty_grows_with_each_breach_up_to_its_roof(
    fee: float, percent: float, breaches: int, expected: float
) -> None:
    assert agreements.penalty(fee, percent, breaches) == expected


@given(st.floats(0, 1e6), st.floats(0, 100), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_a_penalty_is_never_more_than_its_share_of_the_fee(fee: float, percent: float, breaches: int) -> None:
    assert 0 <= agreements.penalty(fee, percent, breaches) <= round(fee * agreements.PENALTY_MOST / 100, 2) + 0.01


@pytest.fixture
def served(ask: Run, store: Store) -> None:
    """The customer with terms from the first of March, and the processes that incidents and requests run."""
    with store.transaction() as tx:
        tx.customers.add(a_customer("c-1"))
        for key in ("CSS-01", "CSS-02"):
            tx.processes.put(Process(key=key, prefix=key, pillar="CSS", texts={"en": key}, created_at=NINE))
            tx.programs.add(Program(key=key), process=key, now=NINE)
    ask("agreements.activate", **TERMS)


def case(
    store: Store, key: str, *, process: str = "CSS-02", began: datetime = NINE, answered: Any = None, ended: Any = None
) -> None:
    """An instance of the customer; ``answered``: when a person first acted on it."""
    with store.transaction() as tx:
        begun = Instance(
            id=key, number=tx.processes.number(process), process=process, program=Program(key=process).sha256,
            customer_id="c-1", business_key=key, status="active", revision=1, started_at=began, started_by="x",
        )  # fmt: skip
        start = InstanceStarted(process=process, program=begun.program)
        tx.steps.begin(begun, b"1", Written(facts=(start,), now=began))
    acts: list[tuple[Any, datetime]] = [(WorkItemActed(verb="claim"), answered)] if answered else []
    acts += [(WorkItemCompleted(wait=1), ended)] if ended else []
    for fact, at in acts:
        with store.transaction() as tx:
            kept = tx.steps.read(key)
            assert kept is not None
            tx.steps.write(kept, b"2", "completed" if at == ended else "active", Written(facts=(fact,), now=at))


def report(ask: Run, **more: Any) -> dict[str, Any]:
    return dict(ask("agreements.report", agreement="SA-1", since="2026-03-01", now=NINE + 20 * DAY, **more).data)


def test_a_month_without_cases_kept_every_promise(ask: Run, served: None) -> None:
    assert report(ask) == {
        "report_cases": 0, "answered_late": 0, "solved_late": 0, "sla_percent": 100.0, "breaches": 0, "penalty": 0.0,
        "calls_used": 0, "usage_percent": 0.0, "days_left": 343,
    }  # fmt: skip


def test_the_report_counts_late_answers_late_solutions_and_used_calls(ask: Run, served: None, store: Store) -> None:
    case(store, "i-1", answered=NINE + HOUR / 2, ended=NINE + 3 * HOUR)
    case(store, "i-2", answered=NINE + 2 * HOUR, ended=NINE + 3 * HOUR)
    case(store, "i-3", answered=NINE + HOUR / 2, ended=NINE + 3 * DAY)
    case(store, "i-4", answered=NINE + 2 * HOUR)
    for number in range(3):
        case(store, f"r-{number}", process="CSS-01", ended=NINE + HOUR)
    case(store, "i-0", began=NINE - 10 * DAY)
    told = report(ask)
    assert (told["report_cases"], told["answered_late"], told["solved_late"], told["breaches"]) == (4, 2, 2, 4)
    assert (told["sla_percent"], told["penalty"], told["calls_used"], told["usage_percent"]) == (25.0, 200.0, 3, 75.0)


def test_many_cases_are_read_page_by_page(
    ask: Run, served: None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreements, "PAGE", 2)
    for number in range(5):
        case(store, f"i-{number}", answered=NINE + HOUR / 2, ended=NINE + HOUR)
    assert report(ask)["report_cases"] == 5


def test_a_report_is_measured_against_the_version_in_force(ask: Run, served: None, store: Store) -> None:
    case(store, "i-1", answered=NINE + 2 * HOUR, ended=NINE + 3 * HOUR)
    assert report(ask)["answered_late"] == 1
    ask("agreements.activate", **TERMS | {"first_response_minutes": 180, "included_calls": 0})
    told = report(ask)
    assert (told["answered_late"], told["usage_percent"]) == (0, 0.0)


def test_the_house_s_own_calendar_is_agreed_on_and_measured_by(ask: Run, store: Store) -> None:
    """What an administrator made or changed counts; what nobody made is named."""
    with pytest.raises(errors.Invalid, match="a known calendar"):
        ask("agreements.activate", **{**TERMS, "calendar": "night-shift"})
    with store.transaction() as tx:
        tx.calendars.put(a_calendar("night-shift"))
    assert ask("agreements.activate", **{**TERMS, "calendar": "night-shift"}).data["agreement_version"] == 1
    closed = keep.plain(a_calendar("cn-5x8", holidays={date(2026, 3, 2): {"zh-CN": "店庆", "en": "Fair"}}))
    told = {"began": NINE, "answered": None, "solved": None, "now": NINE + 2 * HOUR}
    assert agreements.measure(AGREED, OFFICE, **told).answered is False
    assert agreements.measure(AGREED, closed, **told).answered is True
