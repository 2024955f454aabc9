"""Relations that lift treatment: who belongs to a key account is treated as one, as long as it is one."""

import json
from typing import Any

import pytest

from engine.customers import groups, register
from engine.domain import lifting
from engine.people.agent import SYSTEM
from engine.store.unit_of_work import Store
from tests.shared import ROOT
from tests.unit.domain.conftest import NOON, Run

RULES = json.loads((ROOT / "processes" / "groups.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def rules(store: Store) -> None:
    with store.transaction() as tx:
        groups.publish_within(tx, document=RULES, agent=SYSTEM, now=NOON)


def kept(run: Run, number: str, parent: str = "", **more: Any) -> str:
    related = [{"kind": "parent", "number": parent}] if parent else []
    told = {"name": f"公司 {number}", "kind": "customer", "contacts": [], "relations": related} | more
    return str(run("parties.register", instance=number, number=number, **told).data["customer_no"])


def group(store: Store, number: str) -> str:
    with store.reading() as tx:
        found = tx.customers.by_number(number)
    assert found is not None
    return found.group


def value(store: Store, number: str, points: int) -> None:
    """The parent's value changes, and whoever belongs to it is looked at again."""
    with store.transaction() as tx:
        found = tx.customers.by_number(number)
        assert found is not None
        told = {"scores": {"current": {"value": points}, "potential": {"value": 0}}}
        lifting.follow(tx, register.change_within(tx, customer_id=found.id, data=told, now=NOON), now=NOON)


def test_a_subsidiary_of_a_key_account_is_treated_as_one_and_so_are_its_own(run: Run, store: Store) -> None:
    kept(run, "P-1")
    value(store, "P-1", 100)
    kept(run, "C-1", "P-1")
    kept(run, "C-2", "C-1")
    assert [group(store, number) for number in ("P-1", "C-1", "C-2")] == ["KA", "KA", "KA"]


def test_the_lift_ends_with_its_cause_and_comes_back_with_it(run: Run, store: Store) -> None:
    for number, parent in (("P-1", ""), ("C-1", "P-1"), ("C-2", "C-1"), ("C-9", "")):
        kept(run, number, parent)
    for points, told in ((100, "KA"), (10, "ST"), (100, "KA")):
        value(store, "P-1", points)
        assert [group(store, number) for number in ("C-1", "C-2", "C-9")] == [told, told, "ST"]


def test_a_prospect_is_not_lifted_before_it_buys(run: Run, store: Store) -> None:
    kept(run, "P-1")
    value(store, "P-1", 100)
    kept(run, "C-1", "P-1", kind="prospect")
    assert group(store, "C-1") == "PR"


def test_two_that_belong_to_each_other_are_looked_at_once(run: Run, store: Store) -> None:
    kept(run, "C-1")
    kept(run, "C-2", "C-1")
    kept(run, "C-1", "C-2")
    value(store, "C-1", 100)
    assert group(store, "C-2") == "KA"


@pytest.mark.parametrize("kind", ["partner", "agent", "supplier"])
def test_other_relations_lift_nobody(run: Run, store: Store, kind: str) -> None:
    kept(run, "P-1")
    value(store, "P-1", 100)
    kept(run, "C-1", relations=[{"kind": kind, "number": "P-1"}])
    assert group(store, "C-1") == "ST"
