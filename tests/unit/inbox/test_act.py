"""What people may do with work, why not otherwise, and what happens when two want the same."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.inbox import act, listing
from engine.model.performer import Performer
from engine.runtime import instances
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))
FORM = {
    "type": "object",
    "properties": {
        "total": {"type": "number", "readOnly": True},
        "outcome": {"enum": ["yes", "no"]},
        "comment": {"type": "string", "maxLength": 5},
    },
    "required": ["outcome"],
}


def two(home: House, **more: Any) -> str:
    """Two tasks of the sales group, the first with a form; the instance."""
    first = node("user one", performer=SALES, form="f")
    second = node("user two", **{"performer": SALES, **more})
    home.release(program("start s", first, second, "end e", flow=["s > one > two > e"], forms={"f": FORM}))
    return home.start(total=9)


def test_claimed_work_leaves_the_others_lists(home: House) -> None:
    case = two(home)
    assert (home.claimable(ANNA), home.claimable(BO), home.mine(ANNA)) == (["one"], ["one"], [])
    item = act.claim(home.engine, work_item_id=home.item(case, "one").id, agent=ANNA, now=home.now)
    assert (item.assignee, item.claimed_at) == ("anna", home.now)
    assert (home.claimable(BO), home.mine(ANNA)) == ([], ["one"])
    assert home.told(case)[-1] == "WorkItemActed one"


def test_who_comes_second_reads_who_was_first_and_when(home: House) -> None:
    work_item_id = home.item(two(home), "one").id
    act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    for verb in (act.claim, act.release):
        with pytest.raises(errors.Conflict) as caught:
            verb(home.engine, work_item_id=work_item_id, agent=BO, now=home.now)
        assert caught.value.code == "claimed_by_another"
        assert caught.value.ids["by"] == "anna"
        assert "anna" in caught.value.text["zh-CN"]


def test_released_work_is_there_for_everybody_with_its_draft(home: House) -> None:
    work_item_id = home.item(two(home), "one").id
    act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    act.save_draft(home.engine, work_item_id=work_item_id, data={"comment": "hm"}, agent=ANNA, now=home.now)
    act.release(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    assert home.claimable(BO) == ["one"]
    act.claim(home.engine, work_item_id=work_item_id, agent=BO, now=home.now)
    detail = listing.get(home.engine, work_item_id=work_item_id, agent=BO, now=home.now)
    assert detail.row.item.draft == {"comment": "hm"}


def test_a_wrong_form_changes_nothing_and_names_every_field(home: House) -> None:
    case = two(home)
    work_item_id = home.item(case, "one").id
    act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    wrong = {"outcome": "perhaps", "comment": "too long", "size": 1}
    with pytest.raises(errors.Invalid) as caught:
        act.complete(home.engine, work_item_id=work_item_id, data=wrong, agent=ANNA, now=home.now)
    assert [problem.pointer for problem in caught.value.problems] == ["/comment", "/outcome", "/size"]
    assert all(set(problem.text) == {"zh-CN", "en"} for problem in caught.value.problems)
    assert home.mine(ANNA) == ["one"]


def test_read_only_fields_are_never_taken(home: House) -> None:
    case = two(home)
    work_item_id = home.item(case, "one").id
    act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    with pytest.raises(errors.Invalid) as caught:
        act.complete(
            home.engine, work_item_id=work_item_id, data={"outcome": "yes", "total": 1}, agent=ANNA, now=home.now
        )
    assert caught.value.problems[0].pointer == "/total"
    act.complete(home.engine, work_item_id=work_item_id, data={"outcome": "yes", "total": 9}, agent=ANNA, now=home.now)
    found = instances.get(home.engine, instance_id=case).variables
    assert (found["outcome"], found["total"]) == ("yes", 9)


def test_completed_work_is_on_the_done_list_and_the_next_is_claimable(home: House) -> None:
    case = two(home)
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={"outcome": "no"}, agent=ANNA, now=home.now)
    done = listing.done(home.engine, agent=ANNA, now=home.now).rows
    assert [(row.item.node, row.item.ended_by) for row in done] == [("one", "anna")]
    assert home.claimable(BO) == ["two"]


def test_of_two_who_complete_at_once_one_wins_and_the_other_reads_who(home: House) -> None:
    case = two(home)
    work_item_id = home.item(case, "one").id
    barrier = threading.Barrier(2)
    refused: list[errors.Conflict] = []

    def work(agent: Any) -> None:
        barrier.wait()
        try:
            act.complete(home.engine, work_item_id=work_item_id, data={"outcome": "yes"}, agent=agent, now=home.now)
        except errors.Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=work, args=(agent,)) for agent in (ANNA, BO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = home.items(case, "completed")
    assert [error.code for error in refused] == ["work_item_over"]
    assert refused[0].ids["by"] == winner.ended_by
    assert refused[0].ids["at"] == home.now.isoformat()
    assert len([line for line in home.told(case) if line == "WorkItemCompleted one"]) == 1


def test_who_saw_an_old_revision_is_told(home: House) -> None:
    work_item_id = home.item(two(home), "one").id
    act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    with pytest.raises(errors.Conflict) as caught:
        act.complete(
            home.engine, work_item_id=work_item_id, data={"outcome": "no"}, agent=ANNA, now=home.now, revision=1
        )
    assert caught.value.code == "revision_old"


def test_work_of_other_groups_does_not_exist_for_me(home: House) -> None:
    work_item_id = home.item(two(home), "one").id
    with pytest.raises(errors.NotFound):
        act.claim(home.engine, work_item_id=work_item_id, agent=CHEN, now=home.now)
    with pytest.raises(errors.NotFound):
        listing.get(home.engine, work_item_id=work_item_id, agent=CHEN, now=home.now)


def test_an_administrator_sees_all_but_is_no_candidate(home: House) -> None:
    work_item_id = home.item(two(home), "one").id
    detail = listing.get(home.engine, work_item_id=work_item_id, agent=BOSS, now=home.now)
    assert detail.actions["claim"] is not None
    with pytest.raises(errors.Forbidden) as caught:
        act.claim(home.engine, work_item_id=work_item_id, agent=BOSS, now=home.now)
    assert "sales" in caught.value.text["en"]


def test_four_eyes_holds_for_the_next_task_of_the_same_step(home: House) -> None:
    case = two(home, performer=Performer(groups=(literal("sales"),), exclude_performers_of=("one",)))
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={"outcome": "yes"}, agent=ANNA, now=home.now)
    assert home.item(case, "two").excluded == ("anna",)
    assert (home.claimable(ANNA), home.claimable(BO)) == ([], ["two"])
    assert listing.counts(home.engine, agent=ANNA, now=home.now).claimable == 0
    for verb in (act.claim, act.complete):
        with pytest.raises(errors.Forbidden) as caught:
            more: dict[str, Any] = {"data": {}} if verb is act.complete else {}
            verb(home.engine, work_item_id=home.item(case, "two").id, agent=ANNA, now=home.now, **more)
        assert caught.value.code == "four_eyes"


def test_buttons_say_why_not(home: House) -> None:
    item = home.item(two(home), "one")
    may = {verb for verb, why in act.actions(item, ANNA).items() if why is None}
    assert may == {"claim", "complete", "urge", "copy", "comment"}
    why = act.actions(item, ANNA)["save_draft"]
    assert why == {"zh-CN": "请先领取此待办。", "en": "Claim this task first."}


def test_work_for_one_person_cannot_be_released_into_nothing(home: House) -> None:
    home.release(
        program(
            "start s", node("user own", performer=Performer(assignee=literal("anna"))), "end e", flow=["s > own > e"]
        )
    )
    item = home.item(home.start(), "own")
    assert home.mine(ANNA) == ["own"]
    with pytest.raises(errors.Conflict) as caught:
        act.release(home.engine, work_item_id=item.id, agent=ANNA, now=home.now)
    assert caught.value.code == "nobody_else"


def test_a_draft_has_the_bounds_of_a_form(home: House) -> None:
    work_item_id = home.item(two(home), "one").id
    act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now)
    with pytest.raises(errors.TooLarge):
        act.save_draft(
            home.engine, work_item_id=work_item_id, data={"comment": "x" * 2_000_000}, agent=ANNA, now=home.now
        )


def test_an_over_item_says_when(home: House) -> None:
    case = two(home)
    work_item_id = home.item(case, "one").id
    act.complete(home.engine, work_item_id=work_item_id, data={"outcome": "no"}, agent=ANNA, now=home.now)
    home.clock.advance(timedelta(hours=1))
    with pytest.raises(errors.Conflict) as caught:
        act.claim(home.engine, work_item_id=work_item_id, agent=BO, now=home.now)
    assert caught.value.text["en"].startswith("The work item 'one' was completed by anna at 2026-03-02T09:00:00")
