"""Programs that mean harm, or are merely huge: each step stays bounded, and says what it met."""

import contextlib
import itertools
import time
from random import Random
from typing import Any

import pytest

from engine import errors
from engine.kernel import codec, stimuli, waits
from engine.kernel.plan import compile_program
from engine.kernel.step import step
from engine.model import nodes, triggers
from engine.model.program import Flow, Program
from tests.kernel.case import START, Case, Shelf
from tests.kernel.evaluator import PlainEvaluator
from tests.kernel.models import feel, literal, message, node, program, signal, timer

SECONDS = 10.0
"""Of CPU, far above what each needs (tenths): what grows quadratically does not hide behind it."""


def within(started: float) -> bool:
    return time.process_time() - started < SECONDS


def chain(length: int, kind: str = "task") -> Program:
    names = [f"{kind} n{number}" for number in range(length)]
    path = " > ".join(["s", *(f"n{number}" for number in range(length)), "u"])
    made = [node(words) for words in ["start s", *names, "user u"]]
    flow = tuple(
        Flow(id=f"f{index}", source=source.strip(), target=target.strip())
        for index, (source, target) in enumerate(itertools.pairwise(path.split(">")))
    )
    return Program(key="chain", nodes=tuple(made), flows=flow)


def test_ten_thousand_nodes_compile_and_run() -> None:
    began = time.process_time()
    case = Case(chain(9_990)).start()
    assert case.open() == ["u"]
    assert len(codec.encode(case.state)) < 1_000, "what was passed is forgotten"
    assert within(began)


def test_one_step_more_than_the_budget_is_held_and_goes_on_with_a_retry() -> None:
    case = Case(chain(10_500)).start()
    (incident,) = case.waits.values()
    assert isinstance(incident, waits.Incident) and incident.code == "endless_loop"
    case.give(stimuli.Retry(incident=incident.id))
    assert case.open() == ["u"]


@pytest.mark.parametrize("width", [1_000, 3_000])
@pytest.mark.parametrize("gateway", ["and", "or"])
def test_a_wide_fork_and_its_join(width: int, gateway: str) -> None:
    began = time.process_time()
    model = program(
        "start s", f"{gateway} f", *(f"task t{number}" for number in range(width)), f"{gateway} j", "user u",
        flow=["s > f", "j > u"],
    )  # fmt: skip
    more = [
        Flow(id=f"{kind}{number}", source=source, target=target)
        for number in range(width)
        for kind, source, target in (("a", "f", f"t{number}"), ("b", f"t{number}", "j"))
    ]
    case = Case(Program(key="wide", nodes=model.nodes, flows=(*model.flows, *more))).start()
    assert case.open() == ["u"] and within(began)


@pytest.mark.parametrize("depth", [50, 200])
def test_deep_nesting(depth: int) -> None:
    began = time.process_time()
    made: list[Any] = [node("start s0"), node("sub p0"), node("user after0")]
    flow = ["s0 > p0 > after0"]
    for level in range(1, depth):
        scope = f"p{level - 1}"
        made += [node(f"start s{level}", scope=scope), node(f"sub p{level}", scope=scope),
                 node(f"user after{level}", scope=scope)]  # fmt: skip
        flow.append(f"s{level} > p{level} > after{level}")
    case = Case(program(*made, flow=flow)).start()
    for level in reversed(range(depth)):
        assert case.open() == [f"after{level}"]
        case.complete(f"after{level}")
    assert case.ended and within(began)


def test_a_terminate_deep_inside_ends_its_level_only() -> None:
    made: list[Any] = [node("start s0"), node("sub p0"), node("user after")]
    flow = ["s0 > p0 > after"]
    for level in range(1, 60):
        made += [node(f"start s{level}", scope=f"p{level - 1}"), node(f"sub p{level}", scope=f"p{level - 1}")]
        flow.append(f"s{level} > p{level}")
    made += [node("start z", scope="p59"), node("end t", scope="p59", triggers=(triggers.Terminate(),))]
    assert Case(program(*made, flow=[*flow, "z > t"])).start().open() == ["after"]


