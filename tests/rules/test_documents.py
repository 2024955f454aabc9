"""What the documents say is so: files that are named are there, commands exist, links lead somewhere."""

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import cli
from tests.rules import source

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "processes/*/README.md", "bench/**/*.md")
    for path in source.ROOT.glob(pattern)
)
NAMED = re.compile(r"`((?:engine|web|tests|docs|schemas|processes|bench)/[\w./-]+?\.(?:py|json|md|html|js|css))`")
COMMAND = re.compile(r"`(?:\$ )?crmflow ([a-z]+)")
MODULE = re.compile(r"python -m ((?:engine|web|tests|bench)(?:\.\w+)+)")


TEST = re.compile(r"`(test_[a-z0-9_]+)`")
TESTS = {
    node.name
    for module in source.modules("tests")
    for node in module.tree.body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
}


def named(path: Path) -> str:
    return path.relative_to(source.ROOT).as_posix()


def commands() -> set[str]:
    return set(cli.COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_file_that_is_named_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name in NAMED.findall(text) if not (source.ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_test_that_is_named_is_there(path: Path) -> None:
    assert [name for name in TEST.findall(path.read_text()) if name not in TESTS] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_link_leads_to_a_file_or_heading_that_is_there(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, _ = target.partition("#")
        if file and "://" not in file and not file.startswith("mailto:") and not (path.parent / file).exists():
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_command_that_is_shown_exists(path: Path) -> None:
    assert set(COMMAND.findall(path.read_text(encoding="utf-8"))) - commands() == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_module_that_is_to_be_run_is_there(path: Path) -> None:
    for module in MODULE.findall(path.read_text(encoding="utf-8")):
        place = source.ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_says_what_it_does(command: str) -> None:
    answer = CliRunner().invoke(cli.main, [command, "--help"])
    assert answer.exit_code == 0, answer.output
    lines = [line for line in answer.output.splitlines() if line.strip() and not line.startswith("Usage")]
    assert lines and lines[0].strip()[0].isupper()


@pytest.mark.parametrize(
    "words", [["nothing"], ["serve", "--port", "x"], ["--nothing"], ["feel"], ["play", "nowhere.bpmn"]]
)
def test_a_command_that_cannot_be_read_is_told_and_no_traceback_is_shown(words: list[str]) -> None:
    answer = CliRunner().invoke(cli.main, words)
    assert answer.exit_code != 0
    assert "Traceback" not in answer.output
    assert answer.exception is None or isinstance(answer.exception, SystemExit), repr(answer.exception)


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_is_utf8_has_one_title_and_closes_its_blocks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert plain.count("```") == 0
    assert len(re.findall(r"^# ", plain, re.MULTILINE)) == 1
    assert "\ufffd" not in text and "\r" not in text
