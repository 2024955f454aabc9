"""A base improves: what flows in by itself, what is asked, and that nothing is lost on the way."""

import random
from typing import Any

import msgspec
import pytest

from engine.definitions.process import Definition, Invariant, Policy, Start
from engine.model.program import Program
from engine.variants import compose, rebase
from engine.variants.draft import Draft
from engine.variants.operations import kinds
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.models import Random, quote, text

NODE = {"type": "userTask", "names": text("n"), "performer": {"groups": ["g"]}}
RULE = {"type": "businessRuleTask", "names": text("n"), "decision": {"key": "auto", "result": "level"}}


def ops(*documents: dict[str, Any], prefix: str = "v") -> tuple[kinds.AnyOperation, ...]:
    return kinds.read([{"id": f"{prefix}{n}", "reason": text("why"), **one} for n, one in enumerate(documents, 1)])


def improved(base: Program, *documents: dict[str, Any]) -> Program:
    return as_base(compose.program(base, ops(*documents, prefix="b")))


def as_base(program: Program) -> Program:
    """Provenance belongs to variants."""
    return msgspec.structs.replace(
        program,
        nodes=tuple(msgspec.structs.replace(node, origin="") for node in program.nodes),
        flows=tuple(msgspec.structs.replace(flow, origin="") for flow in program.flows),
    )


def move(target: str, **at: str) -> dict[str, Any]:
    return {"kind": "move", "target": target, "at": at}


def sla(target: str, duration: str) -> dict[str, Any]:
    return {"kind": "set_sla", "target": target, "promise": {"duration": duration}}


def insert(node: dict[str, Any] = NODE, **at: str) -> dict[str, Any]:
    return {"kind": "insert", "at": at, "node": node}


def delete(target: str) -> dict[str, Any]:
    return {"kind": "delete", "target": target}


CONFLICTS = [
    # what the base's owner did, what the variant does, the conflict and what is offered
    (delete("Check"), insert(after="Check"), "anchor_lost", "reanchor"),
    (move("Check", after="Send"), insert(after="Check"), "anchor_moved", "keep"),
    (sla("Price", "PT2H"), sla("Price", "PT1H"), "modify_modify", "keep"),
    (
        {"kind": "set_parameter", "target": "limit", "value": 20},
        {"kind": "set_parameter", "target": "limit", "value": 30},
        "modify_modify",
        "keep",
    ),
    (delete("Price"), sla("Price", "PT1H"), "modify_delete", "ask"),
    (delete("Check"), move("Check", after="Send"), "move_delete", "ask"),
    (move("Check", after="Send"), move("Check", after="Start"), "move_move", "ask"),
    (sla("Price", "PT2H"), delete("Price"), "delete_modify", "keep"),
    (delete("Check"), {"kind": "replace", "target": "Check", "node": NODE}, "delete_replace", "ask"),
    (insert(RULE, after="Send"), insert(RULE, after="Send"), "same_place", "ask"),
    (insert(after="Configure"), {"kind": "parallelise", "targets": ["Configure", "Check"]}, "context", "ask"),
]


@pytest.mark.parametrize(("base", "variant", "kind", "offered"), CONFLICTS)
def test_every_kind_of_conflict_is_named_and_offers_its_default(
    base: dict[str, Any], variant: dict[str, Any], kind: str, offered: str
) -> None:
    done = rebase.rebase(quote(), improved(quote(), base), ops(variant))
    (conflict,) = done.conflicts
    assert (conflict.kind, conflict.offered, conflict.operation) == (kind, offered, "v1")
    assert conflict.says["zh-CN"] and conflict.says["en"]
    assert not done.clean and done.operations == ()


FLOWS_IN = [
    (sla("Price", "PT2H"), sla("Configure", "PT1H")),
    (sla("Price", "PT2H"), {"kind": "set_priority", "target": "Price", "priority": 9}),
    (insert(after="Start"), insert(after="Send")),
    (insert(after="Send"), insert(after="Send")),
    (move("Check", after="Send"), sla("Price", "PT1H")),
    (delete("Check"), insert(before="End")),
]


