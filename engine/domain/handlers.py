"""All handlers of the CRM services, by the name that process.json uses."""

from collections.abc import Mapping

from engine.domain import (
    agreements,
    articles,
    calling,
    campaigns,
    casebook,
    complaints,
    contacts,
    contracts,
    diary,
    governance,
    intake,
    knowledge,
    leads,
    lending,
    lists,
    onboarding,
    opportunities,
    orders,
    parties,
    portal,
    products,
    registrations,
    renewals,
    requests,
    returns,
    sending,
    stock,
    surveys,
    valuing,
    visits,
)
from engine.ports import Handler, Store

ROOMS = (
    calling,
    campaigns,
    agreements,
    articles,
    casebook,
    complaints,
    contacts,
    contracts,
    diary,
    governance,
    intake,
    knowledge,
    leads,
    lending,
    lists,
    onboarding,
    opportunities,
    orders,
    parties,
    portal,
    products,
    registrations,
    renewals,
    requests,
    returns,
    stock,
    sending,
    surveys,
    valuing,
    visits,
)


def of(store: Store) -> Mapping[str, Handler]:
    return {name: handler for room in ROOMS for name, handler in room.handlers(store).items()}
