"""Fields that look a product up: found by key or name in both languages, shown by both, kept as the key."""

from typing import Any

import pytest

from engine import errors, trade
from engine.domain import products
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from engine.people.agent import Agent
from tests.house import ANNA, House
from tests.web.conftest import Browser, words

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "product": {"type": "string", "maxLength": 200, "title": "Product", "x-ui": {"widget": "product"}},
        "seen": {"type": "string", "readOnly": True, "title": "Seen", "x-ui": {"widget": "product"}},
    },
    "required": ["product"],
}


@pytest.fixture
def shelf(desk: House) -> House:
    with desk.engine.store.transaction() as tx:
        for key, zh, en in (
            ("gw-1", "边缘网关", "Edge gateway"),
            ("gw-2", "网关 100%", "Gateway"),
            ("srv", "服务器", "Server"),
        ):
            texts = {"zh-CN": zh, "en": en}
            tx.ledger.put_product(trade.Product(key=key, texts=texts, list_price=10, stock=4, lead_days=1))
    return desk


FOUND = [
    ("网关", ["gw-1", "gw-2"]),
    ("gate", ["gw-1", "gw-2"]),
    ("GW-", ["gw-1", "gw-2"]),
    ("server", ["srv"]),
    ("%", ["gw-2"]),
    ("nothing", []),
]


@pytest.mark.parametrize(("typed", "keys"), FOUND)
def test_products_are_found_by_key_and_by_name(shelf: House, typed: str, keys: list[str]) -> None:
    found = products.search(shelf.engine, text=typed, agent=ANNA)
    assert [one.key for one in found] == keys
    assert len(products.search(shelf.engine, text=typed, agent=ANNA, limit=1)) == min(1, len(keys))


def test_the_box_suggests_in_the_reader_s_language(shelf: House, anna: Browser, bo: Browser) -> None:
    assert 'value="gw-1 Edge gateway"' in anna.get("/products/suggest?f/product=gw-1").text
    assert 'value="gw-1 边缘网关"' in bo.get("/products/suggest?f/product=边缘").text
    assert "<option" not in anna.get("/products/suggest?f/product=").text


TYPED = [("gw-1 Edge gateway", "gw-1"), ("gw-1", "gw-1"), ("srv 服务器", "srv"), ("unknown thing", "unknown thing")]


@pytest.mark.parametrize(("typed", "kept"), TYPED)
def test_what_was_chosen_is_kept_by_its_key(shelf: House, anna: Browser, typed: str, kept: str) -> None:
    sales = Performer(groups=(Expression(text="sales", language="literal"),))
    ways = (Flow(id="f1", source="begin", target="pick"), Flow(id="f2", source="pick", target="again"))
    steps = (
        nodes.StartEvent(id="begin"),
        nodes.UserTask(id="pick", name="Pick", performer=sales, form="f"),
        nodes.UserTask(id="again", name="Again", performer=sales, form="f"),
        nodes.EndEvent(id="end"),
    )
    flows = (*ways, Flow(id="f3", source="again", target="end"))
    shelf.release(Program(key="sell", nodes=steps, flows=flows, forms={"f": FORM}))
    case = shelf.start("sell", seen="srv")
    item = shelf.item(case, "pick").id
    anna.post(f"/tasks/{item}/claim")
    page = anna.get(f"/tasks/{item}")
    assert 'hx-get="/products/suggest"' in page.text and "srv Server" in words(page)
    assert anna.post(f"/tasks/{item}", {"f/product": typed}).status_code == 303
    again = shelf.item(case, "again").id
    anna.post(f"/tasks/{again}/claim")
    shown = "gw-1 Edge gateway" if kept == "gw-1" else "srv Server" if kept == "srv" else kept
    assert f'value="{shown}" list="f-product-list"' in anna.get(f"/tasks/{again}").text


def test_who_may_not_see_customers_sees_no_products(shelf: House) -> None:
    nobody = Agent(key="x", name="X", roles=frozenset())
    with pytest.raises(errors.Forbidden):
        products.search(shelf.engine, text="", agent=nobody)
