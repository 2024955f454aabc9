"""Data objects, stores, properties, input and output specifications, and the associations between them."""

from collections.abc import Sequence
from typing import Any

from engine.bpmn import expressions
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.expression import Mapping
from engine.model.program import DataItem

ITEMS = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "property"})
_AWARE = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "property"})

_NAMED = frozenset({"property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem"})


def item(tag: Tag, context: Context, dialects: Sequence[Dialect], *, scope: str) -> DataItem:
    """A data object, reference, store reference or property as a variable."""
    tag.take().read.update(("name", "itemSubjectRef", "dataObjectRef", "dataStoreRef", "id"))
    for state in tag.each(BPMN, "dataState"):
        state.take_all()
    target = tag
    if tag.name == "dataObjectReference":
        target = context.refer(tag.get("dataObjectRef"), "dataObject") or tag
    elif tag.name == "dataStoreReference":
        target = context.refer(tag.get("dataStoreRef"), "dataStore") or tag
        target.take().read.update(("name", "itemSubjectRef", "capacity", "isUnlimited", "id"))
    fields: dict[str, Any] = {
        "id": tag.id,
        "name": tag.label,
        "scope": scope,
        "kind": tag.name,
        "collection": tag.flag("isCollection") or target.flag("isCollection"),
    }
    for dialect in dialects:
        dialect.data(tag, fields, context)
    return DataItem(**fields)


def variable(tag: Tag, context: Context) -> str:
    """The variable that an item-aware element stands for: its name when that is a plain word, else its id."""
    if tag.name == "dataObjectReference":
        tag = context.refer(tag.attributes.get("dataObjectRef", ""), "dataObject") or tag
    if tag.name in _NAMED and tag.label:
        return " ".join(tag.label.split())
    return tag.id


def specification(tag: Tag, process: Tag) -> tuple[list[DataItem], list[str], list[str]]:
    """A process's own ``ioSpecification``: its inputs and outputs as items, the ids of the outputs, and of those the
    ones that may be missing."""
    items, outputs, optional = [], [], []
    for spec in tag.each(BPMN, "ioSpecification"):
        _take_sets(spec)
        for child in spec.children:
            if child.ns == BPMN and child.name in ("dataInput", "dataOutput"):
                child.take().read.update(("id", "name", "isCollection", "itemSubjectRef"))
                name = child.label if child.label.isidentifier() else child.id
                items.append(DataItem(id=child.id, name=name, kind=child.name, collection=child.flag("isCollection")))
                if child.name == "dataOutput":
                    outputs.append(child.id)
        optional += [one.text.strip() for one in spec.walk() if one.ns == BPMN and one.name == "optionalOutputRefs"]
    return items, outputs, [one for one in outputs if one in optional]


def mappings(draft: Draft) -> None:
    """``inputs`` and ``outputs`` of an activity or event from its specification and data associations."""
    tag, context = draft.tag, draft.context
    for spec in tag.each(BPMN, "ioSpecification"):
        _take_sets(spec)
        for child in spec.children:
            if child.ns == BPMN and child.name in ("dataInput", "dataOutput"):
                child.take().read.update(child.attributes)
    for name in ("dataInput", "dataOutput"):
        for child in tag.each(BPMN, name):
            child.read.update(child.attributes)
    for name in ("inputSet", "outputSet"):
        for child in tag.each(BPMN, name):
            child.take_all()
    draft.add("inputs", *_associations(tag, "dataInputAssociation", context))
    draft.add("outputs", *_associations(tag, "dataOutputAssociation", context))


def _take_sets(spec: Tag) -> None:
    spec.read.update(("id",))
    for name in ("inputSet", "outputSet"):
        for child in spec.each(BPMN, name):
            child.take_all()


def _associations(tag: Tag, name: str, context: Context) -> list[Mapping]:
    found: list[Mapping] = []
    for association in tag.each(BPMN, name):
        association.read.update(("id",))
        found.extend(_association(association, context))
    return found


def _association(association: Tag, context: Context) -> list[Mapping]:
    sources = [context.refer(ref.text.strip()) for ref in association.each(BPMN, "sourceRef")]
    target = context.refer(association.words(BPMN, "targetRef"))
    assignments = association.each(BPMN, "assignment")
    if assignments:
        return [mapping for item in assignments for mapping in _assignment(item, target, context)]
    if target is None:
        return []
    name = variable(target, context)
    transformation = association.find(BPMN, "transformation")
    if transformation is not None:
        expression = expressions.spoken(transformation)
        return [Mapping(target=name, source=expression)] if expression is not None else []
    source = next((found for found in sources if found is not None), None)
    if source is None or variable(source, context) == name:
        return []
    if source.name in _AWARE and target.name in _AWARE:
        return []
    return [Mapping(target=name, source=expressions.variable(variable(source, context), association.line))]


def _assignment(tag: Tag, target: Tag | None, context: Context) -> list[Mapping]:
    """``from`` is a constant unless it is an expression of a language or names an item; ``to`` names the variable."""
    source, to = tag.find(BPMN, "from"), tag.find(BPMN, "to")
    tag.read.add("id")
    if source is None or to is None:
        return []
    for part in (source, to):
        part.read.update(part.attributes)
    named = context.refer(to.text.strip()) or target
    name = variable(named, context) if named is not None else to.text.strip()
    if not name:
        return []
    text = source.text.strip()
    item = context.refer(text)
    if item is not None and item.name in _AWARE | _NAMED:
        return [Mapping(target=name, source=expressions.variable(variable(item, context), source.line))]
    if expressions.has_juel(text) or source.has("language"):
        expression = expressions.spoken(source)
        return [Mapping(target=name, source=expression)] if expression is not None else []
    return [Mapping(target=name, source=expressions.literal(text, source.line))]
