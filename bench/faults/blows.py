"""What goes wrong: each blow strikes the town, lasts, and is over when its function returns."""

import random
import threading
from collections import Counter
from collections.abc import Callable

from bench.faults.town import LEASE_SECONDS, Town

KILLS = ("kill web", "kill worker", "kill dispatcher", "kill redis", "kill child", "crash database")
"""Blows after which a process is dead."""
WRONG_SECONDS = 20
"""How far a clock jumps at most, forward or back: many leases."""


class Blows:
    """Chosen by chance; ``struck`` counts them by kind."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town = town
        self._chance = random.Random(seed)
        self.struck: Counter[str] = Counter()
        kinds: list[tuple[str, int, Callable[[], None]]] = [
            (f"kill {kind}", weight, lambda kind=kind: self._kill(kind))  # type: ignore[misc]
            for kind, weight in (("web", 4), ("worker", 4), ("dispatcher", 2), ("redis", 2))
            if self._of(kind)
        ]
        kinds += [("kill child", 2, self._kill_child), ("freeze", 2, self._freeze), ("wrong clock", 2, self._bend)]
        if town.cluster:
            kinds += [("crash database", 2, town.crash_database), ("slow database", 1, self._slow)]
        if town.hosts:
            kinds += [("cut", 3, self._cut)]
        self._kinds = kinds

    @property
    def kills(self) -> int:
        return sum(count for kind, count in self.struck.items() if kind in KILLS)

    def strike(self) -> None:
        ((kind, _, blow),) = self._chance.choices(self._kinds, [weight for _, weight, _ in self._kinds])
        blow()
        self.struck[kind] += 1

    def pause(self) -> None:
        threading.Event().wait(self._chance.uniform(0.1, 1.5))

    def _of(self, kind: str) -> list[str]:
        return [name for name in self._town.members if name.partition("-")[0] == kind]

    def _kill(self, kind: str) -> None:
        self._town.members[self._chance.choice(self._of(kind))].kill()

    def _kill_child(self) -> None:
        """A worker's own process, which its parent begins anew."""
        member = self._town.members[self._chance.choice(self._of("worker"))]
        children = member.family()[1:]
        if children:
            member.kill(children[-1])

    def _freeze(self) -> None:
        """Longer than a lease: back from the dead it answers with an old fence number."""
        member = self._town.members[self._chance.choice([*self._of("worker"), *self._of("web")])]
        member.freeze()
        threading.Event().wait(self._chance.uniform(0.5, 2.0 * LEASE_SECONDS))
        member.thaw()

    def _bend(self) -> None:
        """One server's clock jumps, or is set right, and stays so until it is its turn again."""
        clock = self._town.clocks[self._chance.choice(sorted(self._town.clocks))]
        clock.set_wrong_by(self._chance.choice((0.0, self._chance.uniform(-WRONG_SECONDS, WRONG_SECONDS))))

    def _slow(self) -> None:
        self._town.slow_database(self._chance.uniform(0.5, 3.0))

    def _cut(self) -> None:
        host = self._town.hosts[self._chance.choice(sorted(self._town.hosts))]
        host.cut()
        threading.Event().wait(self._chance.uniform(0.5, 6.0))
        host.heal()
