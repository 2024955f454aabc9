"""Every verb pressed by two at the same moment, on both databases: it happens once, and the other is told why not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.inbox import absences, act, bulk, doing, returning
from engine.inbox.doing import Given
from engine.inbox.verbs import Verb
from engine.model.performer import Passing, Performer
from engine.people.agent import Agent
from engine.runtime import modify, start, suspend
from tests.house import ANNA, BO, BOSS, CHEN, MONDAY, House
from tests.kernel.models import literal, node, program
from tests.store.test_races import together
from tests.unit.inbox.desk import Desk

YES = {"outcome": "yes"}


def press(desk: Desk, work_item_id: str, verb: Verb, agent: Agent, **given: Any) -> Callable[[], str]:
    def deed() -> str:
        doing.do(
            desk.home.engine,
            verb,
            work_item_id=work_item_id,
            given=Given(**given),
            agent=agent,
            now=desk.home.now,
        )
        return "done"

    return deed


def outcome(results: list[Any]) -> list[str]:
    """``done``, or the code of the refusal, sorted."""
    return sorted(result if isinstance(result, str) else result.code for result in results)


def held(home: House) -> Desk:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    return desk


def told(desk: Desk, verb: str) -> int:
    return sum(said[0].startswith(verb) for said in desk.told())


def test_two_claim(home: House) -> None:
    desk = Desk(home)
    item = desk.item("draft").id
    results = together(press(desk, item, "claim", ANNA), press(desk, item, "claim", BO))
    assert outcome(results) == ["claimed_by_another", "done"]
    assert told(desk, "claim") == 1


def test_release_pressed_twice(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(press(desk, item, "release", ANNA), press(desk, item, "release", ANNA))
    assert outcome(results) == ["done", "not_claimed"]
    assert told(desk, "release") == 1


def test_complete_pressed_twice(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(*(press(desk, item, "complete", ANNA, data=YES) for _ in range(2)))
    assert outcome(results) == ["done", "work_item_over"]
    assert desk.open() == ["check"]


def test_transfer_to_two_people(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(
        press(desk, item, "transfer", ANNA, to=("bo",)), press(desk, item, "transfer", ANNA, to=("chen",))
    )
    assert outcome(results) == ["claimed_by_another", "done"]
    assert told(desk, "transfer") == 1
    assert len(home.mine(BO)) + len(home.mine(CHEN)) == 1


def test_transfer_and_complete(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(press(desk, item, "transfer", ANNA, to=("bo",)), press(desk, item, "complete", ANNA, data=YES))
    said = outcome(results)
    assert said in (["claimed_by_another", "done"], ["done", "work_item_over"])
    assert (desk.open() == ["check"]) == ("work_item_over" in said)


def test_delegate_pressed_twice(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(*(press(desk, item, "delegate", ANNA, to=("chen",)) for _ in range(2)))
    assert outcome(results) == ["claimed_by_another", "done"]
    assert desk.item("draft").shared.owner == "anna"


def test_answer_pressed_twice(home: House) -> None:
    desk = held(home)
    desk.delegate(ANNA, "draft", "chen")
    item = desk.item("draft").id
    results = together(*(press(desk, item, "answer", CHEN, text="fine") for _ in range(2)))
    assert outcome(results) == ["done", "not_delegated"]
    assert home.mine(ANNA) == ["draft"]


def test_signers_added_twice(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(*(press(desk, item, "add_sign", ANNA, to=("chen",)) for _ in range(2)))
    assert outcome(results) == ["done", "not_your_turn"]
    assert [one.person for one in desk.item("draft").shared.signatures] == ["anna", "chen"]


def test_two_sign_at_once_and_the_step_is_decided_once(home: House) -> None:
    desk = held(home)
    desk.add(ANNA, "draft", ["chen"], where="parallel")
    item = desk.item("draft").id
    results = together(press(desk, item, "complete", ANNA, data=YES), press(desk, item, "complete", CHEN, data=YES))
    assert outcome(results) == ["done", "done"]
    assert desk.open() == ["check"]
    completed = [fact for fact in home.facts(desk.case) if type(fact).__name__ == "WorkItemCompleted"]
    assert len(completed) == 1


def test_a_signer_signs_while_being_taken_away(home: House) -> None:
    desk = held(home)
    desk.add(ANNA, "draft", ["chen", "bo"])
    item = desk.item("draft").id
    results = together(
        press(desk, item, "complete", CHEN, data=YES), press(desk, item, "remove_sign", ANNA, to=("chen",))
    )
    said = outcome(results)
    assert said in (["done", "signer_unknown"], ["done", "not_your_turn"])
    status = next(one.status for one in desk.item("draft").shared.signatures if one.person == "chen")
    assert status == ("done" if "signer_unknown" in said else "removed")


def test_send_back_pressed_twice(home: House) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft")
    desk.claim(BO, "check")
    item = desk.item("check").id
    results = together(*(press(desk, item, "send_back", BO, node="draft", text="no") for _ in range(2)))
    assert outcome(results) == ["done", "work_item_over"]
    assert desk.open() == ["draft"]
    assert told(desk, "send_back") == 1


def test_send_back_and_complete(home: House) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft")
    desk.claim(BO, "check")
    item = desk.item("check").id
    results = together(
        press(desk, item, "send_back", BO, node="draft", text="no"), press(desk, item, "complete", BO, data=YES)
    )
    assert outcome(results) == ["done", "work_item_over"]
    assert desk.open() in (["draft"], ["sign"])


def test_take_back_while_the_next_one_claims(home: House) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft")
    mine, theirs = desk.done("draft").id, desk.item("check").id
    results = together(press(desk, mine, "take_back", ANNA), press(desk, theirs, "claim", BO))
    said = outcome(results)
    assert said in (["done", "gone_on"], ["done", "work_item_over"])
    assert desk.open() == (["check"] if "gone_on" in said else ["draft"])


def test_take_back_pressed_twice(home: House) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft")
    mine = desk.done("draft").id
    results = together(*(press(desk, mine, "take_back", ANNA) for _ in range(2)))
    assert outcome(results) == ["done", "gone_on"]
    assert desk.open() == ["draft"]


def test_urge_pressed_twice_is_one(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(*(press(desk, item, "urge", BO) for _ in range(2)))
    assert outcome(results) == ["done", "urged_lately"]
    with home.engine.store.reading() as tx:
        assert len(tx.notices.of_people(["anna"], before=None, limit=9)) == 1


@pytest.mark.parametrize("verb", ["comment", "copy"])
def test_two_who_say_something_are_both_heard(home: House, verb: Verb) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(
        press(desk, item, verb, ANNA, text="one", to=("chen",)), press(desk, item, verb, BO, text="two", to=("chen",))
    )
    assert outcome(results) == ["done", "done"]
    said = [fact for fact in home.facts(desk.case) if type(fact).__name__ in ("Commented", "WorkItemActed")]
    assert len(said) == 3, "the claim, and both"


def test_drafts_of_two_signers_are_both_kept(home: House) -> None:
    desk = held(home)
    desk.add(ANNA, "draft", ["chen"], where="parallel")
    item = desk.item("draft").id
    results = together(
        press(desk, item, "save_draft", ANNA, data={"note": "a"}),
        press(desk, item, "save_draft", CHEN, data={"note": "c"}),
    )
    assert outcome(results) == ["done", "done"]
    notes = {one.person: one.data["note"] for one in desk.item("draft").shared.signatures}
    assert notes == {"anna": "a", "chen": "c"}


def begun_by(home: House, agent: Agent) -> Desk:
    desk = Desk(home)
    order: dict[str, Any] = {"process": "p", "customer_id": "c-1", "business_key": None, "data": {}}
    desk.case = start.start(home.engine, **order, agent=agent, now=home.now).instance.id
    return desk


def by_case(deed: Callable[..., Any], desk: Desk, agent: Agent, **given: Any) -> Callable[[], str]:
    def press_it() -> str:
        deed(desk.home.engine, instance_id=desk.case, agent=agent, now=desk.home.now, **given)
        return "done"

    return press_it


def test_withdraw_pressed_twice(home: House) -> None:
    desk = begun_by(home, ANNA)
    results = together(*(by_case(returning.withdraw, desk, ANNA, reason="not needed") for _ in range(2)))
    assert outcome(results) == ["done", "instance_over"]
    assert home.told(desk.case).count("InstanceCancelled") == 1


def test_withdraw_while_somebody_completes(home: House) -> None:
    desk = begun_by(home, ANNA)
    desk.claim(BO, "draft")
    item = desk.item("draft").id
    results = together(
        by_case(returning.withdraw, desk, ANNA, reason="not needed"), press(desk, item, "complete", BO, data=YES)
    )
    said = outcome(results)
    assert "done" in said and len(set(said)) == 2
    assert (home.instance(desk.case).status == "cancelled") == (desk.open() == [])


def test_hold_and_resume_pressed_twice_give_the_time_back_once(home: House) -> None:
    desk = held(home)
    assert outcome(together(*(by_case(suspend.suspend, desk, BOSS) for _ in range(2)))) == ["done", "done"]
    since = desk.item("draft").held_at
    home.clock.advance(timedelta(hours=5))
    assert outcome(together(*(by_case(suspend.resume, desk, BOSS) for _ in range(2)))) == ["done", "done"]
    assert (since, desk.item("draft").held_at) == (MONDAY, None)
    assert [home.told(desk.case).count(name) for name in ("InstanceSuspended", "InstanceResumed")] == [1, 1]


def test_who_waits_for_the_customer_and_who_goes_on_at_once_is_told_once(home: House) -> None:
    """One of two is first, and the case says who; the other's press changes nothing."""
    desk = held(home)
    item = desk.item("draft").id
    holds = [press(desk, item, "hold", one, text=one.key, awaits=True) for one in (ANNA, BOSS)]
    assert outcome(together(*holds)) in (["done", "done"], ["done", "instance_suspended"])
    case = home.instance(desk.case)
    assert case.suspended and case.held_by == case.held_reason and case.held_by in ("anna", "boss")
    resumes = [press(desk, item, "resume", one) for one in (ANNA, BOSS)]
    assert outcome(together(*resumes)) in (["done", "done"], ["done", "not_on_hold"])
    assert [home.told(desk.case).count(name) for name in ("InstanceSuspended", "InstanceResumed")] == [1, 1]


