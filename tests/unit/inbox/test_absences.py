"""Out of office: who is away has somebody stand in, told and marked; what is open comes back at the end."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import errors, records, variation
from engine.inbox import absences, act, away, direct, handing, listing
from engine.model.performer import Performer
from engine.people import scope
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, MONDAY, House
from tests.kernel.models import literal, node, program
from tests.unit.inbox.desk import PEOPLE, STAFF, Desk

TO_ANNA = Performer(assignee=literal("anna"))
DAY = timedelta(days=1)


def away_from(
    home: House, person: str = "anna", substitute: str = "bo", *, by: Agent | None = None, **more: Any
) -> records.Absence:
    """From now on for five days, unless said otherwise."""
    plan = absences.Plan(**{"starts_at": home.now, "ends_at": home.now + 5 * DAY, "substitute": substitute, **more})
    return absences.declare(home.engine, person=person, plan=plan, agent=by or STAFF[person], now=home.now)


def back(home: House, absence: records.Absence, by: Agent = ANNA) -> records.Absence:
    return absences.end(home.engine, absence_id=absence.id, agent=by, now=home.now)


def acted(desk: Desk) -> list[tuple[str, str, str, str]]:
    """(verb, node, to, in whose stead)."""
    found = [fact for fact in desk.home.facts(desk.case) if type(fact).__name__ == "WorkItemActed"]
    return [(fact.verb, fact.node, fact.to, fact.behalf) for fact in found]


# --- new work --------------------------------------------------------------------------------------------------------


def test_new_work_goes_to_the_substitute_and_says_for_whom(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home)
    desk.complete(ANNA, "draft")
    item = desk.item("check")
    assert (item.assignee, item.shared.absent, home.mine(BO), home.mine(ANNA)) == ("bo", "anna", ["check"], [])
    assert acted(desk) == [("stand_in", "check", "bo", "anna")]


def test_what_was_open_before_stays_unless_that_was_asked_for(home: House) -> None:
    Desk(home, TO_ANNA)
    absence = away_from(home)
    assert home.mine(ANNA) == ["draft"]
    back(home, absence)
    away_from(home, open_too=True)
    assert (home.mine(ANNA), home.mine(BO)) == ([], ["draft"])


def test_the_deed_of_a_substitute_is_told_with_both_names(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, open_too=True)
    desk.complete(BO, "draft")
    assert acted(desk)[-1] != ("complete", "draft", "", "")
    assert ("complete", "draft", "", "anna") in acted(desk)
    done = desk.done("draft")
    assert (done.ended_by, done.shared.absent) == ("bo", "anna")


def test_at_the_end_new_work_and_what_is_still_open_are_the_person_s_again(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, open_too=True)
    act.save_draft(home.engine, work_item_id=desk.item("draft").id, data={"note": "half"}, agent=BO, now=home.now)
    home.pass_time(days=5)
    item = desk.item("draft")
    assert (item.assignee, item.shared.absent, item.draft) == ("anna", "", {"note": "half"})
    assert (home.mine(BO), home.mine(ANNA)) == ([], ["draft"])
    desk.complete(ANNA, "draft")
    assert home.mine(ANNA) == ["check"]
    assert [said for said in acted(desk) if said[0] == "regain"] == [("regain", "draft", "anna", "")]


def test_a_planned_absence_begins_by_itself_at_its_moment(home: House) -> None:
    Desk(home, TO_ANNA)
    absence = away_from(home, starts_at=home.now + DAY, open_too=True)
    assert (absence.status, home.mine(ANNA)) == ("planned", ["draft"])
    home.pass_time(hours=23)
    assert home.mine(ANNA) == ["draft"]
    home.pass_time(hours=1)
    assert (home.mine(ANNA), home.mine(BO)) == ([], ["draft"])
    home.pass_time(days=10)
    assert home.mine(ANNA) == ["draft"]


def test_one_that_was_slept_through_ends_without_having_begun(home: House) -> None:
    Desk(home, TO_ANNA)
    away_from(home, starts_at=home.now + DAY, ends_at=home.now + 2 * DAY, open_too=True)
    home.pass_time(days=30)
    assert home.mine(ANNA) == ["draft"]
    assert [one.status for one in absences.standing(home.engine, person="anna", agent=ANNA).own] == ["over"]


def test_ending_early_gives_back_at_once_and_only_once(home: House) -> None:
    Desk(home, TO_ANNA)
    absence = away_from(home, open_too=True)
    home.pass_time(hours=1)
    over = back(home, absence)
    assert (over.status, over.ends_at, home.mine(ANNA)) == ("over", home.now, ["draft"])
    with pytest.raises(errors.Conflict) as raised:
        back(home, absence)
    assert raised.value.code == "absence_over"
    assert home.settle() == 0


def test_one_that_has_not_begun_can_be_called_off(home: House) -> None:
    Desk(home, TO_ANNA)
    absence = away_from(home, starts_at=home.now + DAY, open_too=True)
    assert back(home, absence).status == "over"
    home.pass_time(days=2)
    assert home.mine(ANNA) == ["draft"]


# --- whom and what it covers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope_of", "customer_group", "who"),
    [
        ({}, "", "bo"),
        ({"processes": ("p",)}, "", "bo"),
        ({"processes": ("other",)}, "KA", "anna"),
        ({"groups": ("KA",)}, "", "anna"),
        ({"groups": ("KA",)}, "ST", "anna"),
        ({"groups": ("KA", "ST")}, "ST", "bo"),
        ({"groups": ("KA",), "processes": ("other",)}, "KA", "anna"),
        ({"groups": ("KA",), "processes": ("p",)}, "KA", "bo"),
    ],
)
def test_only_the_work_that_was_named_goes_out(
    home: House, scope_of: dict[str, Any], customer_group: str, who: str
) -> None:
    home.customer(group=customer_group)
    home.release(program("start s", "end e", flow=["s > e"], key="other"))
    desk = Desk(home, TO_ANNA)
    with home.engine.store.transaction() as tx:
        tx.groups.put(rules_with("KA", "ST"))
    away_from(home, open_too=True, **scope_of)
    assert desk.item("draft").assignee == who


def rules_with(*groups: str) -> Any:
    return variation.GroupRules(
        n=1,
        rules={"groups": [{"key": key, "names": {"en": key}} for key in groups]},
        status="released",
        valid_from=MONDAY - DAY,
        created_at=MONDAY - DAY,
        created_by="boss",
    )


def absence(
    person: str = "anna", substitute: str = "bo", start: int = 0, days: int = 5, **more: Any
) -> records.Absence:
    since = MONDAY + start * DAY
    values = {
        "id": f"{person}-{substitute}-{start}",
        "person": person,
        "substitute": substitute,
        "starts_at": since,
        "ends_at": since + days * DAY,
        "status": "running",
        "due_at": since + days * DAY,
        "set_by": person,
        "created_at": MONDAY,
        **more,
    }
    return records.Absence(**values)


ALL, P_ONLY, KA_ONLY, BOTH = (
    absence(substitute="all"),
    absence(substitute="p", processes=("p",)),
    absence(substitute="ka", groups=("KA",)),
    absence(substitute="both", processes=("p",), groups=("KA",)),
)
COVER = [
    ([ALL], "p", "KA", "all"),
    ([ALL, P_ONLY], "p", "KA", "p"),
    ([P_ONLY, ALL], "q", "KA", "all"),
    ([KA_ONLY], "p", "ST", None),
    ([KA_ONLY], "p", "", None),
    ([BOTH, P_ONLY, KA_ONLY, ALL], "p", "KA", "both"),
    ([BOTH, P_ONLY, KA_ONLY, ALL], "p", "ST", "p"),
    ([BOTH, P_ONLY, KA_ONLY, ALL], "q", "KA", "ka"),
    ([absence(person="bo")], "p", "KA", None),
    ([absence(substitute="old"), absence(substitute="new", start=1, days=9)], "p", "KA", "new"),
]


@pytest.mark.parametrize(("listed", "process", "group", "substitute"), COVER)
def test_the_narrowest_word_counts_then_the_latest(
    listed: list[records.Absence], process: str, group: str, substitute: str | None
) -> None:
    found = away.covering(listed, person="anna", process=process, group=group, now=MONDAY + DAY)
    assert (found.substitute if found else None) == substitute


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        (MONDAY - timedelta(microseconds=1), False),
        (MONDAY, True),
        (MONDAY + 5 * DAY - timedelta(microseconds=1), True),
        (MONDAY + 5 * DAY, False),
    ],
)
def test_the_first_moment_belongs_to_it_and_the_last_does_not(moment: datetime, covered: bool) -> None:
    found = away.covering([absence()], person="anna", process="p", group="", now=moment)
    assert (found is not None) is covered


# --- who stands in ---------------------------------------------------------------------------------------------------


def test_a_substitute_who_is_away_hands_nothing_on_the_manager_has_it(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, "anna", "bo")
    away_from(home, "bo", "chen")
    desk.complete(ANNA, "draft")
    assert (desk.item("check").assignee, desk.item("check").shared.absent) == ("boss", "anna")


def test_what_a_substitute_has_for_another_goes_to_that_one_s_manager_when_they_go_too(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, "anna", "bo", open_too=True)
    away_from(home, "bo", "chen", open_too=True)
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("boss", "anna")


@pytest.mark.parametrize("gone", [{"active": False}, {"roles": ("integrator",)}])
def test_a_substitute_who_cannot_work_any_more_is_passed_over(home: House, gone: dict[str, Any]) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home)
    home.person(BO, **gone)
    desk.complete(ANNA, "draft")
    assert desk.item("check").assignee == "boss"


def test_where_nobody_could_stand_in_the_work_stays_where_it_is(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home)
    home.person(BO, active=False)
    home.person(ANNA, manager="")
    desk.complete(ANNA, "draft")
    assert (desk.item("check").assignee, desk.item("check").shared.absent) == ("anna", "")


def test_away_without_a_substitute_keeps_what_is_given_by_name(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, substitute="")
    desk.complete(ANNA, "draft")
    assert desk.item("check").assignee == "anna"


def test_four_eyes_hold_for_a_substitute(home: House) -> None:
    """Bo made it, so Bo may not check it in Anna's stead: her manager does."""
    for agent in PEOPLE:
        home.person(agent, manager="boss")
    make = node("user make", performer=Performer(assignee=literal("bo")))
    check = node("user check", performer=Performer(assignee=literal("anna"), exclude_performers_of=("make",)))
    home.release(program("start s", make, check, "end e", flow=["s > make > check > e"]))
    case = home.start()
    away_from(home)
    act.complete(home.engine, work_item_id=home.item(case, "make").id, data={}, agent=BO, now=home.now)
    assert home.item(case, "check").assignee == "boss"


