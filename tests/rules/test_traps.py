"""Traps that others fell into, held shut."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.rules import source

ALL = source.modules("engine", "web")

CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def calls(module: source.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def called(module: source.Module) -> Iterator[tuple[str, str, str]]:
    """Of each method that is called: where, its owner's name, its own."""
    for call in calls(module):
        if isinstance(call.func, ast.Attribute):
            owner = call.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield f"{module.path}:{call.lineno}", name, call.func.attr


def test_nothing_evaluates_text_as_python() -> None:
    assert [
        f"{module.path}:{call.lineno} {call.func.id}"
        for module in ALL
        for call in calls(module)
        if isinstance(call.func, ast.Name) and call.func.id in ("eval", "exec", "compile", "__import__")
    ] == []


def test_only_the_clock_reads_the_clock() -> None:
    others = [module for module in ALL if module.name != "engine.clock"]
    assert [where for module in others for where, *names in called(module) if tuple(names) in CLOCK_CALLS] == []


def test_only_the_store_commits() -> None:
    others = [module for module in ALL if not module.name.startswith("engine.store.")]
    assert [where for module in others for where, _, name in called(module) if name in ("commit", "rollback")] == []


def test_no_error_is_swallowed() -> None:
    assert [
        f"{module.path}:{node.lineno}"
        for module in ALL
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and _swallows(node)
    ] == []


def _swallows(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    broad = isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
    return broad and all(isinstance(line, ast.Pass | ast.Continue) for line in handler.body)


@pytest.mark.parametrize("path", sorted((source.ROOT / "schemas").glob("*.json")), ids=lambda path: path.name)
def test_every_schema_is_a_schema_and_names_nothing_remote(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for reference in _references(schema):
        beside = path.parent / reference.partition("#")[0]
        assert reference.startswith("#") or beside.is_file(), f"{path.name} refers to {reference}"


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for item in value.values() for found in _references(item)]
    if isinstance(value, list):
        return [found for item in value for found in _references(item)]
    return []
