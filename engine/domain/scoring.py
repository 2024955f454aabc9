"""How interested a lead is: what it did, fading with time, and what became of it."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import get_args

from engine import marketing
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

POINTS: Mapping[str, int] = {"open": 5, "click": 10, "visit": 15, "reply": 25, "demo": 30, "unsubscribe": 0}
"""Interest that each deed shows."""
HALF_LIFE = timedelta(days=30)
MEMORY = timedelta(days=365)
MOST = 100
STATES: tuple[marketing.LeadState, ...] = get_args(marketing.LeadState)


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "leads.act": lambda call: store.run(lambda tx: _act(tx, call)),
        "leads.interest": lambda call: _interest(store, call),
        "leads.scored": lambda call: store.run(lambda tx: _scored(tx, call)),
    }


def interest(base: float, activities: Sequence[marketing.LeadActivity], now: datetime) -> int:
    """``base`` and the points of every deed, halved for each ``HALF_LIFE`` since; 0 to 100."""
    faded = sum(deed.points * math.pow(0.5, (now - deed.at) / HALF_LIFE) for deed in activities if deed.at <= now)
    return round(max(0, min(MOST, base + faded)))


def _act(tx: Transaction, call: JobCall) -> JobAnswer:
    kind = given.text(call, "kind")
    if kind not in POINTS:
        raise given.wrong(call, "kind", zh=f"下列之一：{'、'.join(POINTS)}", en=" or ".join(POINTS))
    lead = given.text(call, "lead")
    tx.scores.act(marketing.LeadActivity(id=call.id, lead=lead, kind=kind, points=POINTS[kind], at=call.now))
    return JobAnswer(data={"last_deed": kind, "rounds": 0})


def _interest(store: Store, call: JobCall) -> JobAnswer:
    with store.reading() as tx:
        deeds = tx.scores.activities(given.text(call, "lead"), call.now - MEMORY)
    return JobAnswer(data={"interest": interest(given.number(call, "base", 0), deeds, call.now)})


def _scored(tx: Transaction, call: JobCall) -> JobAnswer:
    """The lead's score of now. ``wake_after`` is how long a shelved one sleeps."""
    wanted = given.text(call, "state")
    state = next((one for one in STATES if one == wanted), None)
    if state is None:
        raise given.wrong(call, "state", zh=f"下列之一：{'、'.join(STATES)}", en=" or ".join(STATES))
    wake = call.now + given.span(call, "wake_after", timedelta(days=90)) if state == "shelved" else None
    tx.scores.put_lead(
        marketing.LeadScore(
            lead=given.text(call, "lead"),
            fit=int(given.number(call, "fit", 0)),
            interest=int(given.number(call, "interest", 0)),
            score=int(given.number(call, "score", 0)),
            state=state,
            track=given.text(call, "track", ""),
            wake_at=wake,
            changed_at=call.now,
        )
    )
    return JobAnswer(data={"lead_state": state})
