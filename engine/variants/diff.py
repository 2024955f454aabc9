"""What a variant changes, told from its operations: one line each, and marks for the drawing. A move stays a move."""

from collections.abc import Sequence

import msgspec

from engine.definitions.process import Definition
from engine.model.program import Program
from engine.model.text import Text
from engine.variants import compose, delta
from engine.variants.draft import Draft, Refused
from engine.variants.operations.kinds import AnyOperation, kind
from engine.variants.operations.operation import Element
from engine.variants.operations.order import Move
from engine.variants.words import Words

GHOST = "_ghost"
"""Behind the id of a way that the variant bent, where its old course is drawn as well."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One operation: what it says about the process as the operations before it left it. ``refused``: why it does not
    apply; empty when it does."""

    operation: str
    kind: str
    element: Element
    says: Text
    reason: Text
    touches: tuple[str, ...]
    """Ids of the nodes and flows that it made, changed or took away."""
    refused: Text = {}


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """For the drawing; ids of nodes and flows of the base or of the variant."""

    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    changed: dict[str, tuple[Element, ...]] = {}
    """Nodes and flows that stayed, with what about them is different."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    lines: tuple[Line, ...]
    marks: Marks
    fingerprint: compose.Fingerprint
    program: Program


def diff(
    base: Program,
    operations: Sequence[AnyOperation],
    *,
    definition: Definition | None = None,
    words: Words | None = None,
) -> Difference:
    """With ``definition`` the owner's bounds hold; with ``words`` sentences name things as the house does."""
    draft = Draft(base, words=words)
    lines: list[Line] = []
    applied: list[AnyOperation] = []
    for operation in operations:
        try:
            after = compose.apply(draft, operation, definition=definition)
        except Refused as refused:
            lines.append(_line(operation, draft, (), refused.text))
            continue
        lines.append(_line(operation, draft, _touched(draft, after), {}))
        applied.append(operation)
        draft = after
    program = draft.freeze() if applied else base
    return Difference(
        lines=tuple(lines),
        marks=marks(base, program, applied),
        fingerprint=compose.fingerprint(applied),
        program=program,
    )


def marks(base: Program, program: Program, operations: Sequence[AnyOperation]) -> Marks:
    """What is drawn green, red, blue and amber."""
    change = delta.between(base, program)
    pairs = {**change.nodes, **change.flows}
    by_id = {operation.id: operation for operation in operations}
    moved = {target for one in operations if isinstance(one, Move) for target in (one.target, one.to) if target}
    changed: dict[str, set[Element]] = {}
    for element_id, (old, new) in change.nodes.items():
        if old is not None and new is not None and element_id not in moved:
            changed.setdefault(element_id, set()).add(by_id[new.origin].element)
    for operation in operations:
        target = getattr(operation, "target", "")
        if operation.element not in ("activity", "logic") and target in pairs and None not in pairs[target]:
            changed.setdefault(target, set()).add(operation.element)
    return Marks(
        inserted=tuple(key for key, (old, _) in pairs.items() if old is None),
        deleted=tuple(key for key, (_, new) in pairs.items() if new is None),
        moved=tuple(sorted(moved & {node.id for node in program.nodes})),
        changed={key: tuple(sorted(elements)) for key, elements in changed.items()},
    )


def _line(operation: AnyOperation, draft: Draft, touches: tuple[str, ...], refused: Text) -> Line:
    return Line(
        operation=operation.id,
        kind=kind(operation),
        element=operation.element,
        says=operation.says(draft),
        reason=operation.reason,
        touches=touches,
        refused=refused,
    )


def _touched(before: Draft, after: Draft) -> tuple[str, ...]:
    old = {**before.nodes, **before.flows}
    new = {**after.nodes, **after.flows}
    return tuple(key for key in {**old, **new} if old.get(key) != new.get(key))


def ghosted(base: Program, difference: Difference) -> Program:
    """For a drawing only: the variant with what it takes away still in its old place."""
    gone = set(difference.marks.deleted)
    old = {node.id: node for node in base.nodes}
    kept = {node.id for node in difference.program.nodes}
    ghosts = [node for key, node in old.items() if key in gone]
    there = kept | {node.id for node in ghosts}
    ways = []
    for flow in base.flows:
        if {flow.source, flow.target} & {node.id for node in ghosts} and {flow.source, flow.target} <= there:
            ways.append(flow if flow.id in gone else msgspec.structs.replace(flow, id=f"{flow.id}{GHOST}"))
        elif flow.id in gone and {flow.source, flow.target} <= there:
            ways.append(flow)
    return msgspec.structs.replace(
        difference.program,
        nodes=(*difference.program.nodes, *ghosts),
        flows=(*difference.program.flows, *(msgspec.structs.replace(way, condition=None) for way in ways)),
    )
