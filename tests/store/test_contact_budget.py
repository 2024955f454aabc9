"""The contact budget and the lead pool under races, on both databases."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from engine import marketing, records
from engine.domain import contacts, handlers
from engine.ports import JobCall
from engine.store.unit_of_work import Store

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def call(handler: str, job: str, **given: object) -> JobCall:
    return JobCall(
        id=job,
        handler=handler,
        input=given,
        headers={},
        attempt=1,
        now=NOON,
        instance_id="i-1",
        process="TEST",
        business_key=None,
        customer=None,
    )


def test_two_hundred_campaigns_share_one_customer_s_budget_exactly(store: Store) -> None:
    def reserve(number: int) -> str:
        asked = call(
            "contacts.reserve",
            f"j-{number}",
            campaign=f"C-{number}",
            channel="email",
            priority=1,
            max_contacts=3,
            candidates=[{"customer_id": "c-1"}],
        )
        return str(contacts.reserve(store, asked)[0]["reservation"])

    with ThreadPoolExecutor(max_workers=12) as pool:
        outcomes = list(pool.map(reserve, range(200)))

    assert outcomes.count("reserved") == 3
    with store.reading() as tx:
        assert len(tx.contacts.held("c-1", NOON - timedelta(days=7), NOON)) == 3


def test_two_hundred_campaigns_that_send_to_one_customer_at_once_send_exactly_the_budget(store: Store) -> None:
    """The whole way of a contact: reserved, and sent on any channel; a letter of the service beside each hundredth."""
    run, channels = handlers.of(store), ("email", "sms", "wechat", "phone", "mail")
    told = {"email": "c@b.cn", "phone": "13900000001", "wechat": "c", "address": "上海"}
    member = {"customer_id": "c-1", "verdict": "allowed"}
    with store.transaction() as tx:
        tx.customers.add(
            records.Customer(id="c-1", number="C-1", name="c", attributes=told, created_at=NOON, changed_at=NOON)
        )
        for number in range(200):
            name = f"C-{number}"
            tx.campaigns.put(marketing.Campaign(id=name, job=name, name=name, status="running", changed_at=NOON))
            tx.ledger.freeze(name, [member], f"list-{number}", NOON)

    def contact(number: int) -> str:
        name, channel = f"C-{number}", channels[number % len(channels)]
        asked = {"campaign": name, "channel": channel, "max_contacts": 3, "candidates": [member]}
        purpose = "service" if number % 100 == 0 else "promotion"
        reserved = contacts.reserve(store, call("contacts.reserve", f"r-{number}", purpose=purpose, **asked))
        run["campaigns.send"](
            call("campaigns.send", f"s-{number}", campaign=name, list=f"list-{number}", channel=channel, text="x")
        )
        return str(reserved[0]["reservation"])

    with ThreadPoolExecutor(max_workers=12) as pool:
        outcomes = Counter(pool.map(contact, range(200)))

    assert outcomes == {"reserved": 3, "full": 195, "exempt": 2}
    with store.reading() as tx:
        sent = sum((Counter(tx.campaigns.outcomes(f"C-{number}")) for number in range(200)), Counter())
        held = tx.contacts.held("c-1", NOON - timedelta(days=7), NOON)
    assert sent == {"sent": 3, "full": 197}
    assert [one.status for one in held] == ["used"] * 3


def test_a_complaint_that_comes_between_holds_every_letter_back(store: Store) -> None:
    """Fifty waves to one customer while a complaint is opened: after it, nothing more is sent."""
    run = handlers.of(store)
    with store.transaction() as tx:
        tx.customers.add(
            records.Customer(
                id="c-1", number="C-1", name="c", attributes={"email": "c@b.cn"}, created_at=NOON, changed_at=NOON
            )
        )
        tx.campaigns.put(marketing.Campaign(id="A", job="k", name="A", status="running", changed_at=NOON))
        tx.ledger.freeze("A", [{"customer_id": "c-1", "verdict": "allowed"}], "list", NOON)
    for number in range(50):
        asked = {"campaign": "A", "channel": "email", "max_contacts": 50, "candidates": [{"customer_id": "c-1"}]}
        contacts.reserve(store, call("contacts.reserve", f"r-{number}", **asked))

    stands = threading.Event()

    def wave(number: int) -> tuple[bool, int]:
        """Whether the stop stood before, and how many letters left."""
        if number == 25:
            run["contacts.suppress"](call("contacts.suppress", "x", customer="c-1", reason="complaint"))
            stands.set()
            return True, 0
        late = stands.is_set()
        sent = call("campaigns.send", f"s-{number}", campaign="A", wave=number, list="list", channel="email", text="x")
        return late, len(run["campaigns.send"](sent).notifications)

    with ThreadPoolExecutor(max_workers=8) as pool:
        waves = list(pool.map(wave, range(50)))

    assert sum(letters for late, letters in waves if late) == 0
    sent = sum(letters for _, letters in waves)
    with store.reading() as tx:
        assert +Counter(tx.campaigns.outcomes("A")) == +Counter({"sent": sent, "stopped": 49 - sent})


def test_one_person_s_claims_at_the_same_moment_stay_below_the_cap(store: Store) -> None:
    run = handlers.of(store)
    for number in range(10):
        run["leads.pool"](call("leads.pool", f"p-{number}", lead=f"L-{number}", pool="east"))

    def claim(number: int) -> str:
        return run["leads.claim"](call("leads.claim", f"c-{number}", lead=f"L-{number}", person="bob", cap=4)).error

    with ThreadPoolExecutor(max_workers=10) as pool:
        errors = list(pool.map(claim, range(10)))

    assert (errors.count(""), errors.count("cap_reached")) == (4, 6)
