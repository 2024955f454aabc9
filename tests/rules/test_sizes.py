"""Files fit in a head, functions on a screen."""

import ast

import pytest

from tests.rules import source

FILE_LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 8
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

# A migration is a list of statements, written once and never read again as code.
MODULES = [module for module in source.modules("engine", "web") if ".migrations.versions.m" not in module.name]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_file_has_at_most_400_lines(module: source.Module) -> None:
    assert module.lines <= FILE_LINES, f"{module.path} has {module.lines} lines: split it"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_function_has_at_most_50_lines_and_8_parameters(module: source.Module) -> None:
    for function in source.functions(module):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        assert lines <= FUNCTION_LINES, f"{module.path}:{function.lineno} {function.name} has {lines} lines"
        arguments = function.args
        names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        count = len([name for name in names if name.arg not in ("self", "cls")])
        assert count <= PARAMETERS, f"{module.path}:{function.lineno} {function.name} has {count} parameters"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_no_module_is_a_dumping_ground(module: source.Module) -> None:
    assert not DUMPING_GROUNDS & set(module.name.split(".")), f"{module.path}: name it after what it holds"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_module_says_what_it_is_for(module: source.Module) -> None:
    if module.text.strip():
        assert ast.get_docstring(module.tree), f"{module.path} has no docstring"


def test_there_are_at_least_as_many_lines_of_tests_as_of_code() -> None:
    """Scenarios of the shipped processes are tests: each is played and must come out as it says."""
    code = _lines("engine", "*.py") + _lines("web", "*.py")
    tests = _lines("tests", "*.py") + _lines("processes", "scenarios/*.json")
    assert tests >= code


def _lines(folder: str, pattern: str) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (source.ROOT / folder).rglob(pattern))
