"""What runs and waits, as its repositories read and write it, on both databases."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine import facts, moving, records
from engine.queries import Topic, Where
from engine.repositories import Stale
from engine.store.unit_of_work import Store, Transaction
from tests.store.rows import NOW, instance, job, running, work_item, written

HOUR = timedelta(hours=1)


def later(record: Any, **more: Any) -> Any:
    return msgspec.structs.replace(record, **more)


def topic(name: str, **more: Any) -> Topic:
    return Topic(**{"name": name, "lease": HOUR} | more)


def test_external_jobs_are_picked_by_topic_key_process_and_program_in_the_order_asked_for(store: Store) -> None:
    def one(wait: int, **more: Any) -> records.Job:
        return job(wait=wait, **{"style": "external", "handler": "post", "created_at": NOW + wait * HOUR} | more)

    running(
        store,
        jobs=(one(1, business_key="k"), one(2, priority=9), one(3, handler="print"), one(4, run_at=NOW + HOUR),
              one(5, style="builtin")),
    )  # fmt: skip
    with store.reading() as tx:
        found = tx.instances.get("i-1")
    assert found is not None
    table: list[tuple[Topic, dict[str, Any], list[int]]] = [
        (topic("post"), {}, [2, 1]),
        (topic("post"), {"by_priority": False}, [1, 2]),
        (topic("post"), {"by_priority": False, "newest": True}, [2, 1]),
        (topic("post"), {"limit": 1}, [2]),
        (topic("post"), {"now": NOW + HOUR}, [2, 1, 4]),
        (topic("post"), {"now": NOW - HOUR}, []),
        (topic("post", business_key="k"), {}, [1]),
        (topic("print", processes=("SFA-03",)), {}, [3]),
        (topic("print", processes=("CSS-01",)), {}, []),
        (topic("print", programs=(found.program,)), {}, [3]),
        (topic("print", programs=()), {}, []),
    ]
    with store.transaction() as tx:
        for asked, more, waits in table:
            picked = tx.jobs.pick([asked], **{"now": NOW, "limit": 9} | more)
            assert [item.wait for item in picked] == waits, (asked, more)
        assert tx.jobs.topics(["post", "print", "notify"], now=NOW) == {"post", "print"}
        assert tx.jobs.topics(["post"], now=NOW - HOUR) == set()


def test_a_lease_raises_the_fence_and_an_old_fence_writes_nothing(store: Store) -> None:
    running(store, jobs=(job(),))
    with store.transaction() as tx:
        first = tx.jobs.get("i-1", 2)
        assert first is not None
        assert tx.jobs.get("i-1", 9) is None
        leased = tx.jobs.lease(first, worker="a", until=NOW + HOUR)
        assert leased == later(first, worker="a", run_at=NOW + HOUR, fence=1, attempts=1)
        assert tx.jobs.lease(first, worker="b", until=NOW + HOUR) is None
        assert not tx.jobs.change(later(first, error="late"))
        assert tx.jobs.change(later(leased, error="no answer", retries=2))
        assert tx.jobs.get("i-1", 2) == later(leased, error="no answer", retries=2)


def test_due_is_what_its_moment_has_reached_the_longest_due_first(store: Store) -> None:
    timers = tuple(records.Timer(instance_id="i-1", wait=n, node="t", due_at=NOW + n * HOUR) for n in (3, 1, 2))
    rung = records.Rung(instance_id="i-1", wait=9, at_percent=80, action="warn", due_at=NOW + HOUR)
    running(store, timers=timers, rungs=(rung,), work_items=(work_item(wait=9),))
    with store.transaction() as tx:
        assert tx.due.next() == NOW + HOUR
        for moment, limit, waits in ((NOW, 9, []), (NOW + HOUR, 9, [1]), (NOW + 9 * HOUR, 2, [1, 2])):
            assert [one.wait for one in tx.due.timers(moment, limit)] == waits
        assert tx.due.rungs(NOW, 9) == []
        assert tx.due.rungs(NOW + HOUR, 9) == [rung]
        assert [tx.due.reached(rung), tx.due.reached(rung)] == [True, False]
        tx.due.put_off(timers[1], NOW + 5 * HOUR)
        assert [one.wait for one in tx.due.timers(NOW + 9 * HOUR, 9)] == [2, 3, 1]
        assert tx.due.next() == NOW + 2 * HOUR


def test_a_customer_group_s_rounds_stand_beside_those_for_all(store: Store) -> None:
    running(store)

    def begin(group: str, hours: int) -> records.StartTimer:
        return records.StartTimer(process="SFA-03", node="a", customer_group=group, due_at=NOW + hours * HOUR, left=-1)

    with store.transaction() as tx:
        tx.due.set_starts("SFA-03", [begin("ST", 1), begin("", 2), begin("KA", 3)])
        assert tx.due.starts_of("SFA-03") == [begin("", 2), begin("KA", 3), begin("ST", 1)]
        tx.due.move_start(begin("KA", 3), NOW + 9 * HOUR, -1)
        tx.due.move_start(begin("", 2), None, 0)
        assert tx.due.starts_of("SFA-03") == [begin("KA", 9), begin("ST", 1)]
        assert tx.due.starts_of("SFA-01") == []


def test_starts_by_the_clock_are_set_moved_and_over(store: Store) -> None:
    running(store)

    def begin(node: str, hours: int) -> records.StartTimer:
        return records.StartTimer(process="SFA-03", node=node, due_at=NOW + hours * HOUR, left=2, cycle="R2/PT1H")

    with store.transaction() as tx:
        tx.due.set_starts("SFA-03", [begin("a", 1), begin("b", 2)])
        assert tx.due.starts(NOW, 9) == []
        assert tx.due.starts(NOW + HOUR, 9) == [begin("a", 1)]
        tx.due.move_start(begin("a", 1), NOW + 3 * HOUR, 1)
        assert tx.due.starts(NOW + 9 * HOUR, 9) == [begin("b", 2), later(begin("a", 3), left=1)]
        tx.due.move_start(begin("b", 2), None, 0)
        assert [one.node for one in tx.due.starts(NOW + 9 * HOUR, 9)] == ["a"]
        tx.due.set_starts("SFA-03", [])
        assert tx.due.next() is None


def test_letters_are_due_put_off_and_taken_once(store: Store) -> None:
    letter = records.Mail(id="m-1", instance_id=None, trigger="message", name="n", data={"a": [1]}, due_at=NOW)
    with store.transaction() as tx:
        tx.messages.post(letter)
        assert tx.due.mail(NOW - HOUR, 9) == []
        assert tx.due.mail(NOW, 9) == [letter]
        put_off = later(letter, attempts=1, due_at=NOW + HOUR, name="not written")
        assert [tx.messages.put_off(letter, put_off), tx.messages.put_off(letter, put_off)] == [True, False]
        assert tx.due.mail(NOW, 9) == []
        assert tx.due.mail(NOW + HOUR, 9) == [later(letter, attempts=1, due_at=NOW + HOUR)]
        assert [tx.messages.taken("m-1"), tx.messages.taken("m-1")] == [True, False]


def test_early_messages_wait_by_name_and_key_until_they_expire(store: Store) -> None:
    def early(number: str, **more: Any) -> records.Early:
        return records.Early(**{"id": number, "name": "n", "created_at": NOW, "expires_at": NOW + HOUR} | more)

    with store.transaction() as tx:
        for one in (early("1", key="k"), early("2"), early("3", key="x"), early("4", name="o"),
                    early("5", expires_at=NOW)):  # fmt: skip
            tx.messages.keep(one)
        for key, ids in ((None, "123"), ("k", "12"), ("z", "2")):
            assert "".join(one.id for one in tx.messages.early(name="n", key=key, now=NOW)) == ids
        assert [tx.messages.forget("1"), tx.messages.forget("1")] == [True, False]
        assert [tx.messages.expire(NOW), tx.messages.expire(NOW)] == [1, 0]
        assert [one.id for one in tx.messages.early(name="o", key=None, now=NOW)] == ["4"]


def test_who_waits_for_a_message_is_found_by_trigger_name_and_key(store: Store) -> None:
    def wait(number: int, **more: Any) -> records.Subscription:
        values = {"instance_id": "i-1", "wait": number, "node": "m", "trigger": "message", "name": "n"}
        return records.Subscription(**values | {"created_at": NOW} | more)

    running(store, subscriptions=(wait(3), wait(1, key="k"), wait(2, key="x"), wait(4, trigger="signal")))
    with store.transaction() as tx:
        for trigger, key, waits in (("message", None, [1, 2, 3]), ("message", "k", [1, 3]), ("signal", None, [4])):
            assert [one.wait for one in tx.messages.waiting(trigger=trigger, name="n", key=key)] == waits
        assert tx.messages.waiting(trigger="message", name="o", key=None) == []
        found = tx.messages.subscription("i-1", 1)
        assert found is not None and found.key == "k"
        assert tx.messages.subscription("i-1", 9) is None
        tx.messages.set_starts("SFA-03", [("a", "message", "n"), ("b", "signal", "n")])
        assert tx.messages.starts(trigger="message", name="n") == [("SFA-03", "a")]
        tx.messages.set_starts("SFA-03", [("c", "message", "n")])
        assert tx.messages.starts(trigger="message", name="n") == [("SFA-03", "c")]
        assert tx.messages.starts(trigger="signal", name="n") == []


def test_what_is_on_hold_keeps_its_moments_for_the_day_it_goes_on(store: Store) -> None:
    timer = records.Timer(instance_id="i-1", wait=3, node="t", due_at=NOW + HOUR)
    running(store, timers=(timer,), jobs=(job(),))
    with store.transaction() as tx:
        with pytest.raises(Stale):
            tx.instances.resume("i-1")
        tx.instances.suspend("i-1", by="anna", at=NOW, reason="")
        with pytest.raises(Stale):
            tx.instances.suspend("i-1", by="anna", at=NOW, reason="")
        assert tx.due.timers(NOW + 9 * HOUR, 9) == []
        (held,) = tx.waits.timers("i-1")
        assert (held.due_at, held.held_at) == (records.NEVER, NOW + HOUR)
        assert len(tx.instances.search(where={"suspended": True}, after="", limit=9)) == 1
        tx.instances.resume("i-1")
        assert tx.waits.timers("i-1") == [timer]
        assert [(one.run_at, one.held_at) for one in tx.waits.jobs("i-1")] == [(NOW, None)]


def test_instances_are_searched_by_what_they_are_and_in_pages(store: Store) -> None:
    for key in ("i-1", "i-2"):
        running(store, key)
    with store.transaction() as tx:
        tx.steps.begin(instance(tx, "i-3", "k"), b"", written())
    table: list[tuple[dict[str, Any], str, int, list[str]]] = [
        ({}, "", 9, ["i-3", "i-2", "i-1"]),
        ({}, "i-3", 1, ["i-2"]),
        ({"ascending": True}, "i-1", 9, ["i-2", "i-3"]),
        ({"business_key": "k"}, "", 9, ["i-3"]),
        ({"process": "CSS-01"}, "", 9, []),
        ({"status": "active", "customer_id": "c-1", "id": "i-2"}, "", 9, ["i-2"]),
        ({"incidents": True}, "", 9, []),
        ({"seen_by": ["anna", "u:anna"]}, "", 9, ["i-3", "i-2", "i-1"]),
        ({"seen_by": ["bo", "u:bo"]}, "", 9, []),
    ]
    with store.transaction() as tx:
        for where, after, limit, ids in table:
            found = tx.instances.search(where=where, after=after, limit=limit)
            assert [one.id for one in found] == ids, where
        by_key = tx.instances.by_key("SFA-03", "k")
        assert by_key is not None and by_key.id == "i-3"
        assert tx.instances.by_key("SFA-03", "x") is None
        assert tx.variants.running() == {("SFA-03", by_key.program): 3}
        assert tx.lists.count(records.Instance, where=[Where("business_key", "is", True)]) == 1
        assert [one.id for one in tx.lists.find(records.Instance, order=["-id"], first=1, limit=1)] == ["i-2"]
        assert tx.instances.forget(["i-1"])["fact"] == 1
        assert tx.instances.get("i-1") is None


def test_history_is_appended_in_order_and_never_to_nothing(store: Store) -> None:
    running(store)
    more = [facts.InstanceCancelled(reason=str(number)) for number in range(3)]
    with store.transaction() as tx:
        tx.facts.append("i-1", more, agent="anna", now=NOW + HOUR)
        found = tx.facts.of_instance("i-1", after=1, limit=2)
        assert [(row.seq, row.agent, row.fact) for row in found] == [(2, "anna", more[0]), (3, "anna", more[1])]
        assert [row.seq for row in tx.facts.of_customer("c-1", limit=3)] == [4, 3, 2]
        assert tx.facts.of_customer("c-9") == []
    with pytest.raises(Stale), store.transaction() as tx:
        tx.facts.append("i-9", more, agent="anna", now=NOW)


def test_the_inbox_counts_load_and_knows_who_did_what(store: Store) -> None:
    running(store, work_items=(work_item(wait=1, assignee="anna", claimed_at=NOW), work_item(wait=2, assignee="anna"),
                               work_item(wait=3, node="Sign", groups=("sales",))))  # fmt: skip
    with store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"", "active", written(closed=(2,), completed=(2,), agent="anna"))
        assert tx.items.load(["anna", "bo"]) == {"anna": (1, NOW), "bo": (0, None)}
        assert tx.items.performers("i-1", ["Check", "Sign"]) == ["anna"]
        assert tx.items.performers("i-1", ["Sign"]) == []
        (item,) = [one for one in tx.waits.work_items("i-1") if one.wait == 3]
        assert tx.items.surroundings([item]) == {"i-1": ("SFA-03-000001", "Mr Li", "")}
        assert tx.items.surroundings([]) == {}
        tx.items.change(later(item, groups=("legal",)))
        counts = [tx.items.count(shelf="claimable", who=[who], where={}, most=9) for who in ("g:sales", "g:legal")]
        assert counts == [0, 1]
    with pytest.raises(Stale), store.transaction() as tx:
        tx.items.change(later(item, priority=99))


def plan(tx: Transaction) -> moving.Plan:
    made = moving.Plan(id="p-1", process="SFA-03", occasion="release", old="a", new="b", title={"en": "a to b"},
                       terms={"x": 1}, created_at=NOW, created_by="boss")  # fmt: skip
    tx.moves.put_plan(made)
    return made


def test_a_move_is_settled_once_from_the_status_it_was_in(store: Store) -> None:
    running(store)
    running(store, "i-2")
    moves = [moving.Move(plan_id="p-1", instance_id=key, status="proposed", due_at=NOW) for key in ("i-1", "i-2")]
    with store.transaction() as tx:
        made = plan(tx)
        tx.moves.add(moves)
        tx.moves.add([])
        assert (tx.moves.plan("p-1"), tx.moves.plans(), tx.moves.plans("CSS-01")) == (made, [made], [])
        assert tx.moves.due(NOW, 9) == []
        assert tx.moves.shift("p-1", was="proposed", to="waiting", instances=["i-1"], by="boss", now=NOW) == 1
        assert tx.moves.counts("p-1") == {("waiting", ""): 1, ("proposed", ""): 1}
        assert [one.instance_id for one in tx.moves.due(NOW, 9)] == ["i-1"]
        assert [one.instance_id for one in tx.moves.page(plan_id="p-1", after="i-1")] == ["i-2"]
        held = moving.Held(state=b"old", program="a", sentence={}, resolution=None, jobs=(job(),))
        tx.moves.settle(later(moves[0], status="moved"), was="waiting", held=held)
        assert tx.moves.held("p-1", "i-1") == held
        assert tx.moves.held("p-1", "i-2") is None
        found = tx.moves.get("p-1", "i-1")
        assert found is not None and found.status == "moved"
    with pytest.raises(Stale), store.transaction() as tx:
        tx.moves.settle(later(moves[0], status="stays"), was="waiting")


def test_a_case_that_is_restored_waits_for_what_it_waited_for(store: Store) -> None:
    timer = records.Timer(instance_id="i-1", wait=3, node="t", due_at=NOW + HOUR)
    running(store, timers=(timer,), jobs=(job(),), work_items=(work_item(groups=("sales",)),))
    with store.transaction() as tx:
        items, jobs = tuple(tx.waits.work_items("i-1")), tuple(tx.waits.jobs("i-1"))
        tx.moves.relabel(
            "i-1", [moving.Label(wait=3, node="new"), moving.Label(wait=1, node="new", item={"name": "N"})]
        )
        assert [one.node for one in tx.waits.timers("i-1")] == ["new"]
        assert [(one.node, one.name, one.revision) for one in tx.waits.work_items("i-1")] == [("new", "N", 2)]
        tx.moves.rebind("i-1", program=instance(tx).program, sentence={"en": "because"})
        held = moving.Held(
            state=b"", program="a", sentence={}, resolution=None, work_items=items, timers=(timer,), jobs=jobs
        )
        tx.moves.restore("i-1", held)
        assert (tx.waits.timers("i-1"), tuple(tx.waits.jobs("i-1"))) == ([timer], jobs)
        assert tuple(tx.waits.work_items("i-1")) == items
        assert tx.items.count(shelf="claimable", who=["g:sales"], where={}, most=9) == 1
        assert tx.moves.rungs("i-1") == []
        assert tx.moves.active(process="SFA-03", after="") == ["i-1"]
        assert [(one.process, one.instances, one.oldest) for one in tx.moves.running()] == [("SFA-03", 1, NOW)]
        found = tx.instances.get("i-1")
        assert found is not None and found.sentence == {"en": "because"}


def test_answers_to_requests_and_hints_are_swept_when_their_time_is_over(store: Store) -> None:
    first = records.Repeat(agent="a", key="k", request_sha256="r", status=201, answer={"id": [1]}, created_at=NOW,
                           expires_at=NOW + HOUR)  # fmt: skip
    with store.transaction() as tx:
        tx.repeats.add(first)
        assert (tx.repeats.get("a", "k", NOW), tx.repeats.get("b", "k", NOW)) == (first, None)
        assert tx.repeats.get("a", "k", NOW + HOUR) is None
        again = later(first, created_at=NOW + HOUR, expires_at=NOW + 2 * HOUR, status=200)
        tx.repeats.add(again)
        assert tx.repeats.get("a", "k", NOW + HOUR) == again
        assert [tx.repeats.sweep(NOW + 2 * HOUR), tx.repeats.sweep(NOW + 2 * HOUR)] == [1, 0]
        for ref in "abc":
            tx.changes.add("instance", ref, NOW)
        assert [ref for _, _, ref in tx.changes.since(tx.changes.last() - 2, 1)] == ["b"]
        assert [tx.changes.sweep(NOW), tx.changes.sweep(NOW + HOUR)] == [0, 2], "the last one tells where to go on"
        assert [ref for _, _, ref in tx.changes.since(0, 9)] == ["c"]


def test_finished_cases_are_counted_with_the_time_they_took(store: Store) -> None:
    running(store, "e-5")
    with store.transaction() as tx:
        for key, hours in (("e-1", 2), ("e-2", 4), ("e-3", 100)):
            ended = msgspec.structs.replace(instance(tx, key), status="completed", ended_at=NOW + hours * HOUR)
            tx.steps.begin(ended, b"", written())
        cancelled = msgspec.structs.replace(instance(tx, "e-4"), status="cancelled", ended_at=NOW + HOUR)
        tx.steps.begin(cancelled, b"", written())
        program = cancelled.program
        began = cancelled.started_at
    with store.reading() as tx:
        offset = (NOW - began).total_seconds()
        assert tx.variants.finished(NOW + 50 * HOUR) == {("SFA-03", program): (1, offset + 360_000)}
        count, mean = tx.variants.finished(NOW)["SFA-03", program]
        assert (count, mean) == (3, pytest.approx(offset + (2 + 4 + 100) * 3600 / 3))
        assert tx.variants.finished(NOW + 101 * HOUR) == {}
