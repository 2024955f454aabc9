"""Fields that look released material up: found by key or title, shown with the version, kept as the key."""

from typing import Any

import pytest

from engine import marketing
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from tests.house import House
from tests.web.conftest import Browser, words

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "template": {"type": "string", "maxLength": 60, "title": "Material", "x-ui": {"widget": "material"}},
        "seen": {"type": "string", "readOnly": True, "title": "Seen", "x-ui": {"widget": "material"}},
    },
}


@pytest.fixture
def shelf(desk: House) -> House:
    with desk.engine.store.transaction() as tx:
        for job, key, title in (("1", "SPRING", "春季信函"), ("2", "SPRING", "春季新品"), ("3", "CARE", "Care letter")):
            told = {"kind": "letter", "language": "en", "body": "b", "released_at": desk.now}
            tx.assets.release(marketing.Asset(key=key, title=title, job=job, **told))
    return desk


def test_the_box_suggests_the_newest_version(shelf: House, anna: Browser) -> None:
    found = anna.get("/materials/suggest?f/template=spring").text
    assert 'value="SPRING v2 春季新品"' in found and "v1" not in found
    assert "<option" not in anna.get("/materials/suggest?f/template=").text
    assert "<option" not in anna.get("/materials/suggest?f/template=winter").text


TYPED = [("SPRING v2 春季新品", "SPRING v2 春季新品"), ("CARE", "CARE v1 Care letter"), ("none such", "none such")]


@pytest.mark.parametrize(("typed", "shown"), TYPED)
def test_what_was_chosen_is_kept_by_its_key(shelf: House, anna: Browser, typed: str, shown: str) -> None:
    sales = Performer(groups=(Expression(text="sales", language="literal"),))
    steps = (
        nodes.StartEvent(id="begin"),
        nodes.UserTask(id="pick", name="Pick", performer=sales, form="f"),
        nodes.UserTask(id="again", name="Again", performer=sales, form="f"),
        nodes.EndEvent(id="end"),
    )
    ways = (("begin", "pick"), ("pick", "again"), ("again", "end"))
    flows = tuple(Flow(id=f"f{n}", source=source, target=target) for n, (source, target) in enumerate(ways))
    shelf.release(Program(key="write", nodes=steps, flows=flows, forms={"f": FORM}))
    case = shelf.start("write", seen="CARE")
    item = shelf.item(case, "pick").id
    anna.post(f"/tasks/{item}/claim")
    page = anna.get(f"/tasks/{item}")
    assert 'hx-get="/materials/suggest"' in page.text and "CARE v1 Care letter" in words(page)
    assert anna.post(f"/tasks/{item}", {"f/template": typed}).status_code == 303
    again = shelf.item(case, "again").id
    anna.post(f"/tasks/{again}/claim")
    assert f'value="{shown}" list="f-template-list"' in anna.get(f"/tasks/{again}").text
