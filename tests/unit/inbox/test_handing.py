"""Work handed on, for good or for an answer."""

import threading

import pytest

from engine import errors
from engine.inbox import handing
from engine.people import leaving
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.unit.inbox.desk import STAFF, Desk


def test_transferred_work_is_the_others_with_its_draft_and_the_chain_is_told(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.save(ANNA, "draft", note="half")
    desk.transfer(ANNA, "draft", "chen", "your customer")
    assert (home.mine(ANNA), home.mine(CHEN)) == ([], ["draft"])
    assert desk.item("draft").draft == {"note": "half"}
    desk.transfer(CHEN, "draft", "bo")
    assert desk.told()[-2:] == [("transfer", "chen", "your customer"), ("transfer", "bo", "")]
    assert desk.complete(BO, "draft").status == "active"


@pytest.mark.parametrize(
    ("who", "to", "code"),
    [
        (ANNA, "anna", "has_it_already"),
        (ANNA, "ghost", "person_unknown"),
        (ANNA, "", "person_unknown"),
        (BO, "chen", "claimed_by_another"),
    ],
)
def test_a_transfer_that_cannot_be_says_why_and_changes_nothing(home: House, who: object, to: str, code: str) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    with pytest.raises(errors.CrmflowError) as caught:
        desk.transfer(who, "draft", to)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert set(caught.value.text) == {"zh-CN", "en"}
    assert home.mine(ANNA) == ["draft"] and desk.told() == [("claim", "", "")]


def test_who_directs_work_transfers_what_nobody_has_or_somebody_else_has(home: House) -> None:
    desk = Desk(home)
    desk.transfer(BOSS, "draft", "bo")
    assert home.mine(BO) == ["draft"]
    desk.transfer(BOSS, "draft", "anna")
    assert (home.mine(BO), home.mine(ANNA)) == ([], ["draft"])


def test_integrations_and_the_inactive_get_no_work(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    home.person(CHEN, active=False)
    home.person(BO, roles=("integrator",))
    for to, code in (("chen", "person_unknown"), ("bo", "person_cannot_work")):
        with pytest.raises(errors.Invalid) as caught:
            desk.transfer(ANNA, "draft", to)
        assert caught.value.code == code and caught.value.ids["field"] == "to"


def test_delegated_work_comes_back_with_the_answer_and_the_owner_decides(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.delegate(ANNA, "draft", "chen")
    assert (home.mine(ANNA), home.mine(CHEN)) == ([], ["draft"])
    with pytest.raises(errors.Conflict) as caught:
        desk.complete(CHEN, "draft")
    assert caught.value.code == "delegated" and "anna" in caught.value.text["en"]
    desk.answer(CHEN, "draft", "fine by me", data={"note": "ok"})
    assert (home.mine(ANNA), home.mine(CHEN)) == (["draft"], [])
    item = desk.item("draft")
    assert item.draft == {"note": "ok"} and item.shared.owner == ""
    assert desk.told()[-1] == ("answer", "anna", "fine by me")
    desk.complete(ANNA, "draft")


def test_what_was_delegated_is_not_delegated_again_but_may_be_handed_on(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.delegate(ANNA, "draft", "chen")
    for verb in (desk.delegate, lambda *a: desk.back(*a)):
        with pytest.raises(errors.Conflict) as caught:
            verb(CHEN, "draft", "bo")
        assert caught.value.code == "delegated"
    desk.transfer(CHEN, "draft", "bo")
    desk.answer(BO, "draft")
    assert home.mine(ANNA) == ["draft"], "the answer goes to who delegated it"


def test_nobody_delegates_to_themselves(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    with pytest.raises(errors.Conflict) as caught:
        desk.delegate(ANNA, "draft", "anna")
    assert caught.value.code == "has_it_already"


def test_an_answer_to_somebody_who_has_left_leaves_the_decision_with_who_answers(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.delegate(ANNA, "draft", "chen")
    home.person(ANNA, active=False)
    desk.answer(CHEN, "draft")
    assert home.mine(CHEN) == ["draft"]
    desk.complete(CHEN, "draft")


def test_delegated_work_of_who_leaves_goes_back_to_the_owner(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.delegate(ANNA, "draft", "chen")
    with home.engine.store.transaction() as tx:
        person = tx.people.get("chen")
        assert person is not None
        leaving.hand_over(tx, person, agent=BOSS, now=home.now)
    assert (home.mine(CHEN), home.mine(ANNA)) == ([], ["draft"])
    desk.complete(ANNA, "draft")


@pytest.mark.parametrize("manager", ["boss", ""])
def test_a_signature_of_who_leaves_is_asked_of_their_manager_or_of_who_lets_them_go(home: House, manager: str) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen"])
    home.person(CHEN, manager=manager)
    with home.engine.store.transaction() as tx:
        person = tx.people.get("chen")
        assert person is not None
        leaving.hand_over(tx, person, agent=BOSS, now=home.now)
    assert (home.mine(CHEN), home.mine(BOSS)) == ([], ["draft"])
    desk.complete(BOSS, "draft")
    assert home.mine(ANNA) == ["draft"]


def test_of_two_who_hand_it_on_at_once_one_wins_and_the_other_reads_who_has_it(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    item, gate = desk.item("draft"), threading.Barrier(2)
    said: list[str] = []

    def hand_on(to: str) -> None:
        gate.wait()
        try:
            handing.transfer(home.engine, work_item_id=item.id, to=to, agent=ANNA, now=home.now)
            said.append(f"gave {to}")
        except errors.Conflict as error:
            said.append(f"{error.code} {error.ids['by']}")

    threads = [threading.Thread(target=hand_on, args=(to,)) for to in ("bo", "chen")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(word.split()[1] for word in said if word.startswith("gave"))
    assert sorted(said) == sorted([f"gave {winner}", f"claimed_by_another {winner}"])
    assert home.mine(STAFF[winner]) == ["draft"]


def test_a_reason_longer_than_two_thousand_characters_is_refused(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    with pytest.raises(errors.TooLarge):
        desk.transfer(ANNA, "draft", "bo", "长" * 2001)
    assert home.mine(ANNA) == ["draft"]
