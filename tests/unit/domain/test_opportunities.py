"""An opportunity keeps what the lead said."""

from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def test_an_opportunity_begins_with_all_that_was_said_before(store: Store, run: Run) -> None:
    run("leads.keep", lead="L-1", name="王磊", need="想看演示", phone="13900000001")
    run("leads.join", lead="L-2", into="L-1", need="还要报价")

    for _ in range(2):
        told = run(
            "opportunities.open",
            job="j-9",
            lead="L-1",
            name="呼叫中心",
            amount=60000,
            owner="lina",
            history=["已谈", None],
        ).data

    with store.reading() as tx:
        kept = tx.ledger.opportunity(told["opportunity_id"])
    assert kept is not None
    assert (kept.history, kept.amount, kept.opened_at) == (("想看演示", "还要报价", "已谈"), 60000, NOON)


def test_an_opportunity_without_a_known_lead_has_only_its_own_history(store: Store, run: Run) -> None:
    told = run("opportunities.open", lead="L-9", name="培训", amount=3000).data

    with store.reading() as tx:
        kept = tx.ledger.opportunity(told["opportunity_id"])
    assert kept is not None
    assert kept.history == ()
