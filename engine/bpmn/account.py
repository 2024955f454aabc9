"""The account of a reading: what nobody understood is named, so that nothing is dropped silently."""

from collections.abc import Sequence

from engine.bpmn import elements
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.names import BPMN, DIAGRAM, decorates
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag

NOTATION = frozenset(
    {
        *("auditing", "monitoring", "documentation", "extension", "relationship", "category", "categoryValueRef"),
        *("textAnnotation", "group", "association", "itemDefinition", "import", "interface", "resource"),
        *("partnerEntity", "partnerRole", "endPoint", "participantAssociation", "messageFlowAssociation"),
        *("correlationKey", "correlationProperty", "correlationSubscription", "supportedInterfaceRef", "supports"),
        *("ioBinding", "conversation", "conversationNode", "conversationLink", "subConversation", "callConversation"),
        *("conversationAssociation", "artifact", "dataState", "message", "signal", "error", "escalation"),
        *("dataStore", "globalConversation", "rootElement", "eventDefinition", "resourceRole", "conversationRef"),
    }
)
"""Elements that note something for people or for other tools and move no token."""

CHOREOGRAPHY = frozenset(
    {"choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography"}
)


def complete(root: Tag, context: Context, dialects: Sequence[Dialect]) -> None:
    """Report every element and vendor attribute that is still untaken; a whole untaken subtree is reported once."""
    known = {ns: dialect for dialect in dialects for ns in dialect.namespaces}
    seen: set[str] = set()
    stack = [root.take()]
    while stack:
        tag = stack.pop()
        _attributes(tag, context, known, seen)
        for child in reversed(tag.children):
            if _passes(child, context, known, seen):
                stack.append(child)


def _passes(tag: Tag, context: Context, known: dict[str, Dialect], seen: set[str]) -> bool:
    """Whether to look inside."""
    if tag.taken or (tag.ns == BPMN and tag.name == "extensionElements"):
        return True
    if tag.ns in DIAGRAM or decorates(tag.ns):
        return False
    within = tag.parent.ns if tag.parent is not None else BPMN
    if tag.ns == BPMN and within == BPMN:
        _standard(tag, context)
        return False
    dialect = known.get(within if tag.ns in (BPMN, "") else tag.ns)
    if dialect is None or tag.name not in dialect.harmless:
        _foreign(f"{{{tag.ns}}}{tag.name}", tag, context, seen, what="元素", kind="element")
    return False


def _standard(tag: Tag, context: Context) -> None:
    if tag.name in NOTATION or tag.name.endswith("EventDefinition"):
        return
    if tag.name in CHOREOGRAPHY:
        context.warn(
            "choreography_not_run",
            tag,
            zh="编排（choreography）只保存，不执行",
            en="The choreography is kept but not run",
        )
    elif tag.name in elements.GLOBAL_TASKS:
        context.warn(
            "global_task_not_run",
            tag,
            zh=f"全局任务“{tag.label or tag.id}”没有被调用，只保存",
            en=f"Nothing calls the global task {tag.label or tag.id}: it is kept but not run",
            mend=("用调用活动调用它", "Call it by a call activity"),
        )
    else:
        inside = any(above.name == "process" for above in tag.ancestors())
        context.note(
            "element_not_understood",
            tag,
            zh=f"此处的元素 {tag.name} 不被理解",
            en=f"The element {tag.name} is not understood here",
            mend=("检查元素名称和位置", "Check the element's name and place"),
            severity="error" if inside else "warning",
        )


def _attributes(tag: Tag, context: Context, known: dict[str, Dialect], seen: set[str]) -> None:
    for key in tag.attributes:
        if key in tag.read or not key.startswith("{"):
            continue
        ns, _, name = key[1:].partition("}")
        if decorates(ns) or ns in DIAGRAM or ns == BPMN:
            continue
        dialect = known.get(ns)
        if dialect is None or name not in dialect.harmless:
            _foreign(key, tag, context, seen, what="属性", kind="attribute")


def _foreign(key: str, tag: Tag, context: Context, seen: set[str], *, what: str, kind: str) -> None:
    """Once a file for each vendor's word, at its first place."""
    if key in seen:
        return
    seen.add(key)
    context.warn(
        "extension_not_understood",
        tag,
        zh=f"厂商扩展{what} {key} 不被理解，只保存，不起作用",
        en=f"The vendor's {kind} {key} is not understood: it is kept, without effect",
    )