@pytest.mark.parametrize(("base", "variant"), FLOWS_IN)
def test_what_does_not_touch_flows_in(base: dict[str, Any], variant: dict[str, Any]) -> None:
    new = improved(quote(), base)
    done = rebase.rebase(quote(), new, ops(variant))
    assert done.clean and done.operations == ops(variant)
    assert done.program == compose.program(new, ops(variant))


def test_what_the_new_base_does_itself_is_dropped() -> None:
    for both in (sla("Price", "PT1H"), delete("Check"), {"kind": "set_parameter", "target": "limit", "value": 20}):
        done = rebase.rebase(quote(), improved(quote(), both), ops(both))
        assert done.clean and done.redundant == ("v1",) and done.operations == ()


def test_changed_surroundings_are_worth_a_look() -> None:
    done = rebase.rebase(quote(), improved(quote(), insert(after="Configure")), ops(insert(after="Configure")))
    assert done.clean and done.drifted == ("v1",)


def test_a_decision_is_remembered_for_the_sibling() -> None:
    new = improved(quote(), sla("Price", "PT2H"))
    (conflict,) = rebase.rebase(quote(), new, ops(sla("Price", "PT1H"))).conflicts
    sibling = ops(sla("Price", "PT1H"), prefix="w")
    kept = rebase.rebase(quote(), new, sibling, decisions={conflict.signature: "keep"})
    assert kept.clean and kept.operations == sibling
    dropped = rebase.rebase(quote(), new, sibling, decisions={conflict.signature: "drop"})
    assert dropped.clean and dropped.program == new


def test_a_lost_anchor_is_found_again_where_one_says_so() -> None:
    new = improved(quote(), delete("Check"))
    (conflict,) = rebase.rebase(quote(), new, ops(insert(after="Check"))).conflicts
    done = rebase.rebase(quote(), new, ops(insert(after="Check")), decisions={conflict.signature: "reanchor"})
    assert done.clean
    assert ("Configure", "v1") in {(flow.source, flow.target) for flow in done.program.flows}


def definition(**fields: Any) -> Definition:
    return Definition(
        key="SFA-03", pillar="SFA", names=text("q"), purpose=text("p"), customer_output=text("o"), owner="s",
        start=Start(form="start", node="Start"), **fields,
    )  # fmt: skip


def test_a_newly_locked_step_refuses_the_operation() -> None:
    locked = definition(policy={"Check": Policy(delete=False)})
    (conflict,) = rebase.rebase(quote(), quote(), ops(delete("Check")), definition=locked).conflicts
    assert (conflict.kind, conflict.offered) == ("policy", "drop")


def test_a_rule_of_the_family_blocks_a_base_and_a_variant_that_break_it_together() -> None:
    rule = Invariant(id="kyc", kind="precedes", first="Check", second="Price", names=text("KYC before offer"))
    done = rebase.rebase(quote(), quote(), ops(move("Check", after="Send")), definition=definition(invariants=(rule,)))
    (conflict,) = done.conflicts
    assert conflict.kind == "semantic"
    assert "KYC before offer" in conflict.problems[0].text["en"]


def triple(seed: int) -> tuple[Program, Program, tuple[kinds.AnyOperation, ...]]:
    dice = random.Random(seed)
    old = Random(seed, size=14).program()
    new = as_base(compose.program(old, Author(old, dice, prefix="b").write(dice.randint(1, 3))))
    return old, new, Author(old, dice, prefix="v").write(dice.randint(1, 4))


def lost(old: Program, new: Program, done: rebase.Rebased, seed: int) -> None:
    """Whatever the base's owner made or changed is there, unless the variant says so of that very element."""
    spoken = {one for operation in done.operations for one in operation.needs()}
    after = Draft(done.program)
    before = {node.id: node for node in old.nodes}
    for node in new.nodes:
        if node == before.get(node.id) or node.id not in after.nodes:
            assert node.id in after.nodes or spoken, seed
            continue
        kept = after.nodes[node.id]
        if node.id not in spoken and not kept.origin:
            assert kept == node, (seed, node.id)
