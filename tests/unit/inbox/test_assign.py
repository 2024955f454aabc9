"""Who gets what: rules, skills, four eyes; nobody fitting never loses the work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine import records
from engine.inbox import absences, assign
from engine.inbox.rank import rank
from engine.model.performer import Performer
from engine.people.agent import SYSTEM, Agent
from engine.recent import Recent
from engine.runtime import start
from tests.house import ANNA, BO, BOSS, CHEN, MONDAY, House
from tests.kernel.models import literal, node, program

SEEN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "load", "chosen"),
    [
        ("least_busy", {"a": (2, None), "b": (1, None)}, "b"),
        ("least_busy", {"a": (1, SEEN), "b": (1, None)}, "b"),
        ("least_busy", {"a": (0, None), "b": (0, None)}, "a"),
        ("round_robin", {"a": (0, SEEN), "b": (9, None)}, "b"),
        ("round_robin", {"a": (0, SEEN), "b": (0, SEEN - timedelta(days=1))}, "b"),
    ],
)
def test_whose_turn_it_is(rule: str, load: assign.Load, chosen: str) -> None:
    assert assign.choose(rule, ["a", "b"], load) == chosen


def started(home: House, performer: Performer, **customer: str) -> records.WorkItem:
    for agent, skills in ((ANNA, ()), (BO, ("loans",)), (CHEN, ()), (BOSS, ())):
        home.person(agent, skills=skills)
    home.customer(**customer)
    home.release(program("start s", node("user t", performer=performer), "end e", flow=["s > t > e"]))
    return home.item(home.start(), "t")


def by(rule: str, **more: object) -> Performer:
    return Performer(groups=(literal("sales"),), rule=rule, **more)  # type: ignore[arg-type]


def test_least_busy_takes_turns_while_all_are_equally_busy(home: House) -> None:
    first = started(home, by("least_busy"))
    given = [first.assignee, *(home.item(home.start(), "t").assignee for _ in range(3))]
    assert given == ["anna", "bo", "anna", "bo"]
    assert first.claimed_at == MONDAY


def test_the_owner_of_the_customer_gets_it(home: House) -> None:
    assert started(home, by("owner"), owner="chen").assignee == "chen"


def test_without_an_owner_the_group_has_it(home: House) -> None:
    item = started(home, by("owner"))
    assert (item.assignee, item.groups) == (None, ("sales",))


def test_the_manager_of_the_group_gets_it(home: House) -> None:
    assert started(home, by("manager")).assignee == "boss"


def test_a_manager_or_owner_who_left_gets_nothing_and_the_group_has_it(home: House) -> None:
    started(home, by("manager"))
    home.person(BOSS, active=False)
    assert home.item(home.start(), "t").assignee is None
    home.person(CHEN, active=False)
    home.customer("c-2", owner="chen")
    home.release(program("start s", node("user t", performer=by("owner")), "end e", flow=["s > t > e"]))
    begun = start.start(
        home.engine, process="p", customer_id="c-2", business_key=None, data={}, agent=SYSTEM, now=home.now
    )
    assert home.item(begun.instance.id, "t").groups == ("sales",)


def test_a_manager_who_is_nobody_gets_nothing(home: House) -> None:
    with home.engine.store.transaction() as tx:
        tx.people.put_group(records.StaffGroup(key="sales", texts={"en": "sales"}, manager="somebody"))
    assert started(home, by("manager")).assignee is None


def test_a_skill_narrows_who_may_claim(home: House) -> None:
    item = started(home, by("", skill="loans"))
    assert (item.users, item.groups) == (("bo",), ())
    assert (home.claimable(ANNA), home.claimable(BO)) == ([], ["t"])


def test_a_skill_that_nobody_has_leaves_it_to_the_group(home: House) -> None:
    assert started(home, by("", skill="flying")).groups == ("sales",)


def test_only_active_people_of_the_group_are_eligible() -> None:
    item = records.WorkItem(
        id="i.1", instance_id="i", wait=1, process="p", customer_id=None, program="x", node="t", name="t",
        status="open", users=("eve",), groups=("sales",), excluded=("bo",), created_at=MONDAY,
    )  # fmt: skip

    def person(key: str, **more: object) -> records.Person:
        values = {"key": key, "name": key, "locale": "en", "created_at": MONDAY, **more}
        return records.Person(**values)  # type: ignore[arg-type]

    people = [
        person("anna", groups=("sales",)),
        person("bo", groups=("sales",)),
        person("carl", groups=("sales",), active=False),
        person("dora", groups=("legal",)),
        person("eve"),
    ]
    assert assign.eligible(people, item) == ["eve", "anna"], "who is named comes first"


def test_due_comes_before_priority_and_nothing_due_comes_last() -> None:
    # breached < due today, high < due today, low < due tomorrow, high < never, high < never, low
    order = [
        (MONDAY - timedelta(days=1), 0),
        (MONDAY, 90),
        (MONDAY, 10),
        (MONDAY + timedelta(days=1), 90),
        (None, 90),
        (None, 10),
    ]
    ranks = [rank(due_at, priority) for due_at, priority in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert max(ranks) < 2**63
    assert rank(None, 1000) == rank(None, 127)
    assert rank(None, -5) == rank(None, 0)


def away(home: House, person: str, **more: object) -> None:
    plan = absences.Plan(**{"starts_at": home.now, "ends_at": home.now + timedelta(days=9), **more})  # type: ignore[arg-type]
    absences.declare(home.engine, person=person, plan=plan, agent=BOSS, now=home.now)


@pytest.mark.parametrize("rule", ["round_robin", "least_busy"])
def test_who_is_away_or_inactive_gets_no_turn(home: House, rule: str) -> None:
    started(home, by(rule))
    away(home, "anna", substitute="chen")
    assert {home.item(home.start(), "t").assignee for _ in range(4)} == {"bo"}
    home.person(DORA)
    home.person(BO, active=False)
    assert home.item(home.start(), "t").assignee == "dora"


@pytest.mark.parametrize("rule", ["round_robin", "least_busy"])
def test_who_has_as_much_as_they_can_take_gets_no_more(home: House, rule: str) -> None:
    started(home, by(rule))  # anna has one
    home.person(ANNA, capacity=2)
    home.person(BO, capacity=1)
    given = [home.item(home.start(), "t").assignee for _ in range(3)]
    assert sorted(str(one) for one in given[:2]) == ["anna", "bo"]
    assert given[2] is None


def test_with_all_away_or_full_the_manager_may_claim_it_and_so_may_the_group(home: House) -> None:
    started(home, by("round_robin"))
    away(home, "anna")
    home.person(BO, capacity=1)
    home.start()
    case = home.start()
    item = home.item(case, "t")
    assert (item.assignee, item.users, item.groups) == (None, ("boss",), ("sales",))
    assert home.claimable(BOSS) == ["t"] and home.claimable(BO) == ["t"]
    said = [fact for fact in home.facts(case) if type(fact).__name__ == "WorkItemActed"]
    assert [(fact.verb, fact.to) for fact in said] == [("nobody_free", "boss")]


@pytest.mark.parametrize("gone", [{"active": False}, {"manager": ""}])
def test_without_a_manager_who_is_there_the_group_keeps_it(home: House, gone: dict[str, object]) -> None:
    started(home, by("round_robin"))
    for person in ("anna", "bo"):
        away(home, person)
    if "manager" in gone:
        with home.engine.store.transaction() as tx:
            tx.people.put_group(records.StaffGroup(key="sales", texts={"en": "sales"}, manager=""))
    else:
        home.person(BOSS, **gone)
    item = home.item(home.start(), "t")
    assert (item.assignee, item.users, item.groups) == (None, (), ("sales",))


@pytest.mark.parametrize(("rule", "who"), [("owner", "chen"), ("manager", "boss")])
def test_an_owner_or_manager_who_is_away_has_somebody_stand_in(home: House, rule: str, who: str) -> None:
    started(home, by(rule), owner="chen")
    away(home, who, substitute="bo")
    item = home.item(home.start(), "t")
    assert (item.assignee, item.shared.absent) == ("bo", who)


def test_the_least_busy_of_those_who_are_there_gets_it(home: House) -> None:
    """Anna has 1, Bo 0 and is away, Dora 0."""
    started(home, by("least_busy"))
    home.person(DORA)
    away(home, "bo", substitute="anna")
    assert home.item(home.start(), "t").assignee == "dora"


DORA = Agent(key="dora", name="Dora", roles=frozenset({"staff"}), groups=frozenset({"sales"}))


def test_who_is_away_is_asked_once_a_second_and_at_once_when_it_changes(home: House) -> None:
    recent: Recent[tuple[records.Absence, ...]] = Recent(seconds=1)
    engine = replace(home.engine, assigner=assign.HouseAssigner(recent))
    started(home, Performer(assignee=literal("anna")))

    def next_one() -> str | None:
        begun = start.start(
            engine, process="p", customer_id="c-1", business_key=None, data={}, agent=SYSTEM, now=home.now
        )
        return home.item(begun.instance.id, "t").assignee

    assert next_one() == "anna"
    away(home, "anna", substitute="bo")
    assert next_one() == "anna"  # another process may not know yet
    assert any(ring.kind == "people" for ring in home.rings)  # this one forgets when it hears that
    recent.forget()
    assert next_one() == "bo"
