"""A customer's journey: stage by stage, each once, with its cost, the order's revenue and one end."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine import deals, errors
from engine.domain import journeys
from engine.model import nodes
from engine.model.performer import Worth
from engine.model.program import Program
from engine.store.unit_of_work import Store
from tests.store import rows
from tests.unit.domain.conftest import NOON, Run

WORTH = Worth(touch_minutes=30, cost_rate_per_hour=60, fixed_cost=5)
TALK = Program(
    key="X-03", nodes=(nodes.UserTask(id="Talk", name="Talk", worth=WORTH), nodes.UserTask(id="Nothing", name="n"))
)


def begin(ask: Run, journey: str = "J-1", **more: Any) -> None:
    ask("journeys.begin", journey=journey, campaign="A", source="web", **more)


def stage(ask: Run, name: str, ref: str = "r", **more: Any) -> dict[str, Any]:
    return dict(ask("journeys.stage", journey="J-1", stage=name, ref=ref, **more).data)


def work(store: Store, case: str, *, wait: int = 1, process: str = "SFA-03", node: str = "Talk") -> None:
    """A completed step of a case of customer c-1."""
    with store.transaction() as tx:
        if tx.processes.get("SFA-03") is None:
            rows.ground(tx)
            tx.processes.put(rows.process("SFA-02"))
            tx.programs.add(TALK, process="SFA-03", now=NOON)
        item = rows.work_item(case, wait, node=node, program=TALK.sha256, status="completed", ended_at=NOON)
        if tx.instances.get(case) is None:
            begun = msgspec.structs.replace(rows.instance(tx, case), process=process, started_at=NOON)
            tx.steps.begin(begun, b"", rows.written(work_items=(item,)))


def order(store: Store, number: str, status: Any = "invoiced") -> None:
    with store.transaction() as tx:
        tx.orders.put(
            deals.Order(
                id=number,
                instance_id="o",
                customer="c-1",
                status=status,
                lines=({"sku": "A", "qty": 2, "price": 450},),
                total=900,
                payment="prepaid",
                taken_at=NOON,
            )
        )


@pytest.mark.parametrize(
    ("nodes_done", "cost"), [([], 0), (["Talk"], 35), (["Talk", "Talk"], 70), (["Nothing", "Gone"], 0)]
)
def test_the_cost_of_work_is_its_minutes_by_their_rate_and_what_is_fixed(nodes_done: list[str], cost: float) -> None:
    done = [rows.work_item(node=node, program="p") for node in nodes_done]
    assert journeys.cost_of(done, {("p", "Talk"): WORTH}) == cost


def test_a_journey_begins_once_with_whose_it_is(ask: Run, store: Store) -> None:
    begin(ask)
    begin(ask, customer="c-2")
    with store.reading() as tx:
        known = tx.journeys.get("J-1")
    assert known is not None
    assert (known.customer, known.campaign, known.source, known.started_at) == ("c-1", "A", "web", NOON)


def test_each_stage_counts_the_work_since_the_one_before_once(ask: Run, store: Store) -> None:
    begin(ask)
    work(store, "i-1")
    assert stage(ask, "lead")["journey_cost"] == 35
    assert stage(ask, "lead")["journey_cost"] == 35, "the same stage again"
    work(store, "i-2", process="SFA-02")
    assert stage(ask, "opportunity", "O-1")["journey_cost"] == 70, "what the stage began beside counts too"
    assert stage(ask, "onboarding")["journey_cost"] == 70
    with store.reading() as tx:
        known = tx.journeys.get("J-1")
    assert known is not None and [(one["stage"], one["cost"]) for one in known.stages] == [
        ("lead", 35),
        ("opportunity", 35),
        ("onboarding", 0),
    ]


@pytest.mark.parametrize(("status", "revenue"), [("invoiced", 900), ("taken", 900), ("cancelled", 0)])
def test_an_order_brings_what_was_ordered_unless_it_was_cancelled(
    ask: Run, store: Store, status: str, revenue: float
) -> None:
    begin(ask)
    order(store, "SO-1", status)
    assert stage(ask, "opportunity", "SO-1")["journey_revenue"] == 0, "only orders bring money"
    assert stage(ask, "order", "SO-1")["journey_revenue"] == revenue
    assert stage(ask, "order", "SO-404")["journey_revenue"] == revenue, "an order that is not there brings none"


def test_the_first_end_stays(ask: Run, store: Store) -> None:
    begin(ask)
    ask("journeys.end", journey="J-1", outcome="lost", reason="price")
    ask("journeys.end", journey="J-1", outcome="served", now=NOON + timedelta(days=1))
    with store.reading() as tx:
        known = tx.journeys.get("J-1")
    assert known is not None and (known.outcome, known.reason, known.ended_at) == ("lost", "price", NOON)


@pytest.mark.parametrize(("handler", "told"), [("stage", {"stage": "party"}), ("end", {"outcome": "bored"})])
def test_stages_and_ends_have_names(ask: Run, handler: str, told: dict[str, Any]) -> None:
    begin(ask)
    with pytest.raises(errors.Invalid) as wrong:
        ask(f"journeys.{handler}", journey="J-1", **told)
    assert "one of" in wrong.value.text["en"] and "以下之一" in wrong.value.text["zh-CN"]


@pytest.mark.parametrize("handler", ["stage", "end"])
def test_a_journey_that_never_began_is_told(ask: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as none:
        ask(f"journeys.{handler}", journey="J-9", stage="lead", outcome="lost")
    assert none.value.text == {"zh-CN": "没有客户旅程 J-9", "en": "there is no journey 'J-9'"}


def test_a_journey_may_be_nobody_s(run: Run, store: Store) -> None:
    run("journeys.begin", journey="J-2")
    with store.reading() as tx:
        known = tx.journeys.get("J-2")
    assert known is not None and (known.customer, known.campaign) == ("", "")


@pytest.mark.parametrize(
    ("reached", "sold_to"),
    [
        ([], False),
        (["lead"], True),
        (["lead", "opportunity"], True),
        (["lead", "opportunity", "order"], False),
        (["lead", "opportunity", "order", "onboarding"], False),
    ],
)
def test_a_customer_is_being_sold_to_between_lead_and_order(ask: Run, reached: list[str], sold_to: bool) -> None:
    begin(ask)
    for name in reached:
        stage(ask, name)
    assert ask("journeys.selling").data == {"journeys": ["J-1"] if sold_to else []}


def test_each_of_a_customer_s_journeys_under_way_is_named_and_nobody_else_s(ask: Run) -> None:
    for journey, whose in (("J-2", "c-1"), ("J-1", "c-1"), ("J-3", "c-2"), ("J-4", "c-1")):
        begin(ask, journey, customer=whose)
        ask("journeys.stage", journey=journey, stage="lead", ref="r")
    ask("journeys.end", journey="J-4", outcome="lost")
    assert ask("journeys.selling").data == {"journeys": ["J-1", "J-2"]}
