"""Who carries a step out: set performer, automate, do by person."""

from typing import Any, ClassVar, Self

import msgspec

from engine.definitions import folder, steps
from engine.definitions.process import Definition
from engine.model import nodes
from engine.model.text import EN, ZH, Text, both
from engine.variants.draft import Draft, Refused
from engine.variants.operations.activities import misfitting
from engine.variants.operations.operation import Element, Setting
from engine.variants.operations.way import known_decision

_SHARED = nodes.Activity.__struct_fields__
"""What a step keeps when only the kind of who carries it out changes."""


class SetPerformer(Setting, frozen=True, kw_only=True, tag="set_performer"):
    """``assignee``, ``users``, ``groups`` and ``rule`` replace the base's together, the rest one by one."""

    element: ClassVar[Element] = "performer"

    performer: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        for step in self.performer.get("exclude_performers_of", ()):
            draft.node(step)
        try:
            draft.put(steps.overlay(draft.node(self.target), {"performer": self.performer}))
        except steps.DoesNotFit as misfit:
            raise misfitting(misfit, self.target) from misfit

    def over(self, earlier: Self) -> Self:
        people = {"assignee", "users", "groups", "rule"}
        kept = {
            key: said
            for key, said in earlier.performer.items()
            if key not in people or not people & self.performer.keys()
        }
        return msgspec.structs.replace(self, performer={**kept, **self.performer})

    def says(self, draft: Draft) -> Text:
        name, who = draft.name(self.target), draft.words.people(self.performer)
        return both(zh=f"「{name[ZH]}」由{who[ZH]}承担", en=f"{name[EN]} is done by {who[EN]}")

    def violates(self, draft: Draft, definition: Definition) -> Text | None:
        return outside_groups(self.target, self.performer, definition)


class Automate(Setting, frozen=True, kw_only=True, tag="automate"):
    """The system does what a person did: by a service, a decision or a script. The step keeps its id."""

    element: ClassVar[Element] = "performer"

    work: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    script: dict[str, Any] | None = None

    def apply(self, draft: Draft) -> None:
        old = _step(draft, self.target)
        if self.decision is not None:
            known_decision(draft, self.decision["key"], self.target)
            draft.put(steps.overlay(_as(nodes.BusinessRuleTask, old), {"decision": self.decision}))
        elif self.script is not None:
            draft.put(steps.overlay(_as(nodes.ScriptTask, old), {"script": self.script}))
        elif self.work is not None:
            draft.put(steps.overlay(_as(nodes.ServiceTask, old), {"work": self.work}))
        _forget_in_four_eyes(draft, self.target)

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        by = (self.decision or {}).get("key") or (self.work or {}).get("handler")
        zh, en = (f"（{by}）", f" ({by})") if by else ("", "")
        return both(zh=f"「{name[ZH]}」由系统自动完成{zh}", en=f"{name[EN]} is done by the system{en}")


class DoByPerson(Setting, frozen=True, kw_only=True, tag="do_by_person"):
    """A person does what the system did. The step keeps its id."""

    element: ClassVar[Element] = "performer"

    performer: dict[str, Any]
    form: str = ""

    def apply(self, draft: Draft) -> None:
        old = _step(draft, self.target)
        if self.form and self.form not in draft.program.forms:
            raise Refused(
                "form_missing", zh=f"找不到表单 {self.form}", en=f"there is no form {self.form!r}", element=self.target
            )
        parts = {"performer": self.performer} | ({"form": self.form} if self.form else {})
        task = steps.overlay(_as(nodes.UserTask, old), parts)
        draft.put(folder.with_buttons(task, draft.program.forms))

    def says(self, draft: Draft) -> Text:
        name, who = draft.name(self.target), draft.words.people(self.performer)
        return both(zh=f"「{name[ZH]}」改由人工完成：{who[ZH]}", en=f"{name[EN]} is done by a person: {who[EN]}")

    def violates(self, draft: Draft, definition: Definition) -> Text | None:
        return outside_groups(self.target, self.performer, definition)


def outside_groups(target: str, performer: dict[str, Any], definition: Definition) -> Text | None:
    """The owner names the only staff groups that may do a step: a variant must stay among them, and cannot name
    people one by one, who may be of any group."""
    allowed = definition.policy_of(target).performer_groups
    if not allowed or not performer.keys() & {"assignee", "users", "groups", "rule"}:
        return None
    if performer.get("groups") and set(performer["groups"]) <= set(allowed) and not performer.get("users"):
        return None
    listed = ", ".join(allowed)
    return both(zh=f"只能由这些组承担：{listed}", en=f"only these groups may do it: {listed}")


def _step(draft: Draft, target: str) -> nodes.Activity:
    node = draft.activity(target)
    if isinstance(node, nodes.SubProcess | nodes.CallActivity):
        raise Refused(
            "no_single_step",
            zh=f"「{draft.name(target)[ZH]}」是子流程或调用活动，没有单一的承担者",
            en=f"{draft.name(target)[EN]!r} is a sub-process or call: no single performer carries it out",
            element=target,
        )
    return node


def _as(kind: type[nodes.Activity], node: nodes.Activity) -> nodes.AnyNode:
    return kind(**{field: getattr(node, field) for field in _SHARED})  # type: ignore[return-value]


def _forget_in_four_eyes(draft: Draft, target: str) -> None:
    """Nobody did an automatic step: rules that exclude its performers would exclude nobody and are taken back."""
    for node in list(draft.nodes.values()):
        who = getattr(node, "performer", None)
        if who is not None and target in who.exclude_performers_of:
            left = tuple(step for step in who.exclude_performers_of if step != target)
            draft.change(node.id, performer=msgspec.structs.replace(who, exclude_performers_of=left))
