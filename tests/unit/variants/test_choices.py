"""What comes of each choice that people have at a conflict: the process that then runs."""

from typing import Any

import pytest

from engine.definitions.process import Policy
from engine.model.program import Program
from engine.variants import compose, conflicts, rebase
from engine.variants.draft import Draft
from tests.unit.variants.models import quote, text
from tests.unit.variants.test_rebase import NODE, RULE, definition, delete, improved, insert, move, ops, sla

LIMIT = {"kind": "set_parameter", "target": "limit"}


def decided(base: dict[str, Any], variant: dict[str, Any], choice: str) -> tuple[Program, Program, rebase.Rebased]:
    """The new base, the merged program, and the whole answer when the one conflict is decided so."""
    new = improved(quote(), base)
    (conflict,) = rebase.rebase(quote(), new, ops(variant)).conflicts
    done = rebase.rebase(quote(), new, ops(variant), decisions={conflict.signature: choice})  # type: ignore[dict-item]
    assert done.clean and [one.signature for one in done.decided] == [conflict.signature]
    return new, done.program, done


def after(program: Program, node_id: str) -> list[str]:
    return [flow.target for flow in Draft(program).outgoing(node_id)]


def promise(program: Program, node_id: str) -> str:
    found = getattr(Draft(program).nodes[node_id], "promise", None)
    return found.duration if found else ""


def test_an_anchor_that_is_gone() -> None:
    _, program, _ = decided(delete("Check"), insert(after="Check"), "reanchor")
    assert after(program, "Configure") == ["v1"] and after(program, "v1") == ["Big"]
    new, program, _ = decided(delete("Check"), insert(after="Check"), "drop")
    assert program == new


def test_an_anchor_that_was_moved() -> None:
    moved = move("Check", after="Send")
    _, along, _ = decided(moved, insert(after="Check"), "keep")
    assert after(along, "Check") == ["v1"] and after(along, "v1") == ["End"], "it travels along"
    _, stays, done = decided(moved, insert(after="Check"), "reanchor")
    assert after(stays, "Configure") == ["v1"] and after(stays, "v1") == ["Big"], "it stays where it was"
    assert [one.id for one in done.operations] == ["v1"]
    new, program, _ = decided(moved, insert(after="Check"), "drop")
    assert program == new


@pytest.mark.parametrize(("choice", "left"), [("keep", "PT1H"), ("drop", "PT2H")])
def test_both_changed_the_same(choice: str, left: str) -> None:
    _, program, _ = decided(sla("Price", "PT2H"), sla("Price", "PT1H"), choice)
    assert promise(program, "Price") == left


@pytest.mark.parametrize(("choice", "left"), [("keep", 30), ("drop", 20)])
def test_both_changed_a_parameter(choice: str, left: int) -> None:
    _, program, _ = decided({**LIMIT, "value": 20}, {**LIMIT, "value": 30}, choice)
    assert program.parameters["limit"] == left


def test_the_step_that_is_changed_or_moved_is_gone() -> None:
    for variant in (sla("Check", "PT1H"), move("Check", after="Send")):
        new, program, done = decided(delete("Check"), variant, "drop")
        assert program == new and done.operations == ()


@pytest.mark.parametrize(("choice", "behind"), [("keep", "Start"), ("drop", "Send")])
def test_both_moved_the_same(choice: str, behind: str) -> None:
    _, program, _ = decided(move("Check", after="Send"), move("Check", after="Start"), choice)
    assert after(program, behind) == ["Check"]


@pytest.mark.parametrize(("choice", "there"), [("keep", False), ("drop", True)])
def test_the_step_that_is_left_out_was_improved(choice: str, there: bool) -> None:
    _, program, _ = decided(sla("Price", "PT2H"), delete("Price"), choice)
    assert ("Price" in Draft(program).nodes) is there
    assert not there or promise(program, "Price") == "PT2H"


def test_the_step_that_is_replaced_is_gone() -> None:
    replacing = {"kind": "replace", "target": "Check", "node": NODE}
    _, program, done = decided(delete("Check"), replacing, "reanchor")
    assert after(program, "Configure") == ["v1"] and after(program, "v1") == ["Big"]
    assert [type(one).__name__ for one in done.operations] == ["Insert"]
    new, program, _ = decided(delete("Check"), replacing, "drop")
    assert program == new


