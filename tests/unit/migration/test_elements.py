"""What is open at each kind of element comes along: timers, messages, events, scopes, loops, calls, undoing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.kernel import migrate, stimuli, waits
from engine.kernel.change import Change
from engine.kernel.plan import compile_program
from engine.model import nodes, triggers
from engine.model.nodes import Work
from tests.kernel.case import START, Shelf
from tests.kernel.models import condition, feel, literal, mapping, message, node, program, signal, timer
from tests.unit.migration.mover import Mover

Tell = Callable[..., Mover]


@pytest.fixture(params=[False, True], ids=["run through", "saved and restored"])
def tell(request: pytest.FixtureRequest) -> Tell:
    def begin(made: Any, **more: Any) -> Mover:
        return Mover(made, saved=request.param, **more)

    return begin


def test_a_timer_keeps_its_moment_or_counts_from_now(tell: Tell) -> None:
    made = ("start s", node("catch t", triggers=(timer("PT10H"),)), "end e")
    old = program(*made, flow=["s > t > e"])
    longer = ("start s", node("catch t", triggers=(timer("PT48H"),)), "end e")
    new = program(*longer, "user x", flow=["s > t > x > e"])
    kept = tell(old).start().after(hours=4).move(new)
    assert kept.wait("t", waits.Timer).due_at == START + timedelta(hours=10)
    assert kept.fire("t").open() == ["x"]
    fresh = tell(old).start().after(hours=4).move(new, timers="again")
    assert fresh.wait("t", waits.Timer).due_at == START + timedelta(hours=52)


def test_a_message_under_another_name_is_awaited_anew(tell: Tell) -> None:
    def awaiting(name: str) -> Any:
        return program("start s", node("catch m", triggers=(message(name),)), "end e", flow=["s > m > e"])

    same = tell(awaiting("paid")).start()
    before = same.wait("m").id
    assert same.said(program("start s", node("catch m", triggers=(message("paid"),)), "user x", "end e",
                             flow=["s > m > x > e"])) == ("compliant", [])  # fmt: skip
    other = tell(awaiting("paid")).start().move(awaiting("settled"))
    assert other.wait("m", waits.Subscription).name == "settled" and other.wait("m").id != before
    assert other.deliver("m").ended


def test_a_signal_and_a_condition_go_on_being_awaited(tell: Tell) -> None:
    def drawn(*more: str) -> Any:
        return program(
            "start s", "and f", "and j",
            node("catch g", triggers=(signal("stop"),)), node("catch c", triggers=(condition("n > 3"),)), "end e",
            *more, flow=["s > f > g > j", "f > c > j", "j > " + (" > ".join([*(one.split()[1] for one in more), "e"]))],
        )  # fmt: skip

    case = tell(drawn()).start(n=1).move(drawn("user x"))
    case.set(n=5)
    assert case.open(waits.Subscription) == ["g"]
    assert case.deliver("g").open() == ["x"]


def test_a_boundary_event_that_is_new_listens_and_one_that_is_gone_does_not(tell: Tell) -> None:
    plain = program("start s", "user a", "end e", flow=["s > a > e"])
    guard = node("boundary late", attached_to="a", triggers=(timer("PT5H"),))
    guarded = program("start s", "user a", guard, "user boss", "end e", flow=["s > a > e", "late > boss > e"])
    case = tell(plain).start().after(hours=1).move(guarded)
    assert case.wait("late", waits.Timer).due_at == START + timedelta(hours=6)
    assert case.fire("late").open() == ["boss"]
    back = tell(guarded).start().move(plain)
    assert back.open(waits.Timer) == [] and back.complete("a").ended


def test_a_reminder_that_has_happened_does_not_happen_again(tell: Tell) -> None:
    """Not interrupting: it fired once, and the new version has it too."""
    remind = node("boundary remind", attached_to="a", interrupting=False, triggers=(timer("PT5H"),))
    made = ("start s", "user a", remind, "user nudge", "end e", "end f")
    old = program(*made, flow=["s > a > e", "remind > nudge > f"])
    new = program(*made, "user x", flow=["s > a > x > e", "remind > nudge > f"])
    case = tell(old).start().fire("remind")
    assert case.open() == ["a", "nudge"]
    case.move(new)
    assert case.open(waits.Timer) == [] and case.open() == ["a", "nudge"]
    assert case.complete("nudge").complete("a").complete("x").ended


def test_what_an_interrupting_event_led_to_is_followed(tell: Tell) -> None:
    late = node("boundary late", attached_to="a", triggers=(timer("PT5H"),))
    old = program("start s", "user a", late, "user boss", "end e", flow=["s > a > e", "late > boss > e"])
    new = program("start s", "user a", late, "user boss", "user x", "end e",
                  flow=["s > a > e", "late > boss > x > e"])  # fmt: skip
    case = tell(old).start().fire("late").move(new)
    assert case.complete("boss").open() == ["x"]
    without = program("start s", "user a", "user boss", "end e", flow=["s > a > boss > e"])
    assert tell(old).start().fire("late").said(without)[0] == "adjustable"


def test_an_event_based_gateway_awaits_what_the_new_version_awaits(tell: Tell) -> None:
    yes, no, late = (node(f"catch {name}", triggers=(what,)) for name, what in (
        ("yes", message("yes")), ("no", message("no")), ("late", timer("P1D"))))  # fmt: skip
    old = program("start s", "event g", yes, no, "end e", flow=["s > g > yes > e", "g > no > e"])
    new = program("start s", "event g", yes, late, "user x", "end e", flow=["s > g > yes > x > e", "g > late > e"])
    case = tell(old).start()
    kept = case.wait("yes").id
    case.move(new)
    assert case.open(waits.Wait) == ["late", "yes"] and case.wait("yes").id == kept
    assert case.deliver("yes").open() == ["x"]


SUB = ("start s", "sub p", node("start ps", scope="p"), node("user a", scope="p"), node("user b", scope="p"),
       node("end pe", scope="p"), "user z", "end e")  # fmt: skip


def test_inside_a_sub_process_the_same_rules_hold(tell: Tell) -> None:
    old = program(*SUB, flow=["s > p > z > e", "ps > a > b > pe"])
    ahead = program(*SUB, node("user x", scope="p"), flow=["s > p > z > e", "ps > a > b > x > pe"])
    passed = program(*SUB, node("user x", scope="p"), flow=["s > p > z > e", "ps > x > a > b > pe"])
    case = tell(old).start().complete("a")
    assert case.said(passed) == ("adjustable", ["owed x"])
    case.move(ahead).complete("b")
    assert case.open() == ["x"] and case.complete("x").open() == ["z"]
    late = tell(old).start().complete("a").move(passed, allow=("owed",))
    assert late.complete("b").open() == ["x"], "the sub-process is not over before the missed step is done"
    assert late.complete("x").open() == ["z"]


def test_a_step_missed_in_a_sub_process_that_is_over_stops_it(tell: Tell) -> None:
    old = program(*SUB, flow=["s > p > z > e", "ps > a > b > pe"])
    new = program(*SUB, node("user x", scope="p"), flow=["s > p > z > e", "ps > a > b > x > pe"])
    case = tell(old).start().complete("a").complete("b")
    assert case.said(new) == ("not", ["finished_inside x"])


def test_a_sub_process_that_was_interrupted_may_be_incomplete(tell: Tell) -> None:
    leave = node("boundary leave", attached_to="p", triggers=(message("leave"),))
    old = program(*SUB, leave, flow=["s > p > z > e", "ps > a > b > pe", "leave > z"])
    new = program(*SUB, leave, node("user x", scope="p"), flow=["s > p > z > e", "ps > a > b > x > pe", "leave > z"])
    case = tell(old).start().complete("a").deliver("leave")
    assert case.said(new) == ("compliant", [])
    assert case.move(new).complete("z").ended


def test_steps_that_moved_into_a_sub_process_are_not_done_twice(tell: Tell) -> None:
    flat = program("start s", "user a", "user b", "end e", flow=["s > a > b > e"])
    nested = program("start s", "sub p", node("start ps", scope="p"), node("user a", scope="p"),
                     node("user b", scope="p"), "end e", flow=["s > p > e", "ps > a > b"])  # fmt: skip
    assert tell(flat).start().complete("a").said(nested) == ("not", ["blocked a"])


def test_an_event_sub_process_begins_to_listen_or_goes_on(tell: Tell) -> None:
    def drawn(*steps: str, with_event: bool = True) -> Any:
        made: list[Any] = ["start s", *(f"user {one}" for one in steps), "end e"]
        ways = [" > ".join(["s", *steps, "e"])]
        if with_event:
            made += [
                node("sub v", variety="event"),
                nodes.StartEvent(id="vs", scope="v", triggers=(message("complaint"),), interrupting=False),
                node("user answer", scope="v"),
            ]
            ways.append("vs > answer")
        return program(*made, flow=ways)

    listens = tell(drawn("a", with_event=False)).start().move(drawn("a", "x"))
    assert listens.deliver("vs").open() == ["a", "answer"]
    runs = tell(drawn("a")).start().deliver("vs").move(drawn("a", "x"))
    assert runs.open() == ["a", "answer"] and runs.open(waits.Subscription) == ["vs"]
    assert runs.complete("answer").complete("a").complete("x").ended
    deaf = tell(drawn("a")).start().move(drawn("a", with_event=False))
    assert deaf.open(waits.Subscription) == [] and deaf.complete("a").ended
    busy = tell(drawn("a")).start().deliver("vs")
    assert busy.said(drawn("a", with_event=False))[0] == "not"


def test_an_interrupting_event_sub_process_has_the_case_to_itself(tell: Tell) -> None:
    def drawn(*steps: str) -> Any:
        return program(
            "start s", *(f"user {one}" for one in steps), "end e", node("sub v", variety="event"),
            nodes.StartEvent(id="vs", scope="v", triggers=(message("stop"),)), node("user clear", scope="v"),
            flow=[" > ".join(["s", *steps, "e"]), "vs > clear"],
        )  # fmt: skip

    case = tell(drawn("a", "b")).start().complete("a").deliver("vs").move(drawn("a", "x"))
    assert case.open() == ["clear"] and case.open(waits.Subscription) == []
    assert case.complete("clear").ended


def test_a_called_process_keeps_its_program_and_its_caller_moves(tell: Tell) -> None:
    called = program("start cs", "user inner", "end ce", flow=["cs > inner > ce"], key="called")
    call = node("call c", called=literal("called"))
    old = program("start s", "user a", call, "end e", flow=["s > a > c > e"])
    new = program("start s", "user a", call, "user x", "end e", flow=["s > a > c > x > e"])
    case = tell(old, library=Shelf(called, old, new)).start().complete("a")
    case.move(new)
    assert case.open() == ["inner"] and called.sha256 in case.state.programs
    assert case.complete("inner").open() == ["x"]


def test_a_process_that_calls_itself_moves_outside_and_stays_inside(tell: Tell) -> None:
    def drawn(*more: str) -> Any:
        return program(
            "start s", "user a", "xor g", node("call c", called=literal("p")), "end e", *(f"user {m}" for m in more),
            flow=["s > a > g", "g > c: deep == 1", "g > e", " > ".join(["c", *more, "e"])],
        )  # fmt: skip

    made = drawn()
    made = program(*(nodes.ExclusiveGateway(id="g", default="g_e") if n.id == "g" else n for n in made.nodes),
                   flow=["s > a > g", "g > c: deep == 1", "g > e", "c > e"])  # fmt: skip
    new = program(*made.nodes, "user x", flow=["s > a > g", "g > c: deep == 1", "g > e", "c > x > e"])
    case = tell(made, library=Shelf(made)).start(deep=1).complete("a")
    assert case.open() == ["a"]
    case.library = Shelf(made, program(key="q"))
    case.move(new)
    case.library.plans["new"] = case.plan
    assert case.state.programs == (new.sha256, made.sha256)
    case.complete("a", deep=2)
    assert case.open() == ["x"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_multi_instance_step_goes_on_where_it_is(tell: Tell, sequential: bool) -> None:
    loop = nodes.MultiInstance(collection=feel("list"), element="item", sequential=sequential)
    old = program("start s", node("user m", loop=loop), "end e", flow=["s > m > e"])
    new = program("start s", node("user m", loop=loop), "user x", "end e", flow=["s > m > x > e"])
    case = tell(old).start(list=[1, 2, 3]).complete("m").move(new)
    assert case.open() == ["m"] * (1 if sequential else 2)
    case.complete("m").complete("m")
    assert case.open() == ["x"] and case.complete("x").ended


def test_a_loop_of_another_shape_has_no_place_for_what_is_open(tell: Tell) -> None:
    def drawn(sequential: bool) -> Any:
        loop = nodes.MultiInstance(collection=feel("list"), element="item", sequential=sequential)
        return program("start s", node("user m", loop=loop), "end e", flow=["s > m > e"])

    case = tell(drawn(False)).start(list=[1, 2])
    assert case.said(drawn(True)) == ("not", ["begun m"])


def test_a_multi_instance_sub_process_moves_all_its_runs(tell: Tell) -> None:
    loop = nodes.MultiInstance(cardinality=feel("2"))
    inside = (node("sub p", loop=loop), node("start ps", scope="p"), node("user a", scope="p"),
              node("user b", scope="p"))  # fmt: skip
    old = program("start s", *inside, "end e", flow=["s > p > e", "ps > a > b"])
    new = program("start s", *inside, node("user x", scope="p"), "end e", flow=["s > p > e", "ps > a > b > x"])
    case = tell(old).start().complete("a")
    assert case.open() == ["a", "b"]
    case.move(new).complete("a").complete("b").complete("b")
    assert case.open() == ["x", "x"]
    assert case.complete("x").complete("x").ended


def test_what_can_be_undone_can_still_be_undone_or_it_stays(tell: Tell) -> None:
    undo = node("user undo", for_compensation=True)
    bound = node("boundary ub", attached_to="a", triggers=(triggers.Compensate(),), compensation_handler="undo")
    made = ("start s", "user a", bound, undo, "user b", node("throw t", triggers=(triggers.Compensate(),)), "end e")
    old = program(*made, flow=["s > a > b > t > e"])
    new = program(*made, "user x", flow=["s > a > b > x > t > e"])
    case = tell(old).start().complete("a").move(new)
    case.complete("b").complete("x")
    assert case.open() == ["undo"] and case.complete("undo").ended
    without = program("start s", "user a", "user b", "end e", flow=["s > a > b > e"])
    assert tell(old).start().complete("a").said(without) == ("not", ["no_undo a"])
    undoing = tell(old).start().complete("a").complete("b")
    assert undoing.said(new)[0] == "not" and undoing.said(new)[1][0].startswith("undoing")


def test_a_job_goes_on_with_its_handler_and_is_made_anew_for_another(tell: Tell) -> None:
    def drawn(handler: str, *more: str) -> Any:
        work = node("service w", work=Work(handler=handler))
        return program("start s", work, *(f"user {one}" for one in more), "end e",
                       flow=[" > ".join(["s", "w", *more, "e"])])  # fmt: skip

    case = tell(drawn("post")).start()
    job = case.wait("w").id
    assert case.said(drawn("post", "x")) == ("compliant", [])
    case.move(drawn("mail"), allow=("back",))
    assert case.wait("w", waits.Job).handler == "mail" and case.wait("w").id != job
    begun = tell(drawn("post"), begun=("w",)).start()
    assert begun.said(drawn("mail")) == ("not", ["begun w"])


def test_a_manual_step_becomes_automatic_only_while_nobody_has_begun_it(tell: Tell) -> None:
    old = program("start s", "user a", "end e", flow=["s > a > e"])
    new = program("start s", node("service a", work=Work(handler="auto")), "end e", flow=["s > a > e"])
    assert tell(old).start().move(new, allow=("back",)).jobs() == ["a"]
    assert tell(old, begun=("a",)).start().said(new) == ("not", ["begun a"])


def test_inputs_that_the_new_version_maps_are_there(tell: Tell) -> None:
    old = program("start s", "user a", "end e", flow=["s > a > e"])
    new = program("start s", node("user a", inputs=(mapping("price", "amount"),), outputs=(mapping("got", "price"),)),
                  "end e", flow=["s > a > e"])  # fmt: skip
    case = tell(old).start(amount=7).move(new).complete("a")
    assert case.ended and case.variables()["got"] == 7
    back = tell(new).start(amount=7).move(old)
    assert len(back.state.scopes) == 1 and back.complete("a").ended


def test_an_incident_at_a_step_comes_along_and_can_be_mended(tell: Tell) -> None:
    broken = program("start s", "xor g", "user a", "user b", "end e",
                     flow=["s > g", "g > a: unknown == 1", "g > b: unknown == 2", "a > e", "b > e"])  # fmt: skip
    assert tell(broken).start().said(program("start s", "user a", "end e", flow=["s > a > e"])) == (
        "not",
        ["stopped g"],
    )
    script = node("script c", script="y = missing + 1")
    old = program("start s", script, "end e", flow=["s > c > e"])
    new = program("start s", node("script c", script="y = 1"), "end e", flow=["s > c > e"])
    case = tell(old).start()
    assert case.incidents() == ["c"]
    case.move(new).retry("c")
    assert case.ended and case.variables()["y"] == 1


def test_a_step_that_changed_its_id_goes_on_under_the_new_one(tell: Tell) -> None:
    old = program("start s", "user a", "user b", "end e", flow=["s > a > b > e"])
    new = program("start s", "user first", "user second", "end e", flow=["s > first > second > e"])
    case = tell(old).start().complete("a")
    assert case.said(new)[0] == "adjustable"
    assert case.said(new, nodes={"a": "first", "b": "second"}) == ("compliant", [])
    case.move(new, nodes={"a": "first", "b": "second"})
    assert case.open() == ["second"] and case.complete("second").ended


def test_data_that_nobody_fills_in_any_more_is_named_and_can_be_given(tell: Tell) -> None:
    def drawn(*, with_budget: bool) -> Any:
        form = {"type": "object", "properties": {"name": {}, **({"budget": {}} if with_budget else {})}}
        choice = nodes.ExclusiveGateway(id="g", default="g_e")
        made = ("start s", node("user a", form="f"), "user b", choice, "user big", "end e")
        ways = ["s > a > b > g", "g > big: budget > 9" if with_budget else "g > big: name == 1", "g > e", "big > e"]
        return program(*made, flow=ways, forms={"f": form})

    case = tell(drawn(with_budget=False)).start().complete("a", name="n")
    assert case.said(drawn(with_budget=True)) == ("not", ["data_missing budget"])
    case.move(drawn(with_budget=True), values={"budget": 10}).complete("b")
    assert case.open() == ["big"]


def test_a_gateway_that_is_new_behind_the_case_is_asked_with_what_was_known_then(tell: Tell) -> None:
    old = program("start s", "user a", "user b", "end e", flow=["s > a > b > e"])
    new = program("start s", "user a", nodes.ExclusiveGateway(id="g", default="g_m"), "user check", "xor m", "user b",
                  "end e", flow=["s > a > g", "g > check: amount > 100", "g > m", "check > m > b > e"])  # fmt: skip
    small = tell(old).start(amount=5).complete("a")
    assert small.said(new) == ("compliant", [])
    big = tell(old).start(amount=500).complete("a")
    assert big.said(new) == ("adjustable", ["back b"])
    assert big.move(new, allow=("back",)).open() == ["check"]
    begun = tell(old, begun=("b",)).start(amount=500).complete("a")
    assert begun.said(new) == ("adjustable", ["owed check"])


def test_parallel_becomes_one_after_the_other_and_back(tell: Tell) -> None:
    side = program("start s", "and f", "and j", "user a", "user b", "user c", "end e",
                   flow=["s > f > a > j > c > e", "f > b > j"])  # fmt: skip
    line = program("start s", "user a", "user b", "user c", "end e", flow=["s > a > b > c > e"])
    case = tell(side).start().complete("a").move(line)
    assert case.complete("b").open() == ["c"]
    both = tell(side).start()
    assert both.said(line) == ("adjustable", ["back b"])
    assert both.move(line, allow=("back",)).open() == ["a"]
    widened = tell(line).start().complete("a").move(side)
    assert widened.complete("b").open() == ["c"]
    early = tell(side).start().complete("b")
    assert early.said(line)[0] == "adjustable", "b came before a"
    assert early.move(line, allow=("order", "owed", "back")).complete("a").open() == ["c"]


def test_a_case_moves_twice_and_a_third_time_back(tell: Tell) -> None:
    one = program("start s", "user a", "user b", "user c", "end e", flow=["s > a > b > c > e"])
    two = program("start s", "user x", "user a", "user b", "user c", "end e", flow=["s > x > a > b > c > e"])
    three = program("start s", "user x", "user a", "user b", "user y", "user c", "end e",
                    flow=["s > x > a > b > y > c > e"])  # fmt: skip
    case = tell(one).start().complete("a").move(two, allow=("owed",))
    assert case.said(three) == ("compliant", []), "that x is owed was said before"
    case.complete("x").move(three).complete("b").complete("y")
    assert case.open() == ["c"]
    assert case.said(one, allow=("surplus",))[0] == "adjustable"
    assert case.move(one, allow=("surplus",)).complete("c").ended


def test_a_token_moved_by_hand_is_followed(tell: Tell) -> None:
    old = program("start s", "user a", "user b", "user c", "end e", flow=["s > a > b > c > e"])
    new = program("start s", "user a", "user b", "user c", "user x", "end e", flow=["s > a > b > c > x > e"])
    case = tell(old).start()
    case.give(stimuli.Move(cancel=("a",), start=("c",), reason="b was done on paper"))
    assert case.said(new) == ("compliant", [])
    assert case.move(new).complete("c").open() == ["x"]


def test_a_step_that_was_sent_back_is_followed(tell: Tell) -> None:
    old = program("start s", "user a", "user b", "end e", flow=["s > a > b > e"])
    new = program("start s", "user a", "user b", "user x", "end e", flow=["s > a > b > x > e"])
    case = tell(old).start().complete("a")
    case.give(stimuli.SendBack(wait=case.wait("b").id, to="a", reason="not readable"))
    assert case.open() == ["a"]
    assert case.said(new) == ("compliant", [])
    assert case.move(new).complete("a").complete("b").open() == ["x"]


def test_what_has_ended_or_runs_something_else_is_refused(tell: Tell) -> None:
    old = program("start s", "user a", "end e", flow=["s > a > e"])
    new = compile_program(program("start s", "user z", "end e", flow=["s > z > e"]))
    case = tell(old).start()
    for plan, state, code in (
        (new, case.state, "other_program"),
        (case.plan, case.state, "migration_no_place"),
        (case.plan, tell(old).start().complete("a").state, "instance_ended"),
    ):
        with pytest.raises(errors.Conflict) as refused:
            migrate.migrate(plan, new, state, Change(), now=START, evaluator=case.evaluator)
        assert refused.value.code == code
        assert refused.value.text["zh-CN"] and refused.value.text["en"]
