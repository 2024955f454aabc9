"""Work handed over, changed, commented and ended by those who direct it rather than do it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import errors, records
from engine.facts import Commented, WorkItemActed
from engine.inbox import act, direct, listing
from engine.model.performer import Performer
from engine.people.agent import Agent
from engine.runtime import instances
from tests.house import ANNA, BO, BOSS, CHEN, MONDAY, House
from tests.kernel.models import literal, node, program

ROBOT = Agent(key="robot", roles=frozenset({"integrator"}), locale="en")
SALES = Performer(groups=(literal("sales"),))
FORM = {
    "type": "object",
    "properties": {"n": {"type": "integer", "maximum": 9}, "seen": {"type": "string", "readOnly": True}},
    "required": ["n"],
    "additionalProperties": False,
}


def case(home: House) -> str:
    """One task of the sales group with a form; then one that who did the first may not do."""
    second = Performer(groups=(literal("sales"),), exclude_performers_of=("one",))
    home.release(
        program(
            "start s",
            node("user one", performer=SALES, form="f"),
            node("user two", performer=second),
            "end e",
            flow=["s > one > two > e"],
            forms={"f": FORM},
        )
    )
    for agent in (ANNA, BO, CHEN):
        home.person(agent)
    return home.start(seen="x")


def task(home: House, made: str, name: str = "one") -> str:
    return home.item(made, name).id


def assign(home: House, item: str, to: str | None, agent: Agent = BOSS, **more: Any) -> Any:
    return direct.assign(home.engine, work_item_id=item, to=to, agent=agent, now=home.now, **more)


def acted(home: House, made: str) -> list[tuple[str, str, str]]:
    return [(fact.verb, fact.to, fact.reason) for fact in home.facts(made) if isinstance(fact, WorkItemActed)]


def test_work_is_given_to_somebody_who_is_no_candidate(home: House) -> None:
    made = case(home)
    given = assign(home, task(home, made), "chen")
    assert (given.assignee, given.claimed_at) == ("chen", MONDAY)
    assert home.mine(CHEN) == ["one"] and home.claimable(ANNA) == []
    assert acted(home, made) == [("assign", "chen", "")]


def test_work_is_taken_from_one_and_given_to_another(home: House) -> None:
    made = case(home)
    assign(home, task(home, made), "anna")
    assign(home, task(home, made), "bo")
    assert (home.mine(ANNA), home.mine(BO)) == ([], ["one"])
    assert acted(home, made) == [("assign", "anna", ""), ("assign", "bo", "")]


def test_work_is_given_to_nobody(home: House) -> None:
    made = case(home)
    assign(home, task(home, made), "anna")
    free = assign(home, task(home, made), None)
    assert (free.assignee, free.claimed_at) == (None, None)
    assert home.claimable(BO) == ["one"]
    assert acted(home, made)[-1] == ("release", "", "")


def test_what_is_given_back_has_the_revision_that_is_stored(home: House) -> None:
    made = case(home)
    given = assign(home, task(home, made), "anna")
    assert given == home.item(made, "one")
    changed = direct.change(home.engine, work_item_id=given.id, agent=BOSS, now=home.now, priority=90)
    assert changed == home.item(made, "one")


@pytest.mark.parametrize(
    ("holder", "wanted", "allowed"), [(None, "bo", True), ("bo", "bo", True), ("anna", "bo", False)]
)
def test_a_polite_assignment_takes_nothing_from_anybody(
    home: House, holder: str | None, wanted: str, allowed: bool
) -> None:
    made = case(home)
    if holder:
        assign(home, task(home, made), holder)
    if allowed:
        assert assign(home, task(home, made), wanted, free_only=True).assignee == wanted
        return
    with pytest.raises(errors.Conflict) as caught:
        assign(home, task(home, made), wanted, free_only=True)
    assert caught.value.code == "claimed_by_another" and caught.value.ids["by"] == "anna"
    assert home.mine(ANNA) == ["one"]


@pytest.mark.parametrize("to", ["nobody", "", "anna "])
def test_work_is_not_given_to_who_is_not_on_the_staff(home: House, to: str) -> None:
    made = case(home)
    with pytest.raises(errors.Invalid) as caught:
        assign(home, task(home, made), to)
    assert caught.value.code == "person_unknown"
    assert caught.value.text == {"zh-CN": f"没有用户“{to}”。", "en": f"There is no user {to!r}."}
    assert home.claimable(ANNA) == ["one"] and acted(home, made) == []


def test_work_is_not_given_to_who_left(home: House) -> None:
    made = case(home)
    with home.engine.store.transaction() as tx:
        tx.people.put(records.Person(key="zoe", name="Zoe", locale="en", active=False, created_at=MONDAY))
    with pytest.raises(errors.Invalid) as caught:
        assign(home, task(home, made), "zoe")
    assert caught.value.code == "person_unknown"


def test_four_eyes_hold_for_who_is_given_the_work_and_for_who_ends_it(home: House) -> None:
    made = case(home)
    act.complete(home.engine, work_item_id=task(home, made), data={"n": 1}, agent=ANNA, now=home.now)
    second = task(home, made, "two")
    with pytest.raises(errors.Forbidden) as caught:
        assign(home, second, "anna")
    assert caught.value.code == "four_eyes"
    assert "四眼原则" in caught.value.text["zh-CN"] and "Four eyes" in caught.value.text["en"]
    directing = Agent(key="anna", roles=frozenset({"admin"}))
    with pytest.raises(errors.Forbidden) as caught:
        direct.complete(home.engine, work_item_id=second, data={}, agent=directing, now=home.now)
    assert caught.value.code == "four_eyes"
    assert assign(home, second, "bo").assignee == "bo"


def verbs(home: House, item: str) -> dict[str, Callable[[Agent], Any]]:
    engine = home.engine
    return {
        "assign": lambda agent: direct.assign(engine, work_item_id=item, to="anna", agent=agent, now=home.now),
        "change": lambda agent: direct.change(engine, work_item_id=item, agent=agent, now=home.now, priority=1),
        "complete": lambda agent: direct.complete(engine, work_item_id=item, data={}, agent=agent, now=home.now),
        "comment": lambda agent: direct.comment(engine, work_item_id=item, text="x", agent=agent, now=home.now),
    }


@pytest.mark.parametrize("verb", ["assign", "change", "complete"])
def test_staff_direct_nobody(home: House, verb: str) -> None:
    made = case(home)
    before = home.item(made, "one")
    with pytest.raises(errors.Forbidden) as caught:
        verbs(home, before.id)[verb](ANNA)
    assert caught.value.code == "right_missing"
    assert home.item(made, "one") == before


@pytest.mark.parametrize("verb", ["assign", "change", "complete", "comment"])
@pytest.mark.parametrize("item", ["none.1", "x", "", "a.b", "i.-1", "i.99999999999999999999", "i.１"])
def test_an_id_that_is_none_is_unknown(home: House, verb: str, item: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        verbs(home, item)[verb](BOSS)
    assert caught.value.code == "work_item_unknown" and caught.value.ids == {"work_item": item}
    assert repr(item) in caught.value.text["en"] and item in caught.value.text["zh-CN"]


@pytest.mark.parametrize("verb", ["assign", "change", "complete", "comment"])
def test_nothing_is_done_with_what_is_over(home: House, verb: str) -> None:
    made = case(home)
    item = task(home, made)
    act.complete(home.engine, work_item_id=item, data={"n": 1}, agent=ANNA, now=home.now)
    before = home.told(made)
    with pytest.raises(errors.Conflict) as caught:
        verbs(home, item)[verb](BOSS)
    assert caught.value.code == "work_item_over" and caught.value.ids["by"] == "anna"
    assert home.told(made) == before


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"priority": 99}, "priority"),
        ({"due_at": MONDAY + timedelta(hours=1)}, "due_at"),
        ({"follow_up_at": MONDAY}, "follow_up_at"),
        ({"users": ("chen",), "groups": ()}, "groups, users"),
        ({"due_at": MONDAY, "priority": 1}, "due_at, priority"),
    ],
)
def test_a_change_is_kept_and_told_with_what_was_changed(home: House, fields: dict[str, Any], reason: str) -> None:
    made = case(home)
    direct.change(home.engine, work_item_id=task(home, made), agent=ROBOT, now=home.now, **fields)
    stored = home.item(made, "one")
    assert {name: getattr(stored, name) for name in fields} == fields
    assert acted(home, made) == [("change", "", reason)]


def test_a_change_of_who_may_claim_moves_it_between_lists(home: House) -> None:
    made = case(home)
    direct.change(home.engine, work_item_id=task(home, made), agent=BOSS, now=home.now, groups=("legal",))
    assert (home.claimable(ANNA), home.claimable(CHEN)) == ([], ["one"])


def test_a_change_of_priority_and_due_moves_it_in_the_list(home: House) -> None:
    first = case(home)
    second = home.start(seen="y")
    assert [home.item(made, "one").due_at for made in (first, second)] == [None, None]
    direct.change(home.engine, work_item_id=task(home, second), agent=BOSS, now=home.now, due_at=MONDAY)
    rows = listing.claimable(home.engine, agent=ANNA, now=home.now).rows
    assert [row.item.instance_id for row in rows] == [second, first]


def test_a_change_of_nothing_is_no_change(home: House) -> None:
    made = case(home)
    before = home.item(made, "one")
    direct.change(home.engine, work_item_id=before.id, agent=BOSS, now=home.now, priority=before.priority)
    assert home.item(made, "one") == before and acted(home, made) == []


@pytest.mark.parametrize(
    ("text", "kept"), [("please hurry", "please hurry"), ("急", "急"), ("x" * 5000, "x" * 4000), ("", "")]
)
def test_a_comment_stands_in_the_history_of_the_case(home: House, text: str, kept: str) -> None:
    made = case(home)
    direct.comment(home.engine, work_item_id=task(home, made), text=text, agent=ANNA, now=home.now)
    assert [(fact.node, fact.text) for fact in home.facts(made) if isinstance(fact, Commented)] == [("one", kept)]


def test_whom_it_does_not_concern_comments_nothing(home: House) -> None:
    made = case(home)
    with pytest.raises(errors.NotFound):
        direct.comment(home.engine, work_item_id=task(home, made), text="hi", agent=CHEN, now=home.now)
    assert not any(isinstance(fact, Commented) for fact in home.facts(made))


def test_who_directs_ends_work_that_another_has(home: House) -> None:
    made = case(home)
    assign(home, task(home, made), "anna")
    direct.complete(home.engine, work_item_id=task(home, made), data={"n": 3}, agent=ROBOT, now=home.now)
    assert [item.ended_by for item in home.items(made, "completed")] == ["robot"]
    assert instances.get(home.engine, instance_id=made).variables["n"] == 3


def test_unchecked_data_are_taken_as_they_are_and_checked_data_by_the_form(home: House) -> None:
    made = case(home)
    with pytest.raises(errors.Invalid) as caught:
        direct.complete(
            home.engine, work_item_id=task(home, made), data={"n": 10}, agent=ROBOT, now=home.now, checked=True
        )
    assert [problem.pointer for problem in caught.value.problems] == ["/n"]
    assert home.claimable(ANNA) == ["one"]
    direct.complete(home.engine, work_item_id=task(home, made), data={"n": 10}, agent=ROBOT, now=home.now)
    assert instances.get(home.engine, instance_id=made).variables["n"] == 10


@pytest.mark.parametrize("checked", [True, False])
def test_more_than_a_form_can_hold_is_refused(home: House, checked: bool) -> None:
    made = case(home)
    with pytest.raises(errors.TooLarge) as caught:
        direct.complete(
            home.engine,
            work_item_id=task(home, made),
            data={"n": "x" * 3_000_000},
            agent=ROBOT,
            now=home.now,
            checked=checked,
        )
    assert set(caught.value.text) == {"zh-CN", "en"}
    assert home.claimable(ANNA) == ["one"]
