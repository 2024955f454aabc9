"""A letter that can never be delivered has an end, on both databases: dead, told, found, sent again or discarded."""

import threading
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine import dispatch, errors, facts, records
from engine.messages import carry, correlate, undelivered
from engine.people.agent import SYSTEM, Agent, Role
from engine.runtime import cancel, suspend
from engine.trust import deeds
from engine.watch import health
from tests.house import ANNA, BOSS, MONDAY, House
from tests.kernel.models import message, node, program, signal

PAID = node("catch paid", triggers=(message("paid"),))
RECEIVER = program("start s", PAID, "user book", "end e", flow=["s > paid > book > e"])
THROW = node("throw pay", triggers=(message("paid"),))
PAYER = program("start s", THROW, "user wait", "end e", key="payer", flow=["s > pay > wait > e"])
AMBIGUOUS = {
    "zh-CN": "有 2 个对象在等待消息“paid”，请给出业务编号或关联键。",
    "en": "2 wait for the message 'paid': name a business key or a correlation key.",
}


def stranded(home: House) -> tuple[str, list[str]]:
    """A case whose message two others wait for; (thrower, receivers)."""
    home.release(RECEIVER)
    home.release(PAYER)
    receivers = [home.start(), home.start()]
    return home.start("payer"), receivers


def waiting(home: House) -> records.Mail:
    with home.engine.store.reading() as tx:
        (letter,) = tx.due.mail(records.NEVER, 9)
    return letter


def fail(home: House, tries: int) -> None:
    for _ in range(tries):
        home.clock.set(max(home.now, waiting(home).due_at))
        assert carry.carry_due(home.engine, now=home.now) == 1


def dead(home: House, **more: Any) -> list[undelivered.Undelivered]:
    return undelivered.listed(home.engine, agent=BOSS, **more)


def worn(home: House, tries: int) -> None:
    """As if the letter had failed so often."""
    letter = waiting(home)
    with home.engine.store.transaction() as tx:
        assert tx.messages.put_off(letter, msgspec.structs.replace(letter, attempts=tries))


def given_up(home: House) -> tuple[str, list[str]]:
    """The same, after the last try."""
    found = stranded(home)
    worn(home, carry.TRIES - 1)
    fail(home, 1)
    return found


def test_after_the_last_try_it_is_dead_and_never_tried_again(home: House) -> None:
    thrower, _ = stranded(home)
    worn(home, carry.TRIES - 2)
    fail(home, 1)
    assert dead(home) == []
    (failing,) = dead(home, status="failing")
    assert (failing.letter.attempts, failing.letter.error) == (carry.TRIES - 1, AMBIGUOUS)
    fail(home, 1)
    (found,) = dead(home)
    assert (found.letter.attempts, found.letter.dead_at, found.letter.error) == (carry.TRIES, home.now, AMBIGUOUS)
    assert (found.number, found.process) == (home.instance(thrower).number, "payer")
    assert dead(home, status="failing") == []
    home.clock.advance(timedelta(days=30))
    assert carry.carry_due(home.engine, now=home.now) == 0


def test_it_is_tried_for_more_than_a_day_and_less_than_two(home: House) -> None:
    stranded(home)
    fail(home, carry.TRIES)
    assert len(dead(home)) == 1
    assert timedelta(days=1) < home.now - MONDAY < timedelta(days=2)


def test_the_story_of_the_case_tells_it_once_with_the_reason(home: House) -> None:
    thrower, _ = given_up(home)
    told = [one for one in home.facts(thrower) if isinstance(one, facts.MessageUndelivered)]
    assert told == [facts.MessageUndelivered(trigger="message", name="paid", message=AMBIGUOUS)]


def test_it_counts_as_undelivered_and_makes_no_queue_late(home: House) -> None:
    given_up(home)
    home.clock.advance(timedelta(days=3))
    found = health.of(home.engine, agent=BOSS, now=home.now)
    assert (found.counts["letters"], found.counts["undelivered"]) == (0, 1)
    assert undelivered.count(home.engine) == 1
    assert "mail" not in {queue.kind for queue in found.queues} and not found.late
    assert dispatch.next_due(home.engine) is None and health.ticking(home.engine, now=home.now)


@pytest.mark.parametrize("held_days", [1, 3])
def test_a_hold_of_the_receiver_wears_no_tries_out(home: House, held_days: int) -> None:
    home.release(RECEIVER)
    home.release(PAYER)
    receiver = home.start()
    suspend.suspend(home.engine, instance_id=receiver, agent=BOSS, now=home.now)
    home.start("payer")
    until = home.now + timedelta(days=held_days)
    while (due := waiting(home).due_at) < until:
        home.clock.set(max(home.now, due))
        carry.carry_due(home.engine, now=home.now)
    assert dead(home) == [] and waiting(home).attempts == carry.DOUBLED
    assert "on hold" in waiting(home).error["en"]
    suspend.resume(home.engine, instance_id=receiver, agent=BOSS, now=home.now)
    home.pass_time(hours=1)
    assert [item.node for item in home.items(receiver)] == ["book"]