def test_nobody_checks_what_was_done_in_their_stead(home: House) -> None:
    for agent in PEOPLE:
        home.person(agent)
    sales = Performer(groups=(literal("sales"),), exclude_performers_of=("make",))
    steps = [node("user make", performer=TO_ANNA), node("user check", performer=sales)]
    home.release(program("start s", *steps, "end e", flow=["s > make > check > e"]))
    case = home.start()
    away_from(home, open_too=True)
    act.complete(home.engine, work_item_id=home.item(case, "make").id, data={}, agent=BO, now=home.now)
    assert home.item(case, "check").excluded == ("anna", "bo")


def test_whoever_is_named_among_others_is_joined_by_who_stands_in(home: House) -> None:
    desk = Desk(home, Performer(users=(literal("anna"), literal("chen"))))
    away_from(home)
    desk.claim(CHEN, "draft")
    desk.complete(CHEN, "draft")
    assert desk.item("check").users == ("anna", "chen", "bo")
    assert home.claimable(BO) == ["check"]


# --- signing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["all", "ratio", "sequence"])
def test_a_substitute_signs_in_the_other_s_stead(home: House, mode: str) -> None:
    performer = Performer(users=(literal("anna"), literal("chen")), sign_mode=mode)  # type: ignore[arg-type]
    desk = Desk(home, performer)
    away_from(home, open_too=True)
    assert [(one.person, one.absent) for one in desk.item("draft").shared.signatures] == [("bo", "anna"), ("chen", "")]
    desk.complete(BO, "draft")
    assert acted(desk)[-1] == ("sign", "draft", "", "anna")
    desk.complete(CHEN, "draft")
    assert [(one.person, one.absent) for one in desk.item("check").shared.signatures] == [("bo", "anna"), ("chen", "")]


