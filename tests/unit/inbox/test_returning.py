"""Backwards: sent back, taken back, withdrawn."""

import pytest

from engine import errors, records
from engine.inbox import returning
from engine.model.performer import Performer
from engine.people.agent import Agent
from engine.runtime import start
from tests.house import ANNA, BO, House
from tests.kernel.models import literal, node, program, timer
from tests.unit.inbox.desk import SALES, Desk


def targets(desk: Desk, name: str) -> list[tuple[str, str, bool, bool]]:
    with desk.home.engine.store.reading() as tx:
        found = returning.targets(desk.home.engine, tx, desk.item(name))
        return [(one.node, one.person, one.straight, one.again) for one in found]


def at_sign(home: House) -> Desk:
    desk = Desk(home)
    desk.complete(ANNA, "draft", note="first")
    desk.complete(BO, "check")
    desk.claim(CHEN_SALES, "sign")
    return desk


CHEN_SALES = Agent(key="chen", name="Chen", roles=frozenset({"staff"}), groups=frozenset({"sales", "legal"}))


def test_a_step_is_sent_back_to_what_was_done_and_by_whom(home: House) -> None:
    assert targets(at_sign(home), "sign") == [("draft", "anna", True, True), ("check", "bo", True, True)]


def test_sent_back_everything_between_is_done_once_more(home: House) -> None:
    desk = at_sign(home)
    fresh = desk.back(CHEN_SALES, "sign", "draft", "the price is missing")
    assert fresh.node == "draft" and fresh.assignee == "anna"
    assert (desk.open(), home.mine(ANNA)) == (["draft"], ["draft"])
    assert desk.told()[-1] == ("send_back", "anna", "the price is missing")
    desk.complete(ANNA, "draft")
    assert desk.open() == ["check"]


def test_sent_back_it_comes_straight_to_who_sent_it_with_their_draft(home: House) -> None:
    desk = at_sign(home)
    desk.save(CHEN_SALES, "sign", note="so far")
    desk.back(CHEN_SALES, "sign", "draft", straight=True)
    desk.complete(ANNA, "draft", note="now complete")
    assert (desk.open(), home.mine(CHEN_SALES)) == (["sign"], ["sign"])
    item = desk.item("sign")
    assert item.draft == {"note": "so far"} and item.shared.comeback is None
    desk.complete(CHEN_SALES, "sign")
    assert home.instance(desk.case).status == "completed"


def test_what_was_sent_back_straight_is_sent_on_straight_only_and_finds_its_whole_way_back(home: House) -> None:
    desk = at_sign(home)
    desk.back(CHEN_SALES, "sign", "check", straight=True)
    assert targets(desk, "check") == [("draft", "anna", True, False)]
    with pytest.raises(errors.Conflict) as caught:
        desk.back(BO, "check", "draft")
    assert caught.value.code == "only_straight"
    desk.back(BO, "check", "draft", straight=True)
    desk.complete(ANNA, "draft")
    assert (desk.open(), home.mine(BO)) == (["check"], ["check"])
    desk.complete(BO, "check")
    assert (desk.open(), home.mine(CHEN_SALES)) == (["sign"], ["sign"])


def test_work_sent_back_to_somebody_who_left_is_there_for_their_group(home: House) -> None:
    desk = at_sign(home)
    home.person(ANNA, active=False)
    desk.back(CHEN_SALES, "sign", "draft")
    assert home.claimable(BO) == ["draft"]


