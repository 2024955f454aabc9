"""Loop characteristics: standard loops and multi-instance, as the standard spells them; vendors' ways are theirs."""

from collections.abc import Sequence
from typing import Any

from engine.bpmn import data, expressions
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.expression import Expression, Language


def read(draft: Draft, dialects: Sequence[Dialect]) -> None:
    tag = draft.tag
    language = next((dialect.language for dialect in dialects if dialect.language), None)
    standard = tag.find(BPMN, "standardLoopCharacteristics")
    if standard is not None:
        draft.fields["standard_loop"] = _standard(standard, language)
    multi = tag.find(BPMN, "multiInstanceLoopCharacteristics")
    if multi is not None:
        draft.fields["loop"] = _multi(multi, draft, dialects, language)


def _standard(tag: Tag, language: Language | None) -> nodes.StandardLoop:
    condition = tag.find(BPMN, "loopCondition")
    maximum = tag.get("loopMaximum")
    tag.read.add("id")
    return nodes.StandardLoop(
        condition=expressions.spoken(condition, language) if condition is not None else None,
        test_before=tag.flag("testBefore"),
        maximum=int(maximum) if maximum.isdigit() else 0,
    )


def _multi(tag: Tag, draft: Draft, dialects: Sequence[Dialect], language: Language | None) -> nodes.MultiInstance:
    context = draft.context
    tag.read.update(("id", "behavior", "oneBehaviorEventRef", "noneBehaviorEventRef"))
    fields: dict[str, Any] = {"sequential": tag.flag("isSequential")}
    for name, field in (("loopCardinality", "cardinality"), ("completionCondition", "completion")):
        child = tag.find(BPMN, name)
        if child is not None:
            fields[field] = expressions.spoken(child, language)
    _items(tag, draft, fields)
    for dialect in dialects:
        dialect.loop(tag, fields, context)
    if tag.get("behavior") not in ("", "All") or tag.each(BPMN, "complexBehaviorDefinition"):
        context.warn(
            "loop_behaviour_ignored",
            tag,
            zh="多实例的事件行为（behavior）不起作用：所有实例完成后才继续",
            en="The multi-instance behavior is not carried out: the activity goes on when all instances are done",
        )
    if not fields.get("cardinality") and not fields.get("collection"):
        context.warn(
            "loop_without_number",
            tag,
            zh="多实例没有说明个数，也没有集合：按一个实例运行",
            en="The multi-instance activity has neither a number nor a collection: it runs once",
            mend=("填写循环次数或集合", "Give the cardinality or the collection"),
        )
        fields["cardinality"] = expressions.literal("1", tag.line)
    return nodes.MultiInstance(**fields)


def _items(tag: Tag, draft: Draft, fields: dict[str, Any]) -> None:
    """``loopDataInputRef`` names a variable, a data object, or a data input that an association fills."""
    source = tag.words(BPMN, "loopDataInputRef")
    if source:
        fields["collection"] = _collection(source, draft)
    target = tag.words(BPMN, "loopDataOutputRef")
    if target:
        fields["output_collection"] = _filled(target, draft)
    item = tag.find(BPMN, "inputDataItem")
    if item is not None:
        item.read.update(("id", "name", "itemSubjectRef", "isCollection"))
        fields["element"] = item.label or item.id
    result = tag.find(BPMN, "outputDataItem")
    if result is not None:
        result.read.update(("id", "name", "itemSubjectRef", "isCollection"))
        fields["output"] = expressions.variable(result.label or result.id, result.line)


def _collection(reference: str, draft: Draft) -> Expression:
    found = draft.context.refer(reference)
    if found is not None and found.name == "dataInput":
        for association in draft.tag.children:
            if association.name == "dataInputAssociation" and association.words(BPMN, "targetRef") == reference:
                source = draft.context.refer(association.words(BPMN, "sourceRef"))
                if source is not None:
                    return expressions.variable(data.variable(source, draft.context), association.line)
    name = data.variable(found, draft.context) if found is not None else reference
    return expressions.juel(name) if expressions.has_juel(name) else expressions.variable(name, draft.tag.line)


def _filled(reference: str, draft: Draft) -> str:
    found = draft.context.refer(reference)
    if found is not None and found.name == "dataOutput":
        for association in draft.tag.children:
            if association.name == "dataOutputAssociation" and association.words(BPMN, "sourceRef") == reference:
                target = draft.context.refer(association.words(BPMN, "targetRef"))
                if target is not None:
                    return data.variable(target, draft.context)
    return data.variable(found, draft.context) if found is not None else reference
