"""What a finished case cost and how long it took, kept for the figures of tomorrow."""

from collections.abc import Iterable, Iterator, Mapping

from engine.domain import given
from engine.facts import ActivityCompleted, AnyFact
from engine.model.nodes import Activity
from engine.model.program import Program
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.trade import CaseRecord

PAGE = 1000


def cost(program: Program, facts: Iterable[AnyFact]) -> float:
    """Touch time x rate + fixed cost of every step that was completed, as often as it was."""
    prices = {
        node.id: node.worth.cost for node in program.nodes if isinstance(node, Activity) and node.worth is not None
    }
    return sum(prices.get(fact.node, 0.0) for fact in facts if isinstance(fact, ActivityCompleted))


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"casebook.record": lambda call: store.run(lambda tx: _record(tx, call))}


def _record(tx: Transaction, call: JobCall) -> JobAnswer:
    """``began_at``: when the clock of the case began; absent, when the instance did."""
    instance = tx.instances.get(call.instance_id)
    program = tx.programs.get(instance.program) if instance else None
    began_at = given.moment(call, "began_at", instance.started_at if instance else call.now)
    case = CaseRecord(
        instance_id=call.instance_id,
        process=call.process,
        customer=call.customer.id if call.customer else "",
        outcome=given.text(call, "outcome", ""),
        cost=round(cost(program, _facts(tx, call.instance_id)), 2) if program else 0.0,
        seconds=int((call.now - began_at).total_seconds()),
        recorded_at=call.now,
    )
    tx.ledger.record_case(case)
    return JobAnswer(data={"case_cost": case.cost, "case_seconds": case.seconds})


def _facts(tx: Transaction, instance_id: str) -> Iterator[AnyFact]:
    after = 0
    while page := tx.facts.of_instance(instance_id, after=after, limit=PAGE):
        after = page[-1].seq
        yield from (row.fact for row in page)
