"""What staff say about the desk itself, and the words they use again and again."""

from datetime import datetime
from typing import Literal

from engine.model.text import Text
from engine.records.base import Record

PhraseKind = Literal["approve", "reject", "return", "comment"]


class Feedback(Record, frozen=True, kw_only=True):
    """Said from a page about the page, its process, its step; answered by who owns the process or runs the house."""

    id: str
    by: str
    text: str
    page: str = ""
    """Address within the house; empty when the person left it out."""
    process: str = ""
    node: str = ""
    instance_id: str = ""
    created_at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    seen_at: datetime | None = None
    """When the person saw the answer."""


class Phrase(Record, frozen=True, kw_only=True):
    """Words ready for a comment or a reason; of one person, or with an empty ``owner`` of everybody."""

    id: str
    owner: str = ""
    kind: PhraseKind
    texts: Text
    created_at: datetime
