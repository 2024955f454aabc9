"""The shortest list of operations that does the same.

Last set wins; a set on what is deleted later, or that changes nothing, goes; insert and delete cancel; delete and
insert at the same place is replace; chains of moves collapse. Every rewriting is carried out only when the program
that comes of it is the same, so a list never changes its meaning here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from engine.model.program import Program, canonical
from engine.variants import compose
from engine.variants.operations.activities import Delete, Insert, Replace
from engine.variants.operations.kinds import AnyOperation, kind

Operations = tuple[AnyOperation, ...]


def of(base: Program, operations: Sequence[AnyOperation]) -> Operations:
    """Only for lists that apply without a problem; others are given back as they are."""
    now = tuple(operations)
    if compose.compose(base, now).problems:
        return now
    wanted = shape(compose.program(base, now))
    while True:
        better = next((new for new in _rewritings(base, now) if _makes(base, new, wanted)), None)
        if better is None:
            return now
        now = better


def _rewritings(base: Program, operations: Operations) -> Iterator[Operations]:
    """Each shorter list that might mean the same."""
    for later, operation in enumerate(operations):
        yield _without(operations, later)
        for earlier in range(later):
            first = operations[earlier]
            if kind(first) == kind(operation) and first.subject() and first.subject() == operation.subject():
                merged: AnyOperation = operation.over(first)  # type: ignore[arg-type]
                yield (*_without(operations[:later], earlier), merged, *operations[later + 1 :])
                yield (*operations[:earlier], merged, *_without(operations[earlier:], later - earlier)[1:])
            elif isinstance(first, Insert) and isinstance(operation, Delete) and operation.target == first.id:
                yield _without(_without(operations, later), earlier)
            elif isinstance(first, Delete) and isinstance(operation, Insert):
                replaced = Replace(id=operation.id, target=first.target, node=operation.node, reason=operation.reason)
                yield (*_without(operations[:later], earlier), replaced, *operations[later + 1 :])


def _without(operations: Operations, index: int) -> Operations:
    return (*operations[:index], *operations[index + 1 :])


def _makes(base: Program, operations: Operations, wanted: bytes) -> bool:
    composed = compose.compose(base, operations)
    return not composed.problems and shape(composed.program) == wanted


def shape(program: Program) -> bytes:
    """Equal for programs that mean the same: the ids of flows and the order of nodes in the file mean nothing, the
    order of the ways out of one node does."""
    defaults = {getattr(node, "default", "") for node in program.nodes} - {""}
    ways: dict[str, list[Any]] = {}
    for flow in program.flows:
        condition = None if flow.condition is None else (flow.condition.text, flow.condition.language)
        ways.setdefault(flow.source, []).append((flow.target, condition, flow.id in defaults))
    nodes = tuple(
        msgspec.structs.replace(node, default="") if getattr(node, "default", "") else node
        for node in sorted(program.nodes, key=lambda node: node.id)
    )
    bare = msgspec.structs.replace(program, nodes=nodes, flows=(), lanes=())
    return canonical(bare) + msgspec.json.encode(ways, order="sorted")
