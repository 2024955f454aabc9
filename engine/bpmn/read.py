"""BPMN in, Programs out: the one door of this room.

The file is parsed safely (markup.py), its ids are made whole (ids.py), its dialects are recognised (dialects/), each
process is read element by element (elements.py), and in the end everything that nobody understood is named
(account.py). Why these readers are our own and only the schema is SpiffWorkflow's: docs/decisions.
"""

from collections.abc import Sequence
from typing import Any

from engine.bpmn import account, collaboration, diagram, elements, ids, markup, recognise, schema, translations
from engine.bpmn import spaced as spaced_names
from engine.bpmn.data import specification
from engine.bpmn.dialects import listeners
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context, Reading
from engine.bpmn.rules import check
from engine.bpmn.tag import Tag
from engine.definitions import errands
from engine.model import nodes, program
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.problem import Problem
from engine.model.text import both


def read(data: bytes, *, file: str = "") -> Reading:
    """Everything a file says, and every problem with it; a file that cannot be read at all is a Reading of one problem.

    ``file`` is the name that its author knows it by; it stands in the problems.
    """
    try:
        source = markup.element(data)
        root = markup.tags(source)
    except markup.Refused as refused:
        return Reading(problems=(_located(refused.problem, file),))
    if root.ns != BPMN or root.name != "definitions":
        return Reading(problems=(_not_bpmn(root, file),))
    context = Context(root, file=file)
    ids.give(root, context)
    context.index()
    dialects = recognise.dialects(root)
    participants = collaboration.participants(context)
    flows = collaboration.message_flows(context)
    for holder in context.of_kind("collaboration"):
        holder.take().read.update(holder.attributes)
    drawing = diagram.read(root)
    programs = tuple(
        _program(tag, context, dialects, drawing) for tag in root.children if tag.ns == BPMN and tag.name == "process"
    )
    account.complete(root, context, dialects)
    check.check(context, dialects)
    return Reading(
        programs=programs,
        problems=(*schema.check(source, file=file), *context.problems),
        missing_handlers=tuple(context.handlers),
        participants=participants,
        message_flows=flows,
        dialect=dialects[0].name if dialects else "plain",
        target_namespace=root.attributes.get("targetNamespace", ""),
    )


_NAMING = ("dataObject", "dataObjectReference", "dataInput", "dataOutput", "property")


def _program(process: Tag, context: Context, dialects: Sequence[Dialect], drawing: program.Diagram) -> program.Program:
    process.take().read.update(("id", "processType", "isClosed", "definitionalCollaborationRef"))
    for prop in process.children:
        if prop.ns == BPMN and prop.name in ("supportedInterfaceRef", "supports", "correlationSubscription"):
            prop.take_all()
    context.forms = {}
    lanes = collaboration.lanes(process)
    found = elements.contents(process, context, dialects)
    inputs, outputs, optional = specification(process, process)
    fields: dict[str, Any] = {
        "key": process.id,
        "name": process.get("name"),
        "executable": process.flag("isExecutable", True),
        "documentation": elements.documentation(process),
        "lanes": lanes,
        "flows": tuple(found.flows),
        "data": (*inputs, *found.data),
        "inputs": tuple(item.id for item in inputs if item.kind == "dataInput"),
        "outputs": tuple(outputs),
        "optional_outputs": tuple(optional),
    }
    for dialect in dialects:
        dialect.process(process, fields, context)
    found.nodes = listeners.begun(found.nodes, fields.pop("begins", ()))
    fields["texts"] = {**translations.names(process), **fields.get("texts", {})}
    spaced = {" ".join(tag.label.split()) for name in _NAMING for tag in context.of_kind(name)}
    fields["nodes"] = spaced_names.quote(_placed(found.nodes, lanes), spaced)
    fields["flows"] = spaced_names.quote(fields["flows"], spaced)
    fields["forms"] = {**fields.get("forms", {}), **context.forms}
    fields["diagram"] = _drawing(process, context, drawing, fields)
    return errands.complete(program.Program(**fields))


def _drawing(process: Tag, context: Context, whole: program.Diagram, fields: dict[str, Any]) -> program.Diagram:
    """The part of the drawing that shows this process: its pool, lanes, nodes, flows, data and artifacts."""
    keys = {part.id for name in ("nodes", "flows", "lanes", "data") for part in fields[name]}
    scopes = {node.id for node in fields["nodes"] if isinstance(node, nodes.SubProcess)}
    notes = tuple(
        note
        for note in diagram.artifacts(process, scopes)
        if note.kind != "association" or not _is_compensation(note, context)
    )
    pool = next(
        (tag for tag in context.of_kind("participant") if tag.get("processRef").rpartition(":")[2] == process.id), None
    )
    part = diagram.part(whole, keys | {note.id for note in notes} | ({pool.id} if pool is not None else set()))
    return program.Diagram(
        shapes=part.shapes,
        edges=part.edges,
        labels=part.labels,
        expanded=part.expanded,
        artifacts=notes,
        pool=pool.id if pool is not None else "",
        pool_name=pool.label if pool is not None else "",
    )


def _is_compensation(note: program.Artifact, context: Context) -> bool:
    """That association is part of the meaning (BoundaryEvent.compensation_handler) and drawn again from there."""
    target = context.refer(note.target)
    source = context.refer(note.source)
    return (
        source is not None
        and source.name == "boundaryEvent"
        and target is not None
        and target.attributes.get("isForCompensation") == "true"
    )


def _placed(found: list[nodes.Node], lanes: tuple[program.Lane, ...]) -> tuple[nodes.Node, ...]:
    """Each node in its lane; a user task without any performer belongs to the group that the lane names."""
    place = collaboration.lane_of(lanes)
    names = {lane.id: lane.name or lane.id for lane in lanes}
    placed = []
    for node in found:
        lane = place.get(node.id) or place.get(node.scope, "")
        if lane:
            changes: dict[str, Any] = {"lane": lane}
            if isinstance(node, nodes.UserTask) and node.performer == Performer():
                changes["performer"] = Performer(groups=(Expression(text=names[lane], language="literal"),))
            node = type(node)(**{**{f: getattr(node, f) for f in node.__struct_fields__}, **changes})
        placed.append(node)
    return tuple(placed)


def _located(problem: Problem, file: str) -> Problem:
    return Problem(
        code=problem.code, text=problem.text, line=problem.line, mend=problem.mend, file=file, severity="error"
    )


def _not_bpmn(root: Tag, file: str) -> Problem:
    return Problem(
        code="not_bpmn",
        text=both(
            zh=f"不是 BPMN 2.0 文件：根元素是 {root.name}，命名空间是“{root.ns}”",
            en=f'Not a BPMN 2.0 file: the root element is {root.name} in the namespace "{root.ns}"',
        ),
        file=file,
        line=root.line,
        mend=both(zh="从建模工具导出 BPMN 2.0 XML", en="Export BPMN 2.0 XML from the modeller"),
    )
