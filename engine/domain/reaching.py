"""One target of a wave or a batch: whether it may be written to now, decided and written down together, once."""

from engine import marketing
from engine.ports import Transaction


def put(tx: Transaction, target: marketing.Send, *, plan: str, service: bool = False) -> None:
    """Writes ``target`` with what becomes of it, unless it has its row already; what it says itself stands.

    ``plan`` is the campaign whose list it is on: its reserved contact is used up. A service letter is what a customer
    must know: no stop holds it up and no budget is taken.
    """
    tx.contacts.lock(target.customer)
    if tx.campaigns.has_reached(target.campaign, target.wave, target.customer):
        return
    outcome = target.outcome or _barred(tx, target, plan=plan, service=service)
    if not outcome and not target.address:
        outcome = "no_address"
    if not outcome:
        reserved = tx.contacts.of_campaign(plan, target.customer, target.sent_at)
        outcome = "sent" if reserved or service else "full"
        if reserved and not service:
            tx.contacts.use(reserved.id)
    tx.campaigns.send(target.became(outcome))


def _barred(tx: Transaction, target: marketing.Send, *, plan: str, service: bool) -> str:
    """What forbids advertising to this customer, or ''."""
    if service:
        return ""
    if tx.contacts.stopped([target.customer]):
        return "stopped"
    if tx.campaigns.answered(plan, [target.customer]):
        return "answered"
    known = tx.campaigns.get(plan)
    return "left_out" if known is not None and target.customer in known.left_out else ""
