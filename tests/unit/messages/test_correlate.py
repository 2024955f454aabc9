"""A message reaches exactly one, starts a process, or waits; nothing is lost, nothing doubled."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.messages import carry, correlate
from engine.messages.correlate import Letter
from engine.people.agent import SYSTEM
from engine.runtime import instances
from tests.house import CHEN, House
from tests.kernel.models import feel, literal, message, node, program, signal


def waiting(home: House, **more: Any) -> None:
    paid = node("catch paid", triggers=(message("paid", **more),))
    home.release(program("start s", paid, "user book", "end e", flow=["s > paid > book > e"]))


def send(home: House, name: str = "paid", keep: timedelta = correlate.KEEP, **more: Any) -> correlate.Correlated:
    return correlate.correlate(home.engine, letter=Letter(name=name, **more), agent=SYSTEM, now=home.now, keep=keep)


def open_nodes(home: House, case: str) -> list[str]:
    return [item.node for item in home.items(case)]


def test_the_business_key_finds_the_instance(home: House) -> None:
    waiting(home)
    first, second = home.start(business_key="k-1"), home.start(business_key="k-2")
    done = send(home, business_key="k-2", data={"sum": 7})
    assert (done.outcome, done.instance_id) == ("delivered", second)
    assert (open_nodes(home, first), open_nodes(home, second)) == ([], ["book"])
    assert instances.get(home.engine, instance_id=second).variables["sum"] == 7


def test_the_correlation_key_finds_the_instance(home: House) -> None:
    waiting(home, key=feel("order"))
    first, second = home.start(order="A"), home.start(order="B")
    assert send(home, key="A").instance_id == first
    assert open_nodes(home, second) == []


def test_several_candidates_are_named_and_nobody_gets_it(home: House) -> None:
    waiting(home)
    first, second = home.start(), home.start()
    with pytest.raises(errors.Conflict) as caught:
        send(home)
    assert [one.partition(".")[0] for one in caught.value.ids["candidates"]] == [first, second]
    assert open_nodes(home, first) == open_nodes(home, second) == []
    assert send(home, instance_id=second).instance_id == second


def test_the_same_message_twice_finds_nobody_the_second_time(home: House) -> None:
    waiting(home)
    home.start()
    assert send(home).outcome == "delivered"
    with pytest.raises(errors.NotFound) as caught:
        send(home, keep=timedelta())
    assert caught.value.ids == {"message": "paid"}


def test_an_early_message_is_picked_up_when_somebody_waits_for_it(home: House) -> None:
    waiting(home)
    assert send(home, business_key="k-1", data={"sum": 1}).outcome == "kept"
    other = home.start(business_key="k-2")
    home.settle()
    assert open_nodes(home, other) == []
    case = home.start(business_key="k-1")
    home.settle()
    assert open_nodes(home, case) == ["book"]
    assert instances.get(home.engine, instance_id=case).variables["sum"] == 1
    late = home.start()
    home.settle()
    assert open_nodes(home, late) == []


def test_early_messages_are_picked_up_oldest_first_one_each(home: House) -> None:
    waiting(home)
    for number in (1, 2):
        send(home, data={"n": number})
    cases = [home.start() for _ in range(3)]
    home.settle()
    found = [instances.get(home.engine, instance_id=case).variables.get("n") for case in cases]
    assert found == [1, 2, None]


def test_an_early_message_does_not_wait_for_ever(home: House) -> None:
    waiting(home)
    send(home, keep=timedelta(minutes=1))
    home.clock.advance(timedelta(minutes=1))
    case = home.start()
    home.settle()
    assert open_nodes(home, case) == []
    with home.engine.store.transaction() as tx:
        assert tx.messages.expire(home.now) == 1


def test_a_message_starts_the_process_that_begins_with_it_once(home: House) -> None:
    begin = node("start order", triggers=(message("ordered"),))
    home.release(program(begin, "user pack", "end e", flow=["order > pack > e"]))
    home.customer()
    first = send(home, "ordered", customer_id="c-1", business_key="o-1", data={"n": 1})
    again = send(home, "ordered", customer_id="c-1", business_key="o-1", data={"n": 1})
    assert (first.outcome, again.instance_id) == ("started", first.instance_id)
    assert open_nodes(home, first.instance_id) == ["pack"]
    with pytest.raises(errors.Invalid) as caught:
        send(home, "ordered")
    assert caught.value.problems[0].pointer == "/customer_id"


def test_a_thrown_message_reaches_the_other_instance_exactly_once(home: House) -> None:
    waiting(home, key=literal("A"))
    throw = node("throw pay", triggers=(message("paid", key=literal("A"), mappings=(("sum", literal("9")),)),))
    home.release(program("start s", throw, "end e", flow=["s > pay > e"], key="payer"))
    receiver = home.start()
    home.start("payer")
    with home.engine.store.reading() as tx:
        (letter,) = tx.due.mail(home.now, 10)
    home.settle()
    assert open_nodes(home, receiver) == ["book"]
    carry._one(home.engine, letter, home.now)
    assert len([line for line in home.told(receiver) if line == "EventCaught paid"]) == 1


def test_a_thrown_message_that_comes_early_waits_for_its_receiver(home: House) -> None:
    waiting(home, key=literal("A"))
    throw = node("throw pay", triggers=(message("paid", key=literal("A")),))
    home.release(program("start s", throw, "end e", flow=["s > pay > e"], key="payer"))
    home.start("payer")
    home.settle()
    receiver = home.start()
    home.settle()
    assert open_nodes(home, receiver) == ["book"]


def test_a_letter_that_cannot_be_delivered_is_put_off_and_tried_again(home: House) -> None:
    waiting(home)
    first, second = home.start(), home.start()
    throw = node("throw pay", triggers=(message("paid"),))
    home.release(program("start s", throw, "end e", flow=["s > pay > e"], key="payer"))
    home.start("payer")
    home.settle()
    assert open_nodes(home, first) == []
    send(home, instance_id=second)
    home.pass_time(seconds=2)
    assert open_nodes(home, first) == ["book"]


def test_a_signal_reaches_everybody_and_starts_who_begins_with_it(home: House) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    begin = node("start alarm", triggers=(signal("storm"),))
    home.release(program(begin, "user call", "end e", flow=["alarm > call > e"], key="alarm"))
    cases = [home.start(), home.start()]
    reached = correlate.signal(
        home.engine, name="storm", data={"wind": 12}, agent=SYSTEM, now=home.now, customer_id="c-1"
    )
    assert reached == 3
    home.settle()
    assert [open_nodes(home, case) for case in cases] == [["shut"], ["shut"]]
    (alarm,) = instances.search(home.engine, query=instances.Query(process="alarm"))
    assert open_nodes(home, alarm.id) == ["call"]


def test_a_thrown_signal_goes_the_same_way(home: House) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    home.release(
        program("start s", node("throw cry", triggers=(signal("storm"),)), "end e", flow=["s > cry > e"], key="crier")
    )
    case = home.start()
    home.start("crier")
    home.settle()
    assert open_nodes(home, case) == ["shut"]


def test_a_stranger_sends_no_messages(home: House) -> None:
    nobody = type(CHEN)(key="guest")
    with pytest.raises(errors.Forbidden):
        correlate.correlate(home.engine, letter=Letter(name="paid"), agent=nobody, now=home.now)
