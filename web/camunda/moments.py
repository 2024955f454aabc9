"""Moments as this face writes them: ``2026-11-21T10:00:00.000+0000``, always milliseconds and an offset."""

from datetime import UTC, datetime
from typing import Any

from web.camunda import refusals


def told(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}+0000"


def read(text: Any, name: str) -> datetime:
    """With or without a colon in the offset, also ``Z``; without any offset it is UTC."""
    try:
        moment = datetime.fromisoformat(str(text).strip().replace(" ", "+"))
    except ValueError:
        raise refusals.wrong(f"Cannot set query parameter '{name}' to value '{text}': not a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
