"""A house with an administrator, over a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.people import agent, groups, users
from engine.store.unit_of_work import Store

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse 9"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """People need nothing of an engine but its store."""
    store = Store(f"sqlite:///{tmp_path}/people.db", bell=lambda rings: None)
    store.upgrade()
    house = SimpleNamespace(store=store)
    texts = {"zh-CN": "销售审批", "en": "Sales approval"}
    groups.put_group(house, key="sales-approval", texts=texts, agent=agent.SYSTEM)
    for key, roles in (("boss", ("admin",)), ("li", ("staff",))):
        profile = users.Profile(name=key.title(), roles=roles, groups=("sales-approval",))
        users.add_user(house, key=key, profile=profile, password=PASSWORD, agent=agent.SYSTEM, now=NOW)
    yield house
    store.close()
