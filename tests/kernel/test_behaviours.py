"""Every case of the shared behaviours.json, on the very file, exactly as its ``expect`` line says."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from engine import facts
from engine.bpmn import read
from engine.evaluation import HouseEvaluator
from engine.kernel import stimuli, view, waits
from engine.model import nodes
from engine.model.program import Program
from tests import shared
from tests.kernel.case import Case, Shelf

CASES = {case["id"]: case for case in json.loads(shared.data("bpmn", "behaviours.json").read_bytes())}
EVALUATOR = HouseEvaluator()


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Any:
    yield
    EVALUATOR.close()


@pytest.fixture(params=[False, True], ids=["run through", "saved and restored"])
def saved(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def programs(case_id: str) -> dict[str, Program]:
    found = {}
    for file in CASES[case_id]["files"]:
        reading = read.read(shared.data(file).read_bytes(), file=file)
        assert not [problem for problem in reading.problems if problem.severity == "error"]
        found.update({program.key: program for program in reading.programs})
    return found


def case(case_id: str, saved: bool, key: str = "", change: Callable[[Program], Program] | None = None) -> Case:
    known = programs(case_id)
    program = known[key or CASES[case_id]["process"]]
    if change is not None:
        program = change(program)
    return Case(program, saved=saved, evaluator=EVALUATOR, library=Shelf(*known.values()))


def by_hand(program: Program) -> Program:
    """Spiff's tests complete undefined tasks by hand; here those pass at once, a user task is what waits for a hand."""
    return msgspec.structs.replace(
        program,
        nodes=tuple(
            nodes.UserTask(**{name: getattr(node, name) for name in nodes.Task.__struct_fields__})
            if isinstance(node, nodes.Task)
            else node
            for node in program.nodes
        ),
    )


def names(running: Case) -> list[str]:
    """Names of the open tasks."""
    drawn = {node.id: node.name for node in running.plan.program.nodes}
    return sorted(drawn[node] for node in running.open())


def test_every_case_is_told_here() -> None:
    told = {name.split("_")[1].upper() for name in globals() if name.startswith("test_") and name[5:6] in "cs"}
    assert set(CASES) <= told, set(CASES) - told


def test_c04_unbalanced_fork_and_join(saved: bool) -> None:
    running = case("C04", saved).start()
    assert names(running) == ["Task 1", "Task 2", "Task 3"]
    running.complete("task1").complete("task2")
    assert names(running) == ["Task 3", "Task 4"]
    assert running.complete("task3").complete("task4").ended


def test_c06_inclusive_with_default(saved: bool) -> None:
    assert names(case("C06", saved).start(input=1)) == ["Input is one", "Input is three or one"]
    assert names(case("C06", saved).start(input=3)) == ["Input is three or one"]
    assert names(case("C06", saved).start(input=5)) == ["Default input"]


def test_c09_a_loop_in_the_reachability_check(saved: bool) -> None:
    running = case("C09", saved).start(counter=1)
    assert names(running) == ["task C"]
    assert running.complete("C").ended and running.state.tokens == {}


def test_c12_several_conditions_hold(saved: bool) -> None:
    assert names(case("C12", saved).start(input=5)) == ["Task 2"]


def test_c15_a_signal_at_an_event_based_gateway(saved: bool) -> None:
    running = case("C15", saved).start()
    assert running.open(waits.Timer) == ["timerEvent"] and running.open(waits.Subscription) == ["signalEvent"]
    thrower = case("C15", saved, "throwSignal").start()
    assert thrower.ended and [(thrown.trigger, thrown.name) for thrown in thrower.thrown] == [("signal", "alert")]
    assert running.wait("signalEvent").name == thrower.thrown[0].name
    running.deliver("signalEvent")
    assert names(running) == ["afterSignal"] and running.open(waits.Wait) == ["task2"]


def test_c18_a_thousand_rounds(saved: bool) -> None:
    running = case("C18", saved).start(numOfIterations=1000)
    assert running.ended and running.incidents() == []
    assert running.story().count("ManualTask_1") == 1001, "i from 0, again while i <= 1000"
    assert running.variables()["i"] == 1001


def test_c32_an_interrupting_timer_event_sub_process(saved: bool) -> None:
    running = case("C32", saved).start().fire("subprocessStartEvent")
    assert running.open() == [] and running.story(facts.ActivityCancelled) == ["userTask"]
    assert running.complete("subprocessServiceTask").ended


def test_c33_a_non_interrupting_timer_event_sub_process(saved: bool) -> None:
    running = case("C33", saved).start().fire("subprocessStartEvent").complete("subprocessServiceTask")
    assert running.open(waits.WorkItem) == ["userTask"] and not running.ended
    assert running.complete("userTask").ended


