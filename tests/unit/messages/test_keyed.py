"""Messages whose receivers are found by values of their variables: one or all, never kept, never guessed."""

import threading
from typing import Any

import pytest

from engine import errors
from engine.messages import keyed
from engine.messages.correlate import Letter
from engine.people.agent import SYSTEM, Agent
from engine.runtime import instances
from tests.house import House
from tests.kernel.models import feel, message, node, program


def waiting(home: House, process: str = "p", **more: Any) -> None:
    paid = node("catch paid", triggers=(message("paid", **more),))
    home.release(program("start s", paid, "user book", "end e", flow=["s > paid > book > e"], key=process))


def beginning(home: House, process: str = "orders") -> None:
    begin = node("start order", triggers=(message("paid"),))
    home.release(program(begin, "user pack", "end e", flow=["order > pack > e"], key=process))


def deliver(
    home: House,
    keys: dict[str, Any] | None = None,
    *,
    everybody: bool = False,
    agent: Agent = SYSTEM,
    **letter: Any,
) -> list[tuple[str, str]]:
    found = keyed.deliver(
        home.engine,
        letter=Letter(name="paid", **letter),
        keys=keys or {},
        everybody=everybody,
        agent=agent,
        now=home.now,
    )
    return [(one.how, one.instance.id) for one in found]


def booked(home: House, *cases: str) -> list[bool]:
    return [bool(home.items(case)) for case in cases]


CASES = {
    "order": {"order": 7, "kind": "gold", "open": True, "name": "李雷", "lines": [1, 2], "part": {"a": 1}},
    "other": {"order": 8, "kind": "gold", "open": False, "name": "韩梅", "lines": [], "part": {"a": 2}},
}


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"order": 7}, "order"),
        ({"order": 8}, "other"),
        ({"order": 7.0}, "order"),
        ({"order": 8, "kind": "gold"}, "other"),
        ({"open": True}, "order"),
        ({"open": False}, "other"),
        ({"name": "李雷"}, "order"),
        ({"lines": [1, 2]}, "order"),
        ({"part": {"a": 2}}, "other"),
    ],
)
def test_the_one_with_these_values_gets_it(home: House, keys: dict[str, Any], found: str) -> None:
    waiting(home)
    cases = {name: home.start(**data) for name, data in CASES.items()}
    assert deliver(home, keys) == [("delivered", cases[found])]
    assert [name for name, case in cases.items() if home.items(case)] == [found]


@pytest.mark.parametrize(
    "keys",
    [
        {"order": 9},
        {"order": "7"},
        {"order": None},
        {"unknown": None},
        {"order": 7, "kind": "silver"},
        {"name": "李"},
        {"lines": [2, 1]},
        {"order": 7, "open": False},
    ],
)
def test_nobody_with_these_values_is_a_conflict_and_nobody_gets_it(home: House, keys: dict[str, Any]) -> None:
    waiting(home)
    cases = [home.start(**data) for data in CASES.values()]
    with pytest.raises(errors.Conflict) as caught:
        deliver(home, keys)
    assert caught.value.code == "message_mismatch" and caught.value.ids == {"message": "paid", "count": 0}
    assert caught.value.text == {
        "zh-CN": "有 0 个对象符合消息“paid”，应恰有一个。",
        "en": "0 fit the message 'paid'; expected one.",
    }
    assert booked(home, *cases) == [False, False]


def test_more_than_one_is_a_conflict_and_nobody_gets_it(home: House) -> None:
    waiting(home)
    cases = [home.start(**data) for data in CASES.values()]
    with pytest.raises(errors.Conflict) as caught:
        deliver(home, {"kind": "gold"})
    assert caught.value.ids["count"] == 2
    assert booked(home, *cases) == [False, False]


def test_everybody_with_these_values_gets_it(home: House) -> None:
    waiting(home)
    cases = [home.start(**data) for data in CASES.values()]
    stranger = home.start(kind="silver")
    assert sorted(deliver(home, {"kind": "gold"}, everybody=True)) == [("delivered", case) for case in sorted(cases)]
    assert booked(home, *cases, stranger) == [True, True, False]


def test_without_values_and_names_everybody_who_waits_gets_it(home: House) -> None:
    waiting(home)
    cases = [home.start(), home.start()]
    assert len(deliver(home, everybody=True)) == 2
    assert booked(home, *cases) == [True, True]


def test_everybody_is_nobody_is_a_conflict(home: House) -> None:
    waiting(home)
    with pytest.raises(errors.Conflict):
        deliver(home, everybody=True)


def test_a_model_that_names_its_key_is_matched_by_that_value(home: House) -> None:
    waiting(home, key=feel("order"))
    first, second = home.start(order="A", x=1), home.start(order="B", x=1)
    assert deliver(home, {"whatever": "B"}) == [("delivered", second)]
    assert booked(home, first, second) == [False, True]


