"""Nobody's change is lost in the house's own adapters, on both databases; the rest of their contract is held by
tests/unit/elsewhere/test_contract.py."""

import pytest

from engine.ports import Store
from tests.ports import contract, samples

TURNS = [check for port in samples.WHOLE for check in contract.of(port) if check.__name__.endswith("takes_turns")]


@pytest.mark.parametrize("check", TURNS, ids=lambda check: check.__name__)
def test_nobody_s_change_is_lost(store: Store, check: contract.Check) -> None:
    check(store)