def test_a_signature_comes_back_at_the_end_but_one_that_was_given_counts(home: House) -> None:
    desk = Desk(home, Performer(users=(literal("anna"), literal("chen")), sign_mode="all"))
    first = away_from(home, open_too=True)
    back(home, first)
    assert [(one.person, one.absent) for one in desk.item("draft").shared.signatures] == [("anna", ""), ("chen", "")]
    second = away_from(home, open_too=True)
    desk.complete(BO, "draft")
    back(home, second)
    assert [(one.person, one.status) for one in desk.item("draft").shared.signatures] == [
        ("bo", "done"),
        ("chen", "active"),
    ]


def test_a_substitute_who_signs_anyway_does_not_sign_twice(home: House) -> None:
    desk = Desk(home, Performer(users=(literal("anna"), literal("bo")), sign_mode="all"))
    away_from(home, open_too=True)
    assert [one.person for one in desk.item("draft").shared.signatures] == ["anna", "bo"]


def test_of_a_group_only_those_who_are_there_are_asked_to_sign(home: House) -> None:
    desk = Desk(home, Performer(groups=(literal("sales"), literal("legal")), sign_mode="all"))
    away_from(home, substitute="")
    for agent in (ANNA, BO, CHEN):
        desk.complete(agent, "draft")
    assert [one.person for one in desk.item("check").shared.signatures] == ["bo", "chen"]


