"""A fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store.unit_of_work import Store
from tests.store.rows import Rings


@pytest.fixture
def rings() -> Rings:
    return Rings()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/crmflow.db"


@pytest.fixture
def other_url(tmp_path: Path) -> str:
    """A second, empty database of the same kind."""
    return f"sqlite:///{tmp_path}/other.db"


@pytest.fixture
def store(url: str, rings: Rings) -> Iterator[Store]:
    opened = Store(url, bell=rings.extend)
    opened.upgrade()
    yield opened
    opened.close()
