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
_WITHOUT = both(zh="放弃此变更", en="Do without this change")
CHOICES: dict[Kind, dict[Choice, Text]] = {
    "anchor_lost": {
        "reanchor": both(zh="接在仍在的相邻步骤之后", en="Put it behind the nearest step that is still there"),
        "drop": _WITHOUT,
    },
    "anchor_moved": {
        "keep": both(zh="随该步骤一起移动", en="Let it travel along with that step"),
        "reanchor": both(zh="留在原来的位置", en="Leave it where it was"),
        "drop": _WITHOUT,
    },
    "modify_modify": {
        "keep": both(zh="保留本变体的设定", en="Keep what the variant says"),
        "drop": both(zh="采用新基准的设定", en="Take what the new base says"),
    },
    "modify_delete": {"drop": both(zh="接受取消该步骤", en="Accept that the step is gone")},
    "move_delete": {"drop": both(zh="接受取消该步骤", en="Accept that the step is gone")},
    "move_move": {
        "keep": both(zh="放在本变体的位置", en="Put it where the variant says"),
        "drop": both(zh="放在新基准的位置", en="Leave it where the new base says"),
    },
    "delete_modify": {
        "keep": both(zh="仍然取消该步骤", en="Leave the step out all the same"),
        "drop": both(zh="恢复该步骤，按新基准办理", en="Have the step back as the new base has it"),
    },
    "delete_replace": {
        "reanchor": both(zh="代替的步骤仍留在原处", en="Keep the replacement where the step was"),
        "drop": both(zh="接受取消该步骤", en="Accept that the step is gone"),
    },
    "same_place": {
        "keep": both(zh="本变体的步骤在前", en="The variant's step comes first"),
        "reanchor": both(zh="新基准的步骤在前", en="The base's step comes first"),
        "drop": _WITHOUT,
    },
    "context": {"drop": _WITHOUT},
    "policy": {"drop": _WITHOUT},
    "semantic": {},
}
"""What can be decided about each kind, in plain words. A merged process that is wrong has to be mended instead."""

_SAYS: dict[Kind, tuple[str, str]] = {
    "anchor_lost": ("新基准中没有了它所依附的位置", "the place that it hangs on is gone from the new base"),
    "anchor_moved": ("新基准移动了它所依附的步骤", "the new base moved the step that it hangs on"),
    "modify_modify": ("新基准也改了同一处", "the new base changed the same thing"),
    "modify_delete": ("新基准取消了它所改的步骤", "the new base took away the step that it changes"),
    "move_delete": ("新基准取消了它所移动的步骤", "the new base took away the step that it moves"),
    "move_move": ("新基准也移动了这个步骤", "the new base moved the step as well"),
    "delete_modify": ("新基准改了它所取消的步骤", "the new base changed the step that it takes away"),
    "delete_replace": ("新基准取消了它所替换的步骤", "the new base took away the step that it replaces"),
    "same_place": (
        "新基准在同一位置也加了步骤，先后不明",
        "the new base put a step at the same place: which comes first?",
    ),
    "context": ("新基准的结构使它无法应用", "the structure of the new base does not allow it"),
    "policy": ("新基准的规定不允许它", "the new base's bounds forbid it"),
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
    """What ``reanchor`` would put in the operation's place."""
    problems: tuple[Problem, ...] = ()

    @property
    def choices(self) -> dict[Choice, Text]:
        """What can be decided about it, the choice that is offered first."""
        open_to = {
            choice: says
            for choice, says in CHOICES[self.kind].items()
            if choice != "reanchor" or self.proposed is not None
        }
        return dict(sorted(open_to.items(), key=lambda pair: pair[0] != self.offered))


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
        signature=hashlib.sha256(msgspec.json.encode(["semantic", elements])).hexdigest(),
        problems=problems,
    )


def signature(which: Kind, operation: AnyOperation, elements: tuple[str, ...]) -> str:
    """Kind of conflict, kind of operation, elements, and what the operation says; not who says it or why."""
    said = {key: value for key, value in msgspec.to_builtins(operation).items() if key not in ("id", "reason")}
    text = msgspec.json.encode([which, kind(operation), elements, said], order="sorted")
    return hashlib.sha256(text).hexdigest()
