"""A wave: each target once, at its pace, within the budget, never over a complaint; the same whoever repeats it."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import errors
from engine.domain import sending
from engine.ports import JobAnswer
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run
from tests.unit.domain.test_campaigns import customer, keep

TEMPLATE = {"subject": "您好 {{name}}", "text": "{{name}}，编号 {{number}}"}


def ready(
    run: Run, store: Store, count: int = 3, *, campaign: str = "A", reserve: bool = True, **attributes: Any
) -> str:
    """A running campaign and its frozen list of ``count`` customers, each with a reserved contact; the list's id."""
    keep(run, campaign=campaign)
    run("campaigns.begin", campaign=campaign)
    keys = [f"c-{number}" for number in range(count)]
    with store.reading() as tx:
        new = [key for key in keys if tx.customers.get(key) is None]
    for key in new:
        customer(store, key, **{"email": f"{key}@b.cn", **attributes})
    asked = [{"customer_id": key, "verdict": "allowed"} for key in keys]
    if reserve:
        given = {"campaign": campaign, "channel": "email", "priority": 1, "max_contacts": 2, "candidates": asked}
        run("contacts.reserve", job=f"reserve-{campaign}", **given)
    return str(run("lists.freeze", job=f"freeze-{campaign}", campaign=campaign, candidates=asked).data["list_id"])


def send(run: Run, list_id: str, *, job: str = "s-1", campaign: str = "A", **more: Any) -> JobAnswer:
    given = {"campaign": campaign, "list": list_id, "wave": 1, "channel": "email", "throttle": 100, **TEMPLATE, **more}
    return run("campaigns.send", job=job, **given)


def outcomes(store: Store, campaign: str = "A", wave: int | None = None) -> dict[str, int]:
    with store.reading() as tx:
        return dict(tx.campaigns.outcomes(campaign, wave))


def test_each_target_gets_its_own_letter(run: Run, store: Store) -> None:
    answer = send(run, ready(run, store, 2))
    assert answer.data == {
        "sent_count": 2,
        "skipped_count": 0,
        "left_count": 0,
        "send_next_at": None,
        "campaign_status": "running",
    }
    assert [(note.to, note.subject["en"], note.text["zh-CN"], note.channel) for note in answer.notifications] == [
        ("c-0@b.cn", "您好 c-0", "c-0，编号 C-0", "email"),
        ("c-1@b.cn", "您好 c-1", "c-1，编号 C-1", "email"),
    ]


def test_a_run_repeated_after_a_crash_sends_the_same_letters_and_no_others(run: Run, store: Store) -> None:
    wave = ready(run, store, 5)
    first = send(run, wave, throttle=2)
    again = send(run, wave, throttle=2)
    assert [note.to for note in first.notifications] == [note.to for note in again.notifications]
    assert (again.data["sent_count"], again.data["left_count"]) == (2, 3)


def test_another_job_sends_nobody_the_wave_again(run: Run, store: Store) -> None:
    wave = ready(run, store, 3)
    send(run, wave)
    second = send(run, wave, job="s-2")
    assert second.notifications == () and second.data["sent_count"] == 3


def test_the_pace_is_kept_and_all_have_their_turn(run: Run, store: Store) -> None:
    wave, moment, got = ready(run, store, 5), NOON, []
    for round_ in range(3):
        answer = send(run, wave, job=f"s-{round_}", throttle=2, now=moment)
        got.append([note.to for note in answer.notifications])
        if answer.data["send_next_at"]:
            later = datetime.fromisoformat(answer.data["send_next_at"])
            assert later == moment + timedelta(minutes=1)
            moment = later
    assert [len(one) for one in got] == [2, 2, 1]
    assert len({to for one in got for to in one}) == 5


@pytest.mark.parametrize(("throttle", "seconds"), [(2, 60), (500, 60), (1000, 30), (10_000, 3)])
def test_a_faster_pace_has_shorter_rounds(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, throttle: int, seconds: int
) -> None:
    wave = ready(run, store, 3)
    monkeypatch.setattr(sending, "AT_ONCE", 500 if throttle > 3 else 2)
    keep_some = min(throttle, 2)
    monkeypatch.setattr(store, "run", _only(store.run, keep_some))
    answer = send(run, wave, throttle=throttle)
    assert answer.data["send_next_at"] == (NOON + timedelta(seconds=seconds)).isoformat()


