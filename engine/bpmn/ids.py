"""Ids: every node and flow has one, and one only. What the file leaves out is given in document order.

The same names are given by the mend ``give_ids`` (mend.py), so a mended file reads as the unmended one did.
"""

from collections.abc import Iterable

from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag

NEEDING = frozenset(
    {
        "process",
        "sequenceFlow",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "complexGateway",
        "eventBasedGateway",
        "lane",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "property",
        "participant",
        "messageFlow",
    }
)


REFERRED = frozenset(
    {
        *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
        *("callActivity", "subProcess", "transaction", "adHocSubProcess", "startEvent", "endEvent", "boundaryEvent"),
        *("intermediateCatchEvent", "intermediateThrowEvent", "exclusiveGateway", "parallelGateway"),
        *("inclusiveGateway", "complexGateway", "eventBasedGateway", "process", "participant"),
    }
)
"""Others refer to these by their ids: which of two bearers is meant only the author knows."""


class Used:
    """The ids that are taken."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = set(ids)
        self._last: dict[str, int] = {}

    def fresh(self, name: str) -> str:
        """``sequenceFlow_1``, ``sequenceFlow_2`` ... the first that nobody uses; it is used from now on."""
        number = self._last.get(name, 0) + 1
        while f"{name}_{number}" in self._ids:
            number += 1
        self._last[name] = number
        self._ids.add(f"{name}_{number}")
        return f"{name}_{number}"


def give(root: Tag, context: Context) -> None:
    """Give ids to what has none and new ids to later bearers of an id that is taken, and say so."""
    used = Used(tag.id for tag in root.walk() if tag.id)
    seen: set[str] = set()
    for tag in root.walk():
        if tag.ns != BPMN:
            continue
        if not tag.id and tag.name in NEEDING:
            context.note(
                "missing_id",
                tag,
                zh=f"元素 {tag.name} 没有编号（id）",
                en=f"A {tag.name} has no id",
                mend=("自动编号", "Number it automatically"),
                severity="warning",
                fix="give_ids",
            )
            tag.attributes["id"] = used.fresh(tag.name)
        elif tag.id in seen:
            context.note(
                "duplicate_id",
                tag,
                zh=f"编号“{tag.id}”已被使用",
                en=f"The id {tag.id} is already in use",
                mend=("每个元素使用自己的编号", "Give each element an id of its own"),
                severity="error" if tag.name in NEEDING else "warning",
                fix="give_ids" if tag.name in NEEDING - REFERRED else "",
            )
            if tag.name in NEEDING:
                tag.attributes["id"] = used.fresh(tag.id)
        if tag.id:
            seen.add(tag.id)


def take_flow_references(tag: Tag) -> None:
    """``incoming`` and ``outgoing`` repeat what the flows say; the rules compare the two (rules/flows.py)."""
    for child in tag.children:
        if child.ns == BPMN and child.name in ("incoming", "outgoing"):
            child.take()
