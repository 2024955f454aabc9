"""Errands: jobs beside a node's own work. When each is done, what it leaves behind, and what happens when it fails."""

import pytest

from engine import facts
from engine.kernel import stimuli, view, waits
from engine.model import nodes, triggers
from engine.model.nodes import Errand, Work
from engine.model.program import Flow, Program
from tests.kernel.case import Case, Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, feel, mapping, message, node, program, timer


def errand(at: str, handler: str = "", **more: object) -> Errand:
    return Errand(at=at, work=Work(handler=handler or at, style="unbound", **more))  # type: ignore[arg-type]


def handlers(case: Case) -> list[str]:
    return sorted(wait.handler for wait in case.waits.values() if isinstance(wait, waits.Job))


def done(case: Case, handler: str, **data: object) -> Case:
    wait = next(wait for wait in case.waits.values() if isinstance(wait, waits.Job) and wait.handler == handler)
    return case.give_complete(wait.id, **data)


def created(case: Case) -> list[str]:
    return [fact.handler for fact in case.facts if isinstance(fact, facts.JobCreated)]


ALL = ("enter", "inputs", "start", "end", "leave")


# When


def test_the_errands_of_an_activity_are_done_in_their_order_around_its_work(tell: Tell) -> None:
    model = program("start s", node("service a", errands=tuple(errand(at) for at in reversed(ALL))), flow=["s > a"])
    case = tell(model).start()
    order = []
    while not case.ended:
        (handler,) = handlers(case)
        order.append(handler)
        done(case, handler)
    assert order == ["enter", "inputs", "start", "a", "end", "leave"]


def test_several_errands_of_one_moment_follow_each_other(tell: Tell) -> None:
    model = program("start s", node("user a", errands=(errand("start", "x"), errand("start", "y"))), flow=["s > a"])
    case = tell(model).start()
    assert handlers(case) == ["x"] and case.open() == []
    done(case, "x")
    assert handlers(case) == ["y"] and case.open() == []
    done(case, "y")
    assert handlers(case) == [] and case.open() == ["a"]


KINDS = [
    "task a", "manual a", "user a", "service a", "send a", "receive a", "script a", "rule a", "sub a",
    "catch a", "throw a", "xor a", "and a", "or a", "complex a",
]  # fmt: skip


@pytest.mark.parametrize("at", ALL)
@pytest.mark.parametrize("words", KINDS)
def test_every_kind_of_node_does_every_errand_once(tell: Tell, words: str, at: str) -> None:
    more: dict[str, object] = {"script": "x = 1"} if words == "script a" else {}
    if words == "catch a":
        more = {"triggers": (message("m"),)}
    if words == "receive a":
        more = {"message": message("m")}
    inside = ["start i", "end j"] if words == "sub a" else []
    inner = [node(word, scope="a") for word in inside]
    model = program(
        "start s", node(words, errands=(errand(at, "aside"),), **more), *inner, "end e",
        flow=["s > a > e", *(["i > j"] if inner else [])],
    )  # fmt: skip
    case = tell(model).start()
    for _ in range(6):
        if case.ended:
            break
        open_now = next(iter(case.waits.values()))
        if isinstance(open_now, waits.Subscription):
            case.give(stimuli.Deliver(wait=open_now.id))
        else:
            case.give_complete(open_now.id)
    assert case.ended and created(case).count("aside") == 1
    assert case.state.tokens == {}


@pytest.mark.parametrize("words", ["start a", "end a", "boundary a"])
def test_events_at_the_edges_do_theirs(tell: Tell, words: str) -> None:
    errands = (errand("start", "aside"),)
    models = {
        "start a": program(node("start a", errands=errands), "end e", flow=["a > e"]),
        "end a": program("start s", node("end a", errands=errands), flow=["s > a"]),
        "boundary a": program(
            "start s", "user u", "end e",
            node("boundary a", attached_to="u", triggers=(message("m"),), errands=errands),
            flow=["s > u > e", "a > e"],
        ),
    }  # fmt: skip
    case = tell(models[words]).start()
    if words == "boundary a":
        case.deliver("a")
    assert handlers(case) == ["aside"] and not case.ended
    assert done(case, "aside").ended


