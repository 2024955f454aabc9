"""Instances move while others work on them, while two move them at once, and when the mover is killed.

On both databases each is moved whole or not at all, once, and no step is lost or done twice.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engine import errors, facts
from engine.kernel import codec, stimuli
from engine.migration import carry, plans
from engine.repositories import Stale
from engine.runtime import deliver, suspend
from tests.house import BOSS, House
from tests.kernel.models import node, program, timer
from tests.store.test_races import together

ROOT = Path(__file__).resolve().parent.parent.parent
MANY = 30


def line(*names: str) -> Any:
    late = node("boundary late", attached_to="b", triggers=(timer("P9D"),))
    return program(
        "start s", *(f"user {name}" for name in names), late, "end e",
        flow=[" > ".join(["s", *names, "e"]), "late > e"],
    )  # fmt: skip


V1, V2 = line("a", "b", "c"), line("a", "b", "x", "c")
V3 = line("a", "b", "y", "c")


def finish(home: House, instance_id: str, name: str) -> None:
    wait = home.item(instance_id, name).wait
    deliver.deliver(home.engine, instance_id=instance_id, stimulus=stimuli.Complete(wait=wait), now=home.now)


def at_b(home: House, count: int = MANY) -> list[str]:
    home.release(V1)
    many = [home.start() for _ in range(count)]
    for one in many:
        finish(home, one, "a")
    return many


def begin(home: House, new: Any) -> str:
    order = plans.Order(process="p", old=V1.sha256, new=new.sha256)
    return plans.begin(home.engine, order=order, reason="r", agent=BOSS, now=home.now).plan.id


def carry_all(home: House) -> int:
    total = 0
    while done := carry.carry_due(home.engine, now=home.now, limit=10):
        total += done
    return total


def sound(home: House, instance_id: str) -> str:
    """The program of an instance whose rows and state agree."""
    with home.engine.store.reading() as tx:
        kept = tx.steps.read(instance_id)
        assert kept is not None
        state = codec.decode(kept.state)
        rows = tx.waits.work_items(instance_id), tx.waits.timers(instance_id)
        assert state.programs[0] == kept.program
        assert {one.wait for one in rows[0] if one.status == "open"} | {one.wait for one in rows[1]} == set(state.waits)
        assert all(one.program == kept.program for one in rows[0] if one.status == "open")
        seqs = [row.seq for row in tx.facts.of_instance(instance_id)]
        assert seqs == list(range(1, len(seqs) + 1))
    return str(kept.program)


def moved(home: House, instance_id: str) -> int:
    return Counter(map(type, home.facts(instance_id)))[facts.InstanceMigrated]


def test_people_go_on_working_while_their_cases_move(home: House) -> None:
    many = at_b(home)
    home.release(V2)
    plan = begin(home, V2)

    def work() -> int:
        for one in many:
            finish(home, one, "b")
        return len(many)

    results = together(work, lambda: carry_all(home), lambda: carry_all(home))
    assert not [one for one in results if isinstance(one, errors.CrmflowError)]
    carry_all(home)
    ended: Counter[str] = Counter()
    for one in many:
        program_now = sound(home, one)
        (item,) = home.items(one)
        # Moved before b was done: x comes. Else x lies behind by then, and the case stays.
        assert (program_now, item.node) in ((V2.sha256, "x"), (V1.sha256, "c"))
        assert moved(home, one) == (program_now == V2.sha256)
        ended["moved" if program_now == V2.sha256 else "stays"] += 1
    assert plans.get(home.engine, plan_id=plan, agent=BOSS).counts == dict(ended)


def test_two_administrators_move_the_same_cases_to_different_versions(home: House) -> None:
    many = at_b(home)
    home.release(V2)
    home.release(V3)
    both = [begin(home, V2), begin(home, V3)]
    together(lambda: carry_all(home), lambda: carry_all(home), lambda: carry_all(home))
    carry_all(home)
    counts: Counter[str] = Counter()
    for plan in both:
        counts.update(plans.get(home.engine, plan_id=plan, agent=BOSS).counts)
    assert counts == {"moved": MANY, "stays": MANY}
    assert all(sound(home, one) in (V2.sha256, V3.sha256) and moved(home, one) == 1 for one in many)


def test_a_case_on_hold_moves_and_stays_on_hold(home: House) -> None:
    (one,) = at_b(home, 1)
    suspend.suspend(home.engine, instance_id=one, agent=BOSS, now=home.now, reason="wait for the court")
    home.release(V2)
    plan = begin(home, V2)
    carry_all(home)
    assert sound(home, one) == V2.sha256 and home.instance(one).suspended
    assert home.item(one, "b").held
    suspend.resume(home.engine, instance_id=one, agent=BOSS, now=home.now)
    finish(home, one, "b")
    assert [item.node for item in home.items(one)] == ["x"]
    assert plans.get(home.engine, plan_id=plan, agent=BOSS).counts == {"moved": 1}


def test_a_move_that_fails_halfway_leaves_nothing(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last write of the transaction fails: the instance is as it was, and the row says so in the end."""
    (one,) = at_b(home, 1)
    home.release(V2)
    plan = begin(home, V2)
    before = home.facts(one)
    with home.engine.store.reading() as tx:
        moves = type(tx.moves)
    settle = moves.settle

    def broken(self: Any, move: Any, **more: Any) -> None:
        if move.status == "moved":
            raise OSError("the disk is full")
        settle(self, move, **more)

    monkeypatch.setattr(moves, "settle", broken)
    for _ in range(carry.TRIES):
        carry_all(home)
        home.clock.advance(carry.PATIENCE / 100)
    assert home.facts(one) == before and sound(home, one) == V1.sha256
    (row,) = plans.moves(home.engine, plan_id=plan, agent=BOSS)
    assert row.status == "stays" and "the disk is full" in row.reasons[0]["text"]["en"]
    monkeypatch.undo()
    plans.again(home.engine, plan_id=plan, agent=BOSS, now=home.now)
    carry_all(home)
    assert sound(home, one) == V2.sha256


