"""Undoing where it is awkward: loops, nested scopes, calls, transactions within each other, failing handlers."""

import pytest

from engine import facts
from engine.kernel import stimuli, waits
from engine.model import nodes, triggers
from engine.model.program import Program
from tests.kernel.case import Case, Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import feel, literal, mapping, message, node, program, timer

COMPENSATE = (triggers.Compensate(),)
CANCEL = (triggers.Cancel(),)


def undoable(name: str, scope: str = "", **more: object) -> tuple[object, ...]:
    return (
        node(f"user {name}", scope=scope, **more),
        node(f"boundary {name}_c", scope=scope, attached_to=name, triggers=COMPENSATE,
             compensation_handler=f"undo_{name}"),
        node(f"user undo_{name}", scope=scope, for_compensation=True),
    )  # fmt: skip


def undone(case: Case) -> list[str]:
    return [name for name in case.story() if name.startswith("undo_")]


# Loops


@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_each_round_of_a_loop_is_undone_by_itself(tell: Tell, rounds: int) -> None:
    model = program(
        "start s", "xor m", *undoable("a"), node("xor x", default="x_c"), node("throw c", triggers=COMPENSATE), "end z",
        flow=["s > m > a > x", "x > m: again == True", "x > c > z"],
    )  # fmt: skip
    case = tell(model).start()
    for number in range(rounds):
        case.complete("a", again=number < rounds - 1)
    assert case.open() == ["undo_a"] * rounds
    for _ in range(rounds):
        case.complete("undo_a")
    assert case.ended


def test_what_was_not_completed_is_not_undone(tell: Tell) -> None:
    model = program(
        "start s", "and f", *undoable("a"), *undoable("b"), "user go", node("throw c", triggers=COMPENSATE), "user z",
        flow=["s > f", "f > a", "f > b", "f > go > c > z"],
    )  # fmt: skip
    case = tell(model).start().complete("a").complete("go")
    assert case.open() == ["b", "undo_a"], "b is open and goes on"
    case.complete("b").complete("undo_a")
    assert case.open() == ["z"]


def test_what_a_boundary_event_cancelled_is_not_undone(tell: Tell) -> None:
    model = program(
        "start s", *undoable("a"), node("boundary t", attached_to="a", triggers=(timer("PT1H"),)),
        node("throw c", triggers=COMPENSATE), "end z", flow=["s > a", "t > c > z"],
    )  # fmt: skip
    case = tell(model).start().fire("t")
    assert case.ended and undone(case) == []


def test_runs_of_a_loop_that_were_not_done_are_not_undone(tell: Tell) -> None:
    loop = nodes.MultiInstance(cardinality=feel("4"), completion=feel("nrOfCompletedInstances >= 2"))
    model = program(
        "start s", *undoable("a", loop=loop), node("throw c", triggers=COMPENSATE), "end z", flow=["s > a > c > z"]
    )
    case = tell(model).start().complete("a").complete("a")
    assert case.open() == ["undo_a", "undo_a"]


# Nested scopes


def two_deep(target: str = "") -> Program:
    return program(
        "start s", node("sub o"), node("throw c", triggers=(triggers.Compensate(activity=target),)), "user z",
        node("start i", scope="o"), *undoable("a", "o"), node("sub n", scope="o"),
        node("start j", scope="n"), *undoable("b", "n"), *undoable("d", "n"),
        flow=["s > o > c > z", "i > a > n", "j > b > d"],
    )  # fmt: skip


def test_a_nested_scope_is_undone_from_its_inside_backwards(tell: Tell) -> None:
    case = tell(two_deep()).start().complete("a").complete("b").complete("d")
    assert undone(case) == ["undo_d", "undo_b", "undo_a"]
    assert [case.wait(f"undo_{name}").path for name in "abd"] == [("o",), ("o", "n"), ("o", "n")]
    for name in "bda":
        assert case.open() != ["z"]
        case.complete(f"undo_{name}")
    assert case.open() == ["z"]


def test_by_name_a_whole_sub_process_is_undone(tell: Tell) -> None:
    case = tell(two_deep("o")).start().complete("a").complete("b").complete("d")
    assert case.open() == ["undo_a", "undo_b", "undo_d"]


