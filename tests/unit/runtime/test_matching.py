"""Whom a message is for: a table."""

import pytest

from engine import records
from engine.runtime.matching import Address, fits, fitting
from tests.house import MONDAY


def subscription(instance_id: str, key: str | None, business_key: str | None) -> records.Subscription:
    return records.Subscription(
        instance_id=instance_id,
        wait=1,
        node="n",
        trigger="message",
        name="m",
        key=key,
        business_key=business_key,
        created_at=MONDAY,
    )


@pytest.mark.parametrize(
    ("key", "business_key", "address", "expected"),
    [
        # subscription's key, its instance's business key, whom the message is for, is it this one?
        (None, None, Address(), True),
        (None, "b", Address(), True),
        (None, "b", Address(business_key="b"), True),
        (None, "b", Address(business_key="c"), False),
        (None, None, Address(business_key="b"), False),
        (None, "b", Address(key="k"), True),
        (None, "b", Address(key="k", business_key="c"), False),
        (None, "b", Address(instance_id="i"), True),
        (None, "b", Address(instance_id="j"), False),
        ("k", None, Address(key="k"), True),
        ("k", None, Address(key="l"), False),
        ("k", "b", Address(), False),
        ("k", "b", Address(business_key="b"), True),
        ("k", "b", Address(key="k", business_key="c"), False),
        ("k", "b", Address(key="l", business_key="b"), False),
        ("k", "b", Address(instance_id="i"), True),
    ],
)
def test_whom_a_message_is_for(key: str | None, business_key: str | None, address: Address, expected: bool) -> None:
    assert fits(subscription("i", key, business_key), address) is expected


def test_matches_without_key_stand_back_behind_those_with_the_key() -> None:
    loose, keyed = subscription("i", None, None), subscription("j", "k", None)
    assert fitting([loose, keyed], Address(key="k")) == [keyed]
    assert fitting([loose], Address(key="k")) == [loose]
