"""Activities that run several times."""

import pytest

from engine import facts
from engine.kernel import waits
from engine.model import triggers
from engine.model.nodes import MultiInstance, StandardLoop
from engine.model.performer import Performer
from tests.kernel.case import Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import feel, literal, mapping, node, program, timer


def _many(**loop: object) -> object:
    return node("user a", loop=MultiInstance(**loop), performer=Performer(assignee=feel("who")))  # type: ignore[arg-type]


def test_parallel_runs_over_a_collection_and_joins(tell: Tell) -> None:
    many = _many(collection=feel("people"), element="who", output=feel("vote"), output_collection="votes")
    case = tell(program("start s", many, "user z", flow=["s > a > z"])).start(people=["x", "y", "w"])
    assert case.open() == ["a", "a", "a"]
    assert [wait.assignee for wait in case.waits.values()] == ["x", "y", "w"]
    numbers = [wait.id for wait in case.waits.values()]
    for number, vote in zip(reversed(numbers), (3, 2, 1), strict=True):
        case.give_complete(number, vote=vote)
    assert case.open() == ["z"]
    assert case.variables()["votes"] == [1, 2, 3], "in the order of the items, whoever came first"
    started = [fact for fact in case.facts if isinstance(fact, facts.ActivityStarted) and fact.node == "a"]
    assert [fact.index for fact in started] == [0, 1, 2]


def test_sequential_runs_one_after_another_over_the_items_as_they_were(tell: Tell) -> None:
    many = _many(sequential=True, collection=feel("people"), element="who", output=feel("n"), output_collection="r")
    case = tell(program("start s", many, "user z", flow=["s > a > z"])).start(people=["x", "y"])
    assert case.wait("a").assignee == "x"
    case.complete("a", people=[], n=1)
    assert case.open() == ["a"] and case.wait("a").assignee == "y"
    assert case.complete("a", n=2).open() == ["z"]
    assert case.variables() == {"people": [], "n": 2, "r": [1, 2]}


@pytest.mark.parametrize("sequential", [True, False])
def test_no_items_no_work(tell: Tell, sequential: bool) -> None:
    many = _many(sequential=sequential, collection=feel("people"), element="who", output_collection="r")
    case = tell(program("start s", many, "user z", flow=["s > a > z"])).start(people=[])
    assert case.open() == ["z"] and case.variables()["r"] == []


@pytest.mark.parametrize(("sequential", "total"), [(True, 5), (False, 5)])
def test_a_completion_condition_ends_the_rest(tell: Tell, sequential: bool, total: int) -> None:
    many = node(
        "user a",
        loop=MultiInstance(
            sequential=sequential,
            cardinality=feel("n"),
            completion=feel("nrOfCompletedInstances == 2 and nrOfInstances == 5"),
        ),
    )
    case = tell(program("start s", many, "user z", flow=["s > a > z"])).start(n=total)
    assert case.complete("a").complete("a").open() == ["z"]
    assert len(case.story(facts.ActivityCompleted)) == 2


