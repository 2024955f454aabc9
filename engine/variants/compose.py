"""Base and operations become one program: composed once, frozen, hashed, with provenance on every element."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from engine import errors
from engine.definitions.process import Definition
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import EN, ZH, Text, both
from engine.variants import bounds
from engine.variants.draft import Draft, Refused
from engine.variants.operations.kinds import AnyOperation
from engine.variants.operations.operation import ELEMENTS

_WORDS = {
    "activity": ("个活动", "activity", "activities"),
    "logic": ("处逻辑", "logic", "logic"),
    "way": ("处方式", "way", "ways"),
    "performer": ("处承担者", "performer", "performers"),
    "service_level": ("处服务水平", "service level", "service levels"),
}


class Fingerprint(msgspec.Struct, frozen=True):
    """How many operations change each element of the process."""

    activity: int = 0
    logic: int = 0
    way: int = 0
    performer: int = 0
    service_level: int = 0

    def __add__(self, other: "Fingerprint") -> "Fingerprint":
        return Fingerprint(*(getattr(self, element) + getattr(other, element) for element in ELEMENTS))

    @property
    def total(self) -> int:
        return self.activity + self.logic + self.way + self.performer + self.service_level

    def says(self) -> Text:
        """*3 activities, 2 logic, 1 way*; empty when nothing differs."""
        counted = [(getattr(self, element), *_WORDS[element]) for element in ELEMENTS if getattr(self, element)]
        return both(
            zh="、".join(f"{number} {zh}" for number, zh, _, _ in counted),
            en=", ".join(f"{number} {one if number == 1 else many}" for number, _, one, many in counted),
        )


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """``problems`` name operations that could not be applied; ``program`` then lacks what they would have done."""

    program: Program
    fingerprint: Fingerprint
    applied: tuple[str, ...]
    """Ids of the operations that were applied."""
    problems: tuple[Problem, ...] = ()


def fingerprint(operations: Iterable[AnyOperation]) -> Fingerprint:
    counted = Counter(operation.element for operation in operations)
    return Fingerprint(*(counted[element] for element in ELEMENTS))


def compose(base: Program, operations: Sequence[AnyOperation], *, definition: Definition | None = None) -> Composed:
    """All operations in order, from the root group's to the leaf's; an operation that is refused is left out and told.

    With ``definition`` the owner's bounds hold.
    """
    draft = Draft(base)
    applied: list[AnyOperation] = []
    problems: list[Problem] = []
    for number, operation in enumerate(operations):
        try:
            draft = apply(draft, operation, definition=definition)
            applied.append(operation)
        except Refused as refused:
            problems.append(problem(refused, number, operation))
    return Composed(
        program=draft.freeze() if applied else base,
        fingerprint=fingerprint(applied),
        applied=tuple(operation.id for operation in applied),
        problems=tuple(problems),
    )


def program(base: Program, operations: Sequence[AnyOperation], *, definition: Definition | None = None) -> Program:
    """The composed program. Raises Invalid when any operation cannot be applied."""
    composed = compose(base, operations, definition=definition)
    if composed.problems:
        raise errors.Invalid(
            "variant_does_not_fit",
            zh=f"有 {len(composed.problems)} 处变更无法应用",
            en=f"{len(composed.problems)} of {len(operations)} operations cannot be applied",
            problems=composed.problems,
        )
    return composed.program


def apply(draft: Draft, operation: AnyOperation, *, definition: Definition | None = None) -> Draft:
    """A new draft with the operation applied. Raises Refused; ``draft`` stays as it is."""
    after = draft.copy(origin=operation.id)
    if operation.id in draft.nodes or operation.id in draft.flows:
        after.claim(operation.id)
    operation.apply(after)
    if definition is not None:
        bounds.hold(operation, draft, after, definition)
    return after


def problem(refused: Refused, number: int, operation: AnyOperation) -> Problem:
    return Problem(
        code=refused.code,
        text=both(
            zh=f"变更 {operation.id}：{refused.text[ZH]}",
            en=f"operation {operation.id!r}: {refused.text[EN]}",
        ),
        element=refused.element,
        pointer=f"/operations/{number}",
    )