def test_who_completes_the_step_meanwhile_does_not_hold_what_follows(home: House) -> None:
    desk = held(home)
    item = desk.item("draft").id
    results = together(press(desk, item, "hold", ANNA, text="r"), press(desk, item, "complete", ANNA, data=YES))
    said = outcome(results)
    assert len(said) == 2 and "done" in said and said != ["done", "done"]
    assert home.instance(desk.case).suspended == (desk.open() == ["draft"])


@pytest.mark.parametrize("verb", ["claim", "save_draft", "transfer", "complete"])
def test_hold_while_somebody_works_comes_before_or_after(home: House, verb: Verb) -> None:
    desk = Desk(home) if verb == "claim" else held(home)
    item = desk.item("draft").id
    given: dict[str, Any] = {"transfer": {"to": ("bo",)}, "complete": {"data": YES}, "save_draft": {"data": YES}}
    results = together(press(desk, item, verb, ANNA, **given.get(verb, {})), by_case(suspend.suspend, desk, BOSS))
    assert outcome(results) in (["done", "done"], ["done", "instance_suspended"])
    assert all(one.held_at == MONDAY for one in home.items(desk.case)), "whatever is open is on hold"
    assert bool(told(desk, verb) or verb in ("save_draft", "complete")) or "instance_suspended" in outcome(results)


