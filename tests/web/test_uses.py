"""The page that says where something is used, and the marks before what would go."""

from collections.abc import Callable

import pytest

from engine import outward
from tests.house import House
from tests.unit.definitions.test_uses import whole
from tests.web.conftest import Browser, words

Enter = Callable[[str], Browser]


@pytest.fixture
def dana(sign_in: Enter, desk: House) -> Browser:
    desk.release(whole())
    return sign_in("dana")


def test_kinds_keys_and_places(dana: Browser) -> None:
    listed = dana.get("/uses?kind=message")
    assert "customer.replied" in words(listed) and "key=lead.came" in listed.text
    page = dana.get("/uses?kind=message&key=customer.replied")
    assert "waits for it" in words(page) and "Places 1" in words(page) and "released" in words(page)
    assert "Used nowhere" in words(dana.get("/uses?kind=process&key=nobody"))


def test_a_kind_that_is_none(dana: Browser) -> None:
    assert dana.get("/uses?kind=dance").status_code == 422
    assert dana.get("/uses?kind=%00&key=%3Cscript%3E").status_code == 422


def test_the_place_is_told_where_something_could_go(dana: Browser, desk: House, sign_in: Enter) -> None:
    page = dana.get("/designer/deal/1")
    assert "kind=decision&amp;key=level&amp;process=deal" in page.text
    ada = sign_in("boss")
    sent = {"name": "bank", "kind": "bearer", "secret": "s3cret", "hosts": "bank.example"}
    ada.post("/outside/credentials/new", sent)
    settings = {"url": "https://bank.example/r", "credential": "bank"}
    connector = outward.Connector(name="rates", kind="http", settings=settings, changed_at=desk.now, changed_by="boss")
    with desk.engine.store.transaction() as tx:
        tx.connectors.put(connector)
    assert 'href="/outside/connectors/rates"' in ada.get("/outside/credentials/bank").text
    assert "kind=credential&amp;key=bank" in ada.get("/outside/credentials/bank").text
    groups = ada.get("/people")
    assert "kind=group&amp;key=sales" in groups.text and "Used at" in words(groups)
