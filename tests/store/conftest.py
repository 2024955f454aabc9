"""A fresh database for each test, of both kinds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.store.unit_of_work import Store
from tests import postgres
from tests.house import House
from tests.store.rows import Rings


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes URLs of new, empty databases of one kind."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path}/{len(list(tmp_path.glob('*.db')))}.db"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    made: list[str] = []

    def make() -> str:
        made.append(cluster.database())
        return made[-1]

    yield make
    for url in made:
        cluster.drop(url)


@pytest.fixture
def url(database: Callable[[], str]) -> str:
    return database()


@pytest.fixture
def other_url(database: Callable[[], str], store: Store) -> str:
    """A second, empty database of the same kind."""
    return database()


@pytest.fixture
def rings() -> Rings:
    return Rings()


@pytest.fixture
def store(url: str, rings: Rings) -> Iterator[Store]:
    opened = Store(url, bell=rings.extend)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def home(url: str) -> Iterator[House]:
    made = House(url)
    yield made
    made.engine.store.close()
