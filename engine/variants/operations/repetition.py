"""How often and when: set loop, set timer."""

from typing import Any, ClassVar

from engine.definitions import steps
from engine.model import nodes, triggers
from engine.model.text import EN, ZH, Text, both
from engine.variants.draft import Draft, Refused
from engine.variants.operations.operation import Element, Setting


class SetLoop(Setting, frozen=True, kw_only=True, tag="set_loop"):
    """How often a step is done; None: once."""

    element: ClassVar[Element] = "logic"

    loop: dict[str, Any] | None

    def apply(self, draft: Draft) -> None:
        draft.change(draft.activity(self.target).id, **steps.loop(self.loop))

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        if self.loop is None:
            return both(zh=f"「{name[ZH]}」只做一次", en=f"{name[EN]} is done once")
        over = self.loop.get("collection") or self.loop.get("cardinality") or self.loop.get("while")
        return both(zh=f"「{name[ZH]}」按 {over} 重复", en=f"{name[EN]} is repeated for {over}")


class SetTimer(Setting, frozen=True, kw_only=True, tag="set_timer"):
    """When a timer event fires."""

    element: ClassVar[Element] = "logic"

    timer: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        node = draft.node(self.target)
        timers = [item for item in getattr(node, "triggers", ()) if isinstance(item, triggers.Timer)]
        if not isinstance(node, nodes.Event) or len(timers) != 1:
            raise Refused(
                "no_timer",
                zh=f"「{draft.name(self.target)[ZH]}」不是定时事件",
                en=f"{draft.name(self.target)[EN]!r} is no timer event",
                element=self.target,
            )
        new = steps.timer(self.timer)
        kept = tuple(new if isinstance(item, triggers.Timer) else item for item in node.triggers)
        draft.change(self.target, triggers=kept)

    def says(self, draft: Draft) -> Text:
        name, when = draft.name(self.target), self.timer["text"]
        return both(zh=f"「{name[ZH]}」的时间改为 {when}", en=f"{name[EN]} fires at {when}")
