"""For each check the nearest program that keeps it: what a designer did right is never accused."""

import pytest

from engine.definitions import checks
from engine.definitions.graph import Surroundings
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.performer import Passing, Performer, Promise
from engine.model.program import Lane
from tests.unit.definitions.build import end, feel, flow, program, start, task
from tests.unit.definitions.test_checks import CASES, codes

HOUR = triggers.Timer(kind="duration", text=Expression(text="PT1H", language="literal"))
SALES = Performer(groups=(Expression(text="sales", language="literal"),))
KNOWN = Surroundings(
    processes=frozenset({"other"}),
    decisions=frozenset({"discount"}),
    forms=frozenset({"lead"}),
    groups=frozenset({"sales"}),
    calendars=frozenset({"office"}),
)


def literal(text: str) -> Expression:
    return Expression(text=text, language="literal")


def through(*parts, **fields):
    """A process from start over ``x`` to end."""
    return program(start(), end(), *parts, "start > x > end", **fields)


def boundary(trigger, host=None, **fields):
    fields.setdefault("attached_to", "x")
    return through(host or task("x"), nodes.BoundaryEvent(id="b", triggers=(trigger,), **fields), "b > end")


KEPT = {
    **dict.fromkeys(
        ("start_with_incoming", "end_with_outgoing", "flow_without_source", "flow_without_target"), through(task("x"))
    ),
    "empty_process": program(start(), end(), "start > end"),
    "no_start": program(start(), end(), "start > end"),
    "no_end": program(start(), end(), "start > end"),
    "several_plain_starts": program(start(), start("second", triggers=(HOUR,)), end(), "start > end", "second > end"),
    "unreachable": through(task("x")),
    "duplicate_id": through(task("x"), task("y"), "x > y > end"),
    "crossing_flow": program(
        start(),
        nodes.SubProcess(id="x"),
        start("s", scope="x"),
        end("e", scope="x"),
        end(),
        "start > x > end",
        "s > e",
    ),
    "default_of_another": through(nodes.ExclusiveGateway(id="x", default="x-end"), flow("x", "end", "a", id="other")),
    "condition_missing": through(nodes.ExclusiveGateway(id="x", default="x-end"), flow("x", "end", "a", id="other")),
    "default_missing": through(nodes.ExclusiveGateway(id="x", default="x-end"), flow("x", "end", "a", id="other")),
    "default_with_condition": through(
        nodes.ExclusiveGateway(id="x", default="x-end"), flow("x", "end", "a", id="other")
    ),
    "parallel_condition": through(nodes.ParallelGateway(id="x")),
    "gateway_dead_end": through(nodes.InclusiveGateway(id="x")),
    "event_based_follower": program(
        start(),
        nodes.EventBasedGateway(id="x"),
        nodes.CatchEvent(id="t", triggers=(HOUR,)),
        nodes.ReceiveTask(id="r", message=triggers.Message(name="m")),
        end(),
        "start > x > t > end",
        "x > r > end",
    ),
    "boundary_without_host": boundary(HOUR),
    "boundary_with_incoming": boundary(HOUR),
    "boundary_cancel": boundary(triggers.Cancel(), nodes.SubProcess(id="x", variety="transaction")),
    "trigger_not_allowed": program(start(triggers=(HOUR,)), end(triggers=(triggers.Error(code="E"),)), "start > end"),
    "trigger_missing": through(nodes.CatchEvent(id="x", triggers=(HOUR,))),
    "event_sub_process_flow": through(
        task("x"), nodes.SubProcess(id="v", variety="event"), start("i", scope="v", triggers=(HOUR,))
    ),
    "event_sub_process_starts": through(
        task("x"), nodes.SubProcess(id="v", variety="event"), start("i", scope="v", triggers=(HOUR,))
    ),
    "event_sub_process_kind": through(
        task("x"), nodes.SubProcess(id="v", variety="event"), start("i", scope="v", triggers=(triggers.Error(),))
    ),
    "link_without_target": program(
        start(),
        nodes.ThrowEvent(id="x", triggers=(triggers.Link(name="A"),)),
        nodes.CatchEvent(id="y", triggers=(triggers.Link(name="A"),)),
        end(),
        "start > x",
        "y > end",
    ),
    "compensation_without_handler": through(
        task("x"),
        task("undo", for_compensation=True),
        nodes.BoundaryEvent(id="b", attached_to="x", triggers=(triggers.Compensate(),), compensation_handler="undo"),
    ),
    "compensated_activity_missing": program(
        start(), task("x"), end(triggers=(triggers.Compensate(activity="x"),)), "start > x > end"
    ),
    "message_without_name": program(start(triggers=(triggers.Message(name="m"),)), end(), "start > end"),
    "passing_unknown": through(nodes.UserTask(id="x", performer=SALES, passing=Passing(nobody="admin"))),
    "performer_missing": through(nodes.UserTask(id="x", performer=SALES)),
    "form_missing": through(nodes.UserTask(id="x", performer=SALES, form="lead")),
    "decision_unnamed": through(nodes.BusinessRuleTask(id="x", decision="discount")),
    "decision_missing": through(nodes.BusinessRuleTask(id="x", decision="discount")),
    "called_process_unnamed": through(nodes.CallActivity(id="x", called=literal("other"))),
    "called_process_missing": through(nodes.CallActivity(id="x", called=feel("which"))),
    "service_without_work": through(nodes.ServiceTask(id="x", work=nodes.Work(handler="log"))),
    "script_missing": through(nodes.ScriptTask(id="x", script="x = 1")),
    "script_language": through(nodes.ScriptTask(id="x", script="1 + 1", language="feel")),
    "lane_unmapped": through(
        nodes.UserTask(id="x", performer=SALES, lane="l"), lanes=(Lane(id="l", name="sales", nodes=("x",)),)
    ),
    "calendar_missing": through(task("x", promise=Promise(duration="P1D", calendar="office"))),
    "promise_unreadable": through(task("x", promise=Promise(duration="PT4H"))),
    "timer_unreadable": program(start(triggers=(HOUR,)), end(), "start > end"),
    "timer_without_time": program(start(triggers=(HOUR,)), end(), "start > end"),
    "expression_unreadable": program(start(), end(), flow("start", "end", "amount < 10")),
}


