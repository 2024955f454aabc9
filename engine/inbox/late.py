"""What was done without a connection arrives later: when it was done is told beside when it arrived. Pure."""

from datetime import datetime, timedelta
from typing import Literal

from engine import errors, facts, records

Verb = Literal["complete", "comment", "add_file"]
REPEATABLE = timedelta(days=30)
"""How long a device may hand the same in again and is answered as the first time."""


def told(item: records.WorkItem, verb: Verb, done_at: datetime | None, now: datetime) -> list[facts.DoneEarlier]:
    """Nothing without a moment. Raises errors.Invalid for one that lies in the future or before the work was there."""
    if done_at is None:
        return []
    if not item.created_at <= done_at <= now:
        since, until = (moment.isoformat(timespec="seconds") for moment in (item.created_at, now))
        raise errors.Invalid(
            "done_at_impossible",
            zh=f"办理时间必须在 {since} 与 {until} 之间。",
            en=f"It was done between {since} and {until}; no other moment is possible.",
            field="done_at",
        )
    return [facts.DoneEarlier(node=item.node, verb=verb, done_at=done_at.isoformat())]


def possible(item: records.WorkItem, done_at: datetime, now: datetime) -> datetime:
    """The nearest moment at which it can have been done: clocks of devices go wrong."""
    return min(max(done_at, item.created_at), now)
