"""How a message finds its instance: correlation properties, subscriptions, and the message flows that were drawn."""

from typing import Any

from engine.bpmn import expressions
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.expression import Expression


def drawn_name(event: Tag, context: Context) -> str:
    """The name that a drawn message flow gives an event which names no message itself: the same at both ends."""
    flow = context.message_flow_at(event.id)
    if flow is None:
        return ""
    declared = context.refer(flow.attributes.get("messageRef", ""), "message")
    return (declared.label or declared.id) if declared is not None else (flow.label or flow.id)


def read(message: Tag, event: Tag, fields: dict[str, Any], context: Context, *, throwing: bool) -> None:
    """``properties`` are the message's correlation properties, read from its data.

    A throw sends the first property's value as its key. A catch waits for the value that the process's correlation
    subscription binds to that property; without one it correlates by business key or instance.
    """
    properties = _properties(message, context)
    if not properties:
        return
    fields["properties"] = tuple(properties)
    first, path = properties[0]
    if throwing:
        fields["key"] = path
    else:
        bound = _bound(first, event, context)
        if bound is not None:
            fields["key"] = bound


def _properties(message: Tag, context: Context) -> list[tuple[str, Expression]]:
    found = []
    for prop in context.of_kind("correlationProperty"):
        for retrieval in prop.each(BPMN, "correlationPropertyRetrievalExpression"):
            if retrieval.get("messageRef").rpartition(":")[2] != message.id:
                continue
            path = retrieval.find(BPMN, "messagePath") or retrieval.find(BPMN, "formalExpression")
            expression = expressions.spoken(path) if path is not None else None
            if expression is not None:
                prop.take().read.update(("id", "name", "type"))
                found.append((prop.id, expression))
    return found


def _bound(prop: str, event: Tag, context: Context) -> Expression | None:
    process = next((tag for tag in event.ancestors() if tag.name == "process"), None)
    if process is None:
        return None
    for subscription in process.each(BPMN, "correlationSubscription"):
        subscription.read.update(("id", "correlationKeyRef"))
        for binding in subscription.each(BPMN, "correlationPropertyBinding"):
            if binding.get("correlationPropertyRef").rpartition(":")[2] == prop:
                path = binding.find(BPMN, "dataPath")
                return expressions.spoken(path) if path is not None else None
    return None
