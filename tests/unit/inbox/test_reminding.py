"""Urging, copying, commenting: nothing moves, somebody knows."""

import pytest

from engine import errors
from engine.inbox import reminding
from engine.people import scope
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.unit.inbox.desk import Desk


def notices(home: House, key: str) -> list[tuple[str, str]]:
    with home.engine.store.reading() as tx:
        found = tx.notices.of_people([key], before=None, limit=50)
        return [(notice.subject["en"], notice.text["en"]) for notice in found]


def copy(desk: Desk, agent: Agent, people: list[str], text: str = "") -> None:
    item = desk.item("draft")
    reminding.copy(desk.home.engine, work_item_id=item.id, people=people, text=text, agent=agent, now=desk.home.now)


def comment(desk: Desk, agent: Agent, text: str) -> tuple[str, ...]:
    item = desk.item("draft")
    return reminding.comment(desk.home.engine, work_item_id=item.id, text=text, agent=agent, now=desk.home.now)


def test_who_has_the_step_is_told_that_it_is_urged(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.urge(BO, "draft", "customer is waiting")
    assert notices(home, "anna") == [("Bo urges 'draft'", "customer is waiting")]
    assert len(desk.item("draft").shared.urges) == 1
    assert desk.told()[-1] == ("urge", "", "customer is waiting")


def test_unclaimed_work_is_urged_of_its_group_and_signed_work_of_whose_turn_it_is(home: House) -> None:
    desk = Desk(home)
    desk.urge(BOSS, "draft")
    assert len(notices(home, "sales")) == 1
    desk.claim(ANNA, "draft")
    desk.add(ANNA, "draft", ["chen"])
    home.clock.advance(reminding.URGE_AGAIN_AFTER)
    desk.urge(BOSS, "draft")
    assert (len(notices(home, "chen")), len(notices(home, "anna"))) == (1, 0)


def test_the_same_person_urges_again_after_two_hours_and_others_at_once(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.urge(BO, "draft")
    home.clock.advance(reminding.URGE_AGAIN_AFTER / 2)
    with pytest.raises(errors.Conflict) as caught:
        desk.urge(BO, "draft")
    assert caught.value.code == "urged_lately" and "2026-03-02T11:00" in caught.value.text["zh-CN"]
    desk.urge(BOSS, "draft")
    home.clock.advance(reminding.URGE_AGAIN_AFTER / 2)
    desk.urge(BO, "draft")
    assert len(desk.item("draft").shared.urges) == 3


def test_who_has_it_does_not_urge_themselves(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    with pytest.raises(errors.Conflict) as caught:
        desk.urge(ANNA, "draft")
    assert caught.value.code == "with_you"


def test_a_copy_lets_somebody_see_the_case_and_nothing_else(home: House) -> None:
    desk = Desk(home)
    stranger = Agent(key="dora", roles=frozenset({"staff"}))
    home.person(stranger)
    with pytest.raises(errors.NotFound):
        scope.need(home.engine, instance_id=desk.case, agent=stranger)
    copy(desk, ANNA, ["dora"], "for your information")
    scope.need(home.engine, instance_id=desk.case, agent=stranger)
    assert home.mine(stranger) == [] and home.claimable(stranger) == []
    told = desk.shown(stranger, "draft").actions
    assert {verb for verb, why in told.items() if why is None} == {"urge", "copy", "comment"}


def test_a_copy_has_a_receipt_when_it_was_read(home: House) -> None:
    desk = Desk(home)
    copy(desk, ANNA, ["chen", "boss", "chen"])
    with home.engine.store.transaction() as tx:
        assert [one.person for one in tx.notices.copied(desk.case)] == ["chen", "boss"]
        tx.notices.receipt(desk.case, "chen", home.now)
    with home.engine.store.reading() as tx:
        read = {one.person: one.read_at for one in tx.notices.copied(desk.case)}
        assert read == {"chen": home.now, "boss": None}
        assert [one.instance_id for one in tx.notices.copies("chen", before=None, limit=10)] == [desk.case]


@pytest.mark.parametrize(("people", "code"), [([], "nobody_named"), (["ghost"], "person_unknown")])
def test_a_copy_to_nobody_or_to_strangers_is_refused_whole(home: House, people: list[str], code: str) -> None:
    desk = Desk(home)
    with pytest.raises(errors.Invalid) as caught:
        copy(desk, ANNA, ["chen", *people] if people else [])
    assert caught.value.code == code
    with home.engine.store.reading() as tx:
        assert tx.notices.copied(desk.case) == []


def test_who_is_mentioned_is_told_and_may_see_the_case(home: House) -> None:
    desk = Desk(home)
    assert comment(desk, ANNA, "@chen 请看一下，还有 @ghost 和 @anna") == ("chen",)
    assert notices(home, "chen") == [("Anna mentioned you at 'draft'", "@chen 请看一下，还有 @ghost 和 @anna")]
    scope.need(home.engine, instance_id=desk.case, agent=CHEN)
    assert home.told(desk.case)[-1] == "Commented draft"


def test_each_comment_that_mentions_somebody_tells_them(home: House) -> None:
    desk = Desk(home)
    comment(desk, ANNA, "@chen one")
    comment(desk, ANNA, "@chen two")
    assert [text for _, text in notices(home, "chen")].count("@chen one") == 1
    assert len(notices(home, "chen")) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@anna and @bo, @anna again", ("anna", "bo")),
        ("mail anna@example.com", ()),
        ("@li.wei.", ("li.wei",)),
        ("(@zhang-san)", ("zhang-san",)),
        ("@@x", ()),
        ("@ nobody", ()),
        ("请@anna看", ()),
        ("请 @anna 看", ("anna",)),
        ("", ()),
    ],
)
def test_what_is_a_mention(text: str, found: tuple[str, ...]) -> None:
    assert reminding.mentioned(text) == found


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_comment_is_none(home: House, text: str) -> None:
    desk = Desk(home)
    with pytest.raises(errors.Invalid) as caught:
        comment(desk, ANNA, text)
    assert caught.value.code == "comment_empty"


def test_a_comment_as_long_as_a_novel_is_refused(home: House) -> None:
    desk = Desk(home)
    with pytest.raises(errors.TooLarge):
        comment(desk, ANNA, "长" * 2001)


def test_notices_are_unread_until_read(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.urge(BO, "draft")
    with home.engine.store.transaction() as tx:
        assert tx.notices.unread(["anna", "sales"]) == 1
        tx.notices.read(["anna"], home.now)
        assert tx.notices.unread(["anna", "sales"]) == 0
