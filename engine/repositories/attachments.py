"""Files that people add to cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from engine import records


class Attachments(Protocol):
    def get(self, attachment_id: str) -> records.Attachment | None: ...
    def of_instance(self, instance_id: str) -> list[records.Attachment]:
        """Oldest first."""
        ...

    def waiting(self, person: str) -> list[records.Attachment]:
        """Added by the person to a start that has not happened yet, oldest first."""
        ...

    def add(self, attachment: records.Attachment, content: bytes) -> None:
        """The content is written only where no other attachment has the same."""
        ...

    def place(self, ids: Sequence[str], instance_id: str, node: str) -> None:
        """Those that waited belong to this case from now on."""
        ...

    def content(self, sha256: str) -> bytes: ...
    def drop(self, ids: Sequence[str]) -> None:
        """With the content, where nothing else has the same."""
        ...

    def sweep(self, before: datetime) -> int:
        """Forgets those that still wait for a start and were added before that moment; how many."""
        ...
