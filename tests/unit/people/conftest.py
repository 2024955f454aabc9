"""A house with an administrator, over a real database."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine import recent
from engine.people import agent, groups, users
from engine.store.unit_of_work import Store

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse 9"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database as each test finds it: made once, for hashing passwords takes its time by design."""
    file = tmp_path_factory.mktemp("people") / "people.db"
    store = Store(f"sqlite:///{file}", bell=lambda rings: None)
    store.upgrade()
    house = SimpleNamespace(store=store, callers=recent.Recent())
    texts = {"zh-CN": "销售审批", "en": "Sales approval"}
    groups.put_group(house, key="sales-approval", texts=texts, agent=agent.SYSTEM)
    for key, roles in (("boss", ("admin",)), ("li", ("staff",))):
        profile = users.Profile(name=key.title(), roles=roles, groups=("sales-approval",))
        users.add_user(house, key=key, profile=profile, password=PASSWORD, agent=agent.SYSTEM, now=NOW)
    store.close()
    return file


@pytest.fixture
def engine(filled: Path, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """People need nothing of an engine but its store."""
    shutil.copy(filled, tmp_path / "people.db")
    store = Store(f"sqlite:///{tmp_path}/people.db", bell=lambda rings: None)
    yield SimpleNamespace(store=store, callers=recent.Recent())
    store.close()
