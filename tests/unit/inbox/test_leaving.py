"""Who leaves takes no work along: what is open goes back to those who may do it, or nothing happens at all."""

import pytest

from engine import errors
from engine.inbox import act, handing
from engine.model.performer import Performer
from engine.people import users
from engine.people.agent import SYSTEM, Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program

ADA = Agent(key="ada", name="Ada", roles=frozenset({"admin"}))


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
    monkeypatch.setattr("engine.people.held.ROUND", 2)
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


def signs(home: House, *people: str, mode: str = "all") -> str:
    home.person(CHEN)
    return task(home, users=tuple(literal(key) for key in people), sign_mode=mode)


def signers(home: House, case: str) -> list[tuple[str, str]]:
    return [(one.person, one.status) for one in home.item(case, "one").shared.signatures]


@pytest.mark.parametrize("count", [1, 3, 4, 5])
def test_no_signature_is_missed_beyond_the_first_round(
    home: House, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr("engine.people.held.ROUND", 2)
    employ(home)
    home.person(CHEN)
    program_of = program(
        "start s",
        node("user one", performer=Performer(users=(literal("anna"), literal("chen")), sign_mode="all")),
        "end e",
        flow=["s > one > e"],
    )
    home.release(program_of)
    cases = [home.start() for _ in range(count)]
    leave(home, manager="bo", groups=())
    assert home.mine(ANNA) == [] and len(home.mine(BO)) == count
    assert {tuple(signers(home, case)) for case in cases} == {(("bo", "active"), ("chen", "active"))}


def test_claimed_work_between_signatures_is_given_back_too(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.people.held.ROUND", 1)
    employ(home)
    case = signs(home, "anna", "chen")
    other = claimed(home)
    leave(home, manager="bo")
    assert signers(home, case)[0] == ("bo", "active")
    assert home.item(other, "one").assignee is None


def test_nobody_inherits_from_themselves(home: House) -> None:
    """An administrator deactivates themselves: another administrator signs."""
    employ(home)
    home.person(ADA)
    case = signs(home, "ada", "chen")
    said = users.Profile(name="Ada", roles=("admin",))
    users.change_user(home.engine, key="ada", profile=said, active=False, agent=ADA, now=home.now)
    assert signers(home, case) == [("boss", "active"), ("chen", "active")]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_nobody_is_their_own_manager(home: House, locale: str) -> None:
    employ(home)
    with pytest.raises(errors.Invalid) as raised:
        leave(home, manager="anna")
    (problem,) = raised.value.problems
    assert problem.pointer == "/manager"
    assert problem.text[locale] == {"zh-CN": "不能是自己的上级。", "en": "Nobody is their own manager."}[locale]


def test_a_manager_who_has_left_inherits_nothing(home: House) -> None:
    employ(home)
    case = signs(home, "anna", "chen")
    home.person(BO, active=False)
    leave(home, manager="bo", agent=BOSS)
    assert signers(home, case)[0] == ("boss", "active")


def test_an_heir_who_signs_anyway_is_not_asked_twice(home: House) -> None:
    employ(home)
    case = signs(home, "anna", "bo", "chen", mode="sequence")
    leave(home, manager="bo")
    assert signers(home, case) == [("anna", "removed"), ("bo", "active"), ("chen", "waiting")]
    for agent in (BO, CHEN):
        act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=agent, now=home.now)
    assert home.instance(case).status == "completed"


def test_what_was_delegated_by_somebody_who_has_left_goes_to_those_who_may_claim_it(home: House) -> None:
    employ(home)
    home.person(CHEN)
    case = task(home, groups=(literal("legal"),))
    item = home.item(case, "one").id
    act.claim(home.engine, work_item_id=item, agent=CHEN, now=home.now)
    handing.delegate(home.engine, work_item_id=item, to="anna", agent=CHEN, now=home.now)
    home.person(CHEN, active=False, groups=())
    leave(home)
    assert (home.item(case, "one").assignee, home.item(case, "one").shared.owner) == (None, "")
    assert home.item(case, "one").groups == ("legal",)
