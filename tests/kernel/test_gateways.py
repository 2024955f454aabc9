"""Exclusive, parallel, inclusive, complex, event-based: who goes where, who waits for whom."""

from engine.kernel import waits
from engine.model import triggers
from tests.kernel.conftest import Tell
from tests.kernel.models import feel, message, node, program, signal, timer


def test_exclusive_takes_the_first_condition_in_document_order(tell: Tell) -> None:
    model = program(
        "start s", "xor x", "user a", "user b", "user c", flow=["s > x", "x > a: n > 9", "x > b: n > 1", "x > c: n > 2"]
    )
    assert tell(model).start(n=5).open() == ["b"]


def test_exclusive_takes_the_default_only_when_nothing_else_holds(tell: Tell) -> None:
    model = program(
        "start s",
        node("xor x", default="x_a"),
        "user a",
        "user b",
        flow=["s > x", "x > a", "x > b: n > 1"],
    )
    assert tell(model).start(n=0).open() == ["a"]
    assert tell(model).start(n=2).open() == ["b"]


def test_exclusive_without_a_way_is_an_incident_and_the_other_branch_goes_on(tell: Tell) -> None:
    model = program(
        "start s",
        "and f",
        "xor x",
        "user a",
        "user b",
        flow=["s > f", "f > x", "f > b", "x > a: n == 1", "x > a: n == 2"],
    )
    case = tell(model).start(n=0)
    assert case.incidents() == ["x"] and case.open() == ["b"]
    case.retry("x", n=2)
    assert case.incidents() == [] and case.open() == ["a", "b"]


def test_exclusive_merges_nothing(tell: Tell) -> None:
    model = program("start s", "and f", "xor x", "user a", flow=["s > f", "f > x", "f > x", "x > a"])
    assert tell(model).start().open() == ["a", "a"]


def test_parallel_waits_for_every_flow(tell: Tell) -> None:
    model = program("start s", "and f", "user a", "user b", "and j", "user c", flow=["s > f > a > j > c", "f > b > j"])
    case = tell(model).start()
    assert case.complete("b").open() == ["a"]
    assert case.complete("a").open() == ["c"]


def test_a_second_token_on_a_full_flow_waits_for_the_next_round(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "user c", "xor x", "and j", "user d",
        flow=["s > f > a > x > j > d", "f > b > x", "f > c > j"],
    )  # fmt: skip
    case = tell(model).start().complete("a").complete("b")
    assert case.open() == ["c"]
    assert case.complete("c").open() == ["d"]
    case.complete("d")
    assert not case.ended and case.incidents() == ["j"], "one token is left at the join: nobody hides that"
    assert "f_c_j" not in case.wait("j").message["en"] and "c_j" in case.wait("j").message["en"]
    assert case.retry("j").open() == ["d"]
    assert case.complete("d").ended


def test_a_parallel_block_in_a_loop_starts_afresh_each_round(tell: Tell) -> None:
    model = program(
        "start s", "xor m", "and f", "user a", "user b", "and j", node("xor x", default="x_z"), "end z",
        flow=["s > m > f", "f > a > j", "f > b > j", "j > x", "x > m: again == True", "x > z"],
    )  # fmt: skip
    case = tell(model).start(again=True)
    for order in (("a", "b"), ("b", "a"), ("a", "b")):
        for task in order:
            case.complete(task)
    assert case.open() == ["a", "b"]
    case.set(again=False)
    assert case.complete("a").complete("b").ended


def test_inclusive_takes_every_true_flow_and_joins_exactly_those(tell: Tell) -> None:
    model = program(
        "start s", node("or f", default="f_c"), "user a", "user b", "user c", "or j", "user d",
        flow=["s > f", "f > a: n > 0", "f > b: n > 1", "f > c", "a > j", "b > j", "c > j", "j > d"],
    )  # fmt: skip
    assert tell(model).start(n=0).open() == ["c"]
    assert tell(model).start(n=1).complete("a").open() == ["d"]
    case = tell(model).start(n=2)
    assert case.complete("b").open() == ["a"]
    assert case.complete("a").open() == ["d"]


def test_inclusive_join_does_not_wait_for_a_token_that_went_elsewhere(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "xor x", "or j", "user d", "end z",
        flow=["s > f", "f > a > j", "f > b > x", "x > j: n == 1", "x > z: n != 1", "j > d"],
    )  # fmt: skip
    case = tell(model).start(n=0).complete("a")
    assert case.open() == ["b"], "b may still come"
    assert case.complete("b").open() == ["d"]


