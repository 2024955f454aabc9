"""Many tasks at once: each with its own result, told by itself; what fails undoes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.inbox import bulk, filled
from engine.model.performer import Performer
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program
from tests.unit.inbox.desk import OUTCOME, PEOPLE

MORE = {**OUTCOME, "required": ["outcome", "amount"]}


def office(home: House, count: int = 3, form: str = "f") -> list[str]:
    """As many cases with one step for sales; the ids of the work items."""
    for agent in PEOPLE:
        home.person(agent)
    step = node("user one", performer=Performer(groups=(literal("sales"),)), form=form)
    home.release(program("start s", step, "end e", flow=["s > one > e"], forms={"f": OUTCOME, "more": MORE}))
    return [home.item(home.start(), "one").id for _ in range(count)]


def do(home: House, ids: list[str], verb: bulk.Verb = "claim", agent: Agent = ANNA, **more: Any) -> list[str]:
    """``done`` or the code of the refusal, for each."""
    order = bulk.Order(verb=verb, **more)
    found = bulk.do(home.engine, order=order, work_item_ids=ids, agent=agent, now=home.now)
    return [one.code or "done" for one in found]


def test_each_has_its_own_result_and_a_failure_undoes_nothing(home: House) -> None:
    first, second, third = office(home)
    assert do(home, [second], agent=BO) == ["done"]
    assert do(home, [first, second, "nothing.1", third]) == ["done", "claimed_by_another", "work_item_unknown", "done"]
    assert (len(home.mine(ANNA)), len(home.mine(BO))) == (2, 1)


def test_a_refusal_says_why_in_both_languages(home: House) -> None:
    (item,) = office(home, 1)
    do(home, [item], agent=BO)
    (one,) = bulk.do(home.engine, order=bulk.Order(verb="claim"), work_item_ids=[item], agent=ANNA, now=home.now)
    assert not one.done and set(one.text) == {"zh-CN", "en"} and "bo" in one.text["en"]


def test_one_named_twice_is_done_once(home: House) -> None:
    (item,) = office(home, 1)
    assert do(home, [item, item]) == ["done"]


def test_each_is_told_in_the_history_of_its_case(home: House) -> None:
    ids = office(home)
    do(home, ids)
    for item in ids:
        assert home.told(item.rpartition(".")[0])[-1] == "WorkItemActed one"


def test_claim_transfer_release_and_urge(home: House) -> None:
    ids = office(home)
    assert do(home, ids) == ["done"] * 3
    assert do(home, ids, "urge", CHEN_BOSS) == ["done"] * 3
    assert do(home, ids, "urge", CHEN_BOSS) == ["urged_lately"] * 3
    assert do(home, ids[:2], "transfer", to="bo", text="holiday") == ["done"] * 2
    assert do(home, ids, "release") == ["claimed_by_another"] * 2 + ["done"]
    assert (len(home.mine(BO)), len(home.claimable(ANNA))) == (2, 1)


CHEN_BOSS = BOSS


def test_approve_says_the_form_s_yes(home: House) -> None:
    ids = office(home)
    do(home, ids[:1])
    assert do(home, ids, "approve") == ["done"] * 3, "also what nobody had claimed yet"
    for item in ids:
        case = item.rpartition(".")[0]
        assert home.instance(case).status == "completed"
        (said,) = [fact.data for fact in home.facts(case) if type(fact).__name__ == "WorkItemCompleted"]
        assert said == {"outcome": "yes"}


def test_what_asks_for_more_is_to_be_opened_by_itself(home: House) -> None:
    ids = office(home, form="more")
    assert do(home, ids, "approve") == ["asks_for_more"] * 3
    assert len(home.claimable(ANNA)) == 3


def test_due_is_changed_by_those_who_may_change_cases(home: House) -> None:
    ids = office(home)
    soon = home.now + timedelta(hours=1)
    with_right = do(home, ids, "due", BOSS, due_at=soon)
    assert with_right == ["done"] * 3
    assert {home.item(item.rpartition(".")[0], "one").due_at for item in ids} == {soon}
    assert do(home, ids, "due", ANNA, due_at=soon) == ["right_missing"] * 3


def test_a_stranger_to_the_work_learns_nothing_of_it(home: House) -> None:
    ids = office(home)
    verbs: list[bulk.Verb] = ["claim", "release", "approve", "urge"]
    for verb in verbs:
        assert do(home, ids, verb, CHEN) == ["work_item_unknown"] * 3


WRONG: list[tuple[list[str], dict[str, Any], str]] = [
    ([], {"verb": "claim"}, "bulk_size"),
    ([f"x.{n}" for n in range(201)], {"verb": "claim"}, "bulk_size"),
    (["x.1"], {"verb": "transfer"}, "one_person"),
    (["x.1"], {"verb": "due"}, "due_missing"),
]


@pytest.mark.parametrize(("ids", "order", "code"), WRONG)
def test_what_is_wrong_with_all_of_them_is_told_at_once(
    home: House, ids: list[str], order: dict[str, Any], code: str
) -> None:
    with pytest.raises(errors.Invalid) as raised:
        bulk.do(home.engine, order=bulk.Order(**order), work_item_ids=ids, agent=ANNA, now=home.now)
    assert raised.value.code == code and set(raised.value.text) == {"zh-CN", "en"}


YES = [
    (None, {}),
    ({"type": "object", "properties": {}}, {}),
    (OUTCOME, {"outcome": "yes"}),
    (MORE, None),
    ({"type": "object", "properties": {"note": {"type": "string"}}}, {}),
    ({"type": "object", "properties": {"note": {"type": "string"}}, "required": ["note"]}, None),
    ({"type": "object", "properties": {"any": True}}, {}),
]


@pytest.mark.parametrize(("form", "yes"), YES)
def test_the_yes_of_a_form_is_its_first_button_where_nothing_else_is_asked(
    form: dict[str, Any] | None, yes: dict[str, Any] | None
) -> None:
    assert filled.yes(form) == yes