# --- with the verbs --------------------------------------------------------------------------------------------------


def test_what_is_handed_to_somebody_who_is_away_goes_to_who_stands_in(home: House) -> None:
    desk = Desk(home, Performer(assignee=literal("chen")))
    away_from(home)
    desk.transfer(CHEN, "draft", "anna")
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("bo", "anna")
    assert [said[0] for said in acted(desk)] == ["transfer", "stand_in"]


def test_an_answer_comes_back_to_whom_the_work_is_for(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    absence = away_from(home, open_too=True)
    desk.delegate(BO, "draft", "chen")
    assert desk.item("draft").shared.owner == "anna"
    desk.answer(CHEN, "draft")
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("bo", "anna")
    desk.delegate(BO, "draft", "chen")
    back(home, absence)
    desk.answer(CHEN, "draft")
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("anna", "")


def test_who_asks_and_stands_in_for_who_was_asked_decides_themselves(home: House) -> None:
    desk = Desk(home, Performer(assignee=literal("bo")))
    desk.delegate(BO, "draft", "anna")
    away_from(home, open_too=True)
    item = desk.item("draft")
    assert (item.assignee, item.shared.owner, item.shared.absent) == ("bo", "", "")
    desk.complete(BO, "draft")


def test_who_gets_it_handed_on_has_it_for_good(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    absence = away_from(home, open_too=True)
    desk.transfer(BO, "draft", "chen")
    back(home, absence)
    assert desk.item("draft").assignee == "chen"
    assert ("transfer", "draft", "chen", "anna") in acted(desk)


def test_what_is_put_back_is_nobody_s_any_more(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    absence = away_from(home, open_too=True)
    act.release(home.engine, work_item_id=desk.item("draft").id, agent=BO, now=home.now)
    back(home, absence)
    assert (desk.item("draft").assignee, home.claimable(ANNA)) == (None, ["draft"])


def test_what_is_sent_back_to_somebody_away_goes_to_who_stands_in(home: House) -> None:
    desk = Desk(home)
    desk.claim(ANNA, "draft")
    desk.complete(ANNA, "draft")
    desk.claim(CHEN_IN_SALES, "check")
    away_from(home)
    desk.back(CHEN_IN_SALES, "check", "draft")
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("bo", "anna")


CHEN_IN_SALES = Agent(key="chen", name="Chen", roles=frozenset({"staff"}), groups=frozenset({"sales"}))


def test_who_takes_their_own_back_has_it_though_they_are_away(home: House) -> None:
    desk = Desk(home, Performer(groups=(literal("sales"),)))
    desk.claim(ANNA, "draft")
    away_from(home)
    desk.complete(ANNA, "draft")
    desk.take_back(ANNA, "draft")
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("anna", "")


def test_a_substitute_takes_back_what_they_did_in_the_other_s_stead(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, open_too=True)
    desk.complete(BO, "draft")
    # What follows was opened for Bo by the rule of absence; nobody has touched it.
    desk.take_back(BO, "draft")
    assert (desk.item("draft").assignee, desk.item("draft").shared.absent) == ("bo", "anna")


def test_an_administrator_s_word_stands_above_an_absence(home: House) -> None:
    desk = Desk(home)
    away_from(home)
    direct.assign(home.engine, work_item_id=desk.item("draft").id, to="anna", agent=BOSS, now=home.now)
    assert desk.item("draft").assignee == "anna"


# --- who sees it -----------------------------------------------------------------------------------------------------


def test_both_see_it_while_it_is_open_and_afterwards(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, open_too=True)
    item = desk.item("draft")
    assert desk.shown(ANNA, "draft").row.item == item
    assert [one.id for one in absences.standing(home.engine, person="anna", agent=ANNA).away] == [item.id]
    assert [one.person for one in absences.standing(home.engine, person="bo", agent=BO).for_others] == ["anna"]
    for name in ("draft", "check", "sign"):
        desk.complete(BO, name)
    with home.engine.store.reading() as tx:
        assert scope.sees(tx, instance_id=desk.case, agent=ANNA)
        assert not scope.sees(tx, instance_id=desk.case, agent=CHEN)
    assert absences.standing(home.engine, person="anna", agent=ANNA).away == ()


def test_who_is_away_does_not_complete_what_another_has_for_them(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, open_too=True)
    with pytest.raises(errors.Conflict) as raised:
        desk.complete(ANNA, "draft")
    assert raised.value.code == "claimed_by_another"


# --- who may say so, and what is refused -----------------------------------------------------------------------------


def refused(home: House, **plan: Any) -> list[tuple[str, str, str]]:
    """(field, Chinese, English) of each problem; nothing is stored."""
    with pytest.raises(errors.Invalid) as raised:
        away_from(home, **plan)
    assert absences.standing(home.engine, person="anna", agent=ANNA).own == ()
    return [(problem.pointer, problem.text["zh-CN"], problem.text["en"]) for problem in raised.value.problems]


HOUR = timedelta(hours=1)
WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"substitute": "anna"}, "/substitute", "不能由自己代理。", "Nobody stands in for themselves."),
    ({"substitute": "nobody"}, "/substitute", "没有此人", "There is no such person"),
    ({"substitute": "robot"}, "/substitute", "没有此人", "do not work on tasks"),
    ({"substitute": "", "open_too": True}, "/substitute", "请选择代理人。", "Choose who stands in."),
    ({"ends_at": MONDAY}, "/ends_at", "结束时间须晚于开始时间。", "The end must be after the beginning."),
    ({"starts_at": MONDAY - 9 * DAY, "ends_at": MONDAY - DAY}, "/ends_at", "已经过去", "in the past"),
    ({"ends_at": MONDAY + 401 * DAY}, "/ends_at", "最多 400 天", "at most 400 days"),
    ({"note": "x" * 201}, "/note", "最多 200 个字", "at most 200 characters"),
    ({"processes": ("nothing",)}, "/processes", "没有流程：nothing。", "There is no process nothing."),
    ({"groups": ("XX",)}, "/groups", "没有客户群：XX。", "There is no customer group XX."),
]


