"""Traps that others fell into, held shut."""

import ast
import json
from pathlib import Path

import jsonschema
import pytest

from tests.rules import source

ENGINE = source.modules("engine")
ALL = source.modules("engine", "web")

CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def calls(module: source.Module) -> list[ast.Call]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.name)
def test_nothing_evaluates_text_as_python(module: source.Module) -> None:
    for call in calls(module):
        if isinstance(call.func, ast.Name):
            assert call.func.id not in ("eval", "exec", "compile", "__import__"), f"{module.path}:{call.lineno}"


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.name)
def test_only_the_clock_reads_the_clock(module: source.Module) -> None:
    if module.name == "engine.clock":
        return
    for call in calls(module):
        if isinstance(call.func, ast.Attribute):
            owner = call.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            assert (name, call.func.attr) not in CLOCK_CALLS, f"{module.path}:{call.lineno} reads the clock"


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.name)
def test_only_the_store_commits(module: source.Module) -> None:
    if module.name.startswith("engine.store."):
        return
    for call in calls(module):
        if isinstance(call.func, ast.Attribute):
            assert call.func.attr not in ("commit", "rollback"), f"{module.path}:{call.lineno}"


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.name)
def test_no_error_is_swallowed(module: source.Module) -> None:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{module.path}:{node.lineno} catches everything"
            broad = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            silent = all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
            assert not (broad and silent), f"{module.path}:{node.lineno} swallows whatever went wrong"


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
