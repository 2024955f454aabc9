"""Every word of the pages stands in both languages, and no page holds a word of its own."""

import ast
import re
from pathlib import Path

import pytest

from engine.people.agent import ROLES
from web.ui import texts

WEB = Path(texts.__file__).resolve().parent.parent.parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PYTHON = sorted(path for path in (WEB / "ui").rglob("*.py") if path.parent.name != "texts")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAME = {"app.name", "matrix.version"}


def used() -> set[str]:
    """Keys that templates and views name whole: ``t("nav.inbox")``."""
    found = set()
    for path in [*TEMPLATES, *PYTHON]:
        found |= set(re.findall(r"\b[th]\(\s*[\"']([a-z_]+\.[A-Za-z_-]+)[\"']", path.read_text(encoding="utf-8")))
    return {key for key in found if not key.endswith("_")}


def test_every_text_that_is_used_exists() -> None:
    assert used() - set(texts.ALL) == set()


def test_every_text_stands_in_both_languages() -> None:
    assert [key for key, (zh, en) in texts.ALL.items() if not (zh and en)] == []
    assert [
        key for key, (_, en) in texts.ALL.items() if CHINESE.search(en) and key not in SAME and not _of_languages(key)
    ] == []
    chinese = {key: re.sub(r"\{\w+\}", "", zh) for key, (zh, _) in texts.ALL.items()}
    assert [
        (key, zh)
        for key, zh in chinese.items()
        if re.search(r"[A-Za-z]{2}", zh) and not CHINESE.search(zh) and key not in SAME and not _of_languages(key)
    ] == []


def _of_languages(key: str) -> bool:
    return key.startswith("app.language")


def test_both_languages_name_the_same_values() -> None:
    value = re.compile(r"\{(\w+)\}")
    assert [key for key, (zh, en) in texts.ALL.items() if set(value.findall(zh)) != set(value.findall(en))] == []


def test_chinese_is_set_with_chinese_punctuation() -> None:
    loose = re.compile(r"[\u4e00-\u9fff”][,;:?!]|[,;:?!][\u4e00-\u9fff]")
    assert [(key, zh) for key, (zh, _) in texts.ALL.items() if loose.search(zh)] == []


def test_every_role_has_its_name() -> None:
    assert {f"role.{role}" for role in ROLES} <= set(texts.ALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_no_template_holds_words_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% block main_class %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    shown = re.sub(r"<[^>]*>", "\n", text)
    attributes = re.findall(r"\b(?:title|alt|placeholder|aria-label)=\"([^\"]*)\"", text)
    own = [
        line.strip() for line in [*shown.splitlines(), *attributes] if re.search(r"[A-Za-z]{3}|[\u4e00-\u9fff]", line)
    ]
    markup = re.compile(r"[a-z-]+=\"[^\"]*\"( [a-z-]+=\"[^\"]*\")*")
    assert [line for line in own if not markup.fullmatch(line)] == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(WEB).as_posix())
def test_no_view_holds_chinese_but_in_errors(path: Path) -> None:
    """Errors carry their texts where they are raised; everything else stands in web/ui/texts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "zh"
        for part in ast.walk(word.value)
    }
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    loose = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and id(node) not in allowed | documentation
    ]
    patterns = {text for text in loose if re.fullmatch(r"(yyyy年)?M月(d日( HH:mm)?)?", text)}
    assert [text for text in loose if text not in patterns] == []
