"""Where a case stands, in words."""

from datetime import UTC, datetime, timedelta

from engine import facts, records
from engine.analytics import path
from engine.model.nodes import EndEvent, ExclusiveGateway, ServiceTask, StartEvent, UserTask
from engine.model.program import Flow, Program

BEGIN = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PROGRAM = Program(
    key="p",
    nodes=(
        StartEvent(id="start"),
        UserTask(id="draft"),
        UserTask(id="approve"),
        ExclusiveGateway(id="ok"),
        ServiceTask(id="send"),
        EndEvent(id="end"),
    ),
    flows=(
        Flow(id="f1", source="start", target="draft"),
        Flow(id="f2", source="draft", target="approve"),
        Flow(id="f3", source="approve", target="ok"),
        Flow(id="f4", source="ok", target="send"),
        Flow(id="f5", source="ok", target="draft"),
        Flow(id="f6", source="send", target="end"),
    ),
)


def history(*told: tuple[facts.AnyFact, str]) -> list[records.FactRow]:
    """One fact a minute."""
    return [
        records.FactRow(instance_id="i", seq=number, at=BEGIN + timedelta(minutes=number), agent=agent, fact=fact)
        for number, (fact, agent) in enumerate(told, 1)
    ]


ONE_STEP = history(
    (facts.FlowTaken(flow="f1"), "li"),
    (facts.ActivityStarted(node="draft", token=1), "li"),
    (facts.WorkItemCompleted(node="draft", wait=1), "li"),
    (facts.ActivityCompleted(node="draft", token=1), "li"),
    (facts.FlowTaken(flow="f2"), "li"),
    (facts.ActivityStarted(node="approve", token=2), "li"),
    (facts.WorkItemActed(node="approve", verb="claim"), "wang"),
)


def test_it_says_what_is_done_by_whom_what_is_on_since_when_and_what_comes_next() -> None:
    stops = path.path(PROGRAM, ONE_STEP, {"approve": "work_item"})
    assert [(stop.node, stop.state, stop.who) for stop in stops] == [
        ("draft", "done", "li"),
        ("approve", "now", "wang"),
        ("send", "later", ""),
    ]
    assert stops[1].at == BEGIN + timedelta(minutes=6)


def test_who_put_it_back_no_longer_holds_it() -> None:
    more = [*ONE_STEP, *history((facts.WorkItemActed(node="approve", verb="release"), "wang"))]
    assert path.path(PROGRAM, more, {"approve": "work_item"})[1].who == ""


def test_what_went_on_by_itself_is_nobodys_though_a_person_set_it_going() -> None:
    sent = history((facts.ActivityCompleted(node="send", token=4), "li"))
    assert path.path(PROGRAM, sent, {})[0].who == ""


def test_a_step_done_again_is_one_stop_that_counts() -> None:
    again = history(
        (facts.ActivityCompleted(node="draft", token=1), "li"),
        (facts.ActivityCompleted(node="approve", token=2), "wang"),
        (facts.ActivityCompleted(node="draft", token=3), "li"),
    )
    stops = path.path(PROGRAM, again, {"approve": "work_item"})
    assert [(stop.node, stop.state, stop.times) for stop in stops][:2] == [("draft", "done", 2), ("approve", "now", 1)]


def test_what_failed_is_told_as_failed() -> None:
    assert path.path(PROGRAM, [], {"send": "incident"})[0].state == "failed"


def test_the_drawing_is_marked_where_the_case_went_and_stands() -> None:
    assert path.marks(PROGRAM, ONE_STEP, {"approve": "work_item"}) == {
        "f1": "done",
        "draft": "done",
        "f2": "done",
        "approve": "now",
    }


def test_ids_of_a_called_process_are_not_marked_on_this_drawing() -> None:
    assert path.marks(PROGRAM, [], {"elsewhere": "work_item"}) == {}
