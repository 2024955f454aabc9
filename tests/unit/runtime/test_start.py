"""A start is checked, chosen, told, and repeatable."""

import threading
from typing import Any

import pytest

from engine import errors, facts
from engine.people.agent import SYSTEM
from engine.runtime import instances, start
from tests.house import ANNA, House
from tests.kernel.models import node, program

FORM = {
    "type": "object",
    "properties": {"amount": {"type": "number", "minimum": 0}, "note": {"type": "string"}},
    "required": ["amount"],
    "additionalProperties": False,
}
ONE_TASK = program(node("start s", form="begin"), "user work", "end e", flow=["s > work > e"], forms={"begin": FORM})


def begin(home: House, **more: Any) -> start.Started:
    said = {"process": "p", "customer_id": "c-1", "data": {"amount": 5}, "agent": SYSTEM, "now": home.now}
    return start.start(home.engine, **{**said, **more})


def test_a_started_instance_waits_at_its_first_task(home: House) -> None:
    home.release(ONE_TASK)
    home.customer()
    begun = begin(home)
    assert begun.created
    assert begun.instance.number == "p-000001"
    assert [item.node for item in home.items(begun.instance.id)] == ["work"]
    assert home.told(begun.instance.id)[:2] == ["VariantChosen", "InstanceStarted"]


def test_why_this_program_is_kept_with_the_instance(home: House) -> None:
    sha256 = home.release(ONE_TASK)
    home.customer()
    case = instances.get(home.engine, instance_id=begin(home).instance.id)
    assert case.instance.program == sha256
    assert case.instance.sentence["en"] == "Base p v1: there is no customer group to go by."
    assert case.resolution is not None
    assert case.resolution.chain == ({"kind": "base", "id": "p", "n": 1, "program": sha256},)


def test_the_same_business_key_starts_once(home: House) -> None:
    home.release(ONE_TASK)
    home.customer()
    first = begin(home, business_key="order 7")
    again = begin(home, business_key="order 7", data={"amount": 6})
    assert (first.created, again.created) == (True, False)
    assert again.instance.id == first.instance.id
    assert instances.get(home.engine, instance_id=first.instance.id).variables["amount"] == 5


def test_the_same_key_from_many_sides_at_once_starts_once(home: House) -> None:
    home.release(ONE_TASK)
    home.customer()
    begun: list[start.Started] = []
    threads = [threading.Thread(target=lambda: begun.append(begin(home, business_key="order 8"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.instance.id for one in begun}) == 1
    assert [one.created for one in begun].count(True) == 1


def test_another_process_may_use_the_same_key(home: House) -> None:
    home.release(ONE_TASK)
    home.release(program("start s", "user work", "end e", flow=["s > work > e"], key="q"))
    home.customer()
    assert begin(home, business_key="k").instance.id != begin(home, process="q", business_key="k").instance.id


def test_the_customer_is_named_in_the_refusal(home: House) -> None:
    home.release(ONE_TASK)
    for customer_id, code in (("nobody", "customer_unknown"), (None, "customer_missing"), ("", "customer_missing")):
        with pytest.raises(errors.Invalid) as caught:
            begin(home, customer_id=customer_id)
        assert caught.value.code == code
        assert caught.value.problems[0].pointer == "/customer_id"
        assert set(caught.value.problems[0].text) == {"zh-CN", "en"}


def test_the_customers_number_will_do(home: House) -> None:
    home.release(ONE_TASK)
    home.customer()
    assert begin(home, customer_id="C-1").instance.customer_id == "c-1"


def test_a_process_without_customers_starts_without_one(home: House) -> None:
    home.release(ONE_TASK, start={"customer_required": False})
    assert begin(home, customer_id=None).instance.customer_id is None


def test_start_data_are_checked_by_the_form(home: House) -> None:
    home.release(ONE_TASK)
    home.customer()
    with pytest.raises(errors.Invalid) as caught:
        begin(home, data={"amount": -1, "colour": "red"})
    assert caught.value.code == "start_data_invalid"
    assert [problem.pointer for problem in caught.value.problems] == ["/data/amount", "/data/colour"]
    with pytest.raises(errors.Invalid) as caught:
        begin(home, data={})
    assert [problem.pointer for problem in caught.value.problems] == ["/data/amount"]


def test_the_customer_as_it_is_now_is_a_variable(home: House) -> None:
    home.release(ONE_TASK)
    home.customer(attributes={"city": "上海"}, group="KA")
    found = instances.get(home.engine, instance_id=begin(home).instance.id).variables
    assert found["customer"]["attributes"] == {"city": "上海"}
    assert found["customer"]["group"] == "KA"


def test_unknown_and_unreleased_processes_are_named(home: House) -> None:
    home.customer()
    with pytest.raises(errors.NotFound) as caught:
        begin(home, process="nothing")
    assert caught.value.ids == {"process": "nothing"}


def test_only_the_named_groups_start_a_process(home: House) -> None:
    home.release(ONE_TASK, start={"groups": ["legal"]})
    home.customer()
    with pytest.raises(errors.Forbidden) as caught:
        begin(home, agent=ANNA)
    assert "legal" in caught.value.text["en"]


def test_an_instance_that_never_waits_is_over_at_once(home: House) -> None:
    home.release(program("start s", "task t", "end e", flow=["s > t > e"]))
    home.customer()
    instance = begin(home).instance
    assert (instance.status, instance.ended_at) == ("completed", home.now)
    assert isinstance(home.facts(instance.id)[-1], facts.InstanceEnded)
