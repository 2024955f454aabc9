"""A wave goes out: each target once, at the campaign's pace, within the contact budget, never over a complaint."""

import csv
import functools
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine import errors, marketing
from engine.domain import assets, audience, given, merging, pace, reaching
from engine.ports import Handler, JobAnswer, JobCall, Notification, Store, Transaction

AT_ONCE = 500
"""Targets of one round at most: a faster pace has shorter rounds."""
LOOK_AGAIN = timedelta(minutes=15)
"""When a paused campaign is asked again."""
FILE_ROWS = 5000
FILE_CHARACTERS = 900_000
"""What a person's form can show."""
BY_HAND = ("phone", "mail", "fax")
"""Channels that nothing is sent on: their wave becomes a file for people."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "campaigns.test": lambda call: _test(store, call),
        "campaigns.send": lambda call: _send(store, call),
        "campaigns.file": lambda call: _file(store, call),
    }


def _test(store: Store, call: JobCall) -> JobAnswer:
    """The letter as it will be, to each of ``recipients``; places stay as they are written.

    ``material``: key of released material, whose newest version is taken instead of ``subject`` and ``text``. Where
    there is none that may go out today, ``material_problem`` says so in both languages and nothing is sent.
    ``material_tested`` is the key again: what is chosen after the test was not tested.
    """
    chosen = given.text(call, "material", "")
    if not chosen:
        return _tested(call, _template(call), {"material_version": None})
    with store.reading() as tx:
        known = tx.assets.latest(chosen)
    if known is None or not known.body or not assets.valid(known, call.now.date()):
        problem = f"{chosen} 没有可用的已发布版本 / {chosen} has no released version that may be used"
        return JobAnswer(
            data={"places": [], "material_version": None, "material_tested": chosen, "material_problem": problem}
        )
    told: dict[str, Any] = {
        "material_title": known.title,
        "material_subject": known.subject,
        "material_text": known.body,
        "material_version": known.n,
        "material_tested": chosen,
    }
    return _tested(call, (known.subject, known.body), told)


def _tested(call: JobCall, words: tuple[str, str], told: Mapping[str, Any]) -> JobAnswer:
    subject, text = words
    letters = [reaching.letter("email", str(to), f"[TEST] {subject}", text) for to in given.items(call, "recipients")]
    places = list(merging.places(subject + text))
    told = {"material_tested": "", "material_problem": "", **told, "places": places}
    return JobAnswer(data=told, notifications=tuple(letters))


def _send(store: Store, call: JobCall) -> JobAnswer:
    """One round: as many as the pace allows. ``send_next_at`` is null when all of the list have had their turn.

    With ``by_hand``, or on a channel of people, targets are written down and no letter leaves.

    Rows are written before letters leave; a second run of the same job writes none and repeats its letters, of which
    only those of the run that is kept go out.
    """
    campaign, wave, throttle = _which(call)
    words = _template(call)
    begins = pace.awake(call.now, pace.quiet(given.text(call, "quiet_hours", "")))
    with store.reading() as tx:
        members, reached = given.target_list(tx, call).allowed, tx.campaigns.reached(campaign, wave)
        repeated = bool(tx.campaigns.of_job(call.id))
        known = tx.campaigns.get(campaign)
    status = known.status if known else "stopped"
    waiting = [one for one in members if one not in reached]
    if status == "running" and begins <= call.now and not repeated:
        for customer in waiting[: min(throttle, AT_ONCE)]:
            store.run(functools.partial(_reach, call=call, customer=customer))
    return _told(store, call, words=words, begins=begins, status=status)


def _which(call: JobCall) -> tuple[str, int, int]:
    wave, throttle = int(given.number(call, "wave", 1)), int(given.number(call, "throttle", AT_ONCE))
    if throttle < 1:
        raise given.wrong(call, "throttle", zh="不小于 1 的数字", en="a number of at least 1")
    return given.text(call, "campaign"), wave, throttle


def _told(store: Store, call: JobCall, *, words: tuple[str, str], begins: Any, status: str) -> JobAnswer:
    campaign, wave, throttle = _which(call)
    with store.reading() as tx:
        mine = tx.campaigns.of_job(call.id)
        left = len(set(given.target_list(tx, call).allowed) - tx.campaigns.reached(campaign, wave))
        outcomes = tx.campaigns.outcomes(campaign, wave)
        by_hand = _channel(call) in BY_HAND or call.input.get("by_hand") is True
        letters = [] if by_hand else [_to(tx, one, words) for one in mine if one.outcome == "sent"]
    again = None
    if left and status in ("running", "paused"):
        step = pace.ROUND * min(throttle, AT_ONCE) / throttle
        again = max(begins, call.now + (LOOK_AGAIN if status == "paused" else step))
    sent = outcomes.get("sent", 0)
    return JobAnswer(
        data={
            "sent_count": sent,
            "skipped_count": sum(outcomes.values()) - sent,
            "left_count": left,
            "send_next_at": again.isoformat() if again else None,
            "campaign_status": status,
        },
        notifications=tuple(letters),
    )


def _reach(tx: Transaction, *, call: JobCall, customer: str) -> None:
    """Decides and writes down one target, its contact budget with it."""
    campaign, wave, _ = _which(call)
    found = tx.customers.get(customer)
    address = (found.attributes if found else {}).get(audience.ADDRESS.get(_channel(call), "email"))
    target = marketing.Send(
        campaign=campaign,
        wave=wave,
        customer=customer,
        channel=_channel(call),
        address=str(address or ""),
        outcome="",
        job=call.id,
        sent_at=call.now,
    )
    reaching.put(tx, target, plan=campaign)


def _file(store: Store, call: JobCall) -> JobAnswer:
    """The wave as lines of a file: number, name, address, letter. For a call list, a mail merge or labels.

    Raises Invalid when it is too long for people.
    """
    campaign, wave, _ = _which(call)
    subject, words = _template(call)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["number", "name", "address", "subject", "text"])
    with store.reading() as tx:
        sent = tx.campaigns.of_wave(campaign, wave, "sent", FILE_ROWS)
        for one in sent:
            facts = reaching.facts(tx, one.customer)
            texts = (merging.fill(subject, facts), merging.fill(words, facts))
            writer.writerow([_plain(value) for value in (facts.get("number"), facts.get("name"), one.address, *texts)])
    made = out.getvalue()
    if len(made) > FILE_CHARACTERS:
        raise errors.Invalid(
            "file_too_long",
            zh=f"活动 {campaign} 第 {wave} 波的文件超过 {FILE_CHARACTERS} 字，请缩小范围",
            en=f"the file of wave {wave} of {campaign} has more than {FILE_CHARACTERS} characters: narrow the audience",
            campaign=campaign,
        )
    return JobAnswer(data={"file_lines": len(sent), "file_text": made})


def _plain(value: Any) -> str:
    """No cell is a formula for the spreadsheet that opens it."""
    words = "" if value is None else str(value)
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


def _to(tx: Transaction, one: marketing.Send, words: tuple[str, str]) -> Notification:
    facts = reaching.facts(tx, one.customer)
    return reaching.letter(one.channel, one.address, *(merging.fill(text, facts) for text in words))


def _channel(call: JobCall) -> str:
    return given.text(call, "channel", "email")


def _template(call: JobCall) -> tuple[str, str]:
    subject, words = given.text(call, "subject", ""), given.text(call, "text")
    if len(subject) + len(words) > merging.LONGEST:
        raise given.wrong(call, "text", zh=f"不超过 {merging.LONGEST} 字", en=f"at most {merging.LONGEST} characters")
    return subject, words
