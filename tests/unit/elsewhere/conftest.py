"""A house whose deals and calendar are kept by another company's CRM."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.elsewhere import adapters
from engine.elsewhere.books import Place
from engine.store.unit_of_work import Store
from tests import outside_world as world
from tests.house import migrated
from tests.ports.crm import Crm


@pytest.fixture(scope="module")
def server() -> Iterator[world.Web]:
    with world.web() as web:
        yield web


@pytest.fixture
def crm(server: world.Web) -> Crm:
    made = Crm()
    server.says(made)
    server.heard.clear()
    return made


@pytest.fixture
def place(server: world.Web) -> Callable[[str], Place]:
    def of(port: str) -> Place:
        secret = {"Authorization": "Bearer s3cret"}
        return Place(url=f"{server.url}/{port}", gate=lambda tx: world.open_gate(), headers=lambda tx: secret)

    return of


@pytest.fixture
def store(tmp_path: Path, crm: Crm, place: Callable[[str], Place]) -> Iterator[Store]:
    def plug(port: str) -> Callable[[object], object]:
        return lambda tx: adapters.REST[port](tx, place(port))  # type: ignore[arg-type]

    migrated(tmp_path / "crmflow.db")
    url = f"sqlite:///{tmp_path}/crmflow.db"
    opened = Store(url, bell=lambda rings: None, elsewhere={port: plug(port) for port in adapters.REST})
    yield opened
    opened.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    """A house that keeps everything itself."""
    migrated(tmp_path / "own.db")
    opened = Store(f"sqlite:///{tmp_path}/own.db", bell=lambda rings: None)
    yield opened
    opened.close()
