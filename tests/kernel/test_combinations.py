"""Elements within elements within elements: what holds for each alone must hold for them together."""

import itertools

import pytest

from engine import facts
from engine.kernel import stimuli, waits
from engine.model import nodes, triggers
from engine.model.program import Program
from tests.kernel.case import Case, Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, feel, mapping, message, node, program, signal, timer

MANY = nodes.MultiInstance(collection=feel("items"), element="item")
ONE_BY_ONE = nodes.MultiInstance(collection=feel("items"), element="item", sequential=True)
ERROR = (triggers.Error(code="E"),)
UNDO = (triggers.Compensate(),)


def undone(case: Case) -> list[str]:
    return [name for name in case.story() if name.startswith("undo")]


# Several runs of a sub-process, what they did, and what undoes it


def _booked(loop: nodes.MultiInstance) -> Program:
    """Each run books and then pays; where paying fails, the boundary's way undoes what was booked."""
    return program(
        "start s", node("sub p", loop=loop), "end z",
        node("start i", scope="p"), node("user book", scope="p"), node("user pay", scope="p"), node("end j", scope="p"),
        node("boundary c", scope="p", attached_to="book", triggers=UNDO, compensation_handler="undo"),
        node("task undo", scope="p", for_compensation=True),
        node("boundary b", attached_to="p", triggers=ERROR), node("throw t", triggers=UNDO), "end late",
        flow=["s > p > z", "i > book > pay > j", "b > t > late"],
    )  # fmt: skip


def test_runs_that_were_completed_are_undone_when_another_fails(tell: Tell) -> None:
    case = tell(_booked(MANY)).start(items=[1, 2, 3])
    case.complete("book").complete("book").complete("pay")
    case.fail("pay", code="E")
    assert case.ended and case.ends() == ("late",)
    assert undone(case) == ["undo"], "one run was complete: it alone has something that can be undone from outside"


def test_one_run_after_another_is_undone_in_reverse(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", loop=ONE_BY_ONE), node("throw t", triggers=UNDO), "end z",
        node("start i", scope="p"), node("task a", scope="p"), node("end j", scope="p"),
        node("boundary c", scope="p", attached_to="a", triggers=UNDO, compensation_handler="undo"),
        node("user undo", scope="p", for_compensation=True, inputs=(mapping("which", "item"),)),
        flow=["s > p > t > z", "i > a > j"],
    )  # fmt: skip
    case = tell(model).start(items=["x", "y"])
    assert case.open() == ["undo", "undo"] and not case.ended
    case.complete("undo").complete("undo")
    assert case.ended


def test_a_boundary_that_does_not_interrupt_undoes_while_the_runs_go_on(tell: Tell) -> None:
    model = program(
        "start s", node("user a", loop=MANY), "end z",
        node("boundary c", attached_to="a", triggers=UNDO, compensation_handler="undo"),
        node("task undo", for_compensation=True),
        node("boundary b", attached_to="a", interrupting=False, triggers=(message("undo it"),)),
        node("throw t", triggers=UNDO), "end late", flow=["s > a > z", "b > t > late"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2, 3]).complete("a").complete("a")
    case.deliver("b")
    assert undone(case) == ["undo", "undo"] and case.open() == ["a"]
    assert case.complete("a").ended


# Terminate


