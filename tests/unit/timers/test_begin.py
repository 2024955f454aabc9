"""Processes that begin by the clock: each moment once, and only those of the released version."""

from collections import Counter
from datetime import timedelta

import pytest

from engine.customers import groups
from engine.definitions import catalogue
from engine.people.agent import SYSTEM
from engine.runtime import instances
from engine.variants import approval, author
from engine.variants import release as variants
from tests.house import House
from tests.kernel.models import node, program, timer


def clocked(text: str, kind: str = "cycle") -> object:
    begin = node("start tick", triggers=(timer(text, kind),))
    return program(begin, "user work", "end e", flow=["tick > work > e"], key="daily")


def begun(home: House) -> int:
    return len(instances.search(home.engine, query=instances.Query(process="daily")))


def release(home: House, text: str, kind: str = "cycle", **start: object) -> None:
    home.release(clocked(text, kind), start={"customer_required": False, **start})  # type: ignore[arg-type]


def test_a_cycle_starts_an_instance_each_time(home: House) -> None:
    release(home, "R3/PT1H")
    counts = []
    for _ in range(5):
        home.pass_time(hours=1)
        counts.append(begun(home))
    assert counts == [1, 2, 3, 3, 3]


def test_a_date_starts_one_instance(home: House) -> None:
    release(home, "2026-03-02T12:00:00Z", "date")
    home.pass_time(hours=2, minutes=59)
    assert begun(home) == 0
    home.pass_time(minutes=1)
    home.pass_time(days=1)
    assert begun(home) == 1


def test_a_new_release_has_its_own_clock(home: House) -> None:
    release(home, "R/PT1H")
    home.pass_time(hours=1)
    release(home, "R/P1D")
    home.pass_time(hours=20)
    assert begun(home) == 1


def test_a_start_that_is_refused_is_tried_again(home: House) -> None:
    release(home, "R/PT1H", customer_required=True)
    home.pass_time(hours=1)
    assert begun(home) == 0
    release(home, "R/PT1H")
    home.pass_time(hours=1)
    assert begun(home) == 1


GROUPS = {
    "groups": [
        {"key": "ALL", "names": {"zh-CN": "全部", "en": "All"}},
        {"key": "KA", "parent": "ALL", "priority": 40, "names": {"zh-CN": "大客户", "en": "Key accounts"}},
        {"key": "ST", "parent": "ALL", "priority": 10, "names": {"zh-CN": "普通", "en": "Standard"}},
    ],
    "inputs": [{"name": "score", "expression": "values.current", "type": "number", "values": "[0..100]"}],
    "rules": [
        {"id": "R1", "when": {"score": ">= 85"}, "group": "KA", "reason": {"zh-CN": "价值高", "en": "of high value"}}
    ],
    "default": "ST",
}


def variant(home: House, text: str, group: str = "KA", target: str = "tick", calendar: str = "") -> str:
    """A variant of the group with a moment of its own, released."""
    order = author.Order(
        process="daily",
        name=group.lower(),
        group=group,
        texts={"zh-CN": group, "en": group},
        reason={"zh-CN": "自己的节奏", "en": "at a pace of its own"},
        operations=[
            {
                "id": f"{group.lower()}_often",
                "kind": "set_timer",
                "target": target,
                "timer": {"kind": "cycle", "text": text, **({"calendar": calendar} if calendar else {})},
                "reason": {"zh-CN": "更勤", "en": "more often"},
            }
        ],
    )
    with home.engine.store.transaction() as tx:
        saved = author.save_within(tx, order=order, agent=SYSTEM, now=home.now)
        which = {"variant_id": saved.variant_id, "n": saved.n, "agent": SYSTEM, "now": home.now}
        approval.submit_within(tx, **which)
        approval.approve_within(tx, **which)
        variants.release_within(tx, **which)
    home.settle()
    return str(saved.variant_id)


