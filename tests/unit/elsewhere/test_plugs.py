"""Who keeps a port is said by the settings and by installed packages, and what is wrong there is named at the start."""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from engine import app, errors
from engine.elsewhere import adapters, plugs
from engine.people.agent import SYSTEM
from engine.settings import Settings
from engine.trust import credentials, openings
from tests import outside_world as world
from tests.ports import samples
from tests.ports.crm import Crm

NOON = samples.NOON


def settings(elsewhere: str, **more: Any) -> Settings:
    return Settings(elsewhere=elsewhere, queue="inline", credentials_key="k" * 32, **more)


def test_the_settings_name_ports_and_places() -> None:
    text = " orders=https://erp.example/api/orders/ ,diary = http://cal.example:8080/a, "
    assert set(plugs.of(settings(text))) == {"orders", "diary"}
    assert plugs.of(settings("")) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quotes=https://a.example", "'quotes' should be one of contracts, diary"),
        ("https://a.example", "'https://a.example' should be one of"),
        ("orders=https://a.example,orders=https://b.example", "each once"),
        ("orders=", "orders: '' is no address"),
        ("orders=ftp://a.example", "is no address"),
        ("orders=https://me:pw@a.example", "is no address"),
        ("=" * 5000, "should be one of"),
    ],
)
def test_a_wrong_setting_is_named_in_both_languages(text: str, said: str) -> None:
    with pytest.raises(errors.Invalid, match="CRMFLOW_ELSEWHERE") as refused:
        plugs.of(settings(text))
    assert said in refused.value.text["en"] and refused.value.text["zh-CN"].startswith("CRMFLOW_ELSEWHERE：")


class Packages:
    """Entry points as they would be of installed packages."""

    def __init__(self, *points: metadata.EntryPoint) -> None:
        self.points = points

    def __call__(self, *, group: str) -> tuple[metadata.EntryPoint, ...]:
        return self.points if group == plugs.GROUP else ()


def point(name: str, value: str) -> metadata.EntryPoint:
    return metadata.EntryPoint(name=name, value=value, group=plugs.GROUP)


def test_an_installed_adapter_is_used_and_the_settings_win(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Packages(point("surveys", "builtins:repr"), point("orders", "nowhere:Orders"))
    monkeypatch.setattr(metadata, "entry_points", found)
    plugged = plugs.of(settings("orders=https://erp.example/orders"))
    assert plugged["surveys"]("a transaction") == "'a transaction'"  # type: ignore[arg-type]
    assert isinstance(plugged["orders"](None), adapters.Orders)  # type: ignore[arg-type]


def test_a_package_for_a_port_that_stays_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "entry_points", Packages(point("contacts", "our:Contacts")))
    with pytest.raises(errors.Invalid) as refused:
        plugs.of(settings(""))
    assert "our:Contacts" in refused.value.text["zh-CN"] and "'contacts'" in refused.value.text["en"]


@pytest.fixture
def running(tmp_path: Path) -> Any:
    """Builds a whole engine whose orders stand in another CRM."""
    made: list[Any] = []

    def build(url: str, credential: str) -> Any:
        told = settings(f"orders={url}/orders", data_dir=tmp_path, elsewhere_credential=credential)
        made.append(app.build(told, dispatcher=False))
        return made[-1]

    yield build
    for engine in made:
        engine.close()


def test_a_house_asks_where_its_settings_say_with_its_credential(running: Callable[[str, str], Any]) -> None:
    with world.web() as web:
        crm = Crm()
        web.says(crm)
        engine = running(web.url, "erp")
        told = {"agent": SYSTEM, "now": NOON}
        draft = credentials.Draft(kind="bearer", hosts=("127.0.0.1",))
        credentials.add(engine, name="erp", draft=draft, secret="s3cret", **told)
        with engine.store.reading() as tx, pytest.raises(errors.Forbidden):
            tx.orders.get("a")  # an inner address, which nobody has opened
        openings.add(engine, place=f"127.0.0.1:{web.port}", note="the ERP", **told)
        with engine.store.transaction() as tx:
            tx.orders.put(samples.order("a"))
        with engine.store.reading() as tx:
            assert tx.orders.get("a") == samples.order("a")
        assert {one.headers["authorization"] for one in web.heard} == {"Bearer s3cret"}
    assert list(crm.kept["orders"]) == ["a"]


def test_a_credential_that_nobody_keeps_is_named(running: Callable[[str, str], Any]) -> None:
    with running("http://127.0.0.1:9", "none").store.reading() as tx, pytest.raises(errors.NotFound, match="'none'"):
        tx.orders.get("a")
