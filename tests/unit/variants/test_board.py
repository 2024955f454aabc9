"""A new base: every variant shown against it, conflicts decided once, carried over, and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.variants import approval, author, board, carry, conflicts, release, version
from tests.house import House
from tests.unit.customers.books import document
from tests.unit.customers.books import text as named
from tests.unit.variants.desk import ANN, BEN, LI, act, approved, base, bring, desk, improved, versions, write
from tests.unit.variants.models import text

NODE = {"type": "userTask", "names": text("Call"), "performer": {"groups": ["g"]}}


def said(operation_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": operation_id, "kind": kind, "reason": text("why"), **more}


def sla(operation_id: str, duration: str, target: str = "Price") -> dict[str, Any]:
    return said(operation_id, "set_sla", target=target, promise={"duration": duration})


FASTER = {"kind": "set_sla", "target": "Price", "promise": {"duration": "PT2H"}}
LOOK = {"kind": "insert", "at": {"after": "Configure"}, "node": NODE}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    rules = document()
    rules["groups"].append({"key": "KA1", "parent": "KA", "priority": 50, "names": named("Key of keys")})
    with desk(tmp_path, rules) as made:
        yield made


def seen(house: House, n: int = 0) -> board.Board:
    return board.board(house.engine, process="SFA-03", base_n=n, agent=ANN)


def row(house: House, variant: str = "ka", n: int = 0) -> board.Row:
    return next(one for one in seen(house, n).rows if one.variant.id == f"SFA-03:{variant}")


def decide(house: House, choice: str, variant: str = "ka", number: int = 0, by: Any = ANN, **more: Any) -> Any:
    asked = row(house, variant).asked[number]
    return carry.decide(
        house.engine, process="SFA-03", variant_id=f"SFA-03:{variant}", signature=asked.conflict.signature,
        choice=choice, agent=by, now=house.now, **more,
    )  # fmt: skip


def carry_over(house: House, *variants: str) -> dict[str, Any]:
    wanted = [f"SFA-03:{one}" for one in variants]
    done = carry.carry(house.engine, process="SFA-03", variants=wanted, agent=ANN, now=house.now)
    return {one.variant_id.partition(":")[2]: one.n or one.refused["en"] for one in done}


def test_on_the_present_base_nothing_is_to_be_done(house: House) -> None:
    bring(house, sla("ka_fast", "PT1H"))
    found = seen(house)
    assert (found.from_n, found.base.n, found.changes) == (1, 1, ())
    assert [(one.state, one.marks, one.asked) for one in found.rows] == [("current", (), ())]


STATES = [
    # what the base's owner does, what the variant does, the row's state, its mark in the column of the change
    (FASTER, sla("ka_1", "PT1H", "Configure"), "clean", "flows"),
    (FASTER, said("ka_1", "set_priority", target="Price", priority=9), "clean", "flows"),
    (FASTER, sla("ka_1", "PT1H"), "decide", "decide"),
    (FASTER, sla("ka_1", "PT2H"), "look", "same"),
    (LOOK, said("ka_1", "insert", at={"after": "Configure"}, node=NODE), "look", "look"),
    ({"kind": "delete", "target": "Check"}, said("ka_1", "delete", target="Check"), "look", "same"),
    ({"kind": "delete", "target": "Check"},
     said("ka_1", "insert", at={"after": "Check"}, node=NODE), "decide", "decide"),
    ({"kind": "delete", "target": "Price"}, sla("ka_1", "PT1H"), "decide", "decide"),
    ({"kind": "move", "target": "Check", "at": {"after": "Send"}},
     said("ka_1", "move", target="Check", at={"after": "Start"}), "decide", "decide"),
    ({"kind": "set_parameter", "target": "limit", "value": 20},
     said("ka_1", "set_parameter", target="limit", value=30), "decide", "decide"),
    ({"kind": "set_parameter", "target": "limit", "value": 20}, sla("ka_1", "PT1H"), "clean", "flows"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "operation", "state", "mark"), STATES)
def test_green_flows_in_yellow_is_worth_a_look_and_red_is_decided(
    house: House, change: dict[str, Any], operation: dict[str, Any], state: str, mark: str
) -> None:
    bring(house, operation)
    house.release(improved(base(), change))
    found = row(house)
    assert found.state == state and found.ready == (state in ("clean", "look"))
    assert found.marks[0] == mark
    assert bool(found.program) == found.ready
    assert bool(found.asked) == (state == "decide")


def test_the_columns_are_the_changes_of_the_base_from_the_oldest_that_is_stood_on(house: House) -> None:
    bring(house, sla("ka_1", "PT1H", "Configure"))
    second = improved(base(), FASTER)
    house.release(second)
    bring(house, sla("gr_1", "PT3H", "Configure"), group="GR")
    house.release(improved(second, {"kind": "delete", "target": "Check"}))
    found = seen(house)
    assert (found.from_n, found.base.n) == (1, 3)
    assert [one.says["en"] for one in found.changes] == ["Price: its promise changed", "Check is gone"]
    assert [(one.variant.customer_group, one.version.base_n) for one in found.rows] == [("KA", 1), ("GR", 2)]


def test_a_look_ahead_shows_a_base_before_it_is_released(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    house.release(improved(base(), {"kind": "set_parameter", "target": "limit", "value": 20}))
    assert row(house, n=2).state == "decide" and row(house, n=3).state == "clean"
    with pytest.raises(errors.NotFound) as refused:
        seen(house, 9)
    assert refused.value.code == "base_unknown" and "v9" in refused.value.text["zh-CN"]


def test_a_conflict_is_put_in_plain_words_with_every_choice(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    (asked,) = row(house).asked
    assert asked.says == {"zh-CN": "「Price。」时限 1 小时", "en": "Price within 1 hour"}
    assert asked.conflict.says == {"zh-CN": "新基准也改了同一处", "en": "the new base changed the same thing"}
    assert asked.choices == {
        "keep": {"zh-CN": "保留本变体的设定", "en": "Keep what the variant says"},
        "drop": {"zh-CN": "采用新基准的设定", "en": "Take what the new base says"},
    }
    assert (asked.decided, asked.proposed) == (None, None)


@pytest.mark.parametrize(("choice", "duration"), [("keep", "PT1H"), ("drop", "PT2H")])
def test_a_decision_is_what_comes_out(house: House, choice: str, duration: str) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    made = decide(house, choice, note="they said so")
    assert (made.choice, made.by, made.note, made.kind, made.operation) == (
        choice, "ann", "they said so", "modify_modify", "ka_1",
    )  # fmt: skip
    found = row(house)
    assert (found.state, found.marks, found.asked[0].decided) == ("look", ("look",), made)
    assert carry_over(house) == {"ka": 2}
    with house.engine.store.reading() as tx:
        done = version.get(tx, "SFA-03:ka", 2)
        program = tx.programs.get(done.program)
    assert program is not None and done.base_n == 2
    price = next(node for node in program.nodes if node.id == "Price")
    assert price.promise is not None and price.promise.duration == duration  # type: ignore[union-attr]


def test_an_undecided_variant_is_not_carried_and_the_others_are(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    bring(house, sla("gr_1", "PT9H", "Configure"), group="GR")
    house.release(improved(base(), FASTER))
    assert carry_over(house) == {"gr": 2}
    assert carry_over(house, "ka") == {"ka": "'SFA-03:ka' has conflicts to be decided"}
    assert versions(house) == {1: "released"} and versions(house, "SFA-03:gr") == {1: "released", 2: "checked"}


def test_the_same_conflict_decided_once_is_proposed_for_the_siblings(house: House) -> None:
    for group in ("KA", "GR", "ST"):
        bring(house, sla(f"{group.lower()}_1", "PT1H"), group=group)
    bring(house, sla("pr_1", "PT3H"), group="PR")
    house.release(improved(base(), FASTER))
    made = decide(house, "keep")
    for sibling in ("gr", "st"):
        (asked,) = row(house, sibling).asked
        assert asked.proposed == made and asked.decided is None
    assert row(house, "pr").asked[0].proposed is None, "it says something else: a conflict of its own"
    assert row(house, "gr").state == "decide", "proposed is not decided"
    taken = carry.accept(house.engine, process="SFA-03", agent=BEN, now=house.now)
    assert [(one.variant_id, one.choice, one.by) for one in taken] == [
        ("SFA-03:gr", "keep", "ben"),
        ("SFA-03:st", "keep", "ben"),
    ]
    assert {one.variant.id: one.state for one in seen(house).rows} == {
        "SFA-03:ka": "look", "SFA-03:gr": "look", "SFA-03:st": "look", "SFA-03:pr": "decide",
    }  # fmt: skip
    assert carry.accept(house.engine, process="SFA-03", agent=BEN, now=house.now) == ()


def test_a_decision_at_an_earlier_base_is_proposed_again(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    second = improved(base(), FASTER)
    house.release(second)
    made = decide(house, "keep")
    house.release(improved(second, {**FASTER, "promise": {"duration": "PT3H"}}))
    (asked,) = row(house).asked
    assert (asked.decided, asked.proposed) == (None, made)


def test_a_decision_is_taken_back(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    made = decide(house, "drop")
    again = {"process": "SFA-03", "variant_id": made.variant_id, "signature": made.signature, "agent": ANN}
    carry.undecide(house.engine, **again, now=house.now)
    assert row(house).state == "decide"
    with pytest.raises(errors.NotFound):
        carry.undecide(house.engine, **again, now=house.now)


def test_a_second_thought_replaces_the_first(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    decide(house, "drop")
    decide(house, "keep", by=BEN)
    with house.engine.store.reading() as tx:
        assert [(one.choice, one.by) for one in tx.variants.decisions("SFA-03")] == [("keep", "ben")]


@pytest.mark.parametrize(
    ("choice", "code"), [("reanchor", "choice_unknown"), ("ask", "choice_unknown"), ("", "choice_unknown")]
)
def test_only_what_is_open_can_be_chosen(house: House, choice: str, code: str) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    with pytest.raises(errors.Invalid) as refused:
        decide(house, choice)
    assert refused.value.code == code and "keep, drop" in refused.value.text["zh-CN"]
    assert row(house).state == "decide"


@pytest.mark.parametrize(("variant", "signature"), [("SFA-03:ka", "none"), ("SFA-03:none", "")])
def test_a_conflict_that_is_none_is_not_found(house: House, variant: str, signature: str) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    known = row(house).asked[0].conflict.signature
    with pytest.raises(errors.NotFound):
        carry.decide(
            house.engine, process="SFA-03", variant_id=variant, signature=signature or known, choice="keep",
            agent=ANN, now=house.now,
        )  # fmt: skip


def test_carried_over_it_waits_for_somebody_else_and_is_released_on_the_new_base(house: House) -> None:
    first = bring(house, sla("ka_1", "PT1H", "Configure"))
    house.release(improved(base(), FASTER))
    assert carry_over(house) == {"ka": 2}
    found = row(house)
    assert (found.state, found.carried, found.version.submitted) == ("current", True, True)
    assert [one.did for one in found.version.history] == ["rebased", "submitted"]
    with pytest.raises(errors.Forbidden):
        act(house, approval.approve, ANN, found.version)
    act(house, approval.approve, BEN, found.version)
    done = act(house, release.release, BEN, found.version)
    assert (done.status, done.base_n) == ("released", 2) and done.program != first.program
    assert versions(house) == {1: "retired", 2: "released"}
    assert not row(house).carried


def test_undone_before_release_the_draft_goes_and_after_it_the_old_program_comes_back(house: House) -> None:
    first = bring(house, sla("ka_1", "PT1H", "Configure"))
    house.release(improved(base(), FASTER))
    carry_over(house)
    gone = carry.undo(house.engine, variant_id="SFA-03:ka", agent=ANN, now=house.now)
    assert (gone.n, gone.status) == (2, "retired")
    assert row(house).state == "clean"
    carry_over(house)
    found = row(house).version
    act(house, approval.approve, BEN, found)
    gone = carry.undo(house.engine, variant_id="SFA-03:ka", agent=ANN, now=house.now)
    assert (gone.n, gone.history[-2].did, gone.status) == (3, "sent_back", "retired")
    carry_over(house)
    found = row(house).version
    act(house, approval.approve, BEN, found)
    act(house, release.release, BEN, found)
    back = carry.undo(house.engine, variant_id="SFA-03:ka", agent=ANN, now=house.now, note="not yet")
    assert (back.n, back.status, back.program, back.base_n) == (1, "released", first.program, 1)
    with pytest.raises(errors.Conflict) as refused:
        carry.undo(house.engine, variant_id="SFA-03:ka", agent=ANN, now=house.now)
    assert refused.value.code == "not_carried"


def test_work_that_was_going_on_is_carried_and_comes_back_when_undone(house: House) -> None:
    bring(house, sla("ka_1", "PT1H", "Configure"))
    going_on = write(house, sla("ka_1", "PT1H", "Configure"), said("ka_2", "set_priority", target="Price", priority=9))
    house.release(improved(base(), FASTER))
    assert carry_over(house) == {"ka": 3}
    assert [one["id"] for one in row(house).version.operations] == ["ka_1", "ka_2"]
    carry.undo(house.engine, variant_id="SFA-03:ka", agent=ANN, now=house.now)
    with house.engine.store.reading() as tx:
        left = version.being_written(tx.variants.versions("SFA-03:ka"))
    assert left is not None and (left.n, left.operations) == (2, going_on.operations)


def test_drafts_that_a_release_overtakes_are_put_aside(house: House) -> None:
    bring(house, sla("ka_1", "PT1H", "Configure"))
    write(house, sla("ka_1", "PT2H", "Configure"))
    house.release(improved(base(), FASTER))
    carry_over(house)
    found = row(house).version
    act(house, approval.approve, BEN, found)
    act(house, release.release, BEN, found)
    assert versions(house) == {1: "retired", 2: "retired", 3: "released"}


def test_an_approved_version_is_released_or_sent_back_first(house: House) -> None:
    approved(house, sla("ka_1", "PT1H", "Configure"))
    house.release(improved(base(), FASTER))
    assert "approved version" in carry_over(house, "ka")["ka"]
    assert carry_over(house) == {"ka": "'SFA-03:ka' has an approved version: release or send it back"}


def test_what_is_there_already_and_what_is_no_variant_is_told(house: House) -> None:
    bring(house, sla("ka_1", "PT1H", "Configure"))
    assert carry_over(house, "ka") == {"ka": "'SFA-03:ka' stands on this base already"}
    with pytest.raises(errors.NotFound):
        carry_over(house, "nobody")


def test_a_variant_is_not_released_over_an_unresolved_conflict(house: House) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    draft = write(house, sla("ka_1", "PT1H"), said("ka_2", "set_priority", target="Price", priority=9))
    assert (draft.status, draft.base_n, draft.program) == ("draft", 1, "")
    (problem,) = [one for one in draft.problems if one.severity == "error"]
    assert (problem.code, problem.pointer, problem.element) == ("rebase_conflict", "/operations/0", "Price")
    assert "base v1" in problem.text["en"] and "v2" in problem.text["zh-CN"] and problem.mend["zh-CN"]
    with pytest.raises(errors.Invalid):
        act(house, approval.submit, ANN, draft)
    mended = write(house, said("ka_2", "set_priority", target="Price", priority=9))
    assert (mended.status, mended.base_n) == ("checked", 2)


def test_approved_on_the_old_base_it_cannot_slip_onto_the_new_one(house: House) -> None:
    found = approved(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    with pytest.raises(errors.Invalid) as refused:
        act(house, release.release, BEN, found)
    assert "rebase_conflict" in [one.code for one in refused.value.problems]


def test_children_are_carried_onto_what_became_of_their_parents(house: House) -> None:
    bring(house, said("ka_call", "insert", at={"after": "Check"}, node=NODE))
    bring(house, sla("ka1_fast", "PT1H", "ka_call"), group="KA1")
    house.release(improved(base(), {"kind": "delete", "target": "Check"}))
    assert [one.variant.customer_group for one in seen(house).rows] == ["KA", "KA1"]
    assert row(house, "ka").state == "decide"
    decide(house, "reanchor")
    assert row(house, "ka1").state in ("clean", "look"), "the step it speaks of came along"
    decide(house, "drop")
    assert row(house, "ka1").state == "decide", "the step it speaks of does not come along"
    (asked,) = row(house, "ka1").asked
    assert asked.conflict.elements == ("ka_call",)


def test_a_parent_that_is_released_on_the_new_base_leaves_its_children_on_theirs(house: House) -> None:
    bring(house, sla("ka_1", "PT1H", "Configure"))
    child = bring(house, sla("ka1_1", "PT1H"), group="KA1")
    house.release(improved(base(), FASTER))
    carry_over(house, "ka")
    found = row(house).version
    act(house, approval.approve, BEN, found)
    act(house, release.release, BEN, found)
    with house.engine.store.reading() as tx:
        kept = version.released(tx.variants.versions("SFA-03:ka1"))
    assert kept is not None and (kept.n, kept.base_n, kept.program) == (1, 1, child.program)
    assert row(house, "ka1").state == "decide"


def test_a_merge_that_breaks_a_rule_is_blocked_with_the_path(house: House, tmp_path: Path) -> None:
    rule = {"id": "check_first", "kind": "precedes", "first": "Check", "second": "Price", "names": text("Check first")}
    bring(house, said("ka_1", "move", target="Check", at={"before": "Fork"}))
    with house.engine.store.transaction() as tx:
        process = tx.processes.get("SFA-03")
        assert process is not None
        details = {
            "key": "SFA-03", "pillar": "SFA", "names": text("q"), "purpose": text("p"), "customer_output": text("o"),
            "owner": "s", "start": {"form": "f", "node": "Start"}, "invariants": [rule],
        }  # fmt: skip
    move = {"kind": "move", "target": "Price", "at": {"after": "Start"}}
    # the owner moved Price to the front of a base in which Check still comes before it
    house.release(
        improved(improved(base(), move), {"kind": "move", "target": "Check", "at": {"after": "Start"}}), **details
    )
    found = row(house)
    assert found.state in ("blocked", "decide")
    if found.state == "decide":
        decide(house, "keep")
        found = row(house)
    assert found.state == "blocked" and found.blocked is not None
    assert "Check first" in found.blocked.problems[0].text["en"]
    assert carry_over(house, "ka")["ka"] == "'SFA-03:ka' would be wrong on the new base: mend it first"


@pytest.mark.parametrize("who", [LI])
def test_staff_neither_see_the_board_nor_act_on_it(house: House, who: Any) -> None:
    bring(house, sla("ka_1", "PT1H"))
    house.release(improved(base(), FASTER))
    signature = row(house).asked[0].conflict.signature
    which = {"process": "SFA-03", "agent": who, "now": house.now}
    for deed in (
        lambda: board.board(house.engine, process="SFA-03", agent=who),
        lambda: carry.carry(house.engine, **which),
        lambda: carry.accept(house.engine, **which),
        lambda: carry.undo(house.engine, variant_id="SFA-03:ka", agent=who, now=house.now),
        lambda: carry.decide(house.engine, **which, variant_id="SFA-03:ka", signature=signature, choice="keep"),
        lambda: carry.undecide(house.engine, **which, variant_id="SFA-03:ka", signature=signature),
    ):
        with pytest.raises(errors.Forbidden):
            deed()


def test_a_process_without_a_base_has_no_board(house: House) -> None:
    with pytest.raises(errors.NotFound):
        board.board(house.engine, process="XX-99", agent=ANN)


@pytest.mark.parametrize("kind", list(conflicts.CHOICES))
def test_every_kind_of_conflict_has_choices_in_both_languages(kind: conflicts.Kind) -> None:
    choices = conflicts.CHOICES[kind]
    assert (not choices) == (kind == "semantic")
    assert all(says["zh-CN"] and says["en"] for says in choices.values())
    offered = conflicts.OFFERED[kind]
    assert offered == "ask" or offered in choices


def test_a_draft_of_nothing_but_wrong_words_has_its_row_all_the_same(house: House) -> None:
    write(house, {"id": "x", "kind": "explode"})
    assert row(house).state == "current" and row(house).operations == ()
    author.discard(house.engine, variant_id="SFA-03:ka", agent=ANN, now=house.now)
    assert seen(house).rows == ()
