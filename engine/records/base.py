"""What every row of the database shares."""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows."""
