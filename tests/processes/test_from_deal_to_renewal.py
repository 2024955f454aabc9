"""A deal in a real house: pursued, quoted, signed, watched, learnt from, renewed.

The processes call and write to each other as they would in life; nothing is answered for them.
"""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import app, dispatch, ports, records
from engine.bpmn import read
from engine.clock import HandClock
from engine.customers import register
from engine.inbox import act
from engine.messages import correlate
from engine.people.agent import SYSTEM, Agent
from engine.runtime import start
from engine.settings import Settings
from engine.trade import Product
from engine.variants import shipped as catalogue
from tests.processes import shipped

NEEDED = ("SFA-02", "SFA-03", "SFA-04", "SFA-04-watch", "SFA-12", "SFA-16", "CSS-10")
BEGIN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
GROUPS = frozenset(
    [
        *("sales_reps", "sales_leads", "sales_managers", "sales_directors", "account_managers", "executives"),
        *("legal", "finance", "delivery", "contract_office", "deal_desk", "win_loss_analysts", "retention"),
    ]
)
CLOSE = {"expected_close": "2026-06-30", "next_action": "下一步 / next", "next_action_on": "2026-03-20"}


class Life:
    """The house and its clock; ``people`` do whatever waits, nobody twice where two are needed."""

    def __init__(self, engine: ports.Engine) -> None:
        self.now = BEGIN
        self._engine = engine
        self.people = [Agent(key=key, name=key, roles=frozenset({"staff"}), groups=GROUPS, locale="en") for key in "ab"]
        with engine.store.transaction() as tx:
            for person in self.people:
                tx.people.put(
                    records.Person(
                        key=person.key, name=person.name, locale="en", roles=("staff",), groups=(), created_at=BEGIN
                    )
                )
            tx.ledger.put_product(Product(key="call_centre", texts={}, list_price=1200, stock=400, lead_days=14))

    @property
    def engine(self) -> ports.Engine:
        return dataclasses.replace(self._engine, clock=HandClock(self.now))

    def settle(self) -> None:
        for _ in range(200):
            if not dispatch.once(self.engine, now=self.now) + dispatch.call(self.engine, now=self.now):
                return

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.settle()

    def until(self, day: str) -> None:
        self.now = datetime.fromisoformat(f"{day}T04:00:00+00:00")
        self.settle()

    def begin(self, process: str, key: str, **data: Any) -> str:
        begun = start.start(
            self.engine, process=process, customer_id="C-1", business_key=key, data=data, agent=SYSTEM, now=self.now
        )
        self.settle()
        return begun.instance.id

    def waiting(self) -> dict[str, records.WorkItem]:
        with self._engine.store.reading() as tx:
            active = tx.instances.search(where={"status": "active"}, after="", limit=50)
            items = [item for one in active for item in tx.waits.work_items(one.id)]
        return {item.node: item for item in items if item.status == "open"}

    def does(self, node: str, **data: Any) -> None:
        self.passes(hours=1)
        item = self.waiting().get(node)
        assert item is not None, f"nobody waits at {node}: {sorted(self.waiting())}"
        able = next(one for one in self.people if one.key not in item.excluded)
        act.complete(self.engine, work_item_id=item.id, data=data, agent=able, now=self.now)
        self.settle()

    def hears(self, message: str, key: str, **data: Any) -> None:
        self.passes(hours=1)
        letter = correlate.Letter(name=message, key=key, data=data)
        told = correlate.correlate(self.engine, letter=letter, agent=SYSTEM, now=self.now)
        assert told.outcome == "delivered", (message, key)
        self.settle()

    def instances(self, process: str) -> list[records.Instance]:
        with self._engine.store.reading() as tx:
            return tx.instances.search(where={"process": process}, after="", limit=50)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder: Path = tmp_path_factory.mktemp("deal")
    (folder / "processes").mkdir()
    for name in (*NEEDED, "groups.json"):
        (folder / "processes" / name).symlink_to(shipped.PROCESSES / name)
    built = app.build(Settings(database_url=f"sqlite:///{folder}/crmflow.db", queue="inline"), dispatcher=False)
    catalogue.install(
        built, path=folder / "processes", read=lambda data, name: read.read(data, file=name), agent=SYSTEM, now=BEGIN
    )
    document = {"number": "C-1", "name": "青禾科技", "owner": "a", "scores": {"current": 40, "potential": 30}}
    with built.store.transaction() as tx:
        register.register_within(tx, new_id="C-1", data=document, now=BEGIN)
    yield Life(built)
    built.close()


