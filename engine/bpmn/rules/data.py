"""Data: items, sets and associations, and what must fit together across them; that of work is in work.py."""

from collections.abc import Iterator

from engine.bpmn.rules.rule import SUB_PROCESSES, Model, Rule, kid_texts, kids
from engine.bpmn.tag import Tag

_THROWING = ("intermediateThrowEvent", "endEvent")
_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
_WITH_ITEMS = {
    "messageEventDefinition": ("messageRef", "itemRef"),
    "errorEventDefinition": ("errorRef", "structureRef"),
    "escalationEventDefinition": ("escalationRef", "structureRef"),
    "signalEventDefinition": ("signalRef", "structureRef"),
}


def collection_mismatch(model: Model) -> Iterator[Tag]:
    for tag in model.all("dataObject", "dataInput", "dataOutput"):
        item = model.context.refer(tag.attributes.get("itemSubjectRef", ""), "itemDefinition")
        if item is not None and tag.attributes.get("isCollection", "false") != item.attributes.get(
            "isCollection", "false"
        ):
            yield tag


def reference_name(model: Model) -> Iterator[Tag]:
    for tag in model.all("dataObjectReference"):
        target = model.context.refer(tag.attributes.get("dataObjectRef", ""), "dataObject")
        states = [state.label for state in kids(tag, "dataState")]
        if target is not None and states and tag.label and tag.label != f"{target.label} [{states[0]}]":
            yield tag


def sub_process_specification(model: Model) -> Iterator[Tag]:
    return (spec for tag in model.all(*SUB_PROCESSES) for spec in kids(tag, "ioSpecification"))


def _unlisted(model: Model, part: str, holder: str) -> Iterator[Tag]:
    listed = {name for tag in model.all(holder) for name in kid_texts(tag, f"{part}Refs")}
    return (tag for tag in model.all(part) if tag.id not in listed)


def input_in_no_set(model: Model) -> Iterator[Tag]:
    return _unlisted(model, "dataInput", "inputSet")


def output_in_no_set(model: Model) -> Iterator[Tag]:
    return _unlisted(model, "dataOutput", "outputSet")


def _subset(model: Model, holder: str, inner: str, outer: str) -> Iterator[Tag]:
    for tag in model.all(holder):
        if set(kid_texts(tag, inner)) - set(kid_texts(tag, outer)):
            yield tag


def optional_input(model: Model) -> Iterator[Tag]:
    return _subset(model, "inputSet", "optionalInputRefs", "dataInputRefs")


def executing_input(model: Model) -> Iterator[Tag]:
    return _subset(model, "inputSet", "whileExecutingInputRefs", "dataInputRefs")


def optional_output(model: Model) -> Iterator[Tag]:
    return _subset(model, "outputSet", "optionalOutputRefs", "dataOutputRefs")


def executing_output(model: Model) -> Iterator[Tag]:
    return _subset(model, "outputSet", "whileExecutingOutputRefs", "dataOutputRefs")


def set_references(model: Model) -> Iterator[Tag]:
    for mine, out, other, back in (
        ("inputSet", "outputSetRefs", "outputSet", "inputSetRefs"),
        ("outputSet", "inputSetRefs", "inputSet", "outputSetRefs"),
    ):
        for tag in model.all(mine):
            for name in kid_texts(tag, out):
                found = model.context.refer(name, other)
                if found is None or tag.id not in kid_texts(found, back):
                    yield tag


def _associations(model: Model) -> Iterator[Tag]:
    return (
        tag for tag in model.all("dataInputAssociation", "dataOutputAssociation") if not kids(tag, "transformation")
    )


def association_types(model: Model) -> Iterator[Tag]:
    for tag in _associations(model):
        ends = [model.context.refer(name) for side in ("sourceRef", "targetRef") for name in kid_texts(tag, side)]
        kinds = {model.structure(_subject(model, end)) for end in ends if end is not None}
        if len(kinds - {""}) > 1:
            yield tag


def _subject(model: Model, tag: Tag) -> str:
    for attribute, kind in (("dataObjectRef", "dataObject"), ("dataStoreRef", "dataStore")):
        target = model.context.refer(tag.attributes.get(attribute, ""), kind) if attribute in tag.attributes else None
        if target is not None and not tag.attributes.get("itemSubjectRef"):
            return target.attributes.get("itemSubjectRef", "")
    return tag.attributes.get("itemSubjectRef", "")


def association_sources(model: Model) -> Iterator[Tag]:
    return (tag for tag in _associations(model) if len(kids(tag, "sourceRef")) > 1)


def event_data_count(model: Model) -> Iterator[Tag]:
    for names, part in ((_THROWING, "dataInput"), (_CATCHING, "dataOutput")):
        for event in model.all(*names):
            items = kids(event, part)
            if items and len(items) != len(model.definitions(event)):
                yield event


