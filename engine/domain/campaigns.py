"""Campaigns: what one may cost, what was approved, who answered, and when it has to pause."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, get_args

import msgspec

from engine import marketing
from engine.domain import audience, given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

NOT_APPROVED = "campaign_not_approved"
MOST_ACCOUNTS = 100
"""Whom an account manager can be asked about one by one."""


class StopRule(msgspec.Struct, frozen=True, kw_only=True):
    """In percent of what was sent; nothing is judged before ``at_least`` sends."""

    complaints: float
    bounces: float
    at_least: int = 1


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "campaigns.estimate": lambda call: _estimate(store, call),
        "campaigns.keep": lambda call: store.run(lambda tx: _keep(tx, call)),
        "campaigns.begin": lambda call: store.run(lambda tx: _begin(tx, call)),
        "campaigns.set": lambda call: store.run(lambda tx: _set(tx, call)),
        "campaigns.respond": lambda call: store.run(lambda tx: _respond(tx, call)),
    }


def hit(outcomes: Mapping[str, int], responses: Mapping[str, int], rule: StopRule) -> bool:
    """Whether more complained or bounced than the rule bears."""
    sent = outcomes.get("sent", 0)
    if sent < max(rule.at_least, 1):
        return False
    return (
        responses.get("complaint", 0) * 100 > rule.complaints * sent
        or responses.get("bounce", 0) * 100 > rule.bounces * sent
    )


def _estimate(store: Store, call: JobCall) -> JobAnswer:
    """How many are meant, how many of them each channel reaches, and what one contact on each channel costs in all.

    ``costs``: money of one contact by channel; a channel without one is free. ``accounts``: the first of them, with
    their owners, for those who ask each.
    """
    channels, costs = [str(one) for one in given.items(call, "channels")], call.input.get("costs")
    reach: Counter[str] = Counter()
    accounts = []
    meant = 0
    with store.reading() as tx:
        for customer in audience.meant(tx, given.items(call, "groups"), given.rows(call, "selector")):
            meant += 1
            reach.update(one for one in channels if customer.attributes.get(audience.ADDRESS.get(one, one)))
            if meant <= MOST_ACCOUNTS:
                accounts.append({"id": customer.id, "name": customer.name, "owner": customer.owner})
    prices = costs if isinstance(costs, Mapping) else {}
    cost = sum(count * float(prices.get(channel, 0)) for channel, count in reach.items())
    return JobAnswer(
        data={
            "audience_size": meant,
            "reach": {channel: reach[channel] for channel in channels},
            "estimated_cost": round(cost, 2),
            "accounts": accounts,
        }
    )


def _keep(tx: Transaction, call: JobCall) -> JobAnswer:
    """The approved plan becomes the campaign's next version; one that runs goes on running."""
    campaign = given.text(call, "campaign")
    tx.campaigns.lock(campaign)
    known = tx.campaigns.get(campaign)
    if known is None or known.job != call.id:
        known = marketing.Campaign(
            id=campaign,
            n=known.n + 1 if known else 1,
            job=call.id,
            name=given.text(call, "name"),
            goal=given.text(call, "goal", ""),
            status=known.status if known and known.status in ("running", "paused") else "planned",
            owner=given.text(call, "owner", ""),
            audience=tuple(str(one) for one in given.items(call, "groups")),
            left_out=tuple(str(one) for one in given.items(call, "left_out")),
            channels=tuple(str(one) for one in given.items(call, "channels")),
            budget=given.number(call, "budget", 0),
            expected_leads=int(given.number(call, "expected_leads", 0)),
            expected_roi=given.number(call, "expected_roi", 0),
            starts=given.text(call, "starts", ""),
            ends=given.text(call, "ends", ""),
            changed_at=call.now,
        )
        tx.campaigns.put(known)
    return JobAnswer(data={"campaign_version": known.n})


def _begin(tx: Transaction, call: JobCall) -> JobAnswer:
    """It runs from now on; the business error ``campaign_not_approved`` when nobody approved it, or it was stopped."""
    campaign = given.text(call, "campaign")
    tx.campaigns.lock(campaign)
    known = tx.campaigns.get(campaign)
    if known is None or known.status == "stopped":
        return JobAnswer(error=NOT_APPROVED, message=campaign)
    if known.status != "paused":
        tx.campaigns.put(msgspec.structs.replace(known, status="running", changed_at=call.now))
    told = {"campaign_name": known.name, "campaign_end": known.ends, "audience_groups": list(known.audience)}
    return JobAnswer(data={**told, "campaign": {**head(known), "half_at": _half(known, call.now)}})


def head(known: marketing.Campaign) -> dict[str, str]:
    """What another process begins with that is about this campaign."""
    return {"campaignId": known.id, "name": known.name, "goal": known.goal or "brand"}


def _half(known: marketing.Campaign, now: datetime) -> str:
    """The day in the middle of what is left of it; a week from now where its last day is not known or over."""
    today = now.date()
    try:
        left = date.fromisoformat(known.ends) - today
    except ValueError:
        left = timedelta(0)
    return (today + (left / 2 if left > timedelta(0) else timedelta(days=7))).isoformat()


def _set(tx: Transaction, call: JobCall) -> JobAnswer:
    """``status`` from now on; what is stopped stays stopped. Raises Invalid for a status that there is not."""
    status = given.text(call, "status")
    if status not in get_args(marketing.Status):
        raise given.wrong(call, "status", zh="活动状态", en="a status of a campaign")
    known = _locked(tx, call)
    if known.status not in ("stopped", status):
        known = msgspec.convert(msgspec.to_builtins(known) | {"status": status}, marketing.Campaign)
        tx.campaigns.put(msgspec.structs.replace(known, changed_at=call.now))
    return JobAnswer(data={"campaign_status": known.status, "campaign": head(known)})


def _respond(tx: Transaction, call: JobCall) -> JobAnswer:
    """Records the answer, and tells who gave it. ``stop_hit`` once: when this answer is what pauses the campaign."""
    kind = given.text(call, "kind")
    if kind not in marketing.ANSWERS:
        raise given.wrong(
            call, "kind", zh=f"下列之一：{'、'.join(marketing.ANSWERS)}", en=" or ".join(marketing.ANSWERS)
        )
    known = _locked(tx, call)
    fields: dict[str, Any] = {"customer": given.text(call, "customer"), "words": given.text(call, "words", "")[:4000]}
    tx.campaigns.respond(
        msgspec.convert(
            {"id": call.id, "campaign": known.id, "kind": kind, "at": call.now, **fields}, marketing.Response
        )
    )
    rule = StopRule(
        complaints=given.number(call, "complaints_pct", 100),
        bounces=given.number(call, "bounce_pct", 100),
        at_least=int(given.number(call, "at_least", 1)),
    )
    paused = known.status == "running" and hit(tx.campaigns.outcomes(known.id), tx.campaigns.responses(known.id), rule)
    if paused:
        tx.campaigns.put(msgspec.structs.replace(known, status="paused", changed_at=call.now))
    return JobAnswer(data={"stop_hit": paused, "party": _party(tx, fields["customer"])})


def _party(tx: Transaction, customer_id: str) -> dict[str, Any]:
    found = tx.customers.get(customer_id) or tx.customers.by_number(customer_id)
    told = found.attributes if found else {}
    return {
        "name": found.name if found else customer_id,
        "owner": found.owner if found else "",
        "phone": told.get("phone"),
        "email": told.get("email"),
    }


def _locked(tx: Transaction, call: JobCall) -> marketing.Campaign:
    """Raises NotFound."""
    tx.campaigns.lock(given.text(call, "campaign"))
    return given.campaign(tx, call)
