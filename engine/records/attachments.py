"""Files that people add to cases."""

from datetime import datetime

from engine.records.base import Record


class Attachment(Record, frozen=True, kw_only=True):
    """Its content is kept once for all attachments of the same SHA-256."""

    id: str
    instance_id: str | None
    """None while the form of a start is being filled in: it belongs to who added it."""
    node: str = ""
    """The step at which it was added; empty: to the case."""
    name: str
    type: str
    """Media type, by what the content is and not by what the browser said."""
    size: int
    """In bytes."""
    sha256: str
    added_by: str
    added_at: datetime
