"""Who leaves is told to whoever shares out customers, once, with a draft that can go on without them."""

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest

from engine import errors, records, selling
from engine.people import users
from engine.people.agent import SYSTEM
from tests.unit.people.conftest import NOW

RULE = {"attr": "region", "op": "is", "value": "苏州"}
LI = users.Profile(name="Li", groups=("sales-approval",))


def territory(engine: SimpleNamespace, key: str, *members: str) -> None:
    with engine.store.transaction() as tx:
        tx.territories.put(selling.Territory(id=key, rules=(RULE,), members=members, realignment="TR-0", since=NOW))


def owned(engine: SimpleNamespace, count: int, owner: str = "li") -> None:
    with engine.store.transaction() as tx:
        for n in range(count):
            tx.customers.add(
                records.Customer(
                    id=f"c-{n}", number=f"C-{n:03d}", name=f"{n}", owner=owner, created_at=NOW, changed_at=NOW
                )
            )


def let_go(engine: SimpleNamespace, active: bool = False) -> list[records.Mail]:
    users.change_user(engine, key="li", profile=LI, active=active, agent=SYSTEM, now=NOW)
    with engine.store.reading() as tx:
        return sorted(tx.due.mail(NOW + timedelta(days=1), 100), key=lambda letter: letter.business_key or "")


def test_each_territory_of_the_leaver_is_told_of_with_a_draft_without_them(engine: SimpleNamespace) -> None:
    for key, members in (("east", ("li", "boss")), ("north", ("boss",)), ("west", ("li",))):
        territory(engine, key, *members)
    owned(engine, 3)
    letters = let_go(engine)
    assert [(one.name, one.instance_id, one.data) for one in letters] == [
        (
            "user.deactivated",
            None,
            {
                "realignmentNo": f"LV-li-{key}-260501",
                "territory": key,
                "leaver": "li",
                "rules": [RULE],
                "members": members,
                "effective": "2026-05-01",
            },
        )
        for key, members in (("east", ["boss"]), ("west", []))
    ]


def test_customers_outside_any_territory_are_named_one_by_one(engine: SimpleNamespace) -> None:
    owned(engine, 2)
    (letter,) = let_go(engine)
    assert (letter.business_key, letter.data["members"]) == ("LV-li-li-260501", [])
    assert letter.data["rules"] == [{"attr": "customer", "op": "is", "value": number} for number in ("C-000", "C-001")]


def test_no_more_customers_are_named_than_a_draft_takes(engine: SimpleNamespace) -> None:
    owned(engine, 60)
    (letter,) = let_go(engine)
    assert len(letter.data["rules"]) == 50


def test_whose_going_concerns_no_customer_is_not_told_of(engine: SimpleNamespace) -> None:
    territory(engine, "east", "boss")
    owned(engine, 2, owner="boss")
    assert let_go(engine) == []


def test_it_is_told_once_and_not_of_who_stays(engine: SimpleNamespace) -> None:
    territory(engine, "east", "li")
    assert let_go(engine, active=True) == []
    assert len(let_go(engine)) == len(let_go(engine)) == 1


def test_a_refused_change_tells_nobody(engine: SimpleNamespace) -> None:
    territory(engine, "east", "li")
    with pytest.raises(errors.Invalid):
        users.change_user(
            engine, key="li", profile=msgspec.structs.replace(LI, name=""), active=False, agent=SYSTEM, now=NOW
        )
    with engine.store.reading() as tx:
        assert tx.due.mail(NOW + timedelta(days=1), 100) == []