@pytest.mark.parametrize(("plan", "field", "zh", "en"), WRONG)
def test_what_is_wrong_is_told_at_its_field(home: House, plan: dict[str, Any], field: str, zh: str, en: str) -> None:
    Desk(home)
    home.person(Agent(key="robot", name="Robot", roles=frozenset({"integrator"})))
    ((at, chinese, english),) = refused(home, **plan)
    assert at == field and zh in chinese and en in english


def test_all_that_is_wrong_is_told_at_once(home: House) -> None:
    Desk(home)
    found = refused(home, substitute="anna", ends_at=home.now, processes=("no",), note="x" * 300)
    assert [field for field, _, _ in found] == ["/ends_at", "/note", "/processes", "/substitute"]


@pytest.mark.parametrize(("start", "days", "free"), [(0, 5, False), (4, 5, False), (5, 3, True), (-1, 1, True)])
def test_who_is_away_then_cannot_stand_in_so_there_is_no_round(home: House, start: int, days: int, free: bool) -> None:
    Desk(home)
    absences.declare(
        home.engine,
        person="bo",
        plan=absences.Plan(starts_at=MONDAY, ends_at=MONDAY + 5 * DAY, substitute="anna"),
        agent=BO,
        now=MONDAY - DAY,
    )
    plan = absences.Plan(starts_at=MONDAY + start * DAY, ends_at=MONDAY + (start + days) * DAY, substitute="bo")
    if free:
        absences.declare(home.engine, person="anna", plan=plan, agent=ANNA, now=MONDAY - DAY)
        return
    with pytest.raises(errors.Invalid) as raised:
        absences.declare(home.engine, person="anna", plan=plan, agent=ANNA, now=MONDAY - DAY)
    (problem,) = raised.value.problems
    assert "2026-03-02" in problem.text["en"] and "第三人" in problem.text["zh-CN"]


