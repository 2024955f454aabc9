"""A house with a key of its own for what it keeps secret."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.settings import Settings
from tests.house import House, house

KEY = "a key for tests that is long enough 01"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, settings=Settings(data_dir=tmp_path, credentials_key=KEY)) as made:
        yield made
