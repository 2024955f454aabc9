"""A case that is for no single customer but for a group that its start names gets that group's variant."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import marketing, records
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import replay
from tests.house import House
from tests.unit.variants.desk import LIMIT, base, bring, desk


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path) as made:
        made.release(base(), start={"customer_required": False, "group_from": "segment", "campaign_from": "campaign"})
        bring(made, LIMIT, group="KA")
        yield made


def chosen(house: House, customer: str | None = None, **data: Any) -> records.Resolution:
    begun = start.start(
        house.engine, process="SFA-03", customer_id=customer, business_key=None, data=data, agent=SYSTEM, now=house.now
    )
    with house.engine.store.reading() as tx:
        found = tx.resolutions.of_instance(begun.instance.id)
    assert found is not None
    return found


def variant(found: records.Resolution) -> str:
    return replay.replay(found).variant


def test_the_group_that_the_start_names_gets_its_variant(house: House) -> None:
    found = chosen(house, segment="KA")
    assert variant(found) == "SFA-03:ka"
    assert "发起时指明了这个客户群" in found.sentence["zh-CN"]
    assert "the start names this customer group" in found.sentence["en"]


@pytest.mark.parametrize("segment", ["GR", "nobody", "", None, 7])
def test_a_group_without_a_variant_and_a_name_that_is_no_group_s_give_the_base(house: House, segment: object) -> None:
    assert variant(chosen(house, segment=segment)) == ""


def test_without_a_name_there_is_no_group_to_go_by(house: House) -> None:
    assert "no customer group" in chosen(house).sentence["en"]


def test_a_customer_s_own_group_counts_more_than_a_name(house: House) -> None:
    known = {"contract": "none", "churn": 0}
    house.customer("c-5", scores={"current": 10, "potential": 1}, attributes=known)
    assert variant(chosen(house, "c-5", segment="KA")) == ""


def campaign(house: House, *audience: str) -> str:
    with house.engine.store.transaction() as tx:
        tx.campaigns.put(
            marketing.Campaign(id="CMP-1", job="j-1", name="Spring", audience=audience, changed_at=house.now)
        )
    return "CMP-1"


@pytest.mark.parametrize(
    ("segment", "found"),
    [
        (["KA"], "SFA-03:ka"),
        (("KA", "KA"), "SFA-03:ka"),
        (["KA", ""], "SFA-03:ka"),
        (["KA", "GR"], ""),
        (["KA", "nobody"], ""),
        (["nobody"], ""),
        ([], ""),
        ([7, None], ""),
        ({"KA": 1}, ""),
    ],
)
def test_an_audience_of_one_group_gets_its_variant_and_a_mixed_one_what_is_above_it(
    house: House, segment: Any, found: str
) -> None:
    assert variant(chosen(house, segment=segment)) == found


def test_a_mixed_audience_is_told_with_its_groups(house: House) -> None:
    kept = chosen(house, segment=["KA", "GR"])
    assert kept.facts["audience"] == ["KA", "GR"]
    assert "several groups (Key accounts, Growing)" in kept.sentence["en"]
    assert "受众不止一个客户群" in kept.sentence["zh-CN"]


@pytest.mark.parametrize(("audience", "found"), [(("KA",), "SFA-03:ka"), (("KA", "GR"), ""), ((), "")])
def test_a_campaign_s_audience_counts_where_the_start_names_none(
    house: House, audience: tuple[str, ...], found: str
) -> None:
    assert variant(chosen(house, campaign=campaign(house, *audience))) == found


@pytest.mark.parametrize("named", ["CMP-9", "", None, 7, ["CMP-1"]])
def test_a_campaign_that_nobody_knows_says_nothing(house: House, named: Any) -> None:
    campaign(house, "KA")
    assert variant(chosen(house, campaign=named)) == ""


def test_what_the_start_names_counts_more_than_its_campaign(house: House) -> None:
    assert variant(chosen(house, campaign=campaign(house, "KA"), segment=["GR"])) == ""


def test_a_choice_by_audience_is_repeated_although_the_campaign_changed(house: House) -> None:
    kept = chosen(house, campaign=campaign(house, "KA"))
    campaign(house, "GR")
    assert (variant(kept), replay.replay(kept).program) == ("SFA-03:ka", kept.program)