def test_not_more_than_twenty_lie_ahead(home: House) -> None:
    Desk(home)
    for day in range(absences.MOST_AHEAD):
        away_from(home, starts_at=home.now + day * DAY + HOUR, ends_at=home.now + (day + 1) * DAY)
    with pytest.raises(errors.Invalid):
        away_from(home, starts_at=home.now + 50 * DAY, ends_at=home.now + 51 * DAY)


def test_one_says_it_for_oneself_and_an_administrator_for_anybody(home: House) -> None:
    Desk(home)
    with pytest.raises(errors.Forbidden):
        away_from(home, "anna", "bo", by=CHEN)
    made = away_from(home, "anna", "bo", by=BOSS)
    assert (made.person, made.set_by) == ("anna", "boss")
    with pytest.raises(errors.NotFound):
        back(home, made, by=CHEN)
    with pytest.raises(errors.Forbidden):
        absences.standing(home.engine, person="anna", agent=CHEN)
    with pytest.raises(errors.Forbidden):
        absences.ahead(home.engine, agent=ANNA)
    assert [one.id for one in absences.ahead(home.engine, agent=BOSS)] == [made.id]
    assert back(home, made, by=BOSS).status == "over"


@pytest.mark.parametrize("agent", [BOSS])
def test_nobody_is_away_who_does_not_exist(home: House, agent: Agent) -> None:
    Desk(home)
    with pytest.raises(errors.NotFound):
        away_from(home, "nobody", "bo", by=agent)
    with pytest.raises(errors.NotFound):
        absences.standing(home.engine, person="nobody", agent=agent)
    with pytest.raises(errors.NotFound):
        absences.end(home.engine, absence_id="nothing", agent=agent, now=home.now)


def test_more_than_one_round_of_work_goes_out_and_comes_back(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.people.held.ROUND", 2)
    Desk(home, TO_ANNA)
    for _ in range(4):
        home.start()
    absence = away_from(home, open_too=True)
    assert (len(home.mine(ANNA)), len(home.mine(BO))) == (0, 5)
    back(home, absence)
    assert (len(home.mine(ANNA)), len(home.mine(BO))) == (5, 0)


def test_what_another_absence_still_covers_does_not_come_back(home: House) -> None:
    Desk(home, TO_ANNA)
    first = away_from(home, open_too=True)
    away_from(home, processes=("p",))
    back(home, first)
    assert (home.mine(ANNA), home.mine(BO)) == ([], ["draft"])


def test_of_who_leaves_nothing_comes_back(home: House) -> None:
    Desk(home, TO_ANNA)
    absence = away_from(home, open_too=True)
    home.person(ANNA, active=False)
    back(home, absence, by=BOSS)
    assert home.mine(BO) == ["draft"]


def test_of_many_people_each_list_counts_what_it_shows(home: House) -> None:
    desk = Desk(home, TO_ANNA)
    away_from(home, open_too=True)
    for agent in (ANNA, BO):
        assert listing.counts(home.engine, agent=agent, now=home.now).mine == len(home.mine(agent))
    handing.transfer(home.engine, work_item_id=desk.item("draft").id, to="chen", agent=BO, now=home.now)
    assert absences.standing(home.engine, person="anna", agent=ANNA).away == ()
