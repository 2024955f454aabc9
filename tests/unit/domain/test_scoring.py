"""A lead's interest: earned by deeds, fading with time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.domain import scoring
from engine.marketing import LeadActivity
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def deed(points: int, days_ago: float) -> LeadActivity:
    return LeadActivity(
        id=f"{points}-{days_ago}", lead="L-1", kind="click", points=points, at=NOON - timedelta(days=days_ago)
    )


@pytest.mark.parametrize(
    ("base", "deeds", "found"),
    [
        (0, [], 0),
        (20, [], 20),
        (20, [(10, 0)], 30),
        (20, [(10, 30)], 25),
        (20, [(10, 60)], 22),
        (20, [(30, 0), (30, 30)], 65),
        (90, [(30, 0)], 100),
        (-50, [(10, 0)], 0),
        (0, [(10, -1)], 0),
    ],
)
def test_interest_is_earned_and_fades_by_half_each_thirty_days(
    base: float, deeds: list[tuple[int, float]], found: int
) -> None:
    assert scoring.interest(base, [deed(*one) for one in deeds], NOON) == found


@given(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 30), st.floats(0, 400)), max_size=8), st.floats(0, 100))
@settings(max_examples=150, deadline=None)
def test_time_never_makes_a_lead_more_interested(base: int, deeds: list[tuple[int, float]], days: float) -> None:
    done = [deed(*one) for one in deeds]
    later: datetime = NOON + timedelta(days=days)
    assert 0 <= scoring.interest(base, done, later) <= scoring.interest(base, done, NOON) <= 100


def test_what_a_lead_did_counts_once_for_one_job(run: Run) -> None:
    for _ in range(3):
        assert run("leads.act", job="j-1", lead="L-1", kind="reply").data == {"last_deed": "reply", "rounds": 0}
    run("leads.act", job="j-2", lead="L-1", kind="open")
    run("leads.act", job="j-3", lead="L-2", kind="demo")
    assert run("leads.interest", lead="L-1", base=20).data == {"interest": 50}
    assert run("leads.interest", lead="L-9", base=20).data == {"interest": 20}


def test_what_was_long_ago_is_forgotten(run: Run) -> None:
    run("leads.act", job="j-1", lead="L-1", kind="demo", now=NOON - timedelta(days=366))
    assert run("leads.interest", lead="L-1").data == {"interest": 0}


@pytest.mark.parametrize(
    ("state", "more", "wakes"),
    [
        ("ready", {}, None),
        ("nurtured", {"wake_after": "P1D"}, None),
        ("shelved", {}, timedelta(days=90)),
        ("shelved", {"wake_after": "P10D"}, timedelta(days=10)),
        ("ended", {}, None),
    ],
)
def test_the_score_says_what_became_of_a_lead_and_when_it_wakes(
    run: Run, store: Store, state: str, more: dict[str, Any], wakes: timedelta | None
) -> None:
    told = run("leads.scored", lead="L-1", fit=60, interest=40, score=48, state=state, track="win_back", **more).data
    assert told == {"lead_state": state}
    with store.reading() as tx:
        kept = tx.scores.lead("L-1")
    assert kept is not None
    assert (kept.fit, kept.interest, kept.score, kept.state, kept.track) == (60, 40, 48, state, "win_back")
    assert kept.wake_at == (NOON + wakes if wakes else None)


@pytest.mark.parametrize(
    ("handler", "wrong", "parameter"),
    [
        ("leads.act", {"lead": "L-1", "kind": "stare"}, "kind"),
        ("leads.act", {"lead": "L-1"}, "kind"),
        ("leads.act", {"lead": "", "kind": "open"}, "lead"),
        ("leads.interest", {"lead": "L-1", "base": "much"}, "base"),
        ("leads.scored", {"lead": "L-1", "state": "asleep"}, "state"),
        ("leads.scored", {"lead": "L-1", "state": "shelved", "wake_after": "P1M"}, "wake_after"),
    ],
)
def test_what_is_wrong_is_named(run: Run, handler: str, wrong: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        run(handler, **wrong)
    assert refused.value.ids == {"handler": handler, "parameter": parameter}
    assert all(parameter in words for words in refused.value.text.values())
