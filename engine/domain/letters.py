"""Mail merge: released material goes to a frozen list, each target once, and nobody gets a letter with a hole in it."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from engine import marketing, records
from engine.customers import facts as facts_of
from engine.domain import assets, audience, given, merging, reaching
from engine.ports import Handler, JobAnswer, JobCall, Notification, Store, Transaction
from engine.trade import ListVersion

PART = 200
"""Targets of one part: parts are done side by side."""
MOST = 20_000
SHOWN = 100
"""Of the targets with something missing, so many are named to people."""
BY_HAND = ("mail", "fax")
BLOCKED = "batch_blocked"


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "letters.preview": lambda call: _preview(store, call),
        "letters.send": lambda call: _send(store, call),
        "letters.log": lambda call: store.run(lambda tx: _log(tx, call)),
    }


def _preview(store: Store, call: JobCall) -> JobAnswer:
    """The first letter as it will be, who lacks what for it, and the ``parts`` of the batch.

    The business error ``batch_blocked`` when the material is not released or its last day is over, or there is no such
    list.
    """
    own = _own(call)
    with store.reading() as tx:
        found = _ready(tx, call)
        if isinstance(found, JobAnswer):
            return found
        asset, members = found[0], found[1].allowed
        lacking, sample = [], ("", "")
        for customer in _customers(tx, members):
            facts = _facts(customer, own)
            lacks = merging.missing(asset.subject + asset.body, facts)
            if lacks:
                lacking.append({"customer": customer.number, "name": customer.name, "fields": "、".join(lacks)})
            elif not any(sample):
                sample = (merging.fill(asset.subject, facts), merging.fill(asset.body, facts))
    return JobAnswer(
        data={
            "asset_version": asset.n,
            "subject": asset.subject,
            "body": asset.body,
            "letters_count": len(members),
            "missing_count": len(lacking),
            "missing_fields": lacking[:SHOWN],
            "sample_subject": sample[0],
            "sample_text": sample[1],
            "parts": list(range(1, -(-len(members) // PART) + 1)),
        }
    )


def _send(store: Store, call: JobCall) -> JobAnswer:
    """One part of the batch. By e-mail and message letters leave; paper is written down for the file.

    ``batch_blocked`` as in the preview, and when another version was released since: nobody has seen that one.
    """
    with store.reading() as tx:
        found = _ready(tx, call)
        if isinstance(found, JobAnswer):
            return found
        asset, listed = found
        if asset.n != int(given.number(call, "version", asset.n)):
            return JobAnswer(error=BLOCKED, message=f"{asset.key} v{asset.n}")
        part = int(given.number(call, "part", 1))
        members = listed.allowed[(part - 1) * PART : part * PART]
    for customer in members:
        store.run(functools.partial(_reach, call=call, customer=customer, asset=asset, plan=listed.campaign))
    own = _own(call)
    with store.reading() as tx:
        mine = [one for one in tx.campaigns.of_job(call.id) if one.outcome == "sent"]
        by_hand = _channel(call) in BY_HAND
        letters = [] if by_hand else [_letter(_facts(tx.customers.get(one.customer), own), one, asset) for one in mine]
    return JobAnswer(data={"sent_of_part": len(mine)}, notifications=tuple(letters))


def _reach(tx: Transaction, *, call: JobCall, customer: str, asset: marketing.Asset, plan: str) -> None:
    found, channel = tx.customers.get(customer), _channel(call)
    facts = _facts(found, _own(call))
    address = (found.attributes if found else {}).get(audience.ADDRESS.get(channel, channel))
    lacks = merging.missing(asset.subject + asset.body, facts)
    target = marketing.Send(
        campaign=given.text(call, "batch"),
        wave=1,
        customer=customer,
        channel=channel,
        address=str(address or ""),
        outcome="incomplete" if lacks else "",
        job=call.id,
        sent_at=call.now,
    )
    reaching.put(tx, target, plan=plan, service=given.text(call, "purpose", "") == "service")


def _log(tx: Transaction, call: JobCall) -> JobAnswer:
    """The batch with its figures; each target's own row says what it got and when."""
    batch = given.text(call, "batch")
    outcomes = tx.campaigns.outcomes(batch)
    sent = outcomes.get("sent", 0)
    left_out = sum(outcomes.values()) - sent
    tx.assets.log(
        marketing.Mailing(
            id=batch,
            asset=given.text(call, "asset"),
            n=int(given.number(call, "version")),
            list=given.text(call, "list"),
            channel=_channel(call),
            purpose=given.text(call, "purpose", ""),
            sent=sent,
            left_out=left_out,
            job=call.id,
            at=call.now,
        )
    )
    return JobAnswer(data={"sent_count": sent, "left_out_count": left_out})


def _ready(tx: Transaction, call: JobCall) -> tuple[marketing.Asset, ListVersion] | JobAnswer:
    """What may be sent today and to whom, or the business error that says what is not there. Raises Invalid for a list
    that is too long."""
    key, list_id = given.text(call, "asset"), given.text(call, "list")
    known, listed = tx.assets.latest(key), tx.ledger.list_version(list_id)
    if known is None or not known.body or not assets.valid(known, call.now.date()):
        return JobAnswer(error=BLOCKED, message=key)
    if listed is None:
        return JobAnswer(error=BLOCKED, message=list_id)
    if len(listed.members) > MOST:
        raise given.wrong(call, "list", zh=f"不超过 {MOST} 户的名单", en=f"a list of at most {MOST} customers")
    return known, listed


def _customers(tx: Transaction, members: list[str]) -> Iterator[records.Customer]:
    return (found for found in map(tx.customers.get, members) if found is not None)


def _own(call: JobCall) -> Mapping[str, str]:
    """``personal``: what somebody wrote for one customer alone, by the customer's number."""
    return {str(row.get("customer")): str(row.get("words") or "") for row in given.rows(call, "personal")}


def _facts(customer: records.Customer | None, own: Mapping[str, str]) -> Mapping[str, Any]:
    """What ``{{places}}`` are filled with; ``{{personal}}`` with the customer's own words."""
    return {**facts_of.of(customer), "personal": own.get(customer.number)} if customer else {}


def _letter(facts: Mapping[str, Any], one: marketing.Send, asset: marketing.Asset) -> Notification:
    subject, words = merging.fill(asset.subject, facts), merging.fill(asset.body, facts)
    return reaching.letter(one.channel, one.address, subject, words)


def _channel(call: JobCall) -> str:
    return given.choice(call, "channel", ("email", "sms", *BY_HAND))