def test_a_deal_is_won_signed_watched_learnt_from_and_renewed(life: Life) -> None:
    life.begin("SFA-02", "OP-1", opportunityNo="OP-1", subject="呼叫中心", amount=60000.0, channel="phone",
               expected_close="2026-06-30")  # fmt: skip
    life.does("first_visit", win_plan="先见王总 / Mr Wang first", decision_maker="王总", visit_outcome="go_on", **CLOSE)
    life.does(
        "confirm_needs", needs_document="二十座席 / twenty", customer_signed_off=True, needs_outcome="go_on", **CLOSE
    )
    life.does("gate_1", gate_1_outcome="passed")
    life.does("solution_demo", solution="云呼叫中心 / cloud", demo_outcome="go_on", **CLOSE)
    line = {"product": "call_centre", "options": [], "qty": 50, "list_price": 1200, "discount": 5}
    life.does("configure", lines=[line], currency="CNY", valid_until="2026-04-30", payment_terms="net_30")
    life.hears("quote.answered", "OP-1-Q", reply="accept")
    life.does("negotiate", agreed_points="九折 / 10 % off", deal_outcome="go_on", **CLOSE)
    plan = [{"date": "2026-04-01", "amount": 20000}, {"date": "2026-10-01", "amount": 40000}]
    life.does("draft", contract_subject="呼叫中心", amount=60000, term_from="2026-04-01", term_to="2027-03-31",
              template="standard", payment_plan=plan, seal_required=True)  # fmt: skip
    life.does("manager_approval", outcome="agreed")
    life.hears("contract.signed_back", "HT-2026-0001", signed=True)
    life.does("file_contract", sealed=True, shelf="A-12")

    with life.engine.store.reading() as tx:
        (won,) = life.instances("SFA-02")
        contract, moves = tx.contracts.numbered("HT-2026-0001"), tx.opportunities.open()
    assert (won.status, won.incidents, moves) == ("completed", 0, [])
    assert contract is not None and (contract.status, contract.customer) == ("effective", "C-1")
    assert [one.status for one in life.instances("SFA-04-watch")] == ["active"]
    assert len(life.instances("SFA-12")) == 1

    life.hears("payment.received", "HT-2026-0001/1")
    life.until("2026-10-05")
    life.does("chase_payment", payment_note="下周付 / next week")
    life.hears("payment.received", "HT-2026-0001/2")
    with life.engine.store.reading() as tx:
        contract = tx.contracts.numbered("HT-2026-0001")
    assert contract is not None and all("paid_on" in one for one in contract.payments)

    life.until("2027-01-05")
    assert [one.status for one in life.instances("SFA-04-watch")] == ["completed"]
    (renewal,) = life.instances("SFA-16")
    assert renewal.customer_id == "C-1"
    life.does("contact", talk_outcome="same")
    life.hears("renewal.answered", "HT-2026-0001", decision="renew")
    again = {"amount": 60000, "term_from": "2027-04-01", "term_to": "2028-03-31", "template": "standard"}
    at_once = [{"date": "2027-04-01", "amount": 60000}]
    life.does("draft", contract_subject="续约 / renewal", payment_plan=at_once, seal_required=True, **again)
    life.does("manager_approval", outcome="agreed")
    life.hears("contract.signed_back", "HT-2027-0001", signed=True)
    life.does("file_contract", sealed=True, shelf="A-13")
    with life.engine.store.reading() as tx:
        held = [(one.number, one.status) for one in tx.contracts.of_customer("C-1")]
    assert held == [("HT-2027-0001", "effective"), ("HT-2026-0001", "effective")]
    assert not any(one.incidents for process in NEEDED for one in life.instances(process))
