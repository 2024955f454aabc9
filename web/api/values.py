"""Process values as JSON: moments and durations as ISO 8601 text, decimals as numbers."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

_KEPT = (Decimal, datetime, date, time, timedelta)


def plain(value: Any) -> Any:
    """Frozen values (msgspec structs) become objects of their fields. Raises TypeError for what has no JSON form."""
    return _plain(msgspec.to_builtins(value, builtin_types=_KEPT))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, _KEPT):
        text: str = msgspec.to_builtins(value)
        return text
    return value
