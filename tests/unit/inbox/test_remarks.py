"""Comments on a case as a whole: by whoever sees it, at any time; who is mentioned is told and may see it."""

import pytest

from engine import errors
from engine.inbox import act, reminding
from engine.model.performer import Performer
from engine.people import scope
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program


@pytest.fixture
def case(home: House) -> str:
    for one in (ANNA, BO, CHEN, BOSS):
        home.person(one)
    sales = Performer(groups=(literal("sales"),))
    home.release(program("start s", node("user one", performer=sales), "end e", flow=["s > one > e"]))
    return home.start()


def remark(home: House, case: str, text: str, agent: Agent = ANNA) -> tuple[str, ...]:
    return reminding.remark(home.engine, instance_id=case, text=text, agent=agent, now=home.now)


def told(home: House, person: str) -> list[str]:
    with home.engine.store.reading() as tx:
        return [one.subject["en"] for one in tx.notices.of_people([person], before=None, limit=50)]


def test_it_stands_in_the_story_and_who_is_mentioned_is_told_and_may_see_the_case(home: House, case: str) -> None:
    with home.engine.store.reading() as tx:
        assert not scope.sees(tx, instance_id=case, agent=CHEN)
    assert remark(home, case, "@chen and @bo, please look; not @nobody, a@chen.example or @anna") == ("chen", "bo")
    assert home.told(case)[-1] == "Commented"
    number = home.instance(case).number
    assert told(home, "chen") == [f"Anna mentioned you at {number!r}"] and len(told(home, "bo")) == 1
    with home.engine.store.reading() as tx:
        assert scope.sees(tx, instance_id=case, agent=CHEN)
    assert remark(home, case, "Thank you @anna", CHEN) == ("anna",)


def test_many_are_told_of_one_comment_each_of_them(home: House, case: str) -> None:
    """Also at a step, where a notice was once lost when two ids were cut alike."""
    item = home.item(case, "one").id
    for _ in range(3):
        reminding.comment(home.engine, work_item_id=item, text="@bo @chen @boss", agent=ANNA, now=home.now)
    assert [len(told(home, key)) for key in ("bo", "chen", "boss")] == [3, 3, 3]


def test_a_case_that_has_ended_is_still_talked_about(home: House, case: str) -> None:
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    assert home.instance(case).status == "completed"
    assert remark(home, case, "Well done @bo") == ("bo",)


@pytest.mark.parametrize(
    ("text", "kind"), [("", errors.Invalid), (" \n", errors.Invalid), ("x" * 2001, errors.TooLarge)]
)
def test_nothing_and_novels_are_refused(home: House, case: str, text: str, kind: type[errors.CrmflowError]) -> None:
    with pytest.raises(kind):
        remark(home, case, text)
    assert "Commented" not in home.told(case)


def test_who_does_not_see_the_case_is_told_that_there_is_none(home: House, case: str) -> None:
    for place, agent in ((case, CHEN), ("gone", BOSS)):
        with pytest.raises(errors.NotFound):
            remark(home, place, "hello", agent)
