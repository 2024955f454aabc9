"""Who signs next, and when a step is decided: the pure rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import handling
from engine.model.handling import Handling, Signature

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ABC = ("a", "b", "c")


def majority(people: int) -> float:
    return (people // 2 + 1) / people


def say(signatures: tuple[Signature, ...], *answers: str) -> tuple[Signature, ...]:
    """``"a yes"``, ``"b no"``: one after the other."""
    for minute, words in enumerate(answers):
        person, what = words.split()
        mine = next(one for one in signatures if one.person == person and one.status == "active")
        signatures = handling.changed(
            signatures,
            mine.number,
            status="done",
            opinion="agree" if what == "yes" else "differ",
            data={"by": person, what: True},
            ended_at=NOON + timedelta(minutes=minute),
        )
    return signatures


def shape(signatures: tuple[Signature, ...]) -> str:
    return " ".join(f"{one.person}:{one.status}" for one in signatures)


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ("all", [], "a:active b:active c:active"),
        ("all", ["a yes"], "a:done b:active c:active"),
        ("all", ["c yes", "a yes", "b yes"], "a:done b:done c:done"),
        ("all", ["b no"], "a:skipped b:done c:skipped"),
        ("any", ["c yes"], "a:skipped b:skipped c:done"),
        ("any", ["a no"], "a:done b:skipped c:skipped"),
        ("sequence", [], "a:active b:waiting c:waiting"),
        ("sequence", ["a yes"], "a:done b:active c:waiting"),
        ("sequence", ["a yes", "b no"], "a:done b:done c:skipped"),
        ("sequence", ["a yes", "b yes", "c yes"], "a:done b:done c:done"),
        ("ratio", ["a yes"], "a:done b:active c:active"),
        ("ratio", ["a yes", "c yes"], "a:done b:skipped c:done"),
        ("ratio", ["a no"], "a:done b:active c:active"),
        ("ratio", ["a no", "b no"], "a:done b:done c:skipped"),
        ("ratio", ["a no", "b yes", "c yes"], "a:done b:done c:done"),
    ],
)
def test_whose_turn_it_is_under_each_rule(rule: Any, answers: list[str], expected: str) -> None:
    assert shape(say(handling.opened(ABC, rule, majority(3)), *answers)) == expected


@pytest.mark.parametrize(
    ("rule", "answers", "no"),
    [
        ("all", ["a yes", "b yes", "c yes"], False),
        ("all", ["a yes", "b no"], True),
        ("any", ["b yes"], False),
        ("any", ["b no"], True),
        ("sequence", ["a no"], True),
        ("ratio", ["a yes", "b yes"], False),
        ("ratio", ["a no", "b no"], True),
        ("ratio", ["a no", "b yes", "c yes"], False),
    ],
)
def test_the_verdict(rule: Any, answers: list[str], no: bool) -> None:
    signatures = say(handling.opened(ABC, rule, majority(3)), *answers)
    assert not handling.is_open(signatures)
    assert handling.differs(signatures) is no
    assert handling.together(signatures)["by"] == answers[-1].split()[0]


def test_the_answers_that_carry_the_verdict_come_over_the_others() -> None:
    signatures = say(handling.opened(ABC, "ratio", majority(3)), "a yes", "b no", "c yes")
    assert handling.together(signatures) == {"by": "c", "yes": True, "no": True}
    outvoted = say(handling.opened(ABC, "ratio", majority(3)), "b no", "a yes", "c no")
    assert handling.together(outvoted)["by"] == "c"
    late_no = say(handling.opened(ABC, "ratio", majority(3)), "a yes", "c yes")
    assert handling.together(late_no) == {"by": "c", "yes": True}


def add(
    signatures: tuple[Signature, ...], by: str, *people: str, kind: Any, rule: Any = "all"
) -> tuple[Signature, ...]:
    mine = next(one for one in signatures if one.person == by and one.status == "active")
    return handling.added(signatures, mine, people, kind=kind, rule=rule, ratio=majority(len(people)))


@pytest.mark.parametrize(
    ("kind", "rule", "expected"),
    [
        ("before", "all", "me:waiting x:active y:active"),
        ("before", "sequence", "me:waiting x:active y:waiting"),
        ("before", "any", "me:waiting x:active y:active"),
        ("after", "all", "me:active x:waiting y:waiting"),
        ("parallel", "all", "me:active x:active y:active"),
    ],
)
def test_signers_added_to_a_step_of_one(kind: Any, rule: Any, expected: str) -> None:
    assert shape(add(handling.alone("me"), "me", "x", "y", kind=kind, rule=rule)) == expected


@pytest.mark.parametrize(
    ("kind", "rule", "answers", "expected"),
    [
        ("before", "all", ["x yes", "y yes"], "me:active x:done y:done"),
        ("before", "any", ["y yes"], "me:active x:skipped y:done"),
        ("before", "sequence", ["x yes"], "me:waiting x:done y:active"),
        ("before", "all", ["x no"], "me:skipped x:done y:skipped"),
        ("after", "all", ["me yes"], "me:done x:active y:active"),
        ("after", "sequence", ["me yes", "x yes"], "me:done x:done y:active"),
        ("after", "all", ["me no"], "me:done x:skipped y:skipped"),
        ("parallel", "all", ["x yes", "me yes"], "me:done x:done y:active"),
    ],
)
def test_how_added_signers_go_on(kind: Any, rule: Any, answers: list[str], expected: str) -> None:
    assert shape(say(add(handling.alone("me"), "me", "x", "y", kind=kind, rule=rule), *answers)) == expected


def test_who_waited_for_me_in_turn_waits_for_those_i_add_after_me() -> None:
    signatures = add(handling.opened(("a", "b"), "sequence"), "a", "x", kind="after")
    assert shape(say(signatures, "a yes")) == "a:done b:waiting x:active"
    assert shape(say(signatures, "a yes", "x yes")) == "a:done b:active x:done"


def test_an_added_signer_may_add_others() -> None:
    signatures = add(add(handling.alone("me"), "me", "x", kind="before"), "x", "y", kind="before")
    assert shape(signatures) == "me:waiting x:waiting y:active"
    assert shape(say(signatures, "y yes", "x yes")) == "me:active x:done y:done"


def test_one_of_a_vote_taken_away_changes_the_majority() -> None:
    signatures = say(handling.opened(("a", "b", "c", "d"), "ratio", 0.6), "a yes", "b yes")
    assert handling.is_open(signatures)
    left = handling.changed(signatures, 4, status="removed")
    assert shape(left) == "a:done b:done c:skipped d:removed"


def test_the_active_are_named_once_and_in_order() -> None:
    assert handling.active(handling.opened(ABC, "all")) == ABC
    assert handling.active(()) == ()


def test_handling_is_stored_as_it_was_and_plain_handling_as_nothing() -> None:
    shared = Handling(owner="bo", signatures=add(handling.alone("me"), "me", "x", kind="after"))
    assert msgspec.json.decode(msgspec.json.encode(shared), type=Handling) == shared
    assert msgspec.json.encode(handling.PLAIN) == b"{}"


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_is_added_answered_and_taken_away_somebody_can_always_go_on(data: st.DataObject) -> None:
    """While a step is open somebody's turn has come; every order ends; nobody answers twice."""
    rule = data.draw(st.sampled_from(["any", "all", "ratio", "sequence"]))
    people = [f"p{n}" for n in range(data.draw(st.integers(1, 4)))]
    signatures = handling.opened(people, rule, majority(len(people)))
    fresh = len(people)
    for _ in range(60):
        if not handling.is_open(signatures):
            break
        turn = [one for one in signatures if one.status == "active"]
        assert turn, f"nobody can go on: {shape(signatures)}"
        mine = data.draw(st.sampled_from(turn))
        what = data.draw(st.sampled_from(["answer", "answer", "add", "remove"])) if fresh < 12 else "answer"
        if what == "add":
            count = data.draw(st.integers(1, 2))
            kind = data.draw(st.sampled_from(["before", "after", "parallel"]))
            rule = data.draw(st.sampled_from(["any", "all", "ratio", "sequence"]))
            named = [f"p{fresh + n}" for n in range(count)]
            fresh += count
            signatures = handling.added(signatures, mine, named, kind=kind, rule=rule, ratio=majority(count))
            continue
        added = [one for one in signatures if one.kind != "main" and one.status in ("waiting", "active")]
        if what == "remove" and added:
            gone = data.draw(st.sampled_from(added))
            signatures = handling.changed(signatures, gone.number, status="removed")
            continue
        opinion = data.draw(st.sampled_from(["agree", "agree", "differ"]))
        signatures = handling.changed(signatures, mine.number, status="done", opinion=opinion, ended_at=NOON)
    assert not handling.is_open(signatures)
    assert all(one.status in ("done", "skipped", "removed") for one in signatures)
