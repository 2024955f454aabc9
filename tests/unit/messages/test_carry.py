"""The outbox: each letter is carried out once with what it causes, put off when it cannot be, and never lost."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from engine import records
from engine.messages import carry, correlate
from engine.messages.correlate import Letter
from engine.people.agent import SYSTEM
from engine.runtime import cancel, instances, start
from tests.house import MONDAY, House
from tests.kernel.models import feel, literal, message, node, program, signal


def waiting(home: House, process: str = "p", **more: Any) -> None:
    paid = node("catch paid", triggers=(message("paid", **more),))
    home.release(program("start s", paid, "user book", "end e", flow=["s > paid > book > e"], key=process))


def payer(home: House, process: str = "payer", **more: Any) -> None:
    throw = node("throw pay", triggers=(message("paid", **more),))
    home.release(program("start s", throw, "end e", flow=["s > pay > e"], key=process))


def mail(home: House) -> list[records.Mail]:
    """Every letter that is still to be carried, whenever it is due."""
    with home.engine.store.reading() as tx:
        return list(tx.due.mail(home.now + timedelta(days=400), 100))


def open_nodes(home: House, case: str) -> list[str]:
    return [item.node for item in home.items(case)]


@pytest.mark.parametrize(
    ("tries", "pause_seconds"),
    [(1, 2), (2, 4), (3, 8), (5, 32), (10, 1024), (11, 2048), (12, 3600), (20, 3600), (25, 3600)],
)
def test_the_pauses_double_and_are_never_longer_than_an_hour(home: House, tries: int, pause_seconds: int) -> None:
    waiting(home)
    for _ in range(2):
        home.start()
    payer(home)
    home.start("payer")
    for _ in range(tries):
        (letter,) = mail(home)
        home.clock.set(max(home.now, letter.due_at))
        assert carry.carry_due(home.engine, now=home.now) == 1
    (letter,) = mail(home)
    assert letter.attempts == tries
    assert letter.due_at - home.now == timedelta(seconds=pause_seconds)


def test_a_letter_that_is_put_off_does_not_stand_in_the_way_of_the_others(home: House) -> None:
    waiting(home)
    for _ in range(2):
        home.start()
    waiting(home, "other", key=literal("B"))
    receiver = home.start("other")
    payer(home)
    payer(home, "second", key=literal("B"))
    home.start("payer")
    home.start("second")
    carry.carry_due(home.engine, now=home.now)
    assert open_nodes(home, receiver) == ["book"]
    assert len(mail(home)) == 1


@pytest.mark.parametrize(("limit", "left"), [(1, 4), (3, 2), (5, 0), (50, 0)])
def test_no_more_letters_than_asked_are_carried_at_a_time(home: House, limit: int, left: int) -> None:
    payer(home)
    for _ in range(5):
        home.start("payer")
    assert carry.carry_due(home.engine, now=home.now, limit=limit) == min(limit, 5)
    assert len(mail(home)) == left


def test_nothing_is_carried_before_it_is_due(home: House) -> None:
    payer(home)
    home.start("payer")
    assert carry.carry_due(home.engine, now=home.now - timedelta(seconds=1)) == 0
    assert len(mail(home)) == 1


def test_a_letter_that_nobody_waits_for_is_kept_for_a_week(home: House) -> None:
    payer(home, key=literal("A"))
    home.start("payer")
    home.settle()
    assert mail(home) == []
    waiting(home, key=literal("A"))
    home.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    in_time = home.start()
    home.settle()
    assert open_nodes(home, in_time) == ["book"]


def test_after_a_week_it_is_gone(home: House) -> None:
    payer(home, key=literal("A"))
    home.start("payer")
    home.settle()
    waiting(home, key=literal("A"))
    home.clock.advance(timedelta(days=7))
    late = home.start()
    home.settle()
    assert open_nodes(home, late) == []


def test_a_letter_to_a_case_that_was_cancelled_meanwhile_finds_another_receiver(home: House) -> None:
    waiting(home, key=literal("A"))
    first = home.start()
    payer(home, key=literal("A"))
    home.start("payer")
    (letter,) = mail(home)
    cancel.cancel(home.engine, instance_id=first, reason="no", agent=SYSTEM, now=home.now)
    second = home.start()
    assert carry.carry_due(home.engine, now=home.now) == 1
    assert open_nodes(home, second) == ["book"]
    assert letter.attempts == 0 and mail(home) == []


def test_a_signal_to_a_case_that_went_on_meanwhile_is_over(home: House) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    case = home.start()
    correlate.signal(home.engine, name="storm", data={}, agent=SYSTEM, now=home.now)
    cancel.cancel(home.engine, instance_id=case, reason="no", agent=SYSTEM, now=home.now)
    later = home.start()
    home.settle()
    assert open_nodes(home, later) == [] and mail(home) == []


def test_two_dispatchers_at_once_carry_each_letter_once(home: House) -> None:
    begin = node("start order", triggers=(message("paid"),))
    home.release(program(begin, "user pack", "end e", flow=["order > pack > e"], key="orders"))
    payer(home)
    for number in range(4):
        home.start("payer", n=number)
    barrier = threading.Barrier(3)
    broken: list[Exception] = []

    def round_trip() -> None:
        barrier.wait()
        try:
            carry.carry_due(home.engine, now=home.now)
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=round_trip) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert len(instances.search(home.engine, query=instances.Query(process="orders"))) == 4
    assert mail(home) == []


def test_a_process_started_by_a_thrown_message_is_for_the_throwers_customer(home: House) -> None:
    begin = node("start order", triggers=(message("paid"),))
    home.release(program(begin, "user pack", "end e", flow=["order > pack > e"], key="orders"))
    payer(home, mappings=(("sum", feel("amount")),))
    home.start("payer", amount=7)
    home.settle()
    (begun,) = instances.search(home.engine, query=instances.Query(process="orders"))
    assert begun.customer_id == "c-1" and begun.started_by == "system"
    assert instances.get(home.engine, instance_id=begun.id).variables["sum"] == 7


@pytest.mark.parametrize(
    ("named", "for_whom"),
    [("c-7", "c-7"), ("C-7", "c-7"), ("c-9", None), ("", None), (7, None), (None, None)],
)
def test_where_the_thrower_is_for_nobody_the_data_may_name_the_customer(
    home: House, named: object, for_whom: str | None
) -> None:
    home.customer("c-7")
    begin = node("start order", triggers=(message("paid"),))
    free = {"start": {"customer_required": False}}
    home.release(program(begin, "user pack", "end e", flow=["order > pack > e"], key="orders"), **free)
    throw = node("throw pay", triggers=(message("paid", mappings=(("customerId", feel("whom")),)),))
    home.release(program("start s", throw, "end e", flow=["s > pay > e"], key="payer"), **free)
    start.start(
        home.engine,
        process="payer",
        customer_id=None,
        business_key=None,
        data={"whom": named},
        agent=SYSTEM,
        now=home.now,
    )
    home.settle()
    (begun,) = instances.search(home.engine, query=instances.Query(process="orders"))
    assert begun.customer_id == for_whom


def test_what_a_letter_carries_arrives_word_by_word(home: House) -> None:
    waiting(home, payload="said")
    receiver = home.start()
    data = {"text": "付款 <b>✓</b>", "sum": 12.5, "lines": [{"a": None}, {"b": True}], "empty": {}}
    correlate.correlate(home.engine, letter=Letter(name="paid", data=data), agent=SYSTEM, now=home.now)
    assert instances.get(home.engine, instance_id=receiver).variables["said"] == data


def test_early_letters_keep_the_order_in_which_they_were_thrown(home: House) -> None:
    payer(home, key=literal("A"), mappings=(("n", feel("n")),))
    for number in (1, 2, 3):
        home.clock.advance(timedelta(seconds=1))
        home.start("payer", n=number)
    home.settle()
    waiting(home, key=literal("A"))
    found = []
    for _ in range(3):
        case = home.start()
        home.settle()
        found.append(instances.get(home.engine, instance_id=case).variables["n"])
    assert found == [1, 2, 3]


def test_the_bell_rings_when_there_is_a_letter(home: House) -> None:
    payer(home)
    home.rings.clear()
    home.start("payer")
    assert any(ring.kind == "mail" for ring in home.rings)


def test_an_undeliverable_letter_says_so_in_the_log_and_not_with_its_content(
    home: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting(home)
    for _ in range(2):
        home.start()
    payer(home, mappings=(("secret", literal("four-five-six")),))
    home.start("payer")
    home.settle()
    said = capsys.readouterr().out + caplog.text
    assert "four-five-six" not in said
    (letter,) = mail(home)
    assert letter.attempts == 1 and letter.due_at == MONDAY + timedelta(seconds=2)
