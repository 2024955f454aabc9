"""A Program as BPMN 2.0 XML, with its drawing: any modeller opens it, and reading it gives an equal Program.

What BPMN has no word for stands in our namespace (docs/bpmn-extensions.md). A node or flow that a variant made or
changed carries ``crmflow:origin``. Elements without a place in the drawing are laid out (layout.py).
"""

import json

from lxml import etree

from engine.bpmn import build, ids, layout, write_nodes, write_triggers
from engine.bpmn.build import Element, add, formal, mark, own
from engine.bpmn.names import BPMN, BPMNDI, DC, DI
from engine.model import nodes
from engine.model.program import Bounds, Diagram, Program

TARGET = "https://crmflow.dev/processes"


def write(program: Program) -> bytes:
    """UTF-8, indented."""
    definitions = etree.Element(f"{{{BPMN}}}definitions", nsmap=build.NSMAP)
    definitions.set("id", f"Definitions_{program.key}")
    definitions.set("targetNamespace", TARGET)
    definitions.set("exporter", "crmflow")
    parts = (*program.nodes, *program.flows, *program.lanes, *program.data, *program.diagram.artifacts)
    used = ids.Used([program.key, program.diagram.pool, *(part.id for part in parts)])
    roots = write_triggers.Roots(definitions, used)
    process = etree.Element(f"{{{BPMN}}}process")
    drawn = _drawn(program, roots)
    _process(process, program, drawn)
    diagram = layout.complete(program)
    if diagram.pool:
        collaboration = add(definitions, "collaboration", id=f"Collaboration_{program.key}")
        add(collaboration, "participant", id=diagram.pool, name=diagram.pool_name, processRef=program.key)
    definitions.append(process)
    _diagram(definitions, program, diagram)
    etree.indent(definitions)
    return bytes(etree.tostring(definitions, encoding="UTF-8", xml_declaration=True))


def _drawn(program: Program, roots: write_triggers.Roots) -> write_nodes.Drawn:
    """Everything by the scope or node that it belongs to; a flow from nowhere stands in the process itself."""
    drawn = write_nodes.Drawn(roots)
    scopes = {node.id: node.scope for node in program.nodes}
    for node in program.nodes:
        drawn.inside.setdefault(node.scope, []).append(node)
    for flow in program.flows:
        drawn.outgoing.setdefault(flow.source, []).append(flow.id)
        drawn.incoming.setdefault(flow.target, []).append(flow.id)
        drawn.flows.setdefault(scopes.get(flow.source, ""), []).append(flow)
    for item in program.data:
        drawn.data.setdefault(item.scope, []).append(item)
        if item.scope and item.kind == "property":
            drawn.properties.setdefault(item.scope, []).append(item)
    for note in program.diagram.artifacts:
        drawn.artifacts.setdefault(note.scope, []).append(note)
    return drawn


def _process(process: Element, program: Program, drawn: write_nodes.Drawn) -> None:
    process.set("id", program.key)
    if program.name:
        process.set("name", build.clean(program.name))
    process.set("isExecutable", "true" if program.executable else "false")
    if program.documentation:
        add(process, "documentation", program.documentation)
    _settings(process, program)
    _specification(process, program)
    for item in program.data:
        if not item.scope and item.kind == "property":
            write_nodes.data(process, item)
    _lanes(process, program, parent="")
    _contents(process, program, drawn, scope="")


def _settings(process: Element, program: Program) -> None:
    mark(process, "versionTag", program.version_tag)
    mark(process, "historyTimeToLive", program.history_time_to_live)
    mark(process, "starterGroups", ",".join(program.starter_groups))
    mark(process, "starterUsers", ",".join(program.starter_users))
    for kind, name in (("dataInput", "inputs"), ("dataOutput", "outputs")):
        given: tuple[str, ...] = getattr(program, name)
        specified = tuple(item.id for item in program.data if item.kind == kind)
        mark(process, name, "" if given == specified else ",".join(given))
    mark(process, "optionalOutputs", ",".join(program.optional_outputs))
    build.texts(process, program.texts)
    for key, form in program.forms.items():
        own(process, "form", json.dumps(form, ensure_ascii=False), key=key)
    for key, decision in program.decisions.items():
        own(process, "decision", decision, key=key)
    for name, value in program.parameters.items():
        own(process, "parameter", json.dumps(value, ensure_ascii=False), name=name)
    for errand in program.errands:
        write_nodes.work(process, errand, name="errand")


