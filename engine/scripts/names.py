"""Which variables a script reads and sets: from its syntax tree, without running it."""

import ast
from typing import NamedTuple

from engine import errors

LONGEST = 64 * 1024
"""Characters of a script."""


AT_HAND = frozenset({"datetime", "date", "time", "timedelta", "math", "json", "re", "random"})
"""Names that modellers use without importing them, because their engine had them at hand."""


class Names(NamedTuple):
    used: frozenset[str]
    """Every name that occurs."""
    attributes: frozenset[tuple[str, str]]
    """(name, attribute) where an attribute of a plain name is taken."""
    assigned: frozenset[str]
    """Names that the script sets for good: not those of its functions, classes and imports."""
    defined: frozenset[str]
    """Its functions, classes, imports, and what they take."""


def names(text: str) -> Names:
    """Raises Invalid ``script_syntax`` with the line, or ``script_too_long``."""
    if len(text) > LONGEST:
        raise errors.Invalid(
            "script_too_long",
            zh=f"脚本超过 {LONGEST} 个字符",
            en=f"the script is longer than {LONGEST} characters",
        )
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise _syntax(error.lineno or 0, error.msg) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise _syntax(0, type(error).__name__) from None
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assigned: set[str] = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            assigned.update(_declared_global(node))
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            assigned.add(node.id)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        todo.extend(ast.iter_child_nodes(node))
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return Names(frozenset(used), _attributes(tree), frozenset(assigned - own), frozenset(own | _defined(tree)))


def _defined(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def _attributes(tree: ast.AST) -> frozenset[tuple[str, str]]:
    return frozenset(
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )


def _declared_global(tree: ast.AST) -> set[str]:
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def _syntax(line: int, why: str) -> errors.Invalid:
    return errors.Invalid(
        "script_syntax",
        zh=f"脚本第 {line} 行语法错误：{why}",
        en=f"line {line} of the script is no Python: {why}",
        line=line,
    )
