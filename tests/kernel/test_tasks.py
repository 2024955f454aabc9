"""What each task does when a token reaches it."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import errors, facts
from engine.kernel import stimuli, waits
from engine.model.expression import Expression
from engine.model.nodes import Work
from engine.model.performer import Performer, Promise
from tests.kernel.case import START
from tests.kernel.conftest import Tell
from tests.kernel.models import feel, literal, mapping, message, node, program


def test_undefined_and_manual_tasks_pass(tell: Tell) -> None:
    case = tell(program("start s", "task a", "manual b", "end z", flow=["s > a > b > z"])).start()
    assert case.ended and case.story() == ["a", "b"]


def test_a_manual_task_with_a_performer_waits_for_him(tell: Tell) -> None:
    model = program("start s", node("manual b", performer=Performer(assignee=literal("li"))), flow=["s > b"])
    case = tell(model).start()
    assert case.wait("b", waits.WorkItem).assignee == "li"
    assert case.complete("b").ended


def test_a_work_item_tells_who_when_and_how_urgent(tell: Tell) -> None:
    model = program(
        "start s",
        node(
            "user a",
            performer=Performer(
                assignee=feel("boss"), users=(literal("an, bo"), feel("more")), groups=(literal("sales"),)
            ),
            form="f",
            due=literal("P1D"),
            follow_up=literal("2026-03-05T08:00:00Z"),
            priority=feel("40 + 2"),
        ),
        flow=["s > a"],
    )
    item = tell(model).start(boss="wang", more=["cy", "an"]).wait("a", waits.WorkItem)
    assert (item.assignee, item.users, item.groups) == ("wang", ("an", "bo", "cy"), ("sales",))
    assert item.due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert item.follow_up_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert (item.form, item.priority) == ("f", 42)


def test_a_promise_gives_the_due_date_in_business_time(tell: Tell) -> None:
    # Monday 09:00 UTC is 17:00 in Shanghai; one of four hours is left that day, three remain on Tuesday from 09:00.
    model = program("start s", node("user a", promise=Promise(duration="PT4H", calendar="weekdays")), flow=["s > a"])
    assert tell(model).start().wait("a").due_at == datetime(2026, 3, 3, 4, tzinfo=UTC)


def test_a_goal_is_a_moment_before_the_deadline_in_the_same_business_time(tell: Tell) -> None:
    promise = Promise(duration="PT4H", goal="PT2H", calendar="weekdays")
    item = tell(program("start s", node("user a", promise=promise), flow=["s > a"])).start().wait("a")
    # An hour of Monday, one of Tuesday.
    assert item.goal_at == datetime(2026, 3, 3, 2, tzinfo=UTC)
    assert item.due_at == datetime(2026, 3, 3, 4, tzinfo=UTC)


# What the drawing itself sets as due, when that is, and when the goal is then, in hours.
SET = [("", 4, 2), ("PT3H", 3, 2), ("PT2H", 2, 2), ("PT1H", 1, 1)]


@pytest.mark.parametrize(("due", "deadline", "goal"), SET)
def test_the_goal_is_never_after_a_deadline_that_the_drawing_sets(
    tell: Tell, due: str, deadline: int, goal: int
) -> None:
    task = node("user a", due=literal(due) if due else None, promise=Promise(duration="PT4H", goal="PT2H"))
    item = tell(program("start s", task, flow=["s > a"])).start().wait("a")
    assert item.due_at - item.goal_at == timedelta(hours=deadline - goal)
    assert item.goal_at == START + timedelta(hours=goal)


def test_a_promise_without_a_goal_has_none(tell: Tell) -> None:
    model = program("start s", node("user a", promise=Promise(duration="PT4H")), flow=["s > a"])
    assert tell(model).start().wait("a").goal_at is None


def test_a_performer_that_cannot_be_evaluated_is_an_incident(tell: Tell) -> None:
    model = program("start s", node("user a", performer=Performer(assignee=feel("boss"))), flow=["s > a"])
    case = tell(model).start()
    assert case.incidents() == ["a"] and case.open() == []
    assert case.retry("a", boss="wang").open() == ["a"]
    assert case.wait("a", waits.WorkItem).assignee == "wang"


def test_a_service_task_is_a_job_with_its_input(tell: Tell) -> None:
    work = Work(handler="http", parameters=(mapping("url", "'x' + path"),), retries=5, priority=feel("7"))
    case = tell(program("start s", node("service a", work=work), flow=["s > a"])).start(path="/y")
    job = case.wait("a", waits.Job)
    assert (job.handler, job.input, job.retries, job.priority) == ("http", {"url": "x/y"}, 5, 7)
    assert case.complete("a", status=200).ended
    assert case.variables()["status"] == 200


@pytest.mark.parametrize(("answer", "kept"), [({"result": 5}, 5), ({"a": 1}, {"a": 1}), ({}, {})])
def test_a_named_result_receives_the_answer(tell: Tell, answer: dict[str, int], kept: object) -> None:
    work = Work(handler="h", result="r")
    case = tell(program("start s", node("service a", work=work), flow=["s > a"])).start().complete("a", **answer)
    assert case.variables() == {"r": kept}


def test_work_that_nobody_bound_is_a_job_under_the_nodes_name(tell: Tell) -> None:
    case = tell(program("start s", "service a", flow=["s > a"])).start()
    assert (case.wait("a").handler, case.wait("a").style) == ("a", "unbound")


def test_a_failed_job_is_an_incident_and_a_retry_asks_again(tell: Tell) -> None:
    case = tell(program("start s", node("service a", work=Work(handler="h")), flow=["s > a"])).start()
    case.fail("a", kind="technical", code="timeout")
    assert case.jobs() == [] and case.wait("a", waits.Incident).retries_wait
    assert case.retry("a").jobs() == ["a"]
    assert case.complete("a").ended


def test_a_skipped_node_is_passed(tell: Tell) -> None:
    model = program("start s", node("service a", work=Work(handler="h")), "user b", flow=["s > a > b"])
    case = tell(model).start().fail("a", kind="technical")
    assert case.retry("a", skip=True).open(waits.Wait) == ["b"]


def test_a_send_task_throws_its_message(tell: Tell) -> None:
    sent = message("offer", key=feel("customer"), mappings=(("price", feel("10 * n")),))
    case = tell(program("start s", node("send a", message=sent), flow=["s > a"])).start(customer="c1", n=2)
    assert [(t.trigger, t.name, t.key, t.data) for t in case.thrown] == [("message", "offer", "c1", {"price": 20})]
    assert case.ended


def test_a_message_with_a_handler_is_sent_by_a_job(tell: Tell) -> None:
    sent = message("offer", handler="mail", mappings=(("price", feel("n")),))
    case = tell(program("start s", node("throw a", triggers=(sent,)), flow=["s > a"])).start(n=2)
    assert (case.wait("a", waits.Job).handler, case.wait("a").input) == ("mail", {"price": 2})
    assert case.thrown == [] and case.complete("a").ended


def test_a_receive_task_waits_for_its_key(tell: Tell) -> None:
    wanted = message("answer", key=feel("order"), payload="reply")
    case = tell(program("start s", node("receive a", message=wanted), flow=["s > a"])).start(order=17)
    assert case.wait("a", waits.Subscription).key == "17"
    assert case.deliver("a", ok=True).ended
    assert case.variables()["reply"] == {"ok": True}


def test_a_script_sets_what_it_changed(tell: Tell) -> None:
    model = program("start s", node("script a", script="x = n + 1; y = x * 2", result="last"), flow=["s > a"])
    case = tell(model).start(n=1)
    assert case.ended and case.variables() == {"n": 1, "x": 2, "y": 4, "last": 4}


def test_a_failed_script_is_an_incident_and_changed_nothing(tell: Tell) -> None:
    model = program("start s", node("script a", script="x = 1; y = n"), "user b", flow=["s > a > b"])
    case = tell(model).start()
    assert case.incidents() == ["a"] and case.variables() == {}
    assert case.retry("a", n=3).open() == ["b"]
    assert case.variables() == {"n": 3, "x": 1, "y": 3}


@pytest.mark.parametrize(
    ("found", "result", "shape", "variables"),
    [
        ("{'level': 'high'}", "", "", {"level": "high"}),
        ("'high'", "", "", {"risk": "high"}),
        ("'high'", "r", "", {"r": "high"}),
        ("{'level': 'high'}", "r", "singleEntry", {"r": "high"}),
        ("[{'level': 'high'}]", "r", "singleResult", {"r": {"level": "high"}}),
        ("[{'level': 1}, {'level': 2}]", "r", "collectEntries", {"r": [1, 2]}),
        ("{'level': 1}", "r", "resultList", {"r": [{"level": 1}]}),
    ],
)
def test_a_decision_is_made_inside_the_step(
    tell: Tell, found: str, result: str, shape: str, variables: dict[str, object]
) -> None:
    rule = node("rule a", decision="risk", result=result, result_shape=shape)
    case = tell(program("start s", rule, flow=["s > a"], decisions={"risk": found})).start()
    assert case.ended and case.variables() == variables
    made = [fact for fact in case.facts if isinstance(fact, facts.DecisionMade)]
    assert made[0].decision == "risk" and made[0].rules == ("rule1",)


def test_a_missing_decision_is_an_incident(tell: Tell) -> None:
    case = tell(program("start s", node("rule a", decision="risk"), flow=["s > a"])).start()
    assert case.wait("a", waits.Incident).code == "decision_missing"


def test_an_asynchronous_activity_begins_in_a_job_of_its_own(tell: Tell) -> None:
    model = program("start s", node("user a", asynchronous=True), flow=["s > a"])
    case = tell(model).start()
    assert case.wait("a", waits.Job).style == "continue" and case.story() == []
    assert case.complete("a").open() == ["a"]
    assert case.complete("a").ended


def test_mappings_keep_the_inside_apart(tell: Tell) -> None:
    inside = node("user a", inputs=(mapping("x", "n + 1"), mapping("y", "x * 2")), outputs=(mapping("total", "y + z"),))
    case = tell(program("start s", inside, "user b", flow=["s > a > b"])).start(n=1)
    assert case.variables() == {"n": 1}
    case.complete("a", z=10, y=5)
    assert case.variables() == {"n": 1, "z": 10, "total": 15}, "y was the task's own"
    assert len(case.state.scopes) == 1


def test_an_output_that_fails_is_an_incident_and_the_work_is_not_done_again(tell: Tell) -> None:
    model = program("start s", node("user a", outputs=(mapping("total", "missing"),)), "user b", flow=["s > a > b"])
    case = tell(model).start().complete("a", got=1)
    assert case.incidents() == ["a"] and case.open() == []
    assert case.retry("a", missing=4).open() == ["b"]
    assert case.variables() == {"got": 1, "missing": 4, "total": 4}


def test_a_value_that_nobody_can_keep_is_refused_and_nothing_happened(tell: Tell) -> None:
    case = tell(program("start s", "user a", flow=["s > a"])).start()
    with pytest.raises(errors.Invalid) as refused:
        case.give(stimuli.Complete(wait=case.wait("a").id, data={"x": object()}))
    assert refused.value.ids == {"variable": "x"}
    assert case.open() == ["a"]


def test_a_foreign_expression_language_is_the_evaluators_business(tell: Tell) -> None:
    model = program(
        "start s", node("user a", performer=Performer(assignee=Expression(text="x", language="juel"))), flow=["s > a"]
    )
    assert tell(model).start(x="li").wait("a").assignee == "li"
