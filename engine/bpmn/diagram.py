"""The drawing: bounds of shapes and labels, waypoints of edges, which sub-processes are unfolded."""

import math

from engine.bpmn.names import BPMN, BPMNDI, DC, DI
from engine.bpmn.tag import Tag
from engine.model.program import Artifact, Bounds, Diagram


def read(root: Tag) -> Diagram:
    """Of the whole file; ``part`` cuts out what belongs to one process."""
    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[tuple[float, float], ...]] = {}
    labels: dict[str, Bounds] = {}
    expanded: list[str] = []
    for tag in root.walk():
        if tag.ns != BPMNDI or tag.name not in ("BPMNShape", "BPMNEdge"):
            continue
        element = tag.attributes.get("bpmnElement", "").rpartition(":")[2]
        if not element:
            continue
        label = next((child for child in tag.children if child.ns == BPMNDI and child.name == "BPMNLabel"), None)
        where = bounds(label) if label is not None else None
        if where is not None:
            labels.setdefault(element, where)
        if tag.name == "BPMNShape":
            place = bounds(tag)
            if place is not None:
                shapes.setdefault(element, place)
            if tag.attributes.get("isExpanded") == "true":
                expanded.append(element)
        else:
            points = tuple(point(child) for child in tag.children if child.ns == DI and child.name == "waypoint")
            if len(points) > 1:
                edges.setdefault(element, points)
    return Diagram(shapes=shapes, edges=edges, labels=labels, expanded=tuple(dict.fromkeys(expanded)))


def artifacts(process: Tag, scopes: set[str]) -> tuple[Artifact, ...]:
    """Annotations, groups and the associations between them and the process's elements."""
    found = []
    for tag in process.walk():
        if tag.ns != BPMN or tag.name not in ("textAnnotation", "group", "association") or not tag.id:
            continue
        holder = tag.parent.id if tag.parent is not None and tag.parent.id in scopes else ""
        if tag.name == "association":
            ends = {side: tag.attributes.get(f"{side}Ref", "").rpartition(":")[2] for side in ("source", "target")}
            found.append(Artifact(id=tag.id, kind="association", scope=holder, **ends))
        elif tag.name == "textAnnotation":
            text = "".join(child.text for child in tag.children if child.name == "text").strip()
            found.append(Artifact(id=tag.id, kind="textAnnotation", text=text, scope=holder))
        else:
            found.append(Artifact(id=tag.id, kind="group", scope=holder))
    return tuple(found)


def part(whole: Diagram, keys: set[str]) -> Diagram:
    """Of one process."""
    return Diagram(
        shapes={key: bounds for key, bounds in whole.shapes.items() if key in keys},
        edges={key: points for key, points in whole.edges.items() if key in keys},
        labels={key: bounds for key, bounds in whole.labels.items() if key in keys},
        expanded=tuple(key for key in whole.expanded if key in keys),
    )


def bounds(tag: Tag) -> Bounds | None:
    for child in tag.children:
        if child.ns == DC and child.name == "Bounds":
            x, y, width, height = (_number(child, name) for name in ("x", "y", "width", "height"))
            return Bounds(x, y, width, height)
    return None


def point(tag: Tag) -> tuple[float, float]:
    return _number(tag, "x"), _number(tag, "y")


def _number(tag: Tag, name: str) -> float:
    """A drawing with a broken number is still a drawing: 0."""
    try:
        value = float(tag.attributes.get(name, "0"))
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0
