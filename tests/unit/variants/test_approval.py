"""Nobody releases alone: draft > checked > approved > released, and who did what is kept."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import errors, variation
from engine.customers import groups
from engine.people.agent import SYSTEM, Agent
from engine.records import VersionStatus
from engine.variants import approval, author, matrix, release, tryout, version
from tests.house import MONDAY, House, house
from tests.unit.customers.books import document
from tests.unit.variants.models import quote, text

ANN = Agent(key="ann", name="Ann", roles=frozenset({"admin"}))
BEN = Agent(key="ben", name="Ben", roles=frozenset({"admin"}))
LI = Agent(key="li", name="Li", roles=frozenset({"staff"}))
LIMIT = {"id": "ka_limit", "kind": "set_parameter", "target": "limit", "value": 50, "reason": text("why")}
PHONE = {"id": "ka_phone", "kind": "set_channel", "target": "Send", "channel": "phone", "reason": text("why")}
WRONG = {"id": "ka_gone", "kind": "delete", "target": "Gone", "reason": text("why")}
KA = "SFA-03:ka"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    program = msgspec.structs.replace(quote(), decisions={})
    check = next(node for node in program.nodes if node.id == "Check")
    plain = [msgspec.structs.replace(check, decision="") if node is check else node for node in program.nodes]
    with house(tmp_path) as made:
        made.release(msgspec.structs.replace(program, nodes=tuple(plain)))
        groups.publish(made.engine, document=document(), agent=SYSTEM, now=made.now)
        yield made


def write(desk: House, *operations: dict[str, Any], by: Agent = ANN, **more: Any) -> variation.VariantVersion:
    order = author.Order(
        process="SFA-03", name="ka", group="KA", texts=text("ka"), reason=text("r"), operations=list(operations)
    )
    return author.save(desk.engine, order=order, agent=by, now=desk.now, **more)


def act(desk: House, what: Any, by: Agent, n: int = 1, **more: Any) -> variation.VariantVersion:
    done: variation.VariantVersion = what(desk.engine, variant_id=KA, n=n, agent=by, now=desk.now, **more)
    return done


def bring(desk: House, *operations: dict[str, Any], n: int = 1) -> variation.VariantVersion:
    """All the way: Ann writes, Ben approves and releases, an hour later."""
    write(desk, *operations)
    act(desk, approval.submit, ANN, n)
    act(desk, approval.approve, BEN, n)
    desk.clock.advance(timedelta(hours=1))
    return act(desk, release.release, BEN, n)


def test_a_version_goes_from_draft_to_released_through_two_pairs_of_hands(desk: House) -> None:
    done = bring(desk, LIMIT)
    assert done.status == "released"
    assert [(deed.did, deed.by) for deed in done.history] == [
        ("saved", "ann"),
        ("submitted", "ann"),
        ("approved", "ben"),
        ("released", "ben"),
    ]
    assert [deed.at - MONDAY for deed in done.history][-1] == timedelta(hours=1)


def test_a_change_goes_into_the_version_that_is_being_written_and_else_makes_the_next(desk: House) -> None:
    assert write(desk, LIMIT).n == write(desk, LIMIT, PHONE).n == 1
    act(desk, approval.submit, ANN)
    assert write(desk, LIMIT).submitted is False
    bring(desk, LIMIT)
    again = write(desk, LIMIT, PHONE)
    assert (again.n, again.status) == (2, "checked")


@pytest.mark.parametrize(
    ("who", "may"), [(ANN, False), (BEN, True), (LI, False), (SYSTEM, True)], ids=["author", "other", "staff", "system"]
)
def test_the_author_cannot_approve_and_nobody_without_the_right(desk: House, who: Agent, may: bool) -> None:
    write(desk, LIMIT)
    act(desk, approval.submit, ANN)
    if may:
        assert act(desk, approval.approve, who).status == "approved"
        return
    with pytest.raises(errors.Forbidden):
        act(desk, approval.approve, who)


def test_whoever_wrote_at_it_is_an_author_even_when_another_submits(desk: House) -> None:
    write(desk, LIMIT, by=ANN)
    write(desk, LIMIT, PHONE, by=BEN)
    act(desk, approval.submit, ANN)
    with pytest.raises(errors.Forbidden) as refused:
        act(desk, approval.approve, BEN)
    assert refused.value.code == "own_work"


@pytest.mark.parametrize("step", [approval.approve, release.release])
def test_no_step_is_left_out(desk: House, step: Any) -> None:
    write(desk, LIMIT)
    with pytest.raises(errors.Conflict):
        act(desk, step, BEN)


def test_what_is_wrong_cannot_be_submitted_and_keeps_every_word(desk: House) -> None:
    saved = write(desk, LIMIT, WRONG)
    assert (saved.status, saved.operations) == ("draft", (LIMIT, WRONG))
    with pytest.raises(errors.Invalid) as refused:
        act(desk, approval.submit, ANN)
    assert [one.pointer for one in refused.value.problems if one.severity == "error"] == ["/operations/1"]


def test_a_version_that_is_sent_back_says_why_and_can_come_again(desk: House) -> None:
    write(desk, LIMIT)
    act(desk, approval.submit, ANN)
    with pytest.raises(errors.Invalid):
        act(desk, approval.send_back, BEN, note="  ")
    back = act(desk, approval.send_back, BEN, note="50 is too much")
    assert (back.status, back.history[-1].note) == ("draft", "50 is too much")
    act(desk, approval.submit, ANN)
    assert act(desk, approval.approve, BEN).status == "approved"


def test_what_was_approved_is_what_is_released(desk: House) -> None:
    write(desk, LIMIT)
    act(desk, approval.submit, ANN)
    act(desk, approval.approve, BEN)
    named = msgspec.structs.replace(quote(), decisions={})
    check = next(node for node in named.nodes if node.id == "Check")
    plain = [msgspec.structs.replace(check, decision="") if node is check else node for node in named.nodes]
    desk.release(msgspec.structs.replace(named, name="another base", nodes=tuple(plain)))
    with pytest.raises(errors.Conflict) as refused:
        act(desk, release.release, BEN)
    assert refused.value.code == "ground_changed"
    act(desk, approval.send_back, BEN, note="the base is another")
    act(desk, approval.submit, ANN)
    act(desk, approval.approve, BEN)
    assert act(desk, release.release, BEN).base_n == 2


def test_rolling_back_is_one_action_and_is_written_down(desk: House) -> None:
    first = bring(desk, LIMIT)
    second = bring(desk, LIMIT, PHONE, n=2)
    assert first.program != second.program
    back = release.roll_back(desk.engine, variant_id=KA, agent=ANN, now=desk.now, note="customers complain")
    assert (back.n, back.status, back.program) == (1, "released", first.program)
    assert (back.history[-1].did, back.history[-1].note) == ("released", "customers complain")
    with desk.engine.store.reading() as tx:
        assert {one.n: one.status for one in tx.variants.versions(KA)} == {1: "released", 2: "retired"}


def test_rolling_back_needs_something_to_go_back_to(desk: House) -> None:
    bring(desk, LIMIT)
    with pytest.raises(errors.Conflict) as refused:
        release.roll_back(desk.engine, variant_id=KA, agent=ANN, now=desk.now)
    assert refused.value.code == "nothing_before"


def test_two_authors_do_not_overwrite_each_other_unseen(desk: House) -> None:
    first = write(desk, LIMIT, seen="")
    write(desk, LIMIT, PHONE, by=BEN, seen=first.sha256)
    with pytest.raises(errors.Conflict) as refused:
        write(desk, PHONE, seen=first.sha256)
    assert refused.value.code == "variant_changed_meanwhile"


def test_a_draft_is_put_aside_and_what_is_released_stays(desk: House) -> None:
    bring(desk, LIMIT)
    write(desk, LIMIT, PHONE)
    author.discard(desk.engine, variant_id=KA, agent=ANN, now=desk.now)
    with desk.engine.store.reading() as tx:
        assert version.pending(tx.variants.versions(KA)) is None
        assert [found.n for _, found in tx.variants.released("SFA-03")] == [1]
    with pytest.raises(errors.Conflict):
        author.discard(desk.engine, variant_id=KA, agent=ANN, now=desk.now)


def test_a_group_has_one_variant_of_a_process(desk: House) -> None:
    write(desk, LIMIT)
    order = author.Order(
        process="SFA-03", name="other", group="KA", texts=text("x"), reason=text("x"), operations=[PHONE]
    )
    with pytest.raises(errors.Conflict) as refused:
        author.save(desk.engine, order=order, agent=ANN, now=desk.now)
    assert refused.value.code == "group_taken"


def test_the_matrix_shows_what_waits_until_it_is_released(desk: House) -> None:
    def cell() -> matrix.Cell:
        row = matrix.matrix(desk.engine, agent=ANN).rows[0]
        return next(one for one in row.cells if one.group == "KA")

    write(desk, LIMIT, WRONG)
    assert (cell().state, cell().draft, cell().problems) == ("blocked", 1, 1)
    write(desk, LIMIT)
    act(desk, approval.submit, ANN)
    act(desk, approval.approve, BEN)
    assert (cell().state, cell().draft, cell().problems) == ("draft", 1, 0)
    act(desk, release.release, BEN)
    assert (cell().state, cell().draft) == ("own", 0)


STATES: list[VersionStatus] = ["draft", "checked", "approved", "released", "retired"]


@pytest.mark.parametrize("now", STATES)
@pytest.mark.parametrize("to", STATES)
def test_only_what_the_table_allows_can_follow(now: VersionStatus, to: VersionStatus) -> None:
    found = variation.VariantVersion(
        variant_id=KA, n=1, process="p", base_n=1, status=now, created_at=MONDAY, created_by="ann"
    )
    if to in version.MOVES[now]:
        moved = version.moved(found, to, did="saved", agent=BEN, now=MONDAY)
        assert (moved.status, moved.history[-1].by) == (to, "ben")
        return
    with pytest.raises(errors.Conflict) as refused:
        version.moved(found, to, did="saved", agent=BEN, now=MONDAY)
    assert refused.value.text["en"] and refused.value.text["zh-CN"]


def test_the_tester_says_which_variant_and_why_not_another(desk: House) -> None:
    bring(desk, LIMIT)
    facts = {"values": {"current": 80, "potential": 20}, "contract": "gold", "churn": 0}
    tried = tryout.try_out(desk.engine, process="SFA-03", facts=facts, agent=ANN, now=desk.now)
    assert (tried.group, tried.variant, tried.n, tried.fingerprint.way) == ("KA", KA, 1, 1)
    told = {group.group: (group.state, group.why["en"]) for group in tried.groups}
    assert told["KA"] == ("won", "value is 100, at least 85 and contract is gold (rule R1)")
    assert told["ALL"] == ("none", "no rule leads here")
    assert told["PR"][0] == "missed" and "(rule R5)" in told["PR"][1]
    silver = tryout.try_out(
        desk.engine, process="SFA-03", facts={**facts, "contract": "silver"}, agent=ANN, now=desk.now
    )
    assert (silver.group, silver.variant, silver.n) == ("GR", "", 1)


def test_the_tester_of_a_known_customer_replaces_single_facts_and_writes_nothing(desk: House) -> None:
    who = desk.customer("k", group="KA", scores={"current": 90}, attributes={"contract": "gold", "churn": 0})
    who_facts = {"customer_id": who.id, "agent": ANN, "now": desk.now, "process": "SFA-03"}
    assert tryout.try_out(desk.engine, facts={"values": {"potential": 0}}, **who_facts).group == "KA"
    assert tryout.try_out(desk.engine, facts={"values": {"current": 10, "potential": 0}}, **who_facts).group == "ST"
    with desk.engine.store.reading() as tx:
        assert tx.customers.get("k") == who


def test_the_tester_of_a_past_day_uses_what_was_released_then(desk: House) -> None:
    before = desk.now
    bring(desk, LIMIT)
    first = desk.now
    bring(desk, LIMIT, PHONE, n=2)
    second = desk.now
    desk.clock.advance(timedelta(hours=1))
    release.roll_back(desk.engine, variant_id=KA, agent=BEN, now=desk.now)
    facts = {"values": {"current": 90, "potential": 0}, "contract": "gold", "churn": 0}

    def at(moment: Any) -> tuple[str, int]:
        tried = tryout.try_out(desk.engine, process="SFA-03", facts=facts, at=moment, agent=ANN, now=desk.now)
        return tried.variant, tried.n

    assert [at(before), at(first), at(second), at(desk.now)] == [("", 1), (KA, 1), (KA, 2), (KA, 1)]
    with pytest.raises(errors.Conflict):
        at(before - timedelta(days=1))
    with pytest.raises(errors.NotFound):
        tryout.try_out(desk.engine, process="XX", agent=ANN, now=desk.now)
    with pytest.raises(errors.Forbidden):
        tryout.try_out(desk.engine, process="SFA-03", agent=LI, now=desk.now)