@pytest.mark.parametrize(
    ("to", "reason", "code", "field"),
    [
        ("draft", "", "reason_missing", "reason"),
        ("draft", "  ", "reason_missing", "reason"),
        ("sign", "x", "step_not_done", "to"),
        ("nowhere", "x", "step_not_done", "to"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    home: House, to: str, reason: str, code: str, field: str
) -> None:
    desk = at_sign(home)
    with pytest.raises(errors.Invalid) as caught:
        desk.back(CHEN_SALES, "sign", to, reason)
    assert (caught.value.code, caught.value.ids["field"]) == (code, field)
    assert desk.open() == ["sign"]


def test_only_who_has_it_sends_it_back(home: House) -> None:
    desk = at_sign(home)
    with pytest.raises(errors.Conflict) as caught:
        desk.back(BO, "sign", "draft")
    assert caught.value.ids["by"] == "chen"


def test_what_parallel_work_forbids_is_told_and_changes_nothing(home: House) -> None:
    for agent in (ANNA, BO):
        home.person(agent)
    steps = [node(f"user {name}", performer=SALES) for name in ("l", "r", "last")]
    home.release(program("start s", "and f", *steps, "and j", "end e", flow=["s > f > l > j > last > e", "f > r > j"]))
    desk = Desk.__new__(Desk)
    desk.home, desk.case = home, home.start()
    for name in ("l", "r"):
        desk.complete(ANNA, name)
    desk.claim(ANNA, "last")
    with pytest.raises(errors.Conflict) as caught:
        desk.back(ANNA, "last", "l")
    assert caught.value.code == "cannot_run_again" and "并行" in caught.value.text["zh-CN"]
    assert desk.open() == ["last"]
    desk.back(ANNA, "last", "l", straight=True)
    desk.complete(ANNA, "l")
    assert desk.open() == ["last"]


def test_ones_own_completion_is_taken_back_with_what_was_entered(home: House) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft", note="oops")
    fresh = desk.take_back(ANNA, "draft")
    assert fresh.draft == {"outcome": "yes", "note": "oops"}
    assert (desk.open(), home.mine(ANNA)) == (["draft"], ["draft"])
    assert desk.told()[-1] == ("take_back", "", "")
    desk.complete(ANNA, "draft")
    assert desk.open() == ["check"]


def claimed(desk: Desk) -> None:
    desk.claim(BO, "check")


def done(desk: Desk) -> None:
    desk.complete(BO, "check")


def ended(desk: Desk) -> None:
    desk.complete(BO, "check")
    desk.complete(BO, "sign")


@pytest.mark.parametrize("meanwhile", [claimed, done, ended])
def test_what_somebody_has_begun_is_not_taken_back(home: House, meanwhile: object) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft")
    meanwhile(desk)  # type: ignore[operator]
    before = desk.open()
    with pytest.raises(errors.Conflict) as caught:
        desk.take_back(ANNA, "draft")
    assert caught.value.code == "gone_on"
    assert desk.open() == before


def test_only_ones_own_completion_is_taken_back(home: House) -> None:
    desk = Desk(home)
    desk.complete(ANNA, "draft")
    with pytest.raises(errors.Conflict) as caught:
        desk.take_back(BO, "draft")
    assert caught.value.ids["by"] == "anna"


def test_a_timer_at_what_follows_goes_with_it(home: House) -> None:
    home.person(ANNA)
    home.release(
        program(
            "start s", node("user a", performer=SALES), node("user b", performer=SALES), "end e",
            node("boundary late", attached_to="b", triggers=(timer("PT1H"),)), "user chase",
            flow=["s > a > b > e", "late > chase"],
        )
    )  # fmt: skip
    desk = Desk.__new__(Desk)
    desk.home, desk.case = home, home.start()
    desk.complete(ANNA, "a")
    desk.take_back(ANNA, "a")
    home.pass_time(hours=2)
    assert desk.open() == ["a"]


def test_what_has_come_together_is_not_parted_again(home: House) -> None:
    home.person(ANNA)
    steps = [node(f"user {name}", performer=SALES) for name in ("l", "r", "last")]
    home.release(program("start s", "and f", *steps, "and j", "end e", flow=["s > f > l > j > last > e", "f > r > j"]))
    desk = Desk.__new__(Desk)
    desk.home, desk.case = home, home.start()
    desk.complete(ANNA, "l")
    with pytest.raises(errors.Conflict):
        desk.take_back(ANNA, "l")
    desk.complete(ANNA, "r")
    with pytest.raises(errors.Conflict):
        desk.take_back(ANNA, "r")
    assert desk.open() == ["last"]


def begun_by(home: House, agent: Agent) -> str:
    desk = Desk(home)
    begun = start.start(home.engine, process="p", customer_id="c-1", data={}, agent=agent, now=home.now)
    desk.case = begun.instance.id
    return desk.case


def withdraw(home: House, case: str, agent: Agent, reason: str = "a mistake") -> records.InstanceStatus:
    return returning.withdraw(home.engine, instance_id=case, reason=reason, agent=agent, now=home.now).status


def test_who_started_a_case_withdraws_it_as_long_as_nobody_else_has_worked_on_it(home: House) -> None:
    case = begun_by(home, ANNA)
    assert withdraw(home, case, ANNA) == "cancelled"
    assert home.items(case) == []
    with pytest.raises(errors.Conflict) as caught:
        withdraw(home, case, ANNA)
    assert caught.value.code == "instance_over"


def test_ones_own_steps_do_not_stand_in_the_way_of_withdrawing_others_do(home: House) -> None:
    case = begun_by(home, ANNA)
    desk = Desk.__new__(Desk)
    desk.home, desk.case = home, case
    desk.complete(ANNA, "draft")
    desk.complete(BO, "check")
    with pytest.raises(errors.Conflict) as caught:
        withdraw(home, case, ANNA)
    assert (caught.value.code, caught.value.ids["by"]) == ("worked_on", "bo")
    assert desk.open() == ["sign"]


@pytest.mark.parametrize(("agent", "reason", "code"), [(BO, "x", "not_the_starter"), (ANNA, " ", "reason_missing")])
def test_who_may_not_withdraw_reads_why(home: House, agent: Agent, reason: str, code: str) -> None:
    case = begun_by(home, ANNA)
    with pytest.raises(errors.CrmflowError) as caught:
        withdraw(home, case, agent, reason)
    assert caught.value.code == code


def test_a_step_done_by_a_named_person_goes_back_to_that_person_though_nobody_else_could(home: House) -> None:
    desk = Desk(home, Performer(assignee=literal("anna")))
    desk.complete(ANNA, "draft")
    desk.back(ANNA, "check", "draft")
    assert home.mine(ANNA) == ["draft"]
