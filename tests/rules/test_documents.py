"""What the documents say is so: files that are named are there, commands exist, links lead somewhere."""

import re
from collections.abc import Iterator
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


def said(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    """Whatever a document says that looks like this, and in which."""
    return ((path, name) for path in DOCUMENTS for name in pattern.findall(path.read_text(encoding="utf-8")))


def test_a_file_that_is_named_is_there() -> None:
    assert [(path, name) for path, name in said(NAMED) if not (source.ROOT / name).exists()] == []


def test_a_test_that_is_named_is_there() -> None:
    there = {name for module in source.modules("tests") for name in re.findall(r"^def (test_\w+)", module.text, re.M)}
    assert [(path, name) for path, name in said(TEST) if name not in there] == []


def test_a_link_leads_to_a_file_that_is_there() -> None:
    dead = []
    for path in DOCUMENTS:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            file = target.partition("#")[0]
            if file and "://" not in file and not file.startswith("mailto:") and not (path.parent / file).exists():
                dead.append((path, target))
    assert dead == []


def test_a_command_that_is_shown_exists() -> None:
    assert [(path, name) for path, name in said(COMMAND) if name not in cli.COMMANDS] == []


def test_a_module_that_is_to_be_run_is_there() -> None:
    places = [(path, source.ROOT / name.replace(".", "/")) for path, name in said(MODULE)]
    assert [
        (path, place)
        for path, place in places
        if not (place.with_suffix(".py").exists() or (place / "__main__.py").exists())
    ] == []


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
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


def test_a_document_is_utf8_has_one_title_and_closes_its_blocks() -> None:
    wrong = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        if "```" in plain or "\ufffd" in text or "\r" in text or len(re.findall(r"^# ", plain, re.MULTILINE)) != 1:
            wrong.append(path)
    assert wrong == []
