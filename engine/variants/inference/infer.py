"""A copy of a process that somebody drew elsewhere, told as the shortest list of operations on its base.

What no operation says is told point by point, never passed over: ``compose(base, operations)`` is the drawing, or
``remains`` says where it is not.
"""

import itertools
from collections.abc import Collection

import msgspec

from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text
from engine.variants import canonical, compose
from engine.variants.draft import Draft
from engine.variants.inference import likeness, remains, search, settings, target, unsaid
from engine.variants.inference.distance import Aim
from engine.variants.inference.propose import NewId
from engine.variants.operations.kinds import AnyOperation

MOST_SHORTENED = 25
"""Operations up to which shorter lists are looked for: each is tried by composing anew."""
MOST_OPERATIONS = 200
"""Of a variant (schemas/variant.json)."""


class Inferred(msgspec.Struct, frozen=True, kw_only=True):
    operations: tuple[AnyOperation, ...]
    program: Program
    """What comes of them on the base."""
    remains: tuple[Problem, ...]
    """Where that is not what was drawn."""
    renamed: dict[str, str]
    """What is called otherwise than in the drawing: drawn id -> id here."""

    @property
    def exact(self) -> bool:
        return not self.remains


def infer(
    base: Program,
    drawn: Program,
    *,
    prefix: str,
    reason: Text,
    taken: Collection[str] = (),
    origin: Program | None = None,
) -> Inferred:
    """``prefix`` begins the ids of operations that do not name a new element; ``taken`` are ids never to be used.

    ``origin`` is the base's drawing by itself, where more stands beside it: what is drawn as there was not changed.
    """
    found = target.of(base, drawn, prefix=prefix)
    program = unsaid.filled(base, found.program, origin)
    aim = Aim(base, program)
    trail = search.search(base, aim, prefix=prefix, taken=frozenset(taken))
    names = _names(trail, prefix, taken)
    said, _ = settings.settings(trail.draft, program, names)
    operations = tuple(msgspec.structs.replace(one, reason=reason) for one in (*trail.operations, *said))[
        :MOST_OPERATIONS
    ]
    if len(operations) <= MOST_SHORTENED:
        operations = canonical.of(base, operations)
    composed = compose.compose(base, operations).program
    return Inferred(
        operations=operations,
        program=composed,
        remains=tuple(remains.remains(composed, program)),
        renamed=found.renamed,
    )


def same(base: Program, one: Program, drawn: Program) -> bool:
    """Whether two programs on one base mean the same, whatever idle gateways and second ends they have."""
    here, there = (target.of(base, each, prefix="x").program for each in (one, drawn))
    return likeness.same(unsaid.filled(base, here), unsaid.filled(base, there))


def _names(trail: search.Trail, prefix: str, taken: Collection[str]) -> NewId:
    draft: Draft = trail.draft
    used = {*taken, *draft.nodes, *draft.flows, *(one.id for one in trail.operations)}

    def new_id(kind: str, number: int) -> str:
        free = (name for n in itertools.count(1) if (name := f"{prefix}_{kind}_{n}") not in used)
        return next(itertools.islice(free, number, None))

    return new_id
