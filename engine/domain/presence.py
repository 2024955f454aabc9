"""Who is not there when somebody is to come or to meet: absences for all work, not those that only hand some over."""

from collections.abc import Sequence
from datetime import datetime

from engine import records
from engine.ports import Transaction


def away(tx: Transaction, people: Sequence[str], since: datetime, until: datetime) -> list[records.Absence]:
    """Absences of these people that touch the span, by their beginning."""
    return [
        one
        for one in tx.absences.ahead()
        if one.person in people and not (one.processes or one.groups) and one.starts_at < until and one.ends_at > since
    ]
