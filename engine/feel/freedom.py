"""Which variables an expression asks its surroundings for."""

from engine.feel import builtins, tree


def free_variables(node: tree.Node) -> frozenset[str]:
    """Names that neither the expression binds itself nor a built-in function has.

    Within a filter a name may be an entry of the element: it is reported all the same, for only the values tell.
    """
    found: set[str] = set()
    _collect(node, frozenset(), found)
    return frozenset(found)


def _collect(node: tree.Node, bound: frozenset[str], found: set[str]) -> None:
    if isinstance(node, tree.Name):
        if node.name not in bound and builtins.find(node.name) is None:
            found.add(node.name)
        return
    if isinstance(node, tree.ContextOf):
        for key, value in node.entries:
            _collect(value, bound, found)
            bound = bound | {key}
        return
    if isinstance(node, tree.For | tree.Quantified):
        for step in node.iterations:
            _collect(step.source, bound, found)
            if step.end is not None:
                _collect(step.end, bound, found)
            bound = bound | {step.name}
        _collect(node.body, bound | {"partial"}, found) if isinstance(node, tree.For) else _collect(
            node.test, bound, found
        )
        return
    if isinstance(node, tree.Filter):
        _collect(node.source, bound, found)
        _collect(node.test, bound | {"item"}, found)
        return
    if isinstance(node, tree.Lambda):
        bound = bound | {name for name, _ in node.parameters}
    for child in tree.children(node):
        _collect(child, bound, found)