def _specification(process: Element, program: Program) -> None:
    """A process's inputs and outputs, with the sets that the standard asks for."""
    items = [item for item in program.data if item.kind in ("dataInput", "dataOutput")]
    if not items:
        return
    spec = add(process, "ioSpecification")
    for item in items:
        write_nodes.data(spec, item)
    for kind, holder in (("dataInput", "inputSet"), ("dataOutput", "outputSet")):
        found = add(spec, holder)
        for item in items:
            if item.kind == kind:
                add(found, f"{kind}Refs", item.id)


def _lanes(holder: Element, program: Program, *, parent: str) -> None:
    inside = [lane for lane in program.lanes if lane.parent == parent]
    if not inside:
        return
    lane_set = add(holder, "laneSet" if not parent else "childLaneSet", id=f"LaneSet_{parent or program.key}")
    for lane in inside:
        element = add(lane_set, "lane", id=lane.id, name=lane.name)
        for node in lane.nodes:
            add(element, "flowNodeRef", node)
        _lanes(element, program, parent=lane.id)


_SHOWN = ("dataObject", "dataObjectReference", "dataStoreReference")


def _contents(holder: Element, program: Program, drawn: write_nodes.Drawn, *, scope: str) -> None:
    """Data, nodes, flows, artifacts: the order in which they are read."""
    for item in drawn.data.get(scope, ()):
        if item.kind in _SHOWN:
            write_nodes.data(holder, item)
    inside = drawn.inside.get(scope, [])
    for node in inside:
        element = write_nodes.write(holder, node, drawn)
        if isinstance(node, nodes.SubProcess):
            _contents(element, program, drawn, scope=node.id)
            if node.completion is not None:
                formal(element, "completionCondition", node.completion)
    for flow in drawn.flows.get(scope, ()):
        element = add(holder, "sequenceFlow", id=flow.id, name=flow.name, sourceRef=flow.source, targetRef=flow.target)
        mark(element, "origin", flow.origin)
        build.texts(element, flow.texts)
        for errand in flow.errands:
            write_nodes.work(element, errand, name="errand")
        if flow.condition is not None:
            formal(element, "conditionExpression", flow.condition)
    _artifacts(holder, drawn, inside, scope=scope)


def _artifacts(holder: Element, drawn: write_nodes.Drawn, inside: list[nodes.AnyNode], *, scope: str) -> None:
    for node in inside:
        if isinstance(node, nodes.BoundaryEvent) and node.compensation_handler:
            handler = node.compensation_handler
            direction = {"id": f"{node.id}_{handler}", "associationDirection": "One"}
            add(holder, "association", **direction, sourceRef=node.id, targetRef=handler)
    for note in drawn.artifacts.get(scope, ()):
        if note.kind == "association":
            add(holder, "association", id=note.id, sourceRef=note.source, targetRef=note.target)
        else:
            element = add(holder, note.kind, id=note.id)
            if note.text:
                add(element, "text", note.text)


def _diagram(definitions: Element, program: Program, diagram: Diagram) -> None:
    root = add(definitions, "BPMNDiagram", ns=BPMNDI, id=f"Diagram_{program.key}")
    plane_of = f"Collaboration_{program.key}" if diagram.pool else program.key
    plane = add(root, "BPMNPlane", ns=BPMNDI, id=f"Plane_{program.key}", bpmnElement=plane_of)
    lanes = {lane.id for lane in program.lanes} | {diagram.pool}
    crossed = {node.id for node in program.nodes if isinstance(node, nodes.ExclusiveGateway)}
    for key, bounds in diagram.shapes.items():
        shape = add(plane, "BPMNShape", ns=BPMNDI, id=f"{key}_di", bpmnElement=key)
        if key in lanes:
            shape.set("isHorizontal", "true")
        if key in diagram.expanded:
            shape.set("isExpanded", "true")
        if key in crossed:
            shape.set("isMarkerVisible", "true")
        _bounds(shape, bounds)
        _label(shape, diagram.labels.get(key))
    for key, points in diagram.edges.items():
        edge = add(plane, "BPMNEdge", ns=BPMNDI, id=f"{key}_di", bpmnElement=key)
        for x, y in points:
            add(edge, "waypoint", ns=DI, x=number(x), y=number(y))
        _label(edge, diagram.labels.get(key))


def _label(part: Element, place: Bounds | None) -> None:
    if place is not None:
        _bounds(add(part, "BPMNLabel", ns=BPMNDI), place)


def _bounds(part: Element, place: Bounds) -> None:
    sides = {"x": place.x, "y": place.y, "width": place.width, "height": place.height}
    add(part, "Bounds", ns=DC, **{name: number(value) for name, value in sides.items()})


def number(value: float) -> str:
    """As short as it reads back equal."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
