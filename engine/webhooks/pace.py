"""When a delivery that failed is tried again, when it is given up, and when a webhook is left alone. Pure."""

import hashlib
from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
)
"""After the first try, the second ...: about 32 hours in all."""
TRIES = len(PAUSES) + 1
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=10)
STOPPED_AFTER = timedelta(days=5)
"""Nothing was heard for so long: an administrator has to look."""


def again_at(attempts: int, *, delivery: str, now: datetime, asked: timedelta | None = None) -> datetime | None:
    """After the ``attempts``-th try (1-based); None when that was the last. What the answer asked for counts if it is
    longer. Up to a fifth more, by the delivery's id, so that many do not come back at once.
    """
    if attempts >= TRIES:
        return None
    pause = PAUSES[attempts - 1]
    share = hashlib.sha256(f"{delivery} {attempts}".encode()).digest()[0] / 255 / 5
    return now + max(pause * (1 + share), asked or timedelta())


def rest_until(failures: int, now: datetime) -> datetime:
    """After so many failures in a row (1-based): 5 s, 10 s, 20 s ... 10 min. Who does not answer holds nobody up."""
    return now + min(FIRST_REST * (1 << min(failures - 1, 20)), LONGEST_REST)


def give_up(failing_since: datetime, now: datetime) -> bool:
    return now - failing_since >= STOPPED_AFTER