def test_a_parallel_join_waits_for_all_before_its_errand(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user x", "user y", node("and j", errands=(errand("start"),)), "user z",
        flow=["s > f > x > j > z", "f > y > j"],
    )  # fmt: skip
    case = tell(model).start().complete("x")
    assert handlers(case) == []
    case.complete("y")
    assert handlers(case) == ["start"] and case.open() == []
    done(case, "start")
    assert case.open() == ["z"]


def test_an_inclusive_join_waits_for_a_token_that_is_on_an_errand(tell: Tell) -> None:
    model = program(
        "start s", "or f", "user x", node("task y", errands=(errand("leave"),)), "or j", "user z",
        flow=["s > f > x > j > z", "f > y > j"],
    )  # fmt: skip
    case = tell(model).start().complete("x")
    assert case.open() == [], "the other branch may still come"
    done(case, "leave")
    assert case.open() == ["z"]


def test_a_flow_does_its_errands_when_it_is_taken_and_not_otherwise(tell: Tell) -> None:
    taken = Flow(id="t", source="g", target="x", condition=feel("n > 1"), errands=(Work(handler="told"),))
    other = Flow(id="o", source="g", target="y", errands=(Work(handler="not me"),))
    drawn = program("start s", node("xor g", default="o"), "user x", "user y", flow=["s > g"])
    model = Program(key="p", nodes=drawn.nodes, flows=(*drawn.flows, taken, other))
    case = tell(model).start(n=2)
    assert handlers(case) == ["told"] and case.open() == []
    done(case, "told", seen=True)
    assert case.open() == ["x"] and case.variables()["seen"] is True
    assert case.taken() == ["s_g", "t"], "the flow is taken once its errands are done"


def test_errands_on_the_flows_of_a_split_are_done_at_the_same_time(tell: Tell) -> None:
    split = [Flow(id=name, source="f", target=name, errands=(Work(handler=f"to {name}"),)) for name in ("x", "y")]
    join = [Flow(id=f"{name}j", source=name, target="j") for name in ("x", "y")]
    drawn = program("start s", "and f", "task x", "task y", "and j", "end e", flow=["s > f", "j > e"])
    model = Program(key="p", nodes=drawn.nodes, flows=(*drawn.flows, *split, *join))
    case = tell(model).start()
    assert handlers(case) == ["to x", "to y"]
    done(case, "to y")
    assert not case.ended
    assert done(case, "to x").ended


def test_a_process_does_its_errands_when_nothing_is_left_to_do(tell: Tell) -> None:
    model = program("start s", "user a", "end e", flow=["s > a > e"], errands=(Work(handler="x"), Work(handler="y")))
    case = tell(model).start().complete("a")
    assert not case.ended and handlers(case) == ["x"]
    done(case, "x", last=1)
    assert not case.ended and handlers(case) == ["y"]
    done(case, "y")
    assert case.ended and case.ends() == ("e",) and case.variables()["last"] == 1


