"""Where a text means something else once it is written as FEEL: shown to its author before converting."""

from collections.abc import Iterator

from engine.feel import messages, tree
from engine.feel.run import Warning
from engine.feel.values import is_number


def hazards(node: tree.Node, *, conditional: bool) -> tuple[Warning, ...]:
    """In the order of the text. ``conditional``: the value itself counts as a condition in the original language."""
    found = [warning for part in tree.walk(node) for warning in _of(part)]
    if conditional and isinstance(node, tree.Name | tree.Path | tree.Index):
        found.append(_warning("bare_value", node))
    return tuple(sorted(found, key=lambda warning: warning.position))


def _of(node: tree.Node) -> Iterator[Warning]:
    if isinstance(node, tree.Truthy):
        yield _warning("bare_value", node)
    if not isinstance(node, tree.Loose):
        return
    values = [side.value for side in (node.left, node.right) if isinstance(side, tree.Literal)]
    if any(value in ("true", "false") for value in values if isinstance(value, str)):
        yield _warning("text_boolean", node)
    elif any(isinstance(value, str) and value.strip("-").replace(".", "", 1).isdigit() for value in values):
        yield _warning("text_number", node)
    if node.operator in ("<", "<=", ">", ">=") and not values:
        yield _warning("unknown_order", node)
    if (
        node.operator == "+"
        and any(isinstance(value, str) for value in values)
        and not all(map(_is_text, (node.left, node.right)))
    ):
        yield _warning("mixed_sum", node)


def _is_text(node: tree.Node) -> bool:
    if isinstance(node, tree.Loose):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, tree.Literal) and not is_number(node.value)


def _warning(code: str, node: tree.Node) -> Warning:
    return Warning(code, messages.text(code, {}), node.at)
