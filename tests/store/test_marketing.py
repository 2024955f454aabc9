"""Assets, guests, duties, scores, values and rewards: kept once and found again, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from engine import marketing
from engine.store.unit_of_work import Store

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def asset(job: str, key: str = "A", **more: Any) -> marketing.Asset:
    told = {"kind": "letter", "language": "en", "title": "Spring", "body": "{{name}}", "released_at": NOON, **more}
    return marketing.Asset(key=key, job=job, **told)


def test_each_release_is_the_next_version_and_one_job_makes_one(store: Store) -> None:
    with store.transaction() as tx:
        made = [tx.assets.release(asset(job)).n for job in ("j-1", "j-1", "j-2")]
        other = tx.assets.release(asset("j-3", "B", valid_until="2026-12-31"))
    assert (made, other.n) == ([1, 1, 2], 1)
    with store.reading() as tx:
        assert tx.assets.latest("A") == msgspec.structs.replace(asset("j-2"), n=2)
        assert tx.assets.latest("B") == asset("j-3", "B", valid_until="2026-12-31")
        assert tx.assets.latest("C") is None


def test_releases_at_the_same_moment_are_versions_one_after_the_other(store: Store) -> None:
    def release(number: int) -> int:
        return store.run(lambda tx: tx.assets.release(asset(f"j-{number}")).n)

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert sorted(pool.map(release, range(20))) == list(range(1, 21))


def test_a_guest_is_one_whatever_becomes_of_them(store: Store) -> None:
    invited = marketing.Guest(event="E", id="C-1", name="王磊", email="wl@x.cn", changed_at=NOON)
    came = msgspec.structs.replace(invited, state="checked_in", changed_at=NOON + timedelta(days=9))
    with store.transaction() as tx:
        for one in (
            invited,
            came,
            msgspec.structs.replace(invited, id="A-1"),
            msgspec.structs.replace(invited, event="F"),
        ):
            tx.events.put_guest(one)
    with store.reading() as tx:
        assert [(one.id, one.state) for one in tx.events.guests("E")] == [("A-1", "invited"), ("C-1", "checked_in")]
        assert tx.events.guest("E", "C-1") == came
        assert tx.events.guest("E", "C-9") is None and tx.events.guests("G") == []


@pytest.mark.parametrize(
    ("first", "last", "events"),
    [
        ("2026-05-01", "2026-05-31", ["E", "F"]),
        ("2026-05-03", "2026-05-03", ["E"]),
        ("2026-05-04", "2026-05-09", []),
        ("2026-04-01", "2026-05-01", ["E"]),
        ("2026-05-12", "2026-06-30", ["F"]),
        ("2026-05-13", "2026-06-30", []),
    ],
)
def test_duties_are_found_by_each_of_their_days(store: Store, first: str, last: str, events: list[str]) -> None:
    with store.transaction() as tx:
        for event, begins, ends in (("E", "2026-05-01", "2026-05-03"), ("F", "2026-05-10", "2026-05-12")):
            tx.events.put_duty(marketing.Duty(event=event, person="lina", first=begins, last=ends))
        tx.events.put_duty(marketing.Duty(event="E", person="bob", first="2026-01-01", last="2026-12-31"))
    with store.reading() as tx:
        assert [one.event for one in tx.events.duties(["lina"], first, last)] == events
        assert tx.events.duties([], first, last) == []


def test_what_a_lead_did_counts_once_and_from_a_day_on(store: Store) -> None:
    deeds = [
        marketing.LeadActivity(id=f"j-{n}", lead="L-1", kind="click", points=n, at=NOON + timedelta(days=n))
        for n in (0, 5)
    ]
    with store.transaction() as tx:
        for deed in (*deeds, *deeds, msgspec.structs.replace(deeds[0], id="j-9", lead="L-2")):
            tx.scores.act(deed)
    with store.reading() as tx:
        assert tx.scores.activities("L-1", NOON) == deeds
        assert tx.scores.activities("L-1", NOON + timedelta(days=1)) == deeds[1:]


def test_a_lead_has_one_score_the_last(store: Store) -> None:
    first = marketing.LeadScore(
        lead="L-1", fit=50, interest=10, score=34, state="shelved", wake_at=NOON, changed_at=NOON
    )
    last = msgspec.structs.replace(first, state="ready", score=80, wake_at=None)
    with store.transaction() as tx:
        tx.scores.put_lead(first)
        tx.scores.put_lead(last)
    with store.reading() as tx:
        assert tx.scores.lead("L-1") == last and tx.scores.lead("L-2") is None


def test_values_of_a_customer_are_a_history_newest_first(store: Store) -> None:
    first = marketing.CustomerValue(
        id="j-1", customer="c-1", historical=1, current=2, potential=3, tier="ST", model="npv-1", at=NOON
    )
    later = msgspec.structs.replace(first, id="j-2", tier="GR", at=NOON + timedelta(days=30))
    with store.transaction() as tx:
        for one in (first, later, first, msgspec.structs.replace(first, id="j-3", customer="c-2")):
            tx.scores.put_value(one)
    with store.reading() as tx:
        assert tx.scores.values("c-1", 10) == [later, first]
        assert tx.scores.values("c-1", 1) == [later] and tx.scores.values("c-3", 1) == []


def test_a_reward_is_booked_once(store: Store) -> None:
    thanks = marketing.Reward(id="j-1", customer="c-1", reason="referral L-1", amount=200, at=NOON)
    with store.transaction() as tx:
        tx.scores.reward(thanks)
        tx.scores.reward(thanks)
    with store.reading() as tx:
        assert tx.scores.rewards("c-1") == [thanks] and tx.scores.rewards("c-2") == []
