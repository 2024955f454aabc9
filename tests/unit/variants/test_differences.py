"""All variants of a process side by side, step by step, and how hot each step is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.variants import differences
from tests.house import House
from tests.unit.customers.books import document
from tests.unit.customers.books import text as named
from tests.unit.variants.desk import ANN, LI, base, bring, desk, improved
from tests.unit.variants.models import text

NODE = {"type": "userTask", "names": text("Call"), "performer": {"assignee": "=customer.owner"}}


def said(operation_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": operation_id, "kind": kind, "reason": text("why"), **more}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    rules = document()
    rules["groups"].append({"key": "KA1", "parent": "KA", "priority": 50, "names": named("Key of keys")})
    with desk(tmp_path, rules) as made:
        bring(
            made,
            said(
                "ka_sla", "set_sla", target="Price", promise={"duration": "PT1H", "goal": "PT20M", "calendar": "24x7"}
            ),
            said("ka_who", "set_performer", target="Price", performer={"groups": ["ka_team"]}),
            said("ka_call", "insert", at={"after": "Check"}, node=NODE),
        )
        bring(
            made,
            said("gr_gone", "delete", target="Check"),
            said("gr_move", "move", target="Send", at={"after": "Configure"}),
            said("gr_sla", "set_sla", target="Price", promise={"duration": "PT9H"}),
            group="GR",
        )
        yield made


def found(house: House) -> differences.Differences:
    return differences.differences(house.engine, process="SFA-03", agent=ANN)


def cell(house: House, element: str, group: str) -> differences.Cell:
    step = next(one for one in found(house).steps if one.element == element)
    return next(one for one in step.cells if one.group == group)


def test_groups_with_a_variant_stand_in_the_order_of_the_rules(house: House) -> None:
    assert [key for key, _ in found(house).groups] == ["KA", "GR"]
    assert (found(house).process, found(house).base_n) == ("SFA-03", 1)


def test_steps_stand_in_the_order_of_the_base_and_new_ones_where_they_are_done(house: House) -> None:
    assert [one.element for one in found(house).steps] == [
        "Configure", "Check", "ka_call", "Approve", "Remind", "Price", "Stock", "Send",
    ]  # fmt: skip


CELLS = [
    # step, group, presence, in what it differs, performer, way, promise
    ("Price", "KA", "there", ("performer", "service_level"), ("ka_team",), "", "PT1H"),
    ("Price", "GR", "there", ("service_level",), ("desk",), "", "PT9H"),
    ("Check", "KA", "there", (), (), "", ""),
    ("Check", "GR", "absent", ("activity",), (), "", ""),
    ("ka_call", "KA", "new", ("activity",), ("=customer.owner",), "", ""),
    ("ka_call", "GR", "absent", (), (), "", ""),
    ("Send", "GR", "there", ("logic",), (), "notify", ""),
    ("Send", "KA", "there", (), (), "notify", ""),
    ("Stock", "GR", "there", (), (), "http", ""),
    ("Approve", "KA", "there", (), ("desk",), "approve", "P1D"),
]


@pytest.mark.parametrize(("element", "group", "presence", "differs", "performer", "way", "promise"), CELLS)
def test_a_cell_says_what_the_group_gets_and_in_what_it_differs(
    house: House, element: str, group: str, presence: str, differs: Any, performer: Any, way: str, promise: str
) -> None:
    one = cell(house, element, group)
    assert (one.presence, one.differs, one.performer, one.way, one.promise) == (
        presence, differs, performer, way, promise,
    )  # fmt: skip


def test_the_bases_own_cell_is_empty_for_what_only_variants_have(house: House) -> None:
    steps = {one.element: one for one in found(house).steps}
    assert steps["ka_call"].base is None
    price = steps["Price"].base
    assert price is not None and (price.performer, price.promise, price.differs) == (("desk",), "", ())
    assert {one.element: one.variants for one in steps.values() if one.variants} == {
        "Price": 2, "Check": 1, "ka_call": 1, "Send": 1,
    }  # fmt: skip


def test_the_heat_counts_variants_that_touch_a_step(house: House) -> None:
    touched = found(house).touched
    assert (touched["Price"], touched["Check"], touched["Send"]) == (2, 1, 1)
    assert "Configure" not in touched and "Stock" not in touched
    known = {one.id for one in (*base().nodes, *base().flows)}
    assert touched.keys() <= known, "what a variant adds is not on the base's drawing"


def test_the_heat_by_cases_weighs_with_what_runs_now(house: House) -> None:
    assert found(house).cases["Price"] == 0
    for key, current in (("gold", 90), ("growing", 50)):
        house.customer(
            key, scores={"current": current, "potential": 0},
            attributes={"contract": "gold" if key == "gold" else "none", "churn": 0},
        )  # fmt: skip
    for key, count in (("gold", 3), ("growing", 1)):
        for _ in range(count):
            start.start(
                house.engine, process="SFA-03", customer_id=key, business_key=None, data={"discount": 1},
                agent=SYSTEM, now=house.now,
            )  # fmt: skip
    cases = found(house).cases
    assert (cases["Price"], cases["Check"], cases["Send"]) == (4, 1, 1)


def test_what_a_parent_does_counts_for_the_child(house: House) -> None:
    bring(house, said("ka1_prio", "set_priority", target="Price", priority=9), group="KA1")
    one = cell(house, "Price", "KA1")
    assert one.performer == ("ka_team",) and one.differs == ("performer", "service_level")
    assert found(house).touched["Price"] == 3


def test_against_the_newest_base_variants_keep_what_they_stand_on(house: House) -> None:
    house.release(improved(base(), {"kind": "set_names", "target": "Stock", "names": text("Look up stock")}))
    names = {one.element: one.names["en"] for one in found(house).steps}
    assert found(house).base_n == 2 and names["Stock"] == "Look up stock"
    assert (cell(house, "Price", "KA").promise, cell(house, "Price", "KA").goal) == ("PT1H", "PT20M")


def test_a_process_without_variants_is_its_base(tmp_path: Path) -> None:
    with desk(tmp_path) as made:
        told = found(made)
    assert (told.groups, told.touched) == ((), {}) and all(one.cells == () for one in told.steps)


def test_staff_do_not_see_it_and_a_process_that_is_none_is_not_found(house: House) -> None:
    with pytest.raises(errors.Forbidden):
        differences.differences(house.engine, process="SFA-03", agent=LI)
    with pytest.raises(errors.NotFound):
        differences.differences(house.engine, process="none", agent=ANN)