def test_a_model_s_key_is_matched_as_text(home: House) -> None:
    waiting(home, key=feel("order"))
    first = home.start(order=7)
    assert deliver(home, {"order": 7}) == [("delivered", first)]


@pytest.mark.parametrize(("business_key", "found"), [("k-1", 0), ("k-2", 1)])
def test_the_business_key_narrows(home: House, business_key: str, found: int) -> None:
    waiting(home)
    cases = [home.start(business_key=key, x=1) for key in ("k-1", "k-2")]
    assert deliver(home, {"x": 1}, business_key=business_key) == [("delivered", cases[found])]


def test_the_instance_narrows(home: House) -> None:
    waiting(home)
    cases = [home.start(x=1), home.start(x=1)]
    assert deliver(home, {"x": 1}, instance_id=cases[1]) == [("delivered", cases[1])]
    with pytest.raises(errors.Conflict):
        deliver(home, {"x": 1}, instance_id="nobody")


def test_when_nobody_waits_the_process_that_begins_with_it_starts(home: House) -> None:
    beginning(home)
    home.customer()
    ((how, case),) = deliver(home, customer_id="c-1", data={"n": 1}, business_key="b-1")
    assert how == "started" and home.instance(case).business_key == "b-1"
    assert instances.get(home.engine, instance_id=case).variables["n"] == 1


def test_the_same_business_key_starts_again_for_this_is_not_a_repeated_request(home: House) -> None:
    beginning(home)
    home.customer()
    first, second = (deliver(home, customer_id="c-1", business_key="b-1")[0][1] for _ in range(2))
    assert first != second
    assert {home.instance(case).business_key for case in (first, second)} == {"b-1"}


def test_who_waits_comes_before_what_begins(home: House) -> None:
    waiting(home)
    beginning(home)
    case = home.start()
    assert deliver(home) == [("delivered", case)]


def test_everybody_means_who_waits_and_what_begins(home: House) -> None:
    waiting(home)
    beginning(home)
    case = home.start()
    found = deliver(home, everybody=True, customer_id="c-1")
    assert found[0] == ("delivered", case)
    assert [how for how, _ in found] == ["delivered", "started"]


@pytest.mark.parametrize("more", [{"keys": {"order": 1}}, {"instance_id": "i"}])
def test_values_or_an_instance_start_nothing(home: House, more: dict[str, Any]) -> None:
    beginning(home)
    home.customer()
    with pytest.raises(errors.Conflict):
        deliver(home, more.get("keys"), customer_id="c-1", instance_id=more.get("instance_id"))
    assert instances.search(home.engine, query=instances.Query()) == ()


def test_two_processes_that_begin_with_it_are_a_conflict_unless_everybody_is_meant(home: House) -> None:
    beginning(home)
    beginning(home, "returns")
    home.customer()
    with pytest.raises(errors.Conflict) as caught:
        deliver(home, customer_id="c-1")
    assert caught.value.ids["count"] == 2
    assert [how for how, _ in deliver(home, everybody=True, customer_id="c-1")] == ["started", "started"]


def test_when_one_start_of_several_is_refused_none_happens(home: House) -> None:
    waiting(home)
    beginning(home)
    case = home.start()
    with pytest.raises(errors.Invalid) as caught:
        deliver(home, everybody=True, customer_id="nobody")
    assert caught.value.problems[0].pointer == "/customer_id"
    assert booked(home, case) == [False]


@pytest.mark.parametrize("roles", [frozenset(), frozenset({"unknown"})])
def test_who_may_not_start_cases_delivers_nothing(home: House, roles: Any) -> None:
    waiting(home)
    case = home.start()
    with pytest.raises(errors.Forbidden if not roles else (errors.Forbidden, KeyError)):
        deliver(home, agent=Agent(key="ghost", roles=roles))
    assert booked(home, case) == [False]


def test_who_delivered_it_stands_in_the_history(home: House) -> None:
    waiting(home)
    case = home.start()
    deliver(home, agent=Agent(key="shop", roles=frozenset({"integrator"})))
    with home.engine.store.reading() as tx:
        by = [row.agent for row in tx.facts.of_instance(case) if row.fact.node == "paid"]
    assert by[-1] == "shop"


def test_two_at_once_for_one_receiver_give_it_to_one(home: House) -> None:
    waiting(home)
    case = home.start(order=7)
    barrier, outcomes = threading.Barrier(2), []

    def send(number: int) -> None:
        barrier.wait()
        try:
            deliver(home, {"order": 7}, data={"from": number})
            outcomes.append("delivered")
        except errors.Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "delivered"]
    assert home.told(case).count("EventCaught paid") == 1
