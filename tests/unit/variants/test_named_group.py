"""A case that is for no single customer but for a group that its start names gets that group's variant."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import records
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import replay
from tests.house import House
from tests.unit.variants.desk import LIMIT, base, bring, desk


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path) as made:
        made.release(base(), start={"customer_required": False, "group_from": "segment"})
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
