"""Files fit in a head, functions on a screen."""

import ast

from tests.rules import source

FILE_LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 8
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

# A migration is a list of statements, written once and never read again as code.
MODULES = [module for module in source.modules("engine", "web") if ".migrations.versions.m" not in module.name]


def test_a_file_has_at_most_400_lines() -> None:
    assert [f"{module.path} has {module.lines} lines" for module in MODULES if module.lines > FILE_LINES] == []


def test_a_function_has_at_most_50_lines_and_8_parameters() -> None:
    found = []
    for module in MODULES:
        for function in source.functions(module):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            arguments = function.args
            names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            count = len([name for name in names if name.arg not in ("self", "cls")])
            if lines > FUNCTION_LINES or count > PARAMETERS:
                found.append(f"{module.path}:{function.lineno} {function.name}: {lines} lines, {count} parameters")
    assert found == []


def test_no_module_is_a_dumping_ground() -> None:
    """A module is named after what it holds."""
    assert [module.name for module in MODULES if DUMPING_GROUNDS & set(module.name.split("."))] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in MODULES if module.text.strip() and not ast.get_docstring(module.tree)] == []


def test_there_are_at_least_as_many_lines_of_tests_as_of_code() -> None:
    """Scenarios of the shipped processes are tests: each is played and must come out as it says."""
    code = _lines("engine", "*.py") + _lines("web", "*.py")
    tests = _lines("tests", "*.py") + _lines("processes", "scenarios/*.json")
    assert tests >= code


def _lines(folder: str, pattern: str) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (source.ROOT / folder).rglob(pattern))
