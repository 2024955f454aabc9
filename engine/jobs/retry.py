"""When a failed job is tried again. Pure."""

from datetime import timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)


def delay(attempt: int) -> timedelta:
    """After the ``attempt``-th try (1-based): 5 s, 10 s, 20 s ... at most an hour."""
    return min(FIRST * (1 << min(attempt - 1, 20)), LONGEST)
