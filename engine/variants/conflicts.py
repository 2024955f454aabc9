"""What can stand between a variant and a new base, by name, with the choice that is offered first."""

import hashlib
from typing import Literal

import msgspec

from engine.model.problem import Problem
from engine.model.text import Text, both
from engine.variants.operations.kinds import AnyOperation, kind

Kind = Literal[
    "anchor_lost",
    "anchor_moved",
    "modify_modify",
    "modify_delete",
    "move_delete",
    "move_move",
    "delete_modify",
    "delete_replace",
    "same_place",
    "context",
    "policy",
    "semantic",
]
Choice = Literal["keep", "drop", "reanchor", "ask"]
"""``keep`` the variant's operation as it is, ``drop`` it, ``reanchor`` it as proposed; ``ask`` offers nothing."""

OFFERED: dict[Kind, Choice] = {
    "anchor_lost": "reanchor",
    "anchor_moved": "keep",
    "modify_modify": "keep",
    "modify_delete": "ask",
    "move_delete": "ask",
    "move_move": "ask",
    "delete_modify": "keep",
    "delete_replace": "ask",
    "same_place": "ask",
    "context": "ask",
    "policy": "drop",
    "semantic": "ask",
}

_SAYS: dict[Kind, tuple[str, str]] = {
    "anchor_lost": ("新基线中没有了它所依附的位置", "the place that it hangs on is gone from the new base"),
    "anchor_moved": ("新基线移动了它所依附的步骤", "the new base moved the step that it hangs on"),
    "modify_modify": ("新基线也改了同一处", "the new base changed the same thing"),
    "modify_delete": ("新基线取消了它所改的步骤", "the new base took away the step that it changes"),
    "move_delete": ("新基线取消了它所移动的步骤", "the new base took away the step that it moves"),
    "move_move": ("新基线也移动了这个步骤", "the new base moved the step as well"),
    "delete_modify": ("新基线改了它所取消的步骤", "the new base changed the step that it takes away"),
    "delete_replace": ("新基线取消了它所替换的步骤", "the new base took away the step that it replaces"),
    "same_place": (
        "新基线在同一位置也加了步骤，先后不明",
        "the new base put a step at the same place: which comes first?",
    ),
    "context": ("新基线的结构使它无法应用", "the structure of the new base does not allow it"),
    "policy": ("新基线的规定不允许它", "the new base's bounds forbid it"),
    "semantic": ("合并后的流程不可靠或违反规则", "the process that comes of it is unsound or breaks a rule"),
}


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """``operation`` is empty for ``semantic``: the whole is at fault; ``problems`` then say how, with the trace."""

    kind: Kind
    operation: str
    elements: tuple[str, ...]
    offered: Choice
    says: Text
    signature: str
    """Equal for the same conflict of sibling variants: a decision is remembered by it."""
    proposed: AnyOperation | None = None
    problems: tuple[Problem, ...] = ()


def found(
    which: Kind,
    operation: AnyOperation,
    elements: tuple[str, ...],
    *,
    proposed: AnyOperation | None = None,
    problems: tuple[Problem, ...] = (),
) -> Conflict:
    zh, en = _SAYS[which]
    offered = OFFERED[which] if which != "anchor_lost" or proposed is not None else "ask"
    return Conflict(
        kind=which,
        operation=operation.id,
        elements=elements,
        offered=offered,
        says=both(zh=zh, en=en),
        signature=signature(which, operation, elements),
        proposed=proposed,
        problems=problems,
    )


def whole(problems: tuple[Problem, ...]) -> Conflict:
    """The merged process is wrong although every operation applied."""
    zh, en = _SAYS["semantic"]
    elements = tuple(sorted({problem.element for problem in problems if problem.element}))
    return Conflict(
        kind="semantic",
        operation="",
        elements=elements,
        offered="ask",
        says=both(zh=zh, en=en),
        signature="semantic:" + ",".join(elements),
        problems=problems,
    )


def signature(which: Kind, operation: AnyOperation, elements: tuple[str, ...]) -> str:
    """Kind of conflict, kind of operation, elements, and what the operation says; not who says it or why."""
    said = {key: value for key, value in msgspec.to_builtins(operation).items() if key not in ("id", "reason")}
    text = msgspec.json.encode([which, kind(operation), elements, said], order="sorted")
    return hashlib.sha256(text).hexdigest()
