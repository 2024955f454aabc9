"""A case on hold by who works on it: who may, who is told, who held it and why, and how it goes on."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors, facts, records
from engine.inbox import doing, filters, holding, listing, post, reminding
from engine.inbox.doing import Given
from engine.model.performer import Performer
from engine.people import scope
from engine.people.agent import Agent
from engine.runtime import cancel, instances, suspend
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program
from tests.unit.inbox.desk import SALES, Desk

STRANGER = Agent(key="sue", name="Sue", roles=frozenset({"staff"}))
ROBOT = Agent(key="robot", roles=frozenset({"integrator"}))


@pytest.fixture
def desk(home: House) -> Desk:
    """Anna has the first step."""
    made = Desk(home)
    made.claim(ANNA, "draft")
    return made


def hold(desk: Desk, agent: Agent, reason: str = "asked for the invoice", **more: Any) -> records.Instance:
    return holding.hold(desk.home.engine, instance_id=desk.case, reason=reason, agent=agent, now=desk.home.now, **more)


def resume(desk: Desk, agent: Agent, **more: Any) -> records.Instance:
    return holding.resume(desk.home.engine, instance_id=desk.case, agent=agent, now=desk.home.now, **more)


def refused(deed: Any, *args: Any, **more: Any) -> errors.CrmflowError:
    with pytest.raises(errors.CrmflowError) as raised:
        deed(*args, **more)
    assert set(raised.value.text) == {"zh-CN", "en"}
    return raised.value


def held_facts(desk: Desk) -> list[facts.AnyFact]:
    kinds = (facts.InstanceSuspended, facts.InstanceResumed)
    return [fact for fact in desk.home.facts(desk.case) if isinstance(fact, kinds)]


def test_who_has_a_step_in_hand_holds_the_case_and_it_is_known_who_when_and_why(desk: Desk) -> None:
    held = hold(desk, ANNA, awaits_customer=True)
    assert (held.suspended, held.awaits_customer) == (True, True)
    assert (held.held_by, held.held_at, held.held_reason) == ("anna", desk.home.now, "asked for the invoice")
    assert held_facts(desk) == [facts.InstanceSuspended(reason="asked for the invoice", awaits_customer=True)]
    desk.home.pass_time(hours=3)
    going = resume(desk, ANNA, reason="it came")
    assert (going.suspended, going.awaits_customer) == (False, False)
    assert (going.held_by, going.held_at, going.held_reason) == ("", None, "")
    assert held_facts(desk)[-1] == facts.InstanceResumed(reason="it came")
    with desk.home.engine.store.reading() as tx:
        told = [(row.agent, type(row.fact).__name__) for row in tx.facts.of_instance(desk.case)]
    assert ("anna", "InstanceSuspended") in told and ("anna", "InstanceResumed") in told


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_hold_needs_a_reason(desk: Desk, reason: str) -> None:
    error = refused(hold, desk, ANNA, reason=reason)
    assert (error.code, error.text["zh-CN"]) == ("reason_missing", "请填写理由。")
    assert not desk.home.instance(desk.case).suspended and held_facts(desk) == []


def test_a_reason_has_an_end(desk: Desk) -> None:
    assert refused(hold, desk, ANNA, reason="x" * 2001).code == "text_too_long"


REFUSED = [
    # who asks while Anna has the step, what they are told
    (BO, "claimed_by_another"),
    (CHEN, "instance_unknown"),
    (STRANGER, "instance_unknown"),
    (ROBOT, "right_missing"),
]


@pytest.mark.parametrize(("agent", "code"), REFUSED, ids=lambda one: getattr(one, "key", one))
def test_who_has_nothing_in_hand_does_not_hold_it(desk: Desk, agent: Agent, code: str) -> None:
    assert refused(hold, desk, agent).code == code
    assert not desk.home.instance(desk.case).suspended


def test_what_nobody_has_claimed_is_claimed_before_it_waits(home: House) -> None:
    desk = Desk(home)
    error = refused(hold, desk, ANNA)
    assert (error.code, error.text["en"]) == ("not_claimed", "Claim this task first.")


def test_an_administrator_holds_any_case_and_says_why(desk: Desk) -> None:
    assert refused(hold, desk, BOSS, reason="").code == "reason_missing"
    assert hold(desk, BOSS).held_by == "boss"


def test_the_first_hold_stays_what_it_was(desk: Desk) -> None:
    hold(desk, ANNA, awaits_customer=True)
    again = hold(desk, BOSS, reason="an audit")
    assert (again.held_by, again.held_reason, again.awaits_customer) == ("anna", "asked for the invoice", True)
    assert len(held_facts(desk)) == 1


def test_what_goes_on_already_goes_on(desk: Desk) -> None:
    assert not resume(desk, ANNA).suspended
    assert held_facts(desk) == []


def test_a_case_that_is_over_is_not_held(desk: Desk) -> None:
    cancel.cancel(desk.home.engine, instance_id=desk.case, reason="r", agent=BOSS, now=desk.home.now)
    assert refused(hold, desk, ANNA).code == "instance_over"
    assert refused(resume, desk, ANNA).code == "instance_over"


def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    desk.case = "nowhere"
    assert refused(hold, desk, BOSS).code == "instance_unknown"
    assert refused(resume, desk, BOSS).code == "instance_unknown"


def test_a_colleague_who_could_take_the_step_lets_it_go_on(home: House) -> None:
    """The customer calls, and somebody else of the group answers the telephone."""
    desk = Desk(home)
    suspend.suspend(home.engine, instance_id=desk.case, agent=BOSS, now=home.now)
    assert not resume(desk, BO).suspended


def test_while_somebody_has_the_step_others_of_the_group_leave_it_on_hold(desk: Desk) -> None:
    hold(desk, ANNA)
    error = refused(resume, desk, BO)
    assert error.code == "nothing_in_hand"
    assert error.text["zh-CN"] == "只有正在办理此办件的人才能暂停或恢复它。"


def test_who_held_it_lets_it_go_on_also_when_the_step_went_to_somebody_else(desk: Desk) -> None:
    hold(desk, ANNA)
    with desk.home.engine.store.transaction() as tx:
        item = desk.item("draft")
        changed = {name: getattr(item, name) for name in item.__struct_fields__} | {"assignee": "bo"}
        tx.items.change(records.WorkItem(**changed))
    assert not resume(desk, ANNA).suspended


def test_others_who_have_a_step_of_it_are_told_once_each(home: House) -> None:
    for agent in (ANNA, BO, CHEN):
        home.person(agent)
    steps = [node(f"user {name}", performer=Performer(assignee=literal(who))) for name, who in
             (("a", "anna"), ("b", "bo"), ("c", "bo"))]  # fmt: skip
    home.release(program("start s", "and f", *steps, flow=["s > f > a", "f > b", "f > c"]))
    case = home.start()
    holding.hold(home.engine, instance_id=case, reason="asked them", agent=ANNA, now=home.now)
    (told,) = post.notices(home.engine, agent=BO)
    number = home.instance(case).number
    assert told.subject == {"zh-CN": f"Anna 暂停了办件 {number}", "en": f"Anna put {number} on hold"}
    assert told.text["en"] == "asked them"
    assert post.notices(home.engine, agent=ANNA) == []
    assert not holding.resume(home.engine, instance_id=case, agent=BO, now=home.now).suspended


def test_the_answer_of_the_customer_is_told_to_who_waits_for_it(desk: Desk) -> None:
    hold(desk, ANNA, awaits_customer=True)
    reminding.remark(
        desk.home.engine, instance_id=desk.case, text="they sent it", answered=True, agent=BOSS, now=desk.home.now
    )
    assert not desk.home.instance(desk.case).suspended
    number = desk.home.instance(desk.case).number
    (told,) = post.notices(desk.home.engine, agent=ANNA)
    assert told.subject == {"zh-CN": f"{number}：客户已答复", "en": f"{number}: the customer has answered"}


def test_who_brings_the_answer_is_told_nothing(desk: Desk) -> None:
    hold(desk, ANNA, awaits_customer=True)
    reminding.remark(
        desk.home.engine, instance_id=desk.case, text="they called", answered=True, agent=ANNA, now=desk.home.now
    )
    assert post.notices(desk.home.engine, agent=ANNA) == []


def press(desk: Desk, verb: Any, agent: Agent, **given: Any) -> None:
    item = desk.item("draft").id
    doing.do(desk.home.engine, verb, work_item_id=item, given=Given(**given), agent=agent, now=desk.home.now)


def test_the_step_itself_offers_to_wait_for_the_customer_and_to_go_on(desk: Desk) -> None:
    assert desk.shown(ANNA, "draft").actions["hold"] is None
    press(desk, "hold", ANNA, text="asked for the plan", awaits=True)
    held = desk.home.instance(desk.case)
    assert (held.held_by, held.awaits_customer) == ("anna", True)
    shown = desk.shown(ANNA, "draft").actions
    assert shown["resume"] is None and shown["hold"] is not None and shown["complete"] is not None
    assert refused(press, desk, "hold", ANNA, text="again").code == "instance_suspended"
    press(desk, "resume", ANNA, text="here it is")
    assert not desk.home.instance(desk.case).suspended
    assert refused(press, desk, "resume", ANNA).code == "not_on_hold"
    assert refused(press, desk, "hold", ANNA).code == "reason_missing"


def test_what_a_person_may_do_with_the_case_is_what_the_deeds_do(desk: Desk) -> None:
    """Buttons and deeds are of one table: for everybody, running, on hold and over."""
    for state in ("runs", "on hold", "over"):
        if state == "on hold":
            hold(desk, ANNA)
        if state == "over":
            resume(desk, ANNA)
            cancel.cancel(desk.home.engine, instance_id=desk.case, reason="r", agent=BOSS, now=desk.home.now)
        for agent in (ANNA, BO, BOSS, ROBOT):
            with desk.home.engine.store.reading() as tx:
                if not scope.sees(tx, instance_id=desk.case, agent=agent):
                    continue
            case, items = desk.home.instance(desk.case), desk.home.items(desk.case)
            told = holding.may(case, items, agent)
            for deed, why in (("hold", told.hold), ("resume", told.resume)):
                found = holding.refusal(deed, case, items, agent)
                assert (found.text if found else None) == why
                assert why is None or set(why) == {"zh-CN", "en"}
                done_already = case.status == "active" and case.suspended == (deed == "hold")
                if why is not None and not done_already:
                    assert refused(hold if deed == "hold" else resume, desk, agent).text == why


# --- found again


def waiting(home: House, agent: Agent, find: Any) -> list[str]:
    where = listing.Filter(awaits_customer=True)
    return [row.item.node for row in find(home.engine, agent=agent, now=home.now, where=where).rows]


def test_what_waits_for_its_customer_is_found_in_every_list(home: House) -> None:
    desk = Desk(home)
    mine, free = desk.case, home.start()
    home.start()
    desk.claim(ANNA, "draft")
    assert (waiting(home, ANNA, listing.mine), waiting(home, BO, listing.claimable)) == ([], [])
    hold(desk, ANNA, awaits_customer=True)
    suspend.suspend(home.engine, instance_id=free, agent=BOSS, now=home.now, awaits_customer=True)
    assert (waiting(home, ANNA, listing.mine), waiting(home, BO, listing.claimable)) == (["draft"], ["draft"])
    found = instances.search(home.engine, query=instances.Query(awaits_customer=True))
    assert {one.id for one in found} == {mine, free}
    resume(desk, ANNA)
    assert waiting(home, ANNA, listing.mine) == []
    hold(desk, ANNA, reason="an audit")
    assert waiting(home, ANNA, listing.mine) == [], "held, and not for the customer"
    assert [one.id for one in instances.search(home.engine, query=instances.Query(awaits_customer=True))] == [free]


def test_a_kept_filter_counts_what_waits_for_its_customer(desk: Desk) -> None:
    home = desk.home
    wanted = filters.Wanted(name="Waiting", due="customer")
    filters.save(home.engine, wanted=wanted, agent=ANNA, now=home.now)
    (empty,) = filters.shown(home.engine, agent=ANNA, now=home.now)
    hold(desk, ANNA, awaits_customer=True)
    (shown,) = filters.shown(home.engine, agent=ANNA, now=home.now)
    assert (empty.count, shown.count) == (0, 1)
    wrong = refused(filters.save, home.engine, wanted=filters.Wanted(name="x", due="soon"), agent=ANNA, now=home.now)
    assert wrong.code == "filter_invalid"


def test_promises_stand_still_for_a_colleague_s_hold_as_for_an_administrator_s(home: House) -> None:
    desk = Desk(home, SALES)
    desk.claim(ANNA, "draft")
    hold(desk, ANNA)
    since = desk.item("draft").held_at
    home.clock.advance(timedelta(hours=5))
    assert desk.item("draft").held_at == since is not None
    resume(desk, ANNA)
    assert desk.item("draft").held_at is None
