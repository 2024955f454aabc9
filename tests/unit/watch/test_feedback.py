"""What staff say: told to the owner of the process, answered once by who may, seen by who said it."""

from typing import Any

import msgspec
import pytest

from engine import errors, records
from engine.model.performer import Performer
from engine.people.agent import Agent
from engine.watch import feedback
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program

OWNER = Agent(key="olga", name="Olga", roles=frozenset({"staff"}), groups=frozenset({"owners"}))


@pytest.fixture
def case(home: House) -> str:
    for one in (ANNA, BO, CHEN, OWNER, BOSS):
        home.person(one)
    sales = Performer(groups=(literal("sales"),))
    home.release(program("start s", node("user one", performer=sales), "end e", flow=["s > one > e"]))
    with home.engine.store.transaction() as tx:
        process = tx.processes.get("p")
        assert process is not None
        tx.processes.put(msgspec.structs.replace(process, owner="owners"))
    return home.start()


def say(home: House, text: str = "Too many fields", agent: Agent = ANNA, **about: Any) -> records.Feedback:
    return feedback.say(home.engine, text=text, about=feedback.About(**about), agent=agent, now=home.now)


def answer(home: House, said: records.Feedback, agent: Agent, text: str = "We will drop two") -> records.Feedback:
    return feedback.answer(home.engine, feedback_id=said.id, text=text, agent=agent, now=home.now)


def told(home: House, *names: str) -> list[str]:
    with home.engine.store.reading() as tx:
        return [one.subject["en"] for one in tx.notices.of_people(names, before=None, limit=50)]


def test_the_owner_is_told_with_the_step_and_answers_and_its_author_sees_it(home: House, case: str) -> None:
    made = say(home, page=f"/tasks/{case}.1", instance_id=case, node="one")
    assert (made.process, made.node, made.by) == ("p", "one", "anna")
    assert told(home, "owners") == ["Feedback from Anna"]
    assert [one.id for one in feedback.listed(home.engine, agent=OWNER, unanswered=True)] == [made.id]
    answer(home, made, OWNER)
    assert told(home, "anna") == ["Olga answered your feedback"]
    assert feedback.listed(home.engine, agent=OWNER, unanswered=True) == []
    assert feedback.unseen(home.engine, agent=ANNA) == 1
    (mine,) = feedback.mine(home.engine, agent=ANNA)
    assert (mine.answer, mine.answered_by) == ("We will drop two", "olga")
    feedback.see(home.engine, agent=ANNA, now=home.now)
    assert feedback.unseen(home.engine, agent=ANNA) == 0


def test_without_a_case_it_stands_in_the_list_of_administrators(home: House, case: str) -> None:
    made = say(home, page="/inbox/mine")
    about_p = say(home, process="p", agent=CHEN)
    assert [one.id for one in feedback.listed(home.engine, agent=BOSS)] == [about_p.id, made.id]
    assert [one.id for one in feedback.listed(home.engine, agent=OWNER)] == [about_p.id]
    assert feedback.listed(home.engine, agent=BO) == [] and feedback.owned(home.engine, agent=BO) == ()
    assert [one.id for one in feedback.listed(home.engine, agent=BOSS, before=about_p.id)] == [made.id]
    assert answer(home, made, BOSS).answered_by == "boss" and told(home, "anna") == []


def test_once_and_by_who_may(home: House, case: str) -> None:
    made = say(home, instance_id=case)
    for other in (BO, ANNA):
        with pytest.raises(errors.NotFound):
            answer(home, made, other)
    answer(home, made, OWNER)
    with pytest.raises(errors.Conflict, match="olga has answered already"):
        answer(home, made, BOSS)
    with pytest.raises(errors.NotFound):
        feedback.answer(home.engine, feedback_id="gone", text="x", agent=BOSS, now=home.now)


WRONG: list[tuple[str, dict[str, str], type[errors.CrmflowError], str]] = [
    ("", {}, errors.Invalid, "feedback_empty"),
    ("  \n", {}, errors.Invalid, "feedback_empty"),
    ("x" * 2001, {}, errors.TooLarge, "text_too_long"),
    ("x", {"page": "https://elsewhere.example/"}, errors.Invalid, "feedback_page"),
    ("x", {"page": "//elsewhere.example/"}, errors.Invalid, "feedback_page"),
    ("x", {"page": "/" + "x" * 500}, errors.Invalid, "feedback_page"),
    ("x", {"process": "gone"}, errors.Invalid, "process_unknown"),
    ("x", {"instance_id": "gone"}, errors.NotFound, "instance_unknown"),
]


@pytest.mark.parametrize(("text", "about", "kind", "code"), WRONG)
def test_bad_words_and_places_are_refused(
    home: House, case: str, text: str, about: dict[str, str], kind: type[errors.CrmflowError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        say(home, text, **about)
    assert caught.value.code == code and set(caught.value.text) == {"zh-CN", "en"}
    assert feedback.mine(home.engine, agent=ANNA) == []


def test_a_case_that_is_not_theirs_to_see_is_not_named(home: House, case: str) -> None:
    with pytest.raises(errors.NotFound):
        say(home, agent=CHEN, instance_id=case)
