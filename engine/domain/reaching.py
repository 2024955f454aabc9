"""One target of a wave or a batch: whether it may be written to now, decided and written down together, once."""

from collections.abc import Mapping
from typing import Any

from engine import marketing
from engine.customers import facts as facts_of
from engine.ports import Notification, Transaction


def put(tx: Transaction, target: marketing.Send, *, plan: str, service: bool = False) -> str:
    """Writes ``target`` with what becomes of it, unless it has its row already; what it says itself stands. The outcome
    that was written, '' when none was.

    ``plan`` is the campaign whose list it is on: its reserved contact is used up. A service letter is what a customer
    must know: no stop holds it up and no budget is taken.
    """
    tx.contacts.lock(target.customer)
    if tx.campaigns.has_reached(target.campaign, target.wave, target.customer):
        return ""
    outcome = target.outcome or _barred(tx, target, plan=plan, service=service)
    if not outcome and not target.address:
        outcome = "no_address"
    if not outcome:
        reserved = tx.contacts.of_campaign(plan, target.customer, target.sent_at)
        outcome = "sent" if reserved or service else "full"
        if reserved and not service:
            tx.contacts.use(reserved.id)
    tx.campaigns.send(target.became(outcome))
    return outcome


def facts(tx: Transaction, customer: str) -> Mapping[str, Any]:
    """What the places of a letter are filled with; nothing where the customer is gone."""
    found = tx.customers.get(customer)
    return facts_of.of(found) if found else {}


def letter(channel: str, to: str, subject: str, words: str) -> Notification:
    """In the one language that it was written in."""
    return Notification(
        to=to,
        subject={"zh-CN": subject, "en": subject},
        text={"zh-CN": words, "en": words},
        channel=channel,
    )


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
