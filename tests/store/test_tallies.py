"""What /engine-rest counts of history and variables, told by the database: on both the same, as each case tells it."""

from collections import Counter

import pytest

from engine import facts, records
from engine.inbox import act
from engine.kernel import codec, view
from engine.model.performer import Performer
from engine.people.agent import SYSTEM
from engine.queries import Where
from engine.runtime import cancel
from tests.house import ANNA, House
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))


@pytest.fixture
def home(home: House) -> House:
    """Task a as often as it says so, then task b; one case is at b, one was cancelled there, one is over."""
    tasks = [node(f"user {name}", performer=SALES) for name in "ab"]
    drawn = program(
        "start s", *tasks, node("xor x", default="x_b"), "end e", flow=["s > a > x > b > e", "x > a: again"]
    )
    home.release(drawn, customer_required=False)
    home.person(ANNA)
    cases = [home.start(colour="red") for _ in range(4)]
    for case, again in zip(cases[:3], (0, 1, 2), strict=True):
        for left in range(again, -1, -1):
            _finish(home, case, "a", again=left > 0)
    _finish(home, cases[0], "b", size=4)
    cancel.cancel(home.engine, instance_id=cases[1], reason="", agent=SYSTEM, now=home.now)
    return home


def _finish(home: House, case: str, name: str, **data: object) -> None:
    item = home.item(case, name)
    act.claim(home.engine, work_item_id=item.id, agent=ANNA, now=home.now)
    act.complete(home.engine, work_item_id=item.id, data=data, agent=ANNA, now=home.now)


def _counted(home: House, *where: Where, ended: bool | None = None, cut_off: bool = False) -> dict[str, int]:
    with home.engine.store.reading() as tx:
        rows = tx.facts.activities(where=where, ended=ended, cut_off=cut_off)
        assert len({program for program, _, _ in rows}) <= 1
        return {name: count for _, name, count in rows if name in "ab"}


def test_activities_are_counted_by_step_as_they_began_and_ended(home: House) -> None:
    began: Counter[str] = Counter()
    with home.engine.store.reading() as tx:
        for case in tx.lists.find(records.Instance):
            rows = [row.fact for row in tx.facts.of_instance(case.id)]
            began.update(fact.node for fact in rows if isinstance(fact, facts.ActivityStarted) and fact.node in "ab")
    assert _counted(home) == dict(began) == {"a": 7, "b": 3}
    assert _counted(home, ended=True) == {"a": 6, "b": 2}
    assert _counted(home, ended=False) == {"a": 1, "b": 1}
    assert _counted(home, cut_off=True) == _counted(home, cut_off=True, ended=True) == {"b": 1}
    assert _counted(home, cut_off=True, ended=False) == {}


def test_only_the_cases_that_are_asked_for_are_counted(home: House) -> None:
    assert _counted(home, Where("status", "=", "completed")) == {"a": 1, "b": 1}
    assert _counted(home, Where("status", "=", "active"), ended=True) == {"a": 3}
    assert _counted(home, Where("process", "=", "other")) == {}


def test_what_begins_anew_under_its_old_number_runs_again(home: House) -> None:
    """As the list has it: the last beginning counts, and its end."""
    case = home.start()
    with home.engine.store.reading() as tx:
        (began,) = [fact for fact in home.facts(case) if isinstance(fact, facts.ActivityStarted) and fact.node == "a"]
    ways: tuple[tuple[facts.AnyFact, dict[str, int]], ...] = (
        (facts.ActivityCompleted(node="a", token=began.token), {"a": 1}),
        (began, {}),
        (facts.ActivityCancelled(node="a", token=began.token), {"a": 1}),
        (facts.ActivityCompleted(node="b", token=began.token), {"a": 1}),
    )
    for fact, ended in ways:
        with home.engine.store.transaction() as tx:
            tx.facts.append(case, [fact], agent="boss", now=home.now)
        assert _counted(home, Where("id", "=", case), ended=True) == ended
        assert _counted(home, Where("id", "=", case)) == {"a": 1}


def test_variables_are_counted_by_name_once_a_case(home: House) -> None:
    with home.engine.store.reading() as tx:
        assert tx.facts.variables(where=()) == {"colour": 4, "customer": 4, "again": 3, "size": 1}
        assert tx.facts.variables(where=[Where("status", "=", "active")]) == {"colour": 2, "customer": 2, "again": 1}
        assert tx.facts.variables(where=[Where("process", "=", "other")]) == {}


@pytest.mark.parametrize("name", ["\0", "a\0b", "\\u0000", '"', "组", "a.b", "$", ""])
def test_no_name_and_no_value_is_too_strange_to_be_counted(name: str, home: House) -> None:
    case = home.start(**{name: "\0\\u0000\n"})
    with home.engine.store.transaction() as tx:
        inner = facts.VariablesSet(scope=3, values={"inner": "\0"})  # of a scope inside: no variable of the process
        tx.facts.append(case, [inner, facts.VariablesSet(values={})], agent="boss", now=home.now)
    with home.engine.store.reading() as tx:
        told = tx.facts.variables(where=[Where("id", "=", case)])
    assert told.pop("customer") == 1
    assert list(told.values()) == [1]
    assert "\0" in name or list(told) == [name]


def test_states_come_with_their_cases_in_any_order(home: House) -> None:
    active = Where("status", "=", "active")
    with home.engine.store.reading() as tx:
        told = [(one.id, set(view.variables(codec.decode(state)))) for one, state in tx.lists.states(where=[active])]
        listed = [one.id for one in tx.lists.find(records.Instance, where=[active])]
        back = [one.id for one, _ in tx.lists.states(where=[active], order=["-id"])]
    assert [known for _, known in told] == [{"colour", "customer", "again"}, {"colour", "customer"}]
    assert [case for case, _ in told] == listed == back[::-1]


def test_more_states_than_are_read_at_once_all_come(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.store.lists.AT_ONCE", 2)
    with home.engine.store.reading() as tx:
        assert [one.status for one, _ in tx.lists.states()].count("active") == 2
        assert len(list(tx.lists.states())) == 4