@pytest.mark.parametrize("ring", [1, 2, 5])
def test_processes_that_call_each_other_in_a_ring(ring: int) -> None:
    made = [
        program("start s", node("call k", called=literal(f"p{(number + 1) % ring}")), key=f"p{number}", flow=["s > k"])
        for number in range(ring)
    ]
    case = Case(made[0], library=Shelf(*made)).start()
    (incident,) = case.waits.values()
    assert isinstance(incident, waits.Incident) and incident.code == "calls_too_deep"
    assert len(incident.path) <= 32
    case.give(stimuli.Cancel(reason="enough"))
    assert case.ended


def test_a_call_that_doubles_itself_is_bounded() -> None:
    """Two calls of itself in each: without a budget 2^32 of them."""
    began = time.process_time()
    model = program(
        "start s", node("call a", called=literal("twice")), node("call b", called=literal("twice")), key="twice",
        flow=["s > a", "s > b"],
    )  # fmt: skip
    case = Case(model, library=Shelf(model)).start()
    assert case.incidents()
    assert within(began) and len(codec.encode(case.state)) < 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("cardinality", "code"),
    [
        ("10001", "too_many_instances"),
        ("1000000000", "too_many_instances"),
        ("0 - 1", "negative_number"),
        ('"many"', "whole_number"),
        ("None", "whole_number"),
    ],
)
def test_how_many_runs_may_be_asked_for(cardinality: str, code: str) -> None:
    loop = nodes.MultiInstance(cardinality=feel(cardinality))
    case = Case(program("start s", node("user u", loop=loop), flow=["s > u"])).start()
    assert case.incidents() == ["u"] and case.open() == []
    assert case.wait("u", waits.Incident).code == code


def test_loops_within_loops_share_one_budget() -> None:
    began = time.process_time()
    loop = nodes.MultiInstance(cardinality=feel("500"))
    model = program(
        "start s", node("sub p", loop=loop), node("start i", scope="p"), node("sub q", scope="p", loop=loop),
        node("start j", scope="q"), node("task t", scope="q"), flow=["s > p", "i > q", "j > t"],
    )  # fmt: skip
    case = Case(model).start()
    assert case.incidents(), "a quarter of a million runs in one step are too many"
    assert within(began)


def test_a_signal_that_wakes_itself_is_bounded() -> None:
    began = time.process_time()
    model = program(
        "start s", "user u", node("throw t", triggers=(signal("go"),)), node("sub e", variety="event"),
        node("start i", scope="e", interrupting=False, triggers=(signal("go"),)),
        node("throw again", scope="e", triggers=(signal("go"),)), flow=["s > u > t", "i > again"],
    )  # fmt: skip
    case = Case(model).start().complete("u")
    assert case.incidents() or case.ended
    assert within(began)


def test_a_condition_that_feeds_itself_is_bounded() -> None:
    began = time.process_time()
    model = program(
        "start s", "user u", node("sub e", variety="event"),
        node("start i", scope="e", interrupting=False,
             triggers=(triggers.Conditional(condition=feel("n % 2 == 1")),)),
        node("script k", scope="e", script="n = n + 2"), flow=["s > u", "i > k"],
    )  # fmt: skip
    case = Case(model).start(n=0)
    case.set(n=1)
    assert within(began) and (case.incidents() or case.open() == ["u"])


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("x" * (9 * 1024 * 1024), "larger than"),
        (2**5000, "4096 bits"),
        ({1: 2}, "key of type int"),
        ({"a": {2, 3}}, "type set"),
        (object(), "type object"),
        ("\ud800", "UnicodeEncodeError"),
        (lambda: 0, "type function"),
    ],
    ids=["huge", "large number", "number key", "set", "object", "half a character", "function"],
)
def test_a_value_that_cannot_be_kept_is_refused_by_name(value: Any, why: str) -> None:
    case = Case(program("start s", "user u", flow=["s > u"])).start()
    before = codec.encode(case.state)
    with pytest.raises(errors.Invalid) as refused:
        case.complete("u", odd=value)
    assert "'odd'" in refused.value.text["en"] and why in refused.value.text["en"]
    assert codec.encode(case.state) == before and case.open() == ["u"]


