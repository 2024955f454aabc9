"""Python that the sandbox's interpreter does not know yet, said in words that it knows; every line stays where it is.

``del name`` sets the name to None, ``del place[key]`` pops, ``del place[a:b]`` empties the slice; ``utcnow()`` is
``now()``, for the sandbox's clock stands in UTC.
"""

import ast

_Edit = tuple[int, int, int, int, str]
"""First line and column, last line and column (1-based lines, columns in bytes), and what stands there instead."""


def worded(text: str) -> str:
    """``text`` has been parsed before: it is Python."""
    if "del " not in text and "utcnow" not in text and "del(" not in text:
        return text
    edits: list[_Edit] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Delete):
            edits.append((*_place(node), "; ".join(_removed(target) for target in node.targets)))
        elif isinstance(node, ast.Attribute) and node.attr == "utcnow":
            edits.append((*_place(node), f"{ast.unparse(node.value)}.now"))
    lines = [line.encode() for line in text.split("\n")]
    for first, start, last, end, words in sorted(edits, reverse=True):
        gap = b"\n" * (last - first)
        lines[first - 1 : last] = [lines[first - 1][:start] + words.encode() + gap + lines[last - 1][end:]]
    return b"\n".join(lines).decode()


def _place(node: ast.stmt | ast.expr) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _removed(target: ast.expr) -> str:
    if isinstance(target, ast.Tuple | ast.List):
        return "; ".join(_removed(item) for item in target.elts) or "pass"
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
        return f"{ast.unparse(target)} = []"
    if isinstance(target, ast.Subscript):
        # None at the end: the statement has no value of its own.
        return f"{ast.unparse(target.value)}.pop({ast.unparse(target.slice)}); None"
    if isinstance(target, ast.Attribute):
        return f"delattr({ast.unparse(target.value)}, {target.attr!r})"
    return f"{ast.unparse(target)} = None"