def test_a_row_that_somebody_else_settled_is_not_settled_again(home: House) -> None:
    (one,) = at_b(home, 1)
    home.release(V2)
    plan = begin(home, V2)
    with home.engine.store.reading() as tx:
        row = tx.moves.get(plan, one)
    assert row is not None
    carry_all(home)
    with pytest.raises(Stale), home.engine.store.transaction() as tx:
        tx.moves.settle(row, was="waiting")


def test_a_killed_mover_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    """``crmflow migrate run`` is killed with -9 as soon as some have moved; another process moves the rest."""
    house = House(f"sqlite:///{tmp_path}/crmflow.db")
    try:
        many = at_b(house, 60)
        house.release(V2)
        command = [sys.executable, "-m", "engine.cli", "migrate", "run", "p", "--from", V1.sha256, "--to", V2.sha256]
        mover = subprocess.Popen(
            [*command, "--reason", "r", "--data", str(tmp_path)], cwd=ROOT, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and mover.poll() is None:
            listed = plans.listed(house.engine, agent=BOSS)
            if listed and listed[0].counts.get("moved", 0) >= 5:
                break
            time.sleep(0.005)
        os.kill(mover.pid, signal.SIGKILL)
        mover.wait(timeout=10)
        (plan,) = plans.listed(house.engine, agent=BOSS)
        assert plan.counts.get("moved", 0) >= 5
        assert all(sound(house, one) in (V1.sha256, V2.sha256) for one in many)
        later = max(house.now, plan.plan.created_at)
        while carry.carry_due(house.engine, now=later, limit=50):
            pass
        assert all(sound(house, one) == V2.sha256 and moved(house, one) == 1 for one in many)
    finally:
        house.engine.store.close()
