"""Products for programs: by a part of the key or of a name."""

from engine import trade
from tests.web.api.conftest import Programs


def test_products_by_key_and_name(selling: Programs) -> None:
    with selling.engine.store.transaction() as tx:
        for key, name in (("gw", "网关"), ("srv", "服务器")):
            texts = {"zh-CN": name, "en": key.upper()}
            tx.ledger.put_product(trade.Product(key=key, texts=texts, list_price=1.5, stock=2, lead_days=3))
    found = selling.get("/products?text=网关", by="ivy").json["items"]
    assert found == [
        {"key": "gw", "texts": {"zh-CN": "网关", "en": "GW"}, "list_price": 1.5, "stock": 2, "lead_days": 3}
    ]
    assert len(selling.get("/products").json["items"]) == 2 and len(selling.get("/products?limit=1").json["items"]) == 1
    assert selling.get("/products?limit=0").status_code == 422