def test_c36_a_signal_starts_the_event_sub_process(saved: bool) -> None:
    running = case("C36", saved).start()
    assert running.wait("subprocessStartEvent", waits.Subscription).name == "alert"
    running.deliver("subprocessStartEvent")
    assert running.open() == []
    assert running.complete("subprocessServiceTask").ended


def test_c42_a_message_received_twice(saved: bool) -> None:
    running = case("C42", saved).start().deliver("messageBoundary")
    assert running.open() == ["task", "taskAfterMessage"]
    assert running.deliver("messageBoundary").open() == ["task", "taskAfterMessage", "taskAfterMessage"]


@pytest.mark.parametrize("order", [("task", "eventSubProcessTask"), ("eventSubProcessTask", "task")])
def test_c44_both_have_to_be_done(saved: bool, order: tuple[str, str]) -> None:
    running = case("C44", saved).start().deliver("eventProcessStart")
    assert running.open() == ["eventSubProcessTask", "task"]
    assert not running.complete(order[0]).ended
    assert running.complete(order[1]).ended


def test_c45_two_ways_to_start(saved: bool) -> None:
    assert case("C45", saved).start().open() == ["taskAfterNoneStart"]
    running = case("C45", saved)
    start = next(node for node in running.plan.program.nodes if node.id == "messageStart")
    assert start.triggers[0].name == "newInvoiceMessage"  # type: ignore[union-attr]
    assert running.start(node="messageStart").open() == ["taskAfterMessageStart"]


def test_c50_an_inner_error_caught_outside(saved: bool) -> None:
    running = case("C50", saved).start().complete("innerTask2")
    assert names(running) == ["task outside subprocess"]
    assert "innerTask1" in running.story(facts.ActivityCancelled)


def test_c55_the_event_sub_process_wins(saved: bool) -> None:
    running = case("C55", saved).start()
    assert names(running) == ["Escalated Task"]
    assert running.complete("taskAfterErrorCatch").ended


def test_c56_review_of_a_sales_lead(saved: bool) -> None:
    running = case("C56", saved).start()
    running.complete("provideNewSalesLead")
    assert names(running) == ["Review customer rating", "Review profitability"]
    running.complete("reviewProfitability", notEnoughInformation=True)
    assert names(running) == ["Provide additional details"]
    running.complete("provideAdditionalDetails")
    assert names(running) == ["Review customer rating", "Review profitability"]
    running.complete("reviewProfitability", notEnoughInformation=False).complete("reviewCustomerRating")
    assert running.ended


def test_c57_an_error_nobody_catches_is_said_aloud(saved: bool) -> None:
    running = case("C57", saved).start().complete("subprocessTask")
    incident = running.wait("subprocessEnd", waits.Incident)
    assert incident.code == "unhandled_error" and "nobody handles" in incident.message["en"]
    assert running.open() == [] and not running.ended


def test_c61_an_escalation_nobody_catches(saved: bool) -> None:
    assert names(case("C61", saved).start()) == ["task after thrown escalation"]


def test_c62_compensation_of_one_activity(saved: bool) -> None:
    running = case("C62", saved).start()
    done: list[str] = []
    while running.jobs():
        done.append(running.jobs()[0])
        running.complete(done[-1])
    assert done.count("undoBookHotel") == 5 and done.count("undoBookFlight") == 0
    assert running.open(waits.Subscription) == ["beforeEnd"]
    assert running.deliver("beforeEnd").ended


def test_c67_terminate_ends_the_instance(saved: bool) -> None:
    running = case("C67", saved).start()
    assert running.open() == ["preNormalTerminateTask", "preTerminateTask"]
    assert running.complete("preTerminateTask").ended and running.waits == {}


def test_c68_terminate_ends_its_sub_process_only(saved: bool) -> None:
    running = case("C68", saved).start()
    assert running.open() == ["preNormalEnd"] and not running.ended
    assert running.complete("preNormalEnd").ended


def test_c70_two_catching_links_of_one_name_are_refused() -> None:
    reading = read.read(shared.data(CASES["C70"]["files"][0]).read_bytes(), file="C70")
    refused = [problem for problem in reading.problems if problem.severity == "error"]
    assert [problem.code for problem in refused] == ["link_without_target"]
    assert refused[0].line and refused[0].element


def test_c72_a_completion_condition(saved: bool) -> None:
    running = case("C72", saved).start(nrOfLoops=10)
    for _ in range(4):
        running.complete("miTasks")
    assert not running.ended
    assert running.complete("miTasks").ended


