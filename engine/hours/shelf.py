"""Calendars by key as the running house finds them: the house's own before the shipped ones.

A mapping that looks when it is asked: a calendar that an administrator changes counts for the next promise, here at
once and in other processes of the house within a second.
"""

from collections.abc import Iterator, Mapping, Sequence

from engine.clock import Clock
from engine.hours import keep
from engine.ports import Ring, Store
from engine.recent import Recent
from engine.schedule import calendars
from engine.schedule.calendars import Calendar

SECONDS = 1.0
_ALL = "all"


class Shelf(Mapping[str, Calendar]):
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._recent: Recent[dict[str, Calendar]] = Recent(seconds=SECONDS)

    def heard(self, rings: Sequence[Ring]) -> None:
        """For the bell: what was found is forgotten when a calendar changed."""
        if any(ring.kind == "calendar" for ring in rings):
            self._recent.forget()

    def __getitem__(self, key: str) -> Calendar:
        return self._found()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def _found(self) -> dict[str, Calendar]:
        now = self._clock.now()
        found = self._recent.get(_ALL, now)
        if found is None:
            with self._store.reading() as tx:
                own = {one.key: keep.plain(one) for one in tx.calendars.all()}
            found = {**calendars.BUILT_IN, **own}
            self._recent.put(_ALL, found, now)
        return found
