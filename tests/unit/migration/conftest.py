"""A house with a process that has moved on: version 1 runs, version 2 is released."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import house as houses


@pytest.fixture
def house(tmp_path: Path) -> Iterator[houses.House]:
    with houses.house(tmp_path) as made:
        yield made
