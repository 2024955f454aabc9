"""What a base's owner changed, in words: every kind of change has a line, and what did not change has none."""

import random
from typing import Any

import msgspec
import pytest

from engine.variants import compose, upgrade
from engine.variants.draft import Draft
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.desk import base, improved
from tests.unit.variants.models import Random, text
from tests.unit.variants.test_rebase import as_base

NODE = {"type": "userTask", "names": text("Call"), "performer": {"groups": ["g"]}}

LINES: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    # what the owner did, then (element, zh, en) of each line
    ({"kind": "insert", "at": {"after": "Check"}, "node": NODE}, [("b1", "新增「Call。」", "Call is new")]),
    ({"kind": "delete", "target": "Check"}, [("Check", "取消「Check」", "Check is gone")]),
    ({"kind": "delete", "target": "Approve"}, [
        ("Approve", "取消「Approve。」", "Approve is gone"),
        ("Late", "取消「Late」", "Late is gone"),
        ("Remind", "取消「Remind」", "Remind is gone"),
        ("Reminded", "取消「结束」", "an end is gone"),
    ]),
    ({"kind": "move", "target": "Check", "at": {"after": "Send"}}, [("Check", "移动「Check」", "Check is moved")]),
    ({"kind": "move", "target": "Send", "at": {"after": "Start"}}, [("Send", "移动「Send」", "Send is moved")]),
    ({"kind": "parallelise", "targets": ["Configure", "Check"]}, [
        ("b1_split", "新增「并行网关」", "a parallel gateway is new"),
        ("b1_join", "新增「并行网关」", "a parallel gateway is new"),
    ]),
    ({"kind": "serialise", "targets": ["Price", "Stock"]}, [
        ("Fork", "取消「并行网关」", "a parallel gateway is gone"),
        ("Join", "取消「并行网关」", "a parallel gateway is gone"),
    ]),
    ({"kind": "make_optional", "target": "Send", "condition": "x > 1"}, [
        ("b1_split", "新增「选择网关」", "a choice is new"),
        ("b1_join", "新增「选择网关」", "a choice is new"),
    ]),
    ({"kind": "add_branch", "target": "Big", "to": "Send", "condition": "x > 1"}, [
        ("b1_in", "新增从「Big?」到「Send」的路", "the way from Big? to Send is new"),
    ]),
    ({"kind": "set_condition", "target": "big", "condition": "discount > 20"}, [
        ("big", "从「Big?」到「Approve。」的路：条件有变", "the way from Big? to Approve: its condition changed"),
    ]),
    ({"kind": "set_sla", "target": "Configure", "promise": {"duration": "PT90M"}}, [
        ("Configure", "「Configure。」：时限承诺（4 小时 → 90 分钟）有变",
         "Configure: its promise (4 hours → 90 minutes) changed"),
    ]),
    ({"kind": "set_sla", "target": "Configure", "promise": {"duration": "PT90M", "goal": "PT1H"}}, [
        ("Configure", "「Configure。」：时限承诺（4 小时 → 90 分钟，目标 无 → 1 小时）有变",
         "Configure: its promise (4 hours → 90 minutes, goal none → 1 hour) changed"),
    ]),
    ({"kind": "set_sla", "target": "Configure", "promise": None}, [
        ("Configure", "「Configure。」：时限承诺有变", "Configure: its promise changed"),
    ]),
    ({"kind": "set_sla", "target": "Configure", "promise": {"duration": "PT4H", "calendar": "24x7"}}, [
        ("Configure", "「Configure。」：时限承诺有变", "Configure: its promise changed"),
    ]),
    ({"kind": "set_form", "target": "Approve", "form": "other"}, [
        ("Approve", "「Approve。」：表单有变", "Approve: its form changed"),
    ]),
    ({"kind": "set_performer", "target": "Price", "performer": {"groups": ["ka"]}}, [
        ("Price", "「Price。」：承担者有变", "Price: who does it changed"),
    ]),
    ({"kind": "set_priority", "target": "Price", "priority": 9}, [
        ("Price", "「Price。」：优先级有变", "Price: its priority changed"),
    ]),
    ({"kind": "set_service", "target": "Stock", "work": {"handler": "other"}}, [
        ("Stock", "「Stock」：服务有变", "Stock: its service changed"),
    ]),
    ({"kind": "set_timer", "target": "Late", "timer": {"kind": "duration", "text": "PT1H"}}, [
        ("Late", "「Late」：触发条件有变", "Late: what sets it off changed"),
    ]),
    ({"kind": "set_loop", "target": "Price", "loop": {"cardinality": 3}}, [
        ("Price", "「Price。」：重复有变", "Price: how often it is done changed"),
    ]),
    ({"kind": "set_worth", "target": "Price", "worth": {"tag": "VA"}}, [
        ("Price", "「Price。」：客户价值与成本有变", "Price: its value and cost changed"),
    ]),
    ({"kind": "set_names", "target": "Price", "names": text("Cost")}, [
        ("Price", "「Cost。」：名称有变", "Cost: its name changed"),
    ]),
    ({"kind": "automate", "target": "Price", "work": {"handler": "http"}}, [
        ("Price", "「Price。」：种类有变", "Price: what kind of step it is changed"),
    ]),
    ({"kind": "set_parameter", "target": "limit", "value": 20}, [("limit", "limit：10 → 20", "limit: 10 → 20")]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "lines"), LINES, ids=lambda one: one.get("kind") if isinstance(one, dict) else "")
