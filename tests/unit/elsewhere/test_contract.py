"""The contract of each port, kept by the house's own adapter and by the one that asks another CRM over REST."""

import pytest

from engine.elsewhere import adapters, plugs
from engine.ports import Store
from tests.ports import contract, samples
from tests.ports.crm import Crm


def checks(*ports: str) -> list[object]:
    return [pytest.param(check, id=check.__name__) for port in ports for check in contract.of(port)]


@pytest.mark.parametrize("check", checks(*samples.WHOLE))
def test_the_house_keeps_the_contract(own: Store, check: contract.Check) -> None:
    check(own)


@pytest.mark.parametrize("check", checks(*adapters.REST))
def test_another_crm_keeps_it_over_rest(store: Store, check: contract.Check) -> None:
    check(store)


@pytest.mark.parametrize("port", sorted(adapters.REST))
def test_a_crm_that_knows_no_conditions_is_asked_for_all_and_looked_through(store: Store, crm: Crm, port: str) -> None:
    crm.asks = False
    for check in contract.of(port)[6:]:
        crm.kept.clear()
        check(store)


def test_every_port_that_may_be_kept_elsewhere_has_its_contract() -> None:
    assert set(samples.WHOLE) == plugs.PORTS and set(adapters.REST) <= plugs.PORTS
    assert all(len(contract.of(port)) > 6 for port in plugs.PORTS)
