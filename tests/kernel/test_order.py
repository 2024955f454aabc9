"""The order of moves inside one step, which docs/processing-model.md promises."""

from engine import facts
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, node, program, signal


def test_a_branch_runs_until_it_waits_before_the_next_begins(tell: Tell) -> None:
    model = program(
        "start s",
        "and f",
        "task a",
        "task b",
        "user c",
        "task d",
        "user e",
        flow=["s > f", "f > a > b > c", "f > d > e"],
    )
    assert tell(model).start().story() == ["a", "b", "c", "d", "e"]


def test_branches_begin_in_document_order_out_of_every_kind_of_fork(tell: Tell) -> None:
    for kind in ("and f", "or f", "task f"):
        model = program("start s", kind, "task a", "task b", "task c", flow=["s > f", "f > b", "f > a", "f > c"])
        assert tell(model).start().story()[-3:] == ["b", "a", "c"], kind


def test_conditions_are_looked_at_after_the_move_that_changed_a_variable(tell: Tell) -> None:
    model = program(
        "start s", "and f", node("catch c", triggers=(condition("n == 1"),)), "user seen",
        node("script one", script="n = 1"), node("script two", script="n = 2"), "user z",
        flow=["s > f", "f > c > seen", "f > one > two > z"],
    )  # fmt: skip
    case = tell(model).start(n=0)
    assert case.open() == ["seen", "z"], "n = 1 was seen between the two scripts"


def test_joins_that_wait_go_only_when_nothing_else_can_move(tell: Tell) -> None:
    model = program(
        "start s", "and f", "or j", "task a", "task b", "task c", "user z",
        flow=["s > f", "f > j", "f > a > b > j", "j > c > z"],
    )  # fmt: skip
    assert tell(model).start().story() == ["a", "b", "c", "z"]


def test_who_catches_moves_before_who_throws(tell: Tell) -> None:
    model = program(
        "start s", "and f", node("catch c", triggers=(signal("go"),)), "task caught", "task before",
        node("throw t", triggers=(signal("go"),)), "task after",
        flow=["s > f", "f > c > caught", "f > before > t > after"],
    )  # fmt: skip
    assert tell(model).start().story() == ["before", "caught", "after"]


def test_an_end_event_is_remembered_in_the_order_it_was_first_reached(tell: Tell) -> None:
    model = program("start s", "and f", "user a", "end x", "end y", flow=["s > f", "f > a > x", "f > y", "f > x"])
    case = tell(model).start().complete("a")
    assert case.ends() == ("y", "x")


def test_facts_of_a_completion_tell_it_in_order(tell: Tell) -> None:
    case = tell(program("start s", "user a", "user b", flow=["s > a > b"])).start()
    case.facts.clear()
    case.complete("a", n=1)
    assert [type(fact).__name__ for fact in case.facts] == [
        "WorkItemCompleted",
        "VariablesSet",
        "ActivityCompleted",
        "FlowTaken",
        "ActivityStarted",
        "WorkItemOpened",
    ]
    assert all(isinstance(fact, facts.Fact) for fact in case.facts)
