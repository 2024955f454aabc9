"""One step, one transaction: it moves the instance whole, or nothing has happened."""

import threading
from typing import Any

import pytest

from engine import errors
from engine.kernel import stimuli
from engine.people.agent import SYSTEM
from engine.runtime import cancel, deliver, incidents, instances
from tests.house import ANNA, BOSS, House
from tests.kernel.models import literal, node, program

TWO_TASKS = program("start s", "user one", "user two", "end e", flow=["s > one > two > e"])
FAILS = program("start s", node("script calc", script="b = a + 1"), "user look", "end e", flow=["s > calc > look > e"])


def complete(home: House, instance_id: str, wait: int, **data: Any) -> deliver.Delivered:
    stimulus = stimuli.Complete(agent="anna", wait=wait, data=data)
    return deliver.deliver(home.engine, instance_id=instance_id, stimulus=stimulus, now=home.now)


def test_a_step_replaces_the_waits_and_tells_the_facts(home: House) -> None:
    home.release(TWO_TASKS)
    case = home.start()
    done = complete(home, case, home.item(case, "one").wait, colour="red")
    assert done.revision == 2
    assert [item.node for item in home.items(case)] == ["two"]
    assert home.told(case)[-3:] == ["FlowTaken one", "ActivityStarted two", "WorkItemOpened two"]
    assert instances.get(home.engine, instance_id=case).variables["colour"] == "red"


def test_the_last_step_ends_the_instance(home: House) -> None:
    home.release(TWO_TASKS)
    case = home.start()
    complete(home, case, home.item(case, "one").wait)
    assert complete(home, case, home.item(case, "two").wait).status == "completed"
    assert home.instance(case).ended_at == home.now
    assert [(item.node, item.ended_by) for item in home.items(case, "completed")] == [("one", "anna"), ("two", "anna")]


def test_the_same_wait_is_answered_once(home: House) -> None:
    home.release(TWO_TASKS)
    case = home.start()
    wait = home.item(case, "one").wait
    complete(home, case, wait)
    before = home.facts(case)
    with pytest.raises(errors.Conflict):
        complete(home, case, wait)
    assert home.facts(case) == before


