"""The order of the inbox in one whole number, ascending: what is due first (what is breached was due first of all),
then by priority. One number makes every list one index."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_DUE = 70_000_000_000_000_000
"""Microseconds, the year 4188: work without a due date comes last."""
_PRIORITIES = 128


def rank(due_at: datetime | None, priority: int) -> int:
    """Priorities above 127 count as 127, below 0 as 0."""
    due = _NO_DUE if due_at is None else min((due_at - _EPOCH) // timedelta(microseconds=1), _NO_DUE)
    return due * _PRIORITIES + _PRIORITIES - 1 - max(0, min(_PRIORITIES - 1, priority))
