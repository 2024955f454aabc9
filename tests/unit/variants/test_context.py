"""Variants for circumstances of a start: which fits, which goes before which, and that no two tie."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import board, choose, context, replay, tryout, version
from engine.variation import Circumstance
from tests.house import House
from tests.unit.customers.books import NOW
from tests.unit.variants.desk import ANN, LIMIT, PHONE, bring, desk, write
from tests.unit.variants.models import text

CHANNEL = {"zh-CN": "渠道", "en": "Channel"}


def asks(name: str, test: str, kind: Any = "string", names: dict[str, str] | None = None) -> Circumstance:
    return Circumstance(name=name, type=kind, test=test, names=names or {})


PHONED = (asks("channel", '"phone"', names=CHANNEL),)
BIG = (asks("amount", "> 1000", "number"),)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path) as made:
        yield made


HOLDS = [
    (PHONED, {"channel": "phone"}, True),
    (PHONED, {"channel": "web"}, False),
    (PHONED, {}, False),
    (PHONED, {"channel": None}, False),
    (PHONED, {"channel": 7}, False),
    (BIG, {"amount": 1000.01}, True),
    (BIG, {"amount": 1000}, False),
    (BIG, {"amount": "2000"}, False),
    ((*PHONED, *BIG), {"channel": "phone", "amount": 2000}, True),
    ((*PHONED, *BIG), {"channel": "phone", "amount": 2}, False),
    ((asks("day", '>= date("2026-05-01")', "date"),), {"day": "2026-05-02"}, True),
    ((asks("day", '>= date("2026-05-01")', "date"),), {"day": "2026-04-30"}, False),
    ((asks("urgent", "true", "boolean"),), {"urgent": True}, True),
    ((asks("urgent", "true", "boolean"),), {"urgent": False}, False),
    ((asks("channel", 'not("web")'),), {"channel": "phone"}, True),
    ((), {}, True),
]


@pytest.mark.parametrize(("asked", "data", "expected"), HOLDS)
def test_all_circumstances_must_hold_and_what_is_not_said_holds_for_none(
    asked: context.Context, data: dict[str, Any], expected: bool
) -> None:
    assert context.holds(asked, data, now=NOW) is expected


OVERLAPS = [
    (PHONED, PHONED, True),
    (PHONED, (asks("channel", '"web"'),), False),
    (PHONED, BIG, True),
    (BIG, (asks("amount", "<= 1000", "number"),), False),
    (BIG, (asks("amount", "[500..1500]", "number"),), True),
    ((*PHONED, *BIG), (asks("channel", '"web"'), asks("amount", "> 5000", "number")), False),
]


@pytest.mark.parametrize(("one", "other", "expected"), OVERLAPS)
def test_an_overlap_is_shown_by_data_for_which_both_hold(
    one: context.Context, other: context.Context, expected: bool
) -> None:
    found = context.overlap(one, other)
    assert (found is not None) is expected
    if found is not None:
        assert context.holds(one, found, now=NOW) and context.holds(other, found, now=NOW)


def begin(house: House, gold: bool = True, **data: Any) -> Any:
    key = "gold" if gold else "plain"
    with house.engine.store.reading() as tx:
        known = tx.customers.get(key)
    if known is None:
        scores = {"current": 90 if gold else 10, "potential": 0}
        house.customer(key, scores=scores, attributes={"contract": "gold" if gold else "none", "churn": 0})
    return start.start(
        house.engine, process="SFA-03", customer_id=key, business_key=None, data={"discount": 1, **data},
        agent=SYSTEM, now=house.now,
    ).instance  # fmt: skip


def special(house: House, name: str, asked: context.Context, *operations: dict[str, Any], **more: Any) -> Any:
    return bring(house, *operations, name=name, context=asked, **{"group": "", **more})


def test_a_start_under_the_circumstances_gets_the_variant_with_the_reason(house: House) -> None:
    found = special(house, "phoned", PHONED, PHONE)
    one, other = begin(house, channel="phone"), begin(house, channel="web")
    assert one.program == found.program != other.program
    assert one.sentence["en"] == ("Variant phoned v1 because channel is phone; base SFA-03 v1 with 1 change: 1 way.")
    assert one.sentence["zh-CN"].startswith("变体“phoned”v1：因为渠道为 phone；")


def test_without_a_customer_circumstances_decide_too(house: House) -> None:
    found = special(house, "big", BIG, LIMIT)
    with house.engine.store.reading() as tx:
        process = tx.processes.get("SFA-03")
        assert process is not None
        chosen = house.engine.chooser.choose(
            tx, instance_id="i", process=process, customer=None, data={"amount": 5000}, now=house.now
        )
    assert chosen.program == found.program
    assert replay.replay(chosen).variant == "SFA-03:big"
    assert replay.replay(chosen, data={"amount": 5}).variant == ""


def test_a_groups_variant_goes_before_circumstances_that_name_no_group(house: House) -> None:
    group = bring(house, LIMIT)
    special(house, "phoned", PHONED, PHONE)
    assert begin(house, channel="phone").program == group.program
    assert begin(house, gold=False, channel="phone").program != group.program


def test_circumstances_within_a_group_go_before_the_group_and_lie_over_it(house: House) -> None:
    group = bring(house, LIMIT)
    both = special(house, "ka-phoned", PHONED, PHONE, group="KA")
    begun = begin(house, channel="phone")
    assert begun.program == both.program
    with house.engine.store.reading() as tx:
        program = tx.programs.get(begun.program)
        kept = tx.resolutions.of_instance(begun.id)
    assert program is not None and program.parameters["limit"] == 50, "what the group gets holds as well"
    assert kept is not None and [one["id"] for one in kept.chain] == ["SFA-03", "SFA-03:ka", "SFA-03:ka-phoned"]
    assert begin(house, channel="web").program == group.program
    assert begin(house, gold=False, channel="phone").program not in (group.program, both.program)


def test_priority_goes_before_everything(house: House) -> None:
    bring(house, LIMIT)
    first = special(house, "phoned", PHONED, PHONE, priority=5)
    assert begin(house, channel="phone").program == first.program


def test_a_new_version_of_the_group_is_taken_over_under_its_circumstances(house: House) -> None:
    bring(house, LIMIT)
    special(house, "ka-phoned", PHONED, PHONE, group="KA")
    bring(house, {**LIMIT, "value": 60})
    with house.engine.store.reading() as tx:
        present = version.released(tx.variants.versions("SFA-03:ka-phoned"))
        program = tx.programs.get(present.program) if present else None
    assert present is not None and (present.n, present.history[-1].did) == (2, "recomposed")
    assert program is not None and program.parameters["limit"] == 60


def test_two_that_tie_are_refused_at_release_with_data_that_show_it(house: House) -> None:
    special(house, "phoned", PHONED, PHONE)
    with pytest.raises(errors.Invalid) as refused:
        special(house, "big", BIG, LIMIT)
    assert refused.value.code == "context_overlap"
    assert 'channel = "phone"' in refused.value.text["en"] and "amount = " in refused.value.text["zh-CN"]
    assert special(house, "huge", BIG, {**LIMIT, "id": "huge"}, priority=1).status == "released"
    web = (asks("channel", '"web"'), *BIG)
    assert special(house, "web", web, {**LIMIT, "id": "web"}).status == "released"


def test_a_group_may_have_several_under_different_circumstances(house: House) -> None:
    special(house, "ka-phoned", PHONED, PHONE, group="KA")
    special(house, "ka-web", (asks("channel", '"web"'),), LIMIT, group="KA")
    programs = {begin(house, channel=channel).program for channel in ("phone", "web", "letter")}
    assert len(programs) == 3


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ((asks("amount", "> ", "number"),), "/context/0/test"),
        ((*PHONED, asks("channel", '"web"')), "/context/1/name"),
    ],
)
def test_circumstances_that_are_wrong_are_told_at_their_place(
    house: House, asked: context.Context, pointer: str
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        write(house, LIMIT, name="odd", group="", context=asked)
    (problem,) = refused.value.problems
    assert problem.pointer == pointer and problem.text["zh-CN"] and problem.text["en"]


def test_a_kept_choice_is_repeated_and_asked_with_other_data(house: House) -> None:
    bring(house, LIMIT)
    special(house, "ka-phoned", PHONED, PHONE, group="KA")
    begun = begin(house, channel="phone")
    with house.engine.store.reading() as tx:
        kept = tx.resolutions.of_instance(begun.id)
    assert kept is not None and kept.facts["data"] == {"channel": "phone"}
    assert replay.replay(kept).program == begun.program
    assert replay.replay(kept, data={"channel": "web"}).variant == "SFA-03:ka"
    assert replay.replay(kept, facts={"contract": "none"}).variant == ""


def test_the_tester_knows_circumstances(house: House) -> None:
    special(house, "phoned", PHONED, PHONE)
    asked = {"process": "SFA-03", "agent": ANN, "now": house.now, "facts": {"values": {"current": 10, "potential": 0}}}
    assert tryout.try_out(house.engine, **asked, data={"channel": "phone"}).variant == "SFA-03:phoned"
    assert tryout.try_out(house.engine, **asked).variant == ""


def test_the_board_carries_them_behind_their_group(house: House) -> None:
    bring(house, LIMIT)
    special(house, "ka-phoned", PHONED, PHONE, group="KA")
    rows = board.board(house.engine, process="SFA-03", agent=ANN).rows
    assert [one.variant.id for one in rows] == ["SFA-03:ka", "SFA-03:ka-phoned"]


def test_the_more_specific_ranks_higher() -> None:
    order = [
        context.rank("", 0, (), None),
        context.rank("", 0, PHONED, None),
        context.rank("", 1, (), None),
        context.rank("", 1, PHONED, None),
    ]
    assert order == sorted(order) and len(set(order)) == 4
    assert choose.Candidate(
        id="x", n=1, group="", program="", base_n=1, fingerprint=choose.compose.Fingerprint()
    ).context == () and text("x")
