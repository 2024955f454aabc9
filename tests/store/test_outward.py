"""Credentials, openings, deeds, connectors, templates, webhooks and deliveries, on both databases."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from engine import facts, outward
from engine.store.unit_of_work import Store, Transaction
from tests.store import rows
from tests.store.rows import NOW

SECOND = timedelta(seconds=1)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def credential(name: str = "erp", **more: Any) -> outward.Credential:
    values = {
        "name": name,
        "kind": "basic",
        "user": "crm",
        "hosts": ("erp.test", "*.erp.test"),
        "sealed": b"\x00\x01sealed",
        "created_at": NOW,
        "created_by": "boss",
        "rotated_at": NOW,
    } | more
    return outward.Credential(**values)


def webhook(key: str = "w-1", **more: Any) -> outward.Webhook:
    values = {
        "id": key,
        "name": key,
        "url": "https://a.test/",
        "events": ("instance.*",),
        "sealed": b"s",
        "created_at": NOW,
        "created_by": "boss",
    } | more
    return outward.Webhook(**values)


def delivery(key: str, **more: Any) -> outward.Delivery:
    values = {
        "id": key,
        "webhook_id": "w-1",
        "instance_id": "i-1",
        "seq": int(key.split("-")[-1]),
        "event": f"i-1.{key}",
        "type": "instance.started",
        "body": "{}",
        "due_at": NOW,
        "created_at": NOW,
    } | more
    return outward.Delivery(**values)


# --- trust ---------------------------------------------------------------------------------------------------------


def test_a_credential_comes_back_as_it_was_put(store: Store) -> None:
    with store.transaction() as tx:
        tx.trust.put_credential(credential())
        tx.trust.put_credential(credential("abc", kind="bearer", user=""))
    with store.reading() as tx:
        assert tx.trust.credential("erp") == credential()
        assert tx.trust.credential("none") is None
        assert [one.name for one in tx.trust.credentials()] == ["abc", "erp"]


def test_putting_a_credential_again_replaces_it(store: Store) -> None:
    with store.transaction() as tx:
        tx.trust.put_credential(credential())
        tx.trust.put_credential(credential(sealed=b"new", revision=2))
        assert [(one.sealed, one.revision) for one in tx.trust.credentials()] == [(b"new", 2)]


def test_a_credential_is_dropped_once(store: Store) -> None:
    with store.transaction() as tx:
        tx.trust.put_credential(credential())
        assert tx.trust.drop_credential("erp")
        assert not tx.trust.drop_credential("erp")


def test_openings_are_kept_by_place(store: Store) -> None:
    with store.transaction() as tx:
        for place in ("b.test", "a.test:8080", "b.test"):
            tx.trust.put_opening(outward.Opening(place=place, note=place, opened_at=NOW, opened_by="boss"))
        assert [one.place for one in tx.trust.openings()] == ["a.test:8080", "b.test"]
        assert tx.trust.drop_opening("b.test") and not tx.trust.drop_opening("b.test")


def test_deeds_are_listed_newest_first_by_kind_and_thing(store: Store) -> None:
    with store.transaction() as tx:
        for number, (what, about) in enumerate(
            [("credential.added", "erp"), ("webhook.added", "w"), ("credential.rotated", "erp"), ("credential.x", "b")]
        ):
            tx.trust.add_deed(outward.Deed(id=f"d-{number}", at=NOW, agent="boss", what=what, about=about))
    with store.reading() as tx:
        assert [one.id for one in tx.trust.deeds()] == ["d-3", "d-2", "d-1", "d-0"]
        assert [one.id for one in tx.trust.deeds(prefix="credential.")] == ["d-3", "d-2", "d-0"]
        assert [one.id for one in tx.trust.deeds(about="erp")] == ["d-2", "d-0"]
        assert [one.id for one in tx.trust.deeds(after="d-2")] == ["d-1", "d-0"]
        assert [one.id for one in tx.trust.deeds(limit=1)] == ["d-3"]
        assert tx.trust.deeds(prefix="%") == [], "a sign that LIKE knows is only a sign"


# --- connectors ----------------------------------------------------------------------------------------------------


def test_connectors_and_templates_are_kept_by_name(store: Store) -> None:
    connector = outward.Connector(
        name="order", kind="http", settings={"url": "https://a.test/", "errors": {"404": "gone"}}, changed_at=NOW,
        changed_by="boss",
    )  # fmt: skip
    template = outward.Template(
        name="hello", subject={"en": "Hello", "zh-CN": "您好"}, text={"en": "Hi"}, changed_at=NOW, changed_by="boss"
    )
    with store.transaction() as tx:
        tx.connectors.put(connector)
        tx.connectors.put(msgspec.structs.replace(connector, name="bill", kind="mail"))
        tx.connectors.put_template(template)
    with store.transaction() as tx:
        assert tx.connectors.get("order") == connector and tx.connectors.get("x") is None
        assert [one.name for one in tx.connectors.all()] == ["bill", "order"]
        assert tx.connectors.template("hello") == template and tx.connectors.template("x") is None
        assert tx.connectors.templates() == [template]
        tx.connectors.put(msgspec.structs.replace(connector, settings={}, revision=2))
        assert tx.connectors.get("order").settings == {}  # type: ignore[union-attr]
        assert tx.connectors.drop("order") and not tx.connectors.drop("order")
        assert tx.connectors.drop_template("hello") and not tx.connectors.drop_template("hello")


# --- webhooks ------------------------------------------------------------------------------------------------------


def test_a_webhook_comes_back_as_it_was_put_and_changes_once_for_each_revision(store: Store) -> None:
    made = webhook(processes=("SFA-03",), groups=("KA",), with_data=True, old_sealed=b"o", old_until=NOW)
    with store.transaction() as tx:
        tx.webhooks.put(made)
        assert tx.webhooks.get("w-1") == made and tx.webhooks.get("x") is None
        assert tx.webhooks.change(msgspec.structs.replace(made, url="https://b.test/"))
        assert not tx.webhooks.change(msgspec.structs.replace(made, url="https://c.test/"))
        assert [(one.url, one.revision) for one in tx.webhooks.all()] == [("https://b.test/", 2)]


def test_how_a_webhook_fares_is_written_beside_what_its_owner_changes(store: Store) -> None:
    with store.transaction() as tx:
        tx.webhooks.put(webhook())
        tx.webhooks.change(webhook(url="https://b.test/"))
        fared = webhook(failures=3, failing_since=NOW, resting_until=NOW + SECOND, active=False, stopped="failing")
        tx.webhooks.fared(fared)
        found = tx.webhooks.get("w-1")
    assert found is not None
    assert (found.url, found.revision, found.failures, found.stopped, found.active) == (
        "https://b.test/", 2, 3, "failing", False,
    )  # fmt: skip


def test_a_dropped_webhook_takes_its_deliveries_along(store: Store) -> None:
    with store.transaction() as tx:
        tx.webhooks.put(webhook())
        tx.webhooks.add([delivery("d-1")])
        assert tx.webhooks.drop("w-1") and not tx.webhooks.drop("w-1")
        assert tx.webhooks.delivery("d-1") is None


def outgoing(tx: Transaction) -> list[tuple[str, int, int]]:
    return [(one.instance_id, one.first, one.last) for one in tx.webhooks.outgoing(100)]


def test_a_step_leaves_a_trace_for_webhooks_only_while_one_is_active(store: Store) -> None:
    rows.running(store, "i-0")
    with store.transaction() as tx:
        assert outgoing(tx) == []
        tx.webhooks.put(webhook(active=False))
    rows.running(store, "i-1")
    with store.transaction() as tx:
        assert outgoing(tx) == []
        tx.webhooks.fared(webhook(active=True))
    rows.running(store, "i-2")
    with store.transaction() as tx:
        assert outgoing(tx) == [("i-2", 1, 1)]
        kept = tx.steps.read("i-2")
        assert kept is not None
        started = (facts.Commented(text="a"), facts.Commented(text="b"))
        tx.steps.write(kept, b"state 2", "active", rows.written(facts=started))
        tx.facts.append("i-2", [facts.Commented(text="x")], agent="anna", now=NOW)
        assert outgoing(tx) == [("i-2", 1, 1), ("i-2", 2, 3), ("i-2", 4, 4)]


def test_a_step_that_is_undone_leaves_no_trace(store: Store) -> None:
    with store.transaction() as tx:
        tx.webhooks.put(webhook())
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        rows.ground(tx)
        tx.steps.begin(rows.instance(tx), b"state", rows.written())
        raise ZeroDivisionError
    with store.transaction() as tx:
        assert outgoing(tx) == []


def test_traces_are_taken_in_the_order_of_each_instance(store: Store) -> None:
    with store.transaction() as tx:
        tx.webhooks.put(webhook())
    rows.running(store, "i-1")
    rows.running(store, "i-2")
    with store.transaction() as tx:
        tx.facts.append("i-1", [facts.Commented(text="x")], agent="anna", now=NOW - SECOND)
        found = tx.webhooks.outgoing(2)
        assert [(one.instance_id, one.first) for one in found] == [("i-1", 1), ("i-1", 2)]
        tx.webhooks.taken(found)
        assert outgoing(tx) == [("i-2", 1, 1)]


def test_two_who_take_traces_at_once_take_each_once_and_never_later_facts_before_earlier(store: Store) -> None:
    with store.transaction() as tx:
        tx.webhooks.put(webhook())
    rows.running(store, "i-1")
    for _ in range(20):
        with store.transaction() as tx:
            tx.facts.append("i-1", [facts.Commented(text="x")], agent="anna", now=NOW)
    taken: list[int] = []

    def take() -> None:
        while True:
            with store.transaction() as tx:
                found = tx.webhooks.outgoing(3)
                tx.webhooks.taken(found)
                taken.extend(one.first for one in found)  # still inside: the order of the commits
            if not found:
                return

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == list(range(1, 22))


# --- deliveries ----------------------------------------------------------------------------------------------------


@pytest.fixture
def telling(store: Store) -> Store:
    with store.transaction() as tx:
        tx.webhooks.put(webhook("w-1"))
        tx.webhooks.put(webhook("w-2"))
    return store


def claim(tx: Transaction, now: datetime = NOW, limit: int = 10) -> list[str]:
    return [one.id for one in tx.webhooks.claim(now=now, until=now + 60 * SECOND, limit=limit)]


def test_the_same_event_is_kept_once_for_each_webhook(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery("d-1", event="e"), delivery("d-2", event="e"), delivery("d-3", webhook_id="w-2")])
        tx.webhooks.add([delivery("d-4", event="e")])
        assert [one.id for one in tx.webhooks.deliveries("w-1")] == ["d-1"]
        assert [one.id for one in tx.webhooks.deliveries("w-2")] == ["d-3"]


def test_a_delivery_comes_back_as_it_was_put(telling: Store) -> None:
    made = delivery("d-1", body='{"a": "中"}', error={"en": "no", "zh-CN": "否"}, answered=500)
    with telling.transaction() as tx:
        tx.webhooks.add([made])
        assert tx.webhooks.delivery("d-1") == made and tx.webhooks.delivery("x") is None


def test_only_the_first_of_an_instance_is_claimed_and_the_next_when_it_has_ended(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery("d-2"), delivery("d-1"), delivery("d-3", instance_id="i-2", event="x")])
        assert claim(tx) == ["d-1", "d-3"]
        assert claim(tx) == [], "they are held"
        first = tx.webhooks.delivery("d-1")
        assert first is not None and first.attempts == 1 and first.due_at == NOW + 60 * SECOND
        ended = msgspec.structs.replace(first, status="delivered", answered=200, ended_at=NOW)
        assert tx.webhooks.settle(ended, attempt=1)
        assert claim(tx) == ["d-2"]


def test_a_dead_one_lets_the_next_go(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery("d-1"), delivery("d-2")])
        assert claim(tx) == ["d-1"]
        held = tx.webhooks.delivery("d-1")
        assert held is not None
        tx.webhooks.settle(msgspec.structs.replace(held, status="dead", ended_at=NOW), attempt=1)
        assert claim(tx) == ["d-2"]


def test_one_that_waits_for_its_next_try_holds_back_its_instance_and_no_other(telling: Store) -> None:
    later = NOW + 5 * SECOND
    with telling.transaction() as tx:
        tx.webhooks.add([delivery("d-1", due_at=later), delivery("d-2"), delivery("d-3", webhook_id="w-2")])
        assert claim(tx) == ["d-3"], "another webhook is not held back either"
        assert claim(tx, later) == ["d-1"]


def test_a_held_one_is_taken_up_when_its_holder_died(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery("d-1")])
        assert claim(tx) == ["d-1"]
        assert claim(tx, NOW + 59 * SECOND) == []
        assert claim(tx, NOW + 60 * SECOND) == ["d-1"]
        held = tx.webhooks.delivery("d-1")
        assert held is not None and held.attempts == 2
        late = msgspec.structs.replace(held, status="dead", attempts=1)
        assert not tx.webhooks.settle(late, attempt=1), "the answer of the first holder comes too late"
        assert tx.webhooks.settle(msgspec.structs.replace(held, status="delivered", ended_at=NOW), attempt=2)
        assert not tx.webhooks.settle(msgspec.structs.replace(held, status="dead"), attempt=2), "it has ended"


@pytest.mark.parametrize(
    "state, claimed",
    [
        ({"active": False}, []),
        ({"resting_until": NOW + SECOND}, []),
        ({"resting_until": NOW}, ["d-1"]),
        ({}, ["d-1"]),
    ],
)
def test_nothing_is_sent_to_a_webhook_that_is_stopped_or_rests(
    telling: Store, state: dict[str, Any], claimed: list[str]
) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery("d-1")])
        tx.webhooks.fared(webhook(**state))
        assert claim(tx) == claimed


def test_claims_keep_to_their_limit_and_take_the_longest_due_first(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add(
            [delivery(f"d-{n}", instance_id=f"i-{n}", event=f"{n}", due_at=NOW - n * SECOND) for n in range(1, 6)]
        )
        assert claim(tx, limit=2) == ["d-4", "d-5"]


def test_two_who_claim_at_once_never_claim_the_same(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery(f"d-{n}", instance_id=f"i-{n}", event=f"{n}") for n in range(30)])
    claimed: list[str] = []

    def work() -> None:
        while found := telling.run(lambda tx: claim(tx, limit=3)):
            claimed.extend(found)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"d-{n}" for n in range(30))


@pytest.mark.parametrize(
    "held, state, moment",
    [
        ([], {}, None),
        ([{"due_at": NOW + SECOND}], {}, NOW + SECOND),
        ([{"due_at": NOW + SECOND}], {"resting_until": NOW + 9 * SECOND}, NOW + 9 * SECOND),
        ([{"due_at": NOW + 9 * SECOND}], {"resting_until": NOW}, NOW + 9 * SECOND),
        ([{"due_at": NOW}], {"active": False}, None),
        ([{"status": "delivered"}], {}, None),
        ([{"status": "dead"}], {}, None),
    ],
)
def test_the_next_moment_is_when_something_can_be_sent(
    telling: Store, held: list[dict[str, Any]], state: dict[str, Any], moment: datetime | None
) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery(f"d-{number}", **one) for number, one in enumerate(held)])
        tx.webhooks.fared(webhook(**state))
        assert tx.webhooks.next() == moment


def test_traces_are_due_at_once(telling: Store) -> None:
    rows.running(telling)
    with telling.reading() as tx:
        assert tx.webhooks.next() == BEGINNING


def test_the_dead_are_replayed_all_or_one_with_all_their_tries(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add(
            [
                delivery("d-1", status="dead", attempts=9, ended_at=NOW),
                delivery("d-2", status="dead", attempts=9, ended_at=NOW),
                delivery("d-3", status="delivered", attempts=1, ended_at=NOW),
                delivery("d-4", status="dead", webhook_id="w-2"),
            ]
        )
        assert tx.webhooks.replay("w-1", delivery_id="d-3", now=NOW + SECOND) == 1
        assert tx.webhooks.replay("w-2", delivery_id="d-1", now=NOW) == 0, "it is another webhook's"
        assert tx.webhooks.replay("w-1", now=NOW + SECOND) == 2
        found = {one.id: one for one in tx.webhooks.deliveries("w-1")}
        assert {(one.status, one.attempts, one.due_at, one.ended_at) for one in found.values()} == {
            ("pending", 0, NOW + SECOND, None)
        }


def test_deliveries_are_listed_newest_first_in_pages_and_counted(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add([delivery(f"d-{n}", status="dead" if n % 2 else "pending") for n in range(1, 6)])
        tx.webhooks.add([delivery("d-9", webhook_id="w-2")])
        assert [one.id for one in tx.webhooks.deliveries("w-1", limit=2)] == ["d-5", "d-4"]
        assert [one.id for one in tx.webhooks.deliveries("w-1", after="d-4")] == ["d-3", "d-2", "d-1"]
        assert [one.id for one in tx.webhooks.deliveries("w-1", status="dead")] == ["d-5", "d-3", "d-1"]
        assert tx.webhooks.counts() == {"w-1": {"dead": 3, "pending": 2}, "w-2": {"pending": 1}}


def test_the_sweep_takes_what_ended_long_ago(telling: Store) -> None:
    with telling.transaction() as tx:
        tx.webhooks.add(
            [
                delivery("d-1", status="delivered", ended_at=NOW),
                delivery("d-2", status="delivered", ended_at=NOW + 2 * SECOND),
                delivery("d-3", status="dead", ended_at=NOW - 9 * SECOND),
                delivery("d-4", status="dead", ended_at=NOW),
                delivery("d-5"),
            ]
        )
        assert tx.webhooks.sweep(delivered_before=NOW + SECOND, dead_before=NOW - SECOND) == 2
        assert [one.id for one in tx.webhooks.deliveries("w-1")] == ["d-5", "d-4", "d-2"]