def test_two_new_steps_at_one_place_that_write_the_same() -> None:
    _, mine, _ = decided(insert(RULE, after="Send"), insert(RULE, after="Send"), "keep")
    assert after(mine, "Send") == ["v1"] and after(mine, "v1") == ["b1"]
    _, theirs, _ = decided(insert(RULE, after="Send"), insert(RULE, after="Send"), "reanchor")
    assert after(theirs, "Send") == ["b1"] and after(theirs, "b1") == ["v1"]
    new, program, _ = decided(insert(RULE, after="Send"), insert(RULE, after="Send"), "drop")
    assert program == new


def test_what_the_structure_or_the_owner_does_not_allow_can_only_be_dropped() -> None:
    new, program, _ = decided(
        insert(after="Configure"), {"kind": "parallelise", "targets": ["Configure", "Check"]}, "drop"
    )
    assert program == new
    locked = definition(policy={"Check": Policy(delete=False)})
    (conflict,) = rebase.rebase(quote(), quote(), ops(delete("Check")), definition=locked).conflicts
    assert list(conflict.choices) == ["drop"]
    done = rebase.rebase(
        quote(), quote(), ops(delete("Check")), definition=locked, decisions={conflict.signature: "drop"}
    )
    assert done.clean and done.program == quote()


@pytest.mark.parametrize("choice", ["reanchor", "ask", "explode", ""])
def test_a_choice_that_is_not_open_leaves_the_conflict_open(choice: Any) -> None:
    new = improved(quote(), sla("Price", "PT2H"))
    (conflict,) = rebase.rebase(quote(), new, ops(sla("Price", "PT1H"))).conflicts
    done = rebase.rebase(quote(), new, ops(sla("Price", "PT1H")), decisions={conflict.signature: choice})
    assert done.conflicts == (conflict,) and done.decided == () and done.operations == ()


def test_a_decision_about_one_conflict_decides_no_other() -> None:
    new = improved(quote(), sla("Price", "PT2H"), {**LIMIT, "value": 20})
    both = ops(sla("Price", "PT1H"), {**LIMIT, "value": 30})
    first, second = rebase.rebase(quote(), new, both).conflicts
    done = rebase.rebase(quote(), new, both, decisions={first.signature: "keep"})
    assert (done.conflicts, done.decided) == ((second,), (first,))
    assert promise(done.program, "Price") == "PT1H" and done.program.parameters["limit"] == 20


SAME: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    # two operations; whether the conflict with the same base change is one and the same
    (sla("Price", "PT1H"), sla("Price", "PT1H"), True),
    (sla("Price", "PT1H"), {**sla("Price", "PT1H"), "reason": text("another")}, True),
    (sla("Price", "PT1H"), sla("Price", "PT3H"), False),
    (sla("Price", "PT1H"), {"kind": "set_sla", "target": "Price", "promise": {"duration": "PT1H", "calendar": "24x7"}},
     False),
    (sla("Price", "PT1H"), delete("Price"), False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_a_decision_is_remembered_by_what_is_said_not_by_who_says_it(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    new = improved(quote(), sla("Price", "PT2H"))
    (first,) = rebase.rebase(quote(), new, ops(one)).conflicts
    (second,) = rebase.rebase(quote(), new, ops(other, prefix="w")).conflicts
    assert (first.signature == second.signature) is same


def test_the_offered_choice_comes_first() -> None:
    for base, variant in (
        (delete("Check"), insert(after="Check")),
        (move("Check", after="Send"), insert(after="Check")),
        (sla("Price", "PT2H"), delete("Price")),
    ):
        (conflict,) = rebase.rebase(quote(), improved(quote(), base), ops(variant)).conflicts
        assert next(iter(conflict.choices)) == conflict.offered == conflicts.OFFERED[conflict.kind]


def test_what_is_kept_of_a_rebase_composes_to_the_same_program() -> None:
    for base, variant, choice in (
        (delete("Check"), insert(after="Check"), "reanchor"),
        (sla("Price", "PT2H"), sla("Price", "PT1H"), "keep"),
        (delete("Check"), {"kind": "replace", "target": "Check", "node": NODE}, "reanchor"),
    ):
        new, program, done = decided(base, variant, choice)
        assert compose.program(new, done.operations) == program
