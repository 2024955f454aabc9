"""Events around and inside multi-instance activities, calls and nested scopes: who catches, who goes, who stays."""

import pytest

from engine import facts
from engine.kernel import stimuli, waits
from engine.model import nodes, triggers
from engine.model.program import Program
from tests.kernel.case import Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, feel, literal, mapping, message, node, program, signal, timer


def many(collection: str = "items", **more: object) -> nodes.MultiInstance:
    return nodes.MultiInstance(collection=feel(collection), element="item", **more)  # type: ignore[arg-type]


def error(code: str = "", **more: str) -> tuple[triggers.Error, ...]:
    return (triggers.Error(code=code, **more),)


def escalation(code: str = "", **more: str) -> tuple[triggers.Escalation, ...]:
    return (triggers.Escalation(code=code, **more),)


# Event sub-processes inside each run of a multi-instance sub-process


def _each_with_a_listener(interrupting: bool) -> Program:
    return program(
        "start s", node("sub p", loop=many()), "end z",
        node("start i", scope="p"), node("user work", scope="p"), node("end j", scope="p"),
        node("sub e", scope="p", variety="event"),
        node("start k", scope="e", interrupting=interrupting, triggers=(message("stop"),)),
        node("user tidy", scope="e"), node("end l", scope="e"),
        flow=["s > p > z", "i > work > j", "k > tidy > l"],
    )  # fmt: skip


def test_each_run_listens_by_itself(tell: Tell) -> None:
    case = tell(_each_with_a_listener(True)).start(items=[1, 2, 3])
    assert case.open() == ["work"] * 3
    assert case.open(waits.Subscription) == ["k"] * 3
    first = case.wait("k", waits.Subscription)
    case.give(stimuli.Deliver(wait=first.id))
    assert case.open() == ["tidy", "work", "work"], "only the run that it reached is interrupted"
    assert case.open(waits.Subscription) == ["k"] * 2


def test_a_run_that_was_interrupted_counts_as_done(tell: Tell) -> None:
    case = tell(_each_with_a_listener(True)).start(items=[1, 2])
    case.deliver("k").complete("tidy")
    assert not case.ended
    case.complete("work")
    assert case.ended


def test_a_run_ends_when_its_work_and_what_runs_beside_it_are_done(tell: Tell) -> None:
    case = tell(_each_with_a_listener(False)).start(items=[1])
    case.deliver("k").deliver("k")
    assert case.open() == ["tidy", "tidy", "work"]
    case.complete("work")
    assert not case.ended and case.open() == ["tidy", "tidy"]
    case.complete("tidy")
    assert not case.ended
    case.complete("tidy")
    assert case.ended


# Boundary events of multi-instance activities


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("done", [0, 1, 2])
def test_an_interrupting_boundary_ends_all_runs(tell: Tell, sequential: bool, done: int) -> None:
    model = program(
        "start s", node("user a", loop=many(sequential=sequential)), "end z",
        node("boundary b", attached_to="a", triggers=(message("stop"),)), "user late", flow=["s > a > z", "b > late"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2, 3])
    for _ in range(done):
        case.complete("a")
    case.deliver("b")
    assert case.open() == ["late"]
    assert case.complete("late").ended


def test_a_non_interrupting_boundary_counts_once_for_all_runs(tell: Tell) -> None:
    model = program(
        "start s", node("user a", loop=many()), "end z",
        node("boundary b", attached_to="a", interrupting=False, triggers=(timer("R2/PT1H", "cycle"),)), "user remind",
        flow=["s > a > z", "b > remind"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2, 3])
    assert case.open(waits.Timer) == ["b"]
    case.fire("b")
    assert case.open() == ["a", "a", "a", "remind"]
    case.complete("a").fire("b")
    assert case.open() == ["a", "a", "remind", "remind"]
    assert case.open(waits.Timer) == [], "twice means twice"