def test_a_sub_process_once_for_each(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", loop=MultiInstance(collection=feel("items"), element="item")), "user z",
        node("start i", scope="p"), node("user a", scope="p", inputs=(mapping("mine", "item * 10"),)),
        node("user b", scope="p"), flow=["s > p > z", "i > a > b"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    inside = [case.variables(case.state.tokens[wait.token].inner) for wait in case.waits.values()]
    assert [found["mine"] for found in inside] == [10, 20]
    case.complete("a").complete("b")
    assert case.open() == ["a"] and case.wait("a").path == ("p",)
    assert case.complete("a").complete("b").open() == ["z"]


def test_a_boundary_event_belongs_to_all_of_them(tell: Tell) -> None:
    model = program(
        "start s", node("user a", loop=MultiInstance(cardinality=feel("3"))), "user x", "user z",
        node("boundary e", attached_to="a", triggers=(timer("PT1H"),)), flow=["s > a > z", "e > x"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open(waits.Timer) == ["e"]
    assert case.fire("e").open(waits.Wait) == ["x"]
    assert len(case.story(facts.ActivityCancelled)) == 2


def test_an_error_in_one_of_them_reaches_their_boundary(tell: Tell) -> None:
    model = program(
        "start s", node("service a", loop=MultiInstance(cardinality=feel("3"))), "user x",
        node("boundary e", attached_to="a", triggers=(triggers.Error(),)), flow=["s > a", "e > x"],
    )  # fmt: skip
    assert tell(model).start().fail("a", code="E").open(waits.Wait) == ["x"]


def test_one_that_fails_is_an_incident_of_its_own(tell: Tell) -> None:
    case = tell(program("start s", _many(collection=feel("people"), element="name"), "user z", flow=["s > a > z"]))
    case.start(people=["x", "y"])
    assert case.incidents() == ["a", "a"]
    case.retry("a", who="li")
    assert case.incidents() == ["a"] and case.wait("a", waits.WorkItem).assignee == "li"
    case.retry("a", skip=True).complete("a")
    assert case.open() == ["z"]


@pytest.mark.parametrize(
    ("loop", "data", "code"),
    [
        ({"collection": feel("people")}, {"people": "abc"}, "not_a_collection"),
        ({"collection": feel("people")}, {"people": None}, "not_a_collection"),
        ({"cardinality": feel("n")}, {"n": -1}, "negative_number"),
        ({"cardinality": feel("n")}, {"n": 1.5}, "whole_number"),
        ({"cardinality": feel("n")}, {"n": 10**9}, "too_many_instances"),
        ({}, {}, "loop_without_number"),
    ],
)
def test_how_many_must_be_clear(tell: Tell, loop: dict[str, object], data: dict[str, object], code: str) -> None:
    case = tell(program("start s", _many(**loop), flow=["s > a"])).start(**data)
    assert case.wait("a", waits.Incident).code == code


def test_calls_once_for_each(tell: Tell) -> None:
    called = program("start cs", "user w", flow=["cs > w"], key="called")
    call = node(
        "call k", called=literal("called"), pass_all_in=False, pass_all_out=False, inputs=(mapping("x", "item"),),
        outputs=(mapping("got", "answer"),),
        loop=MultiInstance(collection=feel("items"), element="item", output=feel("got"), output_collection="all"),
    )  # fmt: skip
    case = tell(program("start s", call, "user z", flow=["s > k > z"]), library=Shelf(called)).start(items=[5, 6])
    for wait in list(case.waits.values()):
        case.give_complete(wait.id, answer=case.variables(wait.scope)["x"] + 1)
    assert case.open() == ["z"] and case.variables()["all"] == [6, 7]


def _loop(**loop: object) -> object:
    return node("user a", standard_loop=StandardLoop(**loop))  # type: ignore[arg-type]


def test_a_standard_loop_runs_while_its_condition_holds(tell: Tell) -> None:
    model = program("start s", _loop(condition=feel("again == True")), "user z", flow=["s > a > z"])
    case = tell(model).start().complete("a", again=True).complete("a", again=True)
    assert case.open() == ["a"]
    assert case.complete("a", again=False).open() == ["z"]


def test_a_standard_loop_may_be_tested_before(tell: Tell) -> None:
    model = program("start s", _loop(condition=feel("again == True"), test_before=True), "user z", flow=["s > a > z"])
    assert tell(model).start(again=False).open() == ["z"]
    assert tell(model).start(again=True).complete("a", again=False).open() == ["z"]


def test_a_standard_loop_has_a_maximum(tell: Tell) -> None:
    model = program("start s", _loop(condition=feel("1 == 1"), maximum=3), "user z", flow=["s > a > z"])
    assert tell(model).start().complete("a").complete("a").complete("a").open() == ["z"]
    model = program("start s", _loop(maximum=2), "user z", flow=["s > a > z"])
    assert tell(model).start().complete("a").complete("a").open() == ["z"]


def test_a_loop_that_never_waits_is_stopped_and_named(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user b", "xor m", "task a", node("xor x", default="x_m"), "end z",
        flow=["s > f", "f > m > a > x", "f > b", "x > m", "x > z: stop == True"],
    )  # fmt: skip
    case = tell(model).start(stop=False)
    incident = next(wait for wait in case.waits.values() if isinstance(wait, waits.Incident))
    assert incident.code == "endless_loop"
    assert {"m", "a", "x"} == set(incident.message["en"].rpartition("through ")[2].split(", "))
    assert case.open() == [], "what had not moved yet is held"
    case.retry(incident.node, stop=True)
    assert case.open() == ["b"] and case.incidents() == []
    assert case.complete("b").ended


def test_a_fork_in_a_loop_that_never_waits_is_bounded(tell: Tell) -> None:
    model = program("start s", "xor m", "task a", flow=["s > m > a", "a > m", "a > m"])
    case = tell(model).start()
    assert len(case.incidents()) == 1 and max(case.sizes) < 1_000_000
