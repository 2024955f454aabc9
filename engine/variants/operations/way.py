"""How a step is carried out: form, service, channel, script, decision, called process, names, parameters."""

from typing import Any, ClassVar, Self

import msgspec

from engine.definitions import folder, steps
from engine.definitions.process import Definition
from engine.model import nodes
from engine.model.expression import Mapping
from engine.model.text import EN, ZH, Text, both
from engine.variants import words
from engine.variants.draft import Draft, Refused
from engine.variants.operations.activities import misfitting
from engine.variants.operations.operation import Element, Setting


class Way(Setting, frozen=True, kw_only=True):
    element: ClassVar[Element] = "way"

    def lay(self, draft: Draft, **parts: Any) -> None:
        """Lay the parts over the target. Refused where such a node cannot have them."""
        try:
            draft.put(steps.overlay(draft.node(self.target), parts))
        except steps.DoesNotFit as misfit:
            raise misfitting(misfit, self.target) from misfit


class SetForm(Way, frozen=True, kw_only=True, tag="set_form"):
    form: str

    def apply(self, draft: Draft) -> None:
        if self.form not in draft.program.forms:
            raise Refused(
                "form_missing", zh=f"找不到表单 {self.form}", en=f"there is no form {self.form!r}", element=self.target
            )
        self.lay(draft, form=self.form)
        node = draft.node(self.target)
        if isinstance(node, nodes.UserTask):
            bare = msgspec.structs.replace(node, actions=())
            draft.put(folder.with_buttons(bare, draft.program.forms))

    def says(self, draft: Draft) -> Text:
        name, form = draft.name(self.target), words.form(draft.program, self.form)
        return both(zh=f"「{name[ZH]}」使用表单“{form[ZH]}”", en=f"{name[EN]} uses the form “{form[EN]}”")


class SetService(Way, frozen=True, kw_only=True, tag="set_service"):
    work: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        self.lay(draft, work=self.work)

    def says(self, draft: Draft) -> Text:
        name, handler = draft.name(self.target), self.work["handler"]
        return both(zh=f"「{name[ZH]}」由服务 {handler} 完成", en=f"{name[EN]} is done by the service {handler}")


class SetChannel(Way, frozen=True, kw_only=True, tag="set_channel"):
    """Over which channel, and with which template, a notice goes: two parameters of the step's work."""

    channel: str
    template: str = ""

    def apply(self, draft: Draft) -> None:
        work = getattr(draft.node(self.target), "work", None)
        if not isinstance(work, nodes.Work):
            raise Refused(
                "part_does_not_fit",
                zh=f"「{draft.name(self.target)[ZH]}」不发送任何内容",
                en=f"{draft.name(self.target)[EN]!r} sends nothing",
                element=self.target,
            )
        said = {"channel": self.channel} | ({"template": self.template} if self.template else {})
        kept = tuple(item for item in work.parameters if item.target not in said)
        new = tuple(Mapping(target=key, source=steps.value(given)) for key, given in said.items())
        draft.change(self.target, work=msgspec.structs.replace(work, parameters=(*kept, *new)))

    def over(self, earlier: Self) -> Self:
        return self if self.template else msgspec.structs.replace(self, template=earlier.template)

    def says(self, draft: Draft) -> Text:
        name, channel = draft.name(self.target), words.channel(self.channel)
        return both(zh=f"「{name[ZH]}」改用{channel[ZH]}", en=f"{name[EN]} goes by {channel[EN]}")


class SetScript(Way, frozen=True, kw_only=True, tag="set_script"):
    script: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        self.lay(draft, script=self.script)

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        return both(zh=f"「{name[ZH]}」换用另一段计算", en=f"{name[EN]} computes otherwise")


class SetDecision(Way, frozen=True, kw_only=True, tag="set_decision"):
    decision: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        known_decision(draft, self.decision["key"], self.target)
        self.lay(draft, decision=self.decision)

    def says(self, draft: Draft) -> Text:
        name, key = draft.name(self.target), self.decision["key"]
        return both(zh=f"「{name[ZH]}」按决策表 {key}", en=f"{name[EN]} follows the decision {key}")


class SetCall(Way, frozen=True, kw_only=True, tag="set_call"):
    call: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        self.lay(draft, call=self.call)

    def says(self, draft: Draft) -> Text:
        name, process = draft.name(self.target), draft.words.process(self.call["process"])
        return both(zh=f"「{name[ZH]}」调用流程 {process[ZH]}", en=f"{name[EN]} calls the process {process[EN]}")


class SetNames(Way, frozen=True, kw_only=True, tag="set_names"):
    names: Text

    def apply(self, draft: Draft) -> None:
        if self.target in draft.flows:
            draft.bend(self.target, texts=dict(self.names))
        else:
            draft.change(draft.node(self.target).id, texts=dict(self.names))

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        return both(zh=f"「{name[ZH]}」改称「{self.names[ZH]}」", en=f"{name[EN]} is called {self.names[EN]}")


class SetParameter(Way, frozen=True, kw_only=True, tag="set_parameter"):
    """A limit, a threshold: ``target`` is the parameter's name."""

    value: Any

    def apply(self, draft: Draft) -> None:
        if self.target not in draft.parameters:
            raise Refused(
                "element_unknown",
                zh=f"流程没有参数 {self.target}",
                en=f"the process has no parameter {self.target!r}",
                element=self.target,
            )
        draft.parameters[self.target] = self.value

    def says(self, draft: Draft) -> Text:
        name, value = draft.words.parameter(self.target), draft.words.value(self.target, self.value)
        old = draft.words.value(self.target, draft.parameters.get(self.target))
        return both(zh=f"{name[ZH]}：{value[ZH]}（原为 {old[ZH]}）", en=f"{name[EN]}: {value[EN]} (was {old[EN]})")

    def violates(self, draft: Draft, definition: Definition) -> Text | None:
        bounds = definition.parameters.get(self.target)
        if bounds is None:
            return None
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            if bounds.minimum is not None and self.value < bounds.minimum:
                return both(zh=f"不得小于 {bounds.minimum:g}", en=f"not below {bounds.minimum:g}")
            if bounds.maximum is not None and self.value > bounds.maximum:
                return both(zh=f"不得大于 {bounds.maximum:g}", en=f"not above {bounds.maximum:g}")
        elif isinstance(bounds.value, int | float) and not isinstance(bounds.value, bool):
            return both(zh="必须是数字", en="must be a number")
        if bounds.enum and self.value not in bounds.enum:
            return both(zh=f"只能取 {list(bounds.enum)}", en=f"must be one of {list(bounds.enum)}")
        return None


def known_decision(draft: Draft, key: str, element: str) -> None:
    if key not in draft.program.decisions:
        raise Refused("decision_missing", zh=f"找不到决策 {key}", en=f"there is no decision {key!r}", element=element)
