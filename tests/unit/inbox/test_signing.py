"""Several people sign one step: by the model (countersign, vote, in turn), or added before, after, beside."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.inbox import listing
from engine.model.performer import Performer
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal
from tests.unit.inbox.desk import Desk

PEOPLE = tuple(literal(key) for key in ("anna", "bo", "chen"))


def mode(how: Any) -> Performer:
    return Performer(users=PEOPLE, sign_mode=how)


def test_a_countersigned_step_goes_on_when_everybody_has_signed(home: House) -> None:
    desk = Desk(home, mode("all"))
    assert [home.mine(agent) for agent in (ANNA, BO, CHEN)] == [["draft"]] * 3
    assert home.claimable(ANNA) == []
    desk.complete(ANNA, "draft", note="a")
    assert (home.mine(ANNA), home.mine(BO)) == ([], ["draft"])
    desk.complete(CHEN, "draft", amount=7)
    assert desk.open() == ["draft"]
    desk.complete(BO, "draft", note="b")
    assert desk.open() == ["check"]
    assert desk.home.facts(desk.case)[-1] is not None
    assert desk.told()[:2] == [("sign", "", ""), ("sign", "", "")]


def test_what_the_signers_entered_is_put_together_later_ones_over_earlier(home: House) -> None:
    desk = Desk(home, mode("all"))
    for minute, (agent, data) in enumerate([(CHEN, {"note": "c", "amount": 1}), (ANNA, {"note": "a"}), (BO, {})]):
        home.clock.advance(timedelta(minutes=minute))
        desk.complete(agent, "draft", **data)
    completed = [fact for fact in home.facts(desk.case) if type(fact).__name__ == "WorkItemCompleted"]
    assert completed[0].data == {"outcome": "yes", "note": "a", "amount": 1}


def test_one_no_ends_a_countersigned_step_and_is_its_answer(home: House) -> None:
    desk = Desk(home, mode("all"))
    desk.complete(ANNA, "draft", "yes", note="fine")
    desk.complete(BO, "draft", "no", note="never")
    completed = [fact for fact in home.facts(desk.case) if type(fact).__name__ == "WorkItemCompleted"]
    assert completed[0].data == {"outcome": "no", "note": "never"}
    assert home.mine(CHEN) == ["check"], "the third is asked for the next step, no more for this one"


def test_by_vote_the_majority_decides_and_the_rest_is_not_asked(home: House) -> None:
    desk = Desk(home, mode("ratio"))
    desk.complete(ANNA, "draft", "no")
    assert desk.open() == ["draft"]
    desk.complete(BO, "draft", "yes")
    desk.complete(CHEN, "draft", "yes")
    completed = [fact for fact in home.facts(desk.case) if type(fact).__name__ == "WorkItemCompleted"]
    assert completed[0].data["outcome"] == "yes"


def test_by_vote_two_noes_of_three_decide(home: House) -> None:
    desk = Desk(home, mode("ratio"))
    desk.complete(ANNA, "draft", "no")
    desk.complete(BO, "draft", "no")
    assert desk.open() == ["check"]


def test_in_turn_only_the_next_one_is_asked(home: House) -> None:
    desk = Desk(home, mode("sequence"))
    assert [home.mine(agent) for agent in (ANNA, BO, CHEN)] == [["draft"], [], []]
    with pytest.raises(errors.Conflict) as caught:
        desk.complete(BO, "draft")
    assert caught.value.code == "not_your_turn" and "anna" in caught.value.text["zh-CN"]
    desk.complete(ANNA, "draft")
    assert home.mine(BO) == ["draft"]
    desk.complete(BO, "draft")
    desk.complete(CHEN, "draft")
    assert desk.open() == ["check"]


def test_in_turn_goes_by_the_order_in_which_people_are_named_and_groups_come_last(home: House) -> None:
    named = (literal("chen"), literal("anna"))
    desk = Desk(home, Performer(users=named, groups=(literal("sales"),), sign_mode="sequence"))
    turns = (CHEN, ANNA, BO)
    for agent in turns:
        assert [one.key for one in turns if home.mine(one) == ["draft"]] == [agent.key]
        desk.complete(agent, "draft")
    assert desk.open() == ["check"]


def test_who_is_not_asked_is_told_all_whose_turn_it_is_in_both_languages(home: House) -> None:
    desk = Desk(home, Performer(users=(literal("bo"), literal("chen")), groups=(literal("sales"),), sign_mode="all"))
    desk.complete(ANNA, "draft")
    with pytest.raises(errors.Conflict) as caught:
        desk.complete(ANNA, "draft")
    assert caught.value.text["zh-CN"] == "您已签署，现在等待：bo、chen。"
    assert caught.value.text["en"] == "You have signed; it waits for bo, chen."


def test_without_a_mode_one_of_the_candidates_does_it(home: House) -> None:
    desk = Desk(home, mode("any"))
    assert home.claimable(BO) == ["draft"]
    desk.complete(BO, "draft")
    assert desk.open() == ["check"]


def test_a_group_signs_by_its_active_members_of_that_moment(home: House) -> None:
    desk = Desk(home, Performer(groups=(literal("sales"),), sign_mode="all"))
    assert {one.person for one in desk.item("draft").shared.signatures} == {"anna", "bo"}


def test_who_has_signed_finds_it_among_what_is_done_though_others_still_sign(home: House) -> None:
    desk = Desk(home, mode("all"))
    desk.complete(ANNA, "draft")
    done = listing.done(home.engine, agent=ANNA, now=home.now)
    assert [row.item.node for row in done.rows] == ["draft"]
    assert listing.counts(home.engine, agent=BO, now=home.now).mine == 1


def test_a_signers_form_is_checked_like_any_other_and_drafts_are_each_ones_own(home: House) -> None:
    desk = Desk(home, mode("all"))
    desk.save(ANNA, "draft", note="mine")
    desk.save(BO, "draft", note="his")
    with pytest.raises(errors.Invalid) as caught:
        desk.complete(ANNA, "draft", "perhaps")
    assert caught.value.problems[0].pointer == "/outcome"
    notes = {one.person: one.data.get("note") for one in desk.item("draft").shared.signatures}
    assert notes == {"anna": "mine", "bo": "his", "chen": None}


def test_a_signer_added_before_signs_first_and_the_step_is_mine_again(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.save(ANNA, "draft", note="kept")
    desk.add(ANNA, "draft", ["chen"], where="before", reason="please look")
    assert (home.mine(ANNA), home.mine(CHEN)) == ([], ["draft"])
    assert desk.told()[-1] == ("add_sign_before", "chen", "please look")
    desk.complete(CHEN, "draft", note="looked")
    assert home.mine(ANNA) == ["draft"]
    own = next(one for one in desk.item("draft").shared.signatures if one.person == "anna")
    assert own.data == {"note": "kept"}
    desk.complete(ANNA, "draft")
    assert desk.open() == ["check"]


def test_a_no_from_a_signer_added_before_is_the_steps_answer(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen"], where="before")
    desk.complete(CHEN, "draft", "no")
    completed = [fact for fact in home.facts(desk.case) if type(fact).__name__ == "WorkItemCompleted"]
    assert completed[0].data["outcome"] == "no"


def test_a_signer_added_after_signs_when_i_have(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen", "bo"], where="after", rule="sequence")
    assert home.mine(CHEN) == []
    desk.complete(ANNA, "draft")
    assert (home.mine(CHEN), home.mine(BO)) == (["draft"], [])
    desk.complete(CHEN, "draft")
    desk.complete(BO, "draft")
    assert desk.open() == ["check"]


def test_signers_added_beside_join_my_rule(home: House) -> None:
    desk = Desk(home, mode("ratio"))
    desk.add(ANNA, "draft", ["boss"], where="parallel")
    assert home.mine(BOSS) == ["draft"]
    assert len({one.group for one in desk.item("draft").shared.signatures}) == 1


def test_of_several_asked_before_one_is_enough_by_or_sign(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen", "bo"], where="before", rule="any")
    desk.complete(BO, "draft")
    assert (home.mine(CHEN), home.mine(ANNA)) == ([], ["draft"])


@pytest.mark.parametrize(
    ("people", "kind", "code"),
    [
        ([], errors.Invalid, "nobody_named"),
        (["anna"], errors.Conflict, "signs_already"),
        (["chen", "chen"], errors.Conflict, "signs_already"),
        (["ghost"], errors.Invalid, "person_unknown"),
    ],
)
def test_who_cannot_be_asked_is_said_and_nothing_changes(home: House, people: list[str], kind: Any, code: str) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    with pytest.raises(kind) as caught:
        desk.add(ANNA, "draft", people)
    assert caught.value.code == code
    assert desk.item("draft").assignee == "anna"


def test_a_signer_who_is_taken_away_is_asked_no_more_and_the_step_is_mine_alone(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.save(ANNA, "draft", note="kept")
    desk.add(ANNA, "draft", ["chen"])
    desk.remove(ANNA, "draft", "chen")
    item = desk.item("draft")
    assert (item.assignee, item.shared.signatures, item.draft) == ("anna", (), {"note": "kept"})
    assert (home.mine(CHEN), home.mine(ANNA)) == ([], ["draft"])


def test_only_who_asked_takes_a_signer_away_or_an_administrator(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen", "bo"])
    with pytest.raises(errors.Forbidden):
        desk.remove(BO, "draft", "chen")
    desk.remove(BOSS, "draft", "chen")
    assert home.mine(BO) == ["draft"] and home.mine(CHEN) == []


def test_who_has_signed_is_not_taken_away(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen", "bo"])
    desk.complete(CHEN, "draft")
    with pytest.raises(errors.NotFound) as caught:
        desk.remove(ANNA, "draft", "chen")
    assert caught.value.code == "signer_unknown"


def test_the_last_outstanding_signer_taken_away_decides_the_step(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen"], where="after")
    desk.complete(ANNA, "draft", note="done")
    desk.remove(ANNA, "draft", "chen")
    assert desk.open() == ["check"]


def test_ones_own_part_may_be_handed_on_but_not_to_who_signs_already(home: House) -> None:
    desk = Desk(home, mode("all"))
    with pytest.raises(errors.Conflict) as caught:
        desk.transfer(ANNA, "draft", "bo")
    assert caught.value.code == "signs_already"
    desk.transfer(ANNA, "draft", "boss")
    assert (home.mine(ANNA), home.mine(BOSS)) == ([], ["draft"])


def test_what_several_sign_is_neither_released_nor_delegated(home: House) -> None:
    desk = Desk(home, mode("all"))
    with pytest.raises(errors.Conflict) as caught:
        desk.delegate(ANNA, "draft", "boss")
    assert caught.value.code == "signed_by_several"


def test_who_signs_sees_the_step_though_no_candidate(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    with pytest.raises(errors.NotFound):
        desk.shown(CHEN, "draft")
    desk.add(ANNA, "draft", ["chen"])
    assert desk.shown(CHEN, "draft").actions["complete"] is None


def test_who_signs_twice_finds_the_step_once_among_what_is_done(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen"])
    desk.complete(CHEN, "draft")
    desk.add(ANNA, "draft", ["chen"], where="before")
    desk.complete(CHEN, "draft")
    done = listing.done(home.engine, agent=CHEN, now=home.now)
    assert [row.item.node for row in done.rows] == ["draft"]
