"""Leaving nodes that are no gateways, and beginning without start events."""

from tests.kernel.conftest import Tell
from tests.kernel.models import node, program


def test_several_flows_out_of_an_activity_are_a_fork(tell: Tell) -> None:
    model = program("start s", "user a", "user b", "user c", flow=["s > a", "a > b", "a > c"])
    assert tell(model).start().complete("a").open() == ["b", "c"]


def test_conditional_flows_out_of_an_activity(tell: Tell) -> None:
    model = program(
        "start s", node("user a", default="a_d"), "user b", "user c", "user d",
        flow=["s > a", "a > b: n > 0", "a > c: n > 1", "a > d"],
    )  # fmt: skip
    assert tell(model).start().complete("a", n=2).open() == ["b", "c"]
    assert tell(model).start().complete("a", n=1).open() == ["b"]
    assert tell(model).start().complete("a", n=0).open() == ["d"]


def test_no_flow_out_of_an_activity_holds_and_the_work_is_not_done_again(tell: Tell) -> None:
    model = program("start s", "user a", "user b", "user c", flow=["s > a", "a > b: n > 0", "a > c: n > 1"])
    case = tell(model).start().complete("a", n=0)
    assert case.incidents() == ["a"] and case.open() == []
    assert case.retry("a", n=1).open() == ["b"]
    assert case.story() == ["a", "b"]


def test_several_flows_into_an_activity_are_no_join(tell: Tell) -> None:
    model = program("start s", "and f", "user a", "user b", "user c", flow=["s > f", "f > a > c", "f > b > c"])
    assert tell(model).start().complete("a").complete("b").open() == ["c", "c"]


def test_quantities(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", node("user c", start_quantity=2), node("user d", completion_quantity=3),
        "user e", flow=["s > f", "f > a > c", "f > b > c", "c > d > e"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["b"]
    assert case.complete("b").open() == ["c"]
    assert case.complete("c").complete("d").open() == ["e", "e", "e"]


def test_a_process_without_start_event_begins_wherever_no_flow_enters(tell: Tell) -> None:
    model = program("user a", "user b", "user c", "end z", flow=["a > c > z", "b > z"])
    case = tell(model).start()
    assert case.open() == ["a", "b"]
    assert case.complete("b").complete("a").complete("c").ended


def test_a_node_that_nothing_leaves_ends_its_token(tell: Tell) -> None:
    assert tell(program("start s", "user a", flow=["s > a"])).start().complete("a").ended


def test_an_empty_sub_process_is_over_at_once(tell: Tell) -> None:
    assert tell(program("start s", "sub p", "user a", flow=["s > p > a"])).start().open() == ["a"]
