"""Promises stand still while their instance is on hold: no rung is reached, and what time was left is left when it goes
on.

A promise counts by its calendar, so only the open hours that passed on hold are given back. A moment that a drawing
itself sets (``due``) is no promise: as its timers, it stays where it is.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from engine.ports import Engine, Transaction
from engine.runtime import promises
from engine.schedule import calendars
from engine.schedule.calendars import Calendar


def begin(tx: Transaction, instance_id: str, now: datetime) -> None:
    """Of an instance on hold: takes in hand whatever is not yet."""
    tx.instances.hold(instance_id)
    for item in tx.waits.work_items(instance_id):
        if item.status == "open" and not item.held:
            tx.items.change(msgspec.structs.replace(item, held_at=now))


def end(engine: Engine, tx: Transaction, instance_id: str, now: datetime) -> None:
    """Of an instance that goes on: its timers and jobs have their own moments again already."""
    rungs = tx.moves.rungs(instance_id)
    for item in tx.waits.work_items(instance_id):
        if item.status != "open" or item.held_at is None:
            continue
        mine = [rung for rung in rungs if rung.wait == item.wait]
        promise = promises.of_item(engine, tx, item)
        due_at, goal_at = item.due_at, item.goal_at
        if promise is not None or mine:
            calendar = _calendar(promise.calendar if promise else "", engine.calendars)
            due_at = due_at and later(due_at, since=item.held_at, now=now, calendar=calendar)
            goal_at = goal_at and later(goal_at, since=item.held_at, now=now, calendar=calendar)
            for rung in mine:
                tx.due.move_rung(rung, later(rung.due_at, since=item.held_at, now=now, calendar=calendar))
        tx.items.change(msgspec.structs.replace(item, held_at=None, due_at=due_at, goal_at=goal_at))


def _calendar(key: str, known: Mapping[str, Calendar]) -> Calendar | None:
    return known.get(key) if key else None


def later(moment: datetime, *, since: datetime, now: datetime, calendar: Calendar | None) -> datetime:
    """As much later as open time has passed ``since``; by the clock where no calendar counts. In UTC."""
    passed = calendars.open_time(calendar, since, now) if calendar else max(now - since, timedelta())
    if not passed:
        return moment
    try:
        return calendars.add_time(calendar, moment, passed) if calendar else moment + passed
    except OverflowError:  # it was due at the end of all time
        return moment