@pytest.fixture
def segmented(home: House) -> House:
    """Everybody's rounds begin once a day."""
    with home.engine.store.transaction() as tx:
        groups.publish_within(tx, document=GROUPS, agent=SYSTEM, now=home.now)
    release(home, "R/P1D", group_from="segment")
    return home


def rounds(home: House) -> dict[str, int]:
    """Customer group -> how many; empty: for all."""
    found = instances.search(home.engine, query=instances.Query(process="daily"))
    seen = [instances.get(home.engine, instance_id=one.id).variables.get("segment", "") for one in found]
    return dict(Counter(seen))


def test_a_variant_with_a_moment_of_its_own_begins_rounds_for_its_group(segmented: House) -> None:
    variant(segmented, "R/PT6H")
    for _ in range(4):
        segmented.pass_time(hours=6)
    assert rounds(segmented) == {"": 1, "KA": 4}


def test_rounds_of_a_group_run_with_its_variant(segmented: House) -> None:
    name = variant(segmented, "R/PT6H")
    segmented.pass_time(hours=6)
    (begun,) = instances.search(segmented.engine, query=instances.Query(process="daily"))
    with segmented.engine.store.reading() as tx:
        (released,) = [version for one, version in tx.variants.released("daily") if one.id == name]
    assert begun.program == released.program


def test_the_rounds_of_a_group_end_with_its_variant(segmented: House) -> None:
    name = variant(segmented, "R/PT6H")
    segmented.pass_time(hours=6)
    variants.retire(segmented.engine, variant_id=name, agent=SYSTEM, now=segmented.now)
    segmented.pass_time(hours=12)
    assert rounds(segmented) == {"KA": 1}


def test_another_version_of_the_variant_has_its_own_clock(segmented: House) -> None:
    variant(segmented, "R/PT6H")
    segmented.pass_time(hours=5)
    variant(segmented, "R/PT12H")
    segmented.pass_time(hours=11)
    assert rounds(segmented) == {}
    segmented.pass_time(hours=1)
    assert rounds(segmented) == {"KA": 1}


def test_another_group_s_variant_leaves_the_clock_alone(segmented: House) -> None:
    variant(segmented, "R/PT6H")
    segmented.pass_time(hours=5)
    variant(segmented, "R/PT8H", group="ST")
    segmented.pass_time(hours=1)
    assert rounds(segmented) == {"KA": 1}


def test_a_new_base_begins_the_groups_clocks_anew(segmented: House) -> None:
    variant(segmented, "R/PT6H")
    segmented.pass_time(hours=5)
    release(segmented, "R/P7D", group_from="segment")
    segmented.settle()
    segmented.pass_time(hours=5)
    assert rounds(segmented) == {}
    segmented.pass_time(hours=2)
    assert rounds(segmented) == {"KA": 1}


def test_without_a_question_for_the_group_there_are_no_rounds_for_one(home: House) -> None:
    with home.engine.store.transaction() as tx:
        groups.publish_within(tx, document=GROUPS, agent=SYSTEM, now=home.now)
    release(home, "R/P1D")
    variant(home, "R/PT6H")
    home.pass_time(hours=12)
    assert rounds(home) == {}


def test_a_group_s_moment_that_cannot_be_found_stops_nobody_else(segmented: House) -> None:
    variant(segmented, "R/PT6H", calendar="nowhere")
    segmented.pass_time(hours=24)
    assert rounds(segmented) == {"": 1}
    (shown,) = [one for one in catalogue.rounds(segmented.engine, process="daily") if one.timer.customer_group]
    assert shown.next_at is None


def test_what_the_calendar_begins_is_told_with_its_next_moment(segmented: House) -> None:
    variant(segmented, "R/PT6H")
    shown = catalogue.rounds(segmented.engine, process="daily")
    assert [(one.timer.customer_group, one.next_at) for one in shown] == [
        ("", segmented.now + timedelta(days=1)),
        ("KA", segmented.now + timedelta(hours=6)),
    ]
    assert catalogue.rounds(segmented.engine, process="nobody") == ()