def test_c76_an_empty_collection(saved: bool) -> None:
    running = case("C76", saved).start(assigneeList=[])
    assert running.ended and running.story() == []


def test_c79_a_timer_on_a_sub_process(saved: bool) -> None:
    running = case("C79", saved).start().fire("escalationTimer")
    assert names(running) == ["Fix escalated problem"]
    assert "subProcessTask" in running.story(facts.ActivityCancelled)


def test_c83_a_called_process(saved: bool) -> None:
    running = case("C83", saved).start()
    assert names(running) == ["Task before subprocess"]
    running.complete("taskBeforeSubProcess")
    assert running.open() == ["task"] and running.wait("task").path == ("callSubProcess",)
    running.complete("task")
    assert names(running) == ["Task after subprocess"]
    assert running.complete("taskAfterSubProcess").ended


def test_s02_no_flow_matches(saved: bool) -> None:
    running = case("S02", saved).start(x=1)
    assert running.wait("Gateway_CheckValue", waits.Incident).code == "no_flow"
    tokens = [(token.node, token.state) for token in view.tokens(running.plan, running.state)]
    assert tokens == [("Gateway_CheckValue", "incident")]


def test_s08_a_conditional_boundary(saved: bool) -> None:
    running = case("S08", saved, "boundary", by_hand).start(task_c_done=False)
    assert running.open() == ["task_c", "task_d"]
    running.complete("task_c", task_c_done=True)
    assert running.ended and running.story(facts.ActivityCancelled) == ["task_d"]


def test_s08_a_conditional_catch(saved: bool) -> None:
    running = case("S08", saved, "intermediate", by_hand).start(task_a_done=False).complete("task_b")
    assert running.open(waits.Subscription) == ["event_1"]
    assert running.complete("task_a", task_a_done=True).ended


def test_s11_a_cancelled_transaction(saved: bool) -> None:
    running = case("S11", saved).start().complete("Activity_Get_Data", value="")
    assert running.ended and "Cancel_Action" in running.story(facts.ActivityCompleted)
    assert "value" not in running.variables()


def test_s11_an_error_without_a_code(saved: bool) -> None:
    running = case("S11", saved).start().complete("Activity_Get_Data", value="asdf")
    running.complete("Activity_Get_Quantity", quantity=0)
    caught = [fact.node for fact in running.facts if isinstance(fact, facts.EventCaught) and fact.trigger == "error"]
    assert caught == ["Catch_Error_None"] and running.ended


def test_s14_a_standard_loop(saved: bool) -> None:
    running = case("S14", saved, change=by_hand).start(done=False)
    for _ in range(3):
        assert running.open() == ["any_task"]
        running.complete("any_task", done=False)
    assert running.ended
    assert case("S14", saved, change=by_hand).start(done=False).complete("any_task", done=True).ended
    skipped = case("S14", saved, change=by_hand).start(done=True)
    assert skipped.ended and skipped.story() == []


def test_s17_what_goes_into_and_out_of_a_call(saved: bool) -> None:
    running = case("S17", saved).start()
    assert running.ended
    assert running.variables() == {
        "in_1": 1, "in_2": "hello world", "unused": True, "out_1": 2, "out_2": "HELLO WORLD",
    }  # fmt: skip


@pytest.mark.parametrize(("script", "missing"), [("in_1, unused = 1, True", "in_2"), ("in_2 = 'x'", "in_1")])
def test_s17_a_missing_input_is_named(saved: bool, script: str, missing: str) -> None:
    def without(program: Program) -> Program:
        changed = tuple(
            msgspec.structs.replace(node, script=script) if isinstance(node, nodes.ScriptTask) else node
            for node in program.nodes
        )
        return msgspec.structs.replace(program, nodes=changed)

    running = case("S17", saved, change=without).start()
    incident = running.wait("Activity_1wdjypm", waits.Incident)
    assert incident.code == "call_data_missing" and missing in incident.message["en"]


def test_s17_a_missing_output_is_named(saved: bool) -> None:
    known = programs("S17")
    called = known["subprocess"]
    script = next(node for node in called.nodes if isinstance(node, nodes.ScriptTask))
    broken = msgspec.structs.replace(
        called,
        nodes=tuple(
            msgspec.structs.replace(node, script="out_1 = in_1") if node is script else node for node in called.nodes
        ),
    )
    running = Case(known["parent"], saved=saved, evaluator=EVALUATOR, library=Shelf(known["parent"], broken)).start()
    incident = running.wait("Activity_1wdjypm", waits.Incident)
    assert "out_2" in incident.message["en"]
    running.give(stimuli.Retry(incident=incident.id, data={"out_2": "given by hand"}))
    assert running.ended
