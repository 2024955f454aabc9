"""What the engine does by itself: who said yes already or started the case is not asked again; nobody there is settled
as the node says. It is told why, and a form that asks for more than a yes is always asked."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from engine import records
from engine.inbox import absences, act, passing, returning
from engine.kernel import plan as plans
from engine.model.performer import Passing, Performer
from engine.people.agent import Agent
from engine.runtime import incidents, start
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program, timer
from tests.unit.inbox.desk import OUTCOME, PEOPLE, STAFF

MORE = {**OUTCOME, "required": ["outcome", "amount"]}
FORMS = {"f": OUTCOME, "more": MORE}
STEPS = ("one", "two", "three")


class Office:
    """Three steps in a row; each with who does it, and a setting of its own."""

    def __init__(self, home: House, who: str, settings: dict[str, Passing], form: dict[str, str] | None = None):
        self.home = home
        for agent in PEOPLE:
            home.person(agent, **({"manager": "boss"} if agent is not BOSS else {}))
        steps = [
            node(
                f"user {name}",
                performer=Performer(assignee=literal(key)),
                passing=settings.get(name),
                form=(form or {}).get(name, "f"),
            )
            for name, key in zip(STEPS, who.split(), strict=True)
        ]
        home.release(program("start s", *steps, "end e", flow=["s > one > two > three > e"], forms=FORMS))

    def start(self, by: Agent = BOSS) -> None:
        self.home.customer()
        begun = start.start(self.home.engine, process="p", customer_id="c-1", data={}, agent=by, now=self.home.now)
        self.case, self.begun = begun.instance.id, begun.instance

    def complete(self, agent: Agent, name: str, outcome: str = "yes", **data: Any) -> Any:
        item = self.home.item(self.case, name)
        return act.complete(
            self.home.engine, work_item_id=item.id, data={"outcome": outcome, **data}, agent=agent, now=self.home.now
        )

    @property
    def open(self) -> list[str]:
        return [item.node for item in self.home.items(self.case)]

    @property
    def told(self) -> list[tuple[str, str, str]]:
        found = [fact for fact in self.home.facts(self.case) if type(fact).__name__ == "WorkItemActed"]
        return [(fact.verb, fact.node, fact.to) for fact in found]

    @property
    def status(self) -> str:
        return self.home.instance(self.case).status


BEFORE, ADJACENT, STARTER = Passing(same_person="before"), Passing(same_person="adjacent"), Passing(starter=True)
YES_NO = [
    # who does one, two, three; setting of three; what anna and bo said; what is open after two; what is told
    ("anna anna anna", ADJACENT, "yes", "yes", [], ("auto_same", "three", "anna")),
    ("anna bo anna", ADJACENT, "yes", "yes", ["three"], None),
    ("anna bo anna", BEFORE, "yes", "yes", [], ("auto_same", "three", "anna")),
    ("anna bo anna", BEFORE, "yes", "no", [], ("auto_same", "three", "anna")),
    ("anna bo anna", BEFORE, "no", "yes", ["three"], None),
    ("anna bo bo", ADJACENT, "yes", "no", ["three"], None),
    ("anna bo chen", BEFORE, "yes", "yes", ["three"], None),
    ("anna anna anna", BEFORE, "yes", "no", ["three"], None),
    ("anna bo bo", None, "yes", "yes", ["three"], None),
]


@pytest.mark.parametrize(("who", "setting", "first", "second", "left", "told"), YES_NO)
def test_who_said_yes_already_is_not_asked_again(
    home: House, who: str, setting: Passing, first: str, second: str, left: list[str], told: tuple[str, str, str] | None
) -> None:
    office = Office(home, who, {"three": setting} if setting else {})
    office.start()
    people = who.split()
    office.complete(STAFF[people[0]], "one", first)
    office.complete(STAFF[people[1]], "two", second)
    assert office.open == left
    assert office.told == ([told] if told else [])
    assert office.status == ("active" if left else "completed")


def test_it_passes_with_the_form_s_yes_and_says_that_nobody_pressed_it(home: House) -> None:
    office = Office(home, "anna anna anna", {"two": ADJACENT})
    office.start()
    delivered = office.complete(ANNA, "one")
    assert [item.node for item in delivered.written.work_items] == ["three"]
    with home.engine.store.reading() as tx:
        rows = [row for row in tx.facts.of_instance(office.case) if type(row.fact).__name__ == "WorkItemCompleted"]
    assert [(row.agent, row.fact.node, row.fact.data) for row in rows] == [
        ("anna", "one", {"outcome": "yes"}),
        ("system", "two", {"outcome": "yes"}),
    ]
    assert [item.ended_by for item in home.items(office.case, "completed")] == ["anna", "system"]


def test_several_pass_one_after_another(home: House) -> None:
    office = Office(home, "anna anna anna", {"two": BEFORE, "three": BEFORE})
    office.start()
    done = office.complete(ANNA, "one")
    assert (office.status, done.status) == ("completed", "completed")
    assert [verb for verb, _, _ in office.told] == ["auto_same", "auto_same"]


def test_who_started_the_case_is_not_asked_to_approve_it(home: House) -> None:
    office = Office(home, "anna bo anna", dict.fromkeys(STEPS, STARTER))
    office.start(by=ANNA)
    assert (office.open, office.begun.status) == (["two"], "active")
    office.complete(BO, "two")
    assert office.status == "completed"
    assert office.told == [("auto_starter", "one", "anna"), ("auto_starter", "three", "anna")]


def test_a_case_that_passes_whole_is_over_when_it_has_been_started(home: House) -> None:
    office = Office(home, "anna anna anna", dict.fromkeys(STEPS, STARTER))
    office.start(by=ANNA)
    assert (office.begun.status, office.status) == ("completed", "completed")


@pytest.mark.parametrize("setting", [BEFORE, STARTER, Passing(nobody="pass")])
def test_a_form_that_asks_for_more_than_a_yes_is_always_asked(home: House, setting: Passing) -> None:
    office = Office(home, "anna anna anna", {"two": setting}, form={"two": "more"})
    office.start(by=ANNA)
    office.complete(ANNA, "one")
    assert (office.open, office.told) == (["two"], [])


def test_after_sending_back_what_was_agreed_before_is_asked_anew(home: House) -> None:
    office = Office(home, "anna bo anna", {"three": BEFORE})
    office.start()
    office.complete(ANNA, "one")
    item = home.item(office.case, "two")
    returning.send_back(home.engine, work_item_id=item.id, to="one", reason="no", agent=BO, now=home.now)
    assert office.open == ["one"]
    office.complete(ANNA, "one", "no")
    office.complete(BO, "two")
    assert office.open == ["three"], "the yes before it was sent back does not count"


def test_what_is_sent_back_to_somebody_waits_for_them_though_it_would_pass(home: House) -> None:
    office = Office(home, "anna bo chen", {"one": STARTER})
    office.start(by=ANNA)
    assert office.open == ["two"]
    item = home.item(office.case, "two")
    with home.engine.store.reading() as tx:
        (target,) = returning.targets(home.engine, tx, item)
    assert target.node == "one"
    returning.send_back(home.engine, work_item_id=item.id, to="one", reason="no", agent=BO, now=home.now)
    assert office.open == ["one"]


def test_a_loop_that_would_pass_for_ever_stops_at_somebody(home: House) -> None:
    for agent in PEOPLE:
        home.person(agent)
    again = node("user again", performer=Performer(assignee=literal("anna")), passing=STARTER, form="f")
    home.release(program("start s", again, flow=["s > again > again"], forms=FORMS))
    home.customer()
    begun = start.start(home.engine, process="p", customer_id="c-1", data={}, agent=ANNA, now=home.now)
    assert [item.node for item in home.items(begun.instance.id)] == ["again"]
    assert len(home.items(begun.instance.id, "completed")) == 20


def test_in_the_stead_of_somebody_it_is_that_one_s_yes_that_counts(home: House) -> None:
    office = Office(home, "anna bo anna", {"three": BEFORE})
    plan = absences.Plan(starts_at=home.now, ends_at=home.now.replace(day=30), substitute="chen")
    absences.declare(home.engine, person="anna", plan=plan, agent=ANNA, now=home.now)
    office.start()
    office.complete(CHEN, "one")
    office.complete(BO, "two")
    assert office.status == "completed"
    assert ("auto_same", "three", "anna") in office.told


def test_a_substitute_s_own_yes_is_not_the_other_s(home: House) -> None:
    office = Office(home, "chen bo anna", {"three": BEFORE})
    plan = absences.Plan(starts_at=home.now, ends_at=home.now.replace(day=30), substitute="chen")
    absences.declare(home.engine, person="anna", plan=plan, agent=ANNA, now=home.now)
    office.start()
    office.complete(CHEN, "one")
    office.complete(BO, "two")
    assert office.open == ["three"] and home.item(office.case, "three").assignee == "chen"


# --- nobody is there -------------------------------------------------------------------------------------------------


def alone(home: House, nobody: str, *, performer: Performer | None = None, form: str = "f", **boss: Any) -> str:
    """One step for Chen, who has left; the case."""
    for agent in PEOPLE:
        home.person(agent, **({"manager": "boss"} if agent is not BOSS else boss))
    home.person(CHEN, active=False, manager="anna")
    who = performer or Performer(assignee=literal("chen"))
    step = node("user one", performer=who, passing=Passing(nobody=nobody) if nobody else None, form=form)
    home.release(program("start s", step, "end e", flow=["s > one > e"], forms=FORMS))
    return home.start()


def told(home: House, case: str) -> list[tuple[str, str]]:
    return [(fact.verb, fact.to) for fact in home.facts(case) if type(fact).__name__ == "WorkItemActed"]


@pytest.mark.parametrize(
    "performer",
    [
        None,
        Performer(users=(literal("chen"), literal("stranger"))),
        Performer(groups=(literal("legal"), literal("nobody.here"))),
        Performer(groups=(literal("legal"),), rule="round_robin"),
        Performer(groups=(literal("legal"),), sign_mode="all"),
        Performer(),
    ],
)
def test_nobody_there_and_it_passes(home: House, performer: Performer | None) -> None:
    case = alone(home, "pass", performer=performer)
    assert home.instance(case).status == "completed"
    assert told(home, case) == [("auto_nobody", "")]


@pytest.mark.parametrize(("nobody", "form"), [("admin", "f"), ("pass", "more")])
def test_nobody_there_and_the_administrators_may_claim_it(home: House, nobody: str, form: str) -> None:
    """Also where it should pass, and its form asks for more than a yes."""
    case = alone(home, nobody, form=form)
    assert (home.item(case, "one").assignee, home.claimable(BOSS)) == (None, ["one"])
    assert told(home, case) == [("nobody_there", "boss")]
    data = {"outcome": "yes", "amount": 1}
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data=data, agent=BOSS, now=home.now)
    assert home.instance(case).status == "completed"


def test_nobody_there_and_the_next_manager_up_who_is_there_may_claim_it(home: House) -> None:
    case = alone(home, "manager")
    assert home.claimable(ANNA) == ["one"]
    assert told(home, case) == [("nobody_there", "anna")]
    home.person(ANNA, active=False, manager="bo")
    other = home.start()
    assert told(home, other) == [("nobody_there", "bo")]
    home.person(BO, active=False, manager="anna")  # a round of managers who have left
    third = home.start()
    assert told(home, third) == [("nobody_there", "boss")], "then the administrators"


def test_nobody_there_and_an_incident_waits_until_somebody_is(home: House) -> None:
    case = alone(home, "incident")
    with home.engine.store.reading() as tx:
        (trouble,) = tx.waits.incidents(case)
    assert (trouble.node, trouble.code, home.items(case)) == ("one", "nobody_found", [])
    assert "没有人可以办理此步骤" in trouble.message["zh-CN"] and "nobody is there" in trouble.message["en"]
    assert home.instance(case).incidents == 1
    retry: Callable[..., Any] = incidents.retry
    retry(home.engine, incident_id=trouble.id, agent=BOSS, now=home.now)
    with home.engine.store.reading() as tx:
        (again,) = tx.waits.incidents(case)
    assert again.id != trouble.id
    home.person(CHEN, active=True)
    retry(home.engine, incident_id=again.id, agent=BOSS, now=home.now)
    assert home.mine(CHEN) == ["one"] and home.instance(case).incidents == 0


@pytest.mark.parametrize("nobody", ["pass", "admin", "manager", "incident"])
def test_while_somebody_is_there_the_setting_says_nothing(home: House, nobody: str) -> None:
    case = alone(home, nobody, performer=Performer(groups=(literal("sales"),)))
    assert (home.claimable(ANNA), told(home, case)) == (["one"], [])


def test_without_the_setting_it_stays_as_ever(home: House) -> None:
    case = alone(home, "")
    assert (home.item(case, "one").assignee, told(home, case)) == ("chen", [])


def test_four_eyes_may_leave_nobody(home: House) -> None:
    for agent in PEOPLE:
        home.person(agent)
    make = node("user make", performer=Performer(assignee=literal("chen")))
    check = node(
        "user check",
        performer=Performer(groups=(literal("legal"),), exclude_performers_of=("make",)),
        passing=Passing(nobody="admin"),
    )
    home.release(program("start s", make, check, "end e", flow=["s > make > check > e"]))
    case = home.start()
    act.complete(home.engine, work_item_id=home.item(case, "make").id, data={}, agent=CHEN, now=home.now)
    assert (home.claimable(BOSS), home.claimable(CHEN)) == (["check"], [])


def test_a_timer_s_step_lets_pass_too_many_at_once(home: House) -> None:
    """Due timers of several cases are written together; what passes behind them passes in the same transaction."""
    for agent in PEOPLE:
        home.person(agent)
    later = node("catch later", triggers=(timer("PT1H"),))
    step = node("user one", performer=Performer(assignee=literal("chen")), passing=Passing(nobody="pass"), form="f")
    home.person(CHEN, active=False)
    home.release(program("start s", later, step, "end e", flow=["s > later > one > e"], forms=FORMS))
    cases = [home.start() for _ in range(5)]
    home.pass_time(hours=1)
    assert {home.instance(case).status for case in cases} == {"completed"}
    assert [told(home, case) for case in cases] == [[("auto_nobody", "")]] * 5


# --- the pure part ---------------------------------------------------------------------------------------------------


def test_the_setting_is_part_of_the_program_and_changes_no_other_s_hash() -> None:
    plain = program("start s", "user t", "end e", flow=["s > t > e"])
    other = program("start s", node("user t", passing=BEFORE), "end e", flow=["s > t > e"])
    assert plain.sha256 != other.sha256
    assert b"passing" not in msgspec.json.encode(plain)
    assert plans.compile_program(other).nodes[1].model.passing == BEFORE


ABLE = [
    ({"assignee": "anna"}, ["anna"]),
    ({"assignee": "gone"}, []),
    ({"assignee": "robot"}, []),
    ({"users": ("gone", "bo")}, ["bo"]),
    ({"groups": ("sales",)}, ["anna", "bo"]),
    ({"groups": ("sales",), "excluded": ("anna", "bo")}, []),
    ({"groups": ("none",)}, []),
    ({}, []),
]


@pytest.mark.parametrize(("fields", "able"), ABLE)
def test_who_could_do_it(fields: dict[str, Any], able: list[str], home: House) -> None:
    def person(key: str, **more: Any) -> records.Person:
        values = {"key": key, "name": key, "locale": "en", "created_at": home.now, "roles": ("staff",), **more}
        return records.Person(**values)

    people = [
        person("anna", groups=("sales",)),
        person("bo", groups=("sales",)),
        person("gone", groups=("sales",), active=False),
        person("robot", roles=("integrator",), groups=("sales",)),
    ]
    values = {
        "id": "i.1",
        "instance_id": "i",
        "wait": 1,
        "process": "p",
        "customer_id": None,
        "program": "x",
        "node": "t",
        "name": "t",
        "status": "open",
        "created_at": home.now,
        **fields,
    }
    assert passing.able(people, records.WorkItem(**values)) == able
