"""What is said about a program before its release: one table row a rule, each with a program that breaks it alone."""

import pytest

from engine.definitions import checks
from engine.definitions.graph import Surroundings
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.performer import Passing, Performer, Promise
from engine.model.problem import errors
from engine.model.program import Lane
from tests.unit.definitions.build import end, feel, flow, program, start, task

SALES = Performer(groups=(Expression(text="sales", language="literal"),))
PT1H = triggers.Timer(kind="duration", text=Expression(text="PT1H", language="literal"))


def codes(found, surroundings=None):
    return {problem.code for problem in checks.check(found, surroundings)}


def test_a_sound_program_has_no_problem():
    sound = program(
        start(),
        nodes.ExclusiveGateway(id="big", default="big-check"),
        nodes.UserTask(id="check", performer=SALES),
        end(),
        flow("start", "big"),
        flow("big", "end", "amount < 10"),
        flow("big", "check"),
        flow("check", "end"),
    )
    assert checks.check(sound) == ()


CASES = {
    "duplicate_id": (start(), task(), task(), end(), "start > task > end"),
    "flow_without_source": (start(), end(), "start > end", flow("ghost", "end")),
    "flow_without_target": (start(), end(), "start > end", flow("start", "ghost")),
    "crossing_flow": (start(), nodes.SubProcess(id="sub"), task(scope="sub"), end(), "start > task > end"),
    "default_of_another": (start(), task(default="nowhere"), end(), "start > task > end"),
    "empty_process": (),
    "no_start": (task(), end(), "task > end"),
    "several_plain_starts": (start(), start("other"), end(), "start > end", "other > end"),
    "no_end": (start(), task(), "start > task"),
    "unreachable": (start(), end(), "start > end", task()),
    "start_with_incoming": (start(), task(), end(), "start > task > end", "task > start"),
    "end_with_outgoing": (start(), task(), end(), "start > end > task"),
    "boundary_with_incoming": (
        start(),
        task(),
        nodes.BoundaryEvent(id="late", attached_to="task", triggers=(PT1H,)),
        end(),
        "start > task > late > end",
    ),
    "gateway_dead_end": (start(), nodes.ParallelGateway(id="fork"), end(), "start > fork", "start > end"),
    "condition_missing": (
        start(),
        nodes.ExclusiveGateway(id="big"),
        task(),
        end(),
        "start > big > task > end",
        flow("big", "end", "amount < 10"),
    ),
    "default_missing": (
        start(),
        nodes.ExclusiveGateway(id="big"),
        end(),
        "start > big",
        flow("big", "end", "amount < 10"),
        flow("big", "end", "amount > 10", id="other"),
    ),
    "default_with_condition": (
        start(),
        nodes.ExclusiveGateway(id="big", default="big-end"),
        end(),
        "start > big",
        flow("big", "end", "amount < 10"),
        flow("big", "end", "amount > 10", id="other"),
    ),
    "parallel_condition": (
        start(),
        nodes.ParallelGateway(id="fork"),
        end(),
        "start > fork > end",
        flow("fork", "end", "amount < 10", id="other"),
    ),
    "event_based_follower": (start(), nodes.EventBasedGateway(id="wait"), task(), end(), "start > wait > task > end"),
    "boundary_without_host": (
        start(),
        end(),
        nodes.BoundaryEvent(id="late", attached_to="ghost", triggers=(PT1H,)),
        "start > end",
        "late > end",
    ),
    "boundary_cancel": (
        start(),
        task(),
        nodes.BoundaryEvent(id="undone", attached_to="task", triggers=(triggers.Cancel(),)),
        end(),
        "start > task > end",
        "undone > end",
    ),
    "trigger_not_allowed": (start(triggers=(triggers.Error(code="E"),)), end(), "start > end"),
    "trigger_missing": (start(), nodes.CatchEvent(id="catch"), end(), "start > catch > end"),
    "event_sub_process_flow": (
        start(),
        nodes.SubProcess(id="sub", variety="event"),
        start("inner", scope="sub", triggers=(PT1H,)),
        end(),
        "start > sub > end",
    ),
    "event_sub_process_starts": (start(), end(), nodes.SubProcess(id="sub", variety="event"), "start > end"),
    "event_sub_process_kind": (
        start(),
        end(),
        nodes.SubProcess(id="sub", variety="event"),
        start("inner", scope="sub"),
        "start > end",
    ),
    "link_without_target": (
        start(),
        nodes.ThrowEvent(id="go", triggers=(triggers.Link(name="A"),)),
        end(),
        "start > go",
        "start > end",
    ),
    "compensation_without_handler": (
        start(),
        task(),
        nodes.BoundaryEvent(id="undo", attached_to="task", triggers=(triggers.Compensate(),)),
        end(),
        "start > task > end",
    ),
    "compensated_activity_missing": (
        start(),
        end(triggers=(triggers.Compensate(activity="ghost"),)),
        "start > end",
    ),
    "message_without_name": (start(triggers=(triggers.Message(name=""),)), end(), "start > end"),
    "passing_unknown": (
        start(),
        nodes.UserTask(id="work", performer=SALES, passing=Passing(nobody="everybody")),  # type: ignore[arg-type]
        end(),
        "start > work > end",
    ),
    "performer_missing": (start(), nodes.UserTask(id="work"), end(), "start > work > end"),
    "decision_unnamed": (start(), nodes.BusinessRuleTask(id="rule"), end(), "start > rule > end"),
    "called_process_unnamed": (start(), nodes.CallActivity(id="call"), end(), "start > call > end"),
    "service_without_work": (start(), nodes.ServiceTask(id="service"), end(), "start > service > end"),
    "script_missing": (start(), nodes.ScriptTask(id="script"), end(), "start > script > end"),
    "script_language": (
        start(),
        nodes.ScriptTask(id="script", script="x = 1", language="groovy"),
        end(),
        "start > script > end",
    ),
    "timer_unreadable": (
        start(triggers=(triggers.Timer(kind="duration", text=Expression(text="soon", language="literal")),)),
        end(),
        "start > end",
    ),
    "promise_unreadable": (start(), task(promise=Promise(duration="quickly")), end(), "start > task > end"),
    "expression_unreadable": (start(), end(), flow("start", "end", "amount <")),
}


