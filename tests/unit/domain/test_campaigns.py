"""Campaigns: estimated, approved, begun, answered, paused."""

from typing import Any

import pytest

from engine import errors, records
from engine.domain.campaigns import NOT_APPROVED, StopRule, hit
from engine.marketing import Campaign, Send
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def customer(store: Store, key: str, group: str = "ST", **attributes: Any) -> None:
    with store.transaction() as tx:
        tx.customers.add(
            records.Customer(
                id=key,
                number=key.upper(),
                name=key,
                group=group,
                attributes=attributes,
                created_at=NOON,
                changed_at=NOON,
            )
        )


def campaign(store: Store, key: str = "A") -> Campaign:
    with store.reading() as tx:
        found = tx.campaigns.get(key)
    assert found is not None
    return found


def send(store: Store, *customers: str, key: str = "A", wave: int = 1, outcome: str = "sent") -> None:
    with store.transaction() as tx:
        for one in customers:
            sent = Send(
                campaign=key, wave=wave, customer=one, channel="email", outcome=outcome, job=f"s-{key}", sent_at=NOON
            )
            tx.campaigns.send(sent)


def keep(run: Run, *, job: str = "k-1", campaign: str = "A", **more: Any) -> Any:
    return run("campaigns.keep", job=job, campaign=campaign, name="春季", **more).data["campaign_version"]


def test_an_estimate_counts_whom_each_channel_reaches_and_what_that_costs(run: Run, store: Store) -> None:
    customer(store, "c-1", email="a@b.cn", phone="1")
    customer(store, "c-2", email="b@b.cn")
    customer(store, "c-3")
    customer(store, "c-4", group="KA", email="k@b.cn")
    told = run(
        "campaigns.estimate", groups=["ST"], channels=["email", "sms", "fair"], costs={"email": 0.1, "sms": 2}
    ).data

    assert (told["audience_size"], told["estimated_cost"]) == (3, 2.2)
    assert told["reach"] == {"email": 2, "sms": 1, "fair": 0}
    assert told["accounts"] == [{"id": f"c-{number}", "name": f"c-{number}", "owner": ""} for number in (1, 2, 3)]


@pytest.mark.parametrize("groups", [["PR"], ["NONE"]])
def test_an_estimate_of_nobody_costs_nothing(run: Run, store: Store, groups: list[str]) -> None:
    customer(store, "c-1", email="a@b.cn")
    assert run("campaigns.estimate", groups=groups, channels=["email"], costs={"email": 1}).data == {
        "audience_size": 0,
        "reach": {"email": 0},
        "estimated_cost": 0,
        "accounts": [],
    }


def test_each_approval_is_a_version_and_one_job_makes_one(run: Run, store: Store) -> None:
    assert keep(run) == keep(run) == 1
    assert keep(run, job="k-2", budget=500, channels=["email"], groups=["ST"], starts="2026-04-01") == 2
    kept = campaign(store)
    assert (kept.n, kept.budget, kept.channels, kept.audience, kept.starts, kept.status) == (
        2,
        500,
        ("email",),
        ("ST",),
        "2026-04-01",
        "planned",
    )


def test_what_runs_goes_on_running_when_it_is_adjusted(run: Run, store: Store) -> None:
    keep(run)
    run("campaigns.begin", campaign="A")
    assert keep(run, job="k-2") == 2
    assert campaign(store).status == "running"


def test_nobody_sends_what_nobody_approved(run: Run) -> None:
    answer = run("campaigns.begin", campaign="A")
    assert (answer.error, answer.message) == (NOT_APPROVED, "A")


def test_what_was_stopped_does_not_begin_again_until_it_is_approved_again(run: Run, store: Store) -> None:
    keep(run)
    told = {"campaignId": "A", "name": "春季", "goal": "brand"}
    assert run("campaigns.set", campaign="A", status="stopped").data == {"campaign_status": "stopped", "campaign": told}
    assert run("campaigns.begin", campaign="A").error == NOT_APPROVED
    assert run("campaigns.set", campaign="A", status="running").data["campaign_status"] == "stopped"
    keep(run, job="k-2", ends="2026-05-01")
    assert run("campaigns.begin", campaign="A").data == {
        "campaign_name": "春季",
        "campaign_end": "2026-05-01",
        "audience_groups": [],
        "campaign": {**told, "half_at": "2026-04-01"},
    }
    assert campaign(store).status == "running"


@pytest.mark.parametrize(
    ("ends", "half"),
    [
        ("2026-04-01", "2026-03-17"),
        ("2026-03-03", "2026-03-02"),
        ("2026-03-02", "2026-03-09"),
        ("2026-02-01", "2026-03-09"),
        ("", "2026-03-09"),
        ("soon", "2026-03-09"),
    ],
)
def test_a_campaign_is_judged_in_the_middle_of_what_is_left_of_it(run: Run, ends: str, half: str) -> None:
    keep(run, ends=ends)
    assert run("campaigns.begin", campaign="A").data["campaign"]["half_at"] == half


