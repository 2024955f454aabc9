"""A rule, and the view of the document that rules are written against."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.elements import ACTIVITIES, EVENTS, GATEWAYS, NODES
from engine.bpmn.names import BPMN, XSI
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.bpmn.triggers import DEFINITIONS
from engine.model.problem import Severity

TASKS = frozenset(name for name in ACTIVITIES if name.endswith(("Task", "task")))
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
CHOREOGRAPHY = frozenset({"choreographyTask", "subChoreography", "callChoreography"})


@dataclass(frozen=True, kw_only=True)
class Rule:
    number: str
    code: str
    places: Callable[["Model"], Iterable[Tag]]
    zh: str
    en: str
    mend: tuple[str, str] | None = None
    severity: Severity = "warning"
    strict: bool = False
    """The letter of the standard: not held against files with a vendor's extensions, and information elsewhere."""
    fix: str = ""


class Model:
    """The document by kinds, with each node's flows as the flows say and as the nodes themselves say."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.flows = context.of_kind("sequenceFlow")
        self._out: dict[str, list[Tag]] = {}
        self._in: dict[str, list[Tag]] = {}
        self._listed: dict[tuple[int, str], frozenset[str]] = {}
        for flow in self.flows:
            self._out.setdefault(local(flow.attributes.get("sourceRef", "")), []).append(flow)
            self._in.setdefault(local(flow.attributes.get("targetRef", "")), []).append(flow)

    def all(self, *names: str) -> Iterator[Tag]:
        for name in names:
            yield from self.context.of_kind(name)

    def nodes(self) -> Iterator[Tag]:
        return self.all(*NODES)

    def activities(self) -> Iterator[Tag]:
        return self.all(*ACTIVITIES)

    def events(self) -> Iterator[Tag]:
        return self.all(*EVENTS)

    def gateways(self) -> Iterator[Tag]:
        return self.all(*GATEWAYS)

    def outgoing(self, node: Tag) -> list[Tag]:
        return self._out.get(node.id, [])

    def incoming(self, node: Tag) -> list[Tag]:
        return self._in.get(node.id, [])

    def listed(self, node: Tag, name: str) -> frozenset[str]:
        """The flows that a node names as its ``incoming`` or ``outgoing``."""
        key = (id(node), name)
        if key not in self._listed:
            self._listed[key] = frozenset(kid_texts(node, name))
        return self._listed[key]

    def source(self, flow: Tag) -> Tag | None:
        return self.context.refer(flow.attributes.get("sourceRef", ""))

    def target(self, flow: Tag) -> Tag | None:
        return self.context.refer(flow.attributes.get("targetRef", ""))

    def definitions(self, event: Tag) -> list[Tag]:
        """Its event definitions, referenced ones included."""
        found = []
        for child in event.children:
            if child.name in DEFINITIONS:
                found.append(child)
            elif child.name == "eventDefinitionRef":
                referred = self.context.refer(child.text.strip())
                if referred is not None:
                    found.append(referred)
        return found

    def kinds(self, event: Tag) -> set[str]:
        """``message``, ``timer`` ..."""
        return {definition.name.removesuffix("EventDefinition") for definition in self.definitions(event)}

    def structure(self, reference: str) -> str:
        """What an item definition says its data look like; empty when nothing is said."""
        item = self.context.refer(reference, "itemDefinition") if reference else None
        return item.attributes.get("structureRef", "") if item is not None else ""


def local(reference: str) -> str:
    return reference.rpartition(":")[2]


def kids(tag: Tag, *names: str) -> list[Tag]:
    return [child for child in tag.children if child.name in names and child.ns == BPMN]


def kid_texts(tag: Tag, name: str) -> list[str]:
    return [local(child.text.strip()) for child in kids(tag, name)]


def process_of(tag: Tag) -> Tag | None:
    return next((above for above in tag.ancestors() if above.name == "process"), None)


def executable(tag: Tag) -> bool:
    process = process_of(tag)
    return process is not None and process.attributes.get("isExecutable") == "true"


def is_event_sub_process(tag: Tag) -> bool:
    return tag.name in SUB_PROCESSES and tag.attributes.get("triggeredByEvent") == "true"


def is_formal(tag: Tag) -> bool:
    return local(tag.attributes.get(f"{{{XSI}}}type", "")) == "tFormalExpression"
