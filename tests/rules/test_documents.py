"""The documents say what is so: links lead somewhere, examples are read, names in tables are those of the code."""

import importlib
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from engine import cli
from engine.definitions import schemas
from engine.forms import check, hints
from engine.people import rights
from engine.settings import Settings
from engine.variants.operations import kinds
from tests.shared import ROOT
from web.ui.forms import fields

DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in DOCUMENTS}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(TEXTS[document]) if name == language]


def prose(document: str) -> str:
    return FENCE.sub("", TEXTS[document])


def rows(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table behind a heading, without its head."""
    behind = TEXTS[document].split(heading, 1)[1]
    table = re.search(r"^\|.*?(?=\n\n|\Z)", behind, re.MULTILINE | re.DOTALL)
    assert table, heading
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table[0].splitlines()]
    return [[cell.strip() for cell in line] for line in lines[2:]]


@pytest.mark.parametrize("document", TEXTS)
def test_a_link_leads_to_a_file_that_is_there(document: str) -> None:
    folder = (ROOT / document).parent
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose(document)):
        if "://" not in target:
            assert (folder / target).exists(), target


@pytest.mark.parametrize("document", TEXTS)
def test_a_path_of_the_code_that_is_named_is_there(document: str) -> None:
    for path in re.findall(
        r"`((?:engine|web|tests|schemas|bench|docs)/[\w./-]+\.(?:py|json|md|html))`", prose(document)
    ):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("document", TEXTS)
def test_a_module_of_the_benches_that_is_named_can_be_run(document: str) -> None:
    for module in set(re.findall(r"python -m (bench(?:\.\w+)+)", TEXTS[document])):
        found = importlib.import_module(module)
        assert hasattr(found, "main") or (Path(found.__path__[0]) / "__main__.py").exists(), module


@pytest.mark.parametrize("document", TEXTS)
def test_a_command_that_is_named_is_one(document: str) -> None:
    for name in re.findall(r"`crmflow ([a-z]+)", TEXTS[document]):
        assert name in cli.COMMANDS, name


@pytest.mark.parametrize("document", TEXTS)
def test_a_setting_that_is_named_is_one(document: str) -> None:
    own = {"CRMFLOW_SHARED", "CRMFLOW_SHOTS"}  # of the tests
    for name in set(re.findall(r"CRMFLOW_[A-Z_]*[A-Z]", TEXTS[document])) - own:
        assert name.removeprefix("CRMFLOW_").lower() in Settings.model_fields, name


@pytest.mark.parametrize("document", TEXTS)
def test_a_document_has_one_title_and_its_lines_end_where_they_end(document: str) -> None:
    lines = FENCE.sub("", TEXTS[document]).splitlines()
    assert sum(line.startswith("# ") for line in lines) == 1
    assert [number for number, line in enumerate(lines, 1) if line != line.rstrip()] == []
    assert TEXTS[document].endswith("\n") and not TEXTS[document].endswith("\n\n")


@pytest.mark.parametrize("document", TEXTS)
def test_every_json_example_is_json(document: str) -> None:
    for body in blocks(document, "json"):
        json.loads(body)


def example(document: str, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(blocks(document, "json")[number])
    return found


def test_the_example_of_a_form_is_a_form_and_takes_what_it_says() -> None:
    form = example("docs/forms.md")
    assert check.vet(form) == []
    assert check.check(form, {"outcome": "approved"}) == []
    assert [problem.pointer for problem in check.check(form, {"outcome": "refused"})] == ["/approver_comment"]
    assert check.check(form, {"outcome": "refused", "approver_comment": "too dear"}) == []
    assert [problem.pointer for problem in check.check(form, {})] == ["/outcome"]


def test_every_hint_of_the_words_is_one_that_is_read_and_none_is_left_out() -> None:
    told = {word for row in rows("docs/forms.md", "## Words") for word in re.findall(r"x-[\w.]+", row[0])}
    read = {name for name in hints._SHAPES if name != "x-ui"}
    read |= {f"x-ui.{name}" for name in hints._Ui.__struct_fields__}
    assert told == read


def test_every_widget_of_the_table_is_drawn() -> None:
    named = {word for row in rows("docs/forms.md", "## Widgets") for word in re.findall(r"`([a-z-]+)`", row[0])}
    named -= {"format", "date-time", "enum"}
    template = (ROOT / "web/templates/forms/fields.html").read_text("utf-8")
    code = Path(fields.__file__).read_text("utf-8") + (Path(fields.__file__).parent / "schema.py").read_text("utf-8")
    for widget in named - {"text"}:
        assert re.search(rf"['\"]{widget}['\"]", template + code), widget


def without_gaps(value: Any) -> Any:
    """The documents write … where words would stand."""
    if isinstance(value, dict):
        return {key: without_gaps(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_gaps(item) for item in value]
    return "words" if value == "…" else value


@pytest.mark.parametrize(("number", "schema"), [(0, "process.json"), (1, "variant.json"), (2, "scenario.json")])
def test_the_examples_of_a_folder_are_as_their_schemas_want_them(number: int, schema: str) -> None:
    found = schemas.check(without_gaps(example("docs/process-folder.md", number)), schema=schema)
    assert [(problem.pointer, problem.text["en"]) for problem in found] == []


def test_the_operations_of_the_example_are_read_and_written_again() -> None:
    documents = without_gaps(example("docs/process-folder.md", 1))["operations"]
    operations = kinds.read(documents)
    assert kinds.read(kinds.write(operations)) == operations


def test_every_kind_of_operation_is_in_the_table_and_no_other() -> None:
    told = {
        word for row in rows("docs/process-folder.md", "## variants/") for word in re.findall(r"`([a-z_]+)`", row[0])
    }
    assert told == {one.__struct_config__.tag for one in get_args(kinds.AnyOperation)}


def test_the_glossary_names_each_word_once_in_both_languages() -> None:
    words = [row[0] for row in rows("docs/glossary.md", "# Glossary")]
    assert len(set(words)) == len(words)
    for word, chinese, meaning in rows("docs/glossary.md", "# Glossary"):
        assert re.fullmatch(r"\*\*[^*]+\*\*", word), word
        assert re.search(r"[一-龥]", chinese), word
        assert meaning, word


def test_every_right_is_one_that_some_code_asks_for() -> None:
    code = "".join(path.read_text("utf-8") for room in ("engine", "web") for path in (ROOT / room).rglob("*.py"))
    code += "".join(path.read_text("utf-8") for path in (ROOT / "web/templates").rglob("*.html"))
    table = Path(rights.__file__).read_text("utf-8")
    for action in rights.ACTIONS:
        assert code.count(f'"{action}"') + code.count(f"'{action}'") > table.count(f'"{action}"'), action
