"""Reads the project's own source as text and syntax trees; imports nothing of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Module:
    name: str
    """Dotted: ``engine.kernel.step``."""
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Read when a rule asks, not when the tests are gathered."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def lines(self) -> int:
        return self.text.count("\n")


def modules(*packages: str) -> tuple[Module, ...]:
    return tuple(_read(path) for package in packages for path in sorted((ROOT / package).rglob("*.py")))


@cache
def _read(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    return Module(name=name, path=path, text=path.read_text(encoding="utf-8"))


def imports(module: Module) -> Iterator[tuple[str, int]]:
    """Every import of the module, late and typing ones included: (dotted name, line).

    ``from engine import feel`` counts as ``engine.feel``.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