def test_a_terminated_process_does_them_too_and_a_cancelled_one_does_not(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", node("end t", triggers=(triggers.Terminate(),)),
        flow=["s > f > a > t", "f > b"], errands=(Work(handler="x"),),
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert handlers(case) == ["x"] and case.open() == []
    assert done(case, "x").ended
    other = tell(model).start()
    other.give(stimuli.Cancel(reason="no more"))
    assert other.ended and handlers(other) == []


def test_a_called_process_does_its_errands_before_the_call_is_over(tell: Tell) -> None:
    called = program("start i", "end j", flow=["i > j"], key="q", errands=(Work(handler="inner"),))
    model = program("start s", node("call c", called=feel("'q'")), "user z", flow=["s > c > z"])
    case = Case(model, library=Shelf(called)).start()
    assert handlers(case) == ["inner"] and case.open() == []
    assert done(case, "inner").open() == ["z"]


def test_what_sleeps_in_a_process_does_not_wake_while_it_closes(tell: Tell) -> None:
    model = program(
        "start s", "user a", node("sub e", variety="event"),
        node("start k", scope="e", triggers=(message("m"),)), node("user late", scope="e"), flow=["s > a", "k > late"],
        errands=(Work(handler="x"),),
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open(waits.Subscription) == [] and handlers(case) == ["x"]
    assert done(case, "x").ended


# What they see and leave


def test_parameters_see_what_the_moment_sees(tell: Tell) -> None:
    def asks(at: str, name: str) -> Errand:
        return errand(at, parameters=(mapping("seen", name),))

    model = program(
        "start s",
        node("user a", inputs=(mapping("inner", "n + 1"),), errands=(asks("inputs", "n"), asks("start", "inner"))),
        flow=["s > a"],
    )  # fmt: skip
    case = tell(model).start(n=1)
    assert case.wait("a", waits.Job).input == {"seen": 1}
    done(case, "inputs")
    assert case.wait("a", waits.Job).input == {"seen": 2}


def test_an_answer_becomes_variables_and_a_named_result_stays_in_the_activity(tell: Tell) -> None:
    model = program(
        "start s",
        node("user a", errands=(errand("start", "all"), errand("start", "one", result="bean.ask()"))),
        flow=["s > a"],
    )  # fmt: skip
    case = tell(model).start()
    done(case, "all", x=1)
    done(case, "one", result=7)
    assert case.variables() == {"x": 1}
    assert view.visible(case.state, case.wait("a").id) == {"x": 1, "bean.ask()": 7}


def test_each_run_of_a_loop_has_answers_of_its_own(tell: Tell) -> None:
    loop = nodes.MultiInstance(collection=feel("items"), element="item")
    model = program(
        "start s",
        node("user a", loop=loop, errands=(errand("start", "ask", result="r", parameters=(mapping("i", "item"),)),)),
        flow=["s > a"],
    )  # fmt: skip
    case = tell(model).start(items=[1, 2, 3])
    jobs = [wait for wait in case.waits.values() if isinstance(wait, waits.Job)]
    assert [job.input for job in jobs] == [{"i": 1}, {"i": 2}, {"i": 3}]
    for job in reversed(jobs):
        case.give_complete(job.id, result=job.input["i"] * 10)
    seen = [view.visible(case.state, wait.id) for wait in case.waits.values()]
    assert sorted((one["item"], one["r"]) for one in seen) == [(1, 10), (2, 20), (3, 30)]


def test_a_loop_enters_and_leaves_once_however_often_it_runs(tell: Tell) -> None:
    loop = nodes.MultiInstance(cardinality=feel("3"), sequential=True)
    model = program(
        "start s", node("task a", loop=loop, errands=tuple(errand(at) for at in ALL)), flow=["s > a"]
    )  # fmt: skip
    case = tell(model).start()
    while not case.ended:
        done(case, handlers(case)[0])
    assert created(case) == ["enter", *(["inputs", "start", "end"] * 3), "leave"]


def test_a_standard_loop_asks_before_each_run(tell: Tell) -> None:
    loop = nodes.StandardLoop(condition=feel("again == 1"))
    model = program("start s", node("task a", standard_loop=loop, errands=(errand("end", "ask"),)), flow=["s > a"])
    case = tell(model).start(again=0)
    done(case, "ask", again=1)
    assert handlers(case) == ["ask"]
    done(case, "ask", again=1)
    assert done(case, "ask", again=0).ended


def test_a_condition_reads_what_the_errand_before_it_fetched(tell: Tell) -> None:
    model = program(
        "start s", node("xor g", default="g_y", errands=(errand("enter", "ask", result="r"),)), "user x", "user y",
        flow=["s > g", "g > x: r > 3", "g > y"],
    )  # fmt: skip
    assert done(tell(model).start(), "ask", result=4).open() == ["x"]
    assert done(tell(model).start(), "ask", result=2).open() == ["y"]


# Failing, retrying, skipping


@pytest.mark.parametrize("at", ALL)
def test_a_failed_errand_is_retried_by_itself(tell: Tell, at: str) -> None:
    model = program("start s", node("task a", errands=(errand(at, "x"), errand(at, "y"))), "end e", flow=["s > a > e"])
    case = tell(model).start()
    done(case, "x")
    case.fail("a", kind="technical", code="boom")
    assert case.incidents() == ["a"] and handlers(case) == []
    case.retry("a")
    assert handlers(case) == ["y"], "what was done is not done again"
    assert done(case, "y").ended
    assert created(case) == ["x", "y", "y"]


@pytest.mark.parametrize("at", ALL)
def test_a_failed_errand_may_be_skipped_and_the_work_is_done_all_the_same(tell: Tell, at: str) -> None:
    model = program("start s", node("service a", errands=(errand(at, "aside"),)), "end e", flow=["s > a > e"])
    case = tell(model).start()
    if at in ("end", "leave"):
        done(case, "a")
    case.fail("a", kind="technical").retry("a", skip=True)
    if at not in ("end", "leave"):
        done(case, "a")
    assert case.ended


def test_an_errand_of_a_flow_or_of_the_process_fails_and_is_retried(tell: Tell) -> None:
    flow = Flow(id="f", source="s", target="e", errands=(Work(handler="x"),))
    model = Program(key="p", nodes=program("start s", "end e").nodes, flows=(flow,), errands=(Work(handler="y"),))
    case = tell(model).start()
    case.fail("s", kind="technical").retry("s")
    done(case, "x")
    case.fail("e", kind="technical").retry("e")
    assert done(case, "y").ended and created(case) == ["x", "x", "y", "y"]


def test_parameters_that_cannot_be_evaluated_stop_the_errand_and_go_on_when_they_can(tell: Tell) -> None:
    asks = errand("start", "ask", parameters=(mapping("n", "missing + 1"),))
    case = tell(program("start s", node("user a", errands=(errand("start", "first"), asks)), flow=["s > a"])).start()
    done(case, "first")
    assert case.incidents() == ["a"]
    case.retry("a", missing=1)
    assert case.wait("a", waits.Job).input == {"n": 2} and created(case) == ["first", "ask"]


def test_work_that_fails_behind_an_errand_is_retried_without_it(tell: Tell) -> None:
    model = program(
        "start s", node("user a", due=feel("missing"), errands=(errand("start", "first"),)), flow=["s > a"]
    )  # fmt: skip
    case = tell(model).start()
    done(case, "first")
    assert case.incidents() == ["a"]
    case.retry("a", missing="2026-03-05T09:00:00Z")
    assert case.open() == ["a"] and created(case) == ["first"]


def test_a_condition_that_fails_is_asked_again(tell: Tell) -> None:
    """The answer was wrong: a retry fetches another."""
    model = program(
        "start s", node("task a", errands=(errand("leave", "ask", result="r"),)), "user x", "user y",
        flow=["s > a", "a > x: r == 1", "a > y: r == 2"],
    )  # fmt: skip
    case = tell(model).start()
    done(case, "ask", result=3)
    assert case.incidents() == ["a"]
    case.retry("a")
    assert done(case, "ask", result=2).open() == ["y"]


def test_an_error_of_an_errand_goes_to_who_catches_it(tell: Tell) -> None:
    caught = node("boundary b", attached_to="a", triggers=(triggers.Error(code="E"),))
    model = program(
        "start s", node("user a", errands=(errand("start", "ask"),)), caught, "user late", flow=["s > a", "b > late"]
    )  # fmt: skip
    case = tell(model).start().fail("a", code="E")
    assert case.open() == ["late"] and handlers(case) == []


def test_an_error_that_nobody_catches_stops_the_errand_alone(tell: Tell) -> None:
    model = program("start s", node("user a", errands=(errand("start", "x"), errand("start", "y"))), flow=["s > a"])
    case = tell(model).start()
    done(case, "x")
    case.fail("a", code="E")
    assert case.incidents() == ["a"]
    case.retry("a")
    assert handlers(case) == ["y"]
    assert done(case, "y").open() == ["a"]


# Beside other things


def test_a_boundary_event_ends_an_errand_of_its_activity(tell: Tell) -> None:
    model = program(
        "start s", node("user a", errands=(errand("start", "slow"),)),
        node("boundary b", attached_to="a", triggers=(timer("PT1H"),)), "user late", flow=["s > a", "b > late"],
    )  # fmt: skip
    case = tell(model).start().fire("b")
    assert case.open() == ["late"] and handlers(case) == []


def test_a_boundary_event_still_counts_while_the_end_is_told(tell: Tell) -> None:
    model = program(
        "start s", node("user a", errands=(errand("end", "tell"),)),
        node("boundary b", attached_to="a", triggers=(message("m"),)), "user late", "user next",
        flow=["s > a > next", "b > late"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert handlers(case) == ["tell"] and case.open(waits.Subscription) == ["b"]
    case.deliver("b")
    assert case.open() == ["late"] and handlers(case) == []


def test_an_asynchronous_activity_does_its_first_errand_before_its_own_job(tell: Tell) -> None:
    model = program(
        "start s", node("task a", asynchronous=True, errands=(errand("enter"),)), "end e", flow=["s > a > e"]
    )
    case = tell(model).start()
    done(case, "enter")
    assert handlers(case) == ["continue"]
    assert done(case, "continue").ended and created(case) == ["enter", "continue"]


def test_a_sub_process_that_tells_its_end_does_not_wake_any_more(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", errands=(errand("end", "tell"),)), "end z",
        node("start i", scope="p"), node("user a", scope="p"),
        node("sub e", scope="p", variety="event"),
        node("start k", scope="e", triggers=(condition("x == 1"),)), node("user late", scope="e"),
        flow=["s > p > z", "i > a", "k > late"],
    )  # fmt: skip
    case = tell(model).start(x=0).complete("a")
    case.set(x=1)
    assert case.open() == [] and handlers(case) == ["tell"]
    assert done(case, "tell").ended


def test_an_activity_that_undoes_does_its_errands(tell: Tell) -> None:
    model = program(
        "start s", "task a", node("task undo", for_compensation=True, errands=(errand("start"), errand("leave"))),
        node("boundary c", attached_to="a", triggers=(triggers.Compensate(),), compensation_handler="undo"),
        node("throw t", triggers=(triggers.Compensate(),)), "end e", flow=["s > a > t > e"],
    )  # fmt: skip
    case = tell(model).start()
    assert handlers(case) == ["start"]
    assert done(case, "start").ended, "nothing is left to be left: the throw goes on"


def test_a_token_on_an_errand_is_moved_by_hand(tell: Tell) -> None:
    model = program("start s", node("task a", errands=(errand("enter"),)), "user b", flow=["s > a > b"])
    case = tell(model).start()
    case.give(stimuli.Move(cancel=("a",), start=("b",), reason="late"))
    assert case.open() == ["b"] and handlers(case) == []
    assert not [fact for fact in case.facts if isinstance(fact, facts.ActivityCancelled)], "it had not begun"


def test_work_that_goes_on_elsewhere_does_so_behind_its_errands(tell: Tell) -> None:
    model = program("start s", node("user a", errands=(errand("end"),)), "user b", "user c", flow=["s > a > b > c"])
    case = tell(model).start()
    case.give(stimuli.Complete(wait=case.wait("a").id, then="c"))
    assert handlers(case) == ["end"] and case.open() == []
    assert done(case, "end").open() == ["c"]


def test_a_job_computes_the_name_of_its_handler(tell: Tell) -> None:
    model = program("start s", node("service a", work=Work(handler="?", named=feel("kind"))), flow=["s > a"])
    case = tell(model).start(kind="mail")
    assert handlers(case) == ["mail"] and created(case) == ["mail"]
    assert tell(model).start().incidents() == ["a"]


def test_an_empty_computed_name_falls_back_to_the_drawn_one(tell: Tell) -> None:
    model = program("start s", node("service a", work=Work(handler="drawn", named=feel("kind"))), flow=["s > a"])
    assert handlers(tell(model).start(kind="")) == ["drawn"]


def test_programs_without_errands_keep_their_hash() -> None:
    """The new parts are left out where they say nothing: instances find the program that they began with."""
    model = program("start s", "task a", "end e", flow=["s > a > e"])
    assert model.sha256 == "aae8acec2e46852c4573f8bc6316ec619457c26dfe843c40f23b343e31f4ecf4"


def test_history_tells_an_errand_from_the_work_itself(tell: Tell) -> None:
    model = program(
        "start s", node("service a", asynchronous=True, work=Work(handler="mail"), errands=(errand("start", "org.L"),)),
        flow=["s > a"],
    )  # fmt: skip
    case = tell(model).start()
    while not case.ended:
        done(case, handlers(case)[0])
    completed = [fact for fact in case.facts if isinstance(fact, facts.JobCompleted)]
    assert [fact.errand for fact in completed] == ["continue", "org.L", ""]
