"""Work that nobody has taken is offered to whom the new program names; what somebody has stays with them."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors, facts
from engine.inbox import absences, act, handing, listing
from engine.migration import assess, plans
from engine.model.performer import Performer, SignMode
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import feel, literal, node, program
from tests.unit.migration.test_bulk import begin, everything, order

SALES = Performer(groups=(literal("sales"),))
LEGAL = Performer(groups=(literal("legal"),))


def line(performer: Performer, first: str = "a") -> Any:
    """Two steps; the second is ``performer``'s."""
    made = [node(f"user {first}", performer=SALES), node("user b", performer=performer, name="b")]
    return program("start s", *made, "end e", flow=[f"s > {first} > b > e"])


def complete(house: House, instance_id: str, name: str, agent: Agent) -> None:
    item = house.item(instance_id, name)
    act.complete(house.engine, work_item_id=item.id, data={}, agent=agent, now=house.now)


def at_b(house: House, old: Any, **data: Any) -> str:
    """A case at ``b``, whose first step Anna did."""
    house.release(old)
    for person in (ANNA, BO, CHEN):
        house.person(person)
    instance_id = house.start(**data)
    complete(house, instance_id, "a", ANNA)
    return instance_id


def moved(house: House, old: Any, new: Any, **more: Any) -> plans.Progress:
    house.release(new)
    return begin(house, order(old, new, **more))


def claimable(house: House, agent: Agent) -> list[str]:
    return [row.item.node for row in listing.claimable(house.engine, agent=agent, now=house.now).rows]


def test_what_nobody_has_taken_is_offered_to_the_new_group_and_an_undo_takes_it_back(house: House) -> None:
    old, new = line(SALES), line(LEGAL)
    instance_id = at_b(house, old)
    before = everything(house, instance_id)
    was = house.item(instance_id, "b")
    assert (claimable(house, ANNA), claimable(house, CHEN)) == (["b"], [])
    done = moved(house, old, new)
    assert done.counts == {"moved": 1}
    now = house.item(instance_id, "b")
    assert (now.id, now.due_at, now.created_at) == (was.id, was.due_at, was.created_at)
    assert (now.groups, now.assignee) == (("legal",), None)
    assert (claimable(house, ANNA), claimable(house, CHEN)) == ([], ["b"])
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert everything(house, instance_id) == before
    assert (claimable(house, ANNA), claimable(house, CHEN)) == (["b"], [])


def test_who_gets_the_offer_may_do_it_and_who_had_it_may_not(house: House) -> None:
    old, new = line(SALES), line(LEGAL)
    instance_id = at_b(house, old)
    moved(house, old, new)
    with pytest.raises(errors.NotFound):
        complete(house, instance_id, "b", BO)
    complete(house, instance_id, "b", CHEN)
    assert house.instance(instance_id).status == "completed"


@pytest.mark.parametrize("deed", ["claimed", "half filled in"])
def test_what_somebody_has_begun_stays_as_it_is(house: House, deed: str) -> None:
    old, new = line(SALES), line(LEGAL)
    instance_id = at_b(house, old)
    item = house.item(instance_id, "b")
    act.claim(house.engine, work_item_id=item.id, agent=ANNA, now=house.now)
    if deed == "half filled in":
        act.save_draft(house.engine, work_item_id=item.id, data={"note": "half"}, agent=ANNA, now=house.now)
        act.release(house.engine, work_item_id=item.id, agent=ANNA, now=house.now)
    before = house.item(instance_id, "b")
    assert moved(house, old, new).counts == {"moved": 1}
    after = house.item(instance_id, "b")
    assert (after.assignee, after.groups, after.draft) == (before.assignee, ("sales",), before.draft)
    complete(house, instance_id, "b", ANNA)


