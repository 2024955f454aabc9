"""Embedded, transaction, ad-hoc sub-processes and calls; errors, escalations, terminate, compensation, cancel."""

from engine import facts
from engine.kernel import stimuli, waits
from engine.model import triggers
from engine.model.nodes import MultiInstance
from engine.model.program import DataItem, Program
from tests.kernel.case import Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import feel, literal, mapping, message, node, program, timer


def _inside(*made: object, flow: list[str], around: tuple[object, ...] = (), **more: object) -> Program:
    return program(
        "start s", node("sub p", **more), "user after", "end z", node("start i", scope="p"), *made, *around,
        flow=["s > p > after > z", *flow],
    )  # fmt: skip


def test_a_sub_process_is_complete_when_nothing_is_left_inside(tell: Tell) -> None:
    model = _inside(
        node("and f", scope="p"), node("user a", scope="p"), node("user b", scope="p"),
        flow=["i > f", "f > a", "f > b"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.wait("a").path == ("p",)
    assert case.complete("a").open() == ["b"]
    assert case.complete("b").open() == ["after"]
    assert case.complete("after").ended and case.ends() == ("z",)


def test_variables_of_a_sub_process_end_with_it(tell: Tell) -> None:
    model = _inside(
        node("user a", scope="p"), flow=["i > a"], inputs=(mapping("x", "n + 1"),), outputs=(mapping("out", "x + y"),)
    )
    case = tell(model).start(n=1).complete("a", y=10, x=5)
    assert case.variables() == {"n": 1, "y": 10, "out": 15}


def test_a_boundary_timer_takes_everything_inside_away(tell: Tell) -> None:
    model = _inside(
        node("user a", scope="p"), node("catch t", scope="p", triggers=(message("m"),)),
        node("and f", scope="p"), flow=["i > f", "f > a", "f > t", "e > late"],
        around=(node("boundary e", attached_to="p", triggers=(timer("PT1H"),)), "user late"),
    )  # fmt: skip
    case = tell(model).start().fire("e")
    assert case.open(waits.Wait) == ["late"]
    assert case.story(facts.ActivityCancelled) == ["a", "p"]


def test_terminate_ends_its_own_scope_only(tell: Tell) -> None:
    end = node("end k", scope="p", triggers=(triggers.Terminate(),))
    model = _inside(
        node("and f", scope="p"), node("user a", scope="p"), node("user b", scope="p"), end,
        flow=["i > f", "f > a > k", "f > b"],
    )  # fmt: skip
    assert tell(model).start().complete("a").open() == ["after"]


def test_terminate_at_the_top_ends_the_instance(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", node("end k", triggers=(triggers.Terminate(),)),
        flow=["s > f", "f > a > k", "f > b"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.ended and case.waits == {} and case.ends() == ("k",)


def _erring(code: str = "E1") -> object:
    return node("end k", scope="p", triggers=(triggers.Error(code=code),))


def _catching(name: str, code: str, **more: object) -> object:
    return node(f"boundary {name}", attached_to="p", triggers=(triggers.Error(code=code, **more),))  # type: ignore[arg-type]


def test_an_error_goes_to_the_boundary_with_its_code_before_one_for_any(tell: Tell) -> None:
    model = _inside(
        node("and f", scope="p"), node("user a", scope="p"), node("user b", scope="p"), _erring(),
        flow=["i > f", "f > a > k", "f > b", "any > x", "one > y"],
        around=(_catching("any", ""), _catching("one", "E1", code_variable="code"), "user x", "user y"),
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open(waits.Wait) == ["y"] and case.variables() == {"code": "E1"}
    assert case.story(facts.ActivityCancelled) == ["b", "p"]


def test_an_event_sub_process_inside_comes_before_the_boundary(tell: Tell) -> None:
    model = _inside(
        node("user a", scope="p"), _erring(), node("sub e", scope="p", variety="event"),
        node("start t", scope="e", triggers=(triggers.Error(code="E1"),)), node("user b", scope="e"),
        flow=["i > a > k", "t > b", "any > x"], around=(_catching("any", ""), "user x"),
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["b"] and case.wait("b").path == ("p", "e")
    assert case.complete("b").open() == ["after"]


def test_an_error_thrown_by_an_event_sub_process_goes_outwards(tell: Tell) -> None:
    model = _inside(
        node("user a", scope="p"), _erring(), node("sub e", scope="p", variety="event"),
        node("start t", scope="e", triggers=(triggers.Error(code="E1"),)),
        node("end again", scope="e", triggers=(triggers.Error(code="E1"),)),
        flow=["i > a > k", "t > again", "any > x"], around=(_catching("any", ""), "user x"),
    )  # fmt: skip
    assert tell(model).start().complete("a").open(waits.Wait) == ["x"]


def test_an_error_nobody_handles_is_an_incident_and_the_others_go_on(tell: Tell) -> None:
    model = _inside(
        node("and f", scope="p"), node("user a", scope="p"), node("user b", scope="p"), _erring(),
        flow=["i > f", "f > a > k", "f > b"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["b"] and case.wait("k", waits.Incident).code == "unhandled_error"
    assert case.complete("b").retry("k", skip=True).open(waits.Wait) == ["after"]


def test_work_may_end_in_an_error(tell: Tell) -> None:
    model = program(
        "start s", "service a", node("boundary e", attached_to="a", triggers=(triggers.Error(code="E"),)), "user b",
        flow=["s > a", "e > b"],
    )  # fmt: skip
    case = tell(model).start().fail("a", code="E", reason="late")
    assert case.open(waits.Wait) == ["b"] and case.variables() == {"reason": "late"}
    case = tell(model).start().fail("a", code="F")
    assert case.incidents() == ["a"]
    assert case.retry("a").jobs() == ["a"]


def test_escalation_passes_where_nobody_listens_and_leaves_its_thrower_at_work(tell: Tell) -> None:
    throw = node("throw t", scope="p", triggers=(triggers.Escalation(code="help"),))
    inner = (throw, node("user a", scope="p"))
    assert tell(_inside(*inner, flow=["i > t > a"])).start().open() == ["a"]
    boundary = node(
        "boundary e", attached_to="p", interrupting=False, triggers=(triggers.Escalation(code_variable="c"),)
    )
    case = tell(_inside(*inner, flow=["i > t > a", "e > x"], around=(boundary, "user x"))).start()
    assert case.open() == ["a", "x"] and case.variables() == {"c": "help"}


def test_an_interrupting_escalation_ends_its_thrower(tell: Tell) -> None:
    throw = node("end t", scope="p", triggers=(triggers.Escalation(code="help"),))
    boundary = node("boundary e", attached_to="p", triggers=(triggers.Escalation(code="help"),))
    model = _inside(
        throw, node("user a", scope="p"), node("and f", scope="p"),
        flow=["i > f", "f > a", "f > t", "e > x"], around=(boundary, "user x"),
    )  # fmt: skip
    assert tell(model).start().open() == ["x"]


def test_a_person_may_escalate_and_keep_the_work(tell: Tell) -> None:
    model = program(
        "start s", "user a", "user x",
        node("boundary e", attached_to="a", interrupting=False, triggers=(triggers.Escalation(code="help"),)),
        flow=["s > a", "e > x"],
    )  # fmt: skip
    case = tell(model).start().fail("a", kind="escalation", code="help")
    assert case.open() == ["a", "x"]


def test_escalation_starts_an_event_sub_process_beside(tell: Tell) -> None:
    model = program(
        "start s", node("throw t", triggers=(triggers.Escalation(code="help"),)), "user a",
        node("sub e", variety="event"),
        node("start es", scope="e", interrupting=False, triggers=(triggers.Escalation(),)),
        node("user b", scope="e"), flow=["s > t > a", "es > b"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.open() == ["a", "b"]
    assert case.complete("a").complete("b").ended


# Compensation


def _undoable(name: str, scope: str = "") -> tuple[object, ...]:
    return (
        node(f"user {name}", scope=scope),
        node(f"boundary {name}_c", scope=scope, attached_to=name, triggers=(triggers.Compensate(),),
             compensation_handler=f"undo_{name}"),
        node(f"user undo_{name}", scope=scope, for_compensation=True),
    )  # fmt: skip


def _compensate(activity: str = "", wait: bool = True) -> object:
    return node("throw c", triggers=(triggers.Compensate(activity=activity, wait=wait),))


def test_what_was_completed_is_undone_in_reverse_and_awaited(tell: Tell) -> None:
    model = program(
        "start s", *_undoable("a"), *_undoable("b"), *_undoable("d"), _compensate(), "user z",
        flow=["s > a > b > c > z > d"],
    )  # fmt: skip
    case = tell(model).start().complete("a").complete("b")
    assert case.open() == ["undo_a", "undo_b"]
    assert case.story()[-2:] == ["undo_b", "undo_a"]
    assert case.complete("undo_a").open() == ["undo_b"]
    assert case.complete("undo_b").open() == ["z"]


def test_one_activity_may_be_undone_by_name_and_nothing_is_undone_twice(tell: Tell) -> None:
    model = program(
        "start s", *_undoable("a"), *_undoable("b"), _compensate("a"), "user m", node("xor x", default="x_e"), "end e",
        flow=["s > a > b > m > c > x", "x > m: more == True", "x > e"],
    )  # fmt: skip
    case = tell(model).start(more=True).complete("a").complete("b").complete("m")
    assert case.open() == ["undo_a"]
    assert case.complete("undo_a").open() == ["m"]
    assert case.complete("m").open() == ["m"], "there is nothing left to undo"


def test_a_throw_that_does_not_wait(tell: Tell) -> None:
    model = program("start s", *_undoable("a"), _compensate(wait=False), "user z", flow=["s > a > c > z"])
    assert tell(model).start().complete("a").open() == ["undo_a", "z"]


def test_a_completed_sub_process_is_undone_from_inside_with_its_own_variables(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", inputs=(mapping("room", "n * 2"),)), node("start i", scope="p"),
        *_undoable("a", "p"), *_undoable("b", "p"), _compensate(), "user z",
        flow=["s > p > c > z", "i > a > b"],
    )  # fmt: skip
    case = tell(model).start(n=5).complete("a").complete("b")
    assert case.open() == ["undo_a", "undo_b"] and case.wait("undo_a").path == ("p",)
    assert case.variables(case.wait("undo_a").scope) == {"room": 10}
    assert case.complete("undo_b").complete("undo_a").open() == ["z"]


def test_a_compensation_event_sub_process_does_the_undoing(tell: Tell) -> None:
    model = program(
        "start s", "sub p", node("start i", scope="p"), node("user a", scope="p"),
        node("sub u", scope="p", variety="event"), node("start us", scope="u", triggers=(triggers.Compensate(),)),
        node("user undo", scope="u"), _compensate("p"), "user z",
        flow=["s > p > c > z", "i > a", "us > undo"],
    )  # fmt: skip
    case = tell(model).start().complete("a")
    assert case.open() == ["undo"] and case.wait("undo").path == ("p", "u")
    assert case.complete("undo").open() == ["z"]


def test_an_event_sub_process_compensates_the_scope_around_it(tell: Tell) -> None:
    model = program(
        "start s", *_undoable("a"), "user b", node("sub e", variety="event"),
        node("start t", scope="e", triggers=(message("stop"),)),
        node("throw c", scope="e", triggers=(triggers.Compensate(),)),
        flow=["s > a > b", "t > c"],
    )  # fmt: skip
    case = tell(model).start().complete("a").deliver("t")
    assert case.open(waits.Wait) == ["undo_a"]
    assert case.complete("undo_a").ended


def test_every_instance_of_a_multi_instance_activity_is_undone(tell: Tell) -> None:

    book, boundary, undo = _undoable("a")
    book = node("user a", loop=MultiInstance(cardinality=feel("3")))
    model = program("start s", book, boundary, undo, _compensate(), "user z", flow=["s > a > c > z"])
    case = tell(model).start()
    for _ in range(3):
        case.complete("a")
    assert case.open() == ["undo_a"] * 3
    for _ in range(3):
        case.complete("undo_a")
    assert case.open() == ["z"]


# Transactions


def _transaction() -> Program:
    return program(
        "start s", node("sub p", variety="transaction"), "user after", node("start i", scope="p"),
        *_undoable("a", "p"), node("user b", scope="p"), node("and f", scope="p"), node("user q", scope="p"),
        node("end k", scope="p", triggers=(triggers.Cancel(),)), node("xor x", scope="p", default="x_ok"),
        node("end ok", scope="p"),
        node("boundary e", attached_to="p", triggers=(triggers.Cancel(),)), "user given_up",
        flow=["s > p > after", "i > f", "f > q", "f > a > b > x", "x > k: ok == False", "x > ok", "e > given_up"],
    )  # fmt: skip


def test_a_cancelled_transaction_undoes_and_drops_what_it_set(tell: Tell) -> None:
    case = tell(_transaction()).start(n=1).complete("a", seat=7, n=2).complete("b", ok=False)
    assert case.open(waits.Wait) == ["undo_a"], "what else ran in it is gone"
    assert case.complete("undo_a").open(waits.Wait) == ["given_up"]
    assert case.variables() == {"n": 1}, "whatever the transaction set is dropped"


def test_a_transaction_that_fails_otherwise_keeps_what_it_set(tell: Tell) -> None:
    late = node("boundary t", attached_to="p", triggers=(timer("PT1H"),))
    model = program(
        "start s", node("sub p", variety="transaction"), node("start i", scope="p"), node("user a", scope="p"),
        node("user b", scope="p"), late, "user z", flow=["s > p", "i > a > b", "t > z"],
    )  # fmt: skip
    case = tell(model).start().complete("a", seat=7).fire("t")
    assert case.open(waits.Wait) == ["z"] and case.variables() == {"seat": 7}


def test_a_completed_transaction_publishes_what_it_set(tell: Tell) -> None:
    case = tell(_transaction()).start().complete("a", seat=7).complete("b", ok=True)
    assert case.variables() == {}
    assert case.complete("q").open(waits.Wait) == ["after"]
    assert case.variables() == {"seat": 7, "ok": True}


def test_a_cancel_without_a_transaction_is_an_incident(tell: Tell) -> None:
    model = program("start s", node("end k", triggers=(triggers.Cancel(),)), flow=["s > k"])
    assert tell(model).start().wait("k", waits.Incident).code == "cancel_outside"


# Ad-hoc


def test_an_ad_hoc_sub_process_starts_what_no_flow_enters(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", variety="adHoc"), "user z", node("user a", scope="p"), node("user b", scope="p"),
        node("user c", scope="p"), flow=["s > p > z", "a > b"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.open() == ["a", "c"]
    assert case.complete("a").complete("b").complete("c").open() == ["z"]


def test_an_ad_hoc_sub_process_is_complete_when_its_condition_holds(tell: Tell) -> None:
    def model(**more: object) -> Program:
        return program(
            "start s", node("sub p", variety="adHoc", completion=feel("enough == True"), **more), "user z",
            node("user a", scope="p"), node("user b", scope="p"), flow=["s > p > z"],
        )  # fmt: skip

    assert tell(model()).start(enough=False).complete("a", enough=True).open() == ["z"]
    case = tell(model(cancel_remaining=False)).start(enough=False).complete("a", enough=True)
    assert case.open() == ["b"]
    assert case.complete("b").open() == ["z"]
    case = tell(model()).start(enough=False).complete("a").complete("b")
    assert case.wait("p", waits.Incident).code == "ad_hoc_not_complete"
    assert case.retry("p", enough=True).open(waits.Wait) == ["z"]


def test_a_sequential_ad_hoc_sub_process_does_one_after_another(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", variety="adHoc", ordering="sequential"), "user z", node("user a", scope="p"),
        node("user b", scope="p"), node("user c", scope="p"), flow=["s > p > z", "a > b"],
    )  # fmt: skip
    case = tell(model).start()
    seen = []
    while (now_open := case.open()) != ["z"]:
        assert len(now_open) == 1
        seen += now_open
        case.complete(now_open[0])
    assert seen == ["a", "b", "c"]


def test_an_ad_hoc_sub_process_may_name_what_it_starts(tell: Tell) -> None:
    model = program(
        "start s", node("sub p", variety="adHoc", active_elements=feel("chosen")), node("user a", scope="p"),
        node("user b", scope="p"), flow=["s > p"],
    )  # fmt: skip
    assert tell(model).start(chosen=["b"]).open() == ["b"]
    assert tell(model).start(chosen=["q"]).wait("p", waits.Incident).code == "ad_hoc_unknown_element"


# Calls

CALLED = program("start cs", "user work", "end ce", flow=["cs > work > ce"], key="called")


def test_a_called_process_runs_inside_the_instance_and_sees_nothing_around(tell: Tell) -> None:
    call = node("call k", called=literal("called"), pass_all_in=False, pass_all_out=False,
                inputs=(mapping("x", "n + 1"),), outputs=(mapping("y", "answer * 2"),))  # fmt: skip
    case = tell(program("start s", call, "user z", flow=["s > k > z"]), library=Shelf(CALLED)).start(n=1)
    wait = case.wait("work")
    assert wait.path == ("k",) and case.variables(wait.scope) == {"x": 2}
    assert case.complete("work", answer=21, n=99).open() == ["z"]
    assert case.variables() == {"n": 1, "y": 42}


def test_everything_goes_in_and_out_when_the_author_says_so(tell: Tell) -> None:
    call = node("call k", called=feel("which"))
    case = tell(program("start s", call, "user z", flow=["s > k > z"]), library=Shelf(CALLED)).start(
        n=1, which="called"
    )
    case.complete("work", answer=21, n=2)
    assert case.variables() == {"which": "called", "n": 2, "answer": 21}


def test_a_missing_process_is_an_incident(tell: Tell) -> None:
    case = tell(program("start s", node("call k", called=literal("nobody")), flow=["s > k"]), library=Shelf()).start()
    assert case.wait("k", waits.Incident).code == "process_missing"


def test_a_process_that_calls_itself_for_ever_is_stopped(tell: Tell) -> None:
    model = program("start s", node("call k", called=literal("p")), flow=["s > k"])
    case = tell(model, library=Shelf(model)).start()
    assert case.wait("k", waits.Incident).code == "calls_too_deep"


def test_an_optional_output_that_was_never_set_comes_back_as_null(tell: Tell) -> None:
    inner = program(
        "start cs", "user work", flow=["cs > work"], key="called", outputs=("r", "q"), optional_outputs=("r",)
    )
    model = program("start s", node("call k", called=literal("called")), "user z", flow=["s > k > z"])
    case = tell(model, library=Shelf(inner)).start().complete("work", q=1)

    assert case.open() == ["z"]
    assert case.variables() == {"r": None, "q": 1}


def test_an_output_that_is_not_optional_is_demanded_beside_one_that_is(tell: Tell) -> None:
    inner = program(
        "start cs", "user work", flow=["cs > work"], key="called", outputs=("r", "q"), optional_outputs=("r",)
    )
    model = program("start s", node("call k", called=literal("called")), flow=["s > k"])
    case = tell(model, library=Shelf(inner)).start().complete("work", r=1)

    assert "lacks q" in case.wait("k", waits.Incident).message["en"]


def test_declared_inputs_and_outputs_are_demanded_by_name(tell: Tell) -> None:
    called = program("start cs", "user work", flow=["cs > work"], key="called", inputs=("a", "b"), outputs=("r",))
    model = program("start s", node("call k", called=literal("called")), "user z", flow=["s > k > z"])
    case = tell(model, library=Shelf(called)).start(a=1)
    assert "lacks b" in case.wait("k", waits.Incident).message["en"]
    case.retry("k", b=2).complete("work", other=3)
    assert "lacks r" in case.wait("k", waits.Incident).message["en"]


def test_an_error_comes_out_of_a_call(tell: Tell) -> None:
    called = program(
        "start cs", "user w", node("end ce", triggers=(triggers.Error(code="E"),)), flow=["cs > w > ce"], key="called"
    )
    model = program(
        "start s", node("call k", called=literal("called")), "user x",
        node("boundary e", attached_to="k", triggers=(triggers.Error(code="E"),)), flow=["s > k", "e > x"],
    )  # fmt: skip
    case = tell(model, library=Shelf(called)).start().complete("w")
    assert case.open(waits.Wait) == ["x"] and len(case.state.scopes) == 1


def test_terminate_in_a_called_process_ends_the_called_process_only(tell: Tell) -> None:
    called = program(
        "start cs", "user w", node("end ce", triggers=(triggers.Terminate(),)), flow=["cs > w > ce"], key="called"
    )
    model = program("start s", node("call k", called=literal("called")), "user z", flow=["s > k > z"])
    assert tell(model, library=Shelf(called)).start().complete("w").open() == ["z"]


def test_data_objects_begin_with_their_value(tell: Tell) -> None:
    model = program(
        "start s", "sub p", node("start i", scope="p"), node("user a", scope="p"), flow=["s > p", "i > a"],
        data=(DataItem(id="d", name="limit", initial=feel("100")),
              DataItem(id="e", name="inner", scope="p", initial=feel("limit + 1"))),
    )  # fmt: skip
    case = tell(model).start()
    assert case.variables() == {"limit": 100} and case.variables(case.wait("a").scope) == {"inner": 101}
    assert tell(model).start(limit=5).variables() == {"limit": 5}


def test_cancelling_takes_called_processes_with_it(tell: Tell) -> None:
    model = program("start s", node("call k", called=literal("called")), flow=["s > k"])
    case = tell(model, library=Shelf(CALLED)).start()
    case.give(stimuli.Cancel(reason="test"))
    assert case.ended and case.waits == {} and case.state.tokens == {}
