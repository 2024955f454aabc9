"""The contact budget: exact for each customer, whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.domain.contacts import Limits, next_allowed
from engine.ports import JobAnswer
from engine.store.unit_of_work import Store
from engine.trade import Reservation
from tests.unit.domain.conftest import NOON, Run

LIMITS = {"max_contacts": 2, "period_days": 7}


def reserve(
    run: Run, *, job: str = "j-1", campaign: str = "A", customers: tuple[str, ...] = ("c-1",), **more: Any
) -> Any:
    given = {"channel": "email", "priority": 50, **LIMITS, **more}
    candidates = [{"customer_id": customer, "verdict": "allowed"} for customer in customers]
    answer: JobAnswer = run("contacts.reserve", job=job, campaign=campaign, candidates=candidates, **given)
    return [one.get("reservation") for one in answer.data["candidates"]]


def held(*hours_ago: float, channel: str = "email") -> list[Reservation]:
    return [
        Reservation(
            id=f"{hours}",
            customer="c",
            campaign="A",
            channel=channel,
            priority=1,
            reserved_at=NOON - timedelta(hours=hours),
            expires_at=NOON + timedelta(days=1),
        )
        for hours in hours_ago
    ]


@pytest.mark.parametrize(
    ("contacts", "limits", "hours"),
    [
        ([], Limits(contacts=1), 0),
        (held(24), Limits(contacts=2), 0),
        (held(24), Limits(contacts=1), 7 * 24 - 24),
        (held(24, 48), Limits(contacts=2), 7 * 24 - 48),
        (held(24, 48), Limits(contacts=1), 7 * 24 - 24),
        (held(10), Limits(contacts=9, gap=timedelta(hours=24)), 14),
        (held(24), Limits(contacts=9, per_channel=1), 7 * 24 - 24),
        (held(24, channel="sms"), Limits(contacts=9, per_channel=1), 0),
        ([], Limits(contacts=0), 7 * 24),
    ],
)
def test_the_next_contact_waits_for_the_strictest_limit(
    contacts: list[Reservation], limits: Limits, hours: float
) -> None:
    assert next_allowed(contacts, channel="email", limits=limits, now=NOON) == NOON + timedelta(hours=hours)


def test_no_more_than_the_limit_is_reserved_over_all_campaigns_and_channels(run: Run) -> None:
    assert reserve(run, job="j-1", campaign="A", channel="email") == ["reserved"]
    assert reserve(run, job="j-2", campaign="B", channel="sms") == ["reserved"]
    assert reserve(run, job="j-3", campaign="C", channel="mail") == ["full"]


def test_a_collision_tells_who_was_first_and_when_the_next_is_allowed(run: Run) -> None:
    reserve(run, job="j-1", campaign="A", max_contacts=1, priority=80)
    candidates = [{"customer_id": "c-1"}]
    answer = run("contacts.reserve", job="j-2", campaign="B", channel="sms", candidates=candidates, max_contacts=1)

    assert answer.data["candidates"] == [
        {
            "customer_id": "c-1",
            "reservation": "full",
            "other_campaign": "A",
            "other_priority": 80,
            "next_allowed": "2026-03-09",
        }
    ]


def test_the_same_job_twice_reserves_once(run: Run, store: Store) -> None:
    assert reserve(run, job="j-1") == reserve(run, job="j-1") == ["reserved"]
    with store.reading() as tx:
        assert len(tx.contacts.held("c-1", NOON - timedelta(days=7), NOON)) == 1


def test_two_hundred_at_the_same_moment_get_exactly_the_budget(run: Run, store: Store) -> None:
    def one(number: int) -> str:
        return str(reserve(run, job=f"j-{number}", campaign=f"C-{number}", max_contacts=3)[0])

    with ThreadPoolExecutor(max_workers=8) as pool:
        outcomes = list(pool.map(one, range(200)))

    assert outcomes.count("reserved") == 3
    with store.reading() as tx:
        assert len(tx.contacts.held("c-1", NOON - timedelta(days=7), NOON)) == 3


def test_what_is_released_or_has_run_out_is_free_again(run: Run) -> None:
    assert reserve(run, job="j-1", campaign="A", max_contacts=1) == ["reserved"]
    assert run("contacts.release", campaign="A").data == {"released": 1}
    assert reserve(run, job="j-2", campaign="B", max_contacts=1, hold="PT12H") == ["reserved"]
    tomorrow = NOON + timedelta(hours=13)
    assert reserve(run, job="j-3", campaign="C", max_contacts=1, now=tomorrow) == ["reserved"]


def test_a_contact_that_was_made_counts_until_the_period_is_over(run: Run) -> None:
    reserve(run, job="j-1", campaign="A", max_contacts=1, hold="PT1H")
    assert run("contacts.use", campaign="A").data == {"used": 1}
    assert reserve(run, job="j-2", campaign="B", max_contacts=1, now=NOON + timedelta(days=6)) == ["full"]
    assert reserve(run, job="j-3", campaign="C", max_contacts=1, now=NOON + timedelta(days=8)) == ["reserved"]


def test_a_complaint_of_somebody_who_is_no_customer_stops_nothing(run: Run) -> None:
    assert run("contacts.suppress", instance="complaint-9", customer=None, reason="complaint").data == {}
    assert reserve(run, customers=("c-1", "c-2")) == ["reserved", "reserved"]


def test_nobody_advertises_while_a_complaint_is_open(run: Run) -> None:
    run("contacts.suppress", instance="complaint-1", customer="c-1", reason="complaint")
    run("contacts.suppress", instance="complaint-1", customer="c-1", reason="complaint")
    run("contacts.suppress", instance="complaint-2", customer="c-1", reason="another")
    assert reserve(run, customers=("c-1", "c-2")) == ["stopped", "reserved"]
    run("contacts.resume", instance="complaint-1", customer="c-1")
    assert reserve(run, job="j-2") == ["stopped"]
    run("contacts.resume", instance="complaint-2", customer="c-1")
    assert reserve(run, job="j-3") == ["reserved"]


def test_whoever_was_dropped_takes_no_budget(run: Run) -> None:
    dropped = [{"customer_id": "c-1", "verdict": "dropped", "reason": "do_not_contact"}]
    answer = run("contacts.reserve", campaign="A", channel="sms", candidates=dropped, **LIMITS)

    assert answer.data["candidates"] == dropped


def test_a_wrong_parameter_is_named_in_both_languages(run: Run) -> None:
    with pytest.raises(errors.Invalid) as refused:
        run("contacts.reserve", campaign="A", channel="sms", candidates="c-1", **LIMITS)

    assert refused.value.ids == {"handler": "contacts.reserve", "parameter": "candidates"}
    assert all("candidates" in words for words in refused.value.text.values())


def test_service_mail_takes_no_budget_and_no_stop_holds_it_up(run: Run, store: Store) -> None:
    run("contacts.suppress", instance="complaint-1", customer="c-1", reason="complaint")
    assert reserve(run, purpose="service", max_contacts=0) == ["exempt"]
    assert reserve(run, job="j-2", purpose="promotion") == ["stopped"]
    with store.reading() as tx:
        assert tx.contacts.held("c-1", NOON - timedelta(days=7), NOON) == []