def test_many_at_once_give_one_winner_and_no_lost_step(home: House) -> None:
    parallel = program(
        "start s", "and fork", "user a", "user b", "user c", "and join", "end e",
        flow=["s > fork", "fork > a > join", "fork > b > join", "fork > c > join", "join > e"],
    )  # fmt: skip
    home.release(parallel)
    case = home.start()
    waits = [item.wait for item in home.items(case)]
    refused: list[errors.CrmflowError] = []

    def work(wait: int) -> None:
        try:
            complete(home, case, wait)
        except errors.CrmflowError as error:
            refused.append(error)

    threads = [threading.Thread(target=work, args=(wait,)) for wait in waits * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert home.instance(case).status == "completed"
    assert len(home.items(case, "completed")) == 3


def test_nothing_reaches_what_is_over(home: House) -> None:
    home.release(TWO_TASKS)
    case = home.start()
    cancel.cancel(home.engine, instance_id=case, reason="wrong customer", agent=BOSS, now=home.now)
    assert home.instance(case).status == "cancelled"
    assert home.items(case) == []
    with pytest.raises(errors.Conflict) as caught:
        complete(home, case, 1)
    assert caught.value.ids["status"] == "cancelled"
    with pytest.raises(errors.Conflict):
        cancel.cancel(home.engine, instance_id=case, reason="again", agent=BOSS, now=home.now)


def test_staff_may_not_cancel(home: House) -> None:
    home.release(TWO_TASKS)
    with pytest.raises(errors.Forbidden):
        cancel.cancel(home.engine, instance_id=home.start(), reason="", agent=ANNA, now=home.now)


def test_an_unknown_instance_is_named(home: House) -> None:
    with pytest.raises(errors.NotFound) as caught:
        complete(home, "nowhere", 1)
    assert caught.value.ids == {"instance": "nowhere"}
    with pytest.raises(errors.NotFound):
        instances.get(home.engine, instance_id="nowhere")


def test_a_failed_script_is_an_incident_that_can_be_retried_with_better_data(home: House) -> None:
    home.release(FAILS)
    case = home.start()
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    assert (incident.node, home.instance(case).incidents) == ("calc", 1)
    assert [found.id for found in instances.search(home.engine, query=instances.Query(incidents=True))] == [case]
    incidents.retry(home.engine, incident_id=incident.id, data={"a": 1}, agent=BOSS, now=home.now)
    assert incidents.open_incidents(home.engine, instance_id=case) == []
    assert home.instance(case).incidents == 0
    assert instances.get(home.engine, instance_id=case).variables["b"] == 2
    assert [item.node for item in home.items(case)] == ["look"]


def test_a_retry_that_fails_again_is_an_incident_again(home: House) -> None:
    home.release(FAILS)
    case = home.start()
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    incidents.retry(home.engine, incident_id=incident.id, agent=BOSS, now=home.now)
    (again,) = incidents.open_incidents(home.engine, instance_id=case)
    assert again.id != incident.id
    assert home.instance(case).incidents == 1


def test_an_incident_can_be_passed_by_with_a_reason(home: House) -> None:
    home.release(FAILS)
    case = home.start()
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    incidents.skip(home.engine, incident_id=incident.id, reason="computed by hand", agent=BOSS, now=home.now)
    assert [item.node for item in home.items(case)] == ["look"]
    with pytest.raises(errors.NotFound):
        incidents.skip(home.engine, incident_id=incident.id, reason="", agent=BOSS, now=home.now)


@pytest.mark.parametrize("incident_id", ["", "x", "x.", ".1", "x.-1", "x.9999999999999999", "x.１"])
def test_strange_ids_are_unknown(home: House, incident_id: str) -> None:
    with pytest.raises(errors.NotFound):
        incidents.retry(home.engine, incident_id=incident_id, agent=BOSS, now=home.now)


def test_variables_are_changed_by_hand_with_a_reason(home: House) -> None:
    home.release(TWO_TASKS)
    case = home.start(a=1)
    instances.set_variables(
        home.engine, instance_id=case, values={"a": 2}, reason="typing error", agent=BOSS, now=home.now
    )
    assert instances.get(home.engine, instance_id=case).variables["a"] == 2
    with pytest.raises(errors.Forbidden):
        instances.set_variables(home.engine, instance_id=case, values={}, reason="", agent=ANNA, now=home.now)


def test_cases_are_found_by_what_is_known_of_them(home: House) -> None:
    home.release(TWO_TASKS)
    first, second = home.start(business_key="k-1"), home.start()
    assert [one.id for one in instances.search(home.engine)] == [second, first]
    assert [one.id for one in instances.search(home.engine, after=second)] == [first]
    query = instances.Query(business_key="k-1", customer_id="c-1", status="active", process="p")
    assert [one.id for one in instances.search(home.engine, query=query)] == [first]
    assert instances.search(home.engine, query=instances.Query(status="completed")) == ()


def test_a_called_process_runs_inside_with_forms_of_its_own(home: House) -> None:
    inner = program(
        "start is", node("user deep", form="f"), "end ie", flow=["is > deep > ie"], key="inner", forms={"f": {}}
    )
    outer = program("start s", node("call c", called=literal("inner")), "end e", flow=["s > c > e"])
    sha256 = home.release(inner)
    home.release(outer)
    case = home.start()
    item = home.item(case, "deep")
    assert (item.program, item.path, item.process) == (sha256, ("c",), "p")
    assert complete(home, case, item.wait).status == "completed"


def test_a_call_of_nothing_is_an_incident_and_can_be_mended(home: House) -> None:
    home.release(program("start s", node("call c", called=literal("inner")), "end e", flow=["s > c > e"]))
    case = home.start()
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    assert incident.code == "process_unknown"
    home.release(program("start is", "end ie", flow=["is > ie"], key="inner"))
    assert incidents.retry(home.engine, incident_id=incident.id, agent=SYSTEM, now=home.now).status == "completed"
