"""The matrix: what each group gets, what stands in the way, how long cases took, and the variants beside the groups."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.definitions import hold
from engine.variants import matrix, tryout
from engine.variation import Circumstance
from tests.house import House
from tests.unit.variants.desk import ANN, LI, LIMIT, PHONE, bring, desk, write
from tests.unit.variants.models import text

PHONED = (Circumstance(name="channel", type="string", test='"phone"', names=text("channel")),)
LARGE = (Circumstance(name="amount", type="number", test="> 1000"),)
WRONG = {"id": "ka_gone", "kind": "delete", "target": "nowhere", "reason": text("r")}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path) as made:
        yield made


def row(house: House) -> matrix.Row:
    return matrix.matrix(house.engine, agent=ANN).rows[0]


def cell(house: House, group: str = "KA") -> matrix.Cell:
    return next(one for one in row(house).cells if one.group == group)


def test_each_state_of_a_cell(house: House) -> None:
    assert cell(house).state == "base"
    write(house, LIMIT, WRONG)
    assert (cell(house).state, cell(house).problems) == ("blocked", 1)
    write(house, LIMIT)
    assert (cell(house).state, cell(house).problems) == ("draft", 0)
    bring(house, LIMIT)
    assert (cell(house).state, cell(house).draft) == ("own", 0)
    bring(house, PHONE | {"id": "all_phone"}, group="ALL", name="all")
    assert (cell(house, "GR").state, cell(house, "GR").variant) == ("inherited", "SFA-03:all")
    write(house, LIMIT, WRONG)
    assert (cell(house).state, cell(house).problems) == ("own", 1), "what is released stays in use"


def test_a_process_on_hold_blocks_every_cell(house: House) -> None:
    hold.suspend(house.engine, process="SFA-03", n=1, agent=ANN, now=house.now)
    found = row(house)
    assert found.suspended and {one.state for one in found.cells} == {"blocked"}


def test_a_variant_for_circumstances_is_no_cell_but_stands_beside_its_process(house: House) -> None:
    bring(house, PHONE | {"id": "p_phone"}, group="KA", name="phoned", context=PHONED)
    write(house, WRONG, group="", name="by-name")
    assert cell(house).state == "base" and cell(house).draft == 0, "neither is what the group gets anyway"
    phoned, named = sorted(row(house).special, key=lambda one: one.name, reverse=True)
    assert (phoned.id, phoned.group, phoned.n, phoned.says["en"]) == ("SFA-03:phoned", "KA", 1, 'channel: "phone"')
    assert phoned.says["zh-CN"].startswith("channel。：") and phoned.fingerprint.way == 1
    assert (named.name, named.says, named.n, named.draft, named.problems) == ("by-name", {}, 0, 1, 1)


# --- how long cases took -------------------------------------------------------------------------------------------


def took(spans: dict[tuple[str, str], list[float]]) -> dict[tuple[str, str], tuple[int, float]]:
    return {key: (len(hours), sum(hours) / len(hours) * 3600) for key, hours in spans.items()}


@pytest.mark.parametrize(
    ("base", "own", "against"),
    [([10.0], [8.0], 0.8), ([2.0, 4.0], [6.0], 2.0), ([], [5.0], 0), ([5.0], [], 0), ([], [], 0)],
)
def test_a_cell_shows_how_long_its_cases_took_and_how_that_compares_with_the_base(
    house: House, base: list[float], own: list[float], against: float
) -> None:
    variant = bring(house, LIMIT)
    with house.engine.store.reading() as tx:
        released = tx.processes.released("SFA-03")
    assert released is not None
    spans = {
        ("SFA-03", program): hours for program, hours in ((released.program, base), (variant.program, own)) if hours
    }
    counts = matrix.Counts(running={}, finished=took(spans)).of("SFA-03")
    with house.engine.store.reading() as tx:
        process = tx.processes.get("SFA-03")
        from_book = matrix.groups.book(tx, house.now)
        assert process is not None
        found = matrix._row(tx, process, from_book, counts)
    mine = next(one for one in found.cells if one.group == "KA")
    assert (mine.finished, round(mine.against_base, 6)) == (len(own), against)
    assert mine.mean_seconds == (sum(own) / len(own) * 3600 if own else 0)
    plain = next(one for one in found.cells if one.group == "ST")
    assert (plain.finished, plain.against_base) == (len(base), 0), "the base is not compared with itself"


def test_staff_do_not_see_it(house: House) -> None:
    with pytest.raises(errors.Forbidden):
        matrix.matrix(house.engine, agent=LI)


# --- the tester and circumstances ----------------------------------------------------------------------------------


def tried(house: House, data: dict[str, Any], current: float = 90) -> tryout.Tried:
    facts = {"values": {"current": current, "potential": 0}, "contract": "gold", "churn": 0, "kind": "customer"}
    return tryout.try_out(house.engine, process="SFA-03", facts=facts, data=data, agent=ANN, now=house.now)


def test_the_tester_tells_of_each_variant_for_circumstances_whether_they_held(house: House) -> None:
    bring(house, PHONE | {"id": "p_phone"}, group="", name="phoned", context=PHONED)
    bring(house, LIMIT | {"id": "l_limit"}, group="KA", name="large", context=LARGE)
    found = {one.variant: (one.state, one.why["en"]) for one in tried(house, {"channel": "phone", "amount": 5}).special}
    assert found["SFA-03:phoned"] == ("won", "channel is phone")
    assert found["SFA-03:large"][0] == "missed" and "amount is 5" in found["SFA-03:large"][1]
    found = {one.variant: (one.state, one.why["en"]) for one in tried(house, {"amount": 5000}).special}
    assert found["SFA-03:phoned"] == ("missed", "the start does not say channel")
    assert found["SFA-03:large"] == ("won", "amount is 5000, above 1000")
    both = {one.variant: one.state for one in tried(house, {"channel": "phone", "amount": 5000}).special}
    assert both == {"SFA-03:phoned": "hit", "SFA-03:large": "won"}, "that of the group goes first"
    other = {one.variant: (one.state, one.why) for one in tried(house, {"amount": 5000}, current=10).special}
    assert other["SFA-03:large"] == ("group", {"zh-CN": "只用于客户群 KA", "en": "only for the group KA"})


def test_exactly_the_variant_that_runs_is_told_to_have_won(house: House) -> None:
    bring(house, PHONE | {"id": "p_phone"}, group="", name="phoned", context=PHONED)
    bring(house, LIMIT | {"id": "l_limit"}, group="KA", name="large", context=LARGE)
    for channel, amount, current in itertools.product(["phone", "mail", None], [5, 5000, None], [90, 10]):
        data = {key: value for key, value in (("channel", channel), ("amount", amount)) if value is not None}
        found = tried(house, data, current)
        assert [one.variant for one in found.special if one.state == "won"] == (
            [found.variant] if found.variant else []
        )
