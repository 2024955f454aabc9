"""Whatever happens to the bell, what is due gets done; who closes a queue waits for the round under way."""

import threading
from collections.abc import Callable

import pytest

from engine.ports import Ring
from engine.queue import Inline, Threads

RING = [Ring("job")]


class Pile:
    """Work to do, taken piece by piece by as many threads as like."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.lock = threading.Lock()
        self.empty = threading.Event()
        self.fail: Callable[[], None] = lambda: None

    def __call__(self) -> int:
        self.fail()
        with self.lock:
            if not self.left:
                self.empty.set()
                return 0
            self.left -= 1
            return 1

    def add(self, count: int) -> None:
        with self.lock:
            self.left += count
            self.empty.clear()


def test_inline_work_is_done_when_the_bell_has_rung() -> None:
    pile, queue = Pile(3), Inline()
    queue.ring(RING)
    assert pile.left == 3
    queue.begin(pile)
    queue.ring(RING)
    assert pile.left == 0


def test_a_ring_during_inline_work_starts_no_second_round() -> None:
    queue, depth, deepest = Inline(), [0], [0]

    def work() -> int:
        depth[0] += 1
        deepest[0] = max(deepest[0], depth[0])
        queue.ring(RING)
        depth[0] -= 1
        return 0

    queue.begin(work)
    queue.ring(RING)
    assert deepest == [1]


@pytest.fixture
def slow_sweep() -> Threads:
    """Nobody would wake by themselves within a test."""
    return Threads(threads=3, sweep_seconds=1000)


def test_threads_do_what_is_there_at_the_beginning_and_after_each_ring(slow_sweep: Threads) -> None:
    pile = Pile(5)
    slow_sweep.begin(pile)
    assert pile.empty.wait(10)
    pile.add(7)
    slow_sweep.ring(RING)
    assert pile.empty.wait(10)
    assert pile.left == 0
    slow_sweep.close()


def test_work_whose_bell_was_lost_is_found_by_the_sweep() -> None:
    queue, pile = Threads(threads=1, sweep_seconds=0.01), Pile(0)
    queue.begin(pile)
    assert pile.empty.wait(10)
    pile.add(2)
    assert pile.empty.wait(10)
    assert pile.left == 0
    queue.close()


def test_a_round_that_fails_does_not_end_the_thread() -> None:
    queue, pile = Threads(threads=1, sweep_seconds=0.01), Pile(1)
    failures = [2]

    def fail() -> None:
        if failures[0]:
            failures[0] -= 1
            raise ConnectionError("the database is away")

    pile.fail = fail
    queue.begin(pile)
    assert pile.empty.wait(10)
    queue.close()


def test_a_closed_queue_does_nothing_more(slow_sweep: Threads) -> None:
    pile = Pile(1)
    slow_sweep.begin(pile)
    assert pile.empty.wait(10)
    slow_sweep.close()
    pile.add(1)
    slow_sweep.ring(RING)
    assert pile.left == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("crmflow-dispatcher")]