def test_inclusive_join_inside_a_loop_is_reached_again(tell: Tell) -> None:
    model = program(
        "start s", "xor m", "or f", "user a", "user b", "or j", node("xor x", default="x_z"), "end z",
        flow=["s > m > f", "f > a: n > 0", "f > b: n > 1", "a > j", "b > j", "j > x", "x > m: n > 1", "x > z"],
    )  # fmt: skip
    case = tell(model).start(n=2).complete("a").complete("b")
    assert case.open() == ["a", "b"]
    case.set(n=1)
    assert case.complete("b").complete("a").ended


def test_inclusive_join_waits_for_the_boundary_way(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", node("boundary t", attached_to="b", triggers=(timer("PT1H"),)),
        "or j", "user d", "end z",
        flow=["s > f", "f > a > j", "f > b > z", "t > j", "j > d"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["b"], "the timer may still bring a token"
    assert case.complete("b").open() == ["d"]


def test_complex_goes_at_its_count_and_swallows_the_rest(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "user c", node("complex j", activation=feel("activationCount == 2")),
        "user d", "end z",
        flow=["s > f", "f > a > j", "f > b > j", "f > c > j", "j > d > z"],
    )  # fmt: skip
    case = tell(model).start().complete("b")
    assert case.open() == ["a", "c"]
    assert case.complete("a").open() == ["c", "d"]
    assert case.complete("c").open() == ["d"]
    assert case.complete("d").ended


def test_complex_is_ready_again_after_its_reset(tell: Tell) -> None:
    model = program(
        "start s", "xor m", "and f", "user a", "user b", node("complex j", activation=feel("activationCount == 1")),
        "user d", node("xor x", default="x_z"), "end z",
        flow=["s > m > f", "f > a > j", "f > b > j", "j > d > x", "x > m: again == True", "x > z"],
    )  # fmt: skip
    case = tell(model).start(again=True).complete("a").complete("b").complete("d")
    assert case.open() == ["a", "b"]
    assert case.complete("b").open() == ["a", "d"]


def test_complex_whose_condition_can_no_longer_hold_is_an_incident(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", node("complex j", activation=feel("activationCount == 3")), "end z",
        flow=["s > f", "f > a > j", "f > b > j", "j > z"],
    )  # fmt: skip
    case = tell(model).start().complete("a").complete("b")
    assert case.incidents() == ["j"]
    assert case.retry("j").ended


def test_event_based_takes_the_first_event_and_forgets_the_others(tell: Tell) -> None:
    model = program(
        "start s", "event g", node("catch m", triggers=(message("paid"),)), node("catch t", triggers=(timer("P1D"),)),
        node("receive r", message=message("lost")), node("catch n", triggers=(signal("alert"),)),
        "user a", "user b", "user c", "user d",
        flow=["s > g", "g > m > a", "g > t > b", "g > r > c", "g > n > d"],
    )  # fmt: skip
    case = tell(model).start()
    assert len(case.waits) == 4
    assert case.deliver("m", amount=5).open(waits.Wait) == ["a"]
    assert case.variables()["amount"] == 5
    assert tell(model).start().fire("t").open(waits.Wait) == ["b"]
    assert tell(model).start().deliver("r").open(waits.Wait) == ["c"]
    assert tell(model).start().deliver("n").open(waits.Wait) == ["d"]


def test_parallel_instantiating_gateway_needs_all_its_events(tell: Tell) -> None:
    model = program(
        node("event g", instantiate=True, parallel=True),
        node("catch m", triggers=(message("order"),)), node("catch n", triggers=(message("payment"),)),
        "user a", "user b", "and j", "user d",
        flow=["g > m > a > j", "g > n > b > j", "j > d"],
    )  # fmt: skip
    case = tell(model).start(node="m", order=7)
    assert case.open() == ["a"] and case.open(waits.Subscription) == ["n"]
    assert case.deliver("n").complete("a").complete("b").open() == ["d"]


def test_exclusive_instantiating_gateway_begins_at_the_event_alone(tell: Tell) -> None:
    model = program(
        node("event g", instantiate=True), node("catch m", triggers=(message("order"),)),
        node("catch n", triggers=(message("call"),)), "user a", "user b", flow=["g > m > a", "g > n > b"],
    )  # fmt: skip
    case = tell(model).start(node="n")
    assert case.open(waits.Wait) == ["b"]


def test_a_link_is_a_jump(tell: Tell) -> None:
    link = triggers.Link(name="L")
    model = program(
        "start s", "and f", node("throw t1", triggers=(link,)), node("throw t2", triggers=(link,)),
        node("catch c", triggers=(link,)), "user a", flow=["s > f", "f > t1", "f > t2", "c > a"],
    )  # fmt: skip
    assert tell(model).start().open() == ["a", "a"]
