"""A binding sets the cases going again that had stopped for want of it: listeners, calls of code and services alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import bindings, publish
from engine.evaluation import HouseEvaluator
from engine.ports import JobAnswer, JobCall
from engine.runtime import bound, cancel, incidents, instances
from tests.house import ANNA, BOSS, House, house
from tests.unit.bpmn.drawn import document, ext
from tests.unit.variants import desk

FLOWS = '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
LISTENER = ext('<camunda:executionListener event="start" class="org.acme.L"/>')
GATEWAY = (
    '<startEvent id="s"/><exclusiveGateway id="a" default="f2"/><endEvent id="e"/><userTask id="u"/>'
    f'{FLOWS}<sequenceFlow id="f3" sourceRef="a" targetRef="u"><conditionExpression>${{book.full(size, "x")}}'
    "</conditionExpression></sequenceFlow>"
)
STEPS = {
    "org.acme.A": '<serviceTask id="a" camunda:class="org.acme.A"/>',
    "org.acme.L": f'<userTask id="a">{LISTENER}</userTask>',
    "book.full": "",
    "who.is": '<userTask id="a" camunda:assignee="${who.is()}"/>',
    "book.free": '<serviceTask id="a" camunda:expression="${book.free(size)}" camunda:resultVariable="r"/>',
}
CALLS: list[JobCall] = []


def answers(call: JobCall) -> JobAnswer:
    CALLS.append(call)
    return JobAnswer(data={"result": True})


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    CALLS.clear()
    with house(tmp_path, {"answers": answers}, reader=read.read, evaluator=HouseEvaluator()) as made:
        yield made


def released(home: House, handler: str, key: str = "p") -> publish.Deployed:
    inside = STEPS[handler]
    data = document(f'<startEvent id="s"/>{inside}<endEvent id="e"/>{FLOWS}' if inside else GATEWAY)
    data = data.replace(b'<process id="p"', f'<process id="{key}"'.encode())
    made = publish.deploy(home.engine, name="u", files={f"{key}.bpmn": data}, agent=BOSS, now=home.now)
    publish.release(home.engine, process=key, n=made.versions[0].n, agent=BOSS, now=home.now)
    return made


def bind(home: House, handler: str, kind: str = "handler", target: str = "answers") -> bound.Bound:
    return bound.bind(home.engine, handler=handler, kind=kind, target=target, agent=BOSS, now=home.now)  # type: ignore[arg-type]


def stopped(home: House, case: str) -> list[tuple[str, str]]:
    with home.engine.store.reading() as tx:
        return [(one.node, one.code) for one in tx.waits.incidents(case)]


@pytest.mark.parametrize("handler", STEPS)
def test_a_case_stops_by_the_handlers_name_and_goes_on_with_the_binding(home: House, handler: str) -> None:
    made = released(home, handler)
    assert [place.handler for place in made.missing] == [handler]
    (warning,) = [one for one in made.versions[0].problems if one.code == "handler_missing"]
    assert handler in warning.text["en"] and handler in warning.text["zh-CN"] and warning.element == "a"
    assert not [one for one in made.versions[0].problems if one.severity == "error"]
    case = home.start("p", size=3)
    home.settle()
    assert stopped(home, case) == [("a", "handler_unbound")]
    with home.engine.store.reading() as tx:
        (incident,) = tx.waits.incidents(case)
    assert all(handler in words for words in incident.message.values())
    assert bind(home, handler).retried == 1
    home.settle()
    assert stopped(home, case) == [] and [call.handler for call in CALLS] == [handler]


def test_the_answer_decides_where_it_goes_on(home: House) -> None:
    released(home, "book.full")
    bind(home, "book.full")
    case = home.start("p", size=3)
    home.settle()
    assert [item.node for item in home.items(case)] == ["u"]
    assert dict(CALLS[0].input) == {"arg1": 3, "arg2": "x"}
    assert instances.get(home.engine, instance_id=case).variables['book.full(size, "x")'] is True


def test_the_answer_may_be_no(home: House) -> None:
    released(home, "book.full")
    bind(home, "book.full", target="nothing")
    case = home.start("p", size=3)
    home.settle()
    assert home.instance(case).status == "completed"


def test_a_handler_that_stands_in_for_code_sees_the_variables(home: House) -> None:
    released(home, "org.acme.L")
    bind(home, "org.acme.L")
    home.start("p", size=3)
    home.settle()
    (call,) = CALLS
    assert call.variables["size"] == 3 and dict(call.headers) == {"event": "start"} and dict(call.input) == {}


def test_cases_that_wait_for_another_handler_stay_where_they_are(home: House) -> None:
    released(home, "org.acme.A")
    released(home, "who.is", key="q")
    one, other = home.start("p"), home.start("q")
    home.settle()
    assert bind(home, "org.acme.A").retried == 1
    home.settle()
    assert stopped(home, one) == [] and stopped(home, other) == [("a", "handler_unbound")]


def test_all_cases_of_all_processes_go_on(home: House) -> None:
    released(home, "org.acme.A")
    released(home, "org.acme.A", key="q")
    cases = [home.start("p"), home.start("p"), home.start("q")]
    home.settle()
    assert bind(home, "org.acme.A").retried == 3
    home.settle()
    assert {home.instance(case).status for case in cases} == {"completed"}


def test_more_than_one_binding_sets_going_stay_and_are_counted(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bound, "MOST", 2)
    released(home, "org.acme.A")
    for _ in range(3):
        home.start("p")
    home.settle()
    made = bind(home, "org.acme.A")
    assert (made.retried, made.left) == (2, 1)
    assert bind(home, "org.acme.A").left == 0


def test_a_case_that_was_mended_or_ended_meanwhile_is_passed_over(home: House) -> None:
    released(home, "org.acme.A")
    ended, skipped = home.start("p"), home.start("p")
    home.settle()
    cancel.cancel(home.engine, instance_id=ended, reason="over", agent=BOSS, now=home.now)
    with home.engine.store.reading() as tx:
        (incident,) = tx.waits.incidents(skipped)
    incidents.skip(home.engine, incident_id=incident.id, reason="by hand", agent=BOSS, now=home.now)
    made = bind(home, "org.acme.A")
    assert (made.retried, made.left) == (0, 0)


def test_bound_to_a_topic_a_stopped_case_waits_for_its_worker(home: House) -> None:
    released(home, "org.acme.L")
    case = home.start("p")
    home.settle()
    assert bind(home, "org.acme.L", kind="topic", target="audit").retried == 1
    home.settle()
    assert stopped(home, case) == [] and ("topic", "audit") in home.rings


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"target": "nobody"}, "handler_unknown"),
        ({"handler": "log"}, "handler_builtin"),
        ({"handler": " "}, "handler_name"),
    ],
)
def test_a_binding_that_cannot_hold_sets_nothing_going(home: House, words: dict[str, str], code: str) -> None:
    released(home, "org.acme.A")
    case = home.start("p")
    home.settle()
    with pytest.raises(errors.CrmflowError) as caught:
        bind(home, **{"handler": "org.acme.A", **words})
    assert caught.value.code == code and stopped(home, case)


def test_only_who_draws_processes_binds(home: House) -> None:
    with pytest.raises(errors.Forbidden):
        bound.bind(home.engine, handler="x", kind="handler", target="log", agent=ANNA, now=home.now)


def test_a_variants_handlers_are_missing_too(tmp_path: Path) -> None:
    service = {
        "id": "o1",
        "kind": "set_service",
        "target": "Stock",
        "reason": desk.text("why"),
        "work": {"handler": "erp"},
    }
    with desk.desk(tmp_path) as home:
        before = {place.handler for place in bindings.handlers(home.engine, agent=BOSS).missing}
        desk.write(home, service)
        after = bindings.handlers(home.engine, agent=BOSS).missing
        assert {place.handler for place in after} - before == {"erp"}
        assert [place.node for place in after if place.handler == "erp"] == ["Stock"]
        of_process = bindings.of_process(home.engine, process="SFA-03", agent=BOSS)
        assert "erp" in {place.handler for place in of_process}
