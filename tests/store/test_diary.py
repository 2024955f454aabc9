"""The calendar on both databases."""

from datetime import timedelta
from typing import Any

import msgspec

from engine import agenda
from engine.store.unit_of_work import Store
from tests.store.rows import NOW

HOUR = timedelta(hours=1)


def appointment(key: str, *attendees: str, **more: Any) -> agenda.Appointment:
    values = {"customer": "c-1", "kind": "visit", "starts_at": NOW, "ends_at": NOW + HOUR, "booked_at": NOW}
    return agenda.Appointment(**{"id": key, "attendees": attendees or ("a",)} | values | more)  # type: ignore[arg-type]


def test_an_appointment_comes_back_as_it_was_put_and_is_found_by_the_last_attendees(store: Store) -> None:
    first = appointment("V-1", "a", "b", place="苏州")
    last = msgspec.structs.replace(first, attendees=("b", "c"), result="agreed")
    for record in (first, last):
        with store.transaction() as tx:
            tx.diary.put(record)
        with store.reading() as tx:
            assert tx.diary.get("V-1") == record
    with store.reading() as tx:
        for people, found in ((["a"], []), (["b"], [last]), (["b", "c"], [last]), ([], [])):
            assert tx.diary.booked(people, NOW, NOW + HOUR) == found
        assert tx.diary.get("V-2") is None


def test_only_booked_ones_that_touch_the_span_are_found_by_their_beginning(store: Store) -> None:
    later, over = appointment("later", starts_at=NOW + HOUR / 2), appointment("over", starts_at=NOW - HOUR, ends_at=NOW)
    now = appointment("now")
    gone = [appointment(status, status=status) for status in ("cancelled", "done", "missed")]
    after = appointment("after", starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    with store.transaction() as tx:
        for one in (later, over, now, after, *gone):
            tx.diary.put(one)
    with store.reading() as tx:
        assert tx.diary.booked(["a"], NOW, NOW + HOUR) == [now, later]


def test_a_customer_s_appointments_come_newest_first_whatever_became_of_them(store: Store) -> None:
    made = [appointment(f"V-{day}", starts_at=NOW + timedelta(days=day), status="missed") for day in range(3)]
    with store.transaction() as tx:
        for one in made:
            tx.diary.put(one)
        tx.diary.put(appointment("other", customer="c-2"))
    with store.reading() as tx:
        assert tx.diary.of_customer("c-1", 2) == [made[2], made[1]]