@pytest.mark.parametrize("code", CASES)
def test_each_breach_is_named_by_its_rule(code):
    assert code in codes(program(*CASES[code]))


@pytest.mark.parametrize("code", CASES)
def test_every_problem_speaks_both_languages(code):
    for problem in checks.check(program(*CASES[code])):
        assert problem.text["zh-CN"] and problem.text["en"]
        assert set(problem.mend) in (set(), {"zh-CN", "en"})


KNOWN = Surroundings(
    processes=frozenset({"other"}),
    decisions=frozenset({"discount"}),
    forms=frozenset({"lead"}),
    groups=frozenset({"sales"}),
    calendars=frozenset({"office"}),
)
OUTSIDE = {
    "form_missing": nodes.UserTask(id="x", performer=SALES, form="ghost"),
    "decision_missing": nodes.BusinessRuleTask(id="x", decision="ghost"),
    "called_process_missing": nodes.CallActivity(id="x", called=Expression(text="ghost", language="literal")),
    "calendar_missing": task("x", promise=Promise(duration="P1D", calendar="ghost")),
}


@pytest.mark.parametrize("code", OUTSIDE)
def test_what_lies_outside_is_asked_about_only_when_it_is_known(code):
    found = program(start(), OUTSIDE[code], end(), "start > x > end")
    assert codes(found, KNOWN) == {code}
    assert codes(found) == set()


def test_a_lane_without_a_group_of_its_name_is_nobodys():
    group = Performer(groups=(Expression(text="Ghosts", language="literal"),))
    found = program(
        start(),
        nodes.UserTask(id="x", performer=group, lane="l"),
        end(),
        "start > x > end",
        lanes=(Lane(id="l", name="Ghosts", nodes=("x",)),),
    )
    assert codes(found, KNOWN) == {"lane_unmapped"}


def test_links_boundary_events_and_event_sub_processes_are_ways_too():
    found = program(
        start(),
        nodes.ThrowEvent(id="go", triggers=(triggers.Link(name="A"),)),
        nodes.CatchEvent(id="come", triggers=(triggers.Link(name="A"),)),
        task(),
        nodes.BoundaryEvent(id="late", attached_to="task", triggers=(PT1H,)),
        task("chase"),
        nodes.SubProcess(id="sub", variety="event"),
        start("inner", scope="sub", triggers=(PT1H,)),
        task("inside", scope="sub"),
        end(),
        "start > go",
        "come > task > end",
        "late > chase > end",
        "inner > inside",
    )
    assert "unreachable" not in codes(found)


def test_each_breach_is_told_once_and_errors_first():
    found = program(start(), task(), task(), end(), "start > task > end", nodes.UserTask(id="late"))
    merged = checks.together(checks.check(found), checks.check(found))
    assert len(merged) == len(checks.check(found))
    assert [problem.severity for problem in merged] == sorted(problem.severity for problem in merged)
    assert errors(merged)


def test_a_condition_that_feel_cannot_read_says_why():
    found = program(start(), end(), flow("start", "end", "amount <"))
    (problem,) = checks.check(found)
    assert problem.element == "start-end" and "line 1" in problem.text["en"]


def test_an_unknown_name_is_no_error_of_the_language():
    assert checks.check(program(start(), end(), flow("start", "end", "unheard > 1"))) == ()
    assert feel("x").language == "feel"