@pytest.mark.parametrize(
    ("performer", "assignee", "users", "groups"),
    [
        (Performer(assignee=feel("boss")), "bo", (), ()),
        (Performer(users=(feel('[boss, "chen"]'),)), None, ("bo", "chen"), ()),
        (Performer(groups=(literal("legal, sales"),)), None, (), ("legal", "sales")),
        (Performer(groups=(literal("legal"),), rule="round_robin"), "chen", (), ("legal",)),
        (Performer(users=(literal("chen"),), groups=(literal("sales"),)), None, ("chen",), ("sales",)),
    ],
    ids=["named by the data", "users by the data", "groups", "by a rule", "both"],
)
def test_whom_the_new_version_names(
    house: House, performer: Performer, assignee: str | None, users: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    old = line(SALES)
    instance_id = at_b(house, old, boss="bo")
    assert moved(house, old, line(performer)).counts == {"moved": 1}
    item = house.item(instance_id, "b")
    assert (item.assignee, item.users, item.groups) == (assignee, users, groups)
    assert (item.claimed_at is not None) == (assignee is not None)


def test_a_skill_that_the_new_version_asks_for_narrows_it(house: House) -> None:
    old = line(SALES)
    instance_id = at_b(house, old)
    house.person(BO, skills=("loans",))
    moved(house, old, line(Performer(groups=(literal("sales"),), skill="loans")))
    item = house.item(instance_id, "b")
    assert (item.skill, item.users) == ("loans", ("bo",))
    assert (claimable(house, ANNA), claimable(house, BO)) == ([], ["b"])


@pytest.mark.parametrize("first", ["a", "begin_here"])
def test_four_eyes_of_the_new_version_hold_under_old_names_too(house: House, first: str) -> None:
    old = line(LEGAL)
    instance_id = at_b(house, old)
    eyes = Performer(groups=(literal("sales"),), exclude_performers_of=(first,))
    assert moved(house, old, line(eyes, first), nodes={"a": first}).counts == {"moved": 1}
    item = house.item(instance_id, "b")
    assert (item.groups, item.excluded) == (("sales",), ("anna",))
    with pytest.raises(errors.Forbidden):
        complete(house, instance_id, "b", ANNA)
    complete(house, instance_id, "b", BO)


def test_the_same_performer_leaves_the_offer_as_it_was_made(house: House) -> None:
    ruled = Performer(groups=(literal("sales"),), skill="loans")
    old = line(ruled)
    house.person(BO, skills=("loans",))
    house.release(old)
    house.person(ANNA)
    instance_id = house.start()
    complete(house, instance_id, "a", ANNA)
    assert house.item(instance_id, "b").users == ("bo",)
    house.person(BO)
    new = program(
        *("start s", node("user a", performer=SALES), node("user b", performer=ruled, name="b"), "user c", "end e"),
        flow=["s > a > b > c > e"],
    )
    assert moved(house, old, new).counts == {"moved": 1}
    assert house.item(instance_id, "b").users == ("bo",), "asked anew, nobody would have the skill"


def test_where_the_new_performer_cannot_be_told_the_case_stays_and_says_why(house: House) -> None:
    old = line(SALES)
    instance_id = at_b(house, old)
    broken = Performer(groups=(feel("no_such_thing.at.all +"),))
    new = line(broken)
    done = moved(house, old, new)
    assert done.counts == {"stays": 1}
    assert house.instance(instance_id).program == old.sha256
    assert house.item(instance_id, "b").groups == ("sales",)
    (move,) = plans.moves(house.engine, plan_id=done.plan.id, agent=BOSS)
    assert move.reasons and all(move.reasons[0]["text"][locale] for locale in ("zh-CN", "en"))


def test_the_way_back_offers_it_to_those_of_before(house: House) -> None:
    old, new = line(SALES), line(LEGAL)
    instance_id = at_b(house, old)
    done = moved(house, old, new)
    item = house.item(instance_id, "b")
    act.claim(house.engine, work_item_id=item.id, agent=CHEN, now=house.now)
    act.release(house.engine, work_item_id=item.id, agent=CHEN, now=house.now)
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert house.instance(instance_id).program == old.sha256
    assert (claimable(house, ANNA), claimable(house, CHEN)) == (["b"], [])


def test_a_dry_run_offers_nothing(house: House) -> None:
    old, new = line(SALES), line(LEGAL)
    instance_id = at_b(house, old)
    house.release(new)
    before = everything(house, instance_id)
    plans.dry_run(house.engine, order=order(old, new, allow=assess.ALLOWANCES), agent=BOSS, now=house.now)
    assert everything(house, instance_id) == before


def test_who_stands_in_is_told_and_the_undo_is_exact_all_the_same(house: House) -> None:
    old, new = line(SALES), line(Performer(assignee=literal("chen")))
    instance_id = at_b(house, old)
    away = absences.Plan(substitute="bo", starts_at=house.now, ends_at=house.now + timedelta(days=3))
    absences.declare(house.engine, person="chen", plan=away, agent=CHEN, now=house.now)
    before = everything(house, instance_id)
    done = moved(house, old, new)
    assert house.item(instance_id, "b").assignee == "bo"
    assert [fact for fact in house.facts(instance_id) if isinstance(fact, facts.WorkItemActed) and fact.node == "b"]
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert everything(house, instance_id) == before


MODES: list[SignMode] = ["all", "ratio", "sequence"]


def signed_by(mode: SignMode, *people: str) -> Performer:
    return Performer(users=tuple(literal(person) for person in people), sign_mode=mode)


def signers(house: House, instance_id: str) -> list[tuple[str, str]]:
    return [(one.person, one.rule) for one in house.item(instance_id, "b").shared.signatures]


def foretold(house: House, old: Any, new: Any) -> list[str]:
    house.release(new)
    (prospect,) = plans.dry_run(house.engine, order=order(old, new), agent=BOSS, now=house.now).prospects
    assert all(one.node == "b" and one.text["zh-CN"] != one.text["en"] for one in prospect.work)
    return [one.code for one in prospect.work]


@pytest.mark.parametrize("mode", MODES)
def test_a_step_that_several_sign_goes_to_the_new_signers_while_nobody_has_signed(house: House, mode: SignMode) -> None:
    old, new = line(signed_by(mode, "anna", "bo")), line(signed_by("all", "bo", "chen"))
    instance_id = at_b(house, old)
    before = everything(house, instance_id)
    assert foretold(house, old, new) == ["offered"]
    done = moved(house, old, new)
    assert done.counts == {"moved": 1}
    assert signers(house, instance_id) == [("bo", "all"), ("chen", "all")]
    with pytest.raises(errors.Conflict):
        complete(house, instance_id, "b", ANNA)
    assert signing(house, CHEN) == ["b"] and signing(house, ANNA) == []
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert everything(house, instance_id) == before
    assert signing(house, CHEN) == [] and signing(house, ANNA) == ["b"]


def signing(house: House, agent: Agent) -> list[str]:
    return [row.item.node for row in listing.mine(house.engine, agent=agent, now=house.now).rows]


@pytest.mark.parametrize("deed", ["signed", "begun to answer", "asked another"])
@pytest.mark.parametrize("mode", MODES)
def test_whoever_signs_with_somebody_who_has_begun_stays(house: House, mode: SignMode, deed: str) -> None:
    old, new = line(signed_by(mode, "anna", "bo", "boss")), line(signed_by("all", "chen"))
    instance_id = at_b(house, old)
    item = house.item(instance_id, "b").id
    who: dict[str, Any] = {"work_item_id": item, "agent": ANNA, "now": house.now}
    if deed == "signed":
        complete(house, instance_id, "b", ANNA)
    elif deed == "begun to answer":
        act.save_draft(house.engine, data={"note": "half"}, **who)
    else:
        handing.add_sign(house.engine, people=["chen"], where="parallel", **who)
    before = house.item(instance_id, "b")
    assert foretold(house, old, new) == ["kept"]
    assert moved(house, old, new).counts == {"moved": 1}
    after = house.item(instance_id, "b")
    assert (after.handling, after.users) == (before.handling, before.users)
    assert signers(house, instance_id)[0] == ("anna", mode)


def test_a_step_for_one_becomes_one_that_several_sign_and_back(house: House) -> None:
    one, several = line(SALES), line(signed_by("sequence", "chen", "bo"))
    instance_id = at_b(house, one)
    moved(house, one, several)
    assert signers(house, instance_id) == [("chen", "sequence"), ("bo", "sequence")]
    assert moved(house, several, one).counts == {"moved": 1}
    assert (signers(house, instance_id), claimable(house, BO)) == ([], ["b"])
    complete(house, instance_id, "b", BO)
    assert house.instance(instance_id).status == "completed"


def test_a_dry_run_says_nothing_of_steps_whose_people_stay_the_same(house: House) -> None:
    old = line(SALES)
    at_b(house, old)
    assert foretold(house, old, line(LEGAL)) == ["offered"]
    renamed = program(
        *("start s", node("user a", performer=SALES), node("user b", performer=SALES, name="b"), "user c", "end e"),
        flow=["s > a > b > c > e"],
    )
    assert foretold(house, old, renamed) == []


def test_a_step_that_nobody_has_signed_is_taken_back_where_the_new_version_asks_first(house: House) -> None:
    step = node("user b", performer=signed_by("all", "anna", "bo"), name="b")
    old = program("start s", node("user a", performer=SALES), step, "end e", flow=["s > a > b > e"])
    new = program("start s", node("user a", performer=SALES), "user x", step, "end e", flow=["s > a > x > b > e"])
    instance_id = at_b(house, old)
    assert moved(house, old, new, allow={"back"}).counts == {"moved": 1}
    assert [item.node for item in house.items(instance_id)] == ["x"]
