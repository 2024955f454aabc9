"""Notices and copies on both databases: whose they are, what is unread, in which order."""

from datetime import timedelta
from typing import Any

import pytest

from engine import records
from engine.store.unit_of_work import Store
from tests.store.rows import NOW, ground, instance

TEXT = {"zh-CN": "请看", "en": "look"}


@pytest.fixture
def stocked(store: Store) -> Store:
    with store.transaction() as tx:
        ground(tx)
        tx.steps.begin(instance(tx), b"state", records.Written(now=NOW))
    return store


def notice(number: int, to: str, **more: Any) -> records.Notice:
    values: dict[str, Any] = {
        "id": f"n{number}",
        "instance_id": "i-1",
        "channel": "desk",
        "to": to,
        "subject": TEXT,
        "text": TEXT,
        "created_at": NOW + timedelta(minutes=number),
    }
    return records.Notice(**{**values, **more})


def add(store: Store, *notices: records.Notice) -> None:
    with store.transaction() as tx:
        for one in notices:
            tx.notices.add(one)


def copy(number: int, person: str, **more: Any) -> records.Circulation:
    values: dict[str, Any] = {
        "id": f"k{number}",
        "person": person,
        "instance_id": "i-1",
        "node": "Check",
        "by": "anna",
        "text": "for you",
        "at": NOW + timedelta(minutes=number),
    }
    return records.Circulation(**{**values, **more})


def test_notices_are_those_of_the_person_and_their_groups_newest_first(stocked: Store) -> None:
    add(stocked, notice(1, "anna"), notice(2, "sales"), notice(3, "bo"), notice(4, "anna"))
    with stocked.reading() as tx:
        assert [one.id for one in tx.notices.of_people(["anna", "sales"], before=None, limit=9)] == ["n4", "n2", "n1"]
        assert [one.id for one in tx.notices.of_people(["anna", "sales"], before=None, limit=1)] == ["n4"]
        later = NOW + timedelta(minutes=4)
        assert [one.id for one in tx.notices.of_people(["anna", "sales"], before=later, limit=9)] == ["n2", "n1"]
        assert tx.notices.of_people([], before=None, limit=9) == []


def test_what_went_to_a_customer_by_mail_is_no_notice_on_a_desk(stocked: Store) -> None:
    add(stocked, notice(1, "anna", channel="email"), notice(2, "anna"))
    with stocked.reading() as tx:
        assert [one.id for one in tx.notices.of_people(["anna"], before=None, limit=9)] == ["n2"]
        assert tx.notices.unread(["anna"]) == 1


def test_telling_twice_is_one_notice(stocked: Store) -> None:
    add(stocked, notice(1, "anna"), notice(1, "anna", text={"en": "again"}))
    with stocked.reading() as tx:
        (found,) = tx.notices.of_people(["anna"], before=None, limit=9)
        assert found.text == TEXT


def test_reading_counts_for_the_keys_that_were_read_and_keeps_its_moment(stocked: Store) -> None:
    add(stocked, notice(1, "anna"), notice(2, "sales"), notice(3, "bo"))
    with stocked.transaction() as tx:
        tx.notices.read(["anna", "sales"], NOW)
    add(stocked, notice(4, "anna"))
    with stocked.transaction() as tx:
        assert (tx.notices.unread(["anna", "sales"]), tx.notices.unread(["bo"])) == (1, 1)
        tx.notices.read(["anna"], NOW + timedelta(hours=1))
    with stocked.reading() as tx:
        read = {one.id: one.read_at for one in tx.notices.of_people(["anna", "sales"], before=None, limit=9)}
    assert read == {"n1": NOW, "n2": NOW, "n4": NOW + timedelta(hours=1)}


def test_copies_are_each_persons_newest_first(stocked: Store) -> None:
    with stocked.transaction() as tx:
        for one in (copy(1, "bo"), copy(2, "chen"), copy(3, "bo")):
            tx.notices.copy(one)
    with stocked.reading() as tx:
        assert [one.id for one in tx.notices.copies("bo", before=None, limit=9)] == ["k3", "k1"]
        assert [one.id for one in tx.notices.copies("bo", before=NOW + timedelta(minutes=3), limit=9)] == ["k1"]
        assert [one.id for one in tx.notices.copied("i-1")] == ["k1", "k2", "k3"]
        assert tx.notices.copied("nowhere") == []


def test_a_receipt_is_given_once_and_for_the_person_alone(stocked: Store) -> None:
    with stocked.transaction() as tx:
        tx.notices.copy(copy(1, "bo"))
        tx.notices.copy(copy(2, "chen"))
        tx.notices.receipt("i-1", "bo", NOW)
        tx.notices.receipt("i-1", "bo", NOW + timedelta(hours=1))
        tx.notices.receipt("i-1", "nobody", NOW)
    with stocked.reading() as tx:
        assert {one.person: one.read_at for one in tx.notices.copied("i-1")} == {"bo": NOW, "chen": None}


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (("bo", "u:bo"), True),
        (("anna", "u:anna"), True),
        (("dora", "u:dora"), False),
        (("dora", "u:dora", "g:sales"), False),
    ],
)
def test_whom_a_case_was_copied_to_sees_it(stocked: Store, who: tuple[str, ...], sees: bool) -> None:
    with stocked.transaction() as tx:
        tx.notices.copy(copy(1, "bo"))
    with stocked.reading() as tx:
        found = tx.instances.search(where={"id": "i-1", "seen_by": who}, after="", limit=1)
        assert bool(found) is sees


def test_cases_are_found_by_who_started_them(stocked: Store) -> None:
    with stocked.reading() as tx:
        assert [one.id for one in tx.instances.search(where={"started_by": "anna"}, after="", limit=9)] == ["i-1"]
        assert tx.instances.search(where={"started_by": "bo"}, after="", limit=9) == []