def test_sent_again_it_has_all_its_tries_and_arrives_once_the_cause_is_gone(home: House) -> None:
    _, (first, second) = given_up(home)
    (found,) = dead(home)
    cancel.cancel(home.engine, instance_id=first, reason="twice", agent=BOSS, now=home.now)
    home.rings.clear()
    again = undelivered.send_again(home.engine, letter_id=found.letter.id, agent=BOSS, now=home.now)
    assert (again.letter.attempts, again.letter.dead_at, again.letter.due_at) == (0, None, home.now)
    assert "mail" in {ring.kind for ring in home.rings}
    home.settle()
    assert [item.node for item in home.items(second)] == ["book"]
    assert dead(home) == [] and undelivered.count(home.engine) == 0


def test_sent_again_in_vain_it_dies_again_and_is_told_again(home: House) -> None:
    thrower, _ = given_up(home)
    undelivered.send_again(home.engine, letter_id=dead(home)[0].letter.id, agent=BOSS, now=home.now)
    worn(home, carry.TRIES - 1)
    fail(home, 1)
    assert len(dead(home)) == 1 and home.told(thrower).count("MessageUndelivered") == 2


def test_discarded_it_is_gone_with_its_reason_on_record(home: House) -> None:
    given_up(home)
    key = dead(home)[0].letter.id
    undelivered.discard(home.engine, letter_id=key, reason=" sent by hand ", agent=BOSS, now=home.now)
    assert dead(home) == []
    (deed,) = deeds.listed(home.engine, agent=BOSS)
    assert (deed.what, deed.about, deed.agent) == ("letter.discarded", "paid", "boss")
    assert deed.details["reason"] == "sent by hand" and deed.details["letter"] == key


@pytest.mark.parametrize("wrong", ["", " \n", "x" * 1001])
def test_who_discards_says_why_in_so_many_words_at_most(home: House, wrong: str) -> None:
    given_up(home)
    with pytest.raises((errors.Invalid, errors.TooLarge)) as caught:
        undelivered.discard(home.engine, letter_id=dead(home)[0].letter.id, reason=wrong, agent=BOSS, now=home.now)
    assert set(caught.value.text) == {"zh-CN", "en"} and len(dead(home)) == 1


def act(home: House, how: str, letter_id: str, agent: Agent = BOSS) -> None:
    if how == "retry":
        undelivered.send_again(home.engine, letter_id=letter_id, agent=agent, now=home.now)
    else:
        undelivered.discard(home.engine, letter_id=letter_id, reason="no", agent=agent, now=home.now)


@pytest.mark.parametrize("how", ["retry", "discard"])
def test_only_what_is_dead_is_acted_on_and_only_once(home: House, how: str) -> None:
    stranded(home)
    alive = waiting(home).id
    for letter_id in (alive, "none", ""):
        with pytest.raises(errors.NotFound) as caught:
            act(home, how, letter_id)
        assert caught.value.code == "letter_unknown" and letter_id in caught.value.text["zh-CN"]
    assert waiting(home).attempts == 0
    worn(home, carry.TRIES - 1)
    fail(home, 1)
    act(home, how, alive)
    with pytest.raises(errors.NotFound):
        act(home, how, alive)


@pytest.mark.parametrize("roles", [(), ("staff",)])
def test_who_may_not_send_messages_neither_sees_nor_touches_them(home: House, roles: tuple[Role, ...]) -> None:
    given_up(home)
    guest = msgspec.structs.replace(ANNA, roles=frozenset(roles))
    letter_id = dead(home)[0].letter.id
    tries = [
        lambda: undelivered.listed(home.engine, agent=guest),
        lambda: act(home, "retry", letter_id, guest),
        lambda: act(home, "discard", letter_id, guest),
    ]
    for attempt in tries:
        with pytest.raises(errors.Forbidden):
            attempt()
    assert len(dead(home)) == 1


def test_two_at_once_send_it_again_once(home: House) -> None:
    given_up(home)
    letter_id, barrier, outcomes = dead(home)[0].letter.id, threading.Barrier(2), []

    def send() -> None:
        barrier.wait()
        try:
            act(home, "retry", letter_id)
            outcomes.append("sent")
        except errors.NotFound:
            outcomes.append("gone")

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone", "sent"]
    assert len(deeds.listed(home.engine, agent=BOSS)) == 1


def test_a_try_that_was_overtaken_writes_nothing(home: House) -> None:
    """Of two dispatchers that failed with the same letter, one writes it; none kills what was sent again meanwhile."""
    stranded(home)
    worn(home, carry.TRIES - 1)
    before = waiting(home)
    after = carry.failed(before, AMBIGUOUS, home.now)
    with home.engine.store.transaction() as tx:
        assert tx.messages.put_off(before, after)
        assert not tx.messages.put_off(before, after)
        assert tx.messages.revive(before.id, home.now)
        assert not tx.messages.put_off(before, after)
    assert waiting(home).attempts == 0