def test_variables_are_those_of_when_it_was_done(tell: Tell) -> None:
    model = program(
        "start s", "xor m", node("sub p", inputs=(mapping("seat", "n * 10"),)), node("xor x", default="x_c"),
        node("throw c", triggers=COMPENSATE), "end z", node("start i", scope="p"), *undoable("a", "p"),
        flow=["s > m > p > x", "x > m: n < 3", "x > c > z", "i > a"],
    )  # fmt: skip
    case = tell(model).start(n=1).complete("a", n=2).complete("a", n=3)
    seats = {case.variables(wait.scope)["seat"] for wait in case.waits.values()}
    assert seats == {10, 20}


def test_a_scope_keeps_nothing_when_its_process_is_over(tell: Tell) -> None:
    case = tell(program("start s", *undoable("a"), "end z", flow=["s > a > z"])).start().complete("a")
    assert case.ended and case.waits == {} and len(case.state.scopes) <= 1


# A handler that is more than a task


def test_a_handler_may_be_a_sub_process(tell: Tell) -> None:
    model = program(
        "start s", "user a", node("boundary a_c", attached_to="a", triggers=COMPENSATE, compensation_handler="undo"),
        node("sub undo", for_compensation=True), node("start i", scope="undo"), node("user one", scope="undo"),
        node("user two", scope="undo"), node("throw c", triggers=COMPENSATE), "user z",
        flow=["s > a > c > z", "i > one > two"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["one"]
    case.complete("one")
    assert case.open() == ["two"]
    assert case.complete("two").open() == ["z"]


def test_a_handler_that_fails_is_an_incident_and_a_retry_undoes(tell: Tell) -> None:
    model = program(
        "start s", "user a", node("boundary a_c", attached_to="a", triggers=COMPENSATE, compensation_handler="undo"),
        node("script undo", for_compensation=True, script="refund = paid * 1"), node("throw c", triggers=COMPENSATE),
        "user z", flow=["s > a > c > z"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.incidents() == ["undo"] and case.open() == []
    case.retry("undo", paid=9)
    assert case.open() == ["z"] and case.variables()["refund"] == 9


def test_a_handler_may_be_skipped(tell: Tell) -> None:
    model = program(
        "start s", "user a", node("boundary a_c", attached_to="a", triggers=COMPENSATE, compensation_handler="undo"),
        node("script undo", for_compensation=True, script="x = nothing"), node("throw c", triggers=COMPENSATE),
        "user z", flow=["s > a > c > z"],
    )  # fmt: skip
    case = tell(model).start().complete("a").retry("undo", skip=True)
    assert case.open() == ["z"]


def test_a_call_is_undone_by_its_own_handler(tell: Tell) -> None:
    inner = program("start i", "user deep", key="inner", flow=["i > deep"])
    model = program(
        "start s", node("call k", called=literal("inner")),
        node("boundary k_c", attached_to="k", triggers=COMPENSATE, compensation_handler="undo"),
        node("user undo", for_compensation=True), node("throw c", triggers=COMPENSATE), "user z",
        flow=["s > k > c > z"],
    )  # fmt: skip
    case = tell(model, library=Shelf(inner)).start().complete("deep")
    assert case.open() == ["undo"]
    assert case.complete("undo").open() == ["z"]


def test_a_compensation_end_event_waits_for_the_undoing(tell: Tell) -> None:
    model = program("start s", *undoable("a"), node("end c", triggers=COMPENSATE), flow=["s > a > c"])
    case = tell(model).start().complete("a")
    assert not case.ended and case.open() == ["undo_a"]
    assert case.complete("undo_a").ended


def test_a_token_that_waits_for_undoing_can_be_taken_away(tell: Tell) -> None:
    model = program(
        "start s", *undoable("a"), node("throw c", triggers=COMPENSATE), "user z", "user other", flow=["s > a > c > z"]
    )
    case = tell(model).start().complete("a")
    case.give(stimuli.Move(cancel=("c",), start=("other",), reason="enough"))
    assert "other" in case.open() and "z" not in case.open()


# Transactions


def nested_transactions(outer_end: object) -> Program:
    return program(
        "start s", node("sub t", variety="transaction"), "user after",
        node("boundary tc", attached_to="t", triggers=CANCEL), "user given_up",
        node("start i", scope="t"), *undoable("a", "t"), node("sub n", scope="t", variety="transaction"),
        node("boundary nc", scope="t", attached_to="n", triggers=CANCEL), node("user instead", scope="t"), outer_end,
        node("start j", scope="n"), *undoable("b", "n"), node("xor x", scope="n", default="x_ok"),
        node("end ok", scope="n"), node("end no", scope="n", triggers=CANCEL),
        flow=["s > t > after", "tc > given_up", "i > a > n > fin", "nc > instead", "j > b > x", "x > no: ok == False",
              "x > ok"],
    )  # fmt: skip


def test_a_cancel_in_the_inner_transaction_stays_inside(tell: Tell) -> None:
    case = tell(nested_transactions(node("end fin", scope="t"))).start().complete("a", seat=1).complete("b", ok=False)
    assert case.open() == ["undo_b"], "only the inner one is undone"
    assert case.complete("undo_b").open() == ["instead"]
    assert case.complete("instead").open() == ["after"]
    assert case.variables() == {"seat": 1}, "what the inner one set is dropped, what the outer one set is kept"


def test_a_cancel_of_the_outer_transaction_undoes_the_completed_inner_one(tell: Tell) -> None:
    model = nested_transactions(node("end fin", scope="t", triggers=CANCEL))
    case = tell(model).start().complete("a", seat=1).complete("b", ok=True)
    assert case.open() == ["undo_a", "undo_b"]
    assert undone(case) == ["undo_b", "undo_a"]
    case.complete("undo_a").complete("undo_b")
    assert case.open() == ["given_up"] and case.variables() == {}


def test_each_run_of_a_transaction_is_cancelled_by_itself_or_all(tell: Tell) -> None:
    """The cancel leaves its run; the boundary event belongs to the whole, which it ends."""
    model = program(
        "start s", node("sub t", variety="transaction", loop=nodes.MultiInstance(cardinality=feel("2"))), "user after",
        node("boundary tc", attached_to="t", triggers=CANCEL), "user given_up",
        node("start i", scope="t"), node("user a", scope="t"), node("end no", scope="t", triggers=CANCEL),
        flow=["s > t > after", "tc > given_up", "i > a > no"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert "given_up" in case.open() and "after" not in case.open()


def test_an_error_leaves_a_transaction_without_undoing(tell: Tell) -> None:
    model = program(
        "start s", node("sub t", variety="transaction"), "user after", node("start i", scope="t"), *undoable("a", "t"),
        node("end e", scope="t", triggers=(triggers.Error(code="E"),)),
        node("boundary b", attached_to="t", triggers=(triggers.Error(code="E"),)), "user mend",
        flow=["s > t > after", "i > a > e", "b > mend"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["mend"] and undone(case) == []


@pytest.mark.parametrize("beside", ["user", "receive", "timer", "call"])
def test_a_cancel_takes_away_whatever_waits_in_the_transaction(tell: Tell, beside: str) -> None:
    kinds = {
        "user": node("user w", scope="t"),
        "receive": node("receive w", scope="t", message=message("m")),
        "timer": node("catch w", scope="t", triggers=(timer("PT1H"),)),
        "call": node("call w", scope="t", called=literal("inner")),
    }
    inner = program("start i0", "user deep", key="inner", flow=["i0 > deep"])
    model = program(
        "start s", node("sub t", variety="transaction"), node("boundary tc", attached_to="t", triggers=CANCEL),
        "user given_up", node("start i", scope="t"), node("and f", scope="t"), kinds[beside],
        node("user a", scope="t"), node("end no", scope="t", triggers=CANCEL),
        flow=["s > t", "tc > given_up", "i > f", "f > w", "f > a > no"],
    )  # fmt: skip
    case = tell(model, library=Shelf(inner)).start()
    assert len(case.waits) == 2
    case.complete("a")
    assert case.open(waits.Wait) == ["given_up"]
    cancelled = {fact.node for fact in case.facts if isinstance(fact, facts.ActivityCancelled)}
    assert beside == "timer" or "w" in cancelled