def test_a_campaign_that_pauses_goes_on_only_when_somebody_says_so(run: Run, store: Store) -> None:
    keep(run)
    run("campaigns.set", campaign="A", status="paused")
    assert run("campaigns.begin", campaign="A").error == ""
    assert campaign(store).status == "paused"


@pytest.mark.parametrize("status", ["going", "", None, 1])
def test_a_status_that_there_is_not_is_refused(run: Run, status: Any) -> None:
    keep(run)
    with pytest.raises(errors.Invalid) as refused:
        run("campaigns.set", campaign="A", status=status)
    assert refused.value.ids == {"handler": "campaigns.set", "parameter": "status"}


@pytest.mark.parametrize("handler", ["campaigns.set", "campaigns.respond"])
def test_a_campaign_that_there_is_not_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as refused:
        run(handler, campaign="Z", status="ended", kind="click", customer="c-1")
    assert refused.value.code == "campaign_unknown"
    assert all("Z" in words for words in refused.value.text.values())


@pytest.mark.parametrize(
    ("sent", "complaints", "bounces", "at_least", "stops"),
    [
        (0, 5, 5, 1, False),
        (1000, 3, 0, 1, False),
        (1000, 4, 0, 1, True),
        (100, 0, 5, 1, False),
        (100, 0, 6, 1, True),
        (10, 0, 9, 20, False),
        (20, 0, 9, 20, True),
        (1, 1, 0, 0, True),
    ],
)
def test_too_many_complaints_or_bounces_stop(
    sent: int, complaints: int, bounces: int, at_least: int, stops: bool
) -> None:
    rule = StopRule(complaints=0.3, bounces=5, at_least=at_least)
    assert hit({"sent": sent, "stopped": 900}, {"complaint": complaints, "bounce": bounces, "click": 50}, rule) is stops


def respond(run: Run, job: str, kind: str, customer: str = "c-1", **more: Any) -> Any:
    given = {"complaints_pct": 0.3, "bounce_pct": 5, **more}
    return run("campaigns.respond", job=job, campaign="A", customer=customer, kind=kind, **given).data["stop_hit"]


def test_the_complaint_that_is_one_too_many_pauses_the_campaign_once(run: Run, store: Store) -> None:
    keep(run)
    run("campaigns.begin", campaign="A")
    send(store, *(f"c-{number}" for number in range(100)))
    assert respond(run, "r-1", "click") is False
    assert respond(run, "r-2", "complaint", "c-2") is True
    assert respond(run, "r-3", "complaint", "c-3") is False
    assert campaign(store).status == "paused"


def test_the_same_answer_counts_once(run: Run, store: Store) -> None:
    keep(run)
    run("campaigns.begin", campaign="A")
    send(store, *(f"c-{number}" for number in range(40)))
    for _ in range(5):
        assert respond(run, "r-1", "bounce") is False
        assert respond(run, "r-2", "bounce", "c-2") is False
    with store.reading() as tx:
        assert tx.campaigns.responses("A") == {"bounce": 2}


def test_a_receipt_is_no_answer_and_everything_else_is(run: Run, store: Store) -> None:
    keep(run)
    for place, kind in enumerate(("receipt", "click", "reply", "bounce", "complaint", "unsubscribe")):
        respond(run, f"r-{place}", kind, f"c-{place}")
    with store.reading() as tx:
        assert tx.campaigns.answered("A", [f"c-{place}" for place in range(7)]) == {f"c-{n}" for n in range(1, 6)}
        assert tx.campaigns.answered("B", ["c-1"]) == set()


@pytest.mark.parametrize("kind", ["opened", "", None, 5])
def test_an_answer_of_a_kind_that_there_is_not_is_refused(run: Run, kind: Any) -> None:
    keep(run)
    with pytest.raises(errors.Invalid) as refused:
        run("campaigns.respond", campaign="A", customer="c-1", kind=kind)
    assert refused.value.ids["parameter"] == "kind"


def test_a_long_answer_is_kept_as_far_as_there_is_room(run: Run, store: Store) -> None:
    keep(run)
    respond(run, "r-1", "reply", words="长" * 9000)
    with store.reading() as tx:
        assert tx.campaigns.responses("A") == {"reply": 1}


@pytest.mark.parametrize("named", ["c-1", "C-1"])
def test_who_answers_is_known_by_id_or_number(run: Run, store: Store, named: str) -> None:
    keep(run)
    customer(store, "c-1", phone="13900000001")
    told = run("campaigns.respond", campaign="A", customer=named, kind="click").data
    assert told["party"] == {"name": "c-1", "owner": "", "phone": "13900000001", "email": None}


def test_an_answer_of_nobody_we_know_keeps_what_they_called_themselves(run: Run) -> None:
    keep(run)
    told = run("campaigns.respond", campaign="A", customer="guest@x.cn", kind="reply").data
    assert told["party"] == {"name": "guest@x.cn", "owner": "", "phone": None, "email": None}