def _only(run: Any, times: int) -> Any:
    """Lets so many transactions through: the rest of a list stays for the next round."""
    left = [times]

    def limited(work: Any) -> Any:
        left[0] -= 1
        return run(work) if left[0] >= 0 else None

    return limited


def test_nobody_is_written_to_in_the_quiet_hours(run: Run, store: Store) -> None:
    wave = ready(run, store, 2)
    evening = NOON + timedelta(hours=10)  # ten at night in Shanghai
    answer = send(run, wave, quiet_hours="21:00-08:00", now=evening)
    assert answer.notifications == () and answer.data["left_count"] == 2
    assert datetime.fromisoformat(answer.data["send_next_at"]) == NOON + timedelta(hours=20)


def test_a_complaint_opened_since_the_list_was_made_holds_the_letter_back(run: Run, store: Store) -> None:
    wave = ready(run, store, 3)
    run("contacts.suppress", instance="complaint-1", customer="c-1", reason="complaint")
    answer = send(run, wave)
    assert [note.to for note in answer.notifications] == ["c-0@b.cn", "c-2@b.cn"]
    assert outcomes(store) == {"sent": 2, "stopped": 1}


def test_who_opted_out_hears_nothing_more_from_any_campaign(run: Run, store: Store) -> None:
    first, second = ready(run, store, 2), ready(run, store, 2, campaign="B")
    for _ in range(2):
        assert run("contacts.opt_out", customer="c-0").data == {"opted_out": True}
    send(run, first)
    send(run, second, job="s-2", campaign="B")
    assert outcomes(store) == outcomes(store, "B") == {"sent": 1, "stopped": 1}
    run("contacts.resume", instance="complaint-1", customer="c-0")
    with store.reading() as tx:
        assert tx.contacts.stopped(["c-0", "c-1"]) == {"c-0"}


def test_without_a_reserved_contact_nothing_is_sent(run: Run, store: Store) -> None:
    send(run, ready(run, store, 2, reserve=False))
    assert outcomes(store) == {"full": 2}


def test_a_reservation_that_ran_out_is_none(run: Run, store: Store) -> None:
    wave = ready(run, store, 1)
    send(run, wave, now=NOON + timedelta(days=8))
    assert outcomes(store) == {"full": 1}


def test_one_reservation_is_one_letter_and_counts_from_then_on(run: Run, store: Store) -> None:
    wave = ready(run, store, 1)
    send(run, wave)
    send(run, wave, job="s-2", wave=2)
    assert outcomes(store, wave=1) == {"sent": 1} and outcomes(store, wave=2) == {"full": 1}
    with store.reading() as tx:
        assert [one.status for one in tx.contacts.held("c-0", NOON - timedelta(days=7), NOON)] == ["used"]


def test_who_has_answered_is_not_asked_again(run: Run, store: Store) -> None:
    wave = ready(run, store, 2)
    run("campaigns.respond", job="r-1", campaign="A", customer="c-0", kind="click")
    run("campaigns.respond", job="r-2", campaign="A", customer="c-1", kind="receipt")
    send(run, wave)
    assert outcomes(store) == {"answered": 1, "sent": 1}


def test_whom_the_account_manager_leaves_out_hears_nothing(run: Run, store: Store) -> None:
    wave = ready(run, store, 2)
    keep(run, job="k-2", left_out=["c-1"])
    send(run, wave)
    assert outcomes(store) == {"sent": 1, "left_out": 1}


@pytest.mark.parametrize(("channel", "has"), [("email", False), ("sms", True), ("wechat", False)])
def test_who_has_no_address_for_the_channel_is_left_out(run: Run, store: Store, channel: str, has: bool) -> None:
    customer(store, "c-0", phone="13900000001")
    send(run, ready(run, store, 1), channel=channel)
    assert outcomes(store) == ({"sent": 1} if has else {"no_address": 1})


