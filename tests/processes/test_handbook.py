"""The handbook in docs/catalogue is the one that the shipped processes make: ``crmflow handbook`` writes it anew."""

import html
import re

import pytest

from engine.handbook import book
from engine.model.text import EN, ZH
from tests.processes import shipped
from tests.shared import ROOT

OUT = ROOT / "docs" / "catalogue"


def test_the_handbook_is_up_to_date_and_holds_nothing_else() -> None:
    made = book.pages(shipped.PROCESSES)
    kept = {path.relative_to(OUT).as_posix(): path.read_text(encoding="utf-8") for path in OUT.rglob("*.*")}

    assert sorted(set(made) ^ set(kept)) == []
    assert [name for name, content in made.items() if kept[name] != content] == []


def test_every_shipped_process_has_its_chapter() -> None:
    for key in shipped.KEYS:
        assert (OUT / "zh" / f"{key}.md").is_file() and (OUT / "en" / f"{key}.svg").is_file(), key


@pytest.mark.parametrize("key", shipped.KEYS)
def test_lanes_and_pool_are_called_so_in_both_languages(key: str) -> None:
    definition = shipped.folder(key).definition
    assert definition is not None
    assert set(definition.lanes) == {lane.id for lane in shipped.base(key).lanes}
    for short, locale in (("zh", ZH), ("en", EN)):
        picture = (OUT / short / f"{key}.svg").read_text(encoding="utf-8")
        turned = re.findall(r'<text transform="rotate[^>]*>([^<]*)</text>', picture)
        called = [definition.names[locale], *(texts[locale] for texts in definition.lanes.values())]
        assert sorted(turned) == sorted(map(html.escape, called)) or not definition.lanes
        assert all(re.search("[\u4e00-\u9fff]", name) for name in turned) or locale == EN
