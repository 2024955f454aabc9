"""Regions with one way in and one way out: what can be cut out, where something can be put, and why not."""

import pytest

from engine.variants import durations, regions
from engine.variants.draft import Draft, Refused
from engine.variants.regions import Place
from tests.unit.variants.models import Random, quote

REGIONS = [
    # entry, exit, members
    ("Configure", "", {"Configure"}),
    ("Check", "", {"Check"}),
    ("Approve", "", {"Approve"}),
    ("Configure", "Check", {"Configure", "Check"}),
    ("Big", "Merge", {"Big", "Approve", "Merge"}),
    ("Fork", "Join", {"Fork", "Price", "Stock", "Join"}),
    ("Check", "Join", {"Check", "Big", "Approve", "Merge", "Fork", "Price", "Stock", "Join"}),
    ("Price", "", {"Price"}),
]


@pytest.mark.parametrize(("entry", "exit", "members"), REGIONS)
def test_a_region_is_everything_between_its_entry_and_its_exit(entry: str, exit: str, members: set[str]) -> None:
    found = regions.find(Draft(quote()), entry, exit)
    assert found.members == members and found.entry == entry and found.exit == (exit or entry)
    assert {flow.target for flow in found.ways_in} == {entry} and found.way_out.source == found.exit


NO_REGIONS = [
    ("Start", "", "no_region"),
    ("End", "", "no_region"),
    ("Late", "", "no_region"),
    ("Big", "", "not_one_way_out"),
    ("Fork", "Price", "no_region"),
    ("Approve", "Merge", "no_region"),
    ("Check", "Configure", "no_region"),
    ("Price", "Stock", "no_region"),
    ("nowhere", "", "element_unknown"),
]


@pytest.mark.parametrize(("entry", "exit", "code"), NO_REGIONS)
def test_what_is_no_region_is_refused_in_both_languages(entry: str, exit: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        regions.find(Draft(quote()), entry, exit)
    assert refused.value.code == code
    assert refused.value.text["zh-CN"] != refused.value.text["en"]


PLACES = [
    (Place(after="Check"), ["f3"]),
    (Place(before="Check"), ["f2"]),
    (Place(on="small"), ["small"]),
    (Place(before="End"), ["f9"]),
    (Place(after="Start"), ["f1"]),
]


@pytest.mark.parametrize(("place", "ways"), PLACES)
def test_a_place_is_the_ways_that_something_there_interrupts(place: Place, ways: list[str]) -> None:
    assert [flow.id for flow in regions.ways_at(Draft(quote()), place)] == ways


NO_PLACES = [
    (Place(after="Big"), "not_one_way_out"),
    (Place(after="End"), "not_one_way_out"),
    (Place(before="Merge"), "not_one_way_in"),
    (Place(before="Start"), "not_one_way_in"),
    (Place(on="nowhere"), "element_unknown"),
    (Place(after="nowhere"), "element_unknown"),
]


@pytest.mark.parametrize(("place", "code"), NO_PLACES)
def test_a_place_that_is_ambiguous_is_refused(place: Place, code: str) -> None:
    with pytest.raises(Refused) as refused:
        regions.ways_at(Draft(quote()), place)
    assert refused.value.code == code and refused.value.element


@pytest.mark.parametrize("seed", range(60))
def test_cutting_a_step_out_and_putting_it_back_gives_the_same_ways(seed: int) -> None:
    program = Random(seed).program()
    for node in program.nodes:
        draft = Draft(program)
        try:
            region = regions.find(draft, node.id)
        except Refused:
            continue
        if len(region.ways_in) != 1:
            continue
        before = {(flow.id, flow.source, flow.target) for flow in draft.flows.values()}
        way_in = region.ways_in[0]
        regions.cut(draft, region)
        assert node.id not in {flow.target for flow in draft.flows.values()}
        regions.paste(draft, Place(on=way_in.id), entry=node.id, way_out=draft.flow(region.way_out.id))
        assert {(flow.id, flow.source, flow.target) for flow in draft.flows.values()} == before


SPOKEN = [
    ("PT4H", 4 * 3600, "4 小时", "4 hours"),
    ("PT1H", 3600, "1 小时", "1 hour"),
    ("P1D", 86400, "1 天", "1 day"),
    ("P2DT3H", 2 * 86400 + 3 * 3600, "2 天 3 小时", "2 days 3 hours"),
    ("P1W", 7 * 86400, "1 周", "1 week"),
    ("P1M", 30 * 86400, "1 个月", "1 month"),
    ("PT1M", 60, "1 分钟", "1 minute"),
    ("P1Y", 365 * 86400, "1 年", "1 year"),
    ("PT30S", 30, "30 秒", "30 seconds"),
    ("P", 0, "P", "P"),
]


@pytest.mark.parametrize(("iso", "seconds", "zh", "en"), SPOKEN)
def test_a_duration_is_compared_by_seconds_and_spoken_in_words(iso: str, seconds: int, zh: str, en: str) -> None:
    assert durations.seconds(iso) == seconds
    assert durations.spoken(iso) == {"zh-CN": zh, "en": en}
