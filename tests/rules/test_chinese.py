"""Chinese is set as Chinese is: full-width marks beside Chinese words, wherever it is said."""

import ast
import json
import re
from collections.abc import Iterator

import pytest

from tests.rules import source

HAN = r"\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}”》）][,;:?!]|[,;:?!] ?[{HAN}“《（]|[{HAN}]\(|\([{HAN}]|[{HAN}]\)|\)[{HAN}]")
CHINESE = re.compile(f"[{HAN}]")
STRAIGHT_QUOTES = re.compile(rf"[{HAN}][\"'][{HAN}]")
STOP_OF_LATIN = re.compile(rf"[{HAN}]\.(\s|$)")
PATTERNS = {"engine.bpmn.mend", "engine.domain.sameness"}
"""Modules whose Chinese is what they look for, not what they say."""
DATA = sorted(path for folder in ("processes", "schemas") for path in (source.ROOT / folder).rglob("*.json"))
DRAWN = sorted(path for kind in ("*.bpmn", "*.dmn") for path in (source.ROOT / "processes").rglob(kind))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("您的申请，已受理。", False),
        ("您的申请,已受理。", True),
        ("版本 3, 您看到的是 2", True),
        ("还有 3 个问题：请看下面", False),
        ("还有问题: 请看下面", True),
        ("时间 09:30 开始", False),
        ("需要以下角色(之一)", True),
        ("需要以下角色（之一）", False),
        ("调用 f(x) 失败", False),
        ("12,000 元", False),
        ("已完成!", True),
    ],
)
def test_the_rule_sees_half_width_marks_beside_chinese_and_nothing_else(text: str, wrong: bool) -> None:
    assert bool(HALF_WIDTH.search(text)) is wrong


def said(module: source.Module) -> Iterator[tuple[int, str]]:
    """Line and words of each text; what an f-string fills in is a word of its own."""
    inside = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | documentation:
            yield node.lineno, node.value


def test_what_the_engine_says_in_chinese_is_set_as_chinese() -> None:
    assert [
        (module.name, line, text)
        for module in source.modules("engine", "web")
        if module.name not in PATTERNS
        for line, text in said(module)
        if CHINESE.search(text) and any(rule.search(text) for rule in (HALF_WIDTH, STRAIGHT_QUOTES, STOP_OF_LATIN))
    ] == []


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def test_what_the_catalogue_says_in_chinese_is_set_as_chinese() -> None:
    """Texts that are computed hold FEEL, whose brackets and commas are its own: there the words in quotes count."""
    assert [
        (path, words)
        for path in DATA
        for text in texts(json.loads(path.read_text(encoding="utf-8")))
        for words in (re.findall(r'"([^"]*)"', text) if '"' in text else [text])
        if HALF_WIDTH.search(words)
    ] == []


def test_what_a_drawing_says_in_chinese_is_set_as_chinese() -> None:
    assert [
        (path, words)
        for path in DRAWN
        for words in re.findall(r'(?:name|label|title)="([^"]*)"', path.read_text(encoding="utf-8"))
        if HALF_WIDTH.search(words)
    ] == []
