"""What staff say about the desk, and their phrases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from engine import records


class Feedbacks(Protocol):
    def get(self, feedback_id: str) -> records.Feedback | None: ...
    def put(self, feedback: records.Feedback) -> None:
        """Adds it or overwrites the row of that id."""
        ...

    def of_person(self, person: str, *, before: str, limit: int) -> list[records.Feedback]:
        """Said by the person, newest first, before the one of this id."""
        ...

    def listed(
        self, processes: Sequence[str] | None, *, unanswered: bool, before: str, limit: int
    ) -> list[records.Feedback]:
        """About any of these processes, or all there is with None; newest first."""
        ...

    def unseen(self, person: str) -> int:
        """Answers that the person has not looked at."""
        ...

    def see(self, person: str, now: datetime) -> None: ...


class Phrases(Protocol):
    def get(self, phrase_id: str) -> records.Phrase | None: ...
    def put(self, phrase: records.Phrase) -> None: ...
    def remove(self, phrase_id: str) -> None: ...
    def of_person(self, person: str) -> list[records.Phrase]:
        """Their own first, then everybody's; by kind and in the order in which they were made."""
        ...