@pytest.mark.parametrize("loop", [MANY, ONE_BY_ONE], ids=["parallel", "sequential"])
def test_terminate_in_one_run_ends_that_run_and_no_other(tell: Tell, loop: nodes.MultiInstance) -> None:
    model = program(
        "start s", node("sub p", loop=loop), "user after",
        node("start i", scope="p"), node("and f", scope="p"), node("user a", scope="p"), node("user b", scope="p"),
        node("end t", scope="p", triggers=(triggers.Terminate(),)),
        flow=["s > p > after", "i > f > a > t", "f > b"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    case.complete("a")
    assert case.open() == ["a", "b"] and not case.ended, "the other run is at work, or has just begun"
    case.complete("a")
    assert case.open() == ["after"]


def test_terminate_in_a_called_process_of_one_run_leaves_the_other_runs(tell: Tell) -> None:
    called = program(
        "start i", "and f", "user a", "user b", node("end t", triggers=(triggers.Terminate(),)),
        flow=["i > f > a > t", "f > b"], key="q",
    )  # fmt: skip
    case = Case(program("start s", node("call c", called=feel("'q'"), loop=MANY), "end z", flow=["s > c > z"]),
                library=Shelf(called)).start(items=[1, 2])  # fmt: skip
    case.complete("a")
    assert case.open() == ["a", "b"]
    assert case.complete("a").ended


def test_terminate_in_an_event_sub_process_ends_that_alone_where_it_runs_beside(tell: Tell) -> None:
    model = program(
        "start s", "user a", "end z", node("sub e", variety="event"),
        node("start k", scope="e", interrupting=False, triggers=(message("m"),)), node("and f", scope="e"),
        node("user x", scope="e"), node("user y", scope="e"),
        node("end t", scope="e", triggers=(triggers.Terminate(),)),
        flow=["s > a > z", "k > f > x > t", "f > y"],
    )  # fmt: skip
    case = tell(model).start().deliver("k")
    assert case.open() == ["a", "x", "y"]
    assert case.complete("x").open() == ["a"]
    assert case.complete("a").ended


# Event sub-processes inside what is called


def _called(*, interrupting: bool, trigger: triggers.AnyTrigger) -> Program:
    return program(
        "start i", "user inner", "end j", node("sub e", variety="event"),
        node("start k", scope="e", interrupting=interrupting, triggers=(trigger,)), node("user mend", scope="e"),
        flow=["i > inner > j", "k > mend"], key="q",
    )  # fmt: skip


def _calling(**more: object) -> Program:
    return program("start s", node("call c", called=feel("'q'"), **more), "user next", flow=["s > c > next"])


def test_an_event_sub_process_of_a_called_process_takes_its_error_before_the_caller() -> None:
    called = _called(interrupting=True, trigger=triggers.Error(code="E"))
    caller = program(
        "start s", node("call c", called=feel("'q'")), "user next", node("boundary b", attached_to="c", triggers=ERROR),
        "user late", flow=["s > c > next", "b > late"],
    )  # fmt: skip
    case = Case(caller, library=Shelf(called)).start().fail("inner", code="E")
    assert case.open() == ["mend"]
    assert case.complete("mend").open() == ["next"], "the call is over as usual"


@pytest.mark.parametrize(("interrupting", "left"), [(True, ["mend"]), (False, ["inner", "mend"])])
def test_a_message_reaches_an_event_sub_process_of_a_called_process(interrupting: bool, left: list[str]) -> None:
    case = Case(_calling(), library=Shelf(_called(interrupting=interrupting, trigger=message("m")))).start()
    assert case.deliver("k").open() == left
    for name in left:
        assert "next" not in case.open()
        case.complete(name)
    assert case.open() == ["next"]


def test_a_signal_of_the_caller_reaches_what_it_called() -> None:
    caller = program(
        "start s", "and f", node("call c", called=feel("'q'")), "user a", node("throw t", triggers=(signal("stop"),)),
        "end z", flow=["s > f > c", "f > a > t > z"],
    )  # fmt: skip
    case = Case(caller, library=Shelf(_called(interrupting=True, trigger=signal("stop")))).start()
    assert case.complete("a").open() == ["mend"]


def test_a_condition_in_a_called_process_sees_only_its_own_variables() -> None:
    called = _called(interrupting=False, trigger=condition("x == 1"))
    case = Case(_calling(inputs=(mapping("x", "0"),), pass_all_in=False, pass_all_out=False), library=Shelf(called))
    case.start(x=0).set(x=1)
    assert case.open() == ["inner"], "the caller's variable is another one"
    case.complete("inner", x=1)
    assert case.open() == ["mend"], "it is looked at once more before the process is over"


def test_a_conditional_event_in_the_flow_of_a_called_process_sees_its_variables() -> None:
    called = program("start i", "and f", "user inner", node("catch k", triggers=(condition("x == 1"),)), "user mend",
                     flow=["i > f > inner", "f > k > mend"], key="q")  # fmt: skip
    case = Case(_calling(inputs=(mapping("x", "0"),), pass_all_in=False, pass_all_out=False), library=Shelf(called))
    case.start(x=0).set(x=1)
    assert case.open() == ["inner"]
    assert case.complete("inner", x=1).open() == ["mend"]


def test_a_condition_at_the_boundary_of_a_call_sees_the_callers_variables() -> None:
    called = program("start i", "user inner", "end j", flow=["i > inner > j"], key="q")
    caller = program(
        "start s", node("call c", called=feel("'q'"), pass_all_in=False, pass_all_out=False), "end z",
        node("boundary b", attached_to="c", triggers=(condition("x == 1"),)), "user late",
        flow=["s > c > z", "b > late"],
    )  # fmt: skip
    case = Case(caller, library=Shelf(called)).start(x=0)
    inside = next(number for number, scope in case.state.scopes.items() if scope.kind == 2)
    case.give(stimuli.SetVariables(values={"x": 1}, scope=inside))
    assert case.open() == ["inner"], "the called process's variable is another one"
    assert case.set(x=1).open() == ["late"]


def test_a_boundary_of_the_call_takes_a_running_event_sub_process_away() -> None:
    caller = program(
        "start s", node("call c", called=feel("'q'")), "end z",
        node("boundary b", attached_to="c", triggers=(timer("PT1H"),)), "user late", flow=["s > c > z", "b > late"],
    )  # fmt: skip
    case = Case(caller, library=Shelf(_called(interrupting=False, trigger=message("m")))).start().deliver("k")
    assert case.fire("b").open() == ["late"] and case.open(waits.Subscription) == []


# Event sub-processes within each other


def test_an_event_sub_process_may_listen_itself(tell: Tell) -> None:
    model = program(
        "start s", "user a", node("sub e", variety="event"),
        node("start k", scope="e", interrupting=False, triggers=(message("one"),)), node("user x", scope="e"),
        node("sub g", scope="e", variety="event"), node("start l", scope="g", triggers=(message("two"),)),
        node("user y", scope="g"), flow=["s > a", "k > x", "l > y"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.open(waits.Subscription) == ["k"], "the inner one listens only while the outer one runs"
    case.deliver("k").deliver("l")
    assert case.open() == ["a", "y"]
    case.complete("y").complete("a")
    assert case.ended


def test_two_runs_of_one_event_sub_process_are_two(tell: Tell) -> None:
    model = program(
        "start s", "user a", node("sub e", variety="event"),
        node("start k", scope="e", interrupting=False, triggers=(message("m", mappings=(("n", feel("n")),)),)),
        node("user x", scope="e"), flow=["s > a", "k > x"],
    )  # fmt: skip
    case = tell(model).start().deliver("k", n=1).deliver("k", n=2)
    assert case.open() == ["a", "x", "x"]
    case.complete("x").complete("x").complete("a")
    assert case.ended


# Escalations


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("loop", [None, MANY], ids=["once", "each"])
def test_an_escalation_out_of_nested_sub_processes(
    tell: Tell, loop: nodes.MultiInstance | None, interrupting: bool
) -> None:
    """Thrown two levels down; an interrupting catch ends everything inside, another one leaves it at work."""
    model = program(
        "start s", node("sub p", loop=loop), "end z",
        node("start i", scope="p"), node("sub q", scope="p"), node("user rest", scope="p"),
        node("start k", scope="q"), node("throw t", scope="q", triggers=(triggers.Escalation(code="X"),)),
        node("user inside", scope="q"),
        node("boundary b", attached_to="p", interrupting=interrupting, triggers=(triggers.Escalation(code="X"),)),
        "user told", flow=["s > p > z", "i > q > rest", "k > t > inside", "b > told"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    runs = 2 if loop else 1
    if interrupting:
        assert case.open() == ["told"], "the second run never throws: it is gone with the first throw"
    else:
        assert case.open() == ["inside"] * runs + ["told"] * runs


def test_an_escalation_end_event_still_completes_its_sub_process(tell: Tell) -> None:
    model = program(
        "start s", "sub p", "user next", node("start i", scope="p"),
        node("end j", scope="p", triggers=(triggers.Escalation(code="X"),)),
        node("boundary b", attached_to="p", interrupting=False, triggers=(triggers.Escalation(),)), "user told",
        flow=["s > p > next", "i > j", "b > told"],
    )  # fmt: skip
    assert tell(model).start().open() == ["next", "told"]


# Inclusive joins


@pytest.mark.parametrize("rounds", [1, 3])
@pytest.mark.parametrize("order", list(itertools.permutations("ab")))
def test_an_inclusive_pair_in_a_loop_joins_each_round_by_itself(
    tell: Tell, rounds: int, order: tuple[str, ...]
) -> None:
    model = program(
        "start s", "xor m", "or f", "user a", "user b", "or j", "user check", node("xor x", default="x_z"), "end z",
        flow=["s > m > f", "f > a: a == 1", "f > b: b == 1", "a > j", "b > j", "j > check > x", "x > m: again == 1",
              "x > z"],
    )  # fmt: skip
    case = tell(model).start(a=1, b=1, again=1)
    for number in range(rounds):
        for name in order:
            assert case.open() != ["check"]
            case.complete(name)
        assert case.open() == ["check"], "one token, however many came"
        case.complete("check", again=1 if number + 1 < rounds else 0)
    assert case.ended


def test_an_inclusive_join_waits_for_a_sub_process_and_for_its_boundary_way(tell: Tell) -> None:
    model = program(
        "start s", "or f", "sub p", "task b", "or j", "user next",
        node("start i", scope="p"), node("user w", scope="p"),
        node("boundary t", attached_to="p", triggers=(timer("PT1H"),)), "user late",
        flow=["s > f > p > j > next", "f > b > j", "t > late > j", "i > w"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.open() == ["w"]
    case.fire("t")
    assert case.open() == ["late"], "the way over the boundary still leads to the join"
    assert case.complete("late").open() == ["next"]


def test_an_inclusive_join_lets_go_when_what_could_come_has_ended(tell: Tell) -> None:
    model = program(
        "start s", "or f", "user a", node("xor x", default="x_j"), "end gone", "task b", "or j", "user next",
        flow=["s > f > a > x", "x > gone: stop == 1", "x > j > next", "f > b > j"],
    )  # fmt: skip
    case = tell(model).start(stop=1)
    assert case.open() == ["a"]
    assert case.complete("a").open() == ["next"]


def test_an_inclusive_join_in_each_run_of_a_loop_joins_its_own(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", loop=MANY), "end z",
        node("start i", scope="p"), node("or f", scope="p"), node("user a", scope="p"), node("user b", scope="p"),
        node("or j", scope="p"), node("user c", scope="p"), flow=["s > p > z", "i > f > a > j > c", "f > b > j"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    first = case.wait("a").scope
    for name in ("a", "b"):
        item = next(wait for wait in case.waits.values() if wait.node == name and wait.scope == first)
        case.give_complete(item.id)
    assert case.open() == ["a", "b", "c"]


# Several of a kind at once


def test_a_signal_thrown_by_one_run_reaches_the_listeners_of_all(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", loop=MANY), "end z",
        node("start i", scope="p"), node("user a", scope="p"), node("throw t", scope="p", triggers=(signal("all"),)),
        node("user b", scope="p"), node("sub e", scope="p", variety="event"),
        node("start k", scope="e", interrupting=False, triggers=(signal("all"),)), node("user heard", scope="e"),
        flow=["s > p > z", "i > a > t > b", "k > heard"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2]).complete("a")
    assert case.open() == ["a", "b", "heard", "heard"]


def test_two_cycles_at_one_activity_do_not_disturb_each_other(tell: Tell) -> None:
    model = program(
        "start s", "user a", "end z",
        node("boundary b", attached_to="a", interrupting=False, triggers=(timer("R2/PT1H", kind="cycle"),)), "task x",
        node("boundary c", attached_to="a", interrupting=False, triggers=(timer("R3/PT2H", kind="cycle"),)), "task y",
        flow=["s > a > z", "b > x", "c > y"],
    )  # fmt: skip
    case = tell(model).start()
    for name in ("b", "b", "c", "c", "c"):
        case.fire(name)
    story = case.story()
    assert (story.count("x"), story.count("y")) == (2, 3)
    assert case.open(waits.Timer) == [] and case.complete("a").ended


def test_a_link_inside_a_sub_process_jumps_within_its_own_run(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", loop=MANY), "end z", node("start i", scope="p"), node("user a", scope="p"),
        node("throw t", scope="p", triggers=(triggers.Link(name="L"),)),
        node("catch c", scope="p", triggers=(triggers.Link(name="L"),)), node("user b", scope="p"),
        flow=["s > p > z", "i > a > t", "c > b"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2])
    scope = case.wait("a").scope
    case.complete("a")
    assert case.open() == ["a", "b"] and case.wait("b").scope == scope


def test_a_standard_loop_over_a_sub_process_with_an_event_inside(tell: Tell) -> None:
    loop = nodes.StandardLoop(condition=feel("loopCounter < 2"))
    model = program(
        "start s", node("sub p", standard_loop=loop), "end z", node("start i", scope="p"),
        node("catch c", scope="p", triggers=(message("m"),)), flow=["s > p > z", "i > c"],
    )  # fmt: skip
    case = tell(model).start()
    case.deliver("c").deliver("c")
    assert case.ended


def test_an_ad_hoc_sub_process_is_interrupted_with_all_that_was_begun_in_it(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", variety="adHoc", completion=feel("done == 1")), "end z",
        node("user a", scope="p"), node("user b", scope="p"),
        node("boundary t", attached_to="p", triggers=(message("stop"),)), "user late", flow=["s > p > z", "t > late"],
    )  # fmt: skip
    case = tell(model).start(done=0).complete("a")
    assert case.open() == ["b"]
    assert case.deliver("t").open() == ["late"]


# Transactions


def test_a_cancel_two_transactions_down_undoes_the_inner_and_the_outer_decides_for_itself(tell: Tell) -> None:
    model = program(
        "start s", node("sub o", variety="transaction"), "end z",
        node("start i", scope="o"), node("task a", scope="o"), node("sub n", scope="o", variety="transaction"),
        node("boundary ca", scope="o", attached_to="a", triggers=UNDO, compensation_handler="undo_a"),
        node("task undo_a", scope="o", for_compensation=True),
        node("start k", scope="n"), node("task b", scope="n"),
        node("boundary cb", scope="n", attached_to="b", triggers=UNDO, compensation_handler="undo_b"),
        node("task undo_b", scope="n", for_compensation=True),
        node("end x", scope="n", triggers=(triggers.Cancel(),)),
        node("boundary in", scope="o", attached_to="n", triggers=(triggers.Cancel(),)),
        node("end y", scope="o", triggers=(triggers.Cancel(),)),
        node("boundary out", attached_to="o", triggers=(triggers.Cancel(),)), "end late",
        flow=["s > o > z", "i > a > n", "k > b > x", "in > y", "out > late"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.ended and case.ends() == ("late",)
    assert undone(case) == ["undo_b", "undo_a"]


def test_an_escalation_out_of_a_transaction_neither_cancels_nor_undoes(tell: Tell) -> None:
    model = program(
        "start s", node("sub o", variety="transaction"), "end z", node("start i", scope="o"), node("task a", scope="o"),
        node("boundary ca", scope="o", attached_to="a", triggers=UNDO, compensation_handler="undo"),
        node("task undo", scope="o", for_compensation=True),
        node("throw t", scope="o", triggers=(triggers.Escalation(code="X"),)), node("user w", scope="o"),
        node("boundary b", attached_to="o", interrupting=False, triggers=(triggers.Escalation(code="X"),)), "user told",
        flow=["s > o > z", "i > a > t > w", "b > told"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.open() == ["told", "w"] and undone(case) == []


# By hand, in the middle of it


def test_a_run_of_a_loop_is_cancelled_by_hand_and_the_others_finish_the_loop(tell: Tell) -> None:
    model = program("start s", node("user a", loop=MANY), "user next", flow=["s > a > next"])
    case = tell(model).start(items=[1, 2, 3])
    body = next(token for token in case.state.tokens.values() if token.memo == (3, 3, 0))
    case.give(stimuli.Move(cancel=(body.number,), start=("next",), reason="enough"))
    assert case.open() == ["next"]


def test_a_token_is_put_into_a_sub_process_that_is_not_open(tell: Tell) -> None:
    model = program(
        "start s", "user a", "sub p", "end z", node("start i", scope="p"), node("user b", scope="p"),
        node("sub e", scope="p", variety="event"), node("start k", scope="e", triggers=(message("m"),)),
        node("user c", scope="e"), flow=["s > a > p > z", "i > b", "k > c"],
    )  # fmt: skip
    case = tell(model).start()
    case.give(stimuli.Move(cancel=("a",), start=("b",), reason="skip the first"))
    assert case.open() == ["b"] and case.open(waits.Subscription) == ["k"], "the opened scope listens as it always does"
    assert case.complete("b").ended


def test_what_is_told_is_told_once_for_each_activity(tell: Tell) -> None:
    """Every activity that began has ended or was cancelled, exactly once, whatever was around it."""
    case = tell(_booked(MANY)).start(items=[1, 2, 3])
    case.complete("book").complete("book").complete("pay").fail("pay", code="E")
    begun = [fact.token for fact in case.facts if isinstance(fact, facts.ActivityStarted)]
    over = [
        fact.token for fact in case.facts if isinstance(fact, facts.ActivityCompleted | facts.ActivityCancelled)
    ]  # fmt: skip
    assert sorted(begun) == sorted(over)
