"""The handbook of the shipped processes: whole, in both languages, and made anew when a folder changes."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from engine import errors
from engine.cli import main
from engine.handbook import book, tell
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.text import EN, ZH
from tests.processes import shipped
from tests.shared import ROOT

KEYS = ("CSS-02", "SFA-03", "X-05")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue")
    for key in KEYS:
        shutil.copytree(shipped.PROCESSES / key, folder / key)
    shutil.copy(shipped.PROCESSES / "groups.json", folder)
    return folder


@pytest.fixture(scope="module")
def pages(catalogue: Path) -> dict[str, str]:
    return book.pages(catalogue)


def test_each_process_has_a_chapter_and_a_picture_in_both_languages(pages: dict[str, str]) -> None:
    chapters = {f"{short}/{key}.{kind}" for short in ("zh", "en") for key in KEYS for kind in ("md", "svg")}

    assert set(pages) == chapters | {
        "README.md",
        "zh/README.md",
        "en/README.md",
        "zh/differences.md",
        "en/differences.md",
    }


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("short", "locale"), [("zh", ZH), ("en", EN)])
def test_a_chapter_tells_every_step_every_difference_and_every_case(
    pages: dict[str, str], key: str, short: str, locale: str
) -> None:
    told = pages[f"{short}/{key}.md"]
    for node in book.chapter.steps(shipped.base(key)):
        assert f"| {node.texts[locale]} |" in told, node.id
    for name, document in shipped.folder(key).variants.items():
        for operation in document["operations"]:
            reason = operation.get("reason", {}).get(locale, "")
            assert reason in told, (name, operation["id"])
    for name, document in shipped.folder(key).scenarios.items():
        assert document["names"][locale].replace("<", "&lt;") in told, name


def test_staff_groups_and_parameters_are_named_not_keyed(pages: dict[str, str]) -> None:
    told = pages["en/SFA-03.md"]

    assert "Manager approves the discount is done by Deal desk" in told
    assert "Discount without approval: 25 % (was 10 %)" in told
    assert "discount_limit" not in told
    assert "sales_managers" not in told


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("customer.owner", "客户负责人", "the customer's account manager"),
        ("if owner = null then customer.owner else owner", "客户负责人", "the customer's account manager"),
        ("post.person", "办件中指定的人", "whom the case names"),
        ('if amount > 5 then "sales_directors" else "sales_managers"', "销售总监或销售经理", "Directors or Managers"),
        ('if a = "nobody" then b else c', "办件中指定的人", "whom the case names"),
    ],
)
def test_who_does_a_step_is_told_in_words_however_it_is_computed(expression: str, zh: str, en: str) -> None:
    staff = {
        "sales_directors": {"zh-CN": "销售总监", "en": "Directors"},
        "sales_managers": {"zh-CN": "销售经理", "en": "Managers"},
    }
    step = nodes.UserTask(id="x", performer=Performer(assignee=Expression(text=expression, language="feel")))
    assert [tell.Book(locale, staff, {}).who(step) for locale in (ZH, EN)] == [zh, en]


def test_no_chapter_shows_people_an_expression_for_a_person(pages: dict[str, str]) -> None:
    rows = [line for name, told in pages.items() if name.endswith(".md") for line in told.splitlines()]
    assert [row for row in rows if re.match(r"\| \d+ \|[^|]*\| [^|]*`", row)] == []


def test_a_form_of_a_variant_is_named_by_its_title_and_a_timer_by_what_it_is_for() -> None:
    told = {
        key: (shipped.PROCESSES.parent / f"docs/catalogue/en/{key}.md").read_text("utf-8") for key in ("MA-02", "MA-10")
    }
    assert "Words for each customer" in told["MA-10"] and "fix_personal" not in told["MA-10"]
    assert "By the clock: Every quarter" in told["MA-02"]


def test_links_and_pictures_lead_to_pages_that_are_there(pages: dict[str, str]) -> None:
    for name, content in pages.items():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)]+)\)", content):
                assert (Path(name).parent / target).as_posix() in pages, (name, target)


def test_tables_have_as_many_cells_as_their_head(pages: dict[str, str]) -> None:
    for name, content in pages.items():
        if not name.endswith(".md"):
            continue
        width = 0
        for line in content.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not width or not cells or cells == width, (name, line)
            width = cells


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_is_well_formed_and_says_each_step_in_the_reader_s_language(pages: dict[str, str], key: str) -> None:
    for short, locale in (("zh", ZH), ("en", EN)):
        picture = ElementTree.fromstring(pages[f"{short}/{key}.svg"])
        said = "".join(text for text in picture.itertext()).replace(" ", "")
        for node in book.chapter.steps(shipped.base(key)):
            assert node.texts[locale].replace(" ", "") in re.sub(r"\s", "", said), (node.id, locale)


@pytest.mark.parametrize(
    ("step", "group", "letters"),
    [
        ("approve_discount", "KA", "PS"),
        ("approve_discount", "ST", "P"),
        ("configure", "ST", "WP"),
        ("configure", "PR", "W"),
        ("", "KA", "LW"),
    ],
)
def test_what_differs_where(step: str, group: str, letters: str) -> None:
    loaded = book.folders.load(shipped.PROCESSES / "SFA-03")
    composed = book.folders.compositions(shipped.PROCESSES / "SFA-03", loaded)

    assert book.differing.told(loaded, composed).cells[step][group] == letters


def test_a_step_that_one_group_adds_or_lacks_is_marked() -> None:
    marks = set()
    for key in ("CSS-01", "MA-03"):
        loaded = book.folders.load(shipped.PROCESSES / key)
        composed = book.folders.compositions(shipped.PROCESSES / key, loaded)
        for groups in book.differing.told(loaded, composed).cells.values():
            marks |= {letters for letters in groups.values() if not letters.isalpha()}

    assert marks == {"+", "-"}


def test_the_command_writes_checks_and_takes_away(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    (out / "en").mkdir(parents=True)
    (out / "en" / "OLD-01.md").write_text("gone")
    run = CliRunner().invoke(main, ["handbook", str(catalogue), "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert not (out / "en" / "OLD-01.md").exists()
    assert CliRunner().invoke(main, ["handbook", str(catalogue), "--out", str(out), "--check"]).exit_code == 0

    (out / "zh" / "X-05.md").write_text("changed by hand", encoding="utf-8")
    checked = CliRunner().invoke(main, ["handbook", str(catalogue), "--out", str(out), "--check"])

    assert (checked.exit_code, checked.output) == (1, "not up to date: zh/X-05.md\n")


def test_what_differs_is_worked_out_and_the_groups_are_read_once(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells, groups = book.differing.cells, book.folders.groups
    counted: list[str] = []
    monkeypatch.setattr(book.differing, "cells", lambda *given: counted.append("cells") or cells(*given))
    monkeypatch.setattr(book.folders, "groups", lambda *given: counted.append("groups") or groups(*given))
    book.pages(catalogue)

    assert (counted.count("cells"), counted.count("groups")) == (len(KEYS), 1)


def test_a_folder_without_processes_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFound) as none:
        book.pages(tmp_path)
    assert none.value.text[EN] == f"there is no process folder in {tmp_path}"
    assert none.value.text[ZH] == f"{tmp_path} 中没有流程文件夹"


def test_a_folder_that_cannot_be_read_is_told_with_its_problems(catalogue: Path, tmp_path: Path) -> None:
    shutil.copytree(catalogue / "X-05", tmp_path / "X-05")
    (tmp_path / "X-05" / "process.bpmn").write_text("<definitions")
    with pytest.raises(errors.Invalid) as wrong:
        book.pages(tmp_path)
    assert [problem.file for problem in wrong.value.problems][:1] == ["process.bpmn"]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("zh/X-01.md", "得知“合同已签”（`contract.signed`）；得知“首单已交付”（`order.first`）"),
        (
            "en/X-01.md",
            "When told “Contract signed” (`contract.signed`); When told “First order delivered” (`order.first`)",
        ),
    ],
)
def test_what_begins_a_process_is_said_in_words_and_as_systems_call_it(page: str, words: str) -> None:
    chapter = (ROOT / "docs" / "catalogue" / page).read_text(encoding="utf-8")
    told = next(line for line in chapter.splitlines() if "contract.signed" in line)
    assert all(part in told for part in re.split("[;；] ?", words))
