"""Marketing material: released version by version, used until its last day, asked for again before that."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engine import errors, marketing
from engine.domain import given, merging
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Handler, JobAnswer, JobCall, Store, Transaction

KINDS = ("brochure", "letter", "mail_template", "case_study", "phone_script")
LANGUAGES = ("zh-CN", "en")
NOTICE = timedelta(days=30)
"""How long before its last day somebody has to think of what comes after."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "assets.release": lambda call: store.run(lambda tx: _release(tx, call)),
        "assets.standing": lambda call: _standing(store, call),
    }


def search(engine: Engine, *, text: str, agent: Agent, now: datetime, limit: int = 50) -> list[marketing.Asset]:
    """What may be used now, in its newest version, by part of the key or title. Raises errors.Forbidden."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        return tx.assets.standing(text.strip()[:200], now.date().isoformat(), limit)


def valid(asset: marketing.Asset | None, today: date) -> bool:
    return asset is not None and (not asset.valid_until or today <= date.fromisoformat(asset.valid_until))


def _release(tx: Transaction, call: JobCall) -> JobAnswer:
    """The next version, and what watches over its last day: ``released.notice_at``, when its successor has to be
    thought of, '' for one without end.

    Raises Invalid for a last day that is past, and for material without words and without a file.
    """
    until, body, file = _last_day(call), given.text(call, "body", ""), given.text(call, "file", "")
    subject = given.text(call, "subject", "")
    if len(subject) + len(body) > merging.LONGEST or not (body or file):
        raise given.wrong(
            call,
            "body",
            zh=f"正文（至多 {merging.LONGEST} 字），或一个文件",
            en=f"words, {merging.LONGEST} characters at most, or a file",
        )
    made = tx.assets.release(
        marketing.Asset(
            key=given.text(call, "asset"),
            kind=given.choice(call, "kind", KINDS),
            language=given.choice(call, "language", LANGUAGES),
            title=given.text(call, "title"),
            subject=subject,
            body=body,
            file=file,
            valid_until=until.isoformat() if until else "",
            job=call.id,
            released_at=call.now,
        )
    )
    notice = max(until - NOTICE, call.now.date()) if until else None
    watched = {"assetKey": made.key, "asset_version": made.n, "notice_at": notice.isoformat() if notice else ""}
    return JobAnswer(data={"asset_version": made.n, "released": watched})


def _last_day(call: JobCall) -> date | None:
    told = given.text(call, "valid_until", "")
    try:
        until = date.fromisoformat(told) if told else None
    except ValueError:
        until = date.min
    if until is not None and until < call.now.date():
        raise given.wrong(call, "valid_until", zh="今天或以后的日期", en="a day that is not past")
    return until


def _standing(store: Store, call: JobCall) -> JobAnswer:
    """What is released of it by now, how often it went out, and what a renewal begins with (``expiring``).

    Raises NotFound.
    """
    key = given.text(call, "asset")
    with store.reading() as tx:
        known, mailings = tx.assets.latest(key), tx.assets.mailings(key)
    if known is None:
        raise errors.NotFound("asset_unknown", zh=f"没有资料 {key}", en=f"there is no material {key!r}", asset=key)
    expiring = {
        "assetKey": known.key,
        "title": known.title,
        "asset_type": known.kind,
        "asset_language": known.language,
        "subject": known.subject,
        "body": known.body,
        "last_day": known.valid_until,
        "times_used": len(mailings),
    }
    return JobAnswer(data={"newest_version": known.n, "times_used": len(mailings), "expiring": expiring})
