"""What every operation has: an id for ever, a reason, the element of the process it changes, and one deed."""

from typing import ClassVar, Literal, Self

import msgspec

from engine.definitions.process import Definition
from engine.model.text import Text
from engine.variants.draft import Draft

Element = Literal["activity", "logic", "way", "performer", "service_level"]
"""The four elements of a process, and the fifth group: service level and resources."""

ELEMENTS: tuple[Element, ...] = ("activity", "logic", "way", "performer", "service_level")


class Operation(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True, forbid_unknown_fields=True
):
    """``apply`` changes the draft or raises Refused before it changes anything that is kept.

    ``says`` is one sentence for people, about the draft as it is before the operation.
    """

    element: ClassVar[Element]

    id: str
    reason: Text = {}

    def apply(self, draft: Draft) -> None:
        raise NotImplementedError

    def says(self, draft: Draft) -> Text:
        raise NotImplementedError

    def needs(self) -> frozenset[str]:
        """Ids of steps, flows and parameters that must be there for it to make sense."""
        raise NotImplementedError

    def subject(self) -> str:
        """What a later operation of the same kind on the same subject overrides; empty when nothing does."""
        return ""

    def over(self, earlier: Self) -> Self:
        """This operation when it alone must do what ``earlier``, of the same kind and subject, and it did."""
        return self

    def violates(self, draft: Draft, definition: Definition) -> Text | None:
        """What the owner's bounds say against it beyond deleting, moving, inserting and changing at all."""
        return None


class Setting(Operation, frozen=True, kw_only=True):
    """An operation that says how one thing is from now on: the last one counts."""

    target: str

    def needs(self) -> frozenset[str]:
        return frozenset({self.target})

    def subject(self) -> str:
        return self.target