def test_what_nobody_foresaw_stands_in_no_others_way(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first letter breaks the engine; the second arrives, and the first is put off with what was raised."""
    home.release(PAYER)
    home.release(program("start s", PAID, "user book", "end e", flow=["s > paid > book > e"]))
    home.start("payer")
    whole = correlate.within
    broken = iter([RuntimeError("a fault of ours")])

    def breaking(*args: Any, **more: Any) -> Any:
        for error in broken:
            raise error
        return whole(*args, **more)

    monkeypatch.setattr(correlate, "within", breaking)
    home.start("payer")
    assert carry.carry_due(home.engine, now=home.now) == 2
    (left,) = dead(home, status="failing")
    assert left.letter.attempts == 1 and "a fault of ours" in left.letter.error["en"]


def test_a_signal_at_its_last_try_waits_for_the_end_of_a_hold(home: House) -> None:
    storm = node("catch storm", triggers=(signal("storm"),))
    home.release(program("start s", storm, "user shut", "end e", flow=["s > storm > shut > e"]))
    case = home.start()
    correlate.signal(home.engine, name="storm", data={}, agent=SYSTEM, now=home.now)
    worn(home, carry.TRIES - 1)
    suspend.suspend(home.engine, instance_id=case, agent=BOSS, now=home.now)
    carry.carry_due(home.engine, now=home.now)
    assert waiting(home).attempts == carry.TRIES - 1, "on hold: no try is worn out"
    suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now)
    home.pass_time(hours=1)
    assert [item.node for item in home.items(case)] == ["shut"]


def test_one_of_no_case_is_given_up_without_a_story(home: House) -> None:
    home.release(RECEIVER)
    for _ in range(2):
        home.start()
    letter = records.Mail(id="m-1", instance_id=None, trigger="message", name="paid", due_at=home.now)
    gone = msgspec.structs.replace(letter, id="m-2", instance_id="gone")
    with home.engine.store.transaction() as tx:
        for one in (letter, gone):
            tx.messages.post(msgspec.structs.replace(one, attempts=carry.TRIES - 1))
    assert carry.carry_due(home.engine, now=home.now) == 2
    assert [(one.letter.id, one.number, one.process) for one in dead(home)] == [("m-2", "", ""), ("m-1", "", "")]


def test_they_are_listed_page_by_page_the_newest_first(home: House) -> None:
    with home.engine.store.transaction() as tx:
        for number in range(5):
            tx.messages.post(
                records.Mail(
                    id=f"m-{number}", instance_id=None, trigger="message", name="x",
                    due_at=records.NEVER, dead_at=home.now, attempts=9,
                )
            )  # fmt: skip
    pages, after = [], ""
    while found := dead(home, after=after, limit=2):
        pages.append([one.letter.id for one in found])
        after = pages[-1][-1]
    assert pages == [["m-4", "m-3"], ["m-2", "m-1"], ["m-0"]]


def test_the_dead_are_kept_for_sixty_days_and_the_living_stay(home: House) -> None:
    given_up(home)
    home.release(PAYER)
    home.clock.advance(carry.KEEP_DEAD)
    dispatch.sweep(home.engine, now=home.now)
    assert len(dead(home)) == 1
    home.start("payer")
    home.clock.advance(timedelta(seconds=1))
    dispatch.sweep(home.engine, now=home.now)
    assert dead(home) == [] and waiting(home).name == "paid"


def test_letters_with_no_end_yet_have_one_now(home: House) -> None:
    """What an older release tried every hour for months."""
    stranded(home)
    worn(home, 5000)
    fail(home, 1)
    assert dead(home)[0].letter.attempts == 5001


@pytest.mark.parametrize(
    ("attempts", "held", "after", "pause"),
    [
        (0, False, 1, timedelta(seconds=2)),
        (11, False, 12, timedelta(hours=1)),
        (34, False, 35, timedelta(hours=1)),
        (35, False, 36, None),
        (0, True, 1, timedelta(seconds=2)),
        (12, True, 12, timedelta(hours=1)),
        (35, True, 35, timedelta(hours=1)),
        (36, True, 36, None),
    ],
)
def test_how_a_failed_try_counts(attempts: int, held: bool, after: int, pause: timedelta | None) -> None:
    letter = records.Mail(id="m", instance_id=None, trigger="message", name="m", attempts=attempts, due_at=MONDAY)
    found = carry.failed(letter, AMBIGUOUS, MONDAY, held=held)
    assert found.attempts == after
    assert (found.dead_at, found.due_at) == ((None, MONDAY + pause) if pause else (MONDAY, records.NEVER))
