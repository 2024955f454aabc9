"""Which open subscription a message is for. Pure; the same rule for messages from outside, thrown and early ones.

A subscription with a key takes messages with that key, or without any key when they name its business key or its
instance. A subscription without a key takes any message of its name that does not name another business key or
instance. Where some match by key, those that match without one stand back.
"""

from collections.abc import Iterable
from typing import NamedTuple

from engine import records


class Address(NamedTuple):
    key: str | None = None
    business_key: str | None = None
    instance_id: str | None = None


def fits(subscription: records.Subscription, address: Address) -> bool:
    if address.instance_id is not None and address.instance_id != subscription.instance_id:
        return False
    if address.business_key is not None and address.business_key != subscription.business_key:
        return False
    if subscription.key is None:
        return True
    if address.key is None:
        return address.business_key is not None or address.instance_id is not None
    return address.key == subscription.key


def fitting(subscriptions: Iterable[records.Subscription], address: Address) -> list[records.Subscription]:
    found = [subscription for subscription in subscriptions if fits(subscription, address)]
    keyed = [subscription for subscription in found if subscription.key is not None]
    return keyed if keyed and address.key is not None else found
