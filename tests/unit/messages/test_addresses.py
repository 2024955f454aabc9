"""Whom a message is for, told by key, business key and instance: every combination, and what is refused."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from engine import errors, records
from engine.messages import correlate, keyed
from engine.messages.correlate import Letter
from engine.people.agent import SYSTEM, Agent, Role
from engine.runtime import instances, matching
from tests.house import MONDAY, House
from tests.kernel.models import feel, message, node, program, signal

KEYS = (None, "A", "B")
BUSINESS_KEYS = (None, "k-1", "k-2")
INSTANCES = (None, "i-1", "i-2")


def subscription(key: str | None, business_key: str | None, instance_id: str = "i-1") -> records.Subscription:
    return records.Subscription(
        instance_id=instance_id,
        wait=1,
        node="n",
        trigger="message",
        name="m",
        key=key,
        business_key=business_key,
        created_at=MONDAY,
    )


@pytest.mark.parametrize(("key", "business_key"), list(product(KEYS, BUSINESS_KEYS)))
def test_a_message_never_reaches_whom_it_names_otherwise(key: str | None, business_key: str | None) -> None:
    """Each part that the message names and the receiver does not have shuts it out."""
    waits = subscription(key, business_key)
    for said, said_business, said_instance in product(KEYS, BUSINESS_KEYS, INSTANCES):
        found = matching.fits(waits, matching.Address(said, said_business, said_instance))
        if said_instance == "i-2" or (said_business is not None and said_business != business_key):
            assert not found
        if key is not None and said is not None and said != key:
            assert not found


@pytest.mark.parametrize(
    ("said", "business", "instance", "reached"),
    [
        (None, None, None, {"plain", "plain k-1"}),
        ("A", None, None, {"A"}),
        ("B", None, None, {"B"}),
        ("C", None, None, {"plain", "plain k-1"}),
        (None, "k-1", None, {"plain k-1", "A k-1"}),
        ("A", "k-1", None, {"A k-1"}),
        ("B", "k-1", None, {"plain k-1"}),
        (None, "k-9", None, set()),
        (None, None, "i-A", {"A"}),
        ("B", None, "i-A", set()),
        ("C", None, "i-plain", {"plain"}),
    ],
)
def test_who_is_reached(said: str | None, business: str | None, instance: str | None, reached: set[str]) -> None:
    waiting = {
        "plain": subscription(None, None, "i-plain"),
        "plain k-1": subscription(None, "k-1", "i-plain-k"),
        "A": subscription("A", None, "i-A"),
        "B": subscription("B", None, "i-B"),
        "A k-1": subscription("A", "k-1", "i-A-k"),
    }
    if said == "A" and business is None:
        del waiting["A k-1"]
    found = matching.fitting(waiting.values(), matching.Address(said, business, instance))
    assert {name for name, one in waiting.items() if one in found} == reached


def waiting(home: House, **more: Any) -> None:
    paid = node("catch paid", triggers=(message("paid", **more),))
    home.release(program("start s", paid, "user book", "end e", flow=["s > paid > book > e"]))


def send(home: House, keep: timedelta = timedelta(), agent: Agent = SYSTEM, **more: Any) -> correlate.Correlated:
    letter = Letter(**{"name": "paid", **more})
    return correlate.correlate(home.engine, letter=letter, agent=agent, now=home.now, keep=keep)


@pytest.mark.parametrize(
    "letter",
    [
        {"name": "unpaid"},
        {"name": ""},
        {"name": "PAID"},
        {"name": "paid "},
        {"key": "B"},
        {"business_key": "k-9"},
        {"instance_id": "nobody"},
        {"name": "paid", "key": ""},
    ],
)
def test_a_message_for_nobody_is_told_by_its_name_and_not_kept(home: House, letter: dict[str, Any]) -> None:
    waiting(home, key=feel("order"))
    home.start(order="A")
    with pytest.raises(errors.NotFound) as caught:
        send(home, **letter)
    name = letter.get("name", "paid")
    assert caught.value.code == "nobody_waits"
    assert caught.value.text == {
        "zh-CN": f"没有办件在等待消息“{name}”。",
        "en": f"Nobody waits for the message {name!r}.",
    }


@pytest.mark.parametrize("keep", [timedelta(seconds=-1), timedelta()])
def test_what_is_kept_for_no_time_is_not_kept(home: House, keep: timedelta) -> None:
    waiting(home)
    with pytest.raises(errors.NotFound):
        send(home, keep)
    case = home.start()
    home.settle()
    assert home.items(case) == []


@pytest.mark.parametrize("seconds", [1, 60, 86400 * 365])
def test_an_early_message_is_there_until_its_time_is_over(home: House, seconds: int) -> None:
    waiting(home)
    assert send(home, timedelta(seconds=seconds)).outcome == "kept"
    home.clock.advance(timedelta(seconds=seconds - 1))
    in_time = home.start()
    home.settle()
    assert [item.node for item in home.items(in_time)] == ["book"]


def test_ambiguity_names_every_candidate_in_both_languages(home: House) -> None:
    waiting(home)
    for _ in range(3):
        home.start()
    with pytest.raises(errors.Conflict) as caught:
        send(home)
    assert caught.value.code == "message_ambiguous" and len(caught.value.ids["candidates"]) == 3
    assert caught.value.text == {
        "zh-CN": "有 3 个对象在等待消息“paid”，请给出业务编号或关联键。",
        "en": "3 wait for the message 'paid': name a business key or a correlation key.",
    }


def test_two_processes_that_begin_with_one_message_are_named(home: House) -> None:
    for key in ("a", "b"):
        begin = node("start order", triggers=(message("paid"),))
        home.release(program(begin, "user pack", "end e", flow=["order > pack > e"], key=key))
    home.customer()
    with pytest.raises(errors.Conflict) as caught:
        send(home, customer_id="c-1")
    assert sorted(caught.value.ids["candidates"]) == ["a", "b"]


def test_a_message_for_an_instance_starts_nothing(home: House) -> None:
    begin = node("start order", triggers=(message("paid"),))
    home.release(program(begin, "user pack", "end e", flow=["order > pack > e"]))
    home.customer()
    with pytest.raises(errors.NotFound):
        send(home, customer_id="c-1", instance_id="i-1")
    assert instances.search(home.engine, query=instances.Query()) == ()


@pytest.mark.parametrize("data", [{}, {"a": 1}, {"客户": {"名称": "李"}}, {"x": [None, True, 1.5, "é"]}])
def test_the_data_of_a_message_become_variables(home: House, data: dict[str, Any]) -> None:
    waiting(home)
    case = home.start(before=1)
    assert send(home, data=data, agent=SYSTEM).instance_id == case
    found = instances.get(home.engine, instance_id=case).variables
    assert {name: found[name] for name in ("before", *data)} == {"before": 1, **data}


@pytest.mark.parametrize("roles", [(), ("staff",)])
def test_who_only_works_on_tasks_reaches_no_case_by_messages_or_signals(home: House, roles: tuple[Role, ...]) -> None:
    """It may be a case of others, and what a message says becomes its data."""
    waiting(home)
    case = home.start()
    guest = Agent(key="guest", roles=frozenset(roles))
    letter = Letter(name="paid", instance_id=case)
    tries = [
        lambda: send(home, agent=guest),
        lambda: send(home, agent=guest, keep=timedelta(hours=1), name="nobody"),
        lambda: correlate.signal(home.engine, name="paid", data={}, agent=guest, now=home.now),
        lambda: correlate.signal_one(home.engine, name="paid", instance_id=case, data={}, agent=guest, now=home.now),
        lambda: keyed.deliver(home.engine, letter=letter, keys={}, everybody=False, agent=guest, now=home.now),
    ]
    for attempt in tries:
        with pytest.raises(errors.Forbidden) as caught:
            attempt()
        assert caught.value.code == "right_missing" and "系统集成" in caught.value.text["zh-CN"]
    assert home.items(case) == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_signal_counts_whom_it_reaches(home: House, count: int) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    cases = [home.start() for _ in range(count)]
    reached = correlate.signal(home.engine, name="storm", data={"wind": 9}, agent=SYSTEM, now=home.now)
    assert reached == count
    assert [home.items(case) for case in cases] == [[] for _ in cases]
    home.settle()
    assert [[item.node for item in home.items(case)] for case in cases] == [["shut"] for _ in cases]


def test_a_signal_of_another_name_reaches_nobody(home: House) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    home.start()
    for name in ("Storm", "storm ", "", "sto%"):
        assert correlate.signal(home.engine, name=name, data={}, agent=SYSTEM, now=home.now) == 0


def test_a_signal_is_never_kept_for_later(home: House) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    correlate.signal(home.engine, name="storm", data={}, agent=SYSTEM, now=home.now)
    case = home.start()
    home.settle()
    assert home.items(case) == []
