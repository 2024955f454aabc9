"""Pools, message flows and lanes: what the drawing says about who takes part."""

from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context, MessageFlow, Participant
from engine.bpmn.tag import Tag
from engine.model.program import Lane


def participants(context: Context) -> tuple[Participant, ...]:
    found = []
    for tag in context.of_kind("participant"):
        tag.take().read.update(("id", "name", "processRef"))
        for child in tag.children:
            if child.ns == BPMN and child.name in ("participantMultiplicity", "interfaceRef", "endPointRef"):
                child.take_all()
        process = context.refer(tag.get("processRef"), "process")
        found.append(Participant(id=tag.id, name=tag.label, process=process.id if process is not None else ""))
    return tuple(found)


def message_flows(context: Context) -> tuple[MessageFlow, ...]:
    found = []
    for tag in context.message_flows:
        tag.take().read.update(("id", "name", "messageRef"))
        flow = MessageFlow(
            id=tag.id,
            source=tag.get("sourceRef").rpartition(":")[2],
            target=tag.get("targetRef").rpartition(":")[2],
            name=tag.label,
        )
        found.append(flow)
    return tuple(found)


def lanes(process: Tag) -> tuple[Lane, ...]:
    """In document order, nested ones after their parent."""
    found: list[Lane] = []
    for lane_set in process.each(BPMN, "laneSet"):
        _lane_set(lane_set, found, parent="")
    return tuple(found)


def _lane_set(lane_set: Tag, found: list[Lane], *, parent: str) -> None:
    lane_set.read.update(("id", "name"))
    for lane in lane_set.each(BPMN, "lane"):
        lane.read.update(("id", "name", "partitionElementRef"))
        for part in lane.each(BPMN, "partitionElement"):
            part.take_all()
        nodes = tuple(ref.text.strip().rpartition(":")[2] for ref in lane.each(BPMN, "flowNodeRef") if ref.text.strip())
        found.append(Lane(id=lane.id, name=lane.label, parent=parent, nodes=nodes))
        for child in lane.each(BPMN, "childLaneSet"):
            _lane_set(child, found, parent=lane.id)


def lane_of(found: tuple[Lane, ...]) -> dict[str, str]:
    """The innermost lane of each node."""
    return {node: lane.id for lane in found for node in lane.nodes}