def event_data_type(model: Model) -> Iterator[Tag]:
    """The n-th definition that carries data fits the n-th input or output of the event."""
    for names, part in ((_THROWING, "dataInput"), (_CATCHING, "dataOutput")):
        for event in model.all(*names):
            carrying = list(kids(event, *_WITH_ITEMS))
            for item, definition in zip(kids(event, part), carrying, strict=False):
                if not _same_item(model, item, definition):
                    yield definition


def _same_item(model: Model, item: Tag, definition: Tag) -> bool:
    reference, subject = _WITH_ITEMS[definition.name]
    declared = model.context.refer(definition.attributes.get(reference, ""))
    theirs = model.structure(declared.attributes.get(subject, "")) if declared is not None else ""
    return theirs == model.structure(item.attributes.get("itemSubjectRef", "")) and bool(theirs)


def dangling_reference(model: Model) -> Iterator[Tag]:
    """Attributes that name another element of the file which is not there."""
    for name, attribute in _REFERENCES:
        for tag in model.all(name):
            reference = tag.attributes.get(attribute, "")
            if reference and model.context.refer(reference) is None:
                yield tag


_REFERENCES = (
    ("dataObject", "itemSubjectRef"),
    ("dataObjectReference", "dataObjectRef"),
    ("dataInput", "itemSubjectRef"),
    ("dataOutput", "itemSubjectRef"),
    ("property", "itemSubjectRef"),
    ("message", "itemRef"),
    ("participant", "processRef"),
    ("serviceTask", "operationRef"),
    ("association", "sourceRef"),
    ("association", "targetRef"),
    ("group", "categoryValueRef"),
    ("compensateEventDefinition", "activityRef"),
)


RULES = (
    Rule(number="EXT.020", code="collection_mismatch", places=collection_mismatch,
         zh="isCollection 与所引用的数据定义不一致", en="isCollection differs from the item definition it refers to"),
    Rule(number="EXT.076", code="reference_name", places=reference_name, strict=True,
         zh="数据对象引用的名称应为“数据对象名 [状态]”", en="A data object reference is named: data object [state]"),
    Rule(number="EXT.079", code="sub_process_specification", places=sub_process_specification,
         zh="子流程不能有 ioSpecification", en="A sub-process must not have an input and output specification"),
    Rule(number="EXT.084", code="input_in_no_set", places=input_in_no_set, strict=True,
         zh="dataInput 不在任何 inputSet 中", en="The data input is in no input set"),
    Rule(number="EXT.088", code="output_in_no_set", places=output_in_no_set, strict=True,
         zh="dataOutput 不在任何 outputSet 中", en="The data output is in no output set"),
    Rule(number="EXT.085", code="optional_input", places=optional_input,
         zh="optionalInputRefs 必须也在 dataInputRefs 中", en="An optional input must also be listed as a data input"),
    Rule(number="EXT.086", code="executing_input", places=executing_input,
         zh="whileExecutingInputRefs 必须也在 dataInputRefs 中",
         en="An input for the time of execution must also be listed as a data input"),
    Rule(number="EXT.089", code="optional_output", places=optional_output,
         zh="optionalOutputRefs 必须也在 dataOutputRefs 中",
         en="An optional output must also be listed as a data output"),
    Rule(number="EXT.090", code="executing_output", places=executing_output,
         zh="whileExecutingOutputRefs 必须也在 dataOutputRefs 中",
         en="An output for the time of execution must also be listed as a data output"),
    Rule(number="EXT.087", code="set_references", places=set_references,
         zh="inputSet 与 outputSet 必须互相引用", en="An input set and an output set must refer to each other"),
    Rule(number="EXT.091", code="association_types", places=association_types, strict=True,
         zh="数据关联两端的数据定义不同，又没有转换",
         en="The ends of the data association differ in type without a transformation"),
    Rule(number="EXT.092", code="association_sources", places=association_sources,
         zh="没有转换的数据关联只能有一个来源", en="A data association without a transformation has one source only"),
    Rule(number="EXT.093", code="event_data_count", places=event_data_count, strict=True,
         zh="事件的每个定义都需要一个输入或输出数据",
         en="Each definition of the event needs a data input or output of its own"),
    Rule(number="EXT.094", code="event_data_type", places=event_data_type, strict=True,
         zh="事件定义的数据与事件的输入输出不一致",
         en="The event definition's data do not fit the event's input or output"),
    Rule(number="REF", code="dangling_reference", places=dangling_reference,
         zh="这里引用的元素不存在", en="What is referred to here does not exist"),
)  # fmt: skip
