"""Who leaves takes no work along: what is open goes back to those who may do it, or nothing happens at all."""

import pytest

from engine import errors
from engine.inbox import act
from engine.model.performer import Performer
from engine.people import users
from engine.people.agent import SYSTEM
from tests.house import ANNA, BO, BOSS, House
from tests.kernel.models import literal, node, program


def employ(home: House) -> None:
    for agent in (ANNA, BO, BOSS):
        home.person(agent)


def task(home: House, **performer: object) -> str:
    home.release(program("start s", node("user one", performer=Performer(**performer)), "end e", flow=["s > one > e"]))
    return home.start()


def leave(home: House, *, agent: object = SYSTEM, **profile: object) -> None:
    said = users.Profile(name="Anna", **{"groups": ("sales",), **profile})
    users.change_user(home.engine, key="anna", profile=said, active=False, agent=agent, now=home.now)


def claimed(home: House) -> str:
    case = task(home, groups=(literal("sales"),))
    act.claim(home.engine, work_item_id=home.item(case, "one").id, agent=ANNA, now=home.now)
    return case


def test_claimed_work_goes_back_to_its_group_with_its_draft(home: House) -> None:
    employ(home)
    case = claimed(home)
    item = home.item(case, "one").id
    act.save_draft(home.engine, work_item_id=item, data={"half": "done"}, agent=ANNA, now=home.now)
    leave(home)
    assert (home.mine(ANNA), home.claimable(BO)) == ([], ["one"])
    assert home.item(case, "one").draft == {"half": "done"}
    assert home.told(case)[-1] == "WorkItemActed one"
    act.complete(home.engine, work_item_id=item, data={}, agent=BO, now=home.now)
    assert home.instance(case).status == "completed"


def test_work_for_one_person_goes_to_the_groups_of_that_person(home: House) -> None:
    employ(home)
    case = task(home, assignee=literal("anna"))
    assert home.item(case, "one").assignee == "anna"
    leave(home)
    assert home.claimable(BO) == ["one"]


def test_without_groups_it_goes_to_the_manager_and_without_one_it_stays(home: House) -> None:
    employ(home)
    case = task(home, assignee=literal("anna"))
    leave(home, groups=())
    assert home.item(case, "one").assignee == "anna"
    leave(home, groups=(), manager="bo")
    assert home.item(case, "one").users == ("bo",)
    assert home.claimable(BO) == ["one"]


def test_more_than_one_round_of_work_is_given_back(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.people.leaving.ROUND", 2)
    employ(home)
    cases = [claimed(home) for _ in range(5)]
    leave(home)
    assert home.mine(ANNA) == [] and len(home.claimable(BO)) == len(cases)


@pytest.mark.parametrize("wrong", [{"agent": ANNA}, {"name": ""}, {"groups": ("nowhere",)}])
def test_a_refused_change_leaves_the_work_where_it_is(home: House, wrong: dict[str, object]) -> None:
    employ(home)
    claimed(home)
    who = wrong.pop("agent", SYSTEM)
    said = users.Profile(**{"name": "Anna", "groups": ("sales",), **wrong})
    with pytest.raises(errors.CrmflowError):
        users.change_user(home.engine, key="anna", profile=said, active=False, agent=who, now=home.now)
    assert (home.mine(ANNA), home.claimable(BO)) == (["one"], [])


def test_one_who_stays_keeps_their_work(home: House) -> None:
    employ(home)
    claimed(home)
    said = users.Profile(name="Anna B.", groups=("sales",))
    users.change_user(home.engine, key="anna", profile=said, active=True, agent=SYSTEM, now=home.now)
    assert home.mine(ANNA) == ["one"]