def test_who_is_no_customer_any_more_is_left_out(run: Run, store: Store) -> None:
    ready(run, store, 1)
    asked = [{"customer_id": "gone", "verdict": "allowed"}, {"customer_id": "c-0", "verdict": "deferred"}]
    wave = run("lists.freeze", job="freeze-2", campaign="A", candidates=asked).data["list_id"]
    assert send(run, wave).notifications == ()
    assert outcomes(store) == {"no_address": 1}


@pytest.mark.parametrize(("status", "wait"), [("paused", timedelta(minutes=15)), ("stopped", None), ("ended", None)])
def test_only_what_runs_is_sent(run: Run, store: Store, status: str, wait: timedelta | None) -> None:
    wave = ready(run, store, 2)
    run("campaigns.set", campaign="A", status=status)
    answer = send(run, wave, throttle=2)
    assert (answer.notifications, answer.data["left_count"], answer.data["campaign_status"]) == ((), 2, status)
    assert answer.data["send_next_at"] == ((NOON + wait).isoformat() if wait else None)


def test_what_people_carry_out_is_a_file_and_no_letter(run: Run, store: Store) -> None:
    customer(store, "c-0", phone="+86 139 0000 0001")
    wave = ready(run, store, 1)
    assert send(run, wave, channel="phone").notifications == ()
    told = run("campaigns.file", campaign="A", wave=1, **TEMPLATE).data
    assert told["file_lines"] == 1
    lines = list(csv.reader(io.StringIO(told["file_text"])))
    assert lines == [
        ["number", "name", "address", "subject", "text"],
        ["C-0", "c-0", "'+86 139 0000 0001", "您好 c-0", "c-0，编号 C-0"],
    ]


def test_a_file_that_nobody_can_read_is_refused_with_its_campaign(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(run, ready(run, store, 2), by_hand=True)
    monkeypatch.setattr(sending, "FILE_CHARACTERS", 60)
    with pytest.raises(errors.Invalid) as refused:
        run("campaigns.file", campaign="A", wave=1, **TEMPLATE)
    assert refused.value.ids == {"campaign": "A"}
    assert all("60" in words for words in refused.value.text.values())


@pytest.mark.parametrize(("by_hand", "letters"), [(True, 0), (False, 2), (None, 2), ("yes", 2)])
def test_a_wave_by_hand_is_written_down_and_nothing_leaves(run: Run, store: Store, by_hand: Any, letters: int) -> None:
    answer = send(run, ready(run, store, 2), by_hand=by_hand)
    assert len(answer.notifications) == letters
    assert outcomes(store) == {"sent": 2}


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_of_a_file_is_a_formula(words: str) -> None:
    assert sending._plain(words) == f"'{words}"
    assert sending._plain(f"x{words}") == f"x{words}"


def test_a_test_goes_to_those_who_test_and_is_marked(run: Run) -> None:
    answer = run("campaigns.test", recipients=["a@b.cn", "c@d.cn"], **TEMPLATE)
    assert [(note.to, note.subject["en"]) for note in answer.notifications] == [
        ("a@b.cn", "[TEST] 您好 {{name}}"),
        ("c@d.cn", "[TEST] 您好 {{name}}"),
    ]
    assert answer.data == {
        "places": ["name", "number"], "material_problem": "", "material_tested": "", "material_version": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"throttle": 0}, "throttle"),
        ({"throttle": "many"}, "throttle"),
        ({"text": ""}, "text"),
        ({"text": "x" * 30_000}, "text"),
        ({"wave": "first"}, "wave"),
        ({"campaign": None}, "campaign"),
    ],
)
def test_a_wrong_order_names_its_parameter(run: Run, store: Store, wrong: dict[str, Any], parameter: str) -> None:
    wave = ready(run, store, 1)
    with pytest.raises(errors.Invalid) as refused:
        run("campaigns.send", **{"campaign": "A", "list": wave, "wave": 1, "throttle": 5, **TEMPLATE, **wrong})
    assert refused.value.ids["parameter"] == parameter
    assert outcomes(store) == {}


def test_a_list_that_there_is_not_is_named(run: Run, store: Store) -> None:
    ready(run, store, 1)
    with pytest.raises(errors.NotFound) as refused:
        send(run, "L-9")
    assert all("L-9" in words for words in refused.value.text.values())