def test_two_jumps_that_saw_the_same_are_one(home: House) -> None:
    desk = held(home)
    change = {"change": modify.Change(start=("sign",)), "reason": "r", "revision": home.instance(desk.case).revision}
    results = together(*(by_case(modify.modify, desk, BOSS, **change) for _ in range(2)))
    assert outcome(results) == ["changed_since", "done"]
    assert desk.open() == ["draft", "sign"]


@pytest.mark.parametrize("where", ["before", "after", "parallel"])
def test_signers_added_by_two_signers_are_all_asked_once(home: House, where: str) -> None:
    desk = held(home)
    desk.add(ANNA, "draft", ["bo"], where="parallel")
    item = desk.item("draft").id
    results = together(
        press(desk, item, "add_sign", ANNA, to=("chen",), where=where),
        press(desk, item, "add_sign", BO, to=("chen",), where=where),
    )
    assert outcome(results) == ["done", "signs_already"]
    assert sorted(one.person for one in desk.item("draft").shared.signatures) == ["anna", "bo", "chen"]


def test_every_verb_is_raced_here() -> None:
    names = " ".join(name for name in globals() if name.startswith("test_"))
    words = {
        "claim": "claim", "release": "release", "complete": "complete", "save_draft": "drafts", "answer": "answer",
        "transfer": "transfer", "delegate": "delegate", "add_sign": "signers_added", "remove_sign": "taken_away",
        "send_back": "send_back", "take_back": "take_back", "urge": "urge", "copy": "say", "comment": "say",
        "hold": "waits_for_the_customer", "resume": "waits_for_the_customer",
    }  # fmt: skip
    of_cases = {
        "withdraw": "withdraw", "suspend": "hold_and", "resume": "resume", "jump": "jumps", "stand in": "absence",
        "auto-pass": "passes_by_itself", "bulk": "the_same_many",
    }  # fmt: skip
    assert set(words) == set(doing.TABLE)
    assert all(word in names for word in (*words.values(), *of_cases.values()))
    assert issubclass(errors.Conflict, errors.CrmflowError)


