"""The contact budget and the lead pool under races, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

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


def test_one_person_s_claims_at_the_same_moment_stay_below_the_cap(store: Store) -> None:
    run = handlers.of(store)
    for number in range(10):
        run["leads.pool"](call("leads.pool", f"p-{number}", lead=f"L-{number}", pool="east"))

    def claim(number: int) -> str:
        return run["leads.claim"](call("leads.claim", f"c-{number}", lead=f"L-{number}", person="bob", cap=4)).error

    with ThreadPoolExecutor(max_workers=10) as pool:
        errors = list(pool.map(claim, range(10)))

    assert (errors.count(""), errors.count("cap_reached")) == (4, 6)
