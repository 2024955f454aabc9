"""Processes that begin by the clock: each moment once, and only those of the released version."""

from engine.runtime import instances
from tests.house import House
from tests.kernel.models import node, program, timer


def clocked(text: str, kind: str = "cycle") -> object:
    begin = node("start tick", triggers=(timer(text, kind),))
    return program(begin, "user work", "end e", flow=["tick > work > e"], key="daily")


def begun(home: House) -> int:
    return len(instances.search(home.engine, query=instances.Query(process="daily")))


def release(home: House, text: str, kind: str = "cycle", **start: object) -> None:
    home.release(clocked(text, kind), start={"customer_required": False, **start})  # type: ignore[arg-type]


def test_a_cycle_starts_an_instance_each_time(home: House) -> None:
    release(home, "R3/PT1H")
    counts = []
    for _ in range(5):
        home.pass_time(hours=1)
        counts.append(begun(home))
    assert counts == [1, 2, 3, 3, 3]


def test_a_date_starts_one_instance(home: House) -> None:
    release(home, "2026-03-02T12:00:00Z", "date")
    home.pass_time(hours=2, minutes=59)
    assert begun(home) == 0
    home.pass_time(minutes=1)
    home.pass_time(days=1)
    assert begun(home) == 1


def test_a_new_release_has_its_own_clock(home: House) -> None:
    release(home, "R/PT1H")
    home.pass_time(hours=1)
    release(home, "R/P1D")
    home.pass_time(hours=20)
    assert begun(home) == 1


def test_a_start_that_is_refused_is_tried_again(home: House) -> None:
    release(home, "R/PT1H", customer_required=True)
    home.pass_time(hours=1)
    assert begun(home) == 0
    release(home, "R/PT1H")
    home.pass_time(hours=1)
    assert begun(home) == 1