@pytest.mark.parametrize("code", KEPT)
def test_what_keeps_a_rule_is_not_accused_of_it(code):
    assert code not in codes(KEPT[code], KNOWN)


def test_every_check_with_a_breach_has_a_program_that_keeps_it():
    assert set(CASES) <= set(KEPT)


TIMES = [
    *(("duration", text, True) for text in ("PT1H", "P1D", "P2W", "P1Y2M3DT4H5M6S", "PT0S")),
    *(("duration", text, False) for text in ("soon", "1 hour", "P", "PT", "1H", "P1H")),
    *(("date", text, True) for text in ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00+08:00")),
    *(("date", text, False) for text in ("tomorrow", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z")),
    *(("cycle", text, True) for text in ("R3/PT1H", "R/P1D", "0 0 9 * * ?", "*/5 * * * *")),
    *(("cycle", text, False) for text in ("R3", "every day", "99 * * * *")),
]


@pytest.mark.parametrize(("kind", "text", "readable"), TIMES)
def test_a_literal_time_is_read_before_anything_waits_for_it(kind, text, readable):
    timer = triggers.Timer(kind=kind, text=literal(text))
    found = codes(program(start(triggers=(timer,)), end(), "start > end"))
    assert ("timer_unreadable" not in found) == readable


PROSE = [
    ("customer is happy", True),
    ("Offer accepted?", True),
    ("Service Level == 'Premium'", True),
    ("客户 满意", True),
    ("amount < 10", False),
    ("amount", False),
]


@pytest.mark.parametrize(("condition", "prose"), PROSE)
def test_a_condition_for_people_is_offered_as_an_outcome(condition, prose):
    offered = {problem.fix for problem in checks.check(program(start(), end(), flow("start", "end", condition)))}
    assert ("condition_to_outcome" in offered) == prose