@pytest.mark.parametrize("depth", [66, 5_000])
def test_a_value_that_nests_too_deep_is_refused(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    with pytest.raises(errors.Invalid):
        Case(program("start s", "user u", flow=["s > u"])).start(odd=value)


@pytest.mark.parametrize("name", ["typename", "__class__", "", "a" * 10_000, "'; drop table", "中文", "x\x00y", "None"])
def test_a_variable_may_have_any_name(name: str) -> None:
    case = Case(program("start s", "user u", "user v", flow=["s > u > v"]), saved=True).start(**{name: 1})
    assert case.variables() == {name: 1}
    case.complete("u", **{name: 2})
    assert case.variables() == {name: 2}


@pytest.mark.parametrize("wait", [-1, 0, 10**6, 2**63])
def test_a_wait_that_is_not_open_is_refused(wait: int) -> None:
    case = Case(program("start s", "user u", flow=["s > u"])).start()
    for stimulus in (
        stimuli.Complete(wait=wait), stimuli.Fail(wait=wait), stimuli.Fire(wait=wait), stimuli.Deliver(wait=wait),
        stimuli.Retry(incident=wait),
    ):  # fmt: skip
        with pytest.raises(errors.Conflict):
            case.give(stimulus)
    assert case.open() == ["u"]


MODEL = program(
    "start s", "user u", node("service j", work=nodes.Work(handler="h")), node("catch t", triggers=(timer("PT1H"),)),
    node("receive m", message=message("m")), node("script k", script="x = nothing"), "and f",
    flow=["s > f", "f > u", "f > j", "f > t", "f > m", "f > k"],
)  # fmt: skip


@pytest.mark.parametrize("kind", ["Complete", "Fire", "Deliver", "Retry"])
def test_each_wait_takes_its_own_stimulus_only(kind: str) -> None:
    takes = {
        "Complete": (waits.WorkItem, waits.Job), "Fire": (waits.Timer,), "Deliver": (waits.Subscription,),
        "Retry": (waits.Incident,),
    }  # fmt: skip
    for node_id in ("u", "j", "t", "m", "k"):
        case = Case(MODEL).start().after(days=1)
        wait = case.wait(node_id)
        make: dict[str, stimuli.AnyStimulus] = {
            "Complete": stimuli.Complete(wait=wait.id), "Fire": stimuli.Fire(wait=wait.id),
            "Deliver": stimuli.Deliver(wait=wait.id), "Retry": stimuli.Retry(incident=wait.id),
        }  # fmt: skip
        if isinstance(wait, takes[kind]):
            case.give(make[kind])
        else:
            with pytest.raises(errors.Conflict):
                case.give(make[kind])


def test_a_timer_is_not_fired_before_its_time() -> None:
    case = Case(MODEL).start()
    with pytest.raises(errors.Conflict):
        case.give(stimuli.Fire(wait=case.wait("t").id))
    case.fire("t")


@pytest.mark.parametrize("seed", range(30))
def test_broken_bytes_are_refused_and_never_run(seed: int) -> None:
    random = Random(seed)
    data = bytearray(codec.encode(Case(MODEL).start(a=[1, {"b": 2}]).state))
    for _ in range(1 + seed % 4):
        data[random.randrange(len(data))] = random.randrange(256)
    try:
        state = codec.decode(bytes(data[: random.randrange(1, len(data) + 1)]))
    except errors.CrmflowError:
        return
    plan = compile_program(MODEL)
    with contextlib.suppress(errors.CrmflowError):
        step(plan, state, stimuli.SetVariables(values={"n": 1}), now=START, evaluator=PlainEvaluator())
