"""Which reader reads which flow node, and the walk through processes and sub-processes in document order."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.bpmn import activities, data, events, expressions, ids, translations
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.program import DataItem, Flow

_Reader = Callable[[Draft, Sequence[Dialect]], None]


def _sub_process(draft: Draft, dialects: Sequence[Dialect]) -> None:
    if draft.tag.flag("triggeredByEvent"):
        draft.fields["variety"] = "event"


def _transaction(draft: Draft, dialects: Sequence[Dialect]) -> None:
    _sub_process(draft, dialects)
    draft.fields.setdefault("variety", "transaction")
    draft.tag.read.add("method")


def _ad_hoc(draft: Draft, dialects: Sequence[Dialect]) -> None:
    _sub_process(draft, dialects)
    draft.fields.setdefault("variety", "adHoc")
    draft.fields["ordering"] = "sequential" if draft.tag.get("ordering") == "Sequential" else "parallel"
    draft.fields["cancel_remaining"] = draft.tag.flag("cancelRemainingInstances", True)
    condition = draft.tag.find(BPMN, "completionCondition")
    if condition is not None:
        language = next((dialect.language for dialect in dialects if dialect.language), None)
        draft.fields["completion"] = expressions.spoken(condition, language)


ACTIVITIES: dict[str, tuple[type[nodes.Activity], _Reader]] = {
    "task": (nodes.Task, activities.task),
    "userTask": (nodes.UserTask, activities.user),
    "manualTask": (nodes.ManualTask, activities.manual),
    "serviceTask": (nodes.ServiceTask, activities.service),
    "sendTask": (nodes.SendTask, activities.send),
    "receiveTask": (nodes.ReceiveTask, activities.receive),
    "scriptTask": (nodes.ScriptTask, activities.script),
    "businessRuleTask": (nodes.BusinessRuleTask, activities.rule),
    "callActivity": (nodes.CallActivity, activities.call),
    "subProcess": (nodes.SubProcess, _sub_process),
    "transaction": (nodes.SubProcess, _transaction),
    "adHocSubProcess": (nodes.SubProcess, _ad_hoc),
}
EVENTS: dict[str, tuple[type[nodes.Event], _Reader]] = {
    "startEvent": (nodes.StartEvent, events.start),
    "endEvent": (nodes.EndEvent, events.event),
    "intermediateCatchEvent": (nodes.CatchEvent, events.event),
    "intermediateThrowEvent": (nodes.ThrowEvent, events.event),
    "boundaryEvent": (nodes.BoundaryEvent, events.boundary),
}
GATEWAYS: dict[str, tuple[type[nodes.Gateway], _Reader]] = {
    "exclusiveGateway": (nodes.ExclusiveGateway, events.gateway),
    "parallelGateway": (nodes.ParallelGateway, events.gateway),
    "inclusiveGateway": (nodes.InclusiveGateway, events.gateway),
    "complexGateway": (nodes.ComplexGateway, events.complex_gateway),
    "eventBasedGateway": (nodes.EventBasedGateway, events.event_based),
}
PLACEHOLDER = "__targetRef_placeholder"
GLOBAL_TASKS: dict[str, tuple[type[nodes.Activity], _Reader]] = {
    "globalTask": (nodes.Task, activities.task),
    "globalUserTask": (nodes.UserTask, activities.user),
    "globalManualTask": (nodes.ManualTask, activities.manual),
    "globalScriptTask": (nodes.ScriptTask, activities.script),
    "globalBusinessRuleTask": (nodes.BusinessRuleTask, activities.rule),
}
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
NODES: dict[str, tuple[type[nodes.Node], _Reader]] = {**ACTIVITIES, **EVENTS, **GATEWAYS}


class Contents:
    """What one process holds, its sub-processes included."""

    def __init__(self) -> None:
        self.nodes: list[nodes.Node] = []
        self.flows: list[Flow] = []
        self.data: list[DataItem] = []


def contents(process: Tag, context: Context, dialects: Sequence[Dialect]) -> Contents:
    found = Contents()
    _walk(process, found, context, dialects, process=process.id, scope="")
    return found


def _walk(
    container: Tag, found: Contents, context: Context, dialects: Sequence[Dialect], *, process: str, scope: str
) -> None:
    """A container's data, then its nodes with what is inside them, then its flows; each in document order."""
    _data(container, found, context, dialects, scope=scope)
    inside = [tag for tag in container.children if tag.ns == BPMN]
    for tag in inside:
        if tag.name in NODES:
            node = _node(tag.take(), context, dialects, process=process, scope=scope)
            found.nodes.append(node)
            if tag.name in CONTAINERS:
                _walk(tag, found, context, dialects, process=process, scope=node.id)
            elif tag.name in ACTIVITIES:
                _data(tag, found, context, dialects, scope=node.id)
    found.flows.extend(_flow(tag.take(), context, dialects) for tag in inside if tag.name == "sequenceFlow")