def test_every_kind_of_change_has_its_line(document: dict[str, Any], lines: list[tuple[str, str, str]]) -> None:
    found = upgrade.changes(base(), improved(base(), document))
    assert [(one.elements[0], one.says["zh-CN"], one.says["en"]) for one in found] == lines


def test_the_same_base_has_no_line_whatever_its_flows_are_called() -> None:
    assert upgrade.changes(base(), base()) == ()
    renamed = msgspec.structs.replace(
        base(),
        nodes=tuple(
            msgspec.structs.replace(one, default=f"{one.default}_2") if getattr(one, "default", "") else one
            for one in base().nodes
        ),
        flows=tuple(msgspec.structs.replace(one, id=f"{one.id}_2") for one in base().flows),
    )
    assert upgrade.changes(base(), renamed) == ()


def test_a_parameter_goes_by_the_name_that_its_owner_gave_it() -> None:
    names = {"limit": {"zh-CN": "折扣上限", "en": "Discount limit"}, "more": {"zh-CN": "另一个", "en": "Another"}}
    new = msgspec.structs.replace(base(), parameters={"limit": 20, "more": 1})
    found = upgrade.changes(base(), new, names=names)
    assert [one.says for one in found] == [
        {"zh-CN": "折扣上限：10 → 20", "en": "Discount limit: 10 → 20"},
        {"zh-CN": "新增参数“另一个”：1", "en": "new parameter Another: 1"},
    ]
    gone = upgrade.changes(new, base(), names=names)
    assert gone[-1].says == {"zh-CN": "取消参数“另一个”", "en": "the parameter Another is gone"}


def test_parts_of_one_word_are_told_once() -> None:
    named = msgspec.structs.replace(base().nodes[1], name="New", texts=text("New"))
    found = upgrade.changes(base(), msgspec.structs.replace(base(), nodes=(base().nodes[0], named, *base().nodes[2:])))
    assert [one.says["en"] for one in found] == ["New: its name changed"]


@pytest.mark.parametrize("seed", range(120))
def test_whatever_an_owner_does_is_told_and_nothing_else(seed: int) -> None:
    """Every node that came, went or has another setting is spoken of; a line speaks of something that there is."""
    dice = random.Random(seed)
    old = Random(seed, size=14).program()
    operations = Author(old, dice, prefix="b").write(dice.randint(0, 4))
    new = as_base(compose.program(old, operations))
    found = upgrade.changes(old, new)
    spoken = {element for one in found for element in one.elements}
    before, after = Draft(old), Draft(new)
    for node_id in {**before.nodes, **after.nodes}:
        one, other = before.nodes.get(node_id), after.nodes.get(node_id)
        if one is None or other is None or upgrade.fields(one, other):
            assert node_id in spoken, (seed, node_id)
    known = {*before.nodes, *before.flows, *before.parameters, *after.nodes, *after.flows, *after.parameters}
    assert spoken <= known
    assert all(one.says["zh-CN"] and one.says["en"] for one in found)
    assert bool(found) or old == new or not operations or _only_order(old, new)


def _only_order(old: Any, new: Any) -> bool:
    """Nothing but ids of flows and the order of what was there already."""
    ways = [{(one.source, one.target) for one in program.flows} for program in (old, new)]
    return {one.id for one in old.nodes} == {one.id for one in new.nodes} and len(ways[0] ^ ways[1]) <= 6