@pytest.mark.parametrize(
    ("thrown", "caught", "reached"),
    [("E1", "E1", True), ("E1", "", True), ("E1", "E2", False), ("", "", True), ("", "E1", False)],
)
def test_an_error_in_a_run_of_a_sub_process(tell: Tell, thrown: str, caught: str, reached: bool) -> None:
    model = program(
        "start s", node("sub p", loop=many()), "end z", node("start i", scope="p"), node("user u", scope="p"),
        node("end x", scope="p", triggers=error(thrown)), node("boundary b", attached_to="p", triggers=error(caught)),
        "user mend", flow=["s > p > z", "i > u > x", "b > mend"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    case.complete("u")
    if reached:
        assert case.open() == ["mend"], "the other run is cancelled"
    else:
        assert case.incidents() == ["x"] and case.open() == ["u"]


def test_an_escalation_from_a_run_leaves_the_runs_alone(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", loop=many()), "end z", node("start i", scope="p"),
        node("throw t", scope="p", triggers=escalation("X")), node("user u", scope="p"),
        node("boundary b", attached_to="p", interrupting=False, triggers=escalation("X")), "user boss",
        flow=["s > p > z", "i > t > u", "b > boss"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    assert case.open() == ["boss", "boss", "u", "u"]
    case.complete("u").complete("u").complete("boss")
    assert not case.ended and case.complete("boss").ended


# Errors: codes, variables, who is asked first


@pytest.mark.parametrize(
    ("code", "first", "second", "end"),
    [
        ("A", "A", "", "one"),
        ("B", "A", "", "two"),
        ("A", "", "A", "two"),
        ("A", "A", "A", "one"),
        ("A", "", "", "one"),
        ("B", "A", "B", "two"),
    ],
)
def test_which_of_two_boundary_events_catches(tell: Tell, code: str, first: str, second: str, end: str) -> None:
    model = program(
        "start s", "user u", "end z", node("boundary b", attached_to="u", triggers=error(first)),
        node("boundary c", attached_to="u", triggers=error(second)), "end one", "end two",
        flow=["s > u > z", "b > one", "c > two"],
    )  # fmt: skip
    case = tell(model).start()
    case.fail("u", code)
    assert case.ended and case.ends() == (end,)


def test_an_error_tells_its_code_and_message(tell: Tell) -> None:
    caught = error("E7", code_variable="code", message_variable="words")
    thrown = (triggers.Error(code="E7", message=feel('"no " + what')),)
    model = program(
        "start s", node("sub p"), "end z", node("start i", scope="p"), node("end x", scope="p", triggers=thrown),
        node("boundary b", attached_to="p", triggers=caught), "user mend", flow=["s > p > z", "i > x", "b > mend"],
    )  # fmt: skip
    case = tell(model).start(what="paper")
    assert case.variables() == {"what": "paper", "code": "E7", "words": "no paper"}


def test_data_of_a_failed_job_reach_the_catcher(tell: Tell) -> None:
    model = program(
        "start s", node("service j", work=nodes.Work(handler="h")), "end z",
        node("boundary b", attached_to="j", triggers=error("E")), "user mend", flow=["s > j > z", "b > mend"],
    )  # fmt: skip
    case = tell(model).start()
    case.fail("j", "E", limit=5)
    assert case.variables()["limit"] == 5 and case.open() == ["mend"]


@pytest.mark.parametrize("level", ["inner event", "inner boundary", "outer event", "outer boundary", "nowhere"])
def test_an_error_goes_outwards_until_somebody_catches_it(tell: Tell, level: str) -> None:
    """Two sub-processes within each other, each with an event sub-process and a boundary event that may catch it."""
    made = ["start s", node("sub o"), "end z", node("start i", scope="o"), node("sub n", scope="o"),
            node("start j", scope="n"), node("user u", scope="n")]  # fmt: skip
    flow = ["s > o > z", "i > n", "j > u"]
    for place, scope in (("inner", "n"), ("outer", "o")):
        around = {"n": "o", "o": ""}[scope]
        if level == f"{place} event":
            made += [node(f"sub e{scope}", scope=scope, variety="event"),
                     node(f"start s{scope}", scope=f"e{scope}", triggers=error("E")),
                     node("user caught", scope=f"e{scope}")]  # fmt: skip
            flow.append(f"s{scope} > caught")
        if level == f"{place} boundary":
            made += [node(f"boundary b{scope}", attached_to=scope, scope=around, triggers=error("E")),
                     node("user caught", scope=around)]  # fmt: skip
            flow.append(f"b{scope} > caught")
    case = tell(program(*made, flow=flow)).start()
    case.fail("u", "E")
    if level == "nowhere":
        assert case.incidents() == ["u"]
        return
    assert case.open() == ["caught"]
    assert case.complete("caught").ended
    assert case.ends() == (() if level == "outer boundary" else ("z",))


# Escalation and errors through a call


def _called(*extra: object, flow: tuple[str, ...] = ()) -> Program:
    return program("start i", *extra, key="inner", flow=flow)


@pytest.mark.parametrize(("interrupting", "open_after"), [(False, ["boss", "u"]), (True, ["boss"])])
def test_an_escalation_comes_out_of_a_call(tell: Tell, interrupting: bool, open_after: list[str]) -> None:
    inner = _called(node("throw t", triggers=escalation("X")), "user u", flow=("i > t > u",))
    model = program(
        "start s", node("call k", called=literal("inner")), "end z",
        node("boundary b", attached_to="k", interrupting=interrupting, triggers=escalation("X", code_variable="why")),
        "user boss", flow=["s > k > z", "b > boss"],
    )  # fmt: skip
    case = tell(model, library=Shelf(inner)).start()
    assert case.open() == open_after
    assert case.variables()["why"] == "X"


def test_an_escalation_passes_through_two_calls(tell: Tell) -> None:
    innermost = program(
        "start a", node("throw t", triggers=escalation("X")), "user deep", key="deep", flow=["a > t > deep"]
    )
    inner = _called(node("call m", called=literal("deep")), flow=("i > m",))
    model = program(
        "start s", node("call k", called=literal("inner")),
        node("boundary b", attached_to="k", interrupting=False, triggers=escalation()), "user boss",
        flow=["s > k", "b > boss"],
    )  # fmt: skip
    case = tell(model, library=Shelf(innermost, inner)).start()
    assert case.open() == ["boss", "deep"]
    assert case.wait("deep").path == ("k", "m")


def test_a_call_catches_its_own_error_before_it_comes_out(tell: Tell) -> None:
    inner = _called(
        node("user u"), node("boundary c", attached_to="u", triggers=error("E")), "user mended",
        flow=("i > u", "c > mended"),
    )  # fmt: skip
    model = program(
        "start s", node("call k", called=literal("inner")), node("boundary b", attached_to="k", triggers=error()),
        "user outside", flow=["s > k", "b > outside"],
    )  # fmt: skip
    case = tell(model, library=Shelf(inner)).start()
    case.fail("u", "E")
    assert case.open() == ["mended"]


@pytest.mark.parametrize("kind", ["message", "timer", "signal"])
def test_a_boundary_of_a_call_takes_the_called_process_away(tell: Tell, kind: str) -> None:
    trigger = {"message": message("stop"), "timer": timer("PT1H"), "signal": signal("stop")}[kind]
    inner = _called("user u", "user v", flow=("i > u", "i > v"))
    model = program(
        "start s", node("call k", called=literal("inner")), node("boundary b", attached_to="k", triggers=(trigger,)),
        "user after", flow=["s > k", "b > after"],
    )  # fmt: skip
    case = tell(model, library=Shelf(inner)).start()
    assert case.open() == ["u", "v"]
    case = case.fire("b") if kind == "timer" else case.deliver("b")
    assert case.open() == ["after"]
    assert sorted(fact.node for fact in case.facts if isinstance(fact, facts.WorkItemCancelled)) == ["u", "v"]


# Several triggers, conditions inside scopes, cycles


@pytest.mark.parametrize("which", [0, 1, 2])
def test_any_of_several_triggers_takes_the_others_away(tell: Tell, which: int) -> None:
    model = program(
        "start s", node("catch c", triggers=(message("a"), signal("b"), timer("PT1H"))), "end z", flow=["s > c > z"]
    )
    case = tell(model).start()
    wait = sorted(case.waits.values(), key=lambda one: one.id)[which]
    if isinstance(wait, waits.Timer):
        case.fire("c")
    else:
        case.give(stimuli.Deliver(wait=wait.id))
    assert case.ended and not case.waits


def test_a_condition_hears_of_variables_of_its_own_scope(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", inputs=(mapping("level", "1"),)), "end z", node("start i", scope="p"),
        node("user u", scope="p"), node("boundary b", attached_to="u", scope="p", triggers=(condition("level > 3"),)),
        node("user alarm", scope="p"), flow=["s > p > z", "i > u", "b > alarm"],
    )  # fmt: skip
    case = tell(model).start(level=9)
    assert case.open() == ["u"], "inside, level is one"
    scope = case.wait("u").scope
    case.give(stimuli.SetVariables(scope=scope, values={"level": 5}))
    assert case.open() == ["alarm"]


@pytest.mark.parametrize(
    ("text", "times"), [("R1/PT1H", 1), ("R3/PT1H", 3), ("R2/2026-03-02T10:00:00Z/PT2H", 2), ("PT1H", 1)]
)
def test_a_cycle_has_so_many_firings_and_tells_the_rest(tell: Tell, text: str, times: int) -> None:
    model = program(
        "start s", "user a", node("boundary b", attached_to="a", interrupting=False, triggers=(timer(text, "cycle"),)),
        "task t", flow=["s > a", "b > t"],
    )  # fmt: skip
    case = tell(model).start()
    left = []
    while case.open(waits.Timer):
        left.append(case.wait("b", waits.Timer).remaining)
        case.fire("b")
        assert len(left) < 10
    assert left == list(range(times - 1, -1, -1))
    assert case.story().count("t") == times


def test_a_late_clock_fires_from_due_to_due(tell: Tell) -> None:
    model = program(
        "start s", "user a", "task t",
        node("boundary b", attached_to="a", interrupting=False, triggers=(timer("R3/PT1H", "cycle"),)),
        flow=["s > a", "b > t"],
    )  # fmt: skip
    case = tell(model).start()
    first = case.wait("b", waits.Timer).due_at
    case.after(hours=5).fire("b")
    second = case.wait("b", waits.Timer).due_at
    assert (second - first).total_seconds() == 3600