def _data(tag: Tag, found: Contents, context: Context, dialects: Sequence[Dialect], *, scope: str) -> None:
    """bpmn-js writes a nameless property wherever an association is drawn: it holds nothing and is left out."""
    for child in tag.children:
        if child.ns == BPMN and child.name in data.ITEMS:
            item = data.item(child, context, dialects, scope=scope)
            if item.name != PLACEHOLDER:
                found.data.append(item)


def _node(tag: Tag, context: Context, dialects: Sequence[Dialect], *, process: str, scope: str) -> nodes.Node:
    kind, reader = NODES[tag.name]
    draft = Draft(tag, kind, context, process=process, scope=scope)
    draft.fields["name"] = tag.get("name")
    draft.fields["documentation"] = documentation(tag)
    ids.take_flow_references(tag)
    if tag.name in ACTIVITIES:
        activities.common(draft, dialects)
        draft.fields["properties"] = tuple(
            child.label or child.id
            for child in tag.children
            if child.ns == BPMN and child.name == "property" and child.label != PLACEHOLDER
        )
    shared = (
        context.refer(tag.attributes.get("calledElement", ""), *GLOBAL_TASKS) if kind is nodes.CallActivity else None
    )
    if shared is None:
        reader(draft, dialects)
    else:
        _global_task(draft, shared, dialects)
    for dialect in dialects:
        dialect.node(draft)
    _named(tag, draft.fields)
    return draft.build()


def _global_task(draft: Draft, shared: Tag, dialects: Sequence[Dialect]) -> None:
    """Calling a global task of the file is doing that task here; what the call says itself goes before."""
    draft.tag.read.add("calledElement")
    draft.kind, reader = GLOBAL_TASKS[shared.name]
    task = Draft(shared.take(), draft.kind, draft.context, process=draft.process, scope=draft.fields["scope"])
    data.mappings(task)
    shared.read.update(("id", "name"))
    documentation(shared)
    for reference in shared.each(BPMN, "supportedInterfaceRef"):
        reference.take()
    for binding in shared.each(BPMN, "ioBinding"):
        binding.take_all()
    reader(task, dialects)
    for dialect in dialects:
        dialect.node(task)
    own = {name: value for name, value in draft.fields.items() if value not in ("", ())}
    draft.fields = {"name": shared.label, **task.fields, **own}


def _flow(tag: Tag, context: Context, dialects: Sequence[Dialect]) -> Flow:
    tag.read.update(("id", "isImmediate"))
    fields: dict[str, Any] = {
        "id": tag.id,
        "source": tag.get("sourceRef").rpartition(":")[2],
        "target": tag.get("targetRef").rpartition(":")[2],
        "name": tag.get("name"),
        "line": tag.line,
    }
    condition = tag.find(BPMN, "conditionExpression")
    if condition is not None:
        language = next((dialect.language for dialect in dialects if dialect.language), None)
        fields["condition"] = expressions.spoken(condition, language)
    for dialect in dialects:
        dialect.flow(tag, fields, context)
    _named(tag, fields)
    return Flow(**fields)


def _named(tag: Tag, fields: dict[str, Any]) -> None:
    """The house's own names go before those of other modellers."""
    names = translations.names(tag)
    if names:
        fields["texts"] = {**names, **fields.get("texts", {})}


def documentation(tag: Tag) -> str:
    """All its documentation elements, one paragraph each."""
    texts = []
    for child in tag.each(BPMN, "documentation"):
        child.read.update(child.attributes)
        texts.append("".join(part.take().text for part in child.walk()).strip())
    return "\n\n".join(text for text in texts if text)