def plan(home: House, **more: Any) -> absences.Plan:
    end = home.now + timedelta(days=5)
    return absences.Plan(**{"starts_at": home.now, "ends_at": end, "substitute": "bo", "open_too": True, **more})


def test_an_absence_ended_twice_gives_back_once(home: House) -> None:
    desk = held(home)
    made = absences.declare(home.engine, person="anna", plan=plan(home), agent=ANNA, now=home.now)

    def end() -> str:
        absences.end(home.engine, absence_id=made.id, agent=ANNA, now=home.now)
        return "done"

    assert outcome(together(end, end)) == ["absence_over", "done"]
    assert told(desk, "regain") == 1 and home.mine(ANNA) == ["draft"]


def test_two_dispatchers_begin_an_absence_once(home: House) -> None:
    desk = held(home)
    later = plan(home, starts_at=home.now + timedelta(days=1))
    absences.declare(home.engine, person="anna", plan=later, agent=ANNA, now=home.now)
    home.clock.advance(timedelta(days=1))
    together(*(lambda: absences.turn_due(home.engine, now=home.now) for _ in range(2)))
    assert told(desk, "stand_in") == 1 and home.mine(BO) == ["draft"]


def test_going_away_while_completing_does_one_and_then_the_other(home: House) -> None:
    """Whichever is first: the work is done once, and what follows or is open is with somebody."""
    desk = held(home)
    item = desk.item("draft").id

    def go() -> str:
        absences.declare(home.engine, person="anna", plan=plan(home), agent=ANNA, now=home.now)
        return "away"

    results = together(press(desk, item, "complete", ANNA, data=YES), go)
    assert outcome(results) in (["away", "done"], ["away", "claimed_by_another"])
    if "done" in results:
        assert desk.open() == ["check"]
    else:
        assert home.mine(BO) == ["draft"]


def test_two_claim_the_same_many(home: House) -> None:
    desk = Desk(home)
    ids = [desk.item("draft").id, *(home.item(home.start(), "draft").id for _ in range(4))]

    def claim(agent: Agent) -> Callable[[], list[str]]:
        def deed() -> list[str]:
            order = bulk.Order(verb="claim")
            found = bulk.do(home.engine, order=order, work_item_ids=ids, agent=agent, now=home.now)
            return [one.work_item_id for one in found if one.done]

        return deed

    first, second = together(claim(ANNA), claim(BO))
    assert sorted([*first, *second]) == sorted(ids), "each is claimed, by one of them"
    assert len(home.mine(ANNA)) + len(home.mine(BO)) == len(ids)


def test_a_step_that_passes_by_itself_passes_once(home: House) -> None:
    home.person(ANNA)
    steps = [
        node(f"user {name}", performer=Performer(assignee=literal("anna")), passing=passing)
        for name, passing in (("one", None), ("two", Passing(same_person="adjacent")), ("three", None))
    ]
    home.release(program("start s", *steps, "end e", flow=["s > one > two > three > e"]))
    case = home.start()
    item = home.item(case, "one").id

    def complete() -> str:
        act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now)
        return "done"

    assert outcome(together(complete, complete)) == ["done", "work_item_over"]
    assert [one.node for one in home.items(case)] == ["three"]
    verbs = [fact.verb for fact in home.facts(case) if type(fact).__name__ == "WorkItemActed"]
    assert verbs == ["auto_same"]
