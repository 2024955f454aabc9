"""The handbook in docs/catalogue is the one that the shipped processes make: ``crmflow handbook`` writes it anew."""

from engine.handbook import book
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
