"""A fresh database for each test, of both kinds."""

import shutil
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


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables and nothing in them, which nobody may use: tests get copies."""
    path = tmp_path_factory.mktemp("furnished") / "crmflow.db"
    store = Store(f"sqlite:///{path}", bell=lambda rings: None)
    store.upgrade()
    store.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes URLs of new databases of one kind: empty, or with all tables and nothing in them (``furnished=True``)."""
    if request.param == "sqlite":

        def file(*, furnished: bool = False) -> str:
            path = tmp_path / f"{len(list(tmp_path.glob('*.db')))}.db"
            if furnished:
                shutil.copyfile(request.getfixturevalue("furnished_file"), path)
            return f"sqlite:///{path}"

        yield file
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    made: list[str] = []

    def make(*, furnished: bool = False) -> str:
        made.append(cluster.database(like=cluster.furnished) if furnished else cluster.database())
        return made[-1]

    yield make
    for url in made:
        cluster.drop(url)


@pytest.fixture
def url(database: Callable[..., str]) -> str:
    return database(furnished=True)


@pytest.fixture
def other_url(database: Callable[..., str], store: Store) -> str:
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
