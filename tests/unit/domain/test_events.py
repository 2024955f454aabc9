"""Fairs and seminars: nobody is in two places, guests are invited once, and who came is counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import agenda, errors, marketing
from engine.domain import events
from engine.ports import JobAnswer
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run
from tests.unit.domain.test_sending import ready

DAYS = {"first": "2026-05-10", "last": "2026-05-12"}
WORDS = {"subject": "邀请 {{name}}", "text": "{{name}}，欢迎光临"}


def staff(run: Run, *people: str, job: str = "j-1", event: str = "FAIR", **more: Any) -> JobAnswer:
    answers = [{"person": one, "coming": True, "reason": more.get("reason", "")} for one in people]
    return run("events.staff", job=job, event=event, answers=answers, **DAYS)


def state_of(store: Store, guest: str) -> str | None:
    with store.reading() as tx:
        found = tx.events.guest("A", guest)
    return found.state if found else None


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([], (0, 0, 0, 0, 0)),
        (["invited"] * 4, (4, 0, 0, 0, 0)),
        (["invited", "declined", "registered", "checked_in"], (4, 2, 1, 1, 50)),
        (["checked_in"] * 3, (3, 3, 0, 3, 100)),
        (["registered"] * 2 + ["checked_in"], (3, 3, 0, 1, 33)),
    ],
)
def test_attendance_is_who_came_of_those_who_said_so(states: list[str], found: tuple[int, ...]) -> None:
    assert tuple(events.attendance(states).values()) == found


@given(st.lists(st.sampled_from(["invited", "registered", "declined", "checked_in"]), max_size=30))
@settings(max_examples=100, deadline=None)
def test_nobody_is_counted_twice(states: list[str]) -> None:
    told = events.attendance(states)
    assert told["registered"] + told["declined"] <= told["invited"] == len(states)
    assert 0 <= told["came"] <= told["registered"] and 0 <= told["attendance_pct"] <= 100


def test_who_has_something_else_on_these_days_is_told_with_it(run: Run, store: Store) -> None:
    staff(run, "lina", event="OTHER")
    with store.transaction() as tx:
        visit = NOON + timedelta(days=70)
        tx.diary.put(
            agenda.Appointment(
                id="V-1",
                customer="c-1",
                kind="visit",
                starts_at=visit,
                ends_at=visit + timedelta(hours=1),
                attendees=("bob",),
                booked_at=NOON,
            )
        )
    people = [{"person": one} for one in ("lina", "bob", "tom", "lina")]
    roster = run("events.clashes", event="FAIR", people=people, **DAYS).data["roster"]
    assert [one["person"] for one in roster] == ["lina", "bob", "tom"]
    assert "OTHER" in roster[0]["clashes"] and "V-1" in roster[1]["clashes"] and roster[2]["clashes"] == ""
    assert run("events.clashes", event="OTHER", people=people[:1], **DAYS).data["roster"][0]["clashes"] == ""


def test_a_clash_is_overridden_with_a_reason_only(run: Run, store: Store) -> None:
    staff(run, "lina", event="OTHER")
    refused = staff(run, "lina", "bob")
    assert refused.error == "staff_taken" and "lina" in refused.message
    with store.reading() as tx:
        assert tx.events.duties(["bob"], "2026-05-10", "2026-05-10") == []
    assert staff(run, "lina", "bob", reason="只去半天").data == {"staff_on_duty": ["bob", "lina"]}


def test_who_does_not_come_is_not_on_duty(run: Run) -> None:
    answers = [{"person": "lina", "coming": False}, {"person": "bob", "coming": True}]
    assert run("events.staff", event="FAIR", answers=answers, **DAYS).data == {"staff_on_duty": ["bob"]}


def test_of_two_events_on_the_same_days_one_gets_a_person(run: Run) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = list(pool.map(lambda n: staff(run, "lina", job=f"j-{n}", event=f"E-{n}"), range(6)))
    assert sorted(one.error for one in answers) == ["", *["staff_taken"] * 5]


def test_guests_are_invited_once_within_the_budget_and_known_from_then_on(run: Run, store: Store) -> None:
    list_id = ready(run, store, 3)
    run("contacts.opt_out", customer="c-2")
    for job in ("j-1", "j-1", "j-2"):
        answer = run("events.invite", job=job, event="A", list=list_id, **WORDS)
        notes = [(note.to, note.subject["en"]) for note in answer.notifications]
        assert notes == ([] if job == "j-2" else [("c-0@b.cn", "邀请 c-0"), ("c-1@b.cn", "邀请 c-1")])
    assert [state_of(store, f"c-{n}") for n in range(3)] == ["invited", "invited", None]


def test_an_invitation_by_message_goes_to_the_telephone(run: Run, store: Store) -> None:
    list_id = ready(run, store, 1, email=None, phone="13800000000")
    answer = run("events.invite", event="A", list=list_id, channel="sms", **WORDS)
    assert [(note.to, note.channel) for note in answer.notifications] == [("13800000000", "sms")]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (["registered"], "registered"),
        (["registered", "declined"], "declined"),
        (["declined", "registered", "checked_in"], "checked_in"),
        (["checked_in", "registered"], "checked_in"),
        (["registered", "invited"], "registered"),
    ],
)
def test_what_a_guest_says_last_stands_and_who_came_came(run: Run, store: Store, said: list[str], stands: str) -> None:
    for place, state in enumerate(said):
        run("events.answer", job=f"j-{place}", event="A", guest="G-1", name="王磊", email="wl@x.cn", state=state)
    assert state_of(store, "G-1") == stands
    assert run("events.attendance", event="A").data["attendance"]["invited"] == 1


def test_a_reminder_goes_to_whoever_did_not_decline(run: Run, store: Store) -> None:
    guests = [("registered", "a@x.cn", ""), ("declined", "b@x.cn", ""), ("checked_in", "c@x.cn", "")]
    for place, (state, email, phone) in enumerate([*guests, ("registered", "", "139"), ("registered", "", "")]):
        run("events.answer", job=f"j-{place}", event="A", guest=f"G-{place}", email=email, phone=phone, state=state)
    answer = run("events.remind", event="A", **WORDS)
    assert [(note.to, note.channel, note.text["en"]) for note in answer.notifications] == [
        ("a@x.cn", "email", "G-0，欢迎光临"),
        ("139", "sms", "G-3，欢迎光临"),
    ]
    assert answer.data == {"reminded_count": 2}


@pytest.mark.parametrize(
    ("handler", "wrong", "parameter"),
    [
        ("events.staff", {"last": "2026-05-01"}, "last"),
        ("events.staff", {"first": "tomorrow"}, "first"),
        ("events.staff", {"answers": ["lina"]}, "answers"),
        ("events.clashes", {"people": "all"}, "people"),
        ("events.clashes", {"event": ""}, "event"),
        ("events.answer", {"guest": "G", "state": "drunk"}, "state"),
        ("events.answer", {"state": "registered"}, "guest"),
        ("events.invite", {}, "list"),
        ("events.attendance", {"event": ""}, "event"),
    ],
)
def test_what_is_wrong_is_named(run: Run, handler: str, wrong: dict[str, Any], parameter: str) -> None:
    told = {"event": "FAIR", "people": [{"person": "a"}], "answers": [{"person": "a", "coming": True}], **DAYS, **wrong}
    with pytest.raises(errors.Invalid) as refused:
        run(handler, **told)
    assert refused.value.ids == {"handler": handler, "parameter": parameter}
    assert all(parameter in words for words in refused.value.text.values())


def test_a_list_that_there_is_not_and_one_that_is_too_long_are_named(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(errors.NotFound) as refused:
        run("events.invite", event="A", list="nowhere", **WORDS)
    assert all("nowhere" in words for words in refused.value.text.values())
    list_id = ready(run, store, 2)
    monkeypatch.setattr(events, "MOST", 1)
    with pytest.raises(errors.Invalid):
        run("events.invite", event="A", list=list_id, **WORDS)


def test_every_state_of_a_guest_has_its_place() -> None:
    assert set(events.LATER) == set(marketing.GuestState.__args__)  # type: ignore[attr-defined]
